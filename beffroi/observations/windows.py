"""Which observations a reader may see and asks for: half-open stretches of time, by series."""

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
        merged: list[list[Any]] = []
        for series, start, end in sorted((s, instant(a, FIRST), instant(b, LAST)) for s, a, b in rows):
            if merged and merged[-1][0] == series and start <= merged[-1][2]:
                merged[-1][2] = max(merged[-1][2], end)
            else:
                merged.append([series, start, end])
        return cls(
            np.array([m[0] for m in merged], dtype=np.int64),
            np.array([m[1] for m in merged], dtype="datetime64[us]"),
            np.array([m[2] for m in merged], dtype="datetime64[us]"),
        )

    @classmethod
    def whole(cls, series: "list[int]") -> "Windows":
        """All time, for each of `series`."""
        return cls.of([(one, None, None) for one in series])

    def between(self, start: datetime | None, end: datetime | None) -> "Windows":
        """What remains of these within `[start, end)`."""
        first = np.maximum(self.start, instant(start, FIRST))
        last = np.minimum(self.end, instant(end, LAST))
        kept = first < last
        return Windows(self.series[kept], first[kept], last[kept])

    def __len__(self) -> int:
        return len(self.series)


def instant(time: datetime | None, unbounded: np.datetime64) -> np.datetime64:
    """An aware time as the record counts it; `unbounded` for None."""
    if time is None:
        return unbounded
    if time.tzinfo is None:
        raise ValueError("a time without zone")
    return np.datetime64(time.astimezone(UTC).replace(tzinfo=None), "us")
