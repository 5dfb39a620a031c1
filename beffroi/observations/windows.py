"""Which observations a reader may see and asks for: half-open stretches of time, by series."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

FIRST = np.datetime64("1677-09-22T00:00:00", "us")
LAST = np.datetime64("2262-04-11T00:00:00", "us")


@dataclass(frozen=True)
class Windows:
    """Rows of (series, start, end), `start <= time < end`; sorted by (series, start), never overlapping in a series.

    Made by the registry from a scope, then narrowed to what is asked: no read of the record goes without one.
    """

    series: NDArray[np.int64]
    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]

    @classmethod
    def of(cls, rows: "list[tuple[int, datetime | None, datetime | None]]") -> "Windows":
        """From (series, start, end) in any order, None for unbounded; overlapping stretches of a series are joined."""
        if not rows:
            return cls.whole([])
        ids, starts, ends = zip(*rows, strict=True)
        return cls.joined(np.array(ids, np.int64), _instants(starts, FIRST), _instants(ends, LAST))

    @classmethod
    def joined(cls, series: NDArray[np.int64], start: NDArray[np.datetime64], end: NDArray[np.datetime64]) -> "Windows":
        """The same, from columns."""
        if len(series) == 1:
            return cls(series, start, end)
        order = np.lexsort((start, series))
        series, start, end = series[order], start[order], end[order]
        return cls(series, start, end) if (series[1:] > series[:-1]).all() else cls._merged(series, start, end)

    @classmethod
    def _merged(cls, series: NDArray[np.int64], start: NDArray[Any], end: NDArray[Any]) -> "Windows":
        """From sorted rows, some of them of one series: only these are looked at one by one."""
        again = np.zeros(len(series), bool)
        again[1:] = series[1:] == series[:-1]
        again[:-1] |= again[1:]
        merged: list[list[Any]] = []
        for one, first, last in zip(series[again].tolist(), start[again], end[again], strict=True):
            if merged and merged[-1][0] == one and first <= merged[-1][2]:
                merged[-1][2] = max(merged[-1][2], last)
            else:
                merged.append([one, first, last])
        joined = zip(*merged, strict=True)
        whole = [
            np.concatenate([column[~again], np.array(more, column.dtype)])
            for column, more in zip((series, start, end), joined, strict=True)
        ]
        order = np.lexsort((whole[1], whole[0]))
        return cls(*(column[order] for column in whole))

    @classmethod
    def whole(cls, series: "Sequence[int]") -> "Windows":
        """All time, for each of `series`."""
        ids = np.unique(np.asarray(series, np.int64))
        return cls(ids, np.full(len(ids), FIRST), np.full(len(ids), LAST))

    def between(self, start: datetime | None, end: datetime | None) -> "Windows":
        """What remains of these within `[start, end)`."""
        first = np.maximum(self.start, instant(start, FIRST))
        last = np.minimum(self.end, instant(end, LAST))
        kept = first < last
        return Windows(self.series[kept], first[kept], last[kept])

    def parts(self, most: int) -> "Iterator[Windows]":
        """Pieces of about `most` rows each, no series in two of them."""
        begin = 0
        while begin < len(self):
            last = self.series[min(begin + most, len(self)) - 1]
            end = int(np.searchsorted(self.series, last, side="right"))
            yield Windows(self.series[begin:end], self.start[begin:end], self.end[begin:end])
            begin = end

    def __len__(self) -> int:
        return len(self.series)


def _instants(times: Sequence[datetime | None], unbounded: np.datetime64) -> NDArray[np.datetime64]:
    found = np.full(len(times), unbounded)
    for row, time in enumerate(times):
        if time is not None:
            found[row] = instant(time, unbounded)
    return found


def instant(time: datetime | None, unbounded: np.datetime64) -> np.datetime64:
    """An aware time as the record counts it; `unbounded` for None."""
    if time is None:
        return unbounded
    if time.tzinfo is None:
        raise ValueError("a time without zone")
    return np.datetime64(time.astimezone(UTC).replace(tzinfo=None), "us")
