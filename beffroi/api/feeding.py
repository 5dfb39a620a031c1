"""How the connections where Beffroi begins fare: /connections/{key}/state, /connections/{key}/fetch, and the keys of
servers: /connections/host-key."""

from dataclasses import fields
from datetime import datetime

import msgspec

from beffroi.access import Right
from beffroi.acquisition import connections
from beffroi.acquisition.fetching.sftp import fingerprint, host_key_of
from beffroi.acquisition.fetching.source import Failed
from beffroi.acquisition.perimeter import Forbidding, Unreached
from beffroi.acquisition.ways import FETCHED, Host, Port
from beffroi.api.feeds import State
from beffroi.api.routing import Call, Routes
from beffroi.errors import Conflict, Invalid, Text, Unavailable
from beffroi.registry.fields import Owner

routes = Routes("feeds", "Connections where Beffroi begins: how they fare, a look now, and the keys of servers.")

SAME = [one.name for one in fields(State) if one.name != "error"]
"""of the state of a feed, told as it is"""


class ConnectionState(msgspec.Struct, frozen=True, omit_defaults=True):
    """Since the instance began. `connected`: to the broker, or the last look went well; `since`: so, or not.
    `messages`: that came by it, in so many `documents`. `looked_at`: the last look, and the `status` of its HTTP
    answer; `failures`: in a row, up to now. `next_try_at`: of a look, or to connect. `fingerprint`: of an SFTP
    server's key."""

    transport: str
    connected: bool
    messages: int = 0
    documents: int = 0
    since: datetime | None = None
    latest_at: datetime | None = None
    looked_at: datetime | None = None
    status: int | None = None
    failures: int = 0
    error: str | None = None
    error_at: datetime | None = None
    next_try_at: datetime | None = None
    fingerprint: str | None = None


class HostKeyQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`owner`: of the connection to be made."""

    owner: Owner
    host: Host
    port: Port = 22


class HostKey(msgspec.Struct, frozen=True):
    """`host_key`: as a connection takes it; `fingerprint`: to compare with what the server's own people say."""

    host_key: str
    fingerprint: str


@routes.post("/connections/host-key")
async def host_key(call: Call, body: HostKeyQuestion) -> HostKey:
    """The key that an SFTP server shows now: compare its fingerprint before you trust it."""
    call.scope.require(Right.ADMINISTER, body.owner)
    try:
        return HostKey(*await host_key_of(body.host, body.port, call.rooms.bounds.perimeter))
    except Forbidding as error:
        raise Invalid("host", error.text) from error
    except (Failed, Unreached) as error:
        raise Unavailable(error.text) from error


@routes.get("/connections/{key}/state")
def state(call: Call, key: str) -> ConnectionState:
    """Whether it listens to its broker, or how its last look went, since when, and what went wrong last."""
    with call.reading() as tx:
        found = connections.get(call.scope, tx, key)
    told, sftp = call.rooms.subscribers.state(key), found.settings.sftp
    same = {name: getattr(told, name) for name in SAME}
    return ConnectionState(
        transport=found.transport,
        error=None if told.error is None else told.error.said(call.language),
        fingerprint=None if sftp is None else fingerprint(sftp.host_key),
        **same,
    )


@routes.post("/connections/{key}/fetch")
def fetch(call: Call, key: str) -> None:
    """Look now, without waiting for the next time: what is new is taken within seconds."""
    with call.reading() as tx:
        found = connections.get(call.scope, tx, key)
    if found.transport not in FETCHED:
        raise Conflict(Text("Cette connexion ne relève rien.", "This connection fetches nothing."))
    if found.ended_at is not None:
        raise Conflict(Text("Cette connexion est terminée.", "This connection is ended."))
    call.rooms.subscribers.hurry(key)
