"""A whole instance copied while it runs, and laid again: the record, the relational side, the secret, the settings."""

import hashlib
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from beffroi import __version__
from beffroi.database import Database
from beffroi.errors import Conflict, Fault, Invalid, Text
from beffroi.observations import Record
from beffroi.observations.folders import made_whole

MANIFEST = "manifest.json"
RECORD = "record"
DATABASE = "beffroi.sqlite"
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
        record.backup_to(partial / RECORD)
        database.backup_to(partial / DATABASE)
        for name in BESIDE:
            if (data / name).is_file():
                shutil.copy2(data / name, partial / name)
        backup = Backup(now, __version__, [_described(partial, path) for path in _files(partial)])
        (partial / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(backup)))
    return backup


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


def restore(source: Path, data: Path, *, progress: Callable[[float, float], None] = lambda done, total: None) -> Backup:
    """Lay a checked backup into `data`, a folder that is absent or empty; `progress` is told bytes done and in all."""
    backup = check(source)
    if data.exists() and any(data.iterdir()):
        raise Conflict(Text(f"{data} n'est pas vide.", f"{data} is not empty."))
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    done = 0
    for file in backup.files:
        (data / file.path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source / file.path, data / file.path)
        done += file.bytes
        progress(done, backup.size)
    return backup


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _described(folder: Path, path: Path) -> File:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return File(path.relative_to(folder).as_posix(), path.stat().st_size, digest)
