"""Invitations: /invitations."""

import msgspec
from starlette.responses import Response

from beffroi.access import invitations, sessions
from beffroi.access.inputs import Key, Limit
from beffroi.access.invitations import Acceptance, Invitation, Invited, NewInvitation
from beffroi.api.administration import noted
from beffroi.api.doors import COOKIE
from beffroi.api.routing import Call, Routes
from beffroi.api.session import Who, caller_of, signed_in
from beffroi.database import Page
from beffroi.errors import Unauthenticated
from beffroi.registry import structures

routes = Routes("invitations", "An administrator invites an e-mail to a role; whoever opens the link takes it.")


class InvitationQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`waiting`: only those neither accepted, revoked nor expired."""

    collectivity: Key | None = None
    waiting: bool = False
    after: str | None = None
    limit: Limit = 100


@routes.get("/invitations")
def list_invitations(call: Call, query: InvitationQuery) -> Page[Invitation]:
    """Invitations to what the caller administers, and those it made."""
    with call.reading() as tx:
        page = invitations.find(
            call.scope,
            tx,
            now=call.now,
            collectivity=query.collectivity,
            waiting=query.waiting,
            after=query.after,
            limit=query.limit,
        )
    noted(call, "invitation", None)
    return page


@routes.post("/invitations", status=201)
def invite(call: Call, body: NewInvitation) -> Invited:
    """Invite someone. The `token` is told this once, to be sent as a link: `/invitation#token=…`; it lasts a week.

    For the collectivité's administrators; the structure's may invite a member's first administrator.
    """
    with call.writing() as tx:
        structures.collectivity(call.scope, tx, body.collectivity)
        return invitations.make(call.scope, tx, body, now=call.now)


@routes.delete("/invitations/{key}")
def revoke(call: Call, key: Key) -> None:
    """Take an invitation back: its link opens nothing any more."""
    with call.writing() as tx:
        invitations.revoke(call.scope, tx, key, now=call.now)


@routes.post("/invitations/accept", public=True, answer=Who)
def accept(call: Call, body: Acceptance) -> Response:
    """Take the role that one is invited to, and be signed in.

    `name` and `password` are for who has no account yet; who has one signs in first, then accepts.
    """
    call.rooms.doors.refuse_foreign(call.request)
    with call.reading() as tx:
        invitations.waiting(tx, body.token, now=call.now)
    hashed = None if body.password is None else call.rooms.sign_ins.passwords.hashed(body.password)
    with call.writing() as tx:
        person = invitations.accept(tx, body, signed_in=_signed_in(call), hashed=hashed, now=call.now)
        opened = sessions.open_(tx, person, "invitation", caller_of(call.request), call.now)
    return signed_in(call, opened)


def _signed_in(call: Call) -> str | None:
    if COOKIE not in call.request.cookies:
        return None
    try:
        actor = call.rooms.doors.scope(call.request).actor
    except Unauthenticated:
        return None
    return actor.key if actor.kind == "person" else None
