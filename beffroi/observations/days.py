"""Which days the recent observations are of: what is to be settled, and which files are written over meanwhile."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from beffroi.observations.manifest import Period

DAY = 86_400_000_000
"""microseconds"""


class Days:
    """Not for several threads at once: the engine holds its lock around each call. Counted from 1970-01-01, in UTC.

    A day may still be here whose observations were deleted since; one that is not here has none.
    """

    def __init__(self, versions: Mapping[int, int]) -> None:
        """The greatest version written in each day."""
        self._versions = dict(versions)

    def note(self, times: NDArray[np.int64], version: int) -> None:
        """Observations of these times were written, the last of them in `version`."""
        first, last = int(times.min()) // DAY, int(times.max()) // DAY
        written = [first] if first == last else np.unique(times // DAY).tolist()
        self._versions.update(dict.fromkeys(written, version))

    def settled(self, period: Period, captured: int) -> tuple[list[int], list[int]]:
        """All that was written in `period` up to version `captured` is no longer among the recent ones; the days of
        which nothing is left, and those of which something was written since."""
        touched = list(self._between(period.start, period.end))
        gone = [day for day in touched if self._versions[day] <= captured]
        for day in gone:
            del self._versions[day]
        return gone, [day for day in touched if day in self._versions]

    def touch(self, start: np.datetime64, end: np.datetime64) -> bool:
        """Whether some of the days lie, if only in part, between the two."""
        return any(True for _ in self._between(start, end))

    def between(self, start: np.datetime64, end: np.datetime64) -> list[int]:
        """The days that lie, if only in part, between the two, oldest first."""
        return sorted(self._between(start, end))

    def before(self, time: np.datetime64) -> list[int]:
        """The days that ended by `time`, oldest first."""
        return sorted(day for day in self._versions if (day + 1) * DAY <= _microseconds(time))

    def _between(self, start: np.datetime64, end: np.datetime64) -> Iterator[int]:
        first, beyond = _microseconds(start) // DAY, -(-_microseconds(end) // DAY)
        if beyond - first < len(self._versions):
            return (day for day in range(first, beyond) if day in self._versions)
        return (day for day in self._versions if first <= day < beyond)


def _microseconds(time: np.datetime64) -> int:
    return int(time.astype("M8[us]").astype(np.int64))
