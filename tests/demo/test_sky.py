from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from beffroi.demo.clock import DAY
from beffroi.demo.sky import LATITUDE, LONGITUDE, Weather, elevation


def day(year: int, month: int, number: int) -> np.ndarray:
    return int(datetime(year, month, number, tzinfo=UTC).timestamp()) + np.arange(0, DAY, 10)


@pytest.mark.parametrize(("month", "tilt"), [(6, 23.44), (12, -23.44)])
def test_the_sun_culminates_as_high_as_the_solstice_says(month: int, tilt: float) -> None:
    assert elevation(day(2026, month, 21)).max() == pytest.approx(90 - LATITUDE + tilt, abs=0.05)


# The equation of time at its two extremes: the sun is 14 min 15 s late on 11 February, 16 min 25 s early on 3 November.
@pytest.mark.parametrize(("month", "number", "late"), [(2, 11, 14.25), (11, 3, -16.42)])
def test_the_sun_culminates_when_the_equation_of_time_says(month: int, number: int, late: float) -> None:
    times = day(2026, month, number)
    noon = datetime.fromtimestamp(int(times[np.argmax(elevation(times))]), UTC)
    told = datetime(2026, month, number, 12, tzinfo=UTC) + timedelta(minutes=late - 4 * LONGITUDE)
    assert abs(noon - told) < timedelta(seconds=40)


def test_weather_is_alike_nearby_and_less_so_far_away() -> None:
    times = np.arange(1_780_000_000, 1_790_000_000, 3600)
    weather = Weather(1)
    here, near, far = (
        weather.temperature(times, np.array(longitude), np.array(LATITUDE)) for longitude in (-1.4, -1.3, -2.2)
    )
    assert abs(here - near).mean() < 0.5
    assert abs(here - near).mean() < abs(here - far).mean()


def test_a_november_and_a_july_are_those_of_the_atlantic_coast() -> None:
    weather = Weather(1)
    for month, low, high in ((11, 5, 13), (7, 16, 23)):
        times = np.concatenate([day(year, month, number) for year in (2025, 2026, 2027) for number in range(1, 31)])
        assert low < weather.temperature(times, np.array(LONGITUDE), np.array(LATITUDE)).mean() < high


def test_a_year_brings_a_plausible_rainfall() -> None:
    times = np.arange(1_767_225_600, 1_767_225_600 + 365 * DAY, 600)
    fallen = Weather(1).rain(times, np.array(LONGITUDE), np.array(LATITUDE)).sum() / 6
    assert 500 < fallen < 1400
