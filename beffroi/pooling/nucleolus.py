"""The nucleolus: of the most discontented groups, the least discontent; then of the next; to the end.

Schmeidler, *The nucleolus of a characteristic function game*, SIAM Journal on Applied Mathematics 17 (1969), by the
sequence of linear programs of Maschler, Peleg and Shapley, *Geometric properties of the kernel, nucleolus, and related
solution concepts*, Mathematics of Operations Research 4 (1979). The discontent of a group is its excess divided by a
weight: 1; its size (per capita: Grotte 1970, the *weak nucleolus* of Young, Okada and Hashimoto 1982); its cost
(*proportional nucleolus* of the same).
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from beffroi.errors import Invalid, Text
from beffroi.pooling.coalitions import Floats, first_of, paid, rows, sizes
from beffroi.pooling.games import Game
from beffroi.pooling.linear import NO_LIMIT, Optimum, Program, minimum
from beffroi.pooling.spans import Span

Masks = NDArray[np.int64]
FEASIBLE = 1e-9
"""of the size of the figures: how far a coalition may exceed the level of its stage"""
PRICED = 1e-7
"""the dual price from which a coalition is tight in every optimum"""


@dataclass
class Stages:
    """What is settled so far. `levels[k]` is the discontent of the coalitions settled at stage k."""

    game: Game
    weights: Floats
    caps: Floats
    span: Span
    open_: NDArray[np.bool_]
    pool: Masks
    settled: list[tuple[int, int]] = field(default_factory=list)
    """each coalition with its stage, dependent ones too"""
    basis: list[tuple[int, float]] = field(default_factory=list)
    """independent coalitions with their payment"""
    levels: list[float] = field(default_factory=list)


def nucleolus(game: Game) -> Floats:
    return _within_imputations(game, np.ones(len(game.costs)))


def per_capita(game: Game) -> Floats:
    return _within_imputations(game, sizes(game.count).astype(np.float64))


def proportional(game: Game) -> Floats:
    free = np.flatnonzero(game.costs[1:] <= 1e-12 * game.scale) + 1
    if game.costs[1:].any() and len(free):
        named = ", ".join(game.names(first_of(free)))
        raise Invalid(
            "method",
            Text(
                f"nucleolus-proportional : un groupe ne coûte rien seul ({named}), rien à quoi rapporter son gain",
                f"nucleolus-proportional: a group costs nothing alone ({named}): no cost to compare its gain with",
            ),
        )
    return _within_imputations(game, game.costs / game.scale)


def least_excess(game: Game) -> tuple[float, list[int]]:
    """The least that the largest excess can be, and groups that have it in every sharing that attains it. The game has
    two members at least."""
    scaled = Game(game.players, game.costs / game.scale)
    stages = _begun(scaled, np.ones(len(game.costs)), np.full(game.count, NO_LIMIT))
    _settle(stages, _stage(stages))
    return stages.levels[0] * game.scale, [mask for mask, _ in stages.settled]


def _within_imputations(game: Game, weights: Floats) -> Floats:
    """Schmeidler's nucleolus lies among the imputations: nobody pays more than alone. Where the unrestricted one does
    already, they are the same; where there are none, the unrestricted one is what remains."""
    if not game.costs.any():
        return np.zeros(game.count)
    near = FEASIBLE * game.scale
    found = _found(game, weights, np.full(game.count, NO_LIMIT))
    if (found <= game.alone + near).all() or game.alone.sum() < game.total - near:
        return found
    return _found(game, weights, game.alone / game.scale)


def _found(game: Game, weights: Floats, caps: Floats) -> Floats:
    scaled = Game(game.players, game.costs / game.scale)
    stages = _begun(scaled, weights, caps)
    while not stages.span.full:
        _settle(stages, _stage(stages))
    return _polished(stages) * game.scale


def _begun(game: Game, weights: Floats, caps: Floats) -> Stages:
    everyone, singles = game.everyone, 1 << np.arange(game.count)
    span = Span(game.count)
    span.add([everyone])
    open_ = np.ones(len(game.costs), dtype=bool)
    open_[[0, everyone]] = False
    # each coalition comes with its complement, so that a stage is never unbounded
    pool = np.unique(np.concatenate([singles, everyone ^ singles]))
    return Stages(game, weights, caps, span, open_, pool[open_[pool]], basis=[(everyone, game.total)])


def _stage(stages: Stages) -> Optimum:
    """The least level at which all open coalitions can be held. Only some are in the program; those that its solution
    exceeds most come in, until none does."""
    count = stages.game.count
    while True:
        optimum = minimum(_program(stages))
        if optimum is None:
            raise ArithmeticError("a stage of the nucleolus cannot be infeasible")
        over = paid(optimum.point[:count]) - stages.game.costs - optimum.point[count] * stages.weights
        over[~stages.open_] = -np.inf
        over[stages.pool] = -np.inf
        worst = np.argpartition(over, -4 * count)[-4 * count :] if len(over) > 4 * count else np.arange(len(over))
        worst = worst[over[worst] > FEASIBLE]
        if not len(worst):
            return optimum
        stages.pool = np.union1d(stages.pool, np.concatenate([worst, stages.game.everyone ^ worst]))


def _program(stages: Stages) -> Program:
    """Over the shares and the level: minimise the level."""
    count, pool = stages.game.count, stages.pool
    known = np.array([mask for mask, _ in stages.basis], dtype=np.int64)
    amounts = np.array([amount for _, amount in stages.basis])
    matrix = np.zeros((len(known) + len(pool), count + 1))
    matrix[: len(known), :count] = rows(known, count)
    matrix[len(known) :, :count] = rows(pool, count)
    matrix[len(known) :, count] = -stages.weights[pool]
    return Program(
        objective=np.append(np.zeros(count), 1.0),
        matrix=matrix,
        lower=np.concatenate([amounts, np.full(len(pool), -NO_LIMIT)]),
        upper=np.concatenate([amounts, stages.game.costs[pool]]),
        least=np.full(count + 1, -NO_LIMIT),
        most=np.append(stages.caps, NO_LIMIT),
    )


def _settle(stages: Stages, optimum: Optimum) -> None:
    """What has a price is tight in every optimum of the stage (complementary slackness): its payment is settled."""
    level = float(optimum.point[-1])
    prices = np.abs(optimum.prices[len(stages.basis) :])
    tight = [int(mask) for mask in stages.pool[prices > PRICED]]
    stages.settled += [(mask, len(stages.levels)) for mask in tight]
    stages.levels.append(level)
    for mask in stages.span.add(tight):
        stages.basis.append((mask, float(stages.game.costs[mask] + level * stages.weights[mask])))
    stages.open_[stages.span.coalitions()] = False
    stages.pool = stages.pool[stages.open_[stages.pool]]


def _polished(stages: Stages) -> Floats:
    """Shares and levels together, from the settled coalitions alone: free of the optimiser's tolerances."""
    count = stages.game.count
    if (stages.caps < NO_LIMIT).any():  # some shares are at their cap, which no settled coalition may say
        return _solved(rows(_masks(stages), count), np.array([amount for _, amount in stages.basis]))
    masks = np.array([mask for mask, _ in stages.settled], dtype=np.int64)
    matrix = np.zeros((len(masks) + 1, count + len(stages.levels)))
    matrix[0, :count] = 1.0
    matrix[1:, :count] = rows(masks, count)
    for row, (mask, stage) in enumerate(stages.settled, 1):
        matrix[row, count + stage] = -stages.weights[mask]
    return _solved(matrix, np.append(stages.game.total, stages.game.costs[masks]))[:count]


def _masks(stages: Stages) -> Masks:
    return np.array([mask for mask, _ in stages.basis], dtype=np.int64)


def _solved(matrix: Floats, amounts: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(matrix, amounts, rcond=None)[0], dtype=np.float64)
