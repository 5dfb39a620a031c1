"""A whole instance copied while it runs, and laid again: the record, the relational side, the secret, the settings.

A backup knows, in its register, the deletions that it is without. Those made since are learnt from registers beside it,
and carried out again in what is laid (`restore`) or in the backup itself (`clean`).
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import msgspec

from beffroi import __version__
from beffroi.access import Scope, audit, receipts
from beffroi.access.receipts import Receipt
from beffroi.database import Database, upgrade
from beffroi.errors import Conflict, Fault, Invalid, Text
from beffroi.observations import EmbeddedRecord, Record
from beffroi.observations.folders import made_whole
from beffroi.pipeline import forgetting, keeping
from beffroi.registry.photos import SIZES, Photos, keys

MANIFEST = "manifest.json"
RECORD = "record"
DATABASE = "beffroi.sqlite"
PHOTOS = "photos"
REGISTER = "deletions.json"
"""in a backup: the deletions that it is without; beside backups: all those of the instance they are of"""
BESIDE = ("secret", "beffroi.toml")
"""files of the data folder that a backup takes along"""


class File(msgspec.Struct, frozen=True):
    path: str
    bytes: int
    sha256: str


class Backup(msgspec.Struct, frozen=True):
    """What a backup holds: `files`, each with its checksum."""

    made_at: datetime
    version: str
    files: list[File]

    @property
    def size(self) -> int:
        return sum(file.bytes for file in self.files)


def back_up(database: Database, record: Record, data: Path, target: Path, *, now: datetime) -> Backup:
    """Copy everything into `target`, a folder that does not exist yet, while readers and writers go on.

    The record is copied first: whatever series it names, the relational side copied after it knows. The copy appears
    under its name only once it is whole and on disk. Raises `Conflict` when `target` exists, `Unavailable` when it
    cannot be written.
    """
    with made_whole(target, mode=0o700) as partial:
        write_register(database, partial)  # first: what is removed from now on is not told as if the copy were without
        record.backup_to(partial / RECORD)
        _copy_photos(data / PHOTOS, partial / PHOTOS)
        database.backup_to(partial / DATABASE)
        _settle_photos(data / PHOTOS, partial)
        for name in BESIDE:
            if (data / name).is_file():
                shutil.copy2(data / name, partial / name)
        backup = Backup(now, __version__, [_described(partial, path) for path in _files(partial)])
        (partial / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(backup)))
    return backup


def _copy_photos(source: Path, target: Path) -> None:
    """What is there now, but for what goes meanwhile."""
    for path in source.glob("*.webp"):
        with suppress(FileNotFoundError):
            _copy(path, target / path.name)


def _settle_photos(source: Path, partial: Path) -> None:
    """What the copy of the database names, and nothing else: photos come and go while the rest is copied."""
    photos = Photos(partial / PHOTOS)
    copied = Database.in_folder(partial)
    try:
        with copied.read() as tx:
            known = keys(tx)
            photos.sweep(tx)
    finally:
        copied.close()
    for key in known:
        for size in SIZES:
            held = Photos(source).path(key, size)
            if not photos.path(key, size).exists() and held.exists():
                _copy(held, photos.path(key, size))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copy2(source, target)


def write_register(database: Database, folder: Path) -> None:
    """Tell in `folder` of every deletion that was asked for and done."""
    with database.read() as tx:
        told = receipts.asked(tx)
    partial = folder / f"{REGISTER}.partial"
    partial.write_bytes(msgspec.json.format(msgspec.json.encode(told)))
    partial.chmod(0o600)
    partial.replace(folder / REGISTER)


def missed(source: Path, registers: Sequence[Path] = ()) -> list[Receipt]:
    """The deletions that a backup is not without, oldest first: those told in `registers`, in the register beside it
    and in the backups beside it, which its own does not tell.

    Only what is sealed with the backup's secret counts. Raises `Invalid` naming one of `registers` that holds another.
    """
    secret = bytes.fromhex((source / "secret").read_text()) if (source / "secret").is_file() else b""
    known = {one.key for one in _register(source / REGISTER)}
    found: dict[str, Receipt] = {}
    for path in registers:
        for one in _register(path, strict=True):
            if receipts.broken(one, secret):
                raise Invalid(
                    str(path), Text(f"{one.key} n'est pas de cette instance", f"{one.key} is not of this instance")
                )
            found[one.key] = one
    beside = source.absolute().parent
    for path in (beside / REGISTER, *sorted(beside.glob(f"*/{REGISTER}"))):
        found |= {one.key: one for one in _register(path) if not receipts.broken(one, secret)}
    return sorted((one for key, one in found.items() if key not in known), key=lambda one: (one.asked_at, one.key))


def check(source: Path) -> Backup:
    """The manifest of a backup, every file compared with it.

    Raises `Invalid` naming each file that is missing, foreign or changed.
    """
    try:
        backup = msgspec.json.decode((source / MANIFEST).read_bytes(), type=Backup)
    except (OSError, msgspec.DecodeError) as error:
        raise Invalid(
            str(source / MANIFEST), Text("ce dossier n'est pas une sauvegarde", "this folder is not a backup")
        ) from error
    found = {file.path: file for file in (_described(source, path) for path in _files(source)) if file.path != MANIFEST}
    faults = [
        Fault(file.path, Text("fichier absent ou modifié", "missing or changed file"))
        for file in backup.files
        if found.get(file.path) != file
    ]
    faults += [
        Fault(path, Text("fichier étranger à la sauvegarde", "file foreign to the backup"))
        for path in found.keys() - {file.path for file in backup.files}
    ]
    if faults:
        raise Invalid.of(faults)
    return backup


def move(source: Path, target: Path) -> None:
    """Give a backup another place, on another disk too."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)


