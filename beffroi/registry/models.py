"""Models of devices: one catalogue for the whole instance, kept by its administrators, read by all."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType
from sqlalchemy import Select, delete, exists, insert, select, update

from beffroi.access import Scope, audit
from beffroi.database import Page, Transaction, page_of
from beffroi.database.paging import struct_of
from beffroi.errors import Conflict, Fault, Invalid, NotFound, Text
from beffroi.registry.fields import Extras, Limit, Name, Search
from beffroi.registry.folding import fold
from beffroi.registry.model import DeviceModel
from beffroi.registry.tables import device, device_model
from beffroi.registry.things import LIMIT, Row, RowFault, in_chunks

ModelCode = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$(?!\n)")]
COLUMNS = [device_model.c[name] for name in DeviceModel.__struct_fields__]


class NewDeviceModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`code` is unique in the instance; `radio` is the network's word: LoRaWAN, Sigfox, NB-IoT, wM-Bus…"""

    code: ModelCode
    maker: Name
    name: Name
    radio: Name | None = None
    properties: Extras = {}


class DeviceModelPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    maker: Name | UnsetType = UNSET
    name: Name | UnsetType = UNSET
    radio: Name | UnsetType | None = UNSET
    properties: Extras | UnsetType = UNSET


class DeviceModelQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    maker: Name | None = None
    radio: Name | None = None
    q: Search | None = None
    after: str | None = None
    limit: Limit | None = None


def create(scope: Scope, tx: Transaction, new: NewDeviceModel, *, now: datetime) -> DeviceModel:
    """Raises `Conflict` when the code is taken."""
    scope.require_instance()
    if taken := existing(tx, [new.code]):
        raise Conflict(Text(f"Existe déjà : {taken.pop()}.", f"Exists already: {new.code}."))
    write_new(scope, tx, [msgspec.structs.asdict(new)], now=now)
    return get(scope, tx, new.code)


def create_many(scope: Scope, tx: Transaction, news: list[NewDeviceModel], *, now: datetime) -> None:
    """All or nothing. Raises `Invalid` naming `[3].code` when it is taken."""
    scope.require_instance()
    rows = [msgspec.structs.asdict(new) for new in news]
    if found := check(tx, rows):
        raise Invalid.of([Fault(f"[{one.row}].{one.fault.field}", one.fault.text) for one in found])
    write_new(scope, tx, rows, now=now)


def get(scope: Scope, tx: Transaction, code: str) -> DeviceModel:
    row = tx.execute(select(*COLUMNS).where(device_model.c.code == code)).mappings().one_or_none()
    if row is None:
        raise NotFound(Text("modèle de capteur", "device model"), code)
    return struct_of(row, DeviceModel)


def find(scope: Scope, tx: Transaction, query: DeviceModelQuery) -> Page[DeviceModel]:
    statement = _matching(query)
    return page_of(tx, statement, DeviceModel, key=device_model.c.code, after=query.after, limit=query.limit or LIMIT)


def every(scope: Scope, tx: Transaction, query: DeviceModelQuery) -> Iterator[DeviceModel]:
    """All that the query asks, its `after` and `limit` left aside."""
    for row in tx.execute(_matching(query).order_by(device_model.c.code)).mappings():
        yield struct_of(row, DeviceModel)


def _matching(query: DeviceModelQuery) -> Select[Any]:
    statement = select(*COLUMNS)
    for name in ("maker", "radio"):
        if (value := getattr(query, name)) is not None:
            statement = statement.where(device_model.c[name] == value)
    for word in fold(query.q or "").split():
        statement = statement.where(device_model.c.folded.contains(word, autoescape=True))
    return statement


def change(scope: Scope, tx: Transaction, code: str, patch: DeviceModelPatch, *, now: datetime) -> DeviceModel:
    scope.require_instance()
    before = msgspec.structs.asdict(get(scope, tx, code))
    given = {name: value for name, value in msgspec.structs.asdict(patch).items() if value is not UNSET}
    write_changed(scope, tx, [before | given], now=now)
    return get(scope, tx, code)


def remove(scope: Scope, tx: Transaction, code: str, *, now: datetime) -> None:
    """Raises `Conflict` while a device, of whomever, is of this model."""
    scope.require_instance()
    get(scope, tx, code)
    if tx.execute(select(exists().where(device.c.model == code))).scalar():
        raise Conflict(Text("Des capteurs sont encore de ce modèle.", "Devices are still of this model."))
    tx.execute(delete(device_model).where(device_model.c.code == code))
    audit.record(scope, tx, "device_model.remove", now=now, subject=code)


def check(tx: Transaction, rows: list[Row]) -> list[RowFault]:
    """Codes given twice, or taken."""
    taken = existing(tx, [row["code"] for row in rows])
    found, seen = [], set[str]()
    for index, row in enumerate(rows):
        code = row["code"]
        if code in taken:
            said = Text(f"code déjà pris : «\u00a0{code}\u00a0»", f"code already taken: “{code}”")
            found.append(RowFault(index, Fault("code", said), taken=True))
        if code in seen:
            found.append(RowFault(index, Fault("code", Text("code déjà donné plus haut", "code already given above"))))
        seen.add(code)
    return found


def existing(tx: Transaction, codes: list[str]) -> set[str]:
    found: set[str] = set()
    for some in in_chunks(codes):
        found |= set(tx.execute(select(device_model.c.code).where(device_model.c.code.in_(some))).scalars())
    return found


def write_new(scope: Scope, tx: Transaction, rows: list[Row], *, now: datetime) -> None:
    if rows:
        tx.execute(insert(device_model), [row | {"folded": _folded(row)} for row in rows])
        _record(scope, tx, "device_model.create", rows, now)


def write_changed(scope: Scope, tx: Transaction, rows: list[Row], *, now: datetime) -> None:
    for row in rows:
        tx.execute(
            update(device_model).where(device_model.c.code == row["code"]).values(row | {"folded": _folded(row)})
        )
    if rows:
        _record(scope, tx, "device_model.change", rows, now)


def _folded(row: Row) -> str:
    return fold(f"{row['maker']} {row['name']} {row['code']}")


def _record(scope: Scope, tx: Transaction, action: str, rows: list[Row], now: datetime) -> None:
    detail = {} if len(rows) == 1 else {"count": len(rows), "last": rows[-1]["code"]}
    audit.record(scope, tx, action, now=now, subject=rows[0]["code"], detail=detail)
