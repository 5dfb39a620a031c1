"""A certificate for the nucleolus: Kohlberg, *On the nucleolus of a characteristic function game*, SIAM Journal on
Applied Mathematics 20 (1971); extended to weighted excesses, whose order alone it uses.

It does not repeat the computation: whatever shares it is given, it tells whether they are the nucleolus.
"""

import numpy as np
from numpy.typing import NDArray

from beffroi.pooling.coalitions import Floats, paid, rows
from beffroi.pooling.core import EQUAL
from beffroi.pooling.games import Game
from beffroi.pooling.linear import NO_LIMIT, Program, minimum
from beffroi.pooling.spans import Span

SAME = 1e-8
"""levels closer than this, of the size of the figures, are one"""


def certified(game: Game, shares: Floats, weights: Floats, *, capped: bool = False) -> bool:
    """At every level, the groups at or above it are balanced: no change of shares favours one without hurting another.

    `capped`: shares that are at their stand-alone cost may only fall (the nucleolus proper, among imputations).
    """
    discontent = (paid(shares) - game.costs)[1:-1] / weights[1:-1]
    order = np.argsort(-discontent, kind="stable")
    ends = np.flatnonzero(-np.diff(discontent[order]) > SAME * np.abs(discontent).max())
    at_cap = np.flatnonzero(shares >= game.alone - EQUAL * game.scale) if capped else np.zeros(0, dtype=np.int64)
    span = Span(game.count)
    span.add([game.everyone])
    for end in [*(ends + 1), len(order)]:
        masks = order[:end] + 1
        if not _balanced(masks, at_cap, game.count):
            return False
        span.add(int(mask) for mask in masks)
        if span.full:
            return True
    return span.full


def _balanced(masks: NDArray[np.int64], at_cap: NDArray[np.int64], count: int) -> bool:
    """No direction that keeps the total lowers one of the groups and raises none."""
    groups = rows(masks, count)
    matrix = np.vstack([np.ones(count), groups, np.eye(count)[at_cap]])
    others = len(matrix) - 1
    found = minimum(
        Program(
            objective=groups.sum(axis=0),
            matrix=matrix,
            lower=np.append(0.0, np.full(others, -NO_LIMIT)),
            upper=np.zeros(others + 1),
            least=np.full(count, -1.0),
            most=np.ones(count),
        )
    )
    return found is not None and found.value > -1e-7
