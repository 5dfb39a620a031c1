"""The sharing nearest a wanted one that no group has a reason to leave.

Nearest: the sum of the squared changes, each divided by the wanted share, is least. A group that pays too much is then
lowered by one percentage for all its members, and the others raised by one percentage; plain squares would change
every member by the same amount of money, the village as the city.

The method is the dual active set of Goldfarb and Idnani, *A numerically stable dual method for solving strictly convex
quadratic programs*, Mathematical Programming 27 (1983): it takes limits one by one, the most exceeded first, and
so only needs to be told, by an *oracle*, which group that is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from beffroi.pooling.coalitions import Floats

DEPENDENT = 1e-9
"""a limit of which no more than this is new, of its length, adds nothing to those held"""


@dataclass(frozen=True, eq=False)
class Limit:
    """The members marked 1 pay at most `amount` together; exactly so when `exact`."""

    members: Floats
    amount: float
    exact: bool = False


Oracle = Callable[[Floats], Limit | None]
"""The limit that shares exceed most; None when none is exceeded."""


class Unsatisfiable(Exception):
    """No sharing satisfies all limits. Those of `limits`, with their weights, contradict each other: the members of
    those that are not exact, by weight, add up to every member as often."""

    def __init__(self, limits: Sequence[tuple[Limit, float]]) -> None:
        super().__init__("contradictory limits")
        self.limits = tuple(limits)


class _Held:
    """The limits that hold with equality, the price of each, and their normals as an orthonormal basis `q` times a
    triangle `r`, kept up as limits come and go."""

    def __init__(self, root: Floats) -> None:
        self.root = root
        self.limits: list[Limit] = []
        self.prices: Floats = np.zeros(0)
        self._q = np.zeros((len(root), 0))
        self._r = np.zeros((0, 0))

    def split(self, normal: Floats) -> tuple[Floats, Floats]:
        """`normal` as a combination of the limits held, and what of it is not."""
        on_basis = self._q.T @ normal
        away = normal - self._q @ on_basis
        again = self._q.T @ away  # a second time: rounding of the first
        along = np.asarray(np.linalg.solve(self._r, on_basis + again), dtype=np.float64)
        return along, away - self._q @ again

    def add(self, limit: Limit, price: float) -> None:
        normal = limit.members * self.root
        along, away = self.split(normal)
        size = float(np.linalg.norm(away))
        self._r = np.block([[self._r, (self._r @ along)[:, None]], [np.zeros((1, len(self.limits))), size]])
        self._q = np.column_stack([self._q, away / size])
        self.limits.append(limit)
        self.prices = np.append(self.prices, price)

    def drop(self, index: int) -> None:
        turned, self._r = np.linalg.qr(np.delete(self._r, index, axis=1))
        self._q = self._q @ turned
        del self.limits[index]
        self.prices = np.delete(self.prices, index)

    def first_to_leave(self, along: Floats) -> tuple[float, int]:
        """How far until the price of a limit falls to 0, and which."""
        falling = (along > DEPENDENT) & ~self._exact()
        if not falling.any():
            return np.inf, -1
        far = np.where(falling, np.maximum(self.prices, 0.0) / np.where(falling, along, 1.0), np.inf)
        return float(far.min()), int(far.argmin())

    def begin(self, wanted: Floats, limits: Sequence[Limit]) -> Floats:
        """Hold those of `limits`, independent, that the nearest point to `wanted` on all of them presses on."""
        for limit in limits:
            self.add(limit, 0.0)
        while True:
            amounts = np.array([limit.amount for limit in self.limits])
            onto = np.linalg.solve(self._r.T, self._r.T @ (self._q.T @ wanted) - amounts)
            self.prices = np.asarray(np.linalg.solve(self._r, onto), dtype=np.float64)
            loose = np.where(self._exact(), np.inf, self.prices)
            if loose.min() >= 0.0:
                return wanted - self._q @ onto
            self.drop(int(loose.argmin()))

    def _exact(self) -> NDArray[np.bool_]:
        return np.array([limit.exact for limit in self.limits], dtype=bool)


@dataclass(frozen=True)
class Nearest:
    """`binding`: the groups that pay just what they would alone."""

    shares: Floats
    binding: tuple[Limit, ...]


def relative_weights(wanted: Floats) -> Floats:
    """By which squared changes are divided. The least wanted share counts as a hundredth of the mean."""
    mean = float(np.abs(wanted).mean()) or 1.0
    return np.maximum(wanted, mean / 100)


def nearest(wanted: Floats, limits: Sequence[Limit], oracle: Oracle) -> Nearest:
    """Raises `Unsatisfiable`. `limits`, independent, some exact, are known from the start; the shares satisfy them and
    whatever `oracle` checks."""
    root = np.sqrt(relative_weights(wanted))
    held = _Held(root)
    point = held.begin(wanted / root, limits)
    while (exceeded := oracle(point * root)) is not None:
        point = _taken(point, exceeded, held)
    return Nearest(point * root, tuple(limit for limit in held.limits if not limit.exact))


def _taken(point: Floats, limit: Limit, held: _Held) -> Floats:
    """The nearest point that also satisfies `limit`: towards it along the limits held, leaving those in the way."""
    normal, price = limit.members * held.root, 0.0
    while True:
        along, away = held.split(normal)
        beyond = float(normal @ point) - limit.amount
        length = float(away @ away)
        whole = beyond / length if length > DEPENDENT**2 * float(normal @ normal) else np.inf
        step, leaving = held.first_to_leave(along)
        if min(whole, step) == np.inf:
            raise Unsatisfiable(_contradiction(limit, along, held))
        held.prices = held.prices - min(whole, step) * along
        price += min(whole, step)
        if np.isfinite(whole):
            point = point - min(whole, step) * away
        if whole <= step:
            held.add(limit, price)
            return point
        held.drop(leaving)


def _contradiction(limit: Limit, along: Floats, held: _Held) -> list[tuple[Limit, float]]:
    return [(limit, 1.0), *((one, -float(share)) for one, share in zip(held.limits, along, strict=True))]
