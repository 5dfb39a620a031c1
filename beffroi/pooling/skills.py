"""Hours of people lent between members: who offers which skill, who asks for how many of a month, what the lender says.

An offer is of so many hours a month, at so much an hour; what is accepted of a month never exceeds it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import ColumnElement, Select, insert, or_, select, true, update
from sqlalchemy.engine import Row

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction
from beffroi.errors import Conflict, Fault, Forbidden, Invalid, NotFound, Text
from beffroi.pooling import reach
from beffroi.pooling.deeds import Deed, columns, surely, told
from beffroi.pooling.metered import Month, day_of
from beffroi.pooling.metered import told as month_told
from beffroi.pooling.tables import skill_booking, skill_offer
from beffroi.registry import kinds, structures
from beffroi.registry.fields import Known, Name, Owner

OFFER = Text("compétence offerte", "skill offered")
BOOKING = Text("réservation", "booking")
MOST_HOURS = Decimal(10_000)
MOST_COST = Decimal(10_000)
State = Literal["asked", "accepted", "refused", "withdrawn"]


class NewSkillOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`hours`: of each month from `first` to `last`; `cost`: of one, without VAT. `service`: on whose account."""

    lender: Owner
    service: Known
    skill: Name
    first: Month
    last: Month
    hours: Decimal
    cost: Decimal
    note: Annotated[str, Meta(max_length=1000)] = ""
    example: bool = False


class MonthLeft(msgspec.Struct, frozen=True):
    month: str
    accepted: Decimal
    left: Decimal


class SkillOffer(msgspec.Struct, frozen=True):
    """`months`: those of which something is accepted already."""

    id: int
    lender: str
    service: str
    skill: str
    first: str
    last: str
    hours: Decimal
    cost: Decimal
    note: str
    example: bool
    offered: Deed
    withdrawn: Deed | None
    months: list[MonthLeft]


class NewBooking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    offer: Annotated[int, Meta(ge=1)]
    borrower: Owner
    month: Month
    hours: Decimal
    purpose: Annotated[str, Meta(max_length=500)] = ""


class BookingAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    state: Literal["accepted", "refused", "withdrawn"]


class Booking(msgspec.Struct, frozen=True):
    id: int
    offer: int
    lender: str
    service: str
    skill: str
    cost: Decimal
    borrower: str
    month: str
    hours: Decimal
    purpose: str
    state: State
    asked: Deed
    answered: Deed | None


def offer(scope: Scope, tx: Transaction, new: NewSkillOffer, *, now: datetime) -> SkillOffer:
    """For the lender's editors and the structure's."""
    kinds.service(tx, new.service)
    reach.require_part(scope, tx, Right.EDIT, OFFER, new.skill, new.lender, new.service)
    structures.collectivity(scope, tx, new.lender)
    faults = [*_amounts({"hours": (new.hours, MOST_HOURS), "cost": (new.cost, MOST_COST)})]
    if day_of(new.last) < day_of(new.first):
        faults.append(Fault("last", Text("avant le premier mois", "before the first month")))
    if faults:
        raise Invalid.of(faults)
    row = {
        **msgspec.structs.asdict(new),
        "first": day_of(new.first),
        "last": day_of(new.last),
        "hours": str(new.hours),
        "cost": str(new.cost),
        **columns("offered", scope, now),
    }
    id_ = int(tx.execute(insert(skill_offer).returning(skill_offer.c.id), row).scalar_one())
    audit.record(scope, tx, "skill.offer", now=now, owner=new.lender, subject=str(id_), detail={"skill": new.skill})
    return get(scope, tx, id_)


