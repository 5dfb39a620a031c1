"""What a map of the territory draws: where assets stand, which are silent, what is measured in each collectivité."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import fmean
from typing import Annotated, Literal

import msgspec
import numpy as np
import pyarrow as pa
from msgspec import Meta
from numpy.typing import NDArray
from starlette.responses import Response

from beffroi.api.routing import Call, Routes
from beffroi.api.seen import opened
from beffroi.api.tagged import tagged
from beffroi.api.territory import NEVER, newest_of
from beffroi.database import Page
from beffroi.errors import Invalid, Text
from beffroi.observations import Quality, Windows, instant
from beffroi.registry import kinds, positions
from beffroi.registry import series as registry_series
from beffroi.registry.fields import Known
from beffroi.registry.positions import Bearer, Position, PositionQuery
from beffroi.registry.series import SeriesSelection

routes = Routes("map", "The territory as a map draws it: places, silence, and measurements by collectivité.")

SILENT_AFTER = timedelta(days=1)
"""without an observation: what is then called silent"""
UNTRUSTED = Quality.OUT_OF_RANGE | Quality.DOUBTFUL | Quality.FROZEN
SUMMED_UP = ("number", "boolean")
"""kinds of values of which a mean says something: a counter's index is not one"""


State = Literal["heard", "silent", "never"]
STATES: tuple[State, ...] = ("heard", "silent", "never")


class Point(msgspec.Struct, frozen=True, tag_field="type", tag="Point"):
    coordinates: tuple[float, float]


class About(msgspec.Struct, frozen=True, omit_defaults=True):
    """`state`: whether an observation tells of the asset since a day, before, or none ever; absent without series."""

    kind: str
    service: str
    owner: str
    state: State | None = None


class Place(msgspec.Struct, frozen=True, tag_field="type", tag="Feature"):
    id: int
    geometry: Point
    properties: About


class Places(msgspec.Struct, frozen=True, tag_field="type", tag="FeatureCollection"):
    """GeoJSON (RFC 7946)."""

    features: list[Place]


class PlaceColumns(msgspec.Struct, frozen=True):
    """Places as columns. `service` and `state` are ranks in `services` and `states`; -1 for no
    state."""

    id: list[int]
    longitude: list[float]
    latitude: list[float]
    service: list[int]
    state: list[int]
    services: list[str]
    states: list[State]


class Silence(msgspec.Struct, frozen=True):
    """Of an owner: how many devices have series, those without observation for a day, those never heard."""

    owner: str
    devices: int
    silent: int
    never: int


class Placed(msgspec.Struct, frozen=True):
    service: str
    assets: int


class Overview(msgspec.Struct, frozen=True):
    """`services`: how many assets are somewhere; `observed`: the properties of which there are series; `most`: how many
    assets `/map/assets` gives at a time."""

    owners: list[Silence]
    services: list[Placed]
    observed: list[str]
    most: int


class MeasureQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    observed_property: Annotated[Known, Meta(description="A number, or yes or no: of these, the share of yes.")]


class Measured(msgspec.Struct, frozen=True):
    """`mean` of the newest observation of each of `series` series that spoke since a day, in the property's unit (of
    yes and no: 0 to 1); observations that are out of range, frozen or doubtful left out. `latest`: the newest."""

    owner: str
    mean: float
    series: int
    latest: datetime


@routes.get("/map/assets", answer=Places)
def assets(call: Call, query: PositionQuery) -> Response:
    """Where assets stand, and which are silent, as GeoJSON; none when they are more than 100,000. Has an `ETag`."""
    found, states = _placed(call, query)
    return tagged(call.request, Places([_place(one, states) for one in found]))


@routes.get("/map/assets/columns", answer=PlaceColumns)
def asset_columns(call: Call, query: PositionQuery) -> Response:
    """The same as columns, a fifth of the size. Has an `ETag`."""
    return tagged(call.request, _columns(*_placed(call, query)))


@routes.get("/map/overview", answer=Overview)
def overview(call: Call) -> Response:
    """How many devices of each collectivité are silent, how many assets of each service have a place. Has an `ETag`."""
    with call.reading() as tx:
        bearers = positions.bearers(call.scope, tx)
        placed = positions.counts(call.scope, tx)
        observed = positions.observed(call.scope, tx)
    owners = _silences(bearers, _heard(call, bearers), _since(call))
    _note(call, [one.owner for one in owners])
    services = [Placed(service, count) for service, count in sorted(placed.items())]
    return tagged(call.request, Overview(owners, services, observed, positions.MOST))


