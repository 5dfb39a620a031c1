"""What any group would pay together a year: tariffs by what it uses, and travel from the best placed of its members."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from beffroi.pooling.coalitions import Floats, sizes, sums
from beffroi.pooling.service_groups import Curve, Flags, Groups
from beffroi.pooling.services import Service


@dataclass(frozen=True, eq=False)
class Pool:
    """`travel`: a year, from the row's place to the column's, 0 on the diagonal; None where distances do not count."""

    curves: Sequence[Curve]
    travel: Floats | None
    count: int

    @classmethod
    def of(cls, service: Service, travel: Floats | None) -> "Pool":
        return cls(Groups(service).curves, travel, len(service.members))

    def only(self, members: Flags) -> "Pool":
        """Of some of them, in the same order."""
        curves = [replace(one, used=one.used[members]) for one in self.curves]
        travel = None if self.travel is None else self.travel[np.ix_(members, members)]
        return Pool(curves, travel, int(members.sum()))

    def cost(self, chosen: Flags) -> float:
        """Infinite where no member can serve all the others."""
        return self.tariffs(chosen) + self.going(chosen)[1]

    def tariffs(self, chosen: Flags) -> float:
        return float(sum(one.cost(one.used @ chosen) for one in self.curves))

    def going(self, chosen: Flags) -> tuple[int, float]:
        """From which member the group is served, and what travel then costs it."""
        inside = np.flatnonzero(chosen)
        if self.travel is None:
            return int(inside[0]), 0.0
        each = self.travel[np.ix_(inside, inside)].sum(axis=1)
        best = int(each.argmin())
        return int(inside[best]), float(each[best])

    def table(self) -> Floats:
        """Of all 2^n groups; the empty one pays nothing."""
        found = np.zeros(1 << self.count)
        for curve in self.curves:
            found += curve.cost(np.asarray(sums(curve.used), dtype=np.float64))
        if self.travel is not None:
            found += self._least_travel()
        found[0] = 0.0
        return found

    def _least_travel(self) -> Floats:
        masks = np.arange(1 << self.count)
        least = np.full(1 << self.count, np.inf)
        least[0] = 0.0
        assert self.travel is not None
        for place in range(self.count):
            inside = (masks >> place & 1).astype(bool)
            np.minimum(least, np.where(inside, sums(self.travel[place]), np.inf), out=least)
        return least


@dataclass(frozen=True, eq=False)
class Sizes:
    """By size, from 2: what the best group found saves, and what none of that size exceeds. `groups`: which it is.
    Minus infinity where no group can be."""

    found: Floats
    bound: Floats
    groups: dict[int, Flags]

    @property
    def best(self) -> int | None:
        """The size of the group that saves most, the smallest of equals; None when none saves anything."""
        size = int(self.found.argmax())
        return size if self.found[size] > 0 else None


class Exact:
    """Every group is tried: up to 20 members."""

    method = "exact"

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._costs = pool.table()
        self._sizes = sizes(pool.count)
        self._masks = np.arange(1 << pool.count)

    def sizes(self, values: Floats, candidates: Flags) -> Sizes:
        """`values`: what each would pay alone, less what joining costs it."""
        saved = np.asarray(sums(values), dtype=np.float64) - self._costs
        outside = int(sum(1 << one for one in np.flatnonzero(~candidates)))
        saved[(self._masks & outside) != 0] = -np.inf
        found = np.full(self.pool.count + 1, -np.inf)
        groups: dict[int, Flags] = {}
        for size in range(2, int(candidates.sum()) + 1):
            of_size = np.flatnonzero(self._sizes == size)
            mask = int(of_size[saved[of_size].argmax()])
            found[size] = saved[mask]
            if np.isfinite(found[size]):
                groups[size] = (mask >> np.arange(self.pool.count) & 1).astype(bool)
        return Sizes(found, found, groups)
