"""Units measured before and after, with defaults."""

from datetime import date, timedelta
from typing import Any

from beffroi.pooling.trying.effect import Gathered, Period, UnitFigures

BEFORE = Period(date(2026, 1, 5), date(2026, 3, 29))
AFTER = Period(date(2027, 1, 4), date(2027, 3, 28))


def a_unit(group: Any = "cohort", before: float | None = 10.0, after: float | None = 10.0, **given: Any) -> UnitFigures:
    defaults: dict[str, Any] = {
        "key": "1",
        "name": "École",
        "owner": "commune-85191",
        "series": 1,
        "asked": 1,
        "days_before": 84,
        "days_after": 84,
        "earlier": 0.0,
    }
    return UnitFigures(group=group, before=before, after=after, **(defaults | given))


def both(changes: tuple[float, ...], others: tuple[float, ...], **given: Any) -> list[UnitFigures]:
    """Units of 10 a day before, changed so after."""
    return [
        a_unit(group, 10.0, 10.0 + change, key=f"{group} {place}", **given)
        for group, listed in (("cohort", changes), ("comparison", others))
        for place, change in enumerate(listed)
    ]


def read(units: list[UnitFigures], **given: Any) -> Gathered:
    defaults: dict[str, Any] = {
        "way": "growth",
        "unit": "kWh",
        "before": BEFORE,
        "after": AFTER,
        "weeks": [],
        "observations": 1000,
        "refused": 0,
        "kept": False,
        "over": True,
    }
    return Gathered(units=units, **(defaults | given))


def days(period: Period) -> list[date]:
    return [period.first + timedelta(days=one) for one in range(period.days)]