def withdraw(scope: Scope, tx: Transaction, id_: int, *, now: datetime) -> SkillOffer:
    """Nobody asks for it any more; what was accepted holds."""
    found = get(scope, tx, id_)
    reach.require_part(scope, tx, Right.EDIT, OFFER, id_, found.lender, found.service)
    if found.withdrawn is not None:
        raise Conflict(Text("Déjà retirée.", "Withdrawn already."))
    tx.execute(update(skill_offer).where(skill_offer.c.id == id_).values(**columns("withdrawn", scope, now)))
    audit.record(scope, tx, "skill.withdraw", now=now, owner=found.lender, subject=str(id_))
    return get(scope, tx, id_)


def offers(scope: Scope, tx: Transaction) -> list[SkillOffer]:
    """Those that hold: every member may ask."""
    reach.require_some(scope, tx, OFFER, "")
    rows = tx.execute(
        select(skill_offer).where(skill_offer.c.withdrawn_at.is_(None)).order_by(skill_offer.c.skill, skill_offer.c.id)
    ).all()
    return [_skill(tx, row) for row in rows if _reads(scope, tx, row.service)]


def get(scope: Scope, tx: Transaction, id_: int) -> SkillOffer:
    row = tx.execute(select(skill_offer).where(skill_offer.c.id == id_)).one_or_none()
    if row is None or not _reads(scope, tx, row.service):
        raise NotFound(OFFER, id_)
    return _skill(tx, row)


def ask(scope: Scope, tx: Transaction, new: NewBooking, *, now: datetime) -> Booking:
    """For the borrower's editors and the structure's. Raises `Invalid` when more is asked than is left of the month."""
    found = get(scope, tx, new.offer)
    reach.require_part(scope, tx, Right.EDIT, BOOKING, new.offer, new.borrower, found.service)
    structures.collectivity(scope, tx, new.borrower)
    if found.withdrawn is not None:
        raise Conflict(Text("Cette offre est retirée.", "This offer is withdrawn."))
    faults = [*_amounts({"hours": (new.hours, MOST_HOURS)})]
    if new.borrower == found.lender:
        faults.append(Fault("borrower", Text("ne s'emprunte pas à soi-même", "does not borrow from itself")))
    if not day_of(found.first) <= day_of(new.month) <= day_of(found.last):
        faults.append(
            Fault(
                "month", Text(f"offerte de {found.first} à {found.last}", f"offered from {found.first} to {found.last}")
            )
        )
    if faults or (faults := _too_many(found, new.month, new.hours)):
        raise Invalid.of(faults)
    row = {
        **msgspec.structs.asdict(new),
        "month": day_of(new.month),
        "hours": str(new.hours),
        "state": "asked",
        **columns("asked", scope, now),
    }
    id_ = int(tx.execute(insert(skill_booking).returning(skill_booking.c.id), row).scalar_one())
    audit.record(scope, tx, "skill.ask", now=now, owner=new.borrower, subject=str(id_), detail={"offer": new.offer})
    return booking(scope, tx, id_)


def answer(scope: Scope, tx: Transaction, id_: int, said: BookingAnswer, *, now: datetime) -> Booking:
    """The lender accepts or refuses what was asked; the borrower withdraws it. Raises `Conflict` when it was answered
    already, or no more than others took of the month is left."""
    found = booking(scope, tx, id_)
    whose = found.borrower if said.state == "withdrawn" else found.lender
    _require_side(scope, tx, whose, found, Right.EDIT)
    if found.state != "asked":
        raise Conflict(Text("Il y a déjà été répondu.", "It was answered already."))
    if said.state == "accepted" and (faults := _too_many(get(scope, tx, found.offer), found.month, found.hours)):
        raise Conflict(faults[0].text)
    values = {"state": said.state, **columns("answered", scope, now)}
    tx.execute(update(skill_booking).where(skill_booking.c.id == id_).values(values))
    detail = {"answer": said.state}
    audit.record(scope, tx, "skill.answer", now=now, owner=whose, subject=str(id_), detail=detail)
    return booking(scope, tx, id_)


def booking(scope: Scope, tx: Transaction, id_: int) -> Booking:
    """For the lender's people, the borrower's and the structure's."""
    row = tx.execute(_bookings().where(skill_booking.c.id == id_, _seen(scope, tx))).one_or_none()
    if row is None:
        raise NotFound(BOOKING, id_)
    return _booking(row)


