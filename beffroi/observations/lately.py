"""The recent observations in memory, each series' of a day linked from its newest back: what most readers ask for.

An aid to readers, never the truth: what it cannot tell for sure it leaves to the engine.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from beffroi.observations.days import DAY
from beffroi.observations.slots import Slots
from beffroi.observations.tracks import NOTHING, Track
from beffroi.observations.windows import Windows

ROW_BYTES = 22
"""of an observation that is a number: time, value, quality, and where the one before is"""
LONGEST = 50_000
"""observations of a series in a day that are worth following one by one"""

Places = NDArray[np.int64]


class Lately:
    """Not for several threads at once: the engine holds its lock around each call."""

    def __init__(self, slots: Slots, *, most_bytes: int) -> None:
        self._slots = slots
        self._most_rows = most_bytes // ROW_BYTES
        self._days: dict[int, _Day] = {}
        self._unknown: set[int] = set()
        """days that are not here, though the table may hold some of them"""

    def note(self, rows: Track, slots: Places) -> None:
        """What was acknowledged, in the order in which it was, and the slot of each row."""
        first, last = int(rows.time.min()) // DAY, int(rows.time.max()) // DAY
        if first == last:
            self._note(first, slots, rows)
            return
        days = rows.time // DAY
        for day in np.unique(days).tolist():
            chosen = np.flatnonzero(days == day)
            self._note(day, slots[chosen], rows.rows(chosen))

    def fitting(self, rows: Mapping[int, int]) -> set[int]:
        """Of days with so many rows each, the newest that there is room for."""
        room, kept = self._most_rows, set()
        for day in sorted(rows, reverse=True):
            room -= rows[day]
            if room < 0:
                break
            kept.add(day)
        return kept

    def give_up(self, days: Iterable[int]) -> None:
        """These days are left to the engine until they are forgotten."""
        for day in days:
            self._days.pop(day, None)
            self._unknown.add(day)

    def forget(self, days: Iterable[int]) -> None:
        """The table holds nothing of these days any more."""
        for day in days:
            self._days.pop(day, None)
            self._unknown.discard(day)

    def doubt(self, windows: Windows) -> None:
        """Something was removed there: of these series, in these days, only the engine knows what is left."""
        slots = self._slots.find(windows.series)
        first, last = windows.start.astype(np.int64) // DAY, (windows.end.astype(np.int64) - 1) // DAY
        for day, held in self._days.items():
            held.doubtful.update(slots[(first <= day) & (day <= last)].tolist())

    def of(self, series: int, start: int, end: int) -> list[Track] | None:
        """What is recent of a series between two times (microseconds since 1970), a track a day, not always in order;
        None when only the engine knows."""
        slot = int(self._slots.find(np.array([series], dtype=np.int64))[0])
        first, last = start // DAY, (end - 1) // DAY
        found = []
        for day in sorted(self._unknown | self._days.keys()):
            if first <= day <= last:
                track = None if day in self._unknown else self._days[day].of(slot)
                if track is None:
                    return None
                if len(track):
                    found.append(track if first < day < last else _between(track, start, end))
        return found

    @property
    def rows(self) -> int:
        return sum(held.count for held in self._days.values())

    def _note(self, day: int, slots: Places, rows: Track) -> None:
        if day in self._unknown:
            return
        held = self._days.get(day)
        if held is None:
            held = self._days[day] = _Day()
        held.add(slots, rows)
        while self.rows > self._most_rows:
            self.give_up([min(self._days)])


class _Day:
    """Columns in the order of arrival; `_before` says where the previous observation of the same series is, `_heads`
    where the newest of each series is, by its slot."""

    def __init__(self) -> None:
        self.count = 0
        self.doubtful: set[int] = set()
        self._heads = np.full(64, -1, dtype=np.int32)
        self._before = np.empty(64, dtype=np.int32)
        self._columns: dict[str, NDArray[Any]] = {
            "time": np.empty(64, dtype=np.int64),
            "value": np.empty(64, dtype=np.float64),
            "quality": np.empty(64, dtype=np.uint16),
        }

    def add(self, slots: Places, rows: Track) -> None:
        first, beyond = self.count, self.count + len(slots)
        self._make_room(beyond, int(slots.max()) + 1)
        held = self._columns
        held["time"][first:beyond], held["value"][first:beyond] = rows.time, rows.value
        held["quality"][first:beyond] = rows.quality
        for name in ("text", "longitude", "latitude"):
            self._put(name, first, beyond, getattr(rows, name))
        self._link(first, slots)
        self.count = beyond

    def of(self, slot: int) -> Track | None:
        if slot in self.doubtful:
            return None
        at = int(self._heads[slot]) if 0 <= slot < len(self._heads) else -1
        before, places = self._before.data, []
        while at >= 0:
            places.append(at)
            at = before[at]
        if len(places) > LONGEST:
            return None
        if not places:
            return NOTHING
        chosen = np.array(places[::-1])
        return Track(**{name: column[chosen] for name, column in self._columns.items()})

    def _link(self, first: int, slots: Places) -> None:
        places = np.arange(first, first + len(slots), dtype=np.int32)
        if len(slots) == 1 or (slots[1:] > slots[:-1]).all():
            self._before[first : first + len(slots)] = self._heads[slots]
            self._heads[slots] = places
            return
        order = np.argsort(slots, kind="stable")
        sorted_, ranked = slots[order], places[order]
        opens = np.append(True, sorted_[1:] != sorted_[:-1])
        self._before[ranked] = np.where(opens, self._heads[sorted_], np.append(np.int32(-1), ranked[:-1]))
        closes = np.append(opens[1:], True)
        self._heads[sorted_[closes]] = ranked[closes]

    def _put(self, name: str, first: int, beyond: int, column: NDArray[Any] | None) -> None:
        nothing = None if name == "text" else np.nan
        if column is not None and name not in self._columns:
            self._columns[name] = np.full(len(self._before), nothing)
        if name in self._columns:
            self._columns[name][first:beyond] = nothing if column is None else column

    def _make_room(self, rows: int, slots: int) -> None:
        if slots > len(self._heads):
            known = len(self._heads)
            self._heads = _longer(self._heads, max(slots, 2 * known))
            self._heads[known:] = -1
        if rows > len(self._before):
            room = max(rows, len(self._before) * 3 // 2)
            self._before = _longer(self._before, room)
            for name, column in self._columns.items():
                self._columns[name] = _longer(column, room)


def _longer(column: NDArray[Any], length: int) -> NDArray[Any]:
    """A column of `length` that begins as the one given; what is not reached yet takes no memory."""
    longer = np.empty(length, dtype=column.dtype)
    longer[: len(column)] = column
    return longer


def _between(track: Track, start: int, end: int) -> Track:
    """Of a track that may not be in the order of time."""
    kept = (start <= track.time) & (track.time < end)
    return track if kept.all() else track.rows(kept)
