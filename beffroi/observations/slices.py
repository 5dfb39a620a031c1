"""Few series read from settled files without the engine: the row groups that may hold them, by column.

What was read stays in memory for as long as it is asked again; files never change, so that it is never stale.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from beffroi.observations import daily, decimals
from beffroi.observations.buckets import HOUR
from beffroi.observations.decimals import plain
from beffroi.observations.manifest import Block, File
from beffroi.observations.sums import NO_SUMS, Sums
from beffroi.observations.tracks import NOTHING, Track, joined

FOOTERS_KEPT = 96
NUMBERS = {"series", "time", "value", "digits", "divisor"}
EVERY_FIGURE = tuple(range(len(daily.SCHEMA)))
FIGURES_THAT_ADD_UP = tuple(map(daily.SCHEMA.get_field_index, ("series", "day", "observations", "numbers", "sum")))

K = TypeVar("K")
G = TypeVar("G")
"""the rows of a row group, as they are kept"""
P = TypeVar("P")
"""those of one series"""
Columns = dict[str, Any]
"""numpy arrays by name, and `text` as Arrow has it"""
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

    def drop(self, key: K) -> None:
        with self._lock:
            if (found := self._held.pop(key, None)) is not None:
                self._bytes -= found[1]


class Group(NamedTuple, Generic[G]):
    """A row group; nothing is made of its rows before they are asked for."""

    series: NDArray[np.int64]
    rows: G


class Kind(NamedTuple, Generic[G, P, V]):
    """What is read: from which file, which columns of a row group, and what is made of a series' rows there."""

    name: Callable[[File], str]
    pentads: Callable[[File], tuple[int, ...]]
    columns: Callable[[pq.RowGroupMetaData], tuple[int, ...]]
    held: Callable[[pa.Table], G]
    cut: Callable[[G, int, int], P]
    """from a row to before another"""
    made: Callable[[Sequence[list[P]]], list[V]]
    """of the rows of one series in several blocks, in the order of time: a series may begin in one row group of a block
    and go on in the next"""
    nothing: V
    size: Callable[[V], int]


