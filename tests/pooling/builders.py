"""Games with defaults."""

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import strategies as st

from beffroi.pooling.coalitions import Floats, members
from beffroi.pooling.games import Game

SKANE = ("A", "H", "K", "L", "M", "T")


def a_game(cost: Callable[[tuple[int, ...]], float], count: int) -> Game:
    """A game whose costs are a function of the members' numbers."""
    costs = [cost(tuple(members(mask))) if mask else 0.0 for mask in range(1 << count)]
    return Game(tuple("ABCDEFGHIJKLMNOPQRST"[:count]), np.array(costs, dtype=np.float64))


def a_document(players: tuple[str, ...] = ("A", "B"), joined: str = "", **costs: Any) -> dict[str, Any]:
    """A file's content; what is not given costs as many as its members."""
    table: dict[str, Any] = {}
    for size in range(1, len(players) + 1):
        for group in combinations(players, size):
            table[joined.join(group)] = float(size)
    return {"players": list(players), "coalition_costs": table | costs}


def of_table(players: tuple[str, ...], table: Mapping[str, float]) -> Game:
    """Players of one letter."""
    return a_game(lambda group: table["".join(players[one] for one in group)], len(players))


@st.composite
def games(draw: st.DrawFn, least: int = 2, most: int = 5, top: int = 20) -> Game:
    """Whole costs, hence many ties."""
    count = draw(st.integers(least, most))
    costs = draw(st.lists(st.integers(1, top), min_size=(1 << count) - 1, max_size=(1 << count) - 1))
    return Game(tuple("ABCDEFGH"[:count]), np.array([0, *costs], dtype=np.float64))


@st.composite
def subadditive_games(draw: st.DrawFn, least: int = 2, most: int = 5) -> Game:
    """Each group pays for whatever any of its members needs, of a few things: the core is never empty."""
    count = draw(st.integers(least, most))
    things = draw(st.lists(st.tuples(st.integers(1, 30), st.sets(st.integers(0, count - 1), min_size=1)), min_size=1))
    return a_game(lambda group: float(sum(cost for cost, users in things if users & set(group))), count)


def listed(values: Floats) -> list[float]:
    return [round(float(value), 6) for value in values]
