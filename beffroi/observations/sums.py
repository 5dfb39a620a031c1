"""What observations come to, in a form that adds up: of a few minutes or of years."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]

Growing = Literal["across", "within", "not"]
"""Whether the step from one row's last number to the next row's first is growth: always, between rows of one bucket, or
never. It belongs to the later one."""


@dataclass(frozen=True)
class Sums:
    """Columns of one length, a row for some observations that follow one another, all in one of `buckets`.

    `observations` of any kind, `numbers` among them; all else is of these, and NaN without any. `growth`: the sum of
    `steps` from each number to the next, a fall counting as a reset to 0; `falls`: how many.
    """

    buckets: Counts
    observations: Counts
    numbers: Counts
    sum: Numbers
    least: Numbers
    greatest: Numbers
    first: Numbers
    last: Numbers
    growth: Numbers
    steps: Counts
    falls: Counts

    def __len__(self) -> int:
        return len(self.buckets)

    @classmethod
    def of(cls, buckets: Counts, value: Numbers) -> "Sums":
        """A row an observation; NaN is no number."""
        ones, none = np.ones(len(value), np.int64), np.zeros(len(value), np.int64)
        told = (~np.isnan(value)).astype(np.int64)
        return cls(buckets, ones, told, value, value, value, value, value, np.zeros(len(value)), none, none)

    def together(self, growing: Growing, turn: float | None = None) -> "Sums":
        """Each bucket once. Rows of a bucket follow one another. `turn`: where the counter begins again at 0."""
        opens = runs(self.buckets)
        if not len(opens):
            return self
        some = self.numbers > 0
        growth, steps, falls = self._grown(some, growing, turn)
        numbers = np.add.reduceat(self.numbers, opens)
        places = np.arange(len(some))
        first = np.minimum.reduceat(np.where(some, places, len(some) - 1), opens)
        last = np.maximum.reduceat(np.where(some, places, 0), opens)
        nothing = numbers == 0

        def told(column: Numbers) -> Numbers:
            return np.where(nothing, np.nan, column) if nothing.any() else column

        return Sums(
            self.buckets[opens],
            np.add.reduceat(self.observations, opens),
            numbers,
            told(np.add.reduceat(np.where(some, self.sum, 0.0), opens)),
            told(np.fmin.reduceat(self.least, opens)),
            told(np.fmax.reduceat(self.greatest, opens)),
            told(self.first[first]),
            told(self.last[last]),
            told(np.add.reduceat(growth, opens)),
            np.add.reduceat(steps, opens),
            np.add.reduceat(falls, opens),
        )

    def _grown(self, some: NDArray[np.bool_], growing: Growing, turn: float | None) -> tuple[Numbers, Counts, Counts]:
        growth, steps, falls = np.where(some, self.growth, 0.0), self.steps.copy(), self.falls.copy()
        told = np.flatnonzero(some)
        before, after = told[:-1], told[1:]
        if growing == "within":
            same = self.buckets[before] == self.buckets[after]
            before, after = before[same], after[same]
        if growing != "not":
            growth[after] += _growth(self.last[before], self.first[after], turn)
            steps[after] += 1
            falls[after] += self.first[after] < self.last[before]
        return growth, steps, falls

    def bucketed(self, buckets: Counts) -> "Sums":
        """The same in other buckets, one a row."""
        return replace(self, buckets=buckets)

    def rows(self, chosen: "slice | NDArray[Any]") -> "Sums":
        """By a slice, a mask or places."""
        return Sums(*(column[chosen] for column in vars(self).values()))


def _growth(before: Numbers, value: Numbers, turn: float | None) -> Numbers:
    """As `Aggregate` says of `delta`."""
    grown = np.where(value >= before, value - before, value)
    if turn is None:
        return grown
    rolled = value + (turn - before)
    rolls = (value < before) & (value >= 0) & (before < turn) & (rolled <= turn / 2)
    return np.where(rolls, rolled, grown)


NO_SUMS = Sums.of(np.empty(0, np.int64), np.empty(0))


def end_to_end(parts: Sequence[Sums]) -> Sums:
    if len(parts) == 1:
        return parts[0]
    return Sums(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Sums)))


def runs(keys: Counts) -> NDArray[np.intp]:
    """Where runs of equal keys begin."""
    return np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, np.intp)
