"""Edges of buckets on the calendar, beside what pandas says of the same calendar."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.errors import Invalid
from beffroi.observations.buckets import edges

PARIS = "Europe/Paris"


def local(text: str, zone: str = PARIS) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def found(start: datetime, end: datetime, every: int, unit: str, zone: str = PARIS) -> list[str]:
    instants = pd.DatetimeIndex(edges(start, end, every, unit, zone).astype("M8[us]")).tz_localize("UTC")
    return [time.isoformat(timespec="minutes") for time in instants.tz_convert(zone)]


def hours(instants: np.ndarray) -> list[float]:
    return (np.diff(instants) / 3.6e9).tolist()


def test_the_day_of_spring_lasts_23_hours() -> None:
    assert found(local("2024-03-30"), local("2024-04-02"), 1, "day") == [
        "2024-03-30T00:00+01:00",
        "2024-03-31T00:00+01:00",
        "2024-04-01T00:00+02:00",
        "2024-04-02T00:00+02:00",
    ]
    assert hours(edges(local("2024-03-30"), local("2024-04-02"), 1, "day", PARIS)) == [24, 23, 24]


def test_the_day_of_autumn_lasts_25_hours() -> None:
    assert hours(edges(local("2024-10-26"), local("2024-10-29"), 1, "day", PARIS)) == [24, 25, 24]


def test_the_hour_that_autumn_repeats_is_told_apart() -> None:
    assert found(local("2024-10-27T01:00"), local("2024-10-27T04:00"), 1, "hour") == [
        "2024-10-27T01:00+02:00",
        "2024-10-27T02:00+02:00",
        "2024-10-27T02:00+01:00",
        "2024-10-27T03:00+01:00",
        "2024-10-27T04:00+01:00",
    ]


def test_longer_buckets_hold_both_repeated_hours() -> None:
    assert hours(edges(local("2024-10-27"), local("2024-10-28"), 2, "hour", PARIS)) == [2, 3, *[2] * 10]
    assert hours(edges(local("2024-10-27"), local("2024-10-28"), 6, "hour", PARIS)) == [7, 6, 6, 6]


def test_the_hour_that_spring_skips_is_no_bucket() -> None:
    assert hours(edges(local("2024-03-31"), local("2024-04-01"), 1, "hour", PARIS)) == [1] * 23
    assert hours(edges(local("2024-03-31"), local("2024-04-01"), 2, "hour", PARIS)) == [2, 1, *[2] * 10]
    assert hours(edges(local("2024-03-31"), local("2024-04-01"), 3, "hour", PARIS)) == [2, *[3] * 7]


def test_a_change_of_half_an_hour() -> None:
    zone = "Australia/Lord_Howe"
    assert hours(edges(local("2024-04-07", zone), local("2024-04-07T04:00", zone), 1, "hour", zone)) == [1, 1.5, 1, 1]
    assert hours(edges(local("2024-10-06", zone), local("2024-10-06T04:00", zone), 1, "hour", zone)) == [1, 1, 0.5, 1]


def test_a_midnight_that_does_not_exist_is_the_change_itself() -> None:
    zone = "Africa/Cairo"
    assert found(local("2024-04-25", zone), local("2024-04-27", zone), 1, "day", zone) == [
        "2024-04-25T00:00+02:00",
        "2024-04-26T01:00+03:00",
        "2024-04-27T00:00+03:00",
    ]


def test_weeks_begin_on_monday() -> None:
    days = [
        datetime.fromisoformat(time).weekday() for time in found(local("2024-10-20"), local("2024-11-05"), 1, "week")
    ]
    assert days == [0] * 5


def test_three_months_are_quarters() -> None:
    assert [time[:10] for time in found(local("2024-02-15"), local("2024-12-31"), 3, "month")] == [
        "2024-01-01",
        "2024-04-01",
        "2024-07-01",
        "2024-10-01",
        "2025-01-01",
    ]


def test_ten_years_are_decades() -> None:
    assert [time[:4] for time in found(local("1999-02-15"), local("2024-01-01"), 10, "year")] == [
        "1990",
        "2000",
        "2010",
        "2020",
        "2030",
    ]


def test_several_days_do_not_depend_on_where_one_starts() -> None:
    one = set(found(local("2024-03-01"), local("2024-05-01"), 5, "day"))
    other = set(found(local("2024-03-04"), local("2024-05-01"), 5, "day"))
    assert other < one


def test_all_is_one_bucket() -> None:
    start, end = datetime(2024, 1, 1, 0, 7, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC)
    assert found(start, end, 1, "all", "UTC") == ["2024-01-01T00:07+00:00", "2024-02-01T00:00+00:00"]


@given(
    st.timedeltas(timedelta(0), timedelta(days=150 * 365)).map(datetime(1950, 1, 1, tzinfo=UTC).__add__),
    st.timedeltas(timedelta(seconds=1), timedelta(days=400)),
    st.sampled_from(
        [
            (1, "hour", "h"),
            (1, "day", "D"),
            (1, "week", "W-SUN"),
            (1, "month", "M"),
            (1, "year", "Y"),
            (3, "month", "Q"),
        ]
    ),
    st.sampled_from([PARIS, "UTC", "America/St_Johns", "Indian/Reunion", "Pacific/Auckland", "America/Cayenne"]),
)
def test_each_instant_is_in_the_bucket_that_pandas_says(
    start: datetime, length: timedelta, step: tuple[int, str, str], zone: str
) -> None:
    every, unit, period = step
    bounds = edges(start, start + length, every, unit, zone)
    first = np.datetime64(start.replace(tzinfo=None), "us").astype(np.int64)
    last = first + length // timedelta(microseconds=1)
    assert bounds[0] <= first < bounds[1]
    assert bounds[-2] < last <= bounds[-1]
    instants = pd.DatetimeIndex(np.linspace(first, last - 1, 300).astype(np.int64).astype("M8[us]")).tz_localize("UTC")
    clock = instants.tz_convert(zone)
    starts = pd.DatetimeIndex(bounds.astype("M8[us]")).tz_localize("UTC").tz_convert(zone)
    ours = starts[np.searchsorted(bounds, instants.as_unit("us").asi8, side="right") - 1]
    naive, offsets = clock.tz_localize(None), [time.utcoffset() for time in clock]
    labels = naive.to_period(period).astype(str)
    if unit == "hour":
        labels = [f"{label} {offset}" for label, offset in zip(labels, offsets, strict=True)]
        mine = ours.tz_localize(None).to_period(period).astype(str)
        mine = [f"{label} {time.utcoffset()}" for label, time in zip(mine, ours, strict=True)]
    else:
        mine = ours.tz_localize(None).to_period(period).astype(str)
    assert list(mine) == list(labels)


@pytest.mark.parametrize(("every", "unit"), [(100, "year"), (1200, "month"), (5000, "week"), (9999, "day")])
def test_the_longest_buckets_reach_over_all_that_may_be_kept(every: int, unit: str) -> None:
    whole = edges(datetime(1900, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC), every, unit, PARIS)
    assert whole[0] <= np.datetime64("1900-01-01", "us").astype(int)
    assert whole[-1] >= np.datetime64("2199-12-31", "us").astype(int)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"every": 7, "unit": "hour"}, "every"),
        ({"every": 0}, "every"),
        ({"unit": "fortnight"}, "unit"),
        ({"zone": "Europe/Fontenay"}, "time_zone"),
        ({"end": datetime(2023, 1, 1, tzinfo=UTC)}, "end"),
        ({"start": datetime(2023, 1, 1, tzinfo=UTC).replace(tzinfo=None)}, "start"),
        ({"unit": "minute", "end": datetime(2034, 1, 1, tzinfo=UTC)}, "every"),
        ({"every": 9999, "unit": "year"}, "every"),
        ({"every": 9999, "unit": "month"}, "every"),
    ],
)
def test_what_cannot_be_asked_is_named(changed: dict, field: str) -> None:
    asked = {
        "start": datetime(2024, 1, 1, tzinfo=UTC),
        "end": datetime(2024, 2, 1, tzinfo=UTC),
        "every": 1,
        "unit": "day",
        "zone": PARIS,
    } | changed
    with pytest.raises(Invalid) as caught:
        edges(asked["start"], asked["end"], asked["every"], asked["unit"], asked["zone"])
    assert caught.value.faults[0].field == field
