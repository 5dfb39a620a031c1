"""How rows of each noun are found, checked and written when they come by the file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import msgspec
from sqlalchemy import Table, select

from beffroi.access import Right, Scope
from beffroi.database import Transaction
from beffroi.errors import BeffroiError, Fault, Text
from beffroi.registry import models, relations, things, visibility
from beffroi.registry.assets import ASSETS, NewAsset
from beffroi.registry.columns import SheetNoun
from beffroi.registry.devices import DEVICES, NewDevice
from beffroi.registry.models import NewDeviceModel
from beffroi.registry.relations import NewRelation
from beffroi.registry.series import SERIES, NewSeries
from beffroi.registry.sites import SITES, NewSite
from beffroi.registry.tables import relation
from beffroi.registry.things import Noun, Row, RowFault, in_chunks

Key = tuple[Any, ...]


class Loader(Protocol):
    """Rows are dictionaries of a table's columns."""

    @property
    def new(self) -> type[msgspec.Struct]:
        """The struct whose fields the columns fill."""
        ...

    @property
    def fixed(self) -> tuple[str, ...]:
        """What does not change once there."""
        ...

    def key(self, row: Row) -> Key:
        """What makes two rows the same thing."""
        ...

    def existing(self, scope: Scope, tx: Transaction, keys: list[Key]) -> dict[Key, Any]:
        """The id of each that is there already, and seen."""
        ...

    def editable(self, scope: Scope, tx: Transaction, ids: list[Any]) -> dict[Any, Row]:
        """Whole rows, of those that the actor may change."""
        ...

    def check(self, scope: Scope, tx: Transaction, rows: list[Row], ids: list[Any]) -> list[RowFault]:
        """`ids`: of the rows that exist already, None for the others."""
        ...

    def write_new(self, scope: Scope, tx: Transaction, rows: list[Row], *, now: datetime) -> None: ...

    def write_changed(self, scope: Scope, tx: Transaction, rows: list[Row], *, now: datetime) -> None: ...


@dataclass(frozen=True)
class ThingLoader:
    noun: Noun[Any]
    new: type[msgspec.Struct]
    fixed: tuple[str, ...] = ("simulated",)

    def key(self, row: Row) -> Key:
        return row["owner"], row["code"]

    def existing(self, scope: Scope, tx: Transaction, keys: list[Key]) -> dict[Key, Any]:
        return dict(things.existing_visible(scope, tx, self.noun, keys))

    def editable(self, scope: Scope, tx: Transaction, ids: list[Any]) -> dict[Any, Row]:
        table = self.noun.table
        mine = visibility.clause(table, scope, Right.EDIT)
        return _rows(tx, table, ids, lambda some: select(*self.noun.columns).where(table.c.id.in_(some), mine))

    def check(self, scope: Scope, tx: Transaction, rows: list[Row], ids: list[Any]) -> list[RowFault]:
        fresh = [row for row, id_ in zip(rows, ids, strict=True) if id_ is None]
        found = things.check(scope, tx, self.noun, rows, ids=ids)
        errors = things.refusals(scope, fresh)
        refused = {
            index: RowFault(index, Fault("owner", error.text))
            for index, (row, id_) in enumerate(zip(rows, ids, strict=True))
            if id_ is None and (error := errors.get((row["owner"], row.get("service"))))
        }
        # who may not write there is told nothing of what is there
        return [*refused.values(), *(one for one in found if one.row not in refused)]

    def write_new(self, scope: Scope, tx: Transaction, rows: list[Row], *, now: datetime) -> None:
        things.write_new(scope, tx, self.noun, rows, now=now)

    def write_changed(self, scope: Scope, tx: Transaction, rows: list[Row], *, now: datetime) -> None:
        things.write_changed(scope, tx, self.noun, rows, now=now)


@dataclass(frozen=True)
class ModelLoader:
    new: type[msgspec.Struct] = NewDeviceModel
    fixed: tuple[str, ...] = ()

    def key(self, row: Row) -> Key:
        return (row["code"],)

    def existing(self, scope: Scope, tx: Transaction, keys: list[Key]) -> dict[Key, Any]:
        return {(code,): code for code in models.existing(tx, [code for (code,) in keys])}

    def editable(self, scope: Scope, tx: Transaction, ids: list[Any]) -> dict[Any, Row]:
        if _refusal(scope):
            return {}
        return {code: msgspec.structs.asdict(models.get(scope, tx, code)) for code in ids}

    def check(self, scope: Scope, tx: Transaction, rows: list[Row], ids: list[Any]) -> list[RowFault]:
        refusal = _refusal(scope)
        if refusal:
            return [RowFault(index, Fault("code", refusal)) for index in range(len(rows))]
        return [one for one in models.check(tx, rows) if ids[one.row] is None or not one.taken]

    def write_new(self, scope: Scope, tx: Transaction, rows: list[Row], *, now: datetime) -> None:
        models.write_new(scope, tx, rows, now=now)

    def write_changed(self, scope: Scope, tx: Transaction, rows: list[Row], *, now: datetime) -> None:
        models.write_changed(scope, tx, rows, now=now)


@dataclass(frozen=True)
class RelationLoader:
    new: type[msgspec.Struct] = NewRelation
    fixed: tuple[str, ...] = ()

    def key(self, row: Row) -> Key:
        return relations.identity(row)

    def existing(self, scope: Scope, tx: Transaction, keys: list[Key]) -> dict[Key, Any]:
        return relations.existing(tx, keys)

    def editable(self, scope: Scope, tx: Transaction, ids: list[Any]) -> dict[Any, Row]:
        table = relation
        mine = visibility.clause(table, scope, Right.EDIT)
        return _rows(tx, table, ids, lambda some: select(table).where(table.c.id.in_(some), mine))

    def check(self, scope: Scope, tx: Transaction, rows: list[Row], ids: list[Any]) -> list[RowFault]:
        found = relations.check(scope, tx, rows, ids=ids)
        refused = set(relations.refusals(scope, tx, rows))
        said = Text("vous ne pouvez pas la modifier", "not yours to edit")
        return found + [
            RowFault(index, Fault("source", said))
            for index, row in enumerate(rows)
            if row["owner"] is not None and (row["source_type"], row["source"]) in refused
        ]

    def write_new(self, scope: Scope, tx: Transaction, rows: list[Row], *, now: datetime) -> None:
        relations.write_new(scope, tx, rows, now=now)

    def write_changed(self, scope: Scope, tx: Transaction, rows: list[Row], *, now: datetime) -> None:
        relations.write_changed(scope, tx, rows, now=now)


LOADERS: dict[SheetNoun, Loader] = {
    "sites": ThingLoader(SITES, NewSite),
    "assets": ThingLoader(ASSETS, NewAsset),
    "device-models": ModelLoader(),
    "devices": ThingLoader(DEVICES, NewDevice),
    "series": ThingLoader(SERIES, NewSeries, ("simulated", "observed_property", "unit")),
    "relations": RelationLoader(),
}


def _rows(tx: Transaction, table: Table, ids: list[Any], statement: Callable[[list[Any]], Any]) -> dict[Any, Row]:
    found: dict[Any, Row] = {}
    for some in in_chunks(ids):
        for row in tx.execute(statement(some)).mappings():
            found[row["id"]] = {str(name): value for name, value in row.items()}
    return found


def _refusal(scope: Scope) -> Text | None:
    try:
        scope.require_instance()
    except BeffroiError as error:
        return error.text
    return None
