"""Connections, the doors by which networks deliver, and the messages that are held: /connections, /held-messages."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from beffroi.acquisition import changing, connections
from beffroi.acquisition.changing import ConnectionChange
from beffroi.acquisition.connections import Connection, ConnectionQuery, Issued, NewApi, NewConnection
from beffroi.acquisition.connector import Envelope, Name, Quality
from beffroi.acquisition.connectors import CONNECTORS
from beffroi.acquisition.guides import guide
from beffroi.acquisition.messages import written
from beffroi.acquisition.ways import FETCHED
from beffroi.api.encodings import decompress
from beffroi.api.inbox import Remembered
from beffroi.api.progressing import answered
from beffroi.api.routing import Call, Routes, read_body
from beffroi.aside import aside
from beffroi.database import Page
from beffroi.errors import Forbidden, Text, Unauthenticated
from beffroi.pipeline import held, replaying
from beffroi.pipeline.fates import Delivery, Fate
from beffroi.pipeline.held import Group, Held, HeldQuery, Which
from beffroi.pipeline.replaying import Redecoded, Replay
from beffroi.registry.fields import Instant, ThingId

routes = Routes("connections", "Networks connected: what they deliver, what is understood of it, and what is held.")

LINE_PROTOCOL = "line-protocol"
PARAMETERS = ("key", "p")
"""of the address, that may hold the secret where a network sends no header; they are not the network's own"""
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]


class Kind(msgspec.Struct, frozen=True):
    """A network that can be connected; `transports`: its own, then those by which Beffroi fetches; `topics`: those
    listened to by default. `guide`: what to do in the network's own console, in Markdown."""

    kind: str
    name: Name
    transports: list[str]
    topics: list[str]
    documentation: str
    guide: Name
    quality: Quality


class Understood(msgspec.Struct, frozen=True):
    """A decoded value, in the unit of its observed property. `key`: of the channel."""

    key: str
    observed_property: str
    value: Any
    unit: str


