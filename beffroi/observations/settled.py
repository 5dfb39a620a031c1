"""The settled observations: closed days as Parquet files, merged later by tens, then by month; five days after five
days, sorted by (series, time).

A file is written once and never changed; `manifest` says which files count. Both are an open format, told in
docs/reference/record.md.
"""

import contextlib
import hashlib
import logging
import os
import re
import shutil
import threading
from bisect import bisect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from beffroi.errors import Text, Unavailable
from beffroi.observations import daily as by_day
from beffroi.observations import decimals
from beffroi.observations import manifest as manifests
from beffroi.observations.admission import instants
from beffroi.observations.batch import SCHEMA
from beffroi.observations.journal import sync_folder
from beffroi.observations.manifest import Daily, File, Manifest, Period, aware
from beffroi.observations.view import Source

logger = logging.getLogger(__name__)

FOLDER = "settled"
DAILY = "daily"
"""the folder in it of the figures by day"""
UNKNOWN = Text("Le manifeste l'ignore.", "The manifest does not know it.")
GROUP_ROWS = (20_480, 40_960, 61_440, 122_880, 245_760, 491_520)
MOST_GROUPS = 2000
DAILY_GROUP_ROWS = 2_048
MOST_DAILY_GROUPS = 400
"""A row group is the least that a reader of one series reads, and each makes the footer longer, which every reader
reads: small ones, then larger ones rather than many more than so many. DuckDB gives sorted rows by 122,880."""
ZSTD_LEVEL = 15
OURS = re.compile(r"\d{4}-\d\d(-\d\d(_\d\d)?)?\.\d{9}\.parquet(\.partial)?|manifest\.json\.partial")


class Damage(NamedTuple):
    """What is wrong with a file of the settled folder."""

    name: str
    text: Text


class CannotWrite(Unavailable):
    """The disk takes no more files."""


def are_there(folder: Path) -> bool:
    """Whether a record in `folder` has settled something, its manifest gone or not."""
    settled = folder / FOLDER
    return (settled / manifests.NAME).exists() or any(settled.glob("*.parquet"))


