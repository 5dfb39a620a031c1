"""Whose a device is, where several say so or nobody confirmed it: /claims."""

from datetime import datetime
from typing import Annotated

import msgspec
from starlette.responses import Response

from beffroi.acquisition.downlinks.model import Reason
from beffroi.api.progressing import answered
from beffroi.api.registry import Id
from beffroi.api.routing import Call, Routes
from beffroi.observations import Progress
from beffroi.pipeline import held, replaying
from beffroi.pipeline.held import Cause, Which
from beffroi.registry import claims
from beffroi.registry.claims import Claim, Claimed
from beffroi.registry.fields import Code, ThingId

routes = Routes("claims", "Whose a device is, where several collectivités declare it, or nobody confirmed it yet.")

CAUSES: tuple[Cause, ...] = ("claimed-twice", "unconfirmed-claim")


class Heard(msgspec.Struct, frozen=True):
    """By a connection, what waits until it is known whose it is."""

    connection: str
    messages: int
    first: datetime
    last: datetime


class Contested(Claimed, frozen=True, kw_only=True):
    heard: list[Heard]


class Settling(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`device`: whose owner is right. `reason`: told to the others."""

    device: ThingId
    reason: Reason


class Confirming(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    devices: Annotated[list[ThingId], msgspec.Meta(min_length=1, max_length=10_000)]


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """`replayed`: messages that waited for it and are stored now; `waiting`: those that lack something else."""

    identifiers: list[str]
    replayed: int
    waiting: int


@routes.get("/claims")
def contested(call: Call) -> list[Contested]:
    """What waits for a decision: who declares each device since when, by which connections it is heard.

    The structure's operators see all of it; a member, its own declarations."""
    with call.reading() as tx:
        heard = held.by_device(call.scope, tx, CAUSES)
        found = claims.find(call.scope, tx, heard)
    return [_with(one, heard.get(one.identifier, [])) for one in found]


@routes.post("/claims/{identifier}/settle", answer=Settled)
async def settle(call: Call, identifier: Code, body: Settling) -> Response:
    """Say whose a device is. For the structure's operators.

    The other declarations are refused, and what waited is tried again.
    With `Accept: application/x-ndjson`, lines of progress come before the answer."""

    def work(progress: Progress) -> Settled:
        with call.writing() as tx:
            claims.settle(call.scope, tx, identifier, body.device, body.reason, now=call.now)
        return _replayed(call, [identifier.upper()], progress)

    return await answered(call.request, work)


@routes.post("/claims/confirm", answer=Settled)
async def confirm(call: Call, body: Confirming) -> Response:
    """Believe what members declare of these devices. For the structure's operators.

    What waited for it is tried again. With `Accept: application/x-ndjson`, lines of progress come before the answer."""

    def work(progress: Progress) -> Settled:
        with call.writing() as tx:
            identifiers = claims.confirm(call.scope, tx, body.devices, now=call.now)
        return _replayed(call, identifiers, progress)

    return await answered(call.request, work)


@routes.post("/devices/{id}/claim/withdraw")
def withdraw(call: Call, id: Id) -> Claim:
    """Say that a device is not one's own after all. It stays, with what it brought."""
    with call.writing() as tx:
        return claims.withdraw(call.scope, tx, id, now=call.now)


@routes.post("/devices/{id}/claim/renew")
def renew(call: Call, id: Id) -> Claim:
    """Declare again a device that one withdrew; the structure confirms it."""
    with call.writing() as tx:
        return claims.renew(call.scope, tx, id, now=call.now)


def _replayed(call: Call, identifiers: list[str], progress: Progress) -> Settled:
    replayed = waiting = 0
    rooms = call.rooms
    for place, one in enumerate(identifiers):
        for cause in CAUSES:
            which = Which(device=one, cause=cause)
            done = replaying.replay(call.scope, rooms.database, rooms.reception, which, now=call.now)
            replayed, waiting = replayed + done.replayed, waiting + done.waiting
        progress(place + 1, len(identifiers))
    return Settled(identifiers=identifiers, replayed=replayed, waiting=waiting)


def _with(one: Claimed, heard: list[held.Group]) -> Contested:
    told = [Heard(group.connection, group.messages, group.first, group.last) for group in heard]
    return Contested(identifier=one.identifier, contested=one.contested, claims=one.claims, heard=told)
