"""The settled observations: closed days as Parquet files sorted by (series, time), merged later into months.

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
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from beffroi.errors import Text, Unavailable
from beffroi.observations import manifest as manifests
from beffroi.observations.batch import SCHEMA
from beffroi.observations.journal import sync_folder
from beffroi.observations.manifest import File, Manifest, Period

logger = logging.getLogger(__name__)

FOLDER = "settled"
GROUP_ROWS = 40_960
MOST_GROUP_ROWS = 524_288
MOST_GROUPS = 100
"""A row group is the least that a reader of one series reads, and each makes the footer longer, which every reader
reads: small ones, then larger ones rather than more than so many."""
ZSTD_LEVEL = 15
OURS = re.compile(r"\d{4}-\d\d(-\d\d)?\.\d{9}\.parquet(\.partial)?|manifest\.json\.partial")
NUMBERS = ("value", "longitude", "latitude")
FEW = 0.25
"""share of distinct numbers under which a dictionary of them is shorter than the numbers"""
SAMPLED_GROUPS = 4


class Damage(NamedTuple):
    """What is wrong with a file of the settled folder."""

    name: str
    text: Text


class Settled:
    """Read by any thread through `held`; written by one at a time, which whoever calls sees to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / FOLDER
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        """over `_manifest`, `_readers` and `_doomed`"""
        self._manifest = manifests.load(self.folder)
        self._attempt = self._manifest.generation
        self._readers: Counter[int] = Counter()
        self._doomed: list[tuple[int, Path]] = []
        """files with the generation that does without them, until no reader holds an older one"""

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    def clean(self) -> None:
        """Remove what a process left that died while it wrote or removed files. To be called before anything else."""
        listed = {file.name for file in self._manifest.files}
        for path in self.folder.iterdir() if self._manifest.generation else ():
            if path.name not in listed and OURS.fullmatch(path.name):
                path.unlink()
        for file in self._manifest.files:
            if (damage := self._plain_damage(file)) is not None:
                logger.error("%s: %s", file.name, damage.text.en)

    def path(self, file: File) -> Path:
        return self.folder / file.name

    @contextlib.contextmanager
    def held(self) -> Iterator[Manifest]:
        """The manifest of now, whose files stay as long as this is held."""
        with self._lock:
            manifest = self._manifest
            self._readers[manifest.generation] += 1
        try:
            yield manifest
        finally:
            with self._lock:
                self._readers[manifest.generation] -= 1
                self._readers += Counter()  # drops what is at 0
                self._remove_doomed()

    def write(self, period: Period, captured: int, groups: Iterator[pa.RecordBatch]) -> File | None:
        """A new file of these row groups (as `SCHEMA`, sorted), on disk but not yet in the manifest; None when there
        is no row. Raises `Unavailable`, and nothing is left of it."""
        self._attempt += 1
        name = f"{period.name}.{self._attempt:09d}.parquet"
        partial = self.folder / f"{name}.partial"
        try:
            with partial.open("wb") as file:
                told = _write(file, groups)
                file.flush()
                os.fsync(file.fileno())
            if not told:
                partial.unlink()
                return None
            partial.rename(self.folder / name)
            sync_folder(self.folder)
        except OSError as error:
            partial.unlink(missing_ok=True)
            (self.folder / name).unlink(missing_ok=True)
            raise _cannot_write() from error
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        return File(name=name, period=period.name, captured=captured, **told)

    def replace(self, gone: tuple[File, ...], come: tuple[File, ...]) -> int:
        """Count `come` instead of `gone`, at once for whoever reads from now on; the generation from which it is so.
        Raises `Unavailable`, and nothing is changed."""
        self._attempt += 1
        changed = self._manifest.replaced(self._attempt, gone, come)
        try:
            manifests.save(self.folder, changed)
        except OSError as error:
            if manifests.load(self.folder).generation != changed.generation:
                for file in come:
                    self.path(file).unlink(missing_ok=True)
            raise _cannot_write() from error
        with self._lock:
            self._manifest = changed
            self._doomed += [(changed.generation, self.path(file)) for file in gone]
            self._remove_doomed()
        return changed.generation

    def damages(self, progress: Callable[[float, float], None]) -> list[Damage]:
        """Every file read whole and compared with what the manifest says of it."""
        found: list[Damage] = []
        with self.held() as manifest:
            total, done = sum(file.bytes for file in manifest.files), 0
            for file in manifest.files:
                damage = self._plain_damage(file) or self._flipped(file)
                found += [damage] if damage else []
                done += file.bytes
                progress(done, total)
            listed = {file.name for file in manifest.files}
            found += [
                Damage(path.name, Text("Le manifeste l'ignore.", "The manifest does not know it."))
                for path in sorted(self.folder.iterdir())
                if path.suffix == ".parquet" and path.name not in listed and path not in self._going()
            ]
        return found

    def copy_to(self, folder: Path) -> None:
        """The files of now, by hard links where the disk allows it. Nobody may write meanwhile."""
        target = folder / FOLDER
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for file in self._manifest.files:
            try:
                os.link(self.path(file), target / file.name)
            except OSError:
                shutil.copy2(self.path(file), target / file.name)
        manifests.save(target, self._manifest)

    def _going(self) -> set[Path]:
        with self._lock:
            return {path for _, path in self._doomed}

    def _remove_doomed(self) -> None:
        oldest = min(self._readers, default=self._manifest.generation)
        for generation, path in self._doomed:
            if generation <= oldest:
                path.unlink(missing_ok=True)
        self._doomed = [(generation, path) for generation, path in self._doomed if generation > oldest]

    def _plain_damage(self, file: File) -> Damage | None:
        try:
            size = self.path(file).stat().st_size
        except OSError:
            return Damage(file.name, Text("Ce fichier manque.", "This file is missing."))
        if size != file.bytes:
            return Damage(
                file.name, Text(f"{size} octets au lieu de {file.bytes}.", f"{size} bytes instead of {file.bytes}.")
            )
        return None

    def _flipped(self, file: File) -> Damage | None:
        with self.path(file).open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        if digest == file.sha256:
            return None
        return Damage(file.name, Text("Ce fichier est abîmé (somme SHA-256).", "This file is damaged (SHA-256)."))


