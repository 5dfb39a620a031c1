"""Reading an experiment's series: by days, from the record, some thousands of series at a time."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.errors import Text
from beffroi.observations import Aggregate, Aggregation, Record, Windows
from beffroi.pooling.programme.plan import Said
from beffroi.pooling.trying.effect import Gathered, Group, Period, UnitFigures, Week
from beffroi.pooling.trying.figures import Floats, Integers, Rates, Together, Way, rates
from beffroi.processing.figures import UNTRUSTED

AT_ONCE = 1_000_000
"""days of series in one answer"""
MOST_TRUSTED = 5_000_000
"""days of series, beyond which figures kept by day are read instead of the measurements"""
LEAST_DAYS = 10
LEAST_SHARE = 0.5
"""of a period's days, that a series was seen"""
STEP = Text("mesures lues, jour par jour", "measurements read, day by day")
BEFORE_EARLY, BEFORE_LATE, AFTER = range(3)

Told = Callable[[Text, float, float], None]
"""told the step, how much is done, and of how much"""


class Stretch(NamedTuple):
    """A series that may be read from `since` until `until`."""

    series: int
    since: datetime | None
    until: datetime | None


class UnitAsked(msgspec.Struct, frozen=True):
    key: str
    name: str
    owner: str
    group: Group
    series: list[Stretch]


class ToRead(msgspec.Struct, frozen=True, kw_only=True):
    """`after`: as far as its days have ended; `over`: whether all have."""

    way: Way
    unit: str
    units: list[UnitAsked]
    rolls_over: list[tuple[int, float]]
    before: Period
    after: Period
    over: bool
    time_zone: str
    unseen: int = 0


class _Read(NamedTuple):
    """Of some series: their figures, what was seen of them, and weeks."""

    rates: Rates
    halves: Rates
    weeks: Rates
    observations: int
    refused: int


class _Summed:
    """The units, as far as their series were read."""

    def __init__(self, units: int, weeks: int) -> None:
        self.rates, self.halves, self.weeks = (Together.empty(units, count) for count in (2, 3, weeks))
        self.seen = np.zeros((units, 2), np.int64)
        self.used = np.zeros(units, np.int64)
        self.observations = self.refused = 0

    def add(self, unit: Integers, found: _Read, good: NDArray[np.bool_]) -> None:
        """`unit`: of each series; those that are `good` count."""
        mine = unit[good]
        self.rates.add(mine, found.rates.rate[good])
        self.halves.add(mine, found.halves.rate[good])
        self.weeks.add(mine, found.weeks.rate[good])
        np.add.at(self.seen, mine, found.rates.days[good])
        np.add.at(self.used, mine, 1)
        self.observations += found.observations
        self.refused += found.refused

    @property
    def days(self) -> Floats:
        """Seen, before and after: the mean of a unit's series."""
        return self.seen / np.maximum(self.used, 1)[:, None]


