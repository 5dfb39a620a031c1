"""PROMETHEE II beside published tables and a second implementation, pair by pair."""

from fractions import Fraction
from itertools import combinations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.pooling.programme import ranking
from beffroi.pooling.programme.model import Action, Criterion, Member, Programme
from beffroi.pooling.programme.ranked import ranked
from beffroi.pooling.programme.sensitivity import stabilities
from tests.pooling.programme import by_hand
from tests.pooling.programme.builders import a_programme, an_action, criteria
from tests.trials import tried

SITES = ("Italy", "Belgium", "Germany", "Sweden", "Austria", "France")
CRITERIA = [
    Criterion(name="manpower", weight=1, direction="min", preference="u-shape", q=10),
    Criterion(name="power", weight=1, preference="v-shape", p=30),
    Criterion(name="construction", weight=1, direction="min", preference="linear", q=50, p=500),
    Criterion(name="maintenance", weight=1, direction="min", preference="level", q=10, p=60),
    Criterion(name="villages", weight=1, direction="min", preference="usual"),
    Criterion(name="safety", weight=1, preference="gaussian", s=5),
]
SCORES = (
    (80, 90, 600, 54, 8, 5),
    (65, 58, 200, 97, 1, 1),
    (83, 60, 400, 72, 4, 7),
    (40, 80, 1000, 75, 7, 10),
    (52, 72, 600, 20, 3, 8),
    (94, 96, 700, 36, 5, 6),
)
PUBLISHED = {"Italy": -0.728, "Belgium": 0.085, "Germany": -0.447, "Sweden": -0.102, "Austria": 1.466, "France": -0.274}
"""Sums of preference indices rounded to three decimals, not divided by the number of others"""


def power_stations(*weights: float) -> Programme:
    """The hydroelectric stations of Brans, Vincke and Mareschal, European Journal of Operational Research 24 (1986)."""
    judged = [msgspec.structs.replace(one, weight=weight) for one, weight in zip(CRITERIA, weights, strict=False)]
    names = [one.name for one in CRITERIA]
    return a_programme(
        *(
            an_action(site, scores=dict(zip(names, map(float, scores), strict=True)))
            for site, scores in zip(SITES, SCORES, strict=True)
        ),
        criteria=judged or CRITERIA,
    )


def test_the_published_flows_of_power_stations_are_found() -> None:
    found = {one.action: one.net * 5 for one in ranked(power_stations()).actions}
    assert found == pytest.approx(PUBLISHED, abs=0.003)
    assert list(found) == ["Austria", "Belgium", "Sweden", "France", "Germany", "Italy"]


@pytest.mark.parametrize(("weights", "first"), [((10, 50, 10, 10, 10, 10), "France"), ((9, 9, 9, 9, 55, 9), "Belgium")])
def test_weights_that_change_who_is_first_are_those_published(weights: tuple[float, ...], first: str) -> None:
    """Mareschal, *Exercises with Visual PROMETHEE* (2019)."""
    assert ranked(power_stations(*weights)).actions[0].action == first


def test_the_interval_of_a_weight_ends_where_another_comes_first() -> None:
    (power,) = [one for one in ranked(power_stations()).weights if one.criterion == "power"]
    low, high = power.same_first
    assert low == 0.0
    for weight, first in ((high - 1e-4, "Austria"), (high + 1e-4, "France")):
        others = (1 - weight) / 5
        assert ranked(power_stations(others, weight, others, others, others, others)).actions[0].action == first


@st.composite
def judged(draw: st.DrawFn) -> Programme:
    chosen = draw(criteria())
    scores = st.fixed_dictionaries({one.name: st.integers(0, 8).map(float) for one in chosen})
    count = draw(st.integers(1, 6))
    actions = [Action(name=f"A{number}", scores=draw(scores)) for number in range(count)]
    return a_programme(*actions, criteria=chosen)


