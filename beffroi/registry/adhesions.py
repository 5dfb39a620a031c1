"""Adhesions: a member takes up services one by one, and decides what the structure may do with their data.

What it lets the structure do is a sharing agreement like any other, made and ended with the adhesion.
"""

from datetime import date, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, Meta, UnsetType
from sqlalchemy import ColumnElement, insert, or_, select, true, update

from beffroi.access import Right, Scope, agreements, audit
from beffroi.access.agreements import NewAgreement
from beffroi.database import Page, Transaction, page_of
from beffroi.database.paging import struct_of
from beffroi.errors import Conflict, Forbidden, Invalid, NotFound, Text
from beffroi.registry import kinds
from beffroi.registry.fields import Known, Limit, Owner, untimely
from beffroi.registry.model import Adhesion
from beffroi.registry.tables import adhesion, membership, structure

OperatorRight = Literal["none", "read", "operate"]
COLUMNS = [adhesion.c[name] for name in Adhesion.__struct_fields__]
NOUN = Text("adhésion", "adhesion")


class NewAdhesion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    member: Owner
    service: Known
    since: date
    operator_right: OperatorRight = "none"


class AdhesionPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`until`: the first day without it."""

    until: date | UnsetType = UNSET
    operator_right: OperatorRight | UnsetType = UNSET


class AdhesionQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    member: Owner | None = None
    service: Known | None = None
    on: Annotated[date, Meta(description="Only those in force on this day.")] | None = None
    after: str | None = None
    limit: Limit | None = None


def adhere(scope: Scope, tx: Transaction, new: NewAdhesion, *, now: datetime) -> Adhesion:
    """The member's administrators decide; the instance's may register an adhesion that lets the structure see nothing.

    Raises `Conflict` when the member has the service already, `Invalid` when it is no member or the service unknown.
    """
    if new.operator_right != "none" or not scope.instance:
        scope.require(Right.ADMINISTER, new.member)
    if late := untimely("since", new.since):
        raise Invalid.of(late)
    _check_member(tx, new)
    still = or_(adhesion.c.until.is_(None), adhesion.c.until > new.since)
    same = select(adhesion.c.id).where(adhesion.c.member == new.member, adhesion.c.service == new.service, still)
    if tx.execute(same).first():
        raise Conflict(Text("Ce membre a déjà ce service.", "This member has this service already."))
    row = msgspec.structs.asdict(new)
    id_ = int(tx.execute(insert(adhesion).returning(adhesion.c.id), row).scalar_one())
    made = Adhesion(id_, new.member, new.service, new.since, None, new.operator_right)
    audit.record(scope, tx, "adhesion.begin", now=now, owner=new.member, subject=str(id_), detail=row)
    _let(scope, tx, made, now)
    return made


def change(scope: Scope, tx: Transaction, id_: int, patch: AdhesionPatch, *, now: datetime) -> Adhesion:
    """End it (either side may), or change what the structure may do: only the member's administrators may give more."""
    found = get(scope, tx, id_)
    right = found.operator_right if patch.operator_right is UNSET else patch.operator_right
    if not (scope.instance and right in ("none", found.operator_right)):
        scope.require(Right.ADMINISTER, found.member)
    if patch.until is not UNSET:
        if late := untimely("until", patch.until):
            raise Invalid.of(late)
        if patch.until < found.since:
            raise Invalid("until", Text("précède son début", "comes before it began"))
        _end(scope, tx, found, patch.until, now)
    if right != found.operator_right:
        agreements.revoke_origin(scope, tx, _origin(found), now=now)
        tx.execute(update(adhesion).where(adhesion.c.id == id_).values(operator_right=right))
        detail = {"operator_right": right}
        audit.record(scope, tx, "adhesion.change", now=now, owner=found.member, subject=str(id_), detail=detail)
        _let(scope, tx, get(scope, tx, id_), now)
    return get(scope, tx, id_)


