"""Is a sharing stable? The core: no group pays more than it would alone (Gillies 1959).

The *excess* of a group is what it pays less what it would pay alone: what it would save by leaving. Above 0, it blocks.
"""

from dataclasses import dataclass

import numpy as np

from beffroi.pooling.coalitions import Floats, first_of, paid
from beffroi.pooling.games import Game

EQUAL = 1e-9
"""of the size of the figures: less is rounding"""


@dataclass(frozen=True)
class Stability:
    """`excess`: the largest of any group but the whole; `blocking`: whose, nobody's when it is not above 0."""

    inside: bool
    blocking: tuple[str, ...]
    excess: float


def excesses(game: Game, shares: Floats) -> Floats:
    return paid(shares) - game.costs


def stability(game: Game, shares: Floats) -> Stability:
    """Of all 2^n - 2 groups. Where several gain as much by leaving, the smallest blocks."""
    found = excesses(game, shares)[1:-1]
    if not len(found):
        return Stability(inside=True, blocking=(), excess=0.0)
    worst, near = float(found.max()), EQUAL * game.scale
    if worst <= near:
        return Stability(inside=True, blocking=(), excess=min(worst, 0.0))
    mask = first_of(np.flatnonzero(found >= worst - near) + 1)
    return Stability(inside=False, blocking=tuple(game.names(mask)), excess=worst)
