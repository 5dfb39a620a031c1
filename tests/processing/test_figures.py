"""Figures by day, from a real record: on days of 23 and 25 hours too."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from beffroi.observations import EmbeddedRecord, Windows, batch_of
from beffroi.processing.figures import FIGURES, Daily, Figure, Known, chosen, daily

ZONE = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 10, 28, 9, tzinfo=UTC)
"""three days after the day of 25 hours"""
LONG_DAY = date(2026, 10, 25)
BY_CODE = {figure.code: figure for figure in FIGURES}


@pytest.fixture
def record(tmp_path: Path) -> Iterator[EmbeddedRecord]:
    opened = EmbeddedRecord(tmp_path / "record", time_zone="Europe/Paris", settle_after=None)
    yield opened
    opened.close()


def kept(record: EmbeddedRecord, series: int, values: dict[datetime, float]) -> None:
    columns = {"series": [series] * len(values), "time": list(values), "value": list(values.values())}
    record.append(batch_of(columns))


def hours(days: int) -> list[datetime]:
    return [NOW.replace(hour=0) - timedelta(hours=one) for one in range(days * 24)]


def told(record: EmbeddedRecord, figure: Figure, series: list[int]) -> Daily:
    (one,) = daily(
        record,
        Windows.whole(series),
        {figure: series},
        now=NOW,
        time_zone="Europe/Paris",
        rolls_over=(),
        patience=None,
    )
    return one


def test_a_day_of_25_hours_consumes_25_hours(record: EmbeddedRecord) -> None:
    kept(record, 1, {when: when.timestamp() / 3600 for when in hours(6)})
    days = told(record, BY_CODE["lighting-energy"], [1]).days
    assert days[LONG_DAY] == 25
    assert days[LONG_DAY + timedelta(days=1)] == 24
    assert NOW.date() not in days


def test_growth_is_summed_and_means_are_means_of_series(record: EmbeddedRecord) -> None:
    for series, value in ((1, 10.0), (2, 30.0)):
        kept(record, series, dict.fromkeys(hours(3), value))
    kept(record, 2, dict.fromkeys([when + timedelta(minutes=30) for when in hours(3)], 30.0))
    days = told(record, BY_CODE["buildings-temperature"], [1, 2]).days
    assert set(days.values()) == {20}


def test_the_night_is_from_two_to_four_local(record: EmbeddedRecord) -> None:
    flow = {when: 1.0 if when.astimezone(ZONE).hour in (2, 3) else 9.0 for when in hours(4)}
    kept(record, 1, flow)
    assert set(told(record, BY_CODE["water-night"], [1]).days.values()) == {1}


def test_hours_lit_are_those_above_a_tenth_of_the_greatest(record: EmbeddedRecord) -> None:
    power = {when: 100.0 if when.astimezone(ZONE).hour < 6 else 2.0 for when in hours(4)}
    kept(record, 1, power)
    kept(record, 2, dict.fromkeys(hours(4), 0.0))
    assert told(record, BY_CODE["lighting-hours"], [1, 2]).days[date(2026, 10, 27)] == 6


def test_the_same_day_a_year_before_is_told_where_there_was_one(record: EmbeddedRecord) -> None:
    year = timedelta(days=364)
    kept(record, 1, {when: 20.0 for when in hours(3)} | {when - year: 15.0 for when in hours(3)})
    kept(record, 2, {when: 20.0 for when in hours(3)})
    assert told(record, BY_CODE["buildings-temperature"], [1]).year_before == 15
    assert told(record, BY_CODE["buildings-temperature"], [2]).year_before is None


def test_series_in_another_unit_make_no_figure() -> None:
    known = [Known(1, "buildings", "temperature", "°C"), Known(2, "buildings", "temperature", "K")]
    assert chosen(known) == {BY_CODE["buildings-temperature"]: [1]}


def test_no_series_no_figure(record: EmbeddedRecord) -> None:
    assert chosen([Known(1, "water", "temperature", "°C")]) == {}
    made = daily(record, Windows.whole([]), {}, now=NOW, time_zone="Europe/Paris", rolls_over=(), patience=None)
    assert made == []
