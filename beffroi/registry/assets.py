"""Assets: what a collectivité looks after, of a kind taken from an open list."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import select

from beffroi.access import Scope
from beffroi.database import Page, Transaction
from beffroi.errors import Text
from beffroi.registry import tables, things
from beffroi.registry.fields import Box, Code, Extras, Known, Latitude, Limit, Longitude, Name, Owner, Search, ThingId
from beffroi.registry.model import Asset
from beffroi.registry.sites import complete_place
from beffroi.registry.things import Noun, Reference, Row, RowFault


class NewAsset(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`service` is the kind's own unless another is given. `geometry` is GeoJSON; a longitude and a latitude do for
    a mere point."""

    owner: Owner
    kind: Known
    code: Code
    name: Name
    service: Known | None = None
    site: ThingId | None = None
    geometry: dict[str, Any] | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    properties: Extras = {}
    simulated: bool = False


class AssetPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    kind: Known | UnsetType = UNSET
    code: Code | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    service: Known | UnsetType = UNSET
    site: ThingId | UnsetType | None = UNSET
    geometry: dict[str, Any] | UnsetType | None = UNSET
    longitude: Longitude | UnsetType | None = UNSET
    latitude: Latitude | UnsetType | None = UNSET
    properties: Extras | UnsetType = UNSET


class AssetQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: list[ThingId] | None = None
    owner: list[Owner] | None = None
    kind: list[Known] | None = None
    service: list[Known] | None = None
    site: list[ThingId] | None = None
    code: Code | None = None
    q: Search | None = None
    bbox: Box | None = None
    simulated: bool | None = None
    after: str | None = None
    limit: Limit | None = None


def _complete(tx: Transaction, rows: list[Row]) -> Iterator[RowFault]:
    services: dict[str, str] = {row.code: row.service for row in tx.execute(select(tables.asset_kind))}
    for row in rows:
        if row["service"] is None:
            row["service"] = services.get(row["kind"])
    yield from complete_place(tx, rows)


SITE = Reference("site", tables.site, Text("site", "site"))
SERVICE = Reference("service", tables.service, Text("service", "service"))
KIND = Reference("kind", tables.asset_kind, Text("sorte d'équipement", "asset kind"))

ASSETS = Noun(
    text=Text("équipement", "asset"),
    table=tables.asset,
    type=Asset,
    references=(KIND, SERVICE, SITE),
    complete=_complete,
    used_by=(tables.device.c.asset, tables.series.c.asset),
)


def create(scope: Scope, tx: Transaction, new: NewAsset, *, now: datetime) -> Asset:
    return things.create(scope, tx, ASSETS, new, now=now)


def create_many(scope: Scope, tx: Transaction, news: list[NewAsset], *, now: datetime) -> list[int]:
    return things.create_many(scope, tx, ASSETS, news, now=now)


def get(scope: Scope, tx: Transaction, id_: int) -> Asset:
    return things.get(scope, tx, ASSETS, id_)


def find(scope: Scope, tx: Transaction, query: AssetQuery) -> Page[Asset]:
    return things.find(scope, tx, ASSETS, query)


def count(scope: Scope, tx: Transaction, query: AssetQuery) -> int:
    return things.count(scope, tx, ASSETS, query)


def every(scope: Scope, tx: Transaction, query: AssetQuery) -> Iterator[Asset]:
    """All that the query asks, its `after` and `limit` left aside."""
    return things.every(scope, tx, ASSETS, query)


def change(scope: Scope, tx: Transaction, id_: int, patch: AssetPatch, *, now: datetime) -> Asset:
    return things.change(scope, tx, ASSETS, id_, patch, now=now)


def remove(scope: Scope, tx: Transaction, id_: int, *, now: datetime) -> None:
    """Raises `Conflict` while a device, a series or a relation names it."""
    things.remove(scope, tx, ASSETS, id_, now=now)
