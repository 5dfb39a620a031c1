"""Few series read from settled files without the engine: the row groups that may hold them, by column.

What was read stays in memory for as long as it is asked again; files never change, so that it is never stale.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from beffroi.observations import daily
from beffroi.observations.batch import SCHEMA
from beffroi.observations.buckets import HOUR
from beffroi.observations.manifest import File
from beffroi.observations.sums import NO_SUMS, Sums, end_to_end
from beffroi.observations.tracks import Track, joined, track_of

FOOTERS_KEPT = 96
SERIES_TIME_VALUE = tuple(map(SCHEMA.get_field_index, ("series", "time", "value")))
EVERY_FIGURE = tuple(range(len(daily.SCHEMA)))
FIGURES_THAT_ADD_UP = tuple(map(daily.SCHEMA.get_field_index, ("series", "day", "observations", "numbers", "sum")))

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """What was asked for last, up to so many bytes. For several threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._lock = threading.Lock()
        self._held: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def get(self, key: K) -> V | None:
        with self._lock:
            found = self._held.get(key)
            if found is None:
                return None
            self._held.move_to_end(key)
            return found[0]

    def put(self, key: K, value: V, size: int) -> None:
        with self._lock:
            if key in self._held:
                return
            self._held[key] = (value, size)
            self._bytes += size
            while self._bytes > self._most_bytes:
                _, (_, gone) = self._held.popitem(last=False)
                self._bytes -= gone


class Kind(NamedTuple, Generic[V]):
    """What is read: from which file, which columns of a row group, and what is made of a series' rows there."""

    name: Callable[[File], str]
    columns: Callable[[pq.RowGroupMetaData], tuple[int, ...]]
    made: Callable[[pa.Table], V]
    in_one: Callable[[list[V]], V]
    """a series may begin in one row group and go on in the next"""
    size: Callable[[V], int]


class Footer(NamedTuple):
    """What a file says of itself: its row groups, the least and greatest series of each."""

    metadata: pq.FileMetaData
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def groups_of(self, series: int) -> range:
        return range(int(self.last.searchsorted(series)), int(self.first.searchsorted(series, side="right")))


class Slices(Generic[V]):
    """For any thread. `folder` holds the files; about `most_bytes` of what was read are kept."""

    def __init__(self, folder: Path, kind: Kind[V], *, most_bytes: int) -> None:
        self._folder, self._kind = folder, kind
        self._footers: Kept[str, Footer] = Kept(FOOTERS_KEPT)
        self._reading_footers = threading.Lock()
        self._read_before: Kept[tuple[str, int], V] = Kept(most_bytes)

    def read(self, files: Sequence[File], series: Sequence[int]) -> list[list[V]]:
        """For each of `series`, one of each file. Raises `OSError` for a file that cannot be read, without an
        `errno` or `pyarrow.ArrowException` for one that is damaged; whoever calls holds the files."""
        found: dict[tuple[str, int], V] = {}
        for file in files:
            kept = {one: self._kept(file, one) for one in series}
            found |= {(file.name, one): held for one, held in kept.items() if held is not None}
            if absent := [one for one, held in kept.items() if held is None]:
                found |= {(file.name, one): held for one, held in self._read(file, absent).items()}
        return [[found[file.name, one] for file in files] for one in series]

    def _kept(self, file: File, series: int) -> V | None:
        if not file.first_series <= series <= file.last_series:
            return self._kind.in_one([])
        return self._read_before.get((file.name, series))

    def _read(self, file: File, series: Sequence[int]) -> dict[int, V]:
        path = self._folder / self._kind.name(file)
        footer = self._footer(path)
        pieces: dict[int, list[V]] = {one: [] for one in series}
        wanted = sorted({group for one in series for group in footer.groups_of(one)})
        with pa.memory_map(str(path)) as mapped:
            opened = pq.ParquetFile(mapped, metadata=footer.metadata, page_checksum_verification=True)
            for group in wanted:
                columns = self._kind.columns(footer.metadata.row_group(group))
                rows = opened.reader.read_row_group(group, column_indices=columns, use_threads=False)
                held = rows.column("series").to_numpy()
                here = [one for one in series if footer.first[group] <= one <= footer.last[group]]
                ends = held.searchsorted(here), held.searchsorted(here, side="right")
                for one, start, end in zip(here, *ends, strict=True):
                    if start < end:
                        pieces[one].append(self._kind.made(rows.slice(start, end - start)))
        found = {one: self._kind.in_one(held) for one, held in pieces.items()}
        for one, whole in found.items():
            self._read_before.put((file.name, one), whole, self._kind.size(whole))
        return found

    def _footer(self, path: Path) -> Footer:
        found = self._footers.get(path.name)
        if found is None:
            with self._reading_footers:  # many ask at once for a file that is new
                found = self._footers.get(path.name) or _footer_of(path)
                self._footers.put(path.name, found, 1)
        return found


def _footer_of(path: Path) -> Footer:
    metadata = pq.read_metadata(path)
    bounds = [metadata.row_group(number).column(0).statistics for number in range(metadata.num_row_groups)]
    first, last = ([one.min for one in bounds], [one.max for one in bounds])
    return Footer(metadata, np.array(first, dtype=np.int64), np.array(last, dtype=np.int64))


def _worth_reading(group: pq.RowGroupMetaData) -> tuple[int, ...]:
    """The columns that hold more than nothing, or in `quality` than 0."""
    told = []
    for number, field in enumerate(SCHEMA):
        statistics = group.column(number).statistics
        if field.name == "quality":
            plain = statistics is not None and statistics.has_min_max and statistics.min == statistics.max == 0
        else:
            plain = field.nullable and statistics is not None and statistics.null_count == group.num_rows
        if not plain:
            told.append(number)
    return tuple(told)


def hourly(track: Track) -> Sums:
    return Sums.of(track.time // HOUR * HOUR, track.value).together("within")


def _name_of_daily(file: File) -> str:
    assert file.daily is not None
    return file.daily.name


OBSERVATIONS: Kind[Track] = Kind(
    name=lambda file: file.name,
    columns=_worth_reading,
    made=lambda rows: track_of(rows).own(),
    in_one=joined,
    size=lambda track: track.bytes,
)
HOURS: Kind[Sums] = Kind(
    name=lambda file: file.name,
    columns=lambda group: SERIES_TIME_VALUE,
    made=lambda rows: hourly(track_of(rows)),
    in_one=lambda held: end_to_end(held).together("within") if held else NO_SUMS,
    size=lambda held: 100 * len(held.buckets) + 1500,
)
"""buckets are the instants at which hours begin"""
DAYS: Kind[Sums] = Kind(
    name=_name_of_daily,
    columns=lambda group: EVERY_FIGURE,
    made=daily.sums_of,
    in_one=lambda held: end_to_end(held) if held else NO_SUMS,
    size=lambda held: 100 * len(held.buckets) + 500,
)
DAYS_OF_SUMS = DAYS._replace(columns=lambda group: FIGURES_THAT_ADD_UP)
"""A column that is not read takes no time, and reading columns is nearly all of it. What is not read is NaN."""
