"""Games with defaults."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import strategies as st

from beffroi.pooling.coalitions import Floats, members
from beffroi.pooling.games import Game
from beffroi.pooling.services import Member, Service
from beffroi.pooling.tariffs import AllUnits, Fixed, FlatStep, Packs, PerUnit, Rate, Slices, Stepped, Tariff

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


def a_member(name: str = "A", **quantities: Any) -> Member:
    return Member(name, {unit: Decimal(str(quantity)) for unit, quantity in quantities.items()})


def a_service(*costs: Any, devices: Sequence[int] = (10, 20, 30), **changes: Any) -> Service:
    members = [a_member(name, devices=count) for name, count in zip("ABCDEFGHIJKLMNOPQRST", devices, strict=False)]
    return Service(members=changes.pop("members", members), costs=list(costs), **changes)


def rates(*pairs: tuple[int, str]) -> list[Rate]:
    return [Rate(Decimal(price), Decimal(since)) for since, price in pairs]


@st.composite
def tariffs(draw: st.DrawFn, unit: str = "devices") -> Tariff:
    """Any kind, of whole amounts."""
    price = st.integers(1, 30).map(Decimal)
    marks = sorted(draw(st.sets(st.integers(1, 60), min_size=1, max_size=3)))
    prices = sorted(draw(st.lists(price, min_size=len(marks) + 1, max_size=len(marks) + 1)))
    stepped = [FlatStep(one * 10, Decimal(mark)) for one, mark in zip(prices, marks, strict=False)]
    falling = [Rate(one, Decimal(mark)) for one, mark in zip(reversed(prices), [0, *marks], strict=True)]
    kinds: list[Tariff] = [
        Fixed(amount=prices[0] * 20),
        PerUnit(unit=unit, price=prices[0]),
        Stepped(unit=unit, steps=[*stepped, FlatStep(prices[-1] * 10)]),
        Packs(unit=unit, size=Decimal(marks[0]), price=prices[-1] * 3),
        Slices(unit=unit, rates=falling),
        AllUnits(unit=unit, rates=falling),
    ]
    return draw(st.sampled_from(kinds))


@st.composite
def service_models(draw: st.DrawFn, least: int = 2, most: int = 6) -> Service:
    devices = draw(st.lists(st.integers(0, 20), min_size=least, max_size=most).filter(any))
    return a_service(*draw(st.lists(tariffs(), min_size=1, max_size=3)), devices=devices)
