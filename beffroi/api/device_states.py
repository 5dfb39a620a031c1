"""Devices with how they fare: whether they speak, what is left of their battery, what of their radio gets lost."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from starlette.responses import Response

from beffroi.access import Scope
from beffroi.api import state_counts
from beffroi.api.negotiation import accepted
from beffroi.api.registry import FORMATS, SUFFIX, noted
from beffroi.api.routing import JSON, Call, Routes
from beffroi.api.seen import BATTERY
from beffroi.api.state_counts import LONG, LOW_BATTERY, Asked, State, StateCounts
from beffroi.database import Page, Transaction
from beffroi.network.health import DeviceHealth
from beffroi.observations import Windows
from beffroi.registry import devices, sheets
from beffroi.registry import series as registry_series
from beffroi.registry.devices import DeviceQuery
from beffroi.registry.model import Device
from beffroi.registry.series import SeriesQuery, SeriesSelection

routes = Routes("device-states", "Devices with how they fare: silent or not, battery, radio.")

ENOUGH = 20
"""frames, sent or lost, before a share of them is told"""
TOGETHER = 500
"""devices looked at together"""
ROWS = 100


class DeviceState(msgspec.Struct, frozen=True, omit_defaults=True):
    """`latest`: the greatest time of what the caller sees of its observations. `silent`: it missed several turns of its
    usual interval (`period`, in seconds), or it has said nothing for a day and has no known habit. `unwatched`: a
    gateway, which relays what others say. `loss`: share of radio frames lost, once enough came. `battery`: per cent."""

    device: Device
    state: State
    low_battery: bool = False
    latest: datetime | None = None
    battery: float | None = None
    period: float | None = None
    loss: float | None = None
    rssi: float | None = None
    snr: float | None = None


class StateQuery(DeviceQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`state`: in any of these."""

    state: list[Asked] | None = None


@routes.get("/device-states", produces=FORMATS, answer=Page[DeviceState])
def list_states(call: Call, query: StateQuery) -> Page[DeviceState] | Response:
    """Devices the caller may see, in the order of their ids. As CSV or XLSX by `Accept`: all of them."""
    media = accepted(call.request, FORMATS)
    limit = query.limit or ROWS
    found: list[DeviceState] = []
    with call.reading() as tx:
        for some in _in_pages(call.scope, tx, query):
            found += [one for one in _states(call, tx, some) if _answers(one, query.state)]
            if media == JSON and len(found) > limit:
                break
    following = str(found[limit - 1].device.id) if media == JSON and len(found) > limit else None
    if following:
        found = found[:limit]
    noted(call, "device", [one.device for one in found])
    if media != JSON:
        name = f"attachment; filename=device-states.{SUFFIX[media]}"
        content = sheets.write(media, [column.name for column in COLUMNS], map(_row, found))
        return Response(content, media_type=media, headers={"Content-Disposition": name})
    return Page(found, following)


@routes.get("/device-states/counts")
def counts(call: Call, query: StateQuery) -> StateCounts:
    """How many of the devices that the query asks are in each state."""
    rooms, asked = call.rooms, None if query.state is None else frozenset(query.state)
    with call.reading() as tx:
        seen = rooms.remembered.devices(call.scope, tx, _plain(query))
    told, owners = state_counts.count(seen, rooms.record, rooms.ward, asked, now=call.now, patience=call.patience)
    for owner in owners:
        call.rooms.views.note(call.scope, "device.read", owner, "list", call.now)
    return told


def _plain(query: StateQuery, **changes: Any) -> DeviceQuery:
    given = {name: getattr(query, name) for name in DeviceQuery.__struct_fields__}
    return DeviceQuery(**{**given, **changes})


def _in_pages(scope: Scope, tx: Transaction, query: StateQuery) -> Iterator[Sequence[Device]]:
    after = query.after
    while True:
        page = devices.find(scope, tx, _plain(query, after=after, limit=TOGETHER))
        if page.items:
            yield page.items
        if (after := page.next) is None:
            return


def _answers(one: DeviceState, asked: list[Asked] | None) -> bool:
    return asked is None or one.state in asked or (one.low_battery and "low-battery" in asked)


def _states(call: Call, tx: Transaction, some: Sequence[Device]) -> list[DeviceState]:
    heard = {one.device: one for one in call.rooms.ward.seen(call.scope, tx, _named(some), now=call.now)}
    latest, batteries = _observed(call, tx, some)
    return [
        _state(device, heard.get(device.id), latest.get(device.id), batteries.get(device.id), call.now)
        for device in some
    ]


def _named(some: Iterable[Device]) -> DeviceQuery:
    return DeviceQuery(id=[one.id for one in some])


def _observed(call: Call, tx: Transaction, some: Sequence[Device]) -> tuple[dict[int, datetime], dict[int, float]]:
    """By device: the greatest time of what is seen of it, and the newest measure of its battery."""
    ids = [one.id for one in some]
    names = registry_series.every(call.scope, tx, SeriesQuery(device=ids))
    owned = {one.id: (one.device, one.observed_property == BATTERY) for one in names}
    rows = registry_series.windows(call.scope, tx, SeriesSelection(device=ids))
    windows = Windows.of([(row.series, row.since, row.until) for row in rows])
    newest = call.rooms.record.latest(windows, patience=call.patience)
    latest: dict[int, datetime] = {}
    batteries: dict[int, tuple[datetime, float]] = {}
    columns = (newest[name].to_pylist() for name in ("series", "time", "value"))
    for series, time, value in zip(*columns, strict=True):
        device, is_battery = owned.get(series, (None, False))
        if device is None:
            continue
        latest[device] = max(latest.get(device, time), time)
        if is_battery and value is not None:
            batteries[device] = max(batteries.get(device, (time, value)), (time, value))
    return latest, {device: value for device, (_, value) in batteries.items()}


def _state(
    device: Device, health: DeviceHealth | None, latest: datetime | None, battery: float | None, now: datetime
) -> DeviceState:
    battery = battery if battery is not None or health is None else health.battery
    heard = max((one for one in (latest, health and health.last_heard) if one), default=None)
    told = {name: getattr(health, name) for name in ("period", "rssi", "snr")} if health else {}
    if health is not None and health.frames + health.lost >= ENOUGH:
        told["loss"] = health.loss
    return DeviceState(
        device=device,
        state=_word(device, health, heard, now),
        low_battery=battery is not None and battery < LOW_BATTERY,
        latest=heard,
        battery=battery,
        **told,
    )


def _word(device: Device, health: DeviceHealth | None, heard: datetime | None, now: datetime) -> State:
    if heard is None:
        return "unwatched" if device.kind == "gateway" else "never"
    if health is not None and health.period is not None:
        return "silent" if health.silent else "speaking"
    return "silent" if now - heard > LONG else "speaking"


class Column(NamedTuple):
    """Of the file: where its cells come from."""

    name: str
    of_device: bool = False


COLUMNS = (
    *(Column(name, of_device=True) for name in ("owner", "kind", "code", "name", "service", "model")),
    *map(Column, ("state", "latest", "battery", "period", "loss", "rssi", "snr")),
)


def _row(one: DeviceState) -> list[Any]:
    return [_cell(getattr(one.device if column.of_device else one, column.name)) for column in COLUMNS]


def _cell(value: Any) -> Any:
    """A spreadsheet knows no time zone: instants are told in full, in UTC."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
