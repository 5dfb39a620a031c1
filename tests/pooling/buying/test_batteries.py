"""When a battery is to be changed: known paces are found, too little seen tells nothing."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.pooling.buying.batteries import EMPTY, LEAST_WEEKS, Floats, emptying, life

START = date(2026, 1, 5)


def weeks(count: int) -> list[date]:
    return [START + timedelta(days=7 * one) for one in range(count)]


def losing(pace: float, count: int, full: float = 98.0) -> Floats:
    return full - pace * 7 * np.arange(count)


@given(st.floats(0.03, 0.3), st.integers(LEAST_WEEKS, 40))
def test_a_steady_pace_is_found_with_its_day(pace: float, count: int) -> None:
    levels = losing(pace, count)
    found = emptying(weeks(count), levels)
    if found is None:
        assert levels[:3].mean() - levels[-3:].mean() < 3
        return
    assert found.pace == pytest.approx(pace)
    assert found.earliest <= found.at
    assert found.latest is not None
    assert found.latest >= found.at
    left = max(found.level - EMPTY, 0) / pace
    assert abs((found.at - found.seen).days - left) <= 1


def test_a_cold_week_or_a_wrong_reading_does_not_bend_it() -> None:
    levels = losing(0.1, 30)
    levels[[4, 17]] = [60.0, 97.0]
    found = emptying(weeks(30), levels)
    assert found is not None
    assert found.pace == pytest.approx(0.1, rel=0.05)


def test_only_the_present_battery_counts() -> None:
    levels = np.concatenate([losing(0.5, 20), losing(0.1, 20, full=99.0)])
    found = emptying(weeks(40), levels)
    assert found is not None
    assert found.pace == pytest.approx(0.1)
    assert found.weeks == 20


def test_noise_widens_the_margin_and_the_truth_stays_within() -> None:
    random = np.random.default_rng(3)
    held, told = 0, 0
    for _ in range(300):
        levels = losing(0.08, 30) + random.normal(0, 1.5, 30)
        found = emptying(weeks(30), levels)
        if found is None:
            continue
        told += 1
        truth = START + timedelta(days=(98 - EMPTY) / 0.08)
        late = found.latest or date.max
        held += (
            found.earliest - timedelta(days=45) <= truth <= late + timedelta(days=45) if late < date(9000, 1, 1) else 1
        )
    assert told > 250
    assert held / told >= 0.8


@pytest.mark.parametrize(
    "levels",
    [
        losing(0.5, LEAST_WEEKS - 1),
        losing(0.001, 40),
        np.full(40, 80.0),
        np.concatenate([losing(0.5, 30), losing(0.5, 4, full=99)]),
        np.linspace(60, 75, 40),
    ],
    ids=["too few weeks", "too slow to tell", "a gauge that does not move", "changed lately", "rising"],
)
def test_too_little_seen_tells_nothing(levels: Floats) -> None:
    assert emptying(weeks(len(levels)), levels) is None


def test_a_life_is_from_full_to_empty() -> None:
    assert life(0.1) == pytest.approx(90 / 0.1 / 30.437, rel=1e-3)
