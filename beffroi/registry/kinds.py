"""The open lists: services, kinds of assets, observed properties. The instance adds its own to those packaged."""

import tomllib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Table, insert, select, update

from beffroi.access import Scope, audit
from beffroi.database import Page, Transaction, page_of
from beffroi.database.paging import struct_of
from beffroi.errors import Conflict, Fault, Invalid, NotFound, Text
from beffroi.registry import tables, units
from beffroi.registry.fields import Known, Limit, Name, Unit, Word
from beffroi.registry.model import AssetKind, ObservedProperty, Service, ValueKind

PACKAGED = Path(__file__).with_name("kinds.toml")
T = TypeVar("T", Service, AssetKind, ObservedProperty)


class NewService(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    code: Word
    name_fr: Name
    name_en: Name


class ServicePatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    offered: bool


class NewAssetKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    code: Word
    service: Known
    name_fr: Name
    name_en: Name


class NewObservedProperty(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    code: Word
    value_kind: ValueKind
    name_fr: Name
    name_en: Name
    unit: Unit = ""
    low: float | None = None
    high: float | None = None


class KindQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    after: str | None = None
    limit: Limit = 1000


class AssetKindQuery(KindQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    service: Known | None = None


def seed(tx: Transaction) -> None:
    """Add the packaged words that are not there yet; those there stay as they are."""
    packaged = tomllib.loads(PACKAGED.read_text("utf-8"))
    _add_missing(tx, tables.service, [_named(code, one) for code, one in packaged["services"].items()])
    kinds = [
        {"service": service, **_named(code, one)}
        for service, listed in packaged["asset-kinds"].items()
        for code, one in listed.items()
    ]
    _add_missing(tx, tables.asset_kind, kinds)
    observed = [
        {"unit": one["unit"], "value_kind": one["kind"], "low": one.get("low"), "high": one.get("high")}
        | _named(code, one)
        for code, one in packaged["observed-properties"].items()
    ]
    _add_missing(tx, tables.observed_property, observed)


def services(scope: Scope, tx: Transaction, query: KindQuery) -> Page[Service]:
    return _page(tx, tables.service, Service, query)


def asset_kinds(scope: Scope, tx: Transaction, query: AssetKindQuery) -> Page[AssetKind]:
    """Raises `Invalid` for an unknown service."""
    if query.service is not None:
        _known_service(tx, query.service)
    return _page(tx, tables.asset_kind, AssetKind, query)


def observed_properties(scope: Scope, tx: Transaction, query: KindQuery) -> Page[ObservedProperty]:
    return _page(tx, tables.observed_property, ObservedProperty, query)


def service(tx: Transaction, code: str) -> Service:
    return _get(tx, tables.service, Service, code, Text("service", "service"))


def asset_kind(tx: Transaction, code: str) -> AssetKind:
    return _get(tx, tables.asset_kind, AssetKind, code, Text("sorte d'équipement", "asset kind"))


def observed_property(tx: Transaction, code: str) -> ObservedProperty:
    return _get(tx, tables.observed_property, ObservedProperty, code, Text("propriété observée", "observed property"))


def known_properties(tx: Transaction) -> dict[str, ObservedProperty]:
    """All of them, by code."""
    rows = tx.execute(select(tables.observed_property)).mappings()
    return {row["code"]: struct_of(row, ObservedProperty) for row in rows}


def add_service(scope: Scope, tx: Transaction, new: NewService, *, now: datetime) -> Service:
    return _add(scope, tx, tables.service, Service, new, now)


def change_service(scope: Scope, tx: Transaction, code: str, patch: ServicePatch, *, now: datetime) -> Service:
    """Offer it to members, or no longer: adhesions that there are go on."""
    scope.require_instance()
    found = service(tx, code)
    if found.offered != patch.offered:
        tx.execute(update(tables.service).where(tables.service.c.code == code).values(offered=patch.offered))
        audit.record(scope, tx, "service.change", now=now, subject=code, detail={"offered": patch.offered})
    return msgspec.structs.replace(found, offered=patch.offered)


def offer_only(scope: Scope, tx: Transaction, codes: Sequence[str], *, now: datetime) -> None:
    """Of the services there are, offer these and no other. Raises `Invalid` for one that is not there."""
    for code in codes:
        _known_service(tx, code)
    for one in services(scope, tx, KindQuery()).items:
        change_service(scope, tx, one.code, ServicePatch(offered=one.code in codes), now=now)


def add_asset_kind(scope: Scope, tx: Transaction, new: NewAssetKind, *, now: datetime) -> AssetKind:
    _known_service(tx, new.service)
    return _add(scope, tx, tables.asset_kind, AssetKind, new, now)


def add_observed_property(
    scope: Scope, tx: Transaction, new: NewObservedProperty, *, now: datetime
) -> ObservedProperty:
    """Raises `Invalid` for an unknown unit, or when a range makes no sense."""
    if faults := list(units.faults_of(new.unit)):
        raise Invalid.of(faults)
    if new.value_kind not in ("number", "counter") and (new.unit or new.low is not None or new.high is not None):
        raise Invalid("value_kind", Text("seuls les nombres ont une unité", "only numbers have a unit"))
    if new.low is not None and new.high is not None and new.low > new.high:
        raise Invalid("low", Text("dépasse «\u00a0high\u00a0»", "exceeds “high”"))
    return _add(scope, tx, tables.observed_property, ObservedProperty, new, now)


def _add(scope: Scope, tx: Transaction, table: Table, type_: type[T], new: Any, now: datetime) -> T:
    scope.require_instance()
    if tx.execute(select(table.c.code).where(table.c.code == new.code)).first():
        raise Conflict(Text(f"Existe déjà : «\u00a0{new.code}\u00a0».", f"Exists already: “{new.code}”."))
    row = msgspec.structs.asdict(new)
    tx.execute(insert(table).values(row))
    audit.record(scope, tx, f"{table.name}.add", now=now, subject=new.code)
    return msgspec.convert(row, type_)


def _known_service(tx: Transaction, code: str) -> None:
    if not tx.execute(select(tables.service.c.code).where(tables.service.c.code == code)).first():
        said = Text(f"service inconnu : «\u00a0{code}\u00a0»", f"unknown service: “{code}”")
        raise Invalid.of([Fault("service", said)])


def _get(tx: Transaction, table: Table, type_: type[T], code: str, noun: Text) -> T:
    row = tx.execute(select(table).where(table.c.code == code)).mappings().one_or_none()
    if row is None:
        raise NotFound(noun, code)
    return struct_of(row, type_)


def _page(tx: Transaction, table: Table, type_: type[T], query: KindQuery) -> Page[T]:
    statement = select(table)
    if isinstance(query, AssetKindQuery) and query.service is not None:
        statement = statement.where(table.c.service == query.service)
    return page_of(tx, statement, type_, key=table.c.code, after=query.after, limit=query.limit)


def packaged_services() -> list[Service]:
    """Those that an instance begins with."""
    packaged = tomllib.loads(PACKAGED.read_text("utf-8"))["services"]
    return [Service(code, one["fr"], one["en"]) for code, one in packaged.items()]


def _named(code: str, one: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "name_fr": one["fr"], "name_en": one["en"]}


def _add_missing(tx: Transaction, table: Table, rows: list[dict[str, Any]]) -> None:
    there = set(tx.execute(select(table.c.code)).scalars())
    if missing := [row for row in rows if row["code"] not in there]:
        tx.execute(insert(table), missing)
