"""Devices: what measures, acts or relays."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import Table, select

from beffroi.access import Scope
from beffroi.database import Page, Transaction
from beffroi.errors import Text
from beffroi.registry import claims, tables, things
from beffroi.registry.assets import SERVICE, SITE
from beffroi.registry.fields import Box, Code, Extras, Known, Latitude, Limit, Longitude, Name, Owner, Search, ThingId
from beffroi.registry.model import Device
from beffroi.registry.sites import incomplete_point
from beffroi.registry.things import Noun, Reference, Row, RowFault

DeviceKind = Literal["sensor", "actuator", "gateway"]


class NewDevice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`service` is the asset's own when none is given."""

    owner: Owner
    kind: DeviceKind
    code: Code
    name: Name
    service: Known | None = None
    model: Known | None = None
    asset: ThingId | None = None
    site: ThingId | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    properties: Extras = {}
    simulated: bool = False


class DevicePatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    kind: DeviceKind | UnsetType = UNSET
    code: Code | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    service: Known | UnsetType = UNSET
    model: Known | UnsetType | None = UNSET
    asset: ThingId | UnsetType | None = UNSET
    site: ThingId | UnsetType | None = UNSET
    longitude: Longitude | UnsetType | None = UNSET
    latitude: Latitude | UnsetType | None = UNSET
    properties: Extras | UnsetType = UNSET


class DeviceQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: list[ThingId] | None = None
    owner: list[Owner] | None = None
    kind: list[DeviceKind] | None = None
    service: list[Known] | None = None
    model: list[Known] | None = None
    asset: list[ThingId] | None = None
    site: list[ThingId] | None = None
    code: Code | None = None
    q: Search | None = None
    bbox: Box | None = None
    simulated: bool | None = None
    after: str | None = None
    limit: Limit | None = None


def services_of(tx: Transaction, table: Table, ids: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in things.in_chunks(ids):
        found |= {
            row.id: row.service for row in tx.execute(select(table.c.id, table.c.service).where(table.c.id.in_(some)))
        }
    return found


def _complete(tx: Transaction, rows: list[Row]) -> Iterator[RowFault]:
    lacking = [row for row in rows if row["service"] is None]
    services = services_of(tx, tables.asset, {row["asset"] for row in lacking if row["asset"]})
    for row in lacking:
        row["service"] = services.get(row["asset"])
    for index, row in enumerate(rows):
        if row["service"] is None:
            yield RowFault(index, things.lacking("service"))
        yield from incomplete_point(index, row)


ASSET = Reference("asset", tables.asset, Text("équipement", "asset"))
MODEL = Reference("model", tables.device_model, Text("modèle de capteur", "device model"))

DEVICES = Noun(
    text=Text("capteur ou appareil", "device"),
    table=tables.device,
    type=Device,
    references=(SERVICE, MODEL, ASSET, SITE),
    complete=_complete,
    used_by=(tables.series.c.device,),
    wrote=claims.declared,
    rewrote=claims.declared,
)


def create(scope: Scope, tx: Transaction, new: NewDevice, *, now: datetime) -> Device:
    return things.create(scope, tx, DEVICES, new, now=now)


def create_many(scope: Scope, tx: Transaction, news: list[NewDevice], *, now: datetime) -> list[int]:
    return things.create_many(scope, tx, DEVICES, news, now=now)


def get(scope: Scope, tx: Transaction, id_: int) -> Device:
    return things.get(scope, tx, DEVICES, id_)


def find(scope: Scope, tx: Transaction, query: DeviceQuery) -> Page[Device]:
    return things.find(scope, tx, DEVICES, query)


def every(scope: Scope, tx: Transaction, query: DeviceQuery) -> Iterator[Device]:
    """All that the query asks, its `after` and `limit` left aside."""
    return things.every(scope, tx, DEVICES, query)


def change(scope: Scope, tx: Transaction, id_: int, patch: DevicePatch, *, now: datetime) -> Device:
    return things.change(scope, tx, DEVICES, id_, patch, now=now)


def remove(scope: Scope, tx: Transaction, id_: int, *, now: datetime) -> None:
    """Raises `Conflict` while a series or a relation names it."""
    things.remove(scope, tx, DEVICES, id_, now=now)
