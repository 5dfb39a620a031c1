"""Hours that were spent for another member: entered by the lender, confirmed by who had them, carried into statements.

Nothing is written over: a correction is a new revision, which counts once it is confirmed in its turn. What is
confirmed is entered as a quantity of the borrower's, and moves its cost between the two statements of that year.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta
from sqlalchemy import func, insert, select, update

from beffroi.access import Scope, audit
from beffroi.database import Transaction
from beffroi.errors import Conflict, Invalid, NotFound, Text
from beffroi.pooling import entered, skills
from beffroi.pooling.amounts import cents
from beffroi.pooling.deeds import Deed, columns, surely, told
from beffroi.pooling.entered import NewEntry
from beffroi.pooling.metered import told as month_told
from beffroi.pooling.skills import MOST_HOURS, Booking
from beffroi.pooling.tables import cost_model, skill_booking, skill_offer, skill_time

NOUN = Text("temps passé", "time spent")
HOURS = "skill-hours"
"""the quantity of a member that borrows"""


class NewTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`after`: the revision that was read before, 0 for the first."""

    hours: Decimal
    after: Annotated[int, Meta(ge=0)] = 0
    note: Annotated[str, Meta(max_length=1000)] = ""


class TimeSpent(msgspec.Struct, frozen=True):
    revision: int
    hours: Decimal
    note: str
    entered: Deed
    confirmed: Deed | None


class BookingTime(msgspec.Struct, frozen=True):
    """A booking and the time told of it, the last revision first."""

    booking: Booking
    times: list[TimeSpent]


class Lent(msgspec.Struct, frozen=True):
    """Confirmed: `amount` is owed by the borrower to the lender. `carried`: into their statements, since a model of
    costs of that service and year has both."""

    booking: int
    lender: str
    borrower: str
    service: str
    skill: str
    month: str
    hours: Decimal
    amount: Decimal
    carried: bool


class Moved(NamedTuple):
    """Between the statements of two members."""

    lender: str
    borrower: str
    label: str
    amount: Decimal


class _Spent(NamedTuple):
    booking: int
    hours: Decimal
    borrower: str
    month: date
    lender: str
    service: str
    skill: str
    cost: Decimal


def spend(scope: Scope, tx: Transaction, id_: int, new: NewTime, *, now: datetime) -> BookingTime:
    """Enter what was spent for an accepted booking, or correct it. For the lender's editors and the structure's."""
    found = skills.booking(scope, tx, id_)
    skills.require_lender(scope, tx, found)
    if found.state != "accepted":
        raise Conflict(Text("Cette réservation n'est pas acceptée.", "This booking is not accepted."))
    if not new.hours.is_finite() or not 0 <= new.hours <= MOST_HOURS:
        raise Invalid("hours", Text("de 0 à 10 000 attendu", "expected 0 to 10,000"))
    last = _last(tx, id_)
    if last != new.after:
        raise Conflict(
            Text(
                f"La version {last} a été faite entre-temps : relisez-la.",
                f"Revision {last} was made meanwhile: read it again.",
            )
        )
    row = {"booking": id_, "revision": last + 1, "hours": str(new.hours), "note": new.note}
    tx.execute(insert(skill_time).values(**row, **columns("entered", scope, now)))
    detail = {"revision": last + 1, "hours": str(new.hours)}
    audit.record(scope, tx, "skill.spend", now=now, owner=found.lender, subject=str(id_), detail=detail)
    return _told(tx, found)


def confirm(scope: Scope, tx: Transaction, id_: int, revision: int, *, now: datetime) -> BookingTime:
    """For the borrower's editors and the structure's. Raises `Conflict` when it was corrected or confirmed already."""
    found = skills.booking(scope, tx, id_)
    skills.require_borrower(scope, tx, found)
    same = (skill_time.c.booking == id_, skill_time.c.revision == revision)
    row = tx.execute(select(skill_time).where(*same)).one_or_none()
    if row is None:
        raise NotFound(NOUN, revision)
    if revision != _last(tx, id_) or row.confirmed_at is not None:
        raise Conflict(
            Text("Corrigé ou confirmé entre-temps : relisez-le.", "Corrected or confirmed meanwhile: read it again.")
        )
    _withdraw_former(scope, tx, id_, now)
    new = NewEntry(
        member=found.borrower,
        service=found.service,
        month=found.month,
        unit=HOURS,
        quantity=Decimal(row.hours),
        note=f"{found.skill} ({id_})",
    )
    usage = entered.keep(scope, tx, new, now=now)
    tx.execute(update(skill_time).where(*same).values(usage=usage, **columns("confirmed", scope, now)))
    detail = {"revision": revision, "hours": row.hours}
    audit.record(scope, tx, "skill.confirm", now=now, owner=found.borrower, subject=str(id_), detail=detail)
    return _told(tx, found)


