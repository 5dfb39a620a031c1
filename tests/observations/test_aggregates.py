"""Figures by bucket, beside pandas, with the fills and the growth of counters."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from beffroi.errors import Invalid
from beffroi.observations import Aggregate, Record, Windows, batch_of
from tests.observations.builders import a_batch, an_aggregation, at, buckets_of

PARIS = ZoneInfo("Europe/Paris")
ONE = Windows.whole([1])


def figures(record: Record, *functions: str, windows: Windows = ONE, **given: Any) -> list[tuple[Any, ...]]:
    return buckets_of(record.aggregate(windows, an_aggregation(*functions, **given)), *functions)


@pytest.mark.parametrize("around", [datetime(2024, 3, 31, tzinfo=PARIS), datetime(2024, 10, 27, tzinfo=PARIS)])
@pytest.mark.parametrize(("unit", "rule"), [("hour", "h"), ("day", "D"), ("week", "W-MON"), ("month", "MS")])
def test_figures_are_those_of_pandas_across_a_change_of_clock(
    record: Record, around: datetime, unit: Any, rule: str
) -> None:
    chance = np.random.default_rng(7)
    start, end = around - timedelta(days=5), around + timedelta(days=5)
    times = pd.date_range(start, end, freq="17min", inclusive="left").tz_convert("UTC").as_unit("us")
    frame = pd.DataFrame({"time": times, "value": chance.normal(20, 5, len(times)).round(2)})
    for part in np.array_split(np.arange(len(frame)), 5):
        record.append(
            batch_of(
                {"series": [1] * len(part), "time": list(frame.time.iloc[part]), "value": frame.value.iloc[part].array}
            )
        )
    asked = an_aggregation(
        start=start,
        end=end,
        unit=unit,
        time_zone="Europe/Paris",
        aggregates=(
            *(Aggregate(name) for name in ("mean", "min", "max", "sum", "count", "first", "last")),
            Aggregate("quantile", 0.9),
            Aggregate("quantile", 0.5),
        ),
    )
    found = record.aggregate(ONE, asked).to_pandas()
    local = frame.set_index(frame.time.dt.tz_convert(PARIS)).value
    groups = local.resample(rule, label="left", closed="left")
    expected = groups.agg(["mean", "min", "max", "sum", "count", "first", "last"])
    expected["p90"], expected["p50"] = groups.quantile(0.9), groups.quantile(0.5)
    expected = expected[expected["count"] > 0]
    assert list(found.start.dt.tz_convert(PARIS)) == list(expected.index)
    for name in expected.columns:
        np.testing.assert_allclose(found[name].to_numpy(), expected[name].to_numpy(), rtol=1e-12, err_msg=name)


def test_a_bucket_says_where_it_ends(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0)))
    day = an_aggregation(
        start=datetime(2024, 1, 1, tzinfo=UTC), end=datetime(2024, 1, 2, tzinfo=UTC), unit="day", time_zone="UTC"
    )
    (row,) = record.aggregate(ONE, day).to_pylist()
    assert (row["start"], row["end"]) == (day.start, day.end)


def test_observations_outside_the_period_are_left_out_of_its_buckets(record: Record) -> None:
    record.append(a_batch(*((1, minute, 1.0) for minute in range(0, 180, 10))))
    assert figures(record, "count", start=at(30), end=at(90)) == [(1, 0, 3), (1, 60, 3)]


def test_observations_outside_the_windows_are_left_out_of_the_buckets(record: Record) -> None:
    record.append(a_batch(*((series, minute, 1.0) for series in (1, 2) for minute in range(0, 120, 10))))
    windows = Windows.of([(1, at(20), at(40)), (1, at(60), at(70))])
    assert figures(record, "count", windows=windows) == [(1, 0, 2), (1, 60, 1)]


def test_what_is_not_a_number_is_only_counted(record: Record) -> None:
    record.append(a_batch((1, 0, None), (1, 1, None), (1, 70, 4.0), text=["on", "off", None]))
    assert figures(record, "count", "mean", "last") == [(1, 0, 2, None, None), (1, 60, 1, 4.0, 4.0)]


def test_a_rewrite_counts_once(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0), (1, 1, 5.0)))
    record.append(a_batch((1, 0, 3.0)))
    assert figures(record, "count", "sum") == [(1, 0, 2, 8.0)]


# growth


def test_growth_starts_from_the_reading_before_the_bucket(record: Record) -> None:
    record.append(a_batch((1, -300, 90.0), (1, 10, 100.0), (1, 50, 130.0), (1, 70, 150.0)))
    assert figures(record, "delta") == [(1, 0, 40.0), (1, 60, 20.0)]


@pytest.mark.parametrize("days", [3, 400])
def test_growth_starts_from_a_reading_of_long_ago(record: Record, days: int) -> None:
    record.append(a_batch((1, -days * 1440, 90.0), (2, -5, 1.0), (1, 10, 100.0), (2, 10, 4.0)))
    assert figures(record, "delta", windows=Windows.whole([1, 2])) == [(1, 0, 10.0), (2, 0, 3.0)]


def test_a_fall_is_a_reset_to_zero(record: Record) -> None:
    record.append(a_batch((1, 0, 100.0), (1, 10, 120.0), (1, 20, 7.0), (1, 30, 12.0), (1, 70, 3.0)))
    assert figures(record, "delta") == [(1, 0, 32.0), (1, 60, 3.0)]


def test_a_first_reading_alone_has_no_growth(record: Record) -> None:
    record.append(a_batch((1, 10, 100.0), (1, 70, 101.0)))
    assert figures(record, "delta") == [(1, 0, None), (1, 60, 1.0)]


def test_growth_is_not_counted_from_what_may_not_be_seen(record: Record) -> None:
    record.append(
        a_batch((1, -10, 1.0), (1, 10, 100.0), (1, 20, 110.0), (1, 30, 500.0), (1, 70, 505.0), (1, 80, 506.0))
    )
    windows = Windows.of([(1, at(0), at(25)), (1, at(60), None)])
    assert figures(record, "delta", windows=windows) == [(1, 0, 10.0), (1, 60, 1.0)]


def test_growth_passes_over_what_is_rejected_or_not_a_number(record: Record) -> None:
    record.append(
        a_batch(
            (1, -20, 95.0),
            (1, -10, 0.0),
            (1, 10, 100.0),
            (1, 20, None),
            (1, 30, 999.0),
            (1, 40, 104.0),
            text=[None, None, None, "fault", None, None],
            quality=[0, 128, 0, 0, 128, 0],
        )
    )
    assert figures(record, "delta", reject=128) == [(1, 0, 9.0)]


def test_growth_by_day_over_a_change_of_clock_adds_up(record: Record) -> None:
    start, end = datetime(2024, 10, 25, tzinfo=PARIS), datetime(2024, 10, 30, tzinfo=PARIS)
    times = pd.date_range(start, end, freq="7min", inclusive="left").tz_convert("UTC").as_unit("us")
    index = np.cumsum(np.random.default_rng(3).integers(0, 9, len(times))).astype(float)
    record.append(batch_of({"series": [1] * len(times), "time": list(times), "value": index}))
    found = figures(record, "delta", start=start, end=end, unit="day", time_zone="Europe/Paris")
    last = pd.Series(index, times.tz_convert(PARIS)).resample("D").last().to_numpy()
    assert [row[2] for row in found] == [last[0] - index[0], *np.diff(last)]


# fills


@pytest.mark.parametrize(
    ("fill", "means", "counts"),
    [
        ("none", [1.0, 4.0], [1, 1]),
        ("null", [None, 1.0, None, None, 4.0, None], [0, 1, 0, 0, 1, 0]),
        ("zero", [0.0, 1.0, 0.0, 0.0, 4.0, 0.0], [0, 1, 0, 0, 1, 0]),
        ("previous", [None, 1.0, 1.0, 1.0, 4.0, 4.0], [0, 1, 0, 0, 1, 0]),
        ("linear", [None, 1.0, 2.0, 3.0, 4.0, None], [0, 1, 0, 0, 1, 0]),
    ],
)
def test_empty_buckets_are_filled_as_asked(record: Record, fill: str, means: list[Any], counts: list[int]) -> None:
    record.append(a_batch((1, 70, 1.0), (1, 250, 4.0)))
    found = figures(record, "mean", "count", fill=fill, end=at(360))
    assert [row[2] for row in found] == means
    assert [row[3] for row in found] == counts


@pytest.mark.parametrize("fill", ["previous", "linear"])
def test_a_fill_does_not_run_from_one_series_into_the_next(record: Record, fill: str) -> None:
    record.append(a_batch((1, 0, 1.0), (3, 70, 9.0)))
    found = figures(record, "mean", fill=fill, end=at(120), windows=Windows.whole([1, 2, 3]))
    after = 1.0 if fill == "previous" else None
    assert found == [(1, 0, 1.0), (1, 60, after), (2, 0, None), (2, 60, None), (3, 0, None), (3, 60, 9.0)]


def test_only_buckets_that_touch_a_window_are_filled(record: Record) -> None:
    windows = Windows.of([(1, at(70), at(80)), (1, at(90), at(130)), (2, at(180), None)])
    assert figures(record, "count", fill="zero", windows=windows) == [(1, 60, 0), (1, 120, 0), (2, 180, 0)]


def test_linear_follows_time_where_buckets_are_uneven(record: Record) -> None:
    start = datetime(2024, 3, 30, tzinfo=PARIS)
    record.append(
        batch_of({"series": [1, 1], "time": [start, datetime(2024, 4, 1, tzinfo=PARIS)], "value": [0.0, 47.0]})
    )
    asked = an_aggregation(
        start=start, end=datetime(2024, 4, 2, tzinfo=PARIS), unit="day", time_zone="Europe/Paris", fill="linear"
    )
    assert record.aggregate(ONE, asked)["mean"].to_pylist() == pytest.approx([0.0, 24.0, 47.0])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"aggregates": ()}, "aggregates"),
        ({"aggregates": (Aggregate("mean"), Aggregate("mean"))}, "aggregates"),
        ({"aggregates": (Aggregate("quantile"),)}, "aggregates"),
        ({"aggregates": (Aggregate("quantile", 1.5),)}, "aggregates"),
        ({"aggregates": (Aggregate("mean", 0.5),)}, "aggregates"),
        ({"time_zone": "Europe/Fontenay"}, "time_zone"),
        ({"unit": "minute", "end": at(400_000), "fill": "null"}, "fill"),
    ],
)
def test_what_cannot_be_computed_is_named(record: Record, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        record.aggregate(Windows.whole(list(range(60))), an_aggregation(**given))
    assert caught.value.faults[0].field == field
