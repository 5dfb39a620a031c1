"""Sites: the places a collectivité looks after, where assets stand and devices hang."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from beffroi.access import Scope
from beffroi.database import Page, Transaction
from beffroi.errors import Fault, Text
from beffroi.registry import places, tables, things
from beffroi.registry.fields import Box, Code, Extras, Latitude, Limit, Longitude, Name, Owner, Search, ThingId
from beffroi.registry.model import Site
from beffroi.registry.things import Noun, Row, RowFault


class NewSite(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`geometry` is GeoJSON; a longitude and a latitude do when it is a mere point."""

    owner: Owner
    code: Code
    name: Name
    geometry: dict[str, Any] | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    properties: Extras = {}
    simulated: bool = False


class SitePatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    code: Code | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    geometry: dict[str, Any] | UnsetType | None = UNSET
    longitude: Longitude | UnsetType | None = UNSET
    latitude: Latitude | UnsetType | None = UNSET
    properties: Extras | UnsetType = UNSET


class SiteQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: list[ThingId] | None = None
    owner: list[Owner] | None = None
    code: Code | None = None
    q: Search | None = None
    bbox: Box | None = None
    simulated: bool | None = None
    after: str | None = None
    limit: Limit | None = None


def complete_place(tx: Transaction, rows: list[Row]) -> Iterator[RowFault]:
    """Check geometries, and take longitude and latitude from them."""
    for index, row in enumerate(rows):
        geometry = row["geometry"]
        if geometry is not None:
            faults = places.faults_of(geometry)
            yield from (RowFault(index, fault) for fault in faults)
            if not faults:
                row["longitude"], row["latitude"] = places.point_of(geometry)
        else:
            yield from incomplete_point(index, row)


def incomplete_point(index: int, row: Row) -> Iterator[RowFault]:
    for one, other in (("longitude", "latitude"), ("latitude", "longitude")):
        if row[one] is None and row[other] is not None:
            yield RowFault(
                index, Fault(one, Text(f"manque, alors que {other} est donnée", f"missing while {other} is given"))
            )


SITES = Noun(
    text=Text("site", "site"),
    table=tables.site,
    type=Site,
    references=(),
    complete=complete_place,
    used_by=(tables.asset.c.site, tables.device.c.site),
)


def create(scope: Scope, tx: Transaction, new: NewSite, *, now: datetime) -> Site:
    return things.create(scope, tx, SITES, new, now=now)


def create_many(scope: Scope, tx: Transaction, news: list[NewSite], *, now: datetime) -> list[int]:
    return things.create_many(scope, tx, SITES, news, now=now)


def get(scope: Scope, tx: Transaction, id_: int) -> Site:
    return things.get(scope, tx, SITES, id_)


def find(scope: Scope, tx: Transaction, query: SiteQuery) -> Page[Site]:
    return things.find(scope, tx, SITES, query)


def every(scope: Scope, tx: Transaction, query: SiteQuery) -> Iterator[Site]:
    """All that the query asks, its `after` and `limit` left aside."""
    return things.every(scope, tx, SITES, query)


def change(scope: Scope, tx: Transaction, id_: int, patch: SitePatch, *, now: datetime) -> Site:
    return things.change(scope, tx, SITES, id_, patch, now=now)


def remove(scope: Scope, tx: Transaction, id_: int, *, now: datetime) -> None:
    """Raises `Conflict` while an asset, a device or a relation names it."""
    things.remove(scope, tx, SITES, id_, now=now)
