"""What each unit comes to over stretches of days: pure columns, whatever they were read from.

A gauge is the mean of its days, each day counting once however often its sensor spoke. A counter is its growth by day:
from the reading that ends the first day seen to the one that ends the last, over the days between, so that a gap in
the midst, whose growth the next reading brings, changes nothing.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Way = Literal["mean", "growth"]


class Rates(NamedTuple):
    """By row and column (series, stretch): the figure a day, NaN without any; on how many days something was seen."""

    rate: Floats
    days: Integers


def rates(
    way: Way, row: Integers, day: Integers, value: Floats, stretch: Integers, run: Integers, shape: tuple[int, int]
) -> Rates:
    """Columns of one length, in the order of (row, day), a day once. `value`: of the day, its mean or its growth since
    the reading before, NaN where there is none. `stretch`: the column each counts in; `run`: between two of which
    nothing is counted."""
    place = row * shape[1] + stretch
    size = shape[0] * shape[1]
    if way == "mean":
        told = ~np.isnan(value)
        row, day, value, place = row[told], day[told], value[told], place[told]
        days = np.bincount(place, minlength=size)
        sums = np.bincount(place, value, size).astype(np.float64)
        spans = days.astype(np.float64)
    else:
        days = np.bincount(place, minlength=size)
        follows = np.zeros(len(row), bool)
        follows[1:] = (row[1:] == row[:-1]) & (run[1:] == run[:-1])
        follows &= ~np.isnan(value)
        step = np.append(0, np.diff(day)).astype(np.float64)
        sums = np.bincount(place[follows], value[follows], size).astype(np.float64)
        spans = np.bincount(place[follows], step[follows], size).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(spans > 0, sums / spans, np.nan)
    return Rates(rate.reshape(shape), days.reshape(shape).astype(np.int64))


class Together(NamedTuple):
    """Units being summed up, series by series: sums of their figures, and of how many."""

    sums: Floats
    counts: Integers

    @classmethod
    def empty(cls, units: int, columns: int) -> "Together":
        return cls(np.zeros((units, columns)), np.zeros((units, columns), np.int64))

    def add(self, unit: Integers, rate: Floats) -> None:
        """`rate`: a row a series, of the units named in `unit`."""
        told = ~np.isnan(rate)
        np.add.at(self.sums, unit, np.where(told, rate, 0.0))
        np.add.at(self.counts, unit, told.astype(np.int64))

    def figures(self, way: Way, series: Integers) -> Floats:
        """The mean of a unit's gauges, the sum of its counters; of a stretch in which some of its `series` were silent,
        as if these had been as the others."""
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(self.counts > 0, self.sums / self.counts, np.nan)
        return mean * series[:, None] if way == "growth" else mean