@tried(300)
@given(programme=judged())
def test_net_flows_are_those_of_a_pairwise_count(programme: Programme) -> None:
    expected = by_hand.net_flows(programme, {one.name: one.weight for one in programme.criteria})
    assert {one.action: one.net for one in ranked(programme).actions} == pytest.approx(expected, abs=1e-6)


@tried(200)
@given(programme=judged())
def test_net_flows_add_up_to_nothing_and_lie_from_minus_1_to_1(programme: Programme) -> None:
    net = ranking.flows(programme).net @ ranking.group_weights(programme)
    assert net.sum() == pytest.approx(0.0, abs=1e-9)
    assert (np.abs(net) <= 1 + 1e-12).all()


BIT = Fraction(1, 10**7)


def order(net: list[list[Fraction]], weights: list[Fraction]) -> list[int]:
    """For every pair, who is ahead: 1, 0 or -1."""
    values = [sum((one * weight for one, weight in zip(row, weights, strict=True)), Fraction(0)) for row in net]
    return [(one > other) - (one < other) for one, other in combinations(values, 2)]


def moved(weights: list[Fraction], number: int, to: Fraction) -> list[Fraction]:
    left = 1 - weights[number]
    return [to if at == number else weight / left * (1 - to) for at, weight in enumerate(weights)]


@tried(200)
@given(
    net=st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4), st.integers(-4, 4)), min_size=2, max_size=5),
    told=st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5)),
)
def test_intervals_of_weights_are_where_exact_arithmetic_sees_the_same_order(
    net: list[tuple[int, int, int]], told: tuple[int, int, int]
) -> None:
    exact = [[Fraction(one) for one in row] for row in net]
    weights = [Fraction(one, sum(told)) for one in told]
    found = stabilities(np.array(net, dtype=float), np.array([float(one) for one in weights]))
    now = order(exact, weights)
    for number, one in enumerate(found):
        low, high = Fraction(one.ranking.low), Fraction(one.ranking.high)
        inside = [low + (high - low) * Fraction(step, 10) for step in range(1, 10)] if high - low > BIT else []
        assert all(order(exact, moved(weights, number, to)) == now for to in inside)
        outside = ([low - BIT] if low > BIT else []) + ([high + BIT] if high < 1 - BIT else [])
        assert all(order(exact, moved(weights, number, to)) != now for to in outside)


def test_members_who_weigh_in_their_own_way_move_the_group_by_their_voices() -> None:
    chosen = [Criterion(name="C0", weight=1), Criterion(name="C1", weight=0)]
    actions = [an_action("A", scores={"C0": 1.0, "C1": 0.0}), an_action("B", scores={"C0": 0.0, "C1": 1.0})]
    members = [Member(name="M", voices=1), Member(name="N", voices=3, weights={"C0": 0, "C1": 1})]
    found = ranked(a_programme(*actions, criteria=chosen, members=members))
    assert [one.action for one in found.actions] == ["B", "A"]
    assert [one.net for one in found.actions] == pytest.approx([0.5, -0.5])
    assert [(one.members, one.order, one.agreement) for one in found.opinions] == [
        (["M"], ["A", "B"], -1.0),
        (["N"], ["B", "A"], 1.0),
    ]
    assert found.agreement == -1.0


@given(values=st.lists(st.lists(st.integers(0, 4).map(float), min_size=5, max_size=5), min_size=2, max_size=4))
def test_agreement_is_kendalls_tau_b_counted_pair_by_pair(values: list[list[float]]) -> None:
    found = ranking.agreement(np.array(values))
    for one, other in combinations(range(len(values)), 2):
        pairs = list(combinations(range(5), 2))
        signs = [
            (np.sign(values[one][i] - values[one][j]), np.sign(values[other][i] - values[other][j])) for i, j in pairs
        ]
        alike = sum(first * second for first, second in signs)
        scale = (sum(first != 0 for first, _ in signs) * sum(second != 0 for _, second in signs)) ** 0.5
        assert found[one, other] == pytest.approx(alike / scale if scale else 0.0, abs=1e-6)
