"""What an effect comes to over days and units, in quantities that add up: kWh, m³, km, hours, euros."""

from datetime import date
from typing import Literal, NamedTuple

from beffroi.pooling.trying.effect import MeasuredEffect, Period
from beffroi.pooling.trying.figures import Way

Kind = Literal["kWh", "m3", "km", "h", "EUR"]


class Conversion(NamedTuple):
    """A series' `unit`, read in this `way`: `factor` of `kind` a day for one."""

    way: Way
    unit: str
    kind: Kind
    factor: float


CONVERSIONS = (
    Conversion("growth", "kWh", "kWh", 1.0),
    Conversion("growth", "Wh", "kWh", 0.001),
    Conversion("growth", "MWh", "kWh", 1000.0),
    Conversion("growth", "m³", "m3", 1.0),
    Conversion("growth", "L", "m3", 0.001),
    Conversion("growth", "km", "km", 1.0),
    Conversion("growth", "m", "km", 0.001),
    Conversion("growth", "h", "h", 1.0),
    Conversion("growth", "s", "h", 1 / 3600),
    Conversion("growth", "EUR", "EUR", 1.0),
    Conversion("mean", "W", "kWh", 0.024),
    Conversion("mean", "kW", "kWh", 24.0),
    Conversion("mean", "m³/h", "m3", 24.0),
)
"""a mean power or flow lasts 24 hours a day"""


class Saved(NamedTuple):
    """Of one owner and calendar year, what was not used; below 0, what was used more. `low`, `high`: its interval."""

    owner: str
    year: int
    kind: Kind
    quantity: float
    low: float
    high: float
    units: int
    days: int


def conversion(way: Way, unit: str) -> Conversion | None:
    return next((one for one in CONVERSIONS if (one.way, one.unit) == (way, unit)), None)


def saved(effect: MeasuredEffect) -> list[Saved]:
    """Of each owner of units of the cohort that counted, over the days after: the same mean effect for each unit, whose
    interval is that of all. Empty when no effect is told, or in a unit that does not add up."""
    how = conversion(effect.way, effect.unit)
    if how is None or effect.effect is None or effect.low is None or effect.high is None:
        return []
    owners: dict[str, int] = {}
    for one in effect.rows:
        if one.group == "cohort" and one.left_out is None:
            owners[one.owner] = owners.get(one.owner, 0) + 1
    found = []
    for owner, units in sorted(owners.items()):
        for year, days in years(effect.after):
            times = how.factor * units * days
            bounds = (-effect.effect * times, -effect.high * times, -effect.low * times)
            found.append(Saved(owner, year, how.kind, *bounds, units, days))
    return found


def years(period: Period) -> list[tuple[int, int]]:
    """The calendar years of a period, and how many of its days are in each."""
    found = []
    for year in range(period.first.year, period.last.year + 1):
        first, last = max(period.first, date(year, 1, 1)), min(period.last, date(year, 12, 31))
        found.append((year, (last - first).days + 1))
    return found
