"""Counters whose index begins again at 0: at a value they said, or whenever they are reset."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beffroi.observations import Record, Windows
from tests.observations.builders import a_batch, an_aggregation, at, buckets_of

DAY = 1440
"""minutes"""
FOUR_DIGITS = ((1, 10_000.0),)
ONE = Windows.whole([1])


def growth(record: Record, windows: Windows = ONE, **asked: Any) -> list[tuple[Any, ...]]:
    options = {"rolls_over": FOUR_DIGITS, **asked}
    return buckets_of(record.aggregate(windows, an_aggregation("delta", **options)), "delta")


def test_a_fall_over_the_top_counts_what_was_left_and_what_is_new(record: Record) -> None:
    record.append(a_batch((1, 0, 9990.0), (1, 10, 9999.5), (1, 20, 4.0), (1, 30, 10.0)))
    assert growth(record) == [(1, 0, 20.0)]


@pytest.mark.parametrize("top", [2.0**16, 2.0**32])
def test_pulses_are_counted_over_the_last_of_their_bits(record: Record, top: float) -> None:
    record.append(a_batch((1, 0, top - 1), (1, 10, 0.0), (1, 20, 7.0)))
    assert growth(record, rolls_over=((1, top),)) == [(1, 0, 8.0)]


@pytest.mark.parametrize(
    ("before", "value", "grown"),
    [
        (5000.0, 0.0, 5000.0),
        (4999.0, 0.0, 0.0),
        (9000.0, 4000.0, 5000.0),
        (9000.0, 4001.0, 4001.0),
        (10_000.0, 10.0, 10.0),
        (14_000.0, 1_000.0, 1_000.0),
        (9999.0, -1.0, -1.0),
    ],
    ids=["half", "over half", "half, later", "over half, later", "from the top", "from beyond the top", "below 0"],
)
def test_a_fall_that_would_be_too_much_growth_is_a_reset(
    record: Record, before: float, value: float, grown: float
) -> None:
    record.append(a_batch((1, 0, before), (1, 10, value)))
    assert growth(record) == [(1, 0, grown)]


def test_a_rise_is_a_rise_however_large(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0), (1, 10, 9001.0), (1, 20, 12_001.0)))
    assert growth(record) == [(1, 0, 12_000.0)]


def test_only_series_that_say_so_roll_over(record: Record) -> None:
    record.append(
        a_batch(*((series, minute, value) for series in (1, 2, 3) for minute, value in ((0, 9.0), (10, 1.0))))
    )
    found = growth(record, Windows.whole([1, 2, 3]), rolls_over=((1, 10.0), (3, 12.0), (7, 10.0)))
    assert found == [(1, 0, 2.0), (2, 0, 1.0), (3, 0, 4.0)]


def test_growth_over_the_top_is_counted_in_the_bucket_of_the_later_reading(record: Record) -> None:
    record.append(a_batch((1, 50, 9980.0), (1, 59, 9990.0), (1, 61, 5.0)))
    assert growth(record) == [(1, 0, 10.0), (1, 60, 15.0)]


@pytest.mark.parametrize("minutes", [5, 3 * DAY, 400 * DAY])
def test_the_reading_before_the_first_bucket_may_be_on_the_other_side(record: Record, minutes: int) -> None:
    record.append(a_batch((1, -minutes, 9990.0)))
    record.append(a_batch((1, 10, 5.0)))
    assert growth(record) == [(1, 0, 15.0)]


def test_growth_over_the_top_by_uneven_buckets(record: Record) -> None:
    start = datetime(2024, 3, 30, tzinfo=ZoneInfo("Europe/Paris"))
    first = (start - at(0)) / timedelta(minutes=1)
    record.append(a_batch((1, first, 9990.0), (1, first + DAY + 60, 4.0), (1, first + 2 * DAY, 14.0)))
    found = growth(record, start=start, end=start + timedelta(days=3), unit="day", time_zone="Europe/Paris")
    assert [row[2] for row in found] == [None, 14.0, 10.0]


def test_growth_over_the_top_is_not_counted_from_what_may_not_be_seen(record: Record) -> None:
    record.append(a_batch((1, 10, 9980.0), (1, 20, 9990.0), (1, 70, 5.0), (1, 80, 8.0)))
    windows = Windows.of([(1, None, at(30)), (1, at(60), None)])
    assert growth(record, windows) == [(1, 0, 10.0), (1, 60, 3.0)]


def test_growth_over_the_top_passes_over_what_is_rejected_or_not_a_number(record: Record) -> None:
    rows = ((1, 0, 9990.0), (1, 10, 7000.0), (1, 20, None), (1, 30, 5.0))
    record.append(a_batch(*rows, text=[None, None, "fault", None], quality=[0, 128, 0, 0]))
    assert growth(record, reject=128) == [(1, 0, 15.0)]


def test_a_correction_takes_a_fall_over_the_top_back(record: Record) -> None:
    record.append(a_batch((1, 0, 9990.0), (1, 10, 5.0), (1, 70, 9999.0)))
    record.append(a_batch((1, 10, 9995.0)))
    assert growth(record) == [(1, 0, 5.0), (1, 60, 4.0)]


def test_a_correction_makes_a_reset_a_fall_over_the_top(record: Record) -> None:
    record.append(a_batch((1, 0, 999.0), (1, 10, 5.0)))
    assert growth(record) == [(1, 0, 5.0)]
    record.append(a_batch((1, 0, 9990.0)))
    assert growth(record) == [(1, 0, 15.0)]


def test_a_late_reading_tells_two_turns_apart(record: Record) -> None:
    record.append(a_batch((1, 0, 9000.0), (1, 70, 8000.0)))
    assert growth(record) == [(1, 0, None), (1, 60, 8000.0)]
    record.append(a_batch((1, 30, 4000.0)))
    assert growth(record) == [(1, 0, 5000.0), (1, 60, 4000.0)]


def test_gaps_are_filled_around_a_fall_over_the_top(record: Record) -> None:
    record.append(a_batch((1, 0, 9990.0), (1, 130, 5.0)))
    assert growth(record, fill="zero") == [(1, 0, 0.0), (1, 60, 0.0), (1, 120, 15.0), (1, 180, 0.0)]


class Reading(NamedTuple):
    minute: int
    value: int
    grown: int
    """since the one before, really"""


SHARES = st.integers(0, 20).map(lambda twentieths: twentieths / 20)
RESETS = st.sampled_from([False, False, False, True])
PASSAGES = st.lists(st.tuples(st.integers(1, 90), SHARES, RESETS), min_size=4, max_size=20)
TOPS = st.sampled_from([10, 1_000, 10_000, 2**16, 2**32])
COUNTERS = st.lists(st.tuples(TOPS, SHARES, PASSAGES), min_size=1, max_size=3)
MINUTES = st.integers(0, 600)


def read_by(top: int, first: float, passages: list[tuple[int, float, bool]]) -> list[Reading]:
    """What a meter shows of a total that only grows, by steps of at most half a turn.

    It is also reset at times, when that can be told: a fall of less than half a turn, which no such step makes.
    """
    total = int(first * (top - 1))
    readings = [Reading(0, total, 0)]
    for minutes, share, reset in passages:
        last = readings[-1]
        lowest = max(0, last.value - (top - 1) // 2)
        if reset and last.value > lowest:
            grown = total = lowest + int(share * (last.value - 1 - lowest))
        else:
            grown = int(share * (top // 2))
            total += grown
        readings.append(Reading(last.minute + minutes, total % top, grown))
    return readings


def grown_by_hour(readings: list[Reading], start: int, end: int, hidden: tuple[int, int]) -> dict[int, int | None]:
    """From the real growth, of what is read outside `hidden`: of each hour that has a reading, None without one
    before it."""
    hours: dict[int, list[int]] = defaultdict(list)
    before: Reading | None = None
    for one in readings:
        if hidden[0] <= one.minute < hidden[1]:
            continue
        if start <= one.minute < end:
            hour = hours[one.minute // 60 * 60]
            if before is not None and (before.minute < hidden[0]) == (one.minute < hidden[0]):
                hour.append(one.grown)
        before = one
    return {hour: sum(grown) if grown else None for hour, grown in hours.items()}


NUMBERS = count(1)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    counters=COUNTERS,
    span=st.tuples(MINUTES, MINUTES),
    hidden=st.tuples(MINUTES, MINUTES),
    chance=st.randoms(use_true_random=False),
)
def test_the_real_growth_is_found_again(
    record: Record,
    counters: list[tuple[int, float, list[tuple[int, float, bool]]]],
    span: tuple[int, int],
    hidden: tuple[int, int],
    chance: Random,
) -> None:
    """However the readings arrive: in any order, in several batches, some wrong at first."""
    held = {next(NUMBERS): (top, read_by(top, first, passages)) for top, first, passages in counters}
    rows = [(series, one.minute, float(one.value)) for series, (_, readings) in held.items() for one in readings]
    wrong = [(series, minute, 0.0) for series, minute, _ in rows if chance.random() < 0.2]
    chance.shuffle(rows)
    cut = chance.randrange(len(rows) + 1)
    for batch in (wrong, rows[:cut], rows[cut:]):
        if batch:
            record.append(a_batch(*batch))
    start, end = min(span), max(span) + 1
    hidden = (min(hidden), max(hidden) + 1)
    windows = Windows.of(
        [stretch for series in held for stretch in ((series, None, at(hidden[0])), (series, at(hidden[1]), None))]
    )
    found = growth(
        record,
        windows,
        start=at(start),
        end=at(end),
        rolls_over=tuple((series, float(top)) for series, (top, _) in held.items()),
    )
    assert found == [
        (series, hour, grown)
        for series, (_, readings) in held.items()
        for hour, grown in grown_by_hour(readings, start, end, hidden).items()
    ]
