"""Units' figures from a real record: gaps, bad quality, counters that begin again, windows, progress."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from beffroi.observations import EmbeddedRecord, Quality, batch_of
from beffroi.pooling.trying.effect import Period, UnitFigures
from beffroi.pooling.trying.gathering import Stretch, ToRead, UnitAsked, gathered
from tests.pooling.trying.builders import days

ZONE = "Europe/Paris"
BEFORE = Period(date(2026, 3, 1), date(2026, 3, 31))
AFTER = Period(date(2026, 5, 1), date(2026, 5, 31))


@pytest.fixture
def record(tmp_path: Path) -> Iterator[EmbeddedRecord]:
    opened = EmbeddedRecord(tmp_path, settle_after=None)
    yield opened
    opened.close()


def hours(period: Period) -> list[datetime]:
    """Every six hours of the local days, across the change of the clocks."""
    zone = ZoneInfo(ZONE)
    local = (
        datetime(day.year, day.month, day.day, hour, tzinfo=zone) for day in days(period) for hour in (0, 6, 12, 18)
    )
    return [one.astimezone(UTC) for one in local]


def write(record: EmbeddedRecord, series: int, times: list[datetime], values: Any, quality: int = 0) -> None:
    columns = {"series": [series] * len(times), "time": times, "value": list(values), "quality": [quality] * len(times)}
    record.append(batch_of(columns))


def counter(record: EmbeddedRecord, series: int, before: float, after: float, gap: slice | None = None) -> None:
    """So much a day before, then after, without stopping in between; `gap` loses readings before."""
    for period, opening, pace in ((BEFORE, 0.0, before), (AFTER, 10_000.0, after)):
        first = hours(period)[0]
        times = hours(period)
        lost = range(*gap.indices(len(times))) if gap is not None and period is BEFORE else range(0)
        kept = [one for place, one in enumerate(times) if place not in lost]
        write(record, series, kept, [opening + pace * (one - first) / timedelta(days=1) for one in kept])


def asked(of: dict[str, list[int]], **given: Any) -> ToRead:
    defaults: dict[str, Any] = {
        "way": "growth",
        "unit": "kWh",
        "rolls_over": [],
        "before": BEFORE,
        "after": AFTER,
        "over": True,
        "time_zone": ZONE,
    }
    listed = [
        UnitAsked(key, key, "commune-85191", "cohort", [Stretch(one, None, None) for one in series])
        for key, series in of.items()
    ]
    return ToRead(units=given.pop("units", listed), **(defaults | given))


def quietly(*told: Any) -> None:
    return None


def read(record: EmbeddedRecord, wanted: ToRead, **given: Any) -> list[UnitFigures]:
    return gathered(record, wanted, quietly, **given).units


def test_counters_of_a_unit_are_added_and_a_gap_changes_nothing(record: EmbeddedRecord) -> None:
    counter(record, 1, 10, 8)
    counter(record, 2, 5, 5, gap=slice(20, 40))
    (unit,) = read(record, asked({"école": [1, 2]}))
    assert unit.before == pytest.approx(15, abs=0.05)
    assert unit.after == pytest.approx(13, abs=0.05)
    assert (unit.series, unit.asked, unit.left_out) == (2, 2, None)


def test_a_counter_that_begins_again_is_read_over_the_top(record: EmbeddedRecord) -> None:
    for period in (BEFORE, AFTER):
        times = hours(period)
        values = [(9_900 + 4 * (one - times[0]) / timedelta(days=1)) % 10_000 for one in times]
        write(record, 1, times, values)
    (unit,) = read(record, asked({"école": [1]}, rolls_over=[(1, 10_000.0)]))
    assert unit.before == pytest.approx(4, abs=0.05)


def test_each_local_day_of_a_gauge_counts_once_and_bad_quality_not_at_all(record: EmbeddedRecord) -> None:
    for period, value in ((BEFORE, 20.0), (AFTER, 18.0)):
        times = hours(period)
        write(record, 1, times, [value] * len(times))
        wrong = [one + timedelta(minutes=5) for one in times[::3]]
        write(record, 1, wrong, [500.0] * len(wrong), int(Quality.OUT_OF_RANGE))
    found = gathered(record, asked({"école": [1]}, way="mean"), quietly)
    assert (found.units[0].before, found.units[0].after) == (20.0, 18.0)
    assert found.units[0].days_before == 31
    assert found.refused > 0
    assert found.observations == found.refused + 4 * 62


def test_what_is_too_large_is_read_from_figures_by_day_and_says_so(record: EmbeddedRecord) -> None:
    counter(record, 1, 10, 8)
    whole = gathered(record, asked({"école": [1]}), quietly)
    kept = gathered(record, asked({"école": [1]}), quietly, most_trusted=10)
    assert (whole.kept, kept.kept) == (False, True)
    assert kept.units[0].before == pytest.approx(whole.units[0].before)


def test_a_series_seen_too_little_is_left_out_and_a_unit_without_any_says_why(record: EmbeddedRecord) -> None:
    counter(record, 1, 10, 8)
    write(record, 2, hours(BEFORE), np.arange(124.0))
    unit, other, none = read(record, asked({"école": [1, 2], "mairie": [2], "gymnase": []}))
    assert (unit.series, unit.asked, unit.left_out) == (1, 2, None)
    assert unit.before == pytest.approx(10, abs=0.05)
    assert other.left_out is not None
    assert "trop peu de jours" in other.left_out.fr
    assert none.left_out is not None
    assert none.left_out.en == "no series to read"


def test_only_what_may_be_read_is(record: EmbeddedRecord) -> None:
    counter(record, 1, 10, 8)
    since = datetime(2026, 5, 1, tzinfo=UTC)
    wanted = asked({}, units=[UnitAsked("école", "école", "commune-85191", "cohort", [Stretch(1, since, None)])])
    (unit,) = read(record, wanted)
    assert unit.left_out is not None
    assert unit.before is None


def test_many_series_are_read_some_at_a_time_with_progress(
    record: EmbeddedRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    for series in range(1, 6):
        counter(record, series, series, series)
    whole = read(record, asked({str(one): [one] for one in range(1, 6)}))
    monkeypatch.setattr("beffroi.pooling.trying.gathering.AT_ONCE", 2 * 62)
    told: list[tuple[float, float]] = []
    found = gathered(
        record, asked({str(one): [one] for one in range(1, 6)}), lambda step, done, of: told.append((done, of))
    )
    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]
    assert found.units == whole


def test_weeks_are_the_mean_of_each_group(record: EmbeddedRecord) -> None:
    counter(record, 1, 10, 8)
    counter(record, 2, 20, 20)
    units = [
        UnitAsked("1", "un", "a", "cohort", [Stretch(1, None, None)]),
        UnitAsked("2", "deux", "b", "comparison", [Stretch(2, None, None)]),
    ]
    weeks = gathered(record, asked({}, units=units), quietly).weeks
    assert (weeks[0].start, weeks[-1].start) == (BEFORE.first, date(2026, 5, 29))
    assert weeks[1].cohort == pytest.approx(10, abs=0.05)
    assert weeks[-2].comparison == pytest.approx(20, abs=0.05)
