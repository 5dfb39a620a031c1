"""The latest observation of every series, in memory: what maps ask for, and what tells new readings from rewrites."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.observations.admission import one_batch
from beffroi.observations.batch import NAMES, SCHEMA, Quality
from beffroi.observations.slots import Slots
from beffroi.observations.tracks import Track, columns_of
from beffroi.observations.windows import Windows

NEVER = np.iinfo(np.int64).min
CORRECTED = np.uint16(Quality.CORRECTED)
COLUMNS = (
    ("time", np.dtype(np.int64), NEVER),
    ("value", np.dtype(np.float64), np.nan),
    ("text", np.dtype(object), None),
    ("longitude", np.dtype(np.float64), np.nan),
    ("latitude", np.dtype(np.float64), np.nan),
    ("quality", np.dtype(np.uint16), 0),
)
"""Name, type and what stands for nothing: numbers in the record are finite, so that NaN can."""
BESIDES = {"text": None, "longitude": np.nan, "latitude": np.nan}


class Latest:
    """Not for several threads at once: the engine holds its lock around each call."""

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._columns = {name: np.full(1024, empty, dtype=kind) for name, kind, empty in COLUMNS}
        self._plain = True
        """whether there was never anything but numbers"""

    def observe(self, rows: Track, slots: NDArray[np.int64]) -> bool:
        """Take in `rows` (each (series, time) once), the slot of each told; whether some are not after all that was
        known of their series, and so may be rewrites."""
        self._make_room(len(self._slots))
        known = self._columns["time"]
        late = bool((rows.time <= known[slots]).any())
        if late or not (slots[1:] > slots[:-1]).all():
            chosen = _last_of_each(slots, rows.time)
            chosen = chosen[rows.time[chosen] >= known[slots[chosen]]]
            rows, slots = rows.rows(chosen), slots[chosen]
        self._put(slots, rows, rewrite=late)
        return late

    def replace(self, series: NDArray[np.int64], rows: pa.RecordBatch) -> None:
        """After a deletion: all that is left of `series` are `rows`, one at most for each."""
        slots = self._slots_of(series)
        for name, _, empty in COLUMNS:
            self._columns[name][slots] = empty
        self._put(self._slots_of(rows.column("series").to_numpy()), columns_of(rows), rewrite=False)

    def within(self, windows: Windows, names: Sequence[str] = NAMES) -> tuple[pa.Table, Windows]:
        """The latest observations that lie in `windows`, `names` of their columns, ordered by series; and the windows
        that end before their series' latest: only the engine can say what those hold."""
        self._make_room(len(self._slots))
        slots = self._slots.find(windows.series)
        times = np.where(slots >= 0, self._columns["time"][slots], NEVER)
        starts, ends = windows.start.view(np.int64), windows.end.view(np.int64)
        beyond = times >= ends
        inside = (starts <= times) & ~beyond
        before = beyond & ~np.isin(windows.series, windows.series[inside]) if beyond.any() else beyond
        rest = Windows(windows.series[before], windows.start[before], windows.end[before])
        return self._rows(windows.series[inside], slots[inside], names), rest

    def everything(self) -> pa.RecordBatch:
        """The latest observation of each series that has one, ordered by series."""
        self._make_room(len(self._slots))
        slots = np.flatnonzero(self._columns["time"][: len(self._slots)] != NEVER)
        slots = slots[np.argsort(self._slots.ids[slots])]
        return one_batch(self._rows(self._slots.ids[slots], slots))

    def series_within(self, windows: Windows) -> NDArray[np.int64]:
        """The series whose latest observation lies in `windows`."""
        return np.asarray(self.within(windows)[0].column("series").to_numpy())

    def __len__(self) -> int:
        """How many series hold something."""
        return int(np.count_nonzero(self._columns["time"] != NEVER))

    def _slots_of(self, series: NDArray[np.int64]) -> NDArray[np.int64]:
        slots = self._slots.of(series)
        self._make_room(len(self._slots))
        return slots

    def _make_room(self, size: int) -> None:
        room = len(self._columns["time"])
        if size <= room:
            return
        for name, kind, empty in COLUMNS:
            more = np.full(max(size, 2 * room) - room, empty, dtype=kind)
            self._columns[name] = np.concatenate((self._columns[name], more))

    def _put(self, slots: NDArray[np.int64], rows: Track, *, rewrite: bool) -> None:
        held = self._columns
        new: dict[str, NDArray[Any]] = {"time": rows.time, "value": rows.value}
        besides = (rows.text, rows.longitude, rows.latitude)
        self._plain = self._plain and all(column is None for column in besides)
        if not self._plain:
            for (name, nothing), column in zip(BESIDES.items(), besides, strict=True):
                new[name] = np.full(len(slots), nothing) if column is None else column
        quality = rows.quality
        if rewrite:
            again = held["time"][slots] == new["time"]
            if again.any():
                changed = np.zeros(len(slots), dtype=bool)
                for name in new.keys() & {"value", "longitude", "latitude"}:
                    old = held[name][slots]
                    changed |= (old != new[name]) & ~(np.isnan(old) & np.isnan(new[name]))
                if "text" in new:
                    changed |= held["text"][slots] != new["text"]
                flags = np.where(changed, CORRECTED, held["quality"][slots] & CORRECTED)
                quality = quality | np.where(again, flags, 0).astype(np.uint16)
        held["quality"][slots] = quality
        for name, column in new.items():
            held[name][slots] = column

    def _rows(self, series: NDArray[np.int64], slots: NDArray[np.int64], names: Sequence[str] = NAMES) -> pa.Table:
        arrays, schema = [pa.array(series)], pa.schema([SCHEMA.field("series"), *map(SCHEMA.field, names)])
        for field in list(schema)[1:]:
            column = self._columns[field.name][slots]
            told = column.astype("M8[us]") if field.name == "time" else column
            arrays.append(pa.array(told, field.type, from_pandas=True))
        return pa.table(arrays, schema=schema)


def _last_of_each(series: NDArray[np.int64], times: NDArray[np.int64]) -> NDArray[np.intp]:
    """For each series the row of greatest time, in the order of the rows."""
    order = np.lexsort((times, series))
    return np.sort(order[np.append(series[order[1:]] != series[order[:-1]], True)])
