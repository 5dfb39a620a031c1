"""Photos of assets and devices: seen by whoever sees the thing, gone with it."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta
from sqlalchemy import ColumnElement, and_, delete, func, insert, select

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction, new_key
from beffroi.database.paging import struct_of
from beffroi.errors import Conflict, Invalid, NotFound, Text, Unavailable
from beffroi.registry import things
from beffroi.registry.notes import NOUNS, Noted
from beffroi.registry.tables import photo

IMAGING = Path(__file__).with_name("imaging.py")
SECONDS = 30
"""after which what makes a picture anew is ended"""
AT_ONCE = 2
MOST = 20
"""photos of a thing"""
LARGEST = 20 * 2**20
"""bytes of a file sent"""

Size = Literal["large", "small"]
SIZES: tuple[Size, ...] = ("large", "small")
Alt = Annotated[
    str,
    Meta(min_length=1, max_length=500, pattern=r"\S", description="What it shows, for whoever does not see it."),
]


class Photo(msgspec.Struct, frozen=True):
    """`width`, `height`: of the large picture, in pixels. `by_name`: as its author was called then."""

    key: str
    alt: str
    width: int
    height: int
    by: str
    by_name: str
    at: datetime


class Picture(NamedTuple):
    """Made anew from what was sent: nothing of the file's own bytes is left."""

    width: int
    height: int
    large: bytes
    small: bytes


COLUMNS = [photo.c[name] for name in Photo.__struct_fields__]
REFUSALS = {
    "format": Text(
        "ce n'est pas une photo JPEG, PNG ou WebP, quel que soit le nom du fichier",
        "this is no JPEG, PNG or WebP photo, whatever the name of the file",
    ),
    "heif": Text(
        "le format HEIC n'est pas lu ici : dans l'appareil photo de l'iPhone, réglez «\u00a0Formats\u00a0» sur "
        "«\u00a0Le plus compatible\u00a0», ou envoyez la photo en JPEG",
        "HEIC is not read here: set the iPhone's camera to “Most Compatible” in “Formats”, or send it as JPEG",
    ),
    "pixels": Text("image trop grande : 50 millions de pixels au plus", "picture too large: at most 50 million pixels"),
    "broken": Text("image abîmée ou incomplète", "damaged or incomplete picture"),
}


class Photos:
    """The pictures on disk, two a photo, in one folder. For any thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._slots = threading.BoundedSemaphore(AT_ONCE)

    def made_anew(self, content: bytes) -> Picture:
        """Raises `Invalid` for what is no picture that can be read, or too large a one. Slow: outside transactions."""
        with self._slots:
            try:
                done = subprocess.run(
                    [sys.executable, "-I", str(IMAGING)],
                    input=content,
                    capture_output=True,
                    timeout=SECONDS,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                raise Invalid("body", REFUSALS["pixels"]) from None
        head, _, body = done.stdout.partition(b"\n")
        told: dict[str, Any] = json.loads(head) if done.returncode == 0 and head else {"refused": "broken"}
        if "refused" in told:
            raise Invalid("body", REFUSALS[told["refused"]])
        return Picture(told["width"], told["height"], body[: told["large"]], body[told["large"] :])

    def keep(self, key: str, picture: Picture) -> None:
        """Durable once it returns. Raises `Unavailable` when the disk takes no more."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for path, content in ((self.path(key, "large"), picture.large), (self.path(key, "small"), picture.small)):
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            _sync(self.folder)
        except OSError as error:
            self.erase([key])
            raise Unavailable(
                Text(
                    f"Rien n'a été gardé : la photo ne peut pas être écrite ({error.strerror}).",
                    f"Nothing was kept: the photo cannot be written ({error.strerror}).",
                )
            ) from error

    def read(self, key: str, size: Size) -> bytes:
        try:
            return self.path(key, size).read_bytes()
        except FileNotFoundError:
            raise _unknown(key) from None

    def erase(self, keys: Iterable[str]) -> None:
        for key in keys:
            for size in SIZES:
                self.path(key, size).unlink(missing_ok=True)

    def sweep(self, tx: Transaction) -> int:
        """Erase the files of no photo, which a process left when it died; how many. While nothing is being kept."""
        known = keys(tx)
        left = [path for path in self.folder.glob("*.webp") if path.name.partition(".")[0] not in known]
        for path in left:
            path.unlink()
        return len(left)

    def path(self, key: str, size: Size) -> Path:
        return self.folder / f"{key}.{size}.webp"


def of(scope: Scope, tx: Transaction, type_: Noted, id_: int) -> list[Photo]:
    """The newest first, for whoever sees the thing."""
    things.get(scope, tx, NOUNS[type_], id_)
    asked = select(*COLUMNS).where(_on(type_, id_)).order_by(photo.c.at.desc(), photo.c.key)
    return [struct_of(row, Photo) for row in tx.execute(asked).mappings()]


def check(scope: Scope, tx: Transaction, type_: Noted, id_: int) -> None:
    """Raises unless the actor may add a photo there."""
    things.get(scope, tx, NOUNS[type_], id_, Right.EDIT)
    if tx.execute(select(func.count()).where(_on(type_, id_))).scalar_one() >= MOST:
        raise Conflict(
            Text(f"Déjà {MOST} photos : retirez-en une d'abord.", f"{MOST} photos already: remove one first.")
        )


def add(
    scope: Scope, tx: Transaction, type_: Noted, id_: int, key: str, alt: str, picture: Picture, *, now: datetime
) -> Photo:
    """For who may change the thing. The files of `key` are kept already."""
    check(scope, tx, type_, id_)
    owner = things.get(scope, tx, NOUNS[type_], id_).owner  # type: ignore[attr-defined]
    size = (picture.width, picture.height)
    added = Photo(key, alt.strip(), *size, scope.actor.key, scope.actor.name, now)
    tx.execute(insert(photo).values(subject_type=type_, subject=id_, **msgspec.structs.asdict(added)))
    audit.record(scope, tx, "photo.add", now=now, owner=owner, subject=f"{type_}:{id_}", detail={"photo": key})
    return added


def seen(scope: Scope, tx: Transaction, type_: Noted, id_: int, key: str) -> Photo:
    things.get(scope, tx, NOUNS[type_], id_)
    row = tx.execute(select(*COLUMNS).where(_on(type_, id_), photo.c.key == key)).mappings().one_or_none()
    if row is None:
        raise _unknown(key)
    return struct_of(row, Photo)


def remove(scope: Scope, tx: Transaction, type_: Noted, id_: int, key: str, *, now: datetime) -> None:
    """For who may change the thing; its files are then erased by the caller."""
    seen(scope, tx, type_, id_, key)
    owner = things.get(scope, tx, NOUNS[type_], id_, Right.EDIT).owner  # type: ignore[attr-defined]
    tx.execute(delete(photo).where(photo.c.key == key))
    audit.record(scope, tx, "photo.remove", now=now, owner=owner, subject=f"{type_}:{id_}", detail={"photo": key})


def keys(tx: Transaction) -> set[str]:
    """Of all photos."""
    return set(tx.execute(select(photo.c.key)).scalars())


def keys_of(tx: Transaction, type_: Noted, id_: int) -> list[str]:
    """For who is about to remove the thing: the photos that go with it."""
    return list(tx.execute(select(photo.c.key).where(_on(type_, id_))).scalars())


def a_key() -> str:
    return new_key("pho")


def _on(type_: Noted, id_: int) -> ColumnElement[bool]:
    return and_(photo.c.subject_type == type_, photo.c.subject == id_)


def _unknown(key: str) -> NotFound:
    return NotFound(Text("photo", "photo"), key)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
