"""Counted again the long way, over thousands of random games of up to eight members: every order of arrival, every
group, every level of the nucleolus."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations, permutations

import numpy as np
import pytest

from beffroi.pooling import nucleolus, shares
from beffroi.pooling.coalitions import Floats
from beffroi.pooling.core import stability
from beffroi.pooling.games import Game
from beffroi.pooling.kohlberg import certified
from beffroi.pooling.methods import METHODS
from tests.trials import SOAK

SIZES = range(2, 9)
GAMES = 2_000 if SOAK else 300
"""of each size"""


def random_games(count: int, players: int) -> Iterator[Game]:
    """Any at all, every other one such that groups never cost more together."""
    random = np.random.default_rng(players)
    for number in range(count):
        costs = random.integers(0, 1_000, 1 << players).astype(float)
        costs[0] = 0
        if number % 2:
            alone = random.integers(1, 100, players)
            heads = [bin(mask).count("1") for mask in range(1 << players)]
            whole = [sum(int(alone[one]) for one in range(players) if mask >> one & 1) for mask in range(1 << players)]
            costs = np.array(whole) / np.sqrt(np.maximum(heads, 1))
        yield Game(tuple("ABCDEFGH"[:players]), costs)


@cache
def arrivals(players: int) -> tuple[np.ndarray, np.ndarray]:
    """Of every order, who arrives at each step, and the group as it is then."""
    orders = np.array(list(permutations(range(players))))
    return orders, np.cumsum(1 << orders, axis=1)


@pytest.mark.parametrize("players", SIZES)
def test_shapley_is_the_mean_over_every_order_of_arrival(players: int) -> None:
    orders, groups = arrivals(players)
    for game in random_games(GAMES, players):
        added = np.diff(game.costs[groups], axis=1, prepend=0.0)
        found = np.array([added[orders == one].mean() for one in range(players)])
        assert shares.shapley(game) == pytest.approx(found, abs=1e-6)


@pytest.mark.parametrize("players", SIZES)
def test_who_would_leave_is_found_among_every_group(players: int) -> None:
    groups = [group for size in range(1, players) for group in combinations(range(players), size)]
    for game in random_games(GAMES, players):
        for name in ("shapley", "proportional-standalone"):
            share = METHODS[name].share(game)
            gains = {group: _paid(share, group) - game.costs[sum(1 << one for one in group)] for group in groups}
            worst, found = max(gains.values()), stability(game, share)
            assert found.inside == (worst <= 1e-9 * game.scale)
            if not found.inside:
                assert found.excess == pytest.approx(worst)
                assert gains[tuple(map(game.players.index, found.blocking))] == pytest.approx(worst)


@pytest.mark.parametrize("players", SIZES)
def test_the_nucleolus_is_certified_by_another_method(players: int) -> None:
    for game in random_games(GAMES // (50 if players > 6 else 10), players):
        found = nucleolus.nucleolus(game)
        assert certified(game, found, np.ones(len(game.costs)), capped=bool(game.alone.sum() >= game.total))


def _paid(share: Floats, group: tuple[int, ...]) -> float:
    return float(sum(share[one] for one in group))