def bookings(scope: Scope, tx: Transaction) -> list[BookingTime]:
    """Those that the actor reads, with their times."""
    return [_told(tx, one) for one in skills.bookings(scope, tx)]


def booking(scope: Scope, tx: Transaction, id_: int) -> BookingTime:
    return _told(tx, skills.booking(scope, tx, id_))


def of_year(scope: Scope, tx: Transaction, year: int) -> list[Lent]:
    """What was confirmed, in the order of months: of those that the actor reads."""
    held = {one.id for one in skills.bookings(scope, tx)}
    models = _modelled(tx, year)
    return [_lent(row, models) for row in _confirmed(tx, year) if row.booking in held]


def moved(tx: Transaction, service: str, year: int, members: frozenset[str]) -> list[Moved]:
    """Between members of a service's model; who reads it was looked at."""
    return [
        Moved(row.lender, row.borrower, f"{row.skill}, {month_told(row.month)} ({row.hours:f} h)", _amount(row))
        for row in _confirmed(tx, year)
        if row.service == service and {row.lender, row.borrower} <= members
    ]


def _withdraw_former(scope: Scope, tx: Transaction, id_: int, now: datetime) -> None:
    used = select(skill_time.c.usage).where(skill_time.c.booking == id_, skill_time.c.usage.is_not(None))
    for usage in tx.execute(used).scalars():
        entered.put_aside(scope, tx, usage, now=now)


def _last(tx: Transaction, id_: int) -> int:
    asked = select(func.max(skill_time.c.revision)).where(skill_time.c.booking == id_)
    return tx.execute(asked).scalar() or 0


def _told(tx: Transaction, found: Booking) -> BookingTime:
    asked = select(skill_time).where(skill_time.c.booking == found.id).order_by(skill_time.c.revision.desc())
    times = [
        TimeSpent(row.revision, Decimal(row.hours), row.note, surely("entered", row), told("confirmed", row))
        for row in tx.execute(asked)
    ]
    return BookingTime(found, times)


def _confirmed(tx: Transaction, year: int) -> list[_Spent]:
    """The last confirmed revision of each booking of the year."""
    table = skill_time
    newest = (
        select(table.c.booking, func.max(table.c.revision).label("revision"))
        .where(table.c.confirmed_at.is_not(None))
        .group_by(table.c.booking)
        .subquery()
    )
    asked = (
        select(
            table.c.booking,
            table.c.hours,
            skill_booking.c.borrower,
            skill_booking.c.month,
            skill_offer.c.lender,
            skill_offer.c.service,
            skill_offer.c.skill,
            skill_offer.c.cost,
        )
        .join(newest, (newest.c.booking == table.c.booking) & (newest.c.revision == table.c.revision))
        .join(skill_booking, skill_booking.c.id == table.c.booking)
        .join(skill_offer, skill_offer.c.id == skill_booking.c.offer)
        .where(skill_booking.c.month.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(skill_booking.c.month, table.c.booking)
    )
    return [
        _Spent(booking, Decimal(hours), borrower, month, lender, service, skill, Decimal(cost))
        for booking, hours, borrower, month, lender, service, skill, cost in tx.execute(asked)
    ]


def _modelled(tx: Transaction, year: int) -> dict[str, frozenset[str]]:
    """By service, the members of its last model of the year."""
    asked = select(cost_model).where(cost_model.c.year == year).order_by(cost_model.c.revision)
    return {
        row.service: frozenset(one["member"] for one in msgspec.json.decode(row.document)["members"])
        for row in tx.execute(asked)
    }


def _lent(row: _Spent, models: dict[str, frozenset[str]]) -> Lent:
    return Lent(
        row.booking,
        row.lender,
        row.borrower,
        row.service,
        row.skill,
        month_told(row.month),
        row.hours,
        _amount(row),
        {row.lender, row.borrower} <= models.get(row.service, frozenset()),
    )


def _amount(row: _Spent) -> Decimal:
    return cents(row.hours * row.cost)
