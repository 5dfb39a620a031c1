"""A place for each series in columns that are held in memory."""

import numpy as np
from numpy.typing import NDArray

NEAR = 1 << 24
"""Registries count series from 1: ids below are looked up in a table, those beyond by bisection."""

Ids = NDArray[np.int64]


class Slots:
    """Series by id, numbered from 0 in the order in which they were first met. Not for several threads at once."""

    def __init__(self) -> None:
        self._near = np.full(1024, -1, dtype=np.int32)
        self._far = np.empty(0, dtype=np.int64)
        """sorted; `_far_slots` says where each is"""
        self._far_slots = np.empty(0, dtype=np.int64)
        self._count = 0
        self._ids = np.empty(1024, dtype=np.int64)

    @property
    def ids(self) -> Ids:
        """The series of each place."""
        return self._ids[: self._count]

    def __len__(self) -> int:
        return self._count

    def find(self, series: Ids) -> Ids:
        """The place of each, -1 for those never met."""
        if not len(series):
            return np.empty(0, dtype=np.int64)
        if series.max() < len(self._near):
            return self._near[series].astype(np.int64)
        found = np.full(len(series), -1, dtype=np.int64)
        near = series < len(self._near)
        found[near] = self._near[series[near]]
        far = np.flatnonzero(series >= NEAR)
        places = np.searchsorted(self._far, series[far])
        met = places < len(self._far)
        met[met] = self._far[places[met]] == series[far[met]]
        found[far[met]] = self._far_slots[places[met]]
        return found

    def of(self, series: Ids) -> Ids:
        """The place of each; those never met get the next ones."""
        found = self.find(series)
        if len(found) and found.min() < 0:
            new = series[found < 0]
            # in order at a start, where sorting those of a département took half a second
            self._meet(new if (new[1:] > new[:-1]).all() else np.unique(new))
            found = self.find(series)
        return found

    def _meet(self, new: Ids) -> None:
        numbers = np.arange(self._count, self._count + len(new))
        self._count += len(new)
        if self._count > len(self._ids):
            self._ids = np.resize(self._ids, max(self._count, 2 * len(self._ids)))
        self._ids[numbers] = new
        near = new < NEAR
        if near.any():
            most = int(new[near].max())
            if most >= len(self._near):
                room = np.full(min(NEAR, max(most + 1, 2 * len(self._near))), -1, dtype=np.int32)
                room[: len(self._near)] = self._near
                self._near = room
            self._near[new[near]] = numbers[near]
        if not near.all():
            at = np.searchsorted(self._far, new[~near])
            self._far = np.insert(self._far, at, new[~near])
            self._far_slots = np.insert(self._far_slots, at, numbers[~near])
