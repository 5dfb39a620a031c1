"""Which coalitions' payments are settled once those of some are: linear dependence, in exact integers.

Floating point cannot tell a coalition that is settled from one that is nearly so, and the nucleolus is right or wrong
by this. The vectors are of 0 and 1 with 20 entries at most, so that the integers stay under 2^31 (Hadamard).
"""

from collections.abc import Iterable
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from beffroi.pooling.coalitions import sums

Integers = NDArray[np.int64]
MIX = np.random.default_rng(0)


class Span:
    """The coalitions whose indicator is a combination of those added."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._rows: list[list[Fraction]] = []
        self._pivots: list[int] = []

    @property
    def full(self) -> bool:
        return len(self._rows) == self.count

    def add(self, masks: Iterable[int]) -> list[int]:
        """Those of `masks` that were independent of all before."""
        return [mask for mask in masks if self._take(mask)]

    def _take(self, mask: int) -> bool:
        row = self._reduced([Fraction(mask >> bit & 1) for bit in range(self.count)])
        pivot = next((column for column, value in enumerate(row) if value), None)
        if pivot is None:
            return False
        row = [value / row[pivot] for value in row]
        self._rows = [
            [one - other[pivot] * new for one, new in zip(other, row, strict=True)] if other[pivot] else other
            for other in self._rows
        ]
        self._rows.append(row)
        self._pivots.append(pivot)
        return True

    def _reduced(self, row: list[Fraction]) -> list[Fraction]:
        for pivot, known in zip(self._pivots, self._rows, strict=True):
            if factor := row[pivot]:
                row = [one - factor * other for one, other in zip(row, known, strict=True)]
        return row

    def across(self) -> Integers:
        """Integer directions along which no added coalition's payment changes, one a row."""
        free = [column for column in range(self.count) if column not in self._pivots]
        found = np.zeros((len(free), self.count), dtype=np.int64)
        for index, column in enumerate(free):
            values = [-row[column] for row in self._rows]
            common = lcm(1, *(value.denominator for value in values))
            found[index, column] = common
            for pivot, value in zip(self._pivots, values, strict=True):
                found[index, pivot] = int(value * common)
        return found

    def coalitions(self) -> Integers:
        """Every coalition of the span. A mixture of the directions leaves few candidates, each then tried on all."""
        directions = self.across()
        if not len(directions):
            return np.arange(1 << self.count, dtype=np.int64)
        mixed = MIX.integers(1, 1 << 16, size=len(directions)) @ directions
        candidates = np.flatnonzero(sums(mixed) == 0)
        for direction in directions:
            changes = ((candidates[:, None] >> np.arange(self.count)) & 1) @ direction
            candidates = candidates[changes == 0]
        return candidates
