"""What each collectivité says it needs: of a service, or for a purchase in common; with who said it and when.

Nothing is written over: a need that changes is withdrawn and said again.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.engine import Row

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction
from beffroi.errors import Conflict, Invalid, NotFound, Text
from beffroi.pooling import reach
from beffroi.pooling.deeds import Deed, columns, surely, told
from beffroi.pooling.groups.question import Need, need_faults
from beffroi.pooling.tables import need
from beffroi.registry import kinds, structures
from beffroi.registry.fields import TRIMMED, Known, Owner

NOUN = Text("besoin", "need")
Tender = Annotated[
    str,
    Meta(
        max_length=100,
        pattern=f"^$(?!\\n)|{TRIMMED}",
        description="The purchase in common it is for; empty for the service itself.",
    ),
]


class NewNeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`after`: the need of the member that this one replaces, 0 for none."""

    member: Owner
    service: Known
    need: Need
    tender: Tender = ""
    note: Annotated[str, Meta(max_length=1000)] = ""
    example: bool = False
    after: Annotated[int, Meta(ge=0)] = 0


class NeedQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    member: Owner | None = None
    service: Known | None = None
    tender: Tender | None = None
    withdrawn: bool = False


class KeptNeed(msgspec.Struct, frozen=True):
    """`withdrawn`: it counts no more since then."""

    id: int
    member: str
    service: str
    tender: str
    need: Need
    note: str
    example: bool
    declared: Deed
    withdrawn: Deed | None


def declare(scope: Scope, tx: Transaction, new: NewNeed, *, now: datetime) -> KeptNeed:
    """For the member's editors and the structure's. Raises `Conflict` when another was said meanwhile."""
    kinds.service(tx, new.service)
    reach.require_part(scope, tx, Right.EDIT, NOUN, new.service, new.member, new.service)
    structures.collectivity(scope, tx, new.member)
    if faults := need_faults(new.need, "need"):
        raise Invalid.of(faults)
    last = tx.execute(select(need.c.id).where(*_same(new.member, new.service, new.tender))).scalar() or 0
    if last != new.after:
        raise Conflict(
            Text(
                "Ce besoin a été redit ou retiré entre-temps : relisez-le.",
                "This need was said again or withdrawn meanwhile: read it again.",
            )
        )
    if last:
        tx.execute(update(need).where(need.c.id == last).values(**columns("withdrawn", scope, now)))
    row = {
        "member": new.member,
        "service": new.service,
        "tender": new.tender,
        "document": msgspec.json.encode(new.need, order="deterministic").decode(),
        "note": new.note,
        "example": new.example,
        **columns("declared", scope, now),
    }
    id_ = int(tx.execute(insert(need).returning(need.c.id), row).scalar_one())
    detail = {"service": new.service, "tender": new.tender}
    audit.record(scope, tx, "need.declare", now=now, owner=new.member, subject=str(id_), detail=detail)
    return _get(tx, id_)


def withdraw(scope: Scope, tx: Transaction, id_: int, *, now: datetime) -> KeptNeed:
    """It stays in sight, and counts no more."""
    found = _get(tx, id_, reach.clause(scope, tx, need.c.member, need.c.service))
    reach.require_part(scope, tx, Right.EDIT, NOUN, id_, found.member, found.service)
    if found.withdrawn is not None:
        raise Conflict(Text("Déjà retiré.", "Withdrawn already."))
    tx.execute(update(need).where(need.c.id == id_).values(**columns("withdrawn", scope, now)))
    audit.record(scope, tx, "need.withdraw", now=now, owner=found.member, subject=str(id_))
    return _get(tx, id_)


def find(scope: Scope, tx: Transaction, query: NeedQuery) -> list[KeptNeed]:
    """Those that the actor reads; withdrawn ones too when asked."""
    asked = select(need).where(reach.clause(scope, tx, need.c.member, need.c.service))
    for name in ("member", "service", "tender"):
        if (value := getattr(query, name)) is not None:
            asked = asked.where(need.c[name] == value)
    if not query.withdrawn:
        asked = asked.where(need.c.withdrawn_at.is_(None))
    return [_need(row) for row in tx.execute(asked.order_by(need.c.service, need.c.tender, need.c.member, need.c.id))]


def of_subject(tx: Transaction, service: str, tender: str) -> list[KeptNeed]:
    """All that hold; who reads what is made of them is looked at elsewhere."""
    mine = (need.c.service == service, need.c.tender == tender, need.c.withdrawn_at.is_(None))
    return [_need(row) for row in tx.execute(select(need).where(*mine).order_by(need.c.member))]


def revision(tx: Transaction, service: str, tender: str) -> int:
    """How often needs were said or withdrawn."""
    counted = select(func.count(need.c.id) + func.count(need.c.withdrawn_at))
    return int(tx.execute(counted.where(need.c.service == service, need.c.tender == tender)).scalar_one())


def _same(member: str, service: str, tender: str) -> tuple[ColumnElement[bool], ...]:
    return (
        need.c.member == member,
        need.c.service == service,
        need.c.tender == tender,
        need.c.withdrawn_at.is_(None),
    )


def _get(tx: Transaction, id_: int, seen: ColumnElement[bool] | None = None) -> KeptNeed:
    asked = select(need).where(need.c.id == id_)
    row = tx.execute(asked if seen is None else asked.where(seen)).one_or_none()
    if row is None:
        raise NotFound(NOUN, id_)
    return _need(row)


def _need(row: Row[tuple[object, ...]]) -> KeptNeed:
    return KeptNeed(
        row.id,
        row.member,
        row.service,
        row.tender,
        msgspec.json.decode(row.document, type=Need),
        row.note,
        row.example,
        surely("declared", row),
        told("withdrawn", row),
    )