class Footer:
    """What a file says of itself: its row groups, the least and greatest series of each. One reader is kept open for
    the next who asks: to open one takes half as long as to read a row group."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.metadata = pq.read_metadata(path)
        bounds = [self.metadata.row_group(number).column(0).statistics for number in range(len(self))]
        self.first = np.array([one.min for one in bounds], dtype=np.int64)
        self.last = np.array([one.max for one in bounds], dtype=np.int64)
        self._open: list[pq.ParquetFile] = []

    def __len__(self) -> int:
        return int(self.metadata.num_row_groups)

    def groups_of(self, series: int, within: range) -> range:
        first, last = (bound[within.start : within.stop] for bound in (self.first, self.last))
        start, stop = int(last.searchsorted(series)), int(first.searchsorted(series, side="right"))
        return range(within.start + start, within.start + stop)

    def read(self, group: int, columns: Sequence[int]) -> pa.Table:
        """For any thread. Raises as `Slices.read`."""
        try:
            opened = self._open.pop()
        except IndexError:
            # not mapped into memory: whoever cuts the file short would end the process
            opened = pq.ParquetFile(pa.OSFile(str(self._path)), metadata=self.metadata, page_checksum_verification=True)
        rows = opened.reader.read_row_group(group, column_indices=columns, use_threads=False)
        if not self._open:
            self._open.append(opened)
        return rows


class Slices(Generic[G, P, V]):
    """For any thread. `folder` holds the files; about `most_bytes` are kept of what was read: half of it what was made
    of each series, half of it whole row groups, as charts that are looked at together are of neighbouring series."""

    def __init__(self, folder: Path, kind: Kind[G, P, V], *, most_bytes: int) -> None:
        self._folder, self._kind = folder, kind
        self._footers: Kept[str, Footer] = Kept(FOOTERS_KEPT)
        self._reading_footers = threading.Lock()
        self._read_before: Kept[tuple[str, int, int], V] = Kept(most_bytes // 2)
        self._groups: Kept[tuple[str, int], Group[G]] = Kept(most_bytes // 2)

    def read(self, blocks: Sequence[Block], series: Sequence[int]) -> list[list[V]]:
        """For each of `series`, one of each block. Raises `OSError` for a file that cannot be read, without an
        `errno` or `pyarrow.ArrowException` for one that is damaged; whoever calls holds the files."""
        found = {(block.key, one): self._kept(block, one) for block in blocks for one in series}
        absent = [block for block in blocks if any(found[block.key, one] is None for one in series)]
        read = [self._read(block, [one for one in series if found[block.key, one] is None]) for block in absent]
        for one in series:
            places, rows = [], []
            for block, held in zip(absent, read, strict=True):
                if one in held:
                    places.append(block)
                    rows.append(held[one])
            for block, made in zip(places, self._kind.made(rows) if rows else (), strict=True):
                self._read_before.put((*block.key, one), made, self._kind.size(made))
                found[block.key, one] = made
        return [[cast(V, found[block.key, one]) for block in blocks] for one in series]

    def forget(self, name: str) -> None:
        """The file of that name is gone, and is kept open no longer."""
        self._footers.drop(name)

    def _kept(self, block: Block, series: int) -> V | None:
        if not block.file.first_series <= series <= block.file.last_series:
            return self._kind.nothing
        return self._read_before.get((*block.key, series))

    def _read(self, block: Block, series: Sequence[int]) -> dict[int, list[P]]:
        path = self._folder / self._kind.name(block.file)
        footer = self._footer(path)
        within = block.groups(self._kind.pentads(block.file), len(footer))
        found: dict[int, list[P]] = {one: [] for one in series}
        for group in sorted({group for one in series for group in footer.groups_of(one, within)}):
            rows = self._group(path, footer, group)
            here = [one for one in series if footer.first[group] <= one <= footer.last[group]]
            ends = rows.series.searchsorted(here), rows.series.searchsorted(here, side="right")
            for one, start, end in zip(here, *ends, strict=True):
                if start < end:
                    found[one].append(self._kind.cut(rows.rows, start, end))
        return found

    def _group(self, path: Path, footer: Footer, group: int) -> Group[G]:
        found = self._groups.get((path.name, group))
        if found is None:
            try:
                rows = footer.read(group, self._kind.columns(footer.metadata.row_group(group)))
            except BaseException:
                self.forget(path.name)  # once the file is mended, it is opened anew
                raise
            found = Group(plain(rows.column("series")), self._kind.held(rows))
            self._groups.put((path.name, group), found, rows.nbytes)
        return found

    def _footer(self, path: Path) -> Footer:
        found = self._footers.get(path.name)
        if found is None:
            with self._reading_footers:  # many ask at once for a file that is new
                found = self._footers.get(path.name) or Footer(path)
                self._footers.put(path.name, found, 1)
        return found


def _worth_reading(group: pq.RowGroupMetaData) -> tuple[int, ...]:
    """The columns that hold more than nothing, or in `quality` than 0."""
    told = []
    for number in range(group.num_columns):
        column = group.column(number)
        statistics = column.statistics
        if column.path_in_schema == "quality":
            plain = statistics is not None and statistics.has_min_max and statistics.min == statistics.max == 0
        else:
            plain = statistics is not None and statistics.null_count == group.num_rows
        if not plain:
            told.append(number)
    return tuple(told)


def _numbers(group: pq.RowGroupMetaData) -> tuple[int, ...]:
    """Of these columns, those that tell numbers."""
    return tuple(number for number in _worth_reading(group) if group.column(number).path_in_schema in NUMBERS)


def hourly(track: Track) -> Sums:
    return Sums.of(track.time // HOUR * HOUR, track.value).together("within")


def _columns(rows: pa.Table) -> Columns:
    """Texts are made words of only where they are asked for: most are not."""
    names = [name for name in rows.schema.names if name != "series"]
    return {name: rows.column(name) if name == "text" else plain(rows.column(name)) for name in names}


def _track(columns: Columns, start: int, end: int) -> Track:
    cut = {name: column[start:end] for name, column in columns.items() if name != "text"}
    words = columns["text"].slice(start, end - start) if "text" in columns else None
    return Track(
        cut["time"].view(np.int64),
        decimals.numbers(cut, end - start),
        cut["quality"] if "quality" in cut else np.zeros(end - start, np.uint16),
        None if words is None or words.null_count == len(words) else words.to_numpy(),
        cut.get("longitude"),
        cut.get("latitude"),
    )


def _tracks(held: Sequence[list[Track]]) -> list[Track]:
    return [one[0].own() if len(one) == 1 else joined(one) for one in held]


def _hours(held: Sequence[list[Track]]) -> list[Sums]:
    """Counted once for all blocks: an hour lies in one of them."""
    tracks = [joined(one) for one in held]
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


def _pentads_of_daily(file: File) -> tuple[int, ...]:
    assert file.daily is not None
    return file.daily.pentads


OBSERVATIONS: Kind[Columns, Track, Track] = Kind(
    name=lambda file: file.name,
    pentads=lambda file: file.pentads,
    columns=_worth_reading,
    held=_columns,
    cut=_track,
    made=_tracks,
    nothing=NOTHING,
    size=lambda track: track.bytes,
)
HOURS: Kind[Columns, Track, Sums] = Kind(
    name=lambda file: file.name,
    pentads=lambda file: file.pentads,
    columns=_numbers,
    held=_columns,
    cut=_track,
    made=_hours,
    nothing=NO_SUMS,
    size=lambda held: 100 * len(held.buckets) + 1500,
)
"""buckets are the instants at which hours begin"""
DAYS: Kind[pa.Table, pa.Table, Sums] = Kind(
    name=_name_of_daily,
    pentads=_pentads_of_daily,
    columns=lambda group: EVERY_FIGURE,
    held=lambda rows: rows,
    cut=lambda rows, start, end: rows.slice(start, end - start),
    made=_days,
    nothing=NO_SUMS,
    size=lambda held: 100 * len(held.buckets) + 500,
)
DAYS_OF_SUMS = DAYS._replace(columns=lambda group: FIGURES_THAT_ADD_UP)
"""A column that is not read takes no time, and reading columns is nearly all of it. What is not read is NaN."""