class Settled:
    """Read by any thread through `held`; written by one at a time, which whoever calls sees to."""

    def __init__(self, folder: Path, *, time_zone: str) -> None:
        """Figures by day are kept in days of `time_zone`."""
        self.folder = folder / FOLDER
        self.time_zone = time_zone
        (self.folder / DAILY).mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        """over `_manifest`, `_readers` and `_doomed`"""
        self._manifest = manifests.load(self.folder)
        self._attempt = self._manifest.generation
        self._readers: dict[int, int] = {}
        """how many hold each generation"""
        self._doomed: list[tuple[int, Path]] = []
        """files with the generation that does without them, until no reader holds an older one"""
        self.forgetting: list[Callable[[str], None]] = []
        """told the name of each file that goes, and to keep it open no longer"""

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    def clean(self) -> None:
        """Remove what a process left that died while it wrote or removed files. To be called before anything else, and
        beside a table which knows no later manifest: what was written before the first one is in the table still."""
        listed = {self.path(part) for part in _parts(self._manifest)}
        for path in self._present():
            if path not in listed and OURS.fullmatch(path.name):
                path.unlink()
        for file in _parts(self._manifest):
            if (damage := self._plain_damage(file)) is not None:
                logger.error("%s: %s", file.name, damage.text.en)

    @property
    def going(self) -> bool:
        """Whether files that count no more are kept for readers who began before."""
        return bool(self._going())

    def path(self, file: File | Daily) -> Path:
        return self.folder / file.name

    def source(self, file: File) -> Source:
        """As the engine reads it."""
        return Source(self.path(file), decimal=file.decimal)

    @contextlib.contextmanager
    def held(self) -> Iterator[Manifest]:
        """The manifest of now, whose files stay as long as this is held."""
        with self._lock:
            manifest = self._manifest
            self._readers[manifest.generation] = self._readers.get(manifest.generation, 0) + 1
        try:
            yield manifest
        finally:
            with self._lock:
                left = self._readers.pop(manifest.generation) - 1
                if left:
                    self._readers[manifest.generation] = left
                elif self._doomed:
                    self._remove_doomed()

    def write(self, period: Period, captured: int, groups: Iterator[pa.RecordBatch], *, by_pentad: bool) -> File | None:
        """A new file of these row groups (as `SCHEMA`, sorted, throughout or `by_pentad`), and its figures by day, on
        disk but not yet in the manifest; None when there is no row. Raises `Unavailable`, and nothing is left of it."""
        self._attempt += 1
        name = f"{period.name}.{self._attempt:09d}.parquet"
        names = (name, f"{DAILY}/{name}")
        try:
            with contextlib.ExitStack() as stack:
                observations, daily = (stack.enter_context(_Hashed.begun(self.folder / name)) for name in names)
                writing = _Writing(period, self.time_zone, by_pentad=by_pentad)
                told = writing.all(observations, daily, groups)
                if not told:
                    return None
                for each in (observations, daily):
                    each.finish()
        except OSError as error:
            for name in names:
                (self.folder / name).unlink(missing_ok=True)
            raise _cannot_write() from error
        days, pentads = told.pop("days"), told.pop("pentads_of_days")
        kept = Daily(names[1], self.time_zone, days, daily.size, daily.digest.hexdigest(), pentads)
        told |= {"bytes": observations.size, "sha256": observations.digest.hexdigest()}
        return File(name=names[0], period=period.name, captured=captured, daily=kept, decimal=True, **told)

    def replace(self, gone: tuple[File, ...], come: tuple[File, ...]) -> int:
        """Count `come` instead of `gone`, at once for whoever reads from now on; the generation from which it is so.
        Raises `Unavailable`, and nothing is changed."""
        self._attempt += 1
        changed = self._manifest.replaced(self._attempt, gone, come)
        try:
            manifests.save(self.folder, changed)
        except OSError as error:
            if manifests.load(self.folder).generation != changed.generation:
                for part in (part for file in come for part in file.parts):
                    self.path(part).unlink(missing_ok=True)
            raise _cannot_write() from error
        with self._lock:
            self._manifest = changed
            self._doomed += [(changed.generation, self.path(part)) for file in gone for part in file.parts]
            self._remove_doomed()
        return changed.generation

    def damages(self, progress: Callable[[float, float], None]) -> list[Damage]:
        """Every file read whole and compared with what the manifest says of it."""
        found: list[Damage] = []
        with self.held() as manifest:
            parts = _parts(manifest)
            total, done = sum(file.bytes for file in parts), 0
            for file in parts:
                damage = self._plain_damage(file) or self._flipped(file)
                found += [damage] if damage else []
                done += file.bytes
                progress(done, total)
            listed = {self.path(part) for part in parts} | self._going()
            found += [
                Damage(str(path.relative_to(self.folder)), UNKNOWN)
                for path in sorted(self._present())
                if path.suffix == ".parquet" and path not in listed
            ]
        return found

    def require_whole(self, files: tuple[File, ...]) -> None:
        """To be asked before a file is written from others: what is damaged would come out with a new checksum, and
        never be found. Raises `Unavailable`."""
        for file in files:
            if damage := self._plain_damage(file) or self._flipped(file):
                raise Unavailable(
                    Text(
                        f"{file.name} : {damage.text.fr} Reprenez ce fichier d'une sauvegarde.",
                        f"{file.name}: {damage.text.en} Take this file back from a backup.",
                    )
                )

    def copy_to(self, folder: Path) -> None:
        """The files of now, by hard links where the disk allows it. Nobody may write meanwhile."""
        target = folder / FOLDER
        (target / DAILY).mkdir(parents=True)
        for file in _parts(self._manifest):
            try:
                os.link(self.path(file), target / file.name)
            except OSError:
                shutil.copy2(self.path(file), target / file.name)
        manifests.save(target, self._manifest)

    def _present(self) -> list[Path]:
        return [*self.folder.iterdir(), *(self.folder / DAILY).iterdir()]

    def _going(self) -> set[Path]:
        with self._lock:
            return {path for _, path in self._doomed}

    def _remove_doomed(self) -> None:
        oldest = min(self._readers, default=self._manifest.generation)
        for generation, path in self._doomed:
            if generation <= oldest:
                path.unlink(missing_ok=True)
                for forget in self.forgetting:
                    forget(path.name)
        self._doomed = [(generation, path) for generation, path in self._doomed if generation > oldest]

    def _plain_damage(self, file: File | Daily) -> Damage | None:
        try:
            size = self.path(file).stat().st_size
        except OSError:
            return Damage(file.name, Text("Ce fichier manque.", "This file is missing."))
        if size != file.bytes:
            return Damage(
                file.name, Text(f"{size} octets au lieu de {file.bytes}.", f"{size} bytes instead of {file.bytes}.")
            )
        return None

    def _flipped(self, file: File | Daily) -> Damage | None:
        try:
            with self.path(file).open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError as error:
            return Damage(
                file.name,
                Text(
                    f"Ce fichier ne peut pas être lu ({error.strerror}).",
                    f"This file cannot be read ({error.strerror}).",
                ),
            )
        if digest == file.sha256:
            return None
        return Damage(file.name, Text("Ce fichier est abîmé (somme SHA-256).", "This file is damaged (SHA-256)."))


