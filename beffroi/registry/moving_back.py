"""A move undone: what passed is again whose it was, where it was, with who saw what; unless it changed since."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, Table, and_, delete, insert, or_, select, update

from beffroi.access import Right, Scope
from beffroi.database import Transaction
from beffroi.database.paging import struct_of
from beffroi.errors import Conflict, Text
from beffroi.registry import things
from beffroi.registry.model import Subject
from beffroi.registry.moves import NOUNS, Movable, passing
from beffroi.registry.series import SERIES
from beffroi.registry.tables import asset, device, relation, series, tenure


class Place(msgspec.Struct, frozen=True):
    """Whose a thing is, and where; `site` and `asset` where it has some."""

    id: int
    owner: str
    site: int | None = None
    asset: int | None = None


class Held(msgspec.Struct, frozen=True):
    series: int
    owner: str
    since: datetime | None
    until: datetime | None


class Related(msgspec.Struct, frozen=True):
    id: int
    owner: str
    until: datetime | None


class Standing(msgspec.Struct, frozen=True):
    """Of what would pass together, and of what hangs on it."""

    assets: list[Place]
    devices: list[Place]
    series: list[Place]
    held: list[Held]
    related: list[Related]


def standing(tx: Transaction, subject: Movable, id_: int) -> Standing:
    moved = passing(tx, subject, id_)
    lost = or_(series.c.id.in_(moved["series"]), series.c.asset.in_(moved["asset"]))
    return Standing(
        _places(tx, asset, moved["asset"]),
        _places(tx, device, moved["device"]),
        [struct_of(row, Place) for row in tx.execute(_columns(series).where(lost)).mappings()],
        _held(tx, moved["series"]),
        _related(tx, moved),
    )


def restore(scope: Scope, tx: Transaction, before: Standing, after: Standing) -> None:
    """For whoever administers both sides. Raises `Conflict` when something is not as the move left it, or when its
    code is taken where it comes from."""
    moved: dict[Subject, list[int]] = {
        "asset": [one.id for one in before.assets],
        "device": [one.id for one in before.devices],
        "series": [one.series for one in before.held],
    }
    _require_same(tx, moved, after)
    giver, receiver = ((one.assets or one.devices)[0].owner for one in (before, after))
    for owner in (giver, receiver):
        scope.require(Right.ADMINISTER, owner)
    _require_free(tx, giver, moved)
    for table, places in ((asset, before.assets), (device, before.devices), (series, before.series)):
        for place in places:
            given = {name: getattr(place, name) for name in ("owner", "site", "asset") if name in table.c}
            tx.execute(update(table).where(table.c.id == place.id).values(given))
    tx.execute(delete(tenure).where(tenure.c.series.in_(moved["series"])))
    if before.held:
        tx.execute(insert(tenure), [msgspec.structs.asdict(one) for one in before.held])
    for one in before.related:
        tx.execute(update(relation).where(relation.c.id == one.id).values(owner=one.owner, until=one.until))


def _require_same(tx: Transaction, moved: dict[Subject, list[int]], after: Standing) -> None:
    now = (
        _places(tx, asset, moved["asset"]),
        _places(tx, device, moved["device"]),
        _held(tx, moved["series"]),
    )
    if now != (after.assets, after.devices, after.held):
        raise Conflict(Text("Ceci a changé entre-temps.", "This changed meanwhile."))


def _require_free(tx: Transaction, owner: str, moved: dict[Subject, list[int]]) -> None:
    for noun in (*NOUNS.values(), SERIES):
        table = noun.table
        codes = tx.execute(select(table.c.code).where(table.c.id.in_(moved[table.name]))).scalars()  # type: ignore[index]
        if taken := things.existing(tx, noun, [(owner, code) for code in codes]):
            listed = ", ".join(code for _, code in taken)
            raise Conflict(Text(f"Codes repris entre-temps : {listed}.", f"Codes taken meanwhile: {listed}."))


def _columns(table: Table) -> Select[Any]:
    return select(*(table.c[name] for name in Place.__struct_fields__ if name in table.c)).order_by(table.c.id)


def _places(tx: Transaction, table: Table, ids: list[int]) -> list[Place]:
    return [struct_of(row, Place) for row in tx.execute(_columns(table).where(table.c.id.in_(ids))).mappings()]


def _held(tx: Transaction, ids: list[int]) -> list[Held]:
    asked = select(*(tenure.c[name] for name in Held.__struct_fields__)).where(tenure.c.series.in_(ids))
    rows = [struct_of(row, Held) for row in tx.execute(asked).mappings()]
    return sorted(rows, key=lambda one: (one.series, one.owner, str(one.since), str(one.until)))


def _related(tx: Transaction, moved: dict[Subject, list[int]]) -> list[Related]:
    touching = or_(
        *(
            and_(relation.c[f"{end}_type"] == type_, relation.c[end].in_(ids))
            for end in ("source", "target")
            for type_, ids in moved.items()
        )
    )
    asked = select(relation.c.id, relation.c.owner, relation.c.until).where(touching).order_by(relation.c.id)
    return [struct_of(row, Related) for row in tx.execute(asked).mappings()]