@routes.get("/map/measures")
def measures(call: Call, query: MeasureQuery) -> Page[Measured]:
    """The mean of what each collectivité's series of one property say now."""
    with call.reading() as tx:
        observed = kinds.observed_property(tx, query.observed_property)
        if observed.value_kind not in SUMMED_UP:
            said = Text("une moyenne n'en dirait rien", "a mean would say nothing of it")
            raise Invalid("observed_property", said)
        comparable = registry_series.in_unit(call.scope, tx, observed)
        visible = registry_series.windows(call.scope, tx, SeriesSelection(observed_property=[observed.code]))
    rows = [row for row in visible if row.series in comparable]
    windows = Windows.of([(row.series, row.since, row.until) for row in rows])
    lately = windows.between(call.now - SILENT_AFTER, call.now + SILENT_AFTER)
    table = call.rooms.record.latest(lately, patience=call.patience)
    found = _means({row.series: row.owner for row in rows}, table)
    _note(call, [one.owner for one in found])
    return Page(found)


def _heard(call: Call, bearers: Sequence[Bearer]) -> NDArray[np.datetime64]:
    """The newest time of each one's series, as far as the caller sees it."""
    with call.reading() as tx:
        visible = registry_series.stretches(call.scope, tx)
    latest = call.rooms.record.latest(opened(visible), patience=call.patience)
    return newest_of(np.array([one.series for one in bearers], np.int64), latest)


def _since(call: Call) -> np.datetime64:
    return instant(call.now - SILENT_AFTER, NEVER)


def _states(call: Call, bearers: Sequence[Bearer]) -> Mapping[int, State]:
    """Of each asset of which a series tells."""
    if not bearers:
        return {}
    assets, newest = _newest_by([one.asset for one in bearers], _heard(call, bearers))
    ranks = np.where(newest == NEVER, 2, np.where(newest < _since(call), 1, 0))
    return {asset: STATES[rank] for asset, rank in zip(assets.tolist(), ranks.tolist(), strict=True)}


def _placed(call: Call, query: PositionQuery) -> tuple[list[Position], Mapping[int, State]]:
    with call.reading() as tx:
        found = positions.positions(call.scope, tx, query)
        bearers = positions.bearers(call.scope, tx) if found else []
    _note(call, [one.owner for one in found])
    return found, _states(call, bearers)


def _place(one: Position, states: Mapping[int, State]) -> Place:
    at = (round(one.longitude, positions.DECIMALS), round(one.latitude, positions.DECIMALS))
    return Place(one.id, Point(at), About(one.kind, one.service, one.owner, states.get(one.id)))


def _columns(found: Sequence[Position], states: Mapping[int, State]) -> PlaceColumns:
    services = sorted({one.service for one in found})
    ranks = {service: rank for rank, service in enumerate(services)}
    told = {state: rank for rank, state in enumerate(STATES)}
    return PlaceColumns(
        id=[one.id for one in found],
        longitude=[round(one.longitude, positions.DECIMALS) for one in found],
        latitude=[round(one.latitude, positions.DECIMALS) for one in found],
        service=[ranks[one.service] for one in found],
        state=[told[states[one.id]] if one.id in states else -1 for one in found],
        services=services,
        states=list(STATES),
    )


def _silences(bearers: Sequence[Bearer], heard: NDArray[np.datetime64], since: np.datetime64) -> list[Silence]:
    owners = {one.device: one.owner for one in bearers if one.device is not None}
    devices, newest = _newest_by([one.device for one in bearers], heard)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for device, time in zip(devices.tolist(), newest, strict=True):
        count = counts[owners[device]]
        count[0] += 1
        count[1] += bool(NEVER < time < since)
        count[2] += bool(time == NEVER)
    return [Silence(owner, *count) for owner, count in sorted(counts.items())]


def _newest_by(
    things: Sequence[int | None], heard: NDArray[np.datetime64]
) -> tuple[NDArray[np.int64], NDArray[np.datetime64]]:
    """The different things, in order, and the newest of what is heard of each; None is no thing."""
    ids = np.array([-1 if one is None else one for one in things], np.int64)
    known, rows = np.unique(ids[ids >= 0], return_inverse=True)
    newest = np.full(len(known), NEVER)
    np.maximum.at(newest, rows, heard[ids >= 0])
    return known, newest


def _means(owners: Mapping[int, str], latest: pa.Table) -> list[Measured]:
    told: dict[str, list[tuple[float, datetime]]] = defaultdict(list)
    columns = (latest[name].to_pylist() for name in ("series", "time", "value", "quality"))
    for series, time, value, quality in zip(*columns, strict=True):
        if value is not None and not quality & UNTRUSTED:
            told[owners[series]].append((value, time))
    return [
        Measured(owner, fmean(value for value, _ in values), len(values), max(time for _, time in values))
        for owner, values in sorted(told.items())
    ]


def _note(call: Call, owners: Iterable[str]) -> None:
    for owner in sorted(set(owners)):
        call.rooms.views.note(call.scope, "map.read", owner=owner, subject="map", now=call.now)