class _Hashed:
    """A file under way, which gets its name once it is whole and on disk; hashed as it is written: what is hashed is
    what was meant, not what the disk made of it."""

    closed = False

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._file = path, file
        self.digest = hashlib.sha256()
        self.size = 0

    @classmethod
    @contextlib.contextmanager
    def begun(cls, path: Path) -> "Iterator[_Hashed]":
        """What was not finished by the end is removed."""
        partial = _partial(path)
        try:
            with partial.open("wb") as file:
                yield cls(path, file)
        finally:
            partial.unlink(missing_ok=True)

    def finish(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        _partial(self._path).rename(self._path)
        sync_folder(self._path.parent)

    def write(self, data: bytes) -> int:
        self._file.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        """Its owner closes it."""


def _partial(path: Path) -> Path:
    return path.with_name(f"{path.name}.partial")


def _parts(manifest: Manifest) -> list[File | Daily]:
    return [part for file in manifest.files for part in file.parts]


def lies_by_pentad(rows: int) -> bool:
    """Whether a file of `rows` does. In a larger one, whose row groups are long, a month of one series would be read
    from twice as many of them."""
    return group_rows(rows) <= GROUP_ROWS[1]


def group_rows(rows: int) -> int:
    """How many go in each row group of a file of `rows`."""
    return next((size for size in GROUP_ROWS if rows <= size * MOST_GROUPS), GROUP_ROWS[-1])


class _Writing:
    """A settled file and its figures by day under way: what is known of them so far."""

    def __init__(self, period: Period, time_zone: str, *, by_pentad: bool) -> None:
        self._period, self._time_zone, self._by_pentad = period, time_zone, by_pentad
        self._starts = [start.astype("M8[us]").astype(int) for start, _ in period.pentads]
        self._groups, self._groups_of_days = [0] * len(self._starts), [0] * len(self._starts)
        self._days = 0
        self._waiting: list[pa.RecordBatch] = []
        self._pentad = 0

    def all(self, file: _Hashed, daily: _Hashed, groups: Iterator[pa.RecordBatch]) -> dict[str, Any]:
        """The row groups as Parquet, and their figures by day; what a manifest says of them, nothing when there was no
        row."""
        rows, series, times = 0, [], []
        with (
            pq.ParquetWriter(file, WRITTEN, **LAYOUT) as observations,
            pq.ParquetWriter(daily, by_day.SCHEMA, **by_day.LAYOUT) as kept,
        ):
            for group in groups:
                if not group.num_rows:
                    continue
                moments = instants(group)
                self._come_to(moments[0], kept)
                observations.write_batch(_written(group), row_group_size=group.num_rows)
                self._groups[self._pentad] += 1
                rows += group.num_rows
                series += [group.column("series")[0].as_py(), group.column("series")[-1].as_py()]
                times += [int(moments.min()), int(moments.max())]
                self._waiting.append(by_day.figures(group, self._period, self._time_zone))
                if sum(map(len, self._waiting)) >= max(DAILY_GROUP_ROWS, self._days // MOST_DAILY_GROUPS):
                    self._flush(kept)
            self._flush(kept)
        if not rows:
            return {}
        return {
            "rows": rows,
            "first_series": min(series),
            "last_series": max(series),
            "first_time": aware(np.datetime64(min(times), "us")),
            "last_time": aware(np.datetime64(max(times), "us")),
            "days": self._days,
            "pentads": tuple(self._groups) if self._by_pentad else (),
            "pentads_of_days": tuple(self._groups_of_days) if self._by_pentad else (),
        }

    def _come_to(self, moment: int, kept: pq.ParquetWriter) -> None:
        """The next row group begins there."""
        pentad = bisect(self._starts, moment) - 1 if self._by_pentad else 0
        if pentad != self._pentad:
            self._flush(kept)
            self._pentad = pentad

    def _flush(self, kept: pq.ParquetWriter) -> None:
        table = pa.Table.from_batches(self._waiting, by_day.SCHEMA)
        self._waiting.clear()
        if len(table):
            kept.write_table(table, row_group_size=len(table))
            self._groups_of_days[self._pentad] += 1
            self._days += len(table)


def _written(group: pa.RecordBatch) -> pa.RecordBatch:
    """As `WRITTEN`."""
    value = group.column("value").to_numpy(zero_copy_only=False)
    apart = decimals.columns(group.column("series").to_numpy(), value)
    columns = [apart[name] if name in apart else group.column(name) for name in WRITTEN.names]
    return pa.RecordBatch.from_arrays(columns, schema=WRITTEN)


WRITTEN = pa.schema([*SCHEMA, pa.field("digits", pa.int64()), pa.field("divisor", pa.int64())])
"""What a settled file has: numbers that decimals tell are `digits` over `divisor`, the others `value`."""
LAYOUT: dict[str, Any] = {
    "compression": "zstd",
    "write_page_checksum": True,
    "compression_level": ZSTD_LEVEL,
    "use_dictionary": ["text"],
    "column_encoding": {
        **dict.fromkeys(("series", "time", "digits", "divisor", "quality"), "DELTA_BINARY_PACKED"),
        "value": "PLAIN",
        "longitude": "PLAIN",
        "latitude": "PLAIN",
    },
    "write_statistics": [name for name in WRITTEN.names if name != "divisor"],
    "store_schema": False,
}
"""Of doubles that no decimal tells, zstd finds more in plain ones than in a dictionary's places, or in bytes set apart.
The statistics tell which columns hold nothing, and where a series is."""


def _cannot_write() -> CannotWrite:
    return CannotWrite(
        Text(
            "Les fichiers du registre ne peuvent pas être écrits (disque plein ?). Rien n'est perdu.",
            "The files of the record cannot be written (disk full?). Nothing is lost.",
        )
    )
