"""A collectivité's own home page, in one answer: the figures of its services, and what needs attention."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

from beffroi.api.routing import Call
from beffroi.observations import Quality, Windows
from beffroi.processing import figures
from beffroi.processing.figures import UNTRUSTED, Daily, Known
from beffroi.registry import devices as registry_devices
from beffroi.registry import series as registry_series
from beffroi.registry.devices import DeviceQuery
from beffroi.registry.series import SeriesOf, SeriesSelection

SILENT_AFTER = timedelta(days=1)
LOW_BATTERY = 20.0
"""percent"""
AT_MOST = 10
"""things named of each concern"""
WEEK = timedelta(days=7)


class Day(msgspec.Struct, frozen=True):
    day: date
    value: float


class FigureNow(msgspec.Struct, frozen=True, omit_defaults=True):
    """`value`: now, the mean of what speaks, or, for `span` `day`, of the last day that has ended. `days`: of each day
    that has ended. `day_before_week` and `day_before_year`: the last of them, a week and 52 weeks earlier."""

    code: str
    name_fr: str
    name_en: str
    unit: str
    series: int
    span: Literal["now", "day"]
    days: list[Day]
    value: float | None = None
    latest: datetime | None = None
    day_before_week: float | None = None
    day_before_year: float | None = None
    explained_fr: str | None = None
    explained_en: str | None = None


class ServiceNow(msgspec.Struct, frozen=True):
    service: str
    figures: list[FigureNow]


class Cause(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is concerned: a device by its name, else a series by its own; `series` is where to look."""

    name: str
    series: int
    device: int | None = None
    time: datetime | None = None
    value: float | None = None
    unit: str = ""


class Concern(msgspec.Struct, frozen=True):
    """`silent`: devices without observation for a day; `never`: those never heard; `doubtful`: series whose newest
    value is out of range, frozen or doubted; `battery`: those whose battery is under 20 %. The first ten are named."""

    kind: Literal["silent", "never", "doubtful", "battery"]
    count: int
    causes: list[Cause]


class CollectivityNow(msgspec.Struct, frozen=True, omit_defaults=True):
    devices: int
    """those that have series"""
    series: int
    concerns: list[Concern]
    services: list[ServiceNow]
    latest: datetime | None = None
    simulated: bool = False


class Newest(NamedTuple):
    time: datetime
    value: float | None
    quality: int


def overview(call: Call, owner: str) -> CollectivityNow:
    """Of what the caller sees of `owner`."""
    with call.reading() as tx:
        known = registry_series.of_owner(call.scope, tx, owner)
        rows = registry_series.windows(call.scope, tx, SeriesSelection(owner=[owner]))
    windows = Windows.of([(row.series, row.since, row.until) for row in rows])
    table = call.rooms.record.latest(windows, patience=call.patience)
    columns = [table[name].to_pylist() for name in ("series", "time", "value", "quality")]
    newest = {series: Newest(*rest) for series, *rest in zip(*columns, strict=True)}
    made_of = figures.chosen([Known(one.id, one.service, one.observed_property, one.unit) for one in known])
    days = figures.daily(
        call.rooms.record,
        windows,
        made_of,
        now=call.now,
        time_zone=call.rooms.time_zone,
        rolls_over=registry_series.rollovers(rows),
        patience=call.patience,
    )
    told = [(one, _now(one, [newest[id_] for id_ in made_of[one.figure] if id_ in newest], call.now)) for one in days]
    services = dict.fromkeys(one.figure.service for one, _ in told)
    call.rooms.views.note(call.scope, "overview.read", owner=owner, subject="overview", now=call.now)
    return CollectivityNow(
        devices=len({one.device for one in known if one.device is not None}),
        series=len(known),
        concerns=_concerns(call, known, newest),
        services=[
            ServiceNow(code, [figure for one, figure in told if one.figure.service == code]) for code in services
        ],
        latest=max((one.time for one in newest.values()), default=None),
        simulated=any(one.quality & Quality.SIMULATED for one in newest.values()),
    )


