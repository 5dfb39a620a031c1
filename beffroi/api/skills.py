"""Shared skills: /pooling/skills, /pooling/bookings."""

from typing import Annotated

import msgspec
from msgspec import Meta

from beffroi.api.routing import Call, Routes
from beffroi.database import Page
from beffroi.pooling import lent, reach, skills
from beffroi.pooling.cost_models import Year
from beffroi.pooling.lent import BookingTime, Lent, NewTime
from beffroi.pooling.skills import BookingAnswer, NewBooking, NewSkillOffer, SkillOffer

routes = Routes("skills", "Hours of people lent between members: offers, bookings, time spent, what it moves.")
Id = Annotated[int, Meta(ge=1, le=2**53)]
Revision = Annotated[int, Meta(ge=1)]


class LentQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    year: Year


@routes.get("/pooling/skills")
def offers(call: Call) -> Page[SkillOffer]:
    """Skills that members offer, with what is left of the months already asked for. For every member."""
    with call.reading() as tx:
        return Page(skills.offers(call.scope, tx))


@routes.post("/pooling/skills", status=201)
def offer(call: Call, body: NewSkillOffer) -> SkillOffer:
    """Offer hours of a skill. For the lender's editors and the structure's."""
    with call.rooms.database.write() as tx:
        return skills.offer(call.scope, tx, body, now=call.now)


@routes.get("/pooling/skills/lent")
def lent_of_year(call: Call, query: LentQuery) -> Page[Lent]:
    """What was confirmed of a year, and whether statements carry it: what the caller lent or borrowed, or all."""
    with call.reading() as tx:
        reach.require_some(call.scope, tx, skills.OFFER, query.year)
        return Page(lent.of_year(call.scope, tx, query.year))


@routes.delete("/pooling/skills/{id}", status=200)
def withdraw(call: Call, id: Id) -> SkillOffer:
    """Withdraw an offer: nobody asks for it any more, what was accepted holds."""
    with call.rooms.database.write() as tx:
        return skills.withdraw(call.scope, tx, id, now=call.now)


@routes.get("/pooling/bookings")
def bookings(call: Call) -> Page[BookingTime]:
    """Bookings and time spent: those of members whose people the caller is among, or all for the structure."""
    with call.reading() as tx:
        return Page(lent.bookings(call.scope, tx))


@routes.post("/pooling/bookings", status=201)
def ask(call: Call, body: NewBooking) -> BookingTime:
    """Ask for hours of a month; more than what is left is refused. For the borrower's editors and the structure's."""
    with call.rooms.database.write() as tx:
        made = skills.ask(call.scope, tx, body, now=call.now)
        return lent.booking(call.scope, tx, made.id)


@routes.post("/pooling/bookings/{id}/answer", status=200)
def answer(call: Call, id: Id, body: BookingAnswer) -> BookingTime:
    """Accept or refuse, as the lender; withdraw, as the borrower. What would overbook the month is refused."""
    with call.rooms.database.write() as tx:
        skills.answer(call.scope, tx, id, body, now=call.now)
        return lent.booking(call.scope, tx, id)


@routes.post("/pooling/bookings/{id}/time", status=200)
def spend(call: Call, id: Id, body: NewTime) -> BookingTime:
    """Enter the time spent, or correct it: what was said stays. For the lender's editors and the structure's."""
    with call.rooms.database.write() as tx:
        return lent.spend(call.scope, tx, id, body, now=call.now)


@routes.post("/pooling/bookings/{id}/time/{revision}/confirmation", status=200)
def confirm(call: Call, id: Id, revision: Revision) -> BookingTime:
    """Confirm the last time told: its cost then goes from one statement to the other. For the borrower's editors."""
    with call.rooms.database.write() as tx:
        return lent.confirm(call.scope, tx, id, revision, now=call.now)
