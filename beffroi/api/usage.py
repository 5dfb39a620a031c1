"""What is used of what is pooled: /pooling/usage, counted by Beffroi and entered by hand, each figure with its rows."""

from itertools import chain
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from beffroi.api.cost_models import CSV, MARK, attached
from beffroi.api.routing import Call, Routes
from beffroi.api.sending import Sent
from beffroi.database import Page
from beffroi.pooling import entered, metered, reach
from beffroi.pooling.entered import NewEntry, UsageEntry
from beffroi.pooling.metered import Recount, UsageMonth, UsageQuery, UsageRowsQuery
from beffroi.registry.fields import Owner

routes = Routes(
    "usage", "What each collectivité uses of each service: metered by month to the row, or entered by hand."
)


class SoFarQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    owner: Owner


class UsagePage(msgspec.Struct, frozen=True):
    """`closed`: months of the year of which everybody's usage was counted."""

    items: list[UsageMonth]
    closed: list[str]


@routes.get("/pooling/usage")
def usage(call: Call, query: UsageQuery) -> UsagePage:
    """Closed months of a year, by collectivité and service; corrections show what they replace."""
    with call.reading() as tx:
        found = metered.months(call.scope, tx, query)
        return UsagePage(found, [metered.told(month) for month in metered.closed(tx, query.year)])


@routes.get("/pooling/usage/so-far")
def so_far(call: Call, query: SoFarQuery) -> Page[UsageMonth]:
    """The month that goes on, of one collectivité, as counted now; kept nowhere."""
    with call.reading() as tx:
        reach.require_member(call.scope, tx, query.owner)
    rooms = call.rooms
    found = metered.so_far(rooms.database, rooms.record, query.owner, call.now, rooms.time_zone)
    with call.reading() as tx:
        mine = [
            one for one in found if reach.whole(call.scope, tx, one.service) or reach.members(call.scope, one.service)
        ]
        return Page(mine)


@routes.get("/pooling/usage/rows", produces=(CSV,), answer=bytes)
def rows(call: Call, query: UsageRowsQuery) -> Response:
    """The rows that make a month's figures: a device and a day each."""
    with call.reading() as tx:
        found = metered.rows(call.scope, tx, query)
    parts = (part.encode() for part in chain([MARK], metered.as_csv(found)))
    headers = attached(f"usage-{query.owner}-{query.service}-{query.month}.csv")
    media = f"{CSV}; charset=utf-8"
    return Sent(parts, call.patience, call.rooms.query_seconds, headers=headers, media_type=media)


@routes.post("/pooling/usage/recounts", status=200)
def recount(call: Call, body: Recount) -> Page[UsageMonth]:
    """Count a closed month of a collectivité again: what differs is a new revision. For the structure's operators."""
    rooms = call.rooms
    found = metered.recount(call.scope, rooms.database, rooms.record, body, rooms.time_zone, now=call.now)
    return Page(found)


@routes.get("/pooling/usage/entries")
def entries(call: Call, query: UsageQuery) -> Page[UsageEntry]:
    """Quantities entered by hand for a year, withdrawn ones too."""
    with call.reading() as tx:
        return Page(entered.find(call.scope, tx, query))


@routes.post("/pooling/usage/entries", status=201)
def enter(call: Call, body: NewEntry) -> UsageEntry:
    """Enter a quantity that no device tells. For the structure's operators."""
    with call.rooms.database.write() as tx:
        return entered.enter(call.scope, tx, body, now=call.now)


@routes.delete("/pooling/usage/entries/{id}", status=200)
def withdraw(call: Call, id: Annotated[int, Meta(ge=1)]) -> UsageEntry:
    """Withdraw a quantity: it stays in sight, and counts no more."""
    with call.rooms.database.write() as tx:
        return entered.withdraw(call.scope, tx, id, now=call.now)