class _Hashed:
    """A file that is hashed as it is written: what is hashed is what was meant, not what the disk made of it."""

    closed = False

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0

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


def group_rows(rows: int) -> int:
    """How many go in each row group of a file of `rows`."""
    return min(MOST_GROUP_ROWS, GROUP_ROWS * max(1, round(rows / MOST_GROUPS / GROUP_ROWS)))


def _write(file: BinaryIO, groups: Iterator[pa.RecordBatch]) -> dict[str, Any]:
    """The row groups as Parquet; what a manifest says of the file, nothing when there was no row."""
    groups = (group for group in groups if group.num_rows)
    sample = list(islice(groups, SAMPLED_GROUPS))
    if not sample:
        return {}
    hashed = _Hashed(file)
    rows, ends, first = 0, [], sample[0].column("series")[0].as_py()
    with pq.ParquetWriter(hashed, SCHEMA, **_layout(sample)) as writer:
        for group in chain(sample, groups):
            writer.write_batch(group, row_group_size=group.num_rows)
            rows += group.num_rows
            ends.append(pc.min_max(group.column("time")).as_py())
            last = group.column("series")[-1].as_py()
    return {
        "rows": rows,
        "first_series": first,
        "last_series": last,
        "first_time": min(end["min"] for end in ends),
        "last_time": max(end["max"] for end in ends),
        "bytes": hashed.size,
        "sha256": hashed.digest.hexdigest(),
    }


def _layout(sample: list[pa.RecordBatch]) -> dict[str, Any]:
    """Numbers that come back (readings of one decimal) are written as a dictionary and places in it; numbers that do
    not (indexes, coordinates) with their bytes apart, the first of all, then the second…, which are alike."""
    few = [name for name in NUMBERS if all(_few(group.column(name)) for group in sample)]
    deltas: dict[str, str] = dict.fromkeys(("series", "time"), "DELTA_BINARY_PACKED")
    apart: dict[str, str] = dict.fromkeys((name for name in NUMBERS if name not in few), "BYTE_STREAM_SPLIT")
    return {
        "compression": "zstd",
        "compression_level": ZSTD_LEVEL,
        "use_dictionary": ["text", "quality", *few],
        "column_encoding": deltas | apart,
        "store_schema": False,
        "write_page_index": True,
    }


def _few(column: pa.Array) -> bool:
    return bool(pc.count_distinct(column).as_py() <= FEW * len(column))


def _cannot_write() -> Unavailable:
    return Unavailable(
        Text(
            "Les fichiers du registre ne peuvent pas être écrits (disque plein ?). Rien n'est perdu.",
            "The files of the record cannot be written (disk full?). Nothing is lost.",
        )
    )
