"""What a unit comes to a day: gauges by the mean of days, counters by what they gained between."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.pooling.trying.figures import Rates, Together, Way, rates


def of(way: Way, days: list[int], values: list[float], run: list[int] | None = None) -> Rates:
    count = len(days)
    runs = np.array(run or [0] * count)
    return rates(
        way, np.zeros(count, np.int64), np.array(days), np.array(values, float), runs, runs, (1, max(runs) + 1)
    )


def test_each_day_of_a_gauge_counts_once() -> None:
    found = of("mean", [1, 2, 9], [20.0, 21.0, 25.0])
    assert (found.rate[0, 0], found.days[0, 0]) == (22.0, 3)


def test_a_day_without_a_number_is_not_seen() -> None:
    found = of("mean", [1, 2], [20.0, float("nan")])
    assert (found.rate[0, 0], found.days[0, 0]) == (20.0, 1)


@given(st.floats(0.1, 1000), st.sets(st.integers(0, 99), min_size=2, max_size=60))
def test_a_gap_changes_nothing_of_a_steady_counter(pace: float, days: set[int]) -> None:
    """What grew in a gap comes with the reading after it."""
    seen = sorted(days)
    growth = [0.0, *(pace * (day - before) for before, day in pairwise(seen))]
    assert of("growth", seen, growth).rate[0, 0] == pytest.approx(pace)


def test_growth_before_the_first_day_seen_counts_for_nothing() -> None:
    """It is of days of which nothing is known."""
    assert of("growth", [10, 11, 12], [5000.0, 3.0, 5.0]).rate[0, 0] == 4.0


def test_nothing_is_counted_from_one_period_to_the_next() -> None:
    found = of("growth", [1, 2, 400, 401], [0.0, 2.0, 9000.0, 3.0], run=[0, 0, 1, 1])
    assert found.rate[0].tolist() == [2.0, 3.0]


def test_a_single_day_tells_no_growth() -> None:
    assert np.isnan(of("growth", [3], [7.0]).rate[0, 0])


def test_a_unit_is_the_mean_of_its_gauges_and_the_sum_of_its_counters() -> None:
    held = Together.empty(2, 1)
    held.add(np.array([0, 0, 1]), np.array([[2.0], [4.0], [7.0]]))
    series = np.array([2, 1])
    assert held.figures("mean", series)[:, 0].tolist() == [3.0, 7.0]
    assert held.figures("growth", series)[:, 0].tolist() == [6.0, 7.0]


def test_a_counter_that_is_silent_in_a_week_counts_as_the_others_do() -> None:
    held = Together.empty(1, 1)
    held.add(np.array([0, 0]), np.array([[2.0], [np.nan]]))
    assert held.figures("growth", np.array([2]))[0, 0] == 4.0
