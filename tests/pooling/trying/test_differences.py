"""How far an interval may be believed: over many simulations, with an effect and without."""

import math
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from beffroi.pooling.trying.differences import Floats, chance, difference
from tests.trials import SOAK, tried

SIMULATIONS = 2000 if SOAK else 500
Draw = Callable[[np.random.Generator, int], Floats]


def alike(random: np.random.Generator, count: int) -> Floats:
    return random.normal(0, 1, count)


def wide(random: np.random.Generator, count: int) -> Floats:
    return random.normal(0, 4, count)


def shifting(random: np.random.Generator, count: int) -> Floats:
    """Some units drift from day to day: the mean of 60 days that resemble one another, after less before."""
    shocks = random.normal(0, 1, (count, 120))
    paths = np.empty_like(shocks)
    paths[:, 0] = shocks[:, 0]
    for day in range(1, 120):
        paths[:, day] = 0.9 * paths[:, day - 1] + shocks[:, day]
    return np.asarray(paths[:, 60:].mean(axis=1) - paths[:, :60].mean(axis=1))


CASES: tuple[tuple[str, Draw, int, Draw, int], ...] = (
    ("four beside four", alike, 4, alike, 4),
    ("five beside twenty that vary more", alike, 5, wide, 20),
    ("six that vary more beside thirty", wide, 6, alike, 30),
    ("days that resemble one another", shifting, 8, shifting, 8),
)


@pytest.mark.parametrize(("name", "one", "many", "other", "others"), CASES, ids=[case[0] for case in CASES])
@pytest.mark.parametrize("effect", [0.0, -3.0])
def test_an_interval_holds_the_truth_as_often_as_it_says(
    name: str, one: Draw, many: int, other: Draw, others: int, effect: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("beffroi.pooling.trying.differences.chance", lambda *given: 1.0)
    random = np.random.default_rng(20261127)
    held = 0
    for _ in range(SIMULATIONS):
        found = difference(one(random, many) + effect, other(random, others))
        held += found.low <= effect <= found.high
    share, error = held / SIMULATIONS, math.sqrt(0.95 * 0.05 / SIMULATIONS)
    assert 0.95 - 4 * error <= share <= 0.975, share


def test_chance_alone_is_told_rare_no_oftener_than_it_is() -> None:
    """Of groups that differ in nothing, one in twenty has a chance of a twentieth or less, or fewer."""
    random = np.random.default_rng(5)
    told = np.array([chance(alike(random, 4), alike(random, 5)) for _ in range(600)])
    for level in (0.05, 0.2, 0.5):
        assert (told <= level).mean() <= level + 4 * math.sqrt(level * (1 - level) / 600)


def test_few_units_are_split_in_every_way() -> None:
    cohort, comparison = np.array([-9.0, -8.0, -7.0, -8.5]), np.array([0.1, -0.2, 0.3, 0.0])
    splits = len(list(combinations(range(8), 4)))
    assert chance(cohort, comparison) == pytest.approx(2 / splits)


def test_many_units_are_split_by_chance_and_the_same_again() -> None:
    random = np.random.default_rng(1)
    cohort, comparison = random.normal(-1, 1, 40), random.normal(0, 1, 40)
    assert chance(cohort, comparison) == chance(cohort, comparison) < 0.01
    assert chance(comparison, random.normal(0, 1, 40)) > 0.05


CHANGES = st.lists(st.floats(-100, 100).filter(lambda one: abs(one) > 1e-3), min_size=4, max_size=8)


@tried(60)
@given(CHANGES, CHANGES, st.sampled_from([1e-6, 0.001, 3.6, 1000.0, 1e9]))
def test_another_unit_changes_nothing_but_the_unit(one: list[float], other: list[float], factor: float) -> None:
    cohort, comparison = np.array(one), np.array(other)
    assume(np.ptp(cohort) > 1e-2 and np.ptp(comparison) > 1e-2)
    here, there = difference(cohort, comparison), difference(cohort * factor, comparison * factor)
    for name in ("effect", "low", "high"):
        assert getattr(there, name) == pytest.approx(getattr(here, name) * factor, rel=1e-6, abs=1e-6 * factor)
    assert there.chance == pytest.approx(here.chance, abs=0.03)


@tried(40)
@given(CHANGES, CHANGES)
def test_groups_that_change_places_change_the_sign(one: list[float], other: list[float]) -> None:
    here, there = difference(np.array(one), np.array(other)), difference(np.array(other), np.array(one))
    assert (there.effect, there.low, there.high) == pytest.approx((-here.effect, -here.high, -here.low))


def test_units_that_all_move_alike_have_no_width() -> None:
    found = difference(np.full(4, -2.0), np.full(5, 0.0))
    assert (found.effect, found.low, found.high, found.freedom) == (-2.0, -2.0, -2.0, None)
    assert found.chance < 0.05
