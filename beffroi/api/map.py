"""What a map of the territory draws: where assets stand, which are silent, what is measured in each collectivité."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import fmean
from typing import Annotated

import msgspec
import numpy as np
import pyarrow as pa
from msgspec import Meta
from numpy.typing import NDArray
from starlette.responses import Response

from beffroi.api.routing import Call, Routes
from beffroi.api.tagged import tagged
from beffroi.api.territory import NEVER, newest_of, opened
from beffroi.database import Page
from beffroi.errors import Invalid, Text
from beffroi.observations import Quality, Windows
from beffroi.registry import kinds, positions
from beffroi.registry import series as registry_series
from beffroi.registry.fields import Known
from beffroi.registry.positions import Bearer, PositionQuery, Positions
from beffroi.registry.series import SeriesSelection

routes = Routes("map", "The territory as a map draws it: places, silence, and measurements by collectivité.")

SILENT_AFTER = timedelta(days=1)
"""without an observation: what is then called silent"""
UNTRUSTED = Quality.OUT_OF_RANGE | Quality.DOUBTFUL | Quality.FROZEN
SUMMED_UP = ("number", "boolean")
"""kinds of values of which a mean says something: a counter's index is not one"""


class Silence(msgspec.Struct, frozen=True):
    """Of an owner: how many devices, those with no observation for a day, those never heard."""

    owner: str
    devices: int
    silent: int
    never: int


class Silences(msgspec.Struct, frozen=True):
    """`assets` that no observation tells of for a day, and those that none ever did: ids, in order. An asset without
    any series is in neither."""

    owners: list[Silence]
    assets: list[int]
    never: list[int]


class MeasureQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    observed_property: Annotated[Known, Meta(description="A number, or yes or no: of these, the share of yes.")]


class Measured(msgspec.Struct, frozen=True):
    """`mean` of the newest observation of each of `series` series that spoke since a day, in the property's unit (of
    yes and no: 0 to 1); observations that are out of range, frozen or doubtful left out. `latest`: the newest."""

    owner: str
    mean: float
    series: int
    latest: datetime


@routes.get("/map/assets", answer=Positions)
def assets(call: Call, query: PositionQuery) -> Response:
    """Where assets stand, by columns: 100,000 at most, else their number alone. With an `ETag`."""
    with call.reading() as tx:
        found = positions.positions(call.scope, tx, query)
    _note(call, found.owners)
    return tagged(call.request, found)


@routes.get("/map/silent", answer=Silences)
def silent(call: Call) -> Response:
    """Which assets, and how many devices of each collectivité, no observation tells of for a day. With an `ETag`."""
    with call.reading() as tx:
        bearers = positions.bearers(call.scope, tx)
        visible = registry_series.stretches(call.scope, tx)
    latest = call.rooms.record.latest(opened(visible), patience=call.patience)
    heard = newest_of(np.array([one.series for one in bearers], np.int64), latest)
    since = np.datetime64((call.now - SILENT_AFTER).replace(tzinfo=None), "us")
    owners = _silences(bearers, heard, since)
    _note(call, [one.owner for one in owners])
    ids, newest = _newest_by([one.asset for one in bearers], heard)
    never = newest == NEVER
    return tagged(call.request, Silences(owners, ids[(newest < since) & ~never].tolist(), ids[never].tolist()))


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
