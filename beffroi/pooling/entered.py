"""What no device tells, entered by hand: interventions, alarms dealt with, hours of watch; with who and when.

Nothing is changed: what is wrong is withdrawn, stays in sight, and is entered again.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.engine import Row

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction
from beffroi.errors import Conflict, Invalid, NotFound, Text
from beffroi.pooling import reach
from beffroi.pooling.amounts import MOST
from beffroi.pooling.cost_models import Unit
from beffroi.pooling.deeds import Deed, columns, surely, told
from beffroi.pooling.metered import Month, UsageQuery, day_of
from beffroi.pooling.metered import told as month_told
from beffroi.pooling.tables import usage_entry
from beffroi.registry import kinds, structures
from beffroi.registry.fields import Known, Owner

NOUN = Text("quantité saisie", "quantity entered")
METERED = ("devices", "device-days", "messages", "observations")
"""units that Beffroi counts itself"""


class NewEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    member: Owner
    service: Known
    month: Month
    unit: Unit
    quantity: Decimal
    note: Annotated[str, Meta(max_length=1000)] = ""


class UsageEntry(msgspec.Struct, frozen=True):
    """`withdrawn`: it counts no more since then."""

    id: int
    member: str
    service: str
    month: str
    unit: str
    quantity: str
    note: str
    entered: Deed
    withdrawn: Deed | None


def enter(scope: Scope, tx: Transaction, new: NewEntry, *, now: datetime) -> UsageEntry:
    """For the structure's operators."""
    reach.require_whole(scope, tx, Right.OPERATE, NOUN, new.service, new.service)
    kinds.service(tx, new.service)
    structures.collectivity(scope, tx, new.member)
    if new.unit in METERED:
        raise Invalid("unit", Text("compté par Beffroi lui-même", "counted by Beffroi itself"))
    if not new.quantity.is_finite() or not 0 <= new.quantity <= MOST:
        raise Invalid("quantity", Text("au moins 0 attendu", "expected 0 at least"))
    return _get(tx, keep(scope, tx, new, now=now))


def keep(scope: Scope, tx: Transaction, new: NewEntry, *, now: datetime) -> int:
    """What was looked at; its id."""
    row = {
        "member": new.member,
        "service": new.service,
        "month": day_of(new.month),
        "unit": new.unit,
        "quantity": str(new.quantity),
        "note": new.note,
        **columns("entered", scope, now),
    }
    id_ = int(tx.execute(insert(usage_entry).returning(usage_entry.c.id), row).scalar_one())
    detail = {"service": new.service, "unit": new.unit, "quantity": str(new.quantity)}
    audit.record(scope, tx, "usage.enter", now=now, owner=new.member, subject=str(id_), detail=detail)
    return id_


def withdraw(scope: Scope, tx: Transaction, id_: int, *, now: datetime) -> UsageEntry:
    """It stays in sight, and counts no more."""
    found = _get(tx, id_, reach.clause(scope, tx, usage_entry.c.member, usage_entry.c.service))
    reach.require_whole(scope, tx, Right.OPERATE, NOUN, id_, found.service)
    if found.withdrawn is not None:
        raise Conflict(Text("Déjà retirée.", "Withdrawn already."))
    put_aside(scope, tx, id_, now=now)
    return _get(tx, id_)


def put_aside(scope: Scope, tx: Transaction, id_: int, *, now: datetime) -> None:
    """Unless it was already; whoever may was looked at."""
    found = _get(tx, id_)
    if found.withdrawn is not None:
        return
    tx.execute(update(usage_entry).where(usage_entry.c.id == id_).values(**columns("withdrawn", scope, now)))
    audit.record(scope, tx, "usage.withdraw", now=now, owner=found.member, subject=str(id_))


def find(scope: Scope, tx: Transaction, query: UsageQuery) -> list[UsageEntry]:
    """Of a year, those that the actor reads, withdrawn ones too; in the order of months."""
    table = usage_entry
    asked = select(table).where(
        table.c.month.between(date(query.year, 1, 1), date(query.year, 12, 31)),
        reach.clause(scope, tx, table.c.member, table.c.service),
    )
    if query.owner is not None:
        asked = asked.where(table.c.member == query.owner)
    if query.service is not None:
        asked = asked.where(table.c.service == query.service)
    return [_entry(row) for row in tx.execute(asked.order_by(table.c.month, table.c.id))]


def _get(tx: Transaction, id_: int, seen: ColumnElement[bool] | None = None) -> UsageEntry:
    asked = select(usage_entry).where(usage_entry.c.id == id_)
    row = tx.execute(asked if seen is None else asked.where(seen)).one_or_none()
    if row is None:
        raise NotFound(NOUN, id_)
    return _entry(row)


def _entry(row: Row[tuple[object, ...]]) -> UsageEntry:
    return UsageEntry(
        row.id,
        row.member,
        row.service,
        month_told(row.month),
        row.unit,
        row.quantity,
        row.note,
        surely("entered", row),
        told("withdrawn", row),
    )
