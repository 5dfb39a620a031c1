"""Groups of hundreds: the best found of every size, and what none of that size can exceed.

The cost of a group bends with a few sums (its devices, its hours…). Under a price for each unit of these, the best
group of every size served from a given place is the place and those worth most: one sort tells all sizes. Whatever
the price, this is a bound (Lagrangian relaxation; Geoffrion, Mathematical Programming Study 2, 1974): on each straight
piece of the tariffs, what the price gets wrong is largest at an end. The bound of a size is the least over prices, of
the greatest over pieces and places; each group sorted out is also priced exactly, and the best is kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from beffroi.pooling.coalitions import Floats
from beffroi.pooling.groups.pool import Pool, Sizes
from beffroi.pooling.service_groups import Curve, Flags

Places = NDArray[np.intp]
PRICES = 32
"""tried, about"""
LEVELS = 8
"""of packs that are told apart; beyond, a begun pack costs its part at least"""
PIECES = 48
"""combinations of pieces at most; beyond, the most bent tariff costs at least its lowest mean price"""


@dataclass(frozen=True, eq=False)
class _Sum:
    """A quantity of the members, and the pieces of what is paid by its sum: low, high, base, slope."""

    used: Floats
    pieces: Floats

    @property
    def even(self) -> bool:
        """All have as much: the size of a group says its sum."""
        return bool((self.used == self.used[0]).all())


class Bounded:
    method = "bounded"

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def sizes(self, values: Floats, candidates: Flags, prices: int = PRICES) -> Sizes:
        """As `Exact.sizes`."""
        inside = np.flatnonzero(candidates)
        found = np.full(self.pool.count + 1, -np.inf)
        if len(inside) < 2:
            return Sizes(found, found.copy(), {})
        bound = found.copy()
        groups: dict[int, Flags] = {}
        looked = _Look(self.pool.only(candidates), values[inside])
        for price in looked.prices(prices):
            looked.at(price)
        found[2 : len(inside) + 1] = looked.found[1:]
        bound[2 : len(inside) + 1] = np.maximum(looked.bound, looked.found)[1:]
        for size, chosen in looked.groups.items():
            groups[size] = np.zeros(self.pool.count, dtype=bool)
            groups[size][inside[chosen]] = True
        return Sizes(found, bound, groups)


class _Look:
    """Arrays are by place (rows) and size less 1 (columns); one row where distances do not count."""

    def __init__(self, pool: Pool, values: Floats) -> None:
        self.pool, self.count = pool, len(values)
        straight = [one for one in pool.curves if _is_straight(one)]
        self._bent = [one for one in pool.curves if not _is_straight(one) and one.used.any()]
        worth = values - sum((one.pieces[0, 3] * one.used for one in straight), np.zeros(self.count))
        self._worth = worth[None, :] - (np.zeros((1, self.count)) if pool.travel is None else pool.travel)
        self._sums = _few(_sums(self._bent))
        self._ends = [_ends(one.used) for one in self._sums]
        self._pieces = list(product(*(range(len(one.pieces)) for one in self._sums)))
        self._bounds = np.full((len(self._pieces), len(self._worth), self.count), np.inf)
        self.found = np.full(self.count, -np.inf)
        self.groups: dict[int, Places] = {}

    @property
    def bound(self) -> Floats:
        return np.asarray(self._bounds.max(axis=(0, 1)), dtype=np.float64)

    def prices(self, about: int) -> Iterator[tuple[float, ...]]:
        bent = [one for one in self._sums if not one.even]
        each = max(3, round(about ** (1 / max(len(bent), 1))))
        yield from product(*([0.0] if one.even else self._prices(one, each) for one in self._sums))

    def _prices(self, one: _Sum, about: int) -> list[float]:
        """Those of the pieces, and those at which a member is just worth it, evenly taken."""
        some = one.used > 0
        ratios = self._worth.max(axis=0)[some] / one.used[some]
        slopes = np.unique(one.pieces[:, 3])[:about]
        more = np.quantile(ratios, np.linspace(0, 1, max(about - len(slopes), 2)))
        return [float(price) for price in np.unique(np.concatenate([slopes, more]))]

    def at(self, price: tuple[float, ...]) -> None:
        left = self._worth - sum((each * one.used for each, one in zip(price, self._sums, strict=True)), 0.0)
        order = self._order(left)
        together = np.take_along_axis(left, order, axis=1).cumsum(axis=1)
        for number, pieces in enumerate(self._pieces):
            np.minimum(self._bounds[number], together + self._wrong(price, pieces), out=self._bounds[number])
        self._keep(order)

    def _order(self, left: Floats) -> Places:
        """The place itself first."""
        ranked = left
        if self.pool.travel is not None:
            ranked = left.copy()
            np.fill_diagonal(ranked, np.inf)
        return np.asarray(np.argsort(-ranked, axis=1, kind="stable"))

    def _wrong(self, price: tuple[float, ...], pieces: tuple[int, ...]) -> Floats:
        """By size, the most by which costs at this price exceed those of the pieces; minus infinity where no group of
        the size can be on them."""
        most = np.zeros(self.count)
        for each, one, (least, greatest), number in zip(price, self._sums, self._ends, pieces, strict=True):
            low, high, base, slope = one.pieces[number]
            low_of, high_of = np.maximum(least, low), np.minimum(greatest, high)
            near = 1e-9 * (one.used.sum() or 1.0)
            gained = np.maximum((each - slope) * low_of, (each - slope) * high_of) - base
            most += np.where(low_of <= high_of + near, gained, -np.inf)
        return most

    def _keep(self, order: Places) -> None:
        saved = np.take_along_axis(self._worth, order, axis=1).cumsum(axis=1)
        for curve in self._bent:
            saved = saved - curve.cost(curve.used[order].cumsum(axis=1))
        best = saved.argmax(axis=0)
        for size in np.flatnonzero(saved[best, np.arange(self.count)] > self.found):
            if size:
                self.found[size] = saved[best[size], size]
                self.groups[int(size) + 1] = order[best[size], : size + 1].copy()


def _is_straight(curve: Curve) -> bool:
    return curve.packs is None and len(curve.pieces) == 1


def _sums(curves: Sequence[Curve]) -> list[_Sum]:
    """What is paid by the same quantity, together."""
    found: list[_Sum] = []
    for curve in curves:
        mine = _Sum(curve.used, _pieces_of(curve))
        for place, one in enumerate(found):
            if np.array_equal(one.used, mine.used):
                found[place] = _Sum(one.used, _added(one.pieces, mine.pieces))
                break
        else:
            found.append(mine)
    return found


def _few(sums: list[_Sum]) -> list[_Sum]:
    while prod(len(one.pieces) for one in sums) > PIECES:
        place = max(range(len(sums)), key=lambda one: len(sums[one].pieces))
        sums[place] = _Sum(sums[place].used, _ray(sums[place].pieces))
    return sums


def _pieces_of(curve: Curve) -> Floats:
    whole = float(curve.used.sum())
    if curve.packs is None:
        kept = curve.pieces[curve.pieces[:, 0] <= whole].copy()
        kept[:, 1] = np.minimum(kept[:, 1], whole)
        return kept
    size, price = curve.packs
    if (levels := int(np.ceil(whole / size))) > LEVELS:
        return np.array([[0.0, whole, 0.0, price / size]])
    return np.array(
        [[0.0, 0.0, 0.0, 0.0], *([(one - 1) * size, one * size, one * price, 0.0] for one in range(1, levels + 1))]
    )


def _added(one: Floats, other: Floats) -> Floats:
    rows = [
        [max(first[0], second[0]), min(first[1], second[1]), first[2] + second[2], first[3] + second[3]]
        for first, second in product(one, other)
    ]
    return np.array([row for row in rows if row[0] <= row[1]])


def _ray(pieces: Floats) -> Floats:
    """One piece, which nowhere costs more: the lowest mean price of any sum. It is at an end of a piece."""
    prices = [
        base / end + slope for low, high, base, slope in pieces for end in (low, high) if end > 0 and np.isfinite(end)
    ]
    return np.array([[0.0, float(pieces[:, 1].max()), 0.0, reduce(min, prices, np.inf) if prices else 0.0]])


def _ends(used: Floats) -> tuple[Floats, Floats]:
    """By size, the least and the greatest sum of a group."""
    rising = np.sort(used)
    return rising.cumsum(), rising[::-1].cumsum()
