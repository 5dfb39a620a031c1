"""Local time by columns: the hour, the day and what kind of day it is in metropolitan France."""

from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np

from beffroi.demo.noise import Floats, Ints

HOUR = 3600
DAY = 24 * HOUR
EPOCH = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp())
"""the simulated equipment was put in service then: counters count from it"""
LAST_YEAR = 2060


def local(times: Ints) -> Ints:
    """Seconds since 1970 as a clock on the wall of Paris shows them.

    Summer time is from the last Sunday of March to the last of October, 1:00 UTC (EU directive 2000/84).
    """
    summer = np.searchsorted(_changes(), times, side="right") % 2 == 1
    return np.asarray(times + HOUR + HOUR * summer)


def hour_of(times: Ints) -> Floats:
    """Hour of the local day, 0 to 24, with decimals."""
    return np.asarray(local(times) % DAY / HOUR)


def by_hour(hour: Floats, table: Floats) -> Floats:
    """Between the 25 values of `table`, from 0 to 24 h."""
    return np.asarray(np.interp(hour, np.arange(25), table), np.float64)


def day_of(times: Ints) -> Ints:
    """Number of the local day since 1970."""
    return np.asarray(local(times) // DAY)


def weekday(days: Ints) -> Ints:
    """0 on Monday."""
    return np.asarray((days + 3) % 7)


def is_holiday(days: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Public holidays."""
    return np.isin(days, _holidays())


def is_school_break(days: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """School holidays, about: the real dates shift by a few days from year to year."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    in_year = (months.astype(np.int64) % 12 + 1) * 100 + (dates - months).astype(np.int64) + 1
    spans = ((101, 104), (214, 301), (411, 426), (704, 831), (1018, 1102), (1220, 1231))
    return np.asarray(sum(((in_year >= first) & (in_year <= last)) for first, last in spans) > 0)


@cache
def _changes() -> Ints:
    years = range(1996, LAST_YEAR)
    return np.array([int(_last_sunday(year, month).timestamp()) + HOUR for year in years for month in (3, 10)])


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


@cache
def _holidays() -> Ints:
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    found = [date(year, *day) for year in range(2024, LAST_YEAR) for day in fixed]
    found += [_easter(year) + timedelta(days=after) for year in range(2024, LAST_YEAR) for after in (1, 39, 50)]
    return np.array([(day - date(1970, 1, 1)).days for day in found])


def _easter(year: int) -> date:
    """Gregorian Easter (Meeus, Astronomical Algorithms, chapter 8), for 1900 to 2099."""
    moon = (19 * (year % 19) + 24) % 30
    sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7
    late = moon == 29 or (moon == 28 and year % 19 > 10)
    return date(year, 3, 22) + timedelta(days=moon + sunday - (7 if (late and sunday == 6) else 0))