class Lately(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message, and what became of it: `stored`, `again` (heard before), or `held` and why."""

    at: datetime
    message: dict[str, Any]
    outcome: str
    cause: str | None = None
    reason: str | None = None
    values: list[Understood] = []


class Activity(msgspec.Struct, frozen=True):
    """What came by a connection since the instance began; `day`: messages of the last 24 hours."""

    connection: str
    last: datetime | None
    day: int


class Taken(msgspec.Struct, frozen=True):
    """Of one delivery, all of it durable. `again`: heard before, `held`: kept with the reason."""

    messages: int
    stored: int
    again: int
    held: int
    observations: int


class Discarding(Which, frozen=True, forbid_unknown_fields=True, kw_only=True):
    reason: Line


class Discarded(msgspec.Struct, frozen=True):
    messages: int


class Redecode(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`since` included, `until` not; of all time where they are absent."""

    devices: Annotated[list[ThingId], msgspec.Meta(min_length=1, max_length=10_000)]
    since: Instant | None = None
    until: Instant | None = None


@routes.get("/connections/kinds")
def kinds(call: Call) -> list[Kind]:
    """The networks that can be connected."""
    fetched = [one for one in FETCHED if one != "folder" or call.rooms.bounds.folders is not None]
    return [
        Kind(kind, one.manifest.name, [*one.manifest.transports, *fetched], one.manifest.topics,
             one.manifest.documentation, Name(guide(kind).fr, guide(kind).en), one.manifest.quality)
        for kind, one in CONNECTORS.items()
    ]  # fmt: skip


@routes.get("/connections")
def list_connections(call: Call, query: ConnectionQuery) -> Page[Connection]:
    """Those of the collectivités that the caller operates."""
    with call.reading() as tx:
        return connections.find(call.scope, tx, query)


@routes.post("/connections", status=201)
def make(call: Call, body: NewConnection) -> Issued:
    """Connect a network: its secret is told this once. What opens elsewhere is kept encrypted."""
    connections.refuse_out_of_reach(call.scope, body, call.rooms.bounds)
    with call.writing() as tx:
        return connections.make(call.scope, tx, body, call.rooms.sealing, call.rooms.bounds, now=call.now)


@routes.get("/connections/activity")
def activity(call: Call) -> list[Activity]:
    """When each connection last brought a message, and how many in a day. Counted since the instance began."""
    with call.reading() as tx:
        found = connections.find(call.scope, tx, ConnectionQuery(limit=1000))
    inbox = call.rooms.inbox
    return [Activity(one.key, inbox.last(one.key), inbox.since_a_day(one.key, now=call.now)) for one in found.items]


@routes.get("/connections/{key}")
def one_connection(call: Call, key: str) -> Connection:
    """One of them."""
    with call.reading() as tx:
        return connections.get(call.scope, tx, key)


@routes.post("/connections/{key}/secret")
def renew(call: Call, key: str) -> Issued:
    """Another secret, told this once; the former opens nothing any more."""
    with call.writing() as tx:
        return connections.renew(call.scope, tx, key, now=call.now)


@routes.put("/connections/{key}/api")
def set_api(call: Call, key: str, body: NewApi) -> Connection:
    """Say by which API the network is written to. Its token is kept encrypted, and never shown again."""
    with call.writing() as tx:
        return connections.set_api(call.scope, tx, key, body, call.rooms.sealing, now=call.now)


@routes.put("/connections/{key}")
def change(call: Call, key: str, body: ConnectionChange) -> Connection:
    """Say anew how it is named, where it looks and how it is read. It stays of its kind, its owner and its way in."""
    sealing, bounds = call.rooms.sealing, call.rooms.bounds
    with call.reading() as tx:
        new = changing.to_be(call.scope, tx, key, body, sealing)
    connections.refuse_out_of_reach(call.scope, new, bounds)
    with call.writing() as tx:
        return changing.change(call.scope, tx, key, body, sealing, bounds, now=call.now)


@routes.delete("/connections/{key}")
def end(call: Call, key: str) -> None:
    """End a connection: it takes nothing any more, and what it brought stays."""
    with call.writing() as tx:
        connections.end(call.scope, tx, key, now=call.now)


@routes.get("/connections/{key}/messages")
def lately(call: Call, key: str) -> list[Lately]:
    """Its last messages since the instance began, newest first, with what was understood of each."""
    with call.reading() as tx:
        connections.get(call.scope, tx, key)
    return [_told(one, call) for one in call.rooms.inbox.lately(key)]


@routes.post("/connections/{key}/messages", public=True, any_query=True, consumes=("*/*",), answer=Taken)
async def deliver(call: Call, key: str) -> Response:
    """Where a network delivers; the answer comes once all of it is durable, stored or held.

    The connection's secret comes as `Authorization: Bearer`, as the password of `Authorization: Basic`, or as `?key=`.
    """
    connection = await _opened(call)
    if connection.key != key:
        raise Forbidden(Text("Ce secret est celui d'une autre connexion.", "This secret is another connection's."))
    return Response(taken(await _received(call, connection)), media_type="application/json")


@routes.get("/held-messages")
def list_held(call: Call, query: HeldQuery) -> Page[Held]:
    """Messages that could not be taken, with the reason."""
    with call.reading() as tx:
        return held.find(call.scope, tx, query)


@routes.get("/held-messages/groups")
def groups(call: Call) -> list[Group]:
    """What waits, by cause: devices that nobody declared with who heard them, models without codec, and so on."""
    with call.reading() as tx:
        return held.groups(call.scope, tx)


@routes.post("/held-messages/replay", answer=Replay)
async def replay(call: Call, body: Which) -> Response:
    """Try again those that wait, in the order of the times they tell, each once.

    With `Accept: application/x-ndjson`, lines of progress come before the answer."""
    rooms = call.rooms
    return await answered(
        call.request,
        lambda progress: replaying.replay(
            call.scope, rooms.database, rooms.reception, body, now=call.now, progress=progress
        ),
    )


@routes.post("/held-messages/discard")
def discard(call: Call, body: Discarding) -> Discarded:
    """Give those that wait up, saying why; they stay in the list."""
    which = Which(**{name: getattr(body, name) for name in Which.__struct_fields__})
    with call.writing() as tx:
        return Discarded(held.discard(call.scope, tx, which, body.reason, now=call.now))


@routes.post("/messages/redecode", answer=Redecoded)
async def redecode(call: Call, body: Redecode) -> Response:
    """Decode again what devices sent, by the codec and the channels of now; what they gave before is written over.

    With `Accept: application/x-ndjson`, lines of progress come before the answer."""
    rooms = call.rooms
    return await answered(
        call.request,
        lambda progress: replaying.redecode(
            call.scope,
            rooms.database,
            rooms.pipeline,
            rooms.reception,
            body.devices,
            since=body.since,
            until=body.until,
            now=call.now,
            progress=progress,
        ),
    )


influx = Routes("line-protocol", "InfluxDB's line protocol at its usual paths, for Telegraf and its like.")


@influx.post("/write", public=True, any_query=True, status=204, consumes=("text/plain",))
async def write(call: Call) -> Response:
    """As InfluxDB 1 takes it; the password is a connection's secret."""
    return await _written(call)


@influx.post("/api/v2/write", public=True, any_query=True, status=204, consumes=("text/plain",))
async def write_v2(call: Call) -> Response:
    """As InfluxDB 2 takes it: `Authorization: Token` and a connection's secret."""
    return await _written(call)


@influx.get("/ping", public=True, any_query=True)
def ping(call: Call) -> Response:
    """Whether it answers."""
    return Response(status_code=204, headers={"X-Influxdb-Version": "1.8-beffroi"})


async def _written(call: Call) -> Response:
    connection = await _opened(call)
    if connection.kind != LINE_PROTOCOL:
        raise Forbidden(
            Text("Cette connexion n'est pas de line protocol.", "This connection is not one of line protocol.")
        )
    await _received(call, connection)
    return Response(status_code=204)


async def _opened(call: Call) -> Connection:
    secret = _secret(call.request)
    known = call.rooms.secrets.at_hand(secret)
    return await aside(call.rooms.secrets.opens, secret) if known is None else known


async def _received(call: Call, connection: Connection) -> list[Fate]:
    request, limit = call.request, call.rooms.upload_limit
    content = await read_body(request, limit)
    if encoding := request.headers.get("content-encoding"):
        content = decompress(content, encoding.lower(), limit=limit)
    envelope = Envelope(
        call.now,
        "http",
        query=told_by(request.query_params.items()),
        headers=without_secret(request.headers),
        content_type=request.headers.get("content-type", ""),
    )
    return await call.rooms.inbox.receive(Delivery(connection, content, envelope))


def told_by(query: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The network's own parameters."""
    return {name: value for name, value in query if name not in PARAMETERS}


def without_secret(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in ("authorization", "cookie")}


def _secret(request: Request) -> str:
    scheme, _, told = request.headers.get("authorization", "").partition(" ")
    told = told.strip()
    if scheme.lower() == "basic":
        try:
            told = base64.b64decode(told, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            told = ""
    elif scheme and not told:
        told = scheme  # networks that send a header's value bare
    for name in PARAMETERS:
        told = told or request.query_params.get(name, "")
    if not told:
        raise Unauthenticated(
            Text(
                "Joignez le secret de la connexion : «\u00a0Authorization: Bearer …\u00a0», ou «\u00a0?key=\u00a0».",
                "Send the connection's secret: “Authorization: Bearer …”, or “?key=”.",
            )
        )
    return told


def taken(fates: list[Fate]) -> bytes:
    outcomes = [fate.outcome for fate in fates]
    told = Taken(
        len(fates),
        outcomes.count("stored"),
        outcomes.count("again"),
        outcomes.count("held"),
        sum(len(fate.values) for fate in fates),
    )
    return msgspec.json.encode(told)


def _told(one: Remembered, call: Call) -> Lately:
    reason = None if one.reason is None else one.reason.said(call.language)
    values = [Understood(key, property_, value, unit) for key, property_, value, unit in one.values]
    return Lately(one.at, written(one.message, call.language), one.outcome, one.cause, reason, values)