def _now(one: Daily, newest: Sequence[Newest], now: datetime) -> FigureNow:
    figure, last = one.figure, max(one.days, default=None)
    spoken = [row for row in newest if row.time > now - SILENT_AFTER and not row.quality & UNTRUSTED]
    values = [row.value for row in spoken if row.value is not None]
    at_once = figure.way in ("mean", "share")
    current = (sum(values) / len(values) * (100 if figure.way == "share" else 1)) if values else None
    return FigureNow(
        code=figure.code,
        name_fr=figure.name.fr,
        name_en=figure.name.en,
        unit=figure.unit,
        series=one.series,
        span="now" if at_once else "day",
        days=[Day(day, value) for day, value in sorted(one.days.items())],
        value=current if at_once else (one.days[last] if last else None),
        latest=max((row.time for row in newest), default=None),
        day_before_week=one.days.get(last - WEEK) if last else None,
        day_before_year=one.year_before,
        explained_fr=figure.explained.fr if figure.explained else None,
        explained_en=figure.explained.en if figure.explained else None,
    )


def _concerns(call: Call, known: Sequence[SeriesOf], newest: Mapping[int, Newest]) -> list[Concern]:
    """Those there are, the gravest first."""
    silent, never = _unheard(known, newest, call.now - SILENT_AFTER)
    names = _names(call, [*silent[:AT_MOST], *never[:AT_MOST]])
    doubtful = [one for one in known if one.id in newest and newest[one.id].quality & UNTRUSTED]
    found = [
        Concern("silent", len(silent), [_cause(one, newest, names) for one in silent[:AT_MOST]]),
        Concern("never", len(never), [_cause(one, newest, names) for one in never[:AT_MOST]]),
        Concern("doubtful", len(doubtful), [_cause(one, newest, {}) for one in doubtful[:AT_MOST]]),
    ]
    low = sorted(_low_batteries(known, newest), key=lambda one: newest[one.id].value or 0)
    found.append(Concern("battery", len(low), [_cause(one, newest, {}) for one in low[:AT_MOST]]))
    return [one for one in found if one.count]


def _unheard(
    known: Iterable[SeriesOf], newest: Mapping[int, Newest], since: datetime
) -> tuple[list[SeriesOf], list[SeriesOf]]:
    """Of each device that said nothing since: the series that spoke last, those longest silent first; of each that
    never did, one of its series."""
    last: dict[int, SeriesOf] = {}
    for one in known:
        if one.device is None:
            continue
        before = last.get(one.device)
        if before is None or (
            one.id in newest and (before.id not in newest or newest[one.id].time > newest[before.id].time)
        ):
            last[one.device] = one
    heard = [one for one in last.values() if one.id in newest]
    silent = sorted((one for one in heard if newest[one.id].time < since), key=lambda one: newest[one.id].time)
    return silent, [one for one in last.values() if one.id not in newest]


def _low_batteries(known: Iterable[SeriesOf], newest: Mapping[int, Newest]) -> Iterator[SeriesOf]:
    for one in known:
        if one.observed_property == "battery" and one.unit == "%" and one.id in newest:
            value = newest[one.id].value
            if value is not None and value < LOW_BATTERY:
                yield one


def _names(call: Call, series: Sequence[SeriesOf]) -> dict[int, str]:
    """Of the devices that the caller sees, by id."""
    ids = [one.device for one in series if one.device is not None]
    if not ids:
        return {}
    with call.reading() as tx:
        return {one.id: one.name for one in registry_devices.every(call.scope, tx, DeviceQuery(id=ids))}


def _cause(one: SeriesOf, newest: Mapping[int, Newest], names: Mapping[int, str]) -> Cause:
    found = newest.get(one.id)
    device = one.device if one.device in names else None
    name = one.name if device is None else names[device]
    if found is None:
        return Cause(name, one.id, device)
    return Cause(name, one.id, device, found.time, found.value if device is None else None, one.unit)
