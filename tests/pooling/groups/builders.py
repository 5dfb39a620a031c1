"""Questions with defaults, and what is true of them by trying everything."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import strategies as st

from beffroi.pooling.groups import places
from beffroi.pooling.groups.pool import Pool
from beffroi.pooling.groups.question import Candidate, Distance, Question, RunningContract
from beffroi.pooling.groups.starting import Day
from beffroi.pooling.keys import Key, Part
from beffroi.pooling.service_groups import Flags
from beffroi.pooling.tariffs import Fixed, PerUnit
from tests.pooling.builders import tariffs

EQUAL = Key((Part("members"),))
START, UNTIL = date(2027, 1, 1), date(2031, 1, 1)


def a_candidate(name: str = "A", devices: int = 10, **more: Any) -> Candidate:
    return Candidate(name=name, quantities={"devices": Decimal(devices)}, **more)


def a_contract(ends: date = date(2027, 12, 31), yearly: int = 1000, penalty: int = 0) -> RunningContract:
    return RunningContract(ends=ends, yearly=Decimal(yearly), penalty=Decimal(penalty))


def a_question(*members: Candidate, **changes: Any) -> Question:
    """A platform of 1,000 and 10 a device, for four years."""
    given: dict[str, Any] = {
        "costs": [Fixed(amount=Decimal(1000)), PerUnit(unit="devices", price=Decimal(10))],
        "members": list(members) or [a_candidate(one) for one in "ABC"],
        "sharing_key": EQUAL,
        "start": START,
        "until": UNTIL,
    }
    return Question(**{**given, **changes})


def pool_of(question: Question) -> Pool:
    travel = None
    if question.distance is not None:
        travel = places.travel(places.kilometres(question.members), question.distance)
    return Pool.of(question.service, travel)


def cost_of(question: Question, inside: tuple[int, ...]) -> float:
    """By the definition: exact tariffs, and the travel of the member from which it is least."""
    members = question.service.members
    tariff = float(question.service.cost([members[one] for one in inside]))
    if question.distance is None:
        return tariff
    far = places.kilometres(question.members)
    most = float(question.distance.farthest or 10**9)
    going = [
        float(question.distance.per_km) * sum(far[place, one] for one in inside)
        for place in inside
        if all(far[place, one] <= most for one in inside)
    ]
    return tariff + min(going, default=np.inf)


def groups_of(count: int, least: int = 2) -> Iterator[tuple[int, ...]]:
    for size in range(least, count + 1):
        yield from combinations(range(count), size)


def savings(question: Question, day: Day) -> dict[tuple[int, ...], float]:
    """A year, of each group of candidates, penalties spread over the years."""
    return {
        inside: sum(float(day.values[one]) for one in inside) - cost_of(question, inside)
        for inside in groups_of(len(question.members))
        if all(day.candidates[one] for one in inside)
    }


def flags(inside: tuple[int, ...], count: int) -> Flags:
    marked = np.zeros(count, dtype=bool)
    marked[list(inside)] = True
    return marked


@st.composite
def contracts(draw: st.DrawFn) -> RunningContract:
    ends = START + timedelta(days=draw(st.integers(-100, 1500)))
    return a_contract(ends, draw(st.integers(0, 900)), draw(st.integers(0, 900)))


@st.composite
def candidates(draw: st.DrawFn, name: str) -> Candidate:
    return a_candidate(
        name,
        draw(st.integers(0, 20)),
        longitude=draw(st.integers(0, 4)) / 10 - 1.5,
        latitude=draw(st.integers(0, 4)) / 10 + 46.5,
        wished=draw(st.none() | st.integers(-200, 900).map(lambda days: START + timedelta(days=days))),
        alone=draw(st.none() | st.integers(0, 900).map(Decimal)),
        contract=draw(st.none() | contracts()),
    )


@st.composite
def questions(draw: st.DrawFn, least: int = 2, most: int = 6) -> Question:
    """Of whole amounts, with and without distances."""
    count = draw(st.integers(least, most))
    members = [draw(candidates("ABCDEFGH"[place])) for place in range(count)]
    if not any(one.quantities["devices"] for one in members):
        members[0] = a_candidate("A", 5, longitude=-1.5, latitude=46.5)
    distance = draw(
        st.none()
        | st.builds(
            lambda price, farthest: Distance(
                per_km=Decimal(price), farthest=None if farthest is None else Decimal(farthest)
            ),
            st.integers(0, 20),
            st.none() | st.integers(5, 40),
        )
    )
    return a_question(*members, costs=draw(st.lists(tariffs(), min_size=1, max_size=3)), distance=distance)