def end_all(scope: Scope, tx: Transaction, member: str, until: date, *, now: datetime) -> None:
    """The member leaves: nothing of its adhesions goes on after `until`."""
    still = or_(adhesion.c.until.is_(None), adhesion.c.until > until)
    for row in tx.execute(select(*COLUMNS).where(adhesion.c.member == member, still)).mappings().all():
        found = struct_of(row, Adhesion)
        _end(scope, tx, found, max(until, found.since), now)


def get(scope: Scope, tx: Transaction, id_: int) -> Adhesion:
    """For whoever has a role in the member, and for the instance's administrators."""
    row = tx.execute(select(*COLUMNS).where(adhesion.c.id == id_, _visible(scope))).mappings().one_or_none()
    if row is None:
        raise NotFound(NOUN, id_)
    return struct_of(row, Adhesion)


def find(scope: Scope, tx: Transaction, query: AdhesionQuery) -> Page[Adhesion]:
    statement = select(*COLUMNS).where(_visible(scope))
    for name in ("member", "service"):
        if (value := getattr(query, name)) is not None:
            statement = statement.where(adhesion.c[name] == value)
    if query.on is not None:
        ongoing = or_(adhesion.c.until.is_(None), adhesion.c.until > query.on)
        statement = statement.where(adhesion.c.since <= query.on, ongoing)
    return page_of(tx, statement, Adhesion, key=adhesion.c.id, after=query.after, limit=query.limit or 100)


def _visible(scope: Scope) -> ColumnElement[bool]:
    return true() if scope.everything or scope.instance else adhesion.c.member.in_(scope.owners(Right.READ))


def _check_member(tx: Transaction, new: NewAdhesion) -> None:
    held = tx.execute(select(membership).where(membership.c.member == new.member)).one_or_none()
    if held is None or (held.until is not None and held.until <= new.since):
        raise Invalid("member", Text("n'est pas membre de la structure", "is not a member of the structure"))
    try:
        service = kinds.service(tx, new.service)
    except NotFound as error:
        raise Invalid("service", error.text) from error
    if not service.offered:
        raise Invalid("service", Text("n'est pas proposé par la structure", "is not offered by the structure"))


def _end(scope: Scope, tx: Transaction, found: Adhesion, until: date, now: datetime) -> None:
    tx.execute(update(adhesion).where(adhesion.c.id == found.id).values(until=until))
    detail = {"until": until}
    audit.record(scope, tx, "adhesion.end", now=now, owner=found.member, subject=str(found.id), detail=detail)
    if found.operator_right != "none":
        agreements.revoke_origin(scope, tx, _origin(found), now=now, at=_midnight(tx, until))


def _let(scope: Scope, tx: Transaction, made: Adhesion, now: datetime) -> None:
    """Make the agreement that goes with the adhesion, if it lets the structure do anything."""
    if made.operator_right == "none":
        return
    operator = tx.execute(select(structure.c.key)).scalar_one()
    if operator == made.member:
        raise Invalid("operator_right", Text("la structure voit déjà ce qui est à elle", "the structure sees its own"))
    until = None if made.until is None else _midnight(tx, made.until)
    if until is not None and until <= now:
        raise Forbidden(Text("Cette adhésion est terminée.", "This adhesion is over."))
    new = NewAgreement(
        giver=made.member,
        receiver=operator,
        right=made.operator_right,
        purpose=f"Adhésion au service « {made.service} » / Adhesion to the service “{made.service}”",
        service=made.service,
        valid_from=max(_midnight(tx, made.since), now),
        valid_until=until,
        past=True,
    )
    key = agreements.make(scope, tx, new, now=now, origin=_origin(made)).key
    tx.execute(update(adhesion).where(adhesion.c.id == made.id).values(agreement=key))


def _origin(one: Adhesion) -> str:
    return f"adhesion:{one.id}"


def _midnight(tx: Transaction, day: date) -> datetime:
    """When a day begins where the structure is."""
    zone = tx.execute(select(structure.c.time_zone)).scalar_one()
    return datetime.combine(day, time(), ZoneInfo(zone))
