"""When devices were last heard, when they are overdue and what is left of their batteries, as columns in memory."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from beffroi.observations.slots import Slots

NOTHING = -np.inf
ROOM = 1024


class Fared(NamedTuple):
    """One row a device. Times in seconds of the Unix era, NOTHING for one that never spoke; `due`: silent after that,
    NaN for no known habit; `battery`: per cent, NaN for none told."""

    last_heard: NDArray[np.float64]
    due: NDArray[np.float64]
    battery: NDArray[np.float64]


class Faring:
    """Not for several threads at once."""

    def __init__(self) -> None:
        self._slots = Slots()
        self._columns = _nothing(ROOM)
        """longer than there are devices: the last place stands for those that never spoke"""

    def put(self, devices: NDArray[np.int64], *columns: NDArray[np.float64]) -> None:
        """`columns`: those of `Fared`, of each of `devices`."""
        slots = self._slots.of(devices)
        if (more := len(self._slots) + 1 - len(self._columns.due)) > 0:
            room = _nothing(max(more, len(self._columns.due)))
            self._columns = Fared(*(np.concatenate(pair) for pair in zip(self._columns, room, strict=True)))
        for held, new in zip(self._columns, columns, strict=True):
            held[slots] = new

    def of(self, devices: NDArray[np.int64]) -> Fared:
        slots = self._slots.find(devices)
        return Fared(*(column[slots] for column in self._columns))


def _nothing(room: int) -> Fared:
    return Fared(np.full(room, NOTHING), np.full(room, np.nan), np.full(room, np.nan))
