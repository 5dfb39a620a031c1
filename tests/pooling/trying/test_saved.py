"""What an effect comes to in quantities that add up."""

from datetime import date

import pytest

from beffroi.pooling.trying.effect import Period, told
from beffroi.pooling.trying.saved import saved, years
from tests.pooling.trying.builders import AFTER, a_unit, both, read

CHANGES = (-2.1, -1.8, -2.4, -1.9)
STILL = (0.1, -0.2, 0.0, 0.1)


def test_a_saving_is_the_effect_over_units_and_days_with_its_interval_turned() -> None:
    effect = told(read(both(CHANGES, STILL)))
    (one,) = saved(effect)
    assert effect.effect is not None
    assert effect.low is not None
    assert effect.high is not None
    assert (one.owner, one.kind, one.units, one.days) == ("commune-85191", "kWh", 4, AFTER.days)
    assert one.quantity == pytest.approx(-effect.effect * 4 * AFTER.days)
    assert one.low == pytest.approx(-effect.high * 4 * AFTER.days)
    assert one.high == pytest.approx(-effect.low * 4 * AFTER.days)


def test_each_owner_has_its_units_and_each_year_its_days() -> None:
    units = both(CHANGES, STILL)
    units[0] = a_unit("cohort", 10, 8, owner="commune-85194")
    after = Period(date(2026, 12, 1), date(2027, 1, 31))
    found = saved(told(read(units, after=after)))
    assert [(one.owner, one.year, one.units, one.days) for one in found] == [
        ("commune-85191", 2026, 3, 31),
        ("commune-85191", 2027, 3, 31),
        ("commune-85194", 2026, 1, 31),
        ("commune-85194", 2027, 1, 31),
    ]
    assert sum(days for _, days in years(after)) == after.days


def test_a_mean_power_lasts_all_day() -> None:
    watts = told(read(both(CHANGES, STILL), way="mean", unit="W"))
    assert watts.effect is not None
    assert saved(watts)[0].quantity == pytest.approx(-watts.effect * 0.024 * 4 * AFTER.days)


@pytest.mark.parametrize(("way", "unit"), [("mean", "°C"), ("mean", "%"), ("growth", ""), ("mean", "kWh")])
def test_what_does_not_add_up_saves_nothing(way: str, unit: str) -> None:
    assert saved(told(read(both(CHANGES, STILL), way=way, unit=unit))) == []


def test_no_effect_told_saves_nothing() -> None:
    assert saved(told(read(both(CHANGES[:2], STILL)))) == []
