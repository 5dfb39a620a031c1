"""What is told of an experiment: its verdict, what forbids one, what a reader is warned of."""

from datetime import date

import pytest

from beffroi.pooling.trying.effect import MeasuredEffect, Period, same_season, told
from tests.pooling.trying.builders import AFTER, BEFORE, a_unit, both, read

LESS, STILL = (-2.1, -1.8, -2.4, -1.9, -2.2), (0.1, -0.2, 0.0, 0.3, -0.1)


def said(effect: MeasuredEffect) -> str:
    return " ".join(one.en for one in (*effect.refusals, *effect.warnings))


def test_a_cohort_that_moved_more_has_an_effect_with_its_interval() -> None:
    found = told(read(both(LESS, STILL)))
    assert (found.verdict, found.cohort.counted, found.comparison.counted) == ("less", 5, 5)
    assert found.effect == pytest.approx(-2.1)
    assert found.low is not None
    assert found.high is not None
    assert found.low < -2.1 < found.high < 0
    assert found.share == pytest.approx(100 * -2.1 / 10.02)
    assert said(found) == ""


def test_groups_that_moved_alike_conclude_nothing() -> None:
    found = told(read(both((-2.0, 1.0, -1.0, 2.0), (1.9, -2.1, 0.5, 0.1))))
    assert found.verdict == "unclear"


def test_what_everybody_did_is_no_effect() -> None:
    """A mild winter lowers both."""
    both_lower = told(read(both(tuple(one - 5 for one in LESS), tuple(one - 5 for one in STILL))))
    assert both_lower.effect == pytest.approx(told(read(both(LESS, STILL))).effect)


def test_too_few_units_conclude_nothing_however_large_the_effect() -> None:
    found = told(read(both((-9.0, -9.1, -9.2), STILL)))
    assert (found.verdict, found.effect, found.chance) == ("refused", None, None)
    assert "trial group has only 3 unit(s)" in said(found)


def test_units_left_out_count_for_nothing_and_are_still_told() -> None:
    out = a_unit("cohort", None, None, left_out=told(read(both((1.0,), STILL))).refusals[0])
    found = told(read([*both(LESS, STILL), out]))
    assert (found.cohort.units, found.cohort.counted, len(found.rows)) == (6, 5, 11)
    assert found.cohort.days == 5 * 168 == found.cohort.days_asked


@pytest.mark.parametrize(
    ("before", "after", "alike"),
    [
        (BEFORE, AFTER, True),
        (Period(date(2026, 1, 1), date(2026, 3, 31)), Period(date(2026, 6, 1), date(2026, 8, 31)), False),
        (Period(date(2025, 1, 1), date(2025, 12, 31)), Period(date(2026, 3, 1), date(2026, 4, 30)), True),
        (Period(date(2026, 1, 1), date(2026, 1, 30)), Period(date(2026, 1, 31), date(2026, 2, 28)), False),
    ],
)
def test_seasons_are_compared_by_days_of_the_year(before: Period, after: Period, alike: bool) -> None:
    assert same_season(before, after) is alike
    effect = told(read(both(LESS, STILL), before=before, after=after))
    assert ("not of the same season" in said(effect)) is not alike


def test_groups_already_parting_are_told() -> None:
    units = [a_unit("cohort", 10, 8 + place / 10, earlier=-1.0 - place / 50) for place in range(5)]
    units += [a_unit("comparison", 10, 10 + place / 10, earlier=0.02 * place) for place in range(5)]
    assert "already parting" in said(told(read(units)))


def test_a_period_not_over_and_units_not_seen_are_told() -> None:
    text = said(told(read(both(LESS, STILL), over=False, unseen=2, kept=True)))
    assert "not over" in text
    assert "2 unit(s)" in text
    assert "bad quality could not be left out" in text
