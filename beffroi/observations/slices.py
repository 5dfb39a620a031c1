"""Few series read from settled files without the engine: the row groups that may hold them, by column.

What was read stays in memory for as long as it is asked again; files never change, so that it is never stale.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from beffroi.observations import daily
from beffroi.observations.batch import SCHEMA
from beffroi.observations.buckets import HOUR
from beffroi.observations.manifest import File
from beffroi.observations.sums import NO_SUMS, Sums
from beffroi.observations.tracks import NOTHING, Track, joined, track_of

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
    made: Callable[[Sequence[list[pa.Table]]], list[V]]
    """of the rows of one series in several files, in the order of time: a series may begin in one row group of a file
    and go on in the next"""
    nothing: V
    size: Callable[[V], int]


class Footer(NamedTuple):
    """What a file says of itself: its row groups, the least and greatest series of each."""

    metadata: pq.FileMetaData
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def groups_of(self, series: int) -> range:
        return range(int(self.last.searchsorted(series)), int(self.first.searchsorted(series, side="right")))


class Slices(Generic[V]):
    """For any thread. `folder` holds the files; about `most_bytes` are kept of what was read: half of it what was made
    of each series, half of it whole row groups, as charts that are looked at together are of neighbouring series."""

    def __init__(self, folder: Path, kind: Kind[V], *, most_bytes: int) -> None:
        self._folder, self._kind = folder, kind
        self._footers: Kept[str, Footer] = Kept(FOOTERS_KEPT)
        self._reading_footers = threading.Lock()
        self._read_before: Kept[tuple[str, int], V] = Kept(most_bytes // 2)
        self._groups: Kept[tuple[str, int], pa.Table] = Kept(most_bytes // 2)

    def read(self, files: Sequence[File], series: Sequence[int]) -> list[list[V]]:
        """For each of `series`, one of each file. Raises `OSError` for a file that cannot be read, without an
        `errno` or `pyarrow.ArrowException` for one that is damaged; whoever calls holds the files."""
        found = {(file.name, one): self._kept(file, one) for file in files for one in series}
        absent = [file for file in files if any(found[file.name, one] is None for one in series)]
        read = [self._read(file, [one for one in series if found[file.name, one] is None]) for file in absent]
        for one in series:
            names, rows = [], []
            for file, held in zip(absent, read, strict=True):
                if one in held:
                    names.append(file.name)
                    rows.append(held[one])
            for name, made in zip(names, self._kind.made(rows) if rows else (), strict=True):
                self._read_before.put((name, one), made, self._kind.size(made))
                found[name, one] = made
        return [[cast(V, found[file.name, one]) for file in files] for one in series]

    def _kept(self, file: File, series: int) -> V | None:
        if not file.first_series <= series <= file.last_series:
            return self._kind.nothing
        return self._read_before.get((file.name, series))

    def _read(self, file: File, series: Sequence[int]) -> dict[int, list[pa.Table]]:
        path = self._folder / self._kind.name(file)
        footer = self._footer(path)
        found: dict[int, list[pa.Table]] = {one: [] for one in series}
        for group in sorted({group for one in series for group in footer.groups_of(one)}):
            rows = self._group(path, footer, group)
            held = rows.column("series").to_numpy()
            here = [one for one in series if footer.first[group] <= one <= footer.last[group]]
            ends = held.searchsorted(here), held.searchsorted(here, side="right")
            for one, start, end in zip(here, *ends, strict=True):
                if start < end:
                    found[one].append(rows.slice(start, end - start))
        return found

    def _group(self, path: Path, footer: Footer, group: int) -> pa.Table:
        rows = self._groups.get((path.name, group))
        if rows is None:
            columns = self._kind.columns(footer.metadata.row_group(group))
            with pa.memory_map(str(path)) as mapped:
                opened = pq.ParquetFile(mapped, metadata=footer.metadata, page_checksum_verification=True)
                rows = opened.reader.read_row_group(group, column_indices=columns, use_threads=False)
            self._groups.put((path.name, group), rows, rows.nbytes)
        return rows

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


def _tracks(held: Sequence[list[pa.Table]]) -> list[Track]:
    return [joined([track_of(rows).own() for rows in tables]) for tables in held]


def _hours(held: Sequence[list[pa.Table]]) -> list[Sums]:
    """Counted once for all files: an hour lies in one of them."""
    tracks = [joined([track_of(rows) for rows in tables]) for tables in held]
    whole = hourly(joined(tracks))
    ends = [0]
    for track in tracks:
        ends.append(int(whole.buckets.searchsorted(track.time[-1], side="right")) if len(track) else ends[-1])
    return [whole.rows(slice(*ends_of)) for ends_of in pairwise(ends)]


def _days(held: Sequence[list[pa.Table]]) -> list[Sums]:
    ends = [0, *accumulate(sum(map(len, tables)) for tables in held)]
    some = [rows for tables in held for rows in tables]
    whole = daily.sums_of(pa.concat_tables(some)) if some else NO_SUMS
    return [whole.rows(slice(*ends_of)) for ends_of in pairwise(ends)]


def _name_of_daily(file: File) -> str:
    assert file.daily is not None
    return file.daily.name


OBSERVATIONS: Kind[Track] = Kind(
    name=lambda file: file.name,
    columns=_worth_reading,
    made=_tracks,
    nothing=NOTHING,
    size=lambda track: track.bytes,
)
HOURS: Kind[Sums] = Kind(
    name=lambda file: file.name,
    columns=lambda group: SERIES_TIME_VALUE,
    made=_hours,
    nothing=NO_SUMS,
    size=lambda held: 100 * len(held.buckets) + 1500,
)
"""buckets are the instants at which hours begin"""
DAYS: Kind[Sums] = Kind(
    name=_name_of_daily,
    columns=lambda group: EVERY_FIGURE,
    made=_days,
    nothing=NO_SUMS,
    size=lambda held: 100 * len(held.buckets) + 500,
)
DAYS_OF_SUMS = DAYS._replace(columns=lambda group: FIGURES_THAT_ADD_UP)
"""A column that is not read takes no time, and reading columns is nearly all of it. What is not read is NaN."""
