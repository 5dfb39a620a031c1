"""The sharing nearest a wanted one that no group has a reason to leave.

Nearest: the sum of the squared changes, each divided by the wanted share, is least. A group that pays too much is then
lowered by one percentage for all its members, and the others raised by one percentage; plain squares would change
every member by the same amount of money, the village as the city.

The method is the dual active set of Goldfarb and Idnani, *A numerically stable dual method for solving strictly convex
quadratic programs*, Mathematical Programming 27 (1983): it takes limits one by one, the most exceeded first, and
so only needs to be told, by an *oracle*, which group that is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from beffroi.pooling.coalitions import Floats

DEPENDENT = 1e-10
"""a limit of which no more than this is new, of its length squared, adds nothing to those held"""


@dataclass(frozen=True, eq=False)
class Limit:
    """The members marked 1 pay at most `amount` together; exactly so when `exact`."""

    members: Floats
    amount: float
    exact: bool = False


Oracle = Callable[[Floats], Limit | None]
"""The limit that shares exceed most; None when none is exceeded."""


class Unsatisfiable(Exception):
    """No sharing satisfies all limits: `limits`, with weights, contradict each other."""

    def __init__(self, limits: Sequence[tuple[Limit, float]]) -> None:
        super().__init__("contradictory limits")
        self.limits = tuple(limits)


@dataclass
class _Held:
    """The limits that hold with equality, and the price of each."""

    limits: list[Limit] = field(default_factory=list)
    prices: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Nearest:
    """`binding`: the groups that pay just what they would alone."""

    shares: Floats
    binding: tuple[Limit, ...]


def relative_weights(wanted: Floats) -> Floats:
    """By which squared changes are divided. The least wanted share counts as a hundredth of the mean."""
    mean = float(np.abs(wanted).mean()) or 1.0
    return np.maximum(wanted, mean / 100)


def nearest(wanted: Floats, exact: Sequence[Limit], oracle: Oracle, weights: Floats | None = None) -> Nearest:
    """Raises `Unsatisfiable`. The `exact` limits are independent; the shares satisfy whatever `oracle` checks."""
    root = np.sqrt(relative_weights(wanted) if weights is None else weights)
    held, point = _Held(), wanted / root
    for limit in exact:
        point = _taken(point, limit, held, root)
    while (exceeded := oracle(point * root)) is not None:
        point = _taken(point, exceeded, held, root)
    return Nearest(point * root, tuple(limit for limit in held.limits if not limit.exact))


def _taken(point: Floats, limit: Limit, held: _Held, root: Floats) -> Floats:
    """The nearest point that also satisfies `limit`: towards it along the limits held, leaving those in the way."""
    normal, price = limit.members * root, 0.0
    while True:
        along, away = _split(normal, held, root)
        beyond = float(normal @ point) - limit.amount
        length = float(away @ away)
        whole = beyond / length if length > DEPENDENT * float(normal @ normal) else np.inf
        step, leaving = _first_to_leave(along, held)
        if limit.exact or whole <= step:
            if not np.isfinite(whole):
                raise Unsatisfiable(_contradiction(limit, along, held))
            held.prices = [old - whole * share for old, share in zip(held.prices, along, strict=True)]
            held.limits.append(limit)
            held.prices.append(price + whole)
            return point - whole * away
        if not np.isfinite(step):
            raise Unsatisfiable(_contradiction(limit, along, held))
        if np.isfinite(whole):
            point = point - step * away
        held.prices = [old - step * share for old, share in zip(held.prices, along, strict=True)]
        price += step
        del held.limits[leaving], held.prices[leaving]


def _split(normal: Floats, held: _Held, root: Floats) -> tuple[Floats, Floats]:
    """`normal` as a combination of the limits held, and what of it is not."""
    if not held.limits:
        return np.zeros(0), normal
    matrix = np.array([one.members for one in held.limits]).T * root[:, None]
    along = np.asarray(np.linalg.lstsq(matrix, normal, rcond=None)[0], dtype=np.float64)
    away: Floats = normal - matrix @ along
    return along, away


def _first_to_leave(along: Floats, held: _Held) -> tuple[float, int]:
    """How far until the price of a limit falls to 0, and which."""
    best, leaving = np.inf, -1
    for index, (limit, share) in enumerate(zip(held.limits, along, strict=True)):
        if not limit.exact and share > DEPENDENT and max(held.prices[index], 0.0) / share < best:
            best, leaving = max(held.prices[index], 0.0) / share, index
    return best, leaving


def _contradiction(limit: Limit, along: Floats, held: _Held) -> list[tuple[Limit, float]]:
    return [(limit, 1.0), *((one, -float(share)) for one, share in zip(held.limits, along, strict=True))]
