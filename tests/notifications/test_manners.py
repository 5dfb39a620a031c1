"""When a person's e-mails leave: at once but in the quiet hours, or once a day, by the territory's clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.notifications.manners import Manner

PARIS = ZoneInfo("Europe/Paris")
HOURS = st.times().map(lambda one: f"{one:%H:%M}")
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 365 * 24 * 60).map(lambda minutes: YEAR + timedelta(minutes=minutes))


def at(told: str) -> datetime:
    """Of the territory's clock."""
    return datetime.fromisoformat(told).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("now", "is_due"),
    [
        ("2026-11-20T21:59", True),
        ("2026-11-20T22:00", False),
        ("2026-11-21T03:00", False),
        ("2026-11-21T06:59", False),
        ("2026-11-21T07:00", True),
    ],
)
def test_quiet_hours_go_over_midnight(now: str, is_due: bool) -> None:
    manner = Manner(quiet_from="22:00", quiet_until="07:00")
    assert manner.is_due([at("2026-11-20T20:00")], at(now), PARIS) is is_due


@pytest.mark.parametrize(
    ("since", "now", "is_due"),
    [
        ("2026-11-20T07:00", "2026-11-20T07:59", False),
        ("2026-11-20T07:00", "2026-11-20T08:00", True),
        ("2026-11-20T08:30", "2026-11-20T23:00", False),
        ("2026-11-20T08:30", "2026-11-21T08:00", True),
    ],
)
def test_once_a_day_waits_for_its_hour(since: str, now: str, is_due: bool) -> None:
    manner = Manner(rhythm="daily", daily_at="08:00")
    assert manner.is_due([at(since)], at(now), PARIS) is is_due


@given(since=MOMENTS, daily_at=HOURS)
def test_once_a_day_leaves_within_a_day_whatever_the_clocks_do(since: datetime, daily_at: str) -> None:
    manner = Manner(rhythm="daily", daily_at=daily_at)
    assert manner.is_due([since], since + timedelta(hours=25, minutes=1), PARIS)


@given(since=MOMENTS, quiet_from=HOURS, quiet_until=HOURS)
def test_no_quiet_is_for_ever(since: datetime, quiet_from: str, quiet_until: str) -> None:
    manner = Manner(quiet_from=quiet_from, quiet_until=quiet_until)
    hours = [since + timedelta(minutes=minutes) for minutes in range(0, 26 * 60, 1)]
    assert any(manner.is_due([since], now, PARIS) for now in hours)


def test_nothing_is_never_due() -> None:
    assert not Manner().is_due([], at("2026-11-20T12:00"), PARIS)