def gathered(record: Record, asked: ToRead, told: Told, *, most_trusted: int = MOST_TRUSTED) -> Gathered:
    """Raises whatever `told` raises: so is it cancelled."""
    held = [(place, one) for place, unit in enumerate(asked.units) for one in unit.series]
    windows = Windows.of([(one.series, one.since, one.until) for _, one in held])
    ids, first = np.unique(np.array([one.series for _, one in held], np.int64), return_index=True)
    unit = np.array([place for place, _ in held], np.int64)[first]
    days = asked.before.days + asked.after.days
    kept = len(ids) * days > most_trusted
    some = max(1, AT_ONCE // days)
    summed = _Summed(len(asked.units), weeks_of(asked.before) + weeks_of(asked.after))
    for start in range(0, len(ids), some):
        told(STEP, start, len(ids))
        found = _read(record, asked, ids[start : start + some], windows, 0 if kept else int(UNTRUSTED))
        summed.add(unit[start : start + some], found, _measured(found.rates, asked))
    told(STEP, len(ids), len(ids) or 1)
    return Gathered(
        way=asked.way,
        unit=asked.unit,
        before=asked.before,
        after=asked.after,
        units=_units(asked, summed),
        weeks=_weeks(asked, summed.weeks.figures(asked.way, summed.used), summed.used),
        observations=summed.observations,
        refused=summed.refused,
        kept=kept,
        over=asked.over,
        unseen=asked.unseen,
    )


def _read(record: Record, asked: ToRead, chosen: Integers, windows: Windows, reject: int) -> _Read:
    """Both periods of the series `chosen`, which rise."""
    mine = np.isin(windows.series, chosen)
    windows = Windows(windows.series[mine], windows.start[mine], windows.end[mine])
    parts = [_days(record, asked, chosen, windows, period, reject) for period in (asked.before, asked.after)]
    row, day, value = (np.concatenate([part[place] for part in parts]) for place in range(3))
    run = np.repeat(np.arange(2), [len(part.row) for part in parts])
    order = np.lexsort((day, row))
    row, day, value, run = row[order], day[order], value[order], run[order]
    middle = asked.before.first.toordinal() + asked.before.days // 2
    half = np.where(run == 1, AFTER, np.where(day < middle, BEFORE_EARLY, BEFORE_LATE))
    opens = np.where(run == 0, asked.before.first.toordinal(), asked.after.first.toordinal())
    before, after = weeks_of(asked.before), weeks_of(asked.after)
    week = (day - opens) // 7 + np.where(run == 0, 0, before)

    def by(stretch: Integers, runs: Integers, columns: int) -> Rates:
        return rates(asked.way, row, day, value, stretch, runs, (len(chosen), columns))

    return _Read(
        by(run, run, 2),
        by(half, half, 3),
        by(week, run, before + after),
        sum(part.observations for part in parts),
        sum(part.refused for part in parts),
    )


class _Days(NamedTuple):
    """Of a period: row among those chosen, day as an ordinal, figure; how many were observed, how many untrusted."""

    row: Integers
    day: Integers
    value: Floats
    observations: int
    refused: int


def _days(record: Record, asked: ToRead, chosen: Integers, windows: Windows, period: Period, reject: int) -> _Days:
    growth = asked.way == "growth"
    mine = set(chosen.tolist()) if growth else set[int]()
    turns = tuple((series, turn) for series, turn in asked.rolls_over if series in mine)
    start, end = bounds(period, asked.time_zone)
    function: Literal["mean", "delta"] = "delta" if growth else "mean"
    wanted = (Aggregate(function), Aggregate("count"))
    trusted = Aggregation(start, end, 1, "day", asked.time_zone, wanted, reject=reject, rolls_over=turns)
    table = record.aggregate(windows, trusted)
    kept = whole = int(np.sum(table["count"].to_numpy()))
    if reject:
        count = Aggregation(start, end, 1, "day", asked.time_zone, (Aggregate("count"),))
        whole = int(np.sum(record.aggregate(windows, count)["count"].to_numpy()))
    return _Days(*_columns(table, chosen, function, ZoneInfo(asked.time_zone)), whole, whole - kept)


def weeks_of(period: Period) -> int:
    """How many there are of seven days, the last one begun."""
    return -(-period.days // 7)


def bounds(period: Period, time_zone: str) -> tuple[datetime, datetime]:
    zone = ZoneInfo(time_zone)
    return datetime.combine(period.first, time(), zone), datetime.combine(period.last + timedelta(days=1), time(), zone)


def _columns(table: pa.Table, chosen: Integers, name: str, zone: ZoneInfo) -> tuple[Integers, Integers, Floats]:
    """Row among `chosen`, day as an ordinal, figure."""
    starts, places = np.unique(table["start"].to_numpy(), return_inverse=True)
    begun = pa.array(starts.astype("M8[us]"), pa.timestamp("us", "UTC")).to_pylist()
    days = np.array([one.astimezone(zone).toordinal() for one in begun], np.int64)
    row = np.searchsorted(chosen, table["series"].to_numpy())
    value = table[name].to_numpy(zero_copy_only=False).astype(np.float64)
    return row, days[places] if len(days) else np.empty(0, np.int64), value


def _measured(found: Rates, asked: ToRead) -> NDArray[np.bool_]:
    """Series seen often enough in both periods."""
    needed = [max(LEAST_DAYS, LEAST_SHARE * period.days) for period in (asked.before, asked.after)]
    enough = (found.days >= np.array(needed)[None, :]) & ~np.isnan(found.rate)
    return np.asarray(enough.all(axis=1))


def _units(asked: ToRead, summed: _Summed) -> list[UnitFigures]:
    rates, halves = (one.figures(asked.way, summed.used) for one in (summed.rates, summed.halves))
    earlier = halves[:, BEFORE_LATE] - halves[:, BEFORE_EARLY]
    days = summed.days
    return [
        UnitFigures(
            key=one.key,
            name=one.name,
            owner=one.owner,
            group=one.group,
            series=int(summed.used[place]),
            asked=len({held.series for held in one.series}),
            days_before=round(float(days[place, 0])),
            days_after=round(float(days[place, 1])),
            before=_told(rates[place, 0]),
            after=_told(rates[place, 1]),
            earlier=_told(earlier[place]),
            left_out=_left_out(one, int(summed.used[place])),
        )
        for place, one in enumerate(asked.units)
    ]


def _left_out(unit: UnitAsked, used: int) -> Said | None:
    if not unit.series:
        return Said("aucune série à lire", "no series to read")
    if not used:
        return Said(
            f"trop peu de jours mesurés, avant ou après (il en faut la moitié, et {LEAST_DAYS})",
            f"too few days measured, before or after (half of them are needed, and {LEAST_DAYS})",
        )
    return None


def _weeks(asked: ToRead, figures: Floats, used: Integers) -> list[Week]:
    opens = [
        period.first + timedelta(days=7 * week)
        for period in (asked.before, asked.after)
        for week in range(weeks_of(period))
    ]
    group = np.array([one.group == "cohort" for one in asked.units], bool)
    columns: list[list[float | None]] = []
    for chosen in (group, ~group):
        mine = figures[chosen & (used > 0)]
        told = (~np.isnan(mine)).sum(axis=0)
        sums = np.nansum(mine, axis=0)
        columns.append([float(one / count) if count else None for one, count in zip(sums, told, strict=True)])
    return [Week(day, one, other) for day, one, other in zip(opens, *columns, strict=True)]


def _told(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
