"""The least core: the sharings whose largest excess is the least possible.

Maschler, Peleg and Shapley (1979). It is the core shrunk, or grown until it exists: its largest excess is what the core
leaves as margin, or lacks. It may hold many sharings; the one nearest the proportion of stand-alone costs is given.
"""

import numpy as np

from beffroi.pooling.coalitions import Floats, first_of, paid, rows
from beffroi.pooling.games import Game
from beffroi.pooling.nearest import Limit, nearest
from beffroi.pooling.nucleolus import least_excess
from beffroi.pooling.spans import Span

NEAR = 1e-8
"""of the size of the figures: what the largest excess may exceed the least by"""


def least_core(game: Game) -> Floats:
    if game.count == 1 or not game.costs.any():
        return np.full(game.count, game.total)
    least, tight = least_excess(game)
    exact = [_limit(game, game.everyone, 0.0, exact=True)]
    span = Span(game.count)
    span.add([game.everyone])
    exact += [_limit(game, mask, least, exact=True) for mask in span.add(tight)]

    def most_exceeded(shares: Floats) -> Limit | None:
        over = (paid(shares) - game.costs)[1:-1] - least
        worst = float(over.max())
        if worst <= NEAR * game.scale:
            return None
        mask = first_of(np.flatnonzero(over >= worst - NEAR * game.scale) + 1)
        return _limit(game, mask, least, exact=False)

    return nearest(_proportional(game), exact, most_exceeded).shares


def _proportional(game: Game) -> Floats:
    together = float(game.alone.sum())
    if together <= 0:
        return np.full(game.count, game.total / game.count)
    return game.alone * (game.total / together)


def _limit(game: Game, mask: int, excess: float, *, exact: bool) -> Limit:
    return Limit(rows(np.array([mask]), game.count)[0], float(game.costs[mask]) + excess, exact)
