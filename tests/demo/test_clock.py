from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from beffroi.demo.clock import hour_of, is_holiday, local, weekday


@pytest.mark.parametrize("year", [2025, 2026, 2031, 2059])
def test_local_time_is_that_of_paris_every_hour_of_the_year(year: int) -> None:
    start = datetime(year, 1, 1, tzinfo=UTC)
    instants = [start + timedelta(hours=hour) for hour in range(8760)]
    offsets = [one.astimezone(ZoneInfo("Europe/Paris")).utcoffset() for one in instants]
    times = np.array([int(one.timestamp()) for one in instants])
    assert (local(times) - times).tolist() == [int(one.total_seconds()) for one in offsets if one is not None]


def test_the_hour_has_decimals() -> None:
    noon_and_a_half = int(datetime(2026, 11, 22, 11, 30, tzinfo=UTC).timestamp())
    assert hour_of(np.array([noon_and_a_half])).tolist() == [12.5]


def days(*dates: date) -> np.ndarray:
    return np.array([(one - date(1970, 1, 1)).days for one in dates])


def test_monday_is_the_first_weekday() -> None:
    assert weekday(days(date(2026, 11, 22), date(2026, 11, 23))).tolist() == [6, 0]


def test_fixed_and_moving_public_holidays_are_known() -> None:
    # Easter Monday, Ascension, Whit Monday of 2026 and Easter Monday of 2049 and 2054, from the published tables.
    holidays = [(2026, 4, 6), (2026, 5, 14), (2026, 5, 25), (2049, 4, 19), (2054, 3, 30), (2026, 11, 11)]
    assert is_holiday(days(*(date(*one) for one in holidays))).all()
    assert not is_holiday(days(date(2026, 11, 12), date(2026, 4, 5))).any()
