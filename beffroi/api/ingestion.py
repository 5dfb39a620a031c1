"""The thin way in: small posts of observations, which networks send one by one by the thousand, without what the other
routes go through. Whatever is not plainly one of these goes the common way, which answers the same."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request

from beffroi.access import Scope
from beffroi.api import formats, problems
from beffroi.api.formats import Observation
from beffroi.api.monitoring import HEADERS, Metrics
from beffroi.api.rooms import Rooms
from beffroi.errors import BeffroiError, Language

SMALL = 16_384
"""bytes of a body whose observations go through the pipeline with those of others"""
UNCOMMON = frozenset((b"content-encoding", b"idempotency-key", b"transfer-encoding"))
"""headers of posts that are not that simple"""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Answer = tuple[int, bytes, list[tuple[bytes, bytes]]]
"""status, body, headers"""


class Stored(msgspec.Struct, frozen=True):
    """`rows`: distinct (series, time) now durable. `flagged`: how many of those received carry a quality flag."""

    batch_id: str
    rows: int
    flagged: int


class Knock(NamedTuple):
    """What the headers of a small post say."""

    token: str
    language: Language


class Ingestion:
    """The outermost ASGI application: it answers small posts to `path` by itself, and leaves all else to `app`."""

    def __init__(self, app: App, rooms: Rooms, metrics: Metrics, path: str) -> None:
        self.app, self._rooms, self._metrics, self._path = app, rooms, metrics, path

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        small = scope["type"] == "http" and scope["path"] == self._path and scope["method"] == "POST"
        knock = _knock(scope["headers"]) if small and not scope["query_string"] else None
        if knock is None:
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        messages, body = await whole(receive)
        now = datetime.now(UTC)
        try:
            rows = formats.parse_rows(body)
            actor = self._rooms.doors.keeper.by_key(knock.token, language=knock.language, now=now)
        except (BeffroiError, msgspec.DecodeError):
            rows = None
        if not rows:
            await self.app(scope, again(messages, receive), send)
            return
        status, content, headers = await self._answer(Request(scope), actor, rows, now)
        await send({"type": "http.response.start", "status": status, "headers": [*headers, *HEADERS]})
        await send({"type": "http.response.body", "body": content})
        self._metrics.answered("POST", self._path, status, time.perf_counter() - started)

    async def _answer(self, request: Request, scope: Scope, rows: list[Observation], now: datetime) -> Answer:
        try:
            content = await self._stored(scope, rows, now)
        except BeffroiError as error:
            refusal = await problems.from_domain(request, error)
        except Exception as error:  # noqa: BLE001 - a bug, told as the other routes tell one
            refusal = await problems.from_bug(request, error)
        else:
            return 200, content, [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
        return refusal.status_code, bytes(refusal.body), refusal.raw_headers

    async def _stored(self, scope: Scope, rows: list[Observation], now: datetime) -> bytes:
        received = await self._rooms.gathering.receive(scope, rows, now=now)
        self._rooms.views.note(scope, "observations.write", owner=None, subject="observations", now=now)
        return msgspec.json.encode(Stored(received.batch_id, received.rows, received.flagged))


def _knock(headers: list[tuple[bytes, bytes]]) -> Knock | None:
    """None unless it is a small JSON body sent with a key, and nothing else is asked."""
    told = dict(headers)
    size, authorization = told.get(b"content-length", b""), told.get(b"authorization", b"")
    media = told.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if media != b"application/json" or not size.isdigit() or int(size) >= SMALL or not UNCOMMON.isdisjoint(told):
        return None
    if authorization[:7].lower() != b"bearer ":
        return None
    language = problems.language_among(told.get(b"accept-language", b"").decode("latin-1"))
    return Knock(authorization[7:].strip().decode("latin-1"), language)


async def whole(receive: Receive) -> tuple[list[Message], bytes]:
    """What is received of a small body, and the body."""
    messages: list[Message] = []
    body = b""
    while not messages or messages[-1].get("more_body"):
        messages.append(await receive())
        body += messages[-1].get("body", b"")
    return messages, body


def again(messages: list[Message], receive: Receive) -> Receive:
    """What was received, received again."""
    waiting = iter(messages)

    async def once_more() -> Message:
        for message in waiting:
            return message
        return await receive()

    return once_more
