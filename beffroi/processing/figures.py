"""The figures by which a collectivité's services are known, by day: what each is, and how it comes from its series."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.errors import Text
from beffroi.observations import Aggregate, Aggregation, Patience, Quality, Record, Windows

Way = Literal["mean", "growth", "share", "night", "lit"]
UNTRUSTED = Quality.OUT_OF_RANGE | Quality.DOUBTFUL | Quality.FROZEN
DAYS = 30
HOURLY_DAYS = 9
"""of figures that are made from hours"""
YEAR = timedelta(days=364)
"""the same day of the week"""
NIGHT = (2, 3)
"""hours, local, when nearly nobody draws water"""
LIT = 0.1
"""of its greatest mean hour: above, a lamp or a cabinet is lit; below, it stands by"""


@dataclass(frozen=True)
class Figure:
    """`way`, for each day: `mean` of the series' means; `growth`, the sum of what counters gained; `share`, in percent,
    of yes; `night`, the mean of the means between 2 and 4 o'clock; `lit`, hours of the mean series, estimated from its
    power."""

    code: str
    service: str
    observed_property: str
    unit: str
    way: Way
    name: Text
    explained: Text | None = None


FIGURES = (
    Figure("water-flow", "water", "flow", "m³/h", "mean", Text("Débit moyen", "Mean flow")),
    Figure(
        "water-night",
        "water",
        "flow",
        "m³/h",
        "night",
        Text("Débit de nuit", "Night flow"),
        Text(
            "Entre 2 h et 4 h, presque personne ne tire d'eau : ce qui coule encore est surtout perdu.",
            "Between 2 and 4 in the morning nearly nobody draws water: what still flows is mostly lost.",
        ),
    ),
    Figure("water-volume", "water", "water-volume", "m³", "growth", Text("Eau consommée", "Water drawn")),
    Figure(
        "lighting-hours",
        "lighting",
        "electrical-power",
        "h",
        "lit",
        Text("Heures d'éclairage", "Hours lit"),
        Text(
            "Estimées d'après la puissance : les heures où elle dépasse un dixième de son maximum.",
            "Estimated from the power: the hours when it exceeds a tenth of its greatest.",
        ),
    ),
    Figure("lighting-energy", "lighting", "electrical-energy", "kWh", "growth", Text("Électricité", "Electricity")),
    Figure("buildings-temperature", "buildings", "temperature", "°C", "mean", Text("Température", "Temperature")),
    Figure("buildings-co2", "buildings", "co2", "ppm", "mean", Text("CO₂", "CO₂")),
    Figure("buildings-energy", "buildings", "electrical-energy", "kWh", "growth", Text("Électricité", "Electricity")),
    Figure("buildings-gas", "buildings", "gas-volume", "m³", "growth", Text("Gaz", "Gas")),
    Figure("buildings-heat", "buildings", "heat-energy", "kWh", "growth", Text("Chaleur", "Heat")),
    Figure("waste-fill", "waste", "fill-level", "%", "mean", Text("Remplissage", "Fill level")),
    Figure("parking-occupancy", "parking", "occupancy", "%", "share", Text("Occupation", "Occupancy")),
    Figure("environment-temperature", "environment", "temperature", "°C", "mean", Text("Température", "Temperature")),
    Figure("environment-no2", "environment", "no2", "µg/m³", "mean", Text("NO₂", "NO₂")),
    Figure("environment-pm10", "environment", "pm10", "µg/m³", "mean", Text("PM10", "PM10")),
    Figure("environment-noise", "environment", "noise", "dB", "mean", Text("Bruit", "Noise")),
)
"""in the order in which they are shown"""

HOURLY: frozenset[Way] = frozenset({"night", "lit"})
UNITS_AS_KEPT: frozenset[Way] = frozenset({"mean", "growth", "night"})
"""ways of which the figure is in the unit of the series"""


class Daily(NamedTuple):
    """A figure by day, days without any left out. `year_before`: of the last of them, 52 weeks earlier."""

    figure: Figure
    series: int
    days: dict[date, float]
    year_before: float | None


class Known(NamedTuple):
    """A series that figures may be made of."""

    id: int
    service: str
    observed_property: str
    unit: str


def chosen(known: Iterable[Known]) -> dict[Figure, list[int]]:
    """The series that each figure is made of; figures of none are absent."""
    found: dict[Figure, list[int]] = {}
    by_property: dict[tuple[str, str], list[Known]] = {}
    for one in known:
        by_property.setdefault((one.service, one.observed_property), []).append(one)
    for figure in FIGURES:
        named = by_property.get((figure.service, figure.observed_property), ())
        ids = [one.id for one in named if figure.way not in UNITS_AS_KEPT or one.unit == figure.unit]
        if ids:
            found[figure] = ids
    return found


def daily(
    record: Record,
    windows: Windows,
    made_of: Mapping[Figure, Sequence[int]],
    *,
    now: datetime,
    time_zone: str,
    rolls_over: tuple[tuple[int, float], ...],
    patience: Patience | None,
) -> list[Daily]:
    """Each figure over the ended days of the last month (of the last nine for those made from hours), today's left out
    as it has not ended."""
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()

    def asked(figures: Sequence[Figure], first: date, last: date, unit: Literal["hour", "day"]) -> pa.Table:
        ids = np.array(sorted({one for figure in figures for one in made_of[figure]}), np.int64)
        held = np.isin(windows.series, ids)
        seen = Windows(windows.series[held], windows.start[held], windows.end[held])
        start, end = (datetime.combine(day, time(), zone) for day in (first, last))
        functions = (Aggregate("mean"), Aggregate("delta")) if unit == "day" else (Aggregate("mean"),)
        mine = tuple(pair for pair in rolls_over if pair[0] in set(ids.tolist()))
        aggregation = Aggregation(start, end, 1, unit, time_zone, functions, reject=int(UNTRUSTED), rolls_over=mine)
        return record.aggregate(seen, aggregation, patience=patience)

    told: dict[Figure, Daily] = {}
    for hourly in (False, True):
        figures = [figure for figure in made_of if (figure.way in HOURLY) == hourly]
        if not figures:
            continue
        unit: Literal["hour", "day"] = "hour" if hourly else "day"
        lately = asked(figures, today - timedelta(days=HOURLY_DAYS if hourly else DAYS), today, unit)
        before = asked(figures, today - timedelta(days=1) - YEAR, today - YEAR, unit)
        for figure in figures:
            days, then = (_days(figure, made_of[figure], table, zone) for table in (lately, before))
            told[figure] = Daily(figure, len(made_of[figure]), days, next(iter(then.values()), None))
    return [told[figure] for figure in FIGURES if figure in told]


def _days(figure: Figure, series: Sequence[int], table: pa.Table, zone: ZoneInfo) -> dict[date, float]:
    ids = table["series"].to_numpy()
    mine = np.isin(ids, np.array(series, np.int64))
    values = table["delta" if figure.way == "growth" else "mean"].to_numpy()[mine].astype(float)
    starts = [start.astimezone(zone) for start in table["start"].filter(pa.array(mine)).to_pylist()]
    ids, days = ids[mine], np.array([start.date().toordinal() for start in starts], np.int64)
    if figure.way == "night":
        kept = np.isin(np.array([start.hour for start in starts], np.int64), NIGHT)
        ids, days, values = ids[kept], days[kept], values[kept]
    if figure.way == "lit":
        values = _lit(ids, values)
    return _summed_up(figure.way, ids, days, values)


def _lit(ids: NDArray[np.int64], power: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 for an hour lit, by the series' own greatest hour; NaN where it never shone."""
    known, rows = np.unique(ids, return_inverse=True)
    most = np.zeros(len(known))
    np.fmax.at(most, rows, power)
    return np.where(most[rows] > 0, (power > LIT * most[rows]).astype(float), np.nan)


def _summed_up(
    way: Way, ids: NDArray[np.int64], days: NDArray[np.int64], values: NDArray[np.float64]
) -> dict[date, float]:
    told = ~np.isnan(values)
    ids, days, values = ids[told], days[told], values[told]
    found: dict[date, float] = {}
    for day in np.unique(days).tolist():
        of_day = days == day
        each, rows = np.unique(ids[of_day], return_inverse=True)
        sums = np.bincount(rows, values[of_day])
        means = sums / np.bincount(rows)
        figure = {
            "mean": means.mean(),
            "growth": sums.sum(),
            "share": 100 * means.mean(),
            "night": means.mean(),
            "lit": sums.sum() / len(each),
        }[way]
        found[date.fromordinal(day)] = round(float(figure), 4)
    return found