def restore(
    source: Path,
    data: Path,
    *,
    now: datetime,
    time_zone: str = "UTC",
    registers: Sequence[Path] = (),
    progress: Callable[[float, float], None] = lambda done, total: None,
) -> tuple[Backup, int]:
    """Lay a checked backup into `data`, a folder that is absent or empty, without what was deleted since it was made;
    how many deletions that were. Files written anew for that keep figures by day of `time_zone`. `progress` is told
    bytes done and in all."""
    backup = check(source)
    gone = missed(source, registers)
    if data.exists() and any(data.iterdir()):
        raise Conflict(Text(f"{data} n'est pas vide.", f"{data} is not empty."))
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    done = 0
    for file in backup.files:
        (data / file.path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source / file.path, data / file.path)
        done += file.bytes
        progress(done, backup.size)
    (data / REGISTER).unlink(missing_ok=True)
    if gone:
        _delete_again(data, gone, now, time_zone)
    return backup, len(gone)


def clean(folder: Path, *, now: datetime, time_zone: str = "UTC") -> list[str]:
    """Make the backups in `folder` anew, without what was deleted since they were made; the names of those that were.
    `time_zone`: that of the instance, see `restore`.

    Each is replaced whole: killed on the way, the one before or the one after is there, and the next call goes on.
    """
    cleaned = []
    for before in folder.glob("*.uncleaned"):
        if before.with_suffix("").exists():
            shutil.rmtree(before)
        else:
            before.rename(before.with_suffix(""))
    for left in (*folder.glob("*.cleaning"), *folder.glob("*.cleaned")):
        if left.with_suffix("").exists():
            shutil.rmtree(left)
    for source in sorted(path.parent for path in folder.glob(f"*/{MANIFEST}") if path.parent.suffix != ".partial"):
        if missed(source):
            _clean(source, now, time_zone)
            cleaned.append(source.name)
    return cleaned


def note(database: Database, folder: Path, cleaned: list[str], *, now: datetime) -> None:
    """Tell on each receipt, once, that the backups in `folder` are without what it is of."""
    where = str(folder.absolute())
    with database.read() as tx:
        told = receipts.asked(tx)
    with database.write() as tx:
        for one in told:
            steps = [step.detail.get("folder") for step in one.steps if step.step == "backups"]
            if where not in steps:
                detail = {"folder": where, "cleaned": cleaned}
                receipts.note(tx, Scope.system("backup").actor, one.key, "backups", detail, now=now)


def _clean(source: Path, now: datetime, time_zone: str) -> None:
    laid = source.with_name(f"{source.name}.cleaning")
    fresh, before = source.with_name(f"{source.name}.cleaned"), source.with_name(f"{source.name}.uncleaned")
    for path in (laid, fresh):
        shutil.rmtree(path, ignore_errors=True)
    made, _ = restore(source, laid, now=now, time_zone=time_zone)
    with _opened(laid, time_zone) as (database, record):
        back_up(database, record, laid, fresh, now=made.made_at)
    source.rename(before)
    fresh.rename(source)
    shutil.rmtree(before)
    shutil.rmtree(laid)


@contextmanager
def _opened(data: Path, time_zone: str) -> Iterator[tuple[Database, Record]]:
    """What was laid in `data`, for its only process."""
    database = Database.in_folder(data)
    record = EmbeddedRecord(data / RECORD, time_zone=time_zone, settle_after=None)
    try:
        upgrade(database)
        audit.arm(database, bytes.fromhex((data / "secret").read_text()))
        yield database, record
    finally:
        record.close()
        database.close()


def _delete_again(data: Path, gone: list[Receipt], now: datetime, time_zone: str) -> None:
    actor = Scope.system("restore").actor
    with _opened(data, time_zone) as (database, record):
        for one in gone:
            removed = record.remove(keeping.windows_of(one.series)).observations
            with database.write() as tx:
                forgetting.forget(tx, actor, one.owner, one.series, why=one.key, now=now)
                receipts.adopt(tx, actor, one, now=now)
                receipts.note(tx, actor, one.key, "restored", {"observations": removed}, now=now)
        record.scrub()
        database.scrub()


def _register(path: Path, *, strict: bool = False) -> list[Receipt]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Receipt])
    except (OSError, msgspec.DecodeError) as error:
        if strict:
            raise Invalid(str(path), Text("ce n'est pas un registre", "this is not a register")) from error
        return []


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _described(folder: Path, path: Path) -> File:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return File(path.relative_to(folder).as_posix(), path.stat().st_size, digest)