def bookings(scope: Scope, tx: Transaction) -> list[Booking]:
    """Those that the actor reads, the newest month first."""
    reach.require_some(scope, tx, BOOKING, "")
    asked = _bookings().where(_seen(scope, tx)).order_by(skill_booking.c.month.desc(), skill_booking.c.id.desc())
    return [_booking(row) for row in tx.execute(asked)]


def _require_side(scope: Scope, tx: Transaction, whose: str, found: Booking, right: Right) -> None:
    """The people of one of the two, or the structure's: the other side only reads."""
    if reach.whole(scope, tx, found.service, right) or scope.may(right, whose, service=found.service):
        return
    raise Forbidden(
        Text(
            "C'est à l'autre collectivité, ou à une personne qui en a le rôle, de le faire.",
            "The other collectivité, or a person with the role for it, does this.",
        )
    )


def require_lender(scope: Scope, tx: Transaction, found: Booking, right: Right = Right.EDIT) -> None:
    _require_side(scope, tx, found.lender, found, right)


def require_borrower(scope: Scope, tx: Transaction, found: Booking, right: Right = Right.EDIT) -> None:
    _require_side(scope, tx, found.borrower, found, right)


def _reads(scope: Scope, tx: Transaction, service: str) -> bool:
    return reach.whole(scope, tx, service) or bool(reach.members(scope, service))


def _seen(scope: Scope, tx: Transaction) -> ColumnElement[bool]:
    if scope.everything:
        return true()
    return or_(
        reach.clause(scope, tx, skill_offer.c.lender, skill_offer.c.service),
        reach.clause(scope, tx, skill_booking.c.borrower, skill_offer.c.service),
    )


def _bookings() -> Select[Any]:
    lent = (skill_offer.c.lender, skill_offer.c.service, skill_offer.c.skill, skill_offer.c.cost)
    return select(skill_booking, *lent).join(skill_offer, skill_offer.c.id == skill_booking.c.offer)


def _too_many(found: SkillOffer, month: str, hours: Decimal) -> list[Fault]:
    (left,) = [one.left for one in found.months if one.month == month] or [found.hours]
    if hours <= left:
        return []
    return [
        Fault("hours", Text(f"il n'en reste que {left:f} ce mois-là", f"only {left:f} are left of that month")),
    ]


def _amounts(said: dict[str, tuple[Decimal, Decimal]]) -> Iterable[Fault]:
    for name, (amount, most) in said.items():
        if not amount.is_finite() or not 0 < amount <= most:
            yield Fault(name, Text(f"plus de 0 et {most:f} au plus", f"more than 0 and {most:f} at most"))


def _skill(tx: Transaction, row: Row[tuple[object, ...]]) -> SkillOffer:
    table = skill_booking
    taken: dict[date, Decimal] = {}
    asked = select(table.c.month, table.c.hours).where(table.c.offer == row.id, table.c.state == "accepted")
    for month, hours in tx.execute(asked):
        taken[month] = taken.get(month, Decimal(0)) + Decimal(hours)
    whole = Decimal(row.hours)
    return SkillOffer(
        row.id,
        row.lender,
        row.service,
        row.skill,
        month_told(row.first),
        month_told(row.last),
        whole,
        Decimal(row.cost),
        row.note,
        row.example,
        surely("offered", row),
        told("withdrawn", row),
        [MonthLeft(month_told(month), hours, whole - hours) for month, hours in sorted(taken.items())],
    )


def _booking(row: Row[tuple[object, ...]]) -> Booking:
    return Booking(
        row.id,
        row.offer,
        row.lender,
        row.service,
        row.skill,
        Decimal(row.cost),
        row.borrower,
        month_told(row.month),
        Decimal(row.hours),
        row.purpose,
        row.state,
        surely("asked", row),
        told("answered", row),
    )
