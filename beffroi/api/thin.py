"""The thin way in: small posts, which networks send one by one by the thousand, answered without what the other routes
go through. Whatever is not plainly one of these, or is not taken, goes the common way, which answers the same."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any, NamedTuple, Protocol

from beffroi.api.monitoring import HEADERS, Metrics

SMALL = 16_384
"""bytes of a body; longer ones go the common way"""
LONGEST, KEPT = 2_048, 1_024
"""bytes of a head that is remembered, and how many are"""
END = b"\r\n\r\n"
UNCOMMON = frozenset((b"content-encoding", b"idempotency-key", b"transfer-encoding", b"expect"))
"""headers of posts that are not that simple"""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class Begun(NamedTuple):
    """What is under way, and how its result is told in JSON."""

    result: "asyncio.Future[Any]"
    told: Callable[[Any], bytes]


class Door(Protocol):
    """`route`: under which its posts are counted."""

    route: str

    def knock(self, scope: Message) -> Any:
        """What the address and the headers of a post say, and they alone; None when it is not plainly one of these."""

    def begin(self, knock: Any, body: bytes) -> Begun | None:
        """None for the common way; so does a result that is an exception, nothing having been kept."""


class Knocked(NamedTuple):
    """At which door a post is, and what its head says."""

    door: Door
    knock: Any

    def begin(self, body: bytes) -> Begun | None:
        return self.door.begin(self.knock, body)


class Post(NamedTuple):
    """A whole one of which the head is known."""

    knocked: Knocked
    body: bytes


class Thin:
    """An ASGI application around `app`. Our server (`writing.Protocol`) spares it more: who posts again and again sends
    the same head each time, and what one says is known by its bytes."""

    def __init__(self, app: App, doors: Sequence[Door], metrics: Metrics) -> None:
        self._app, self._doors, self._metrics = app, doors, metrics
        self._heads: dict[bytes, tuple[Knocked, int]] = {}
        """with the size of the body"""

    def known(self, data: bytes) -> Post | None:
        """The post that `data` is, when one of the same head was learnt."""
        start = data.find(END, 0, LONGEST) + len(END)
        found = self._heads.get(data[:start])
        if found is None or found[1] != len(data) - start:
            return None
        return Post(found[0], data[start:])

    def learn(self, data: bytes, scope: Message) -> None:
        """`data` is one whole request that leaves the connection open, `scope` what its head says."""
        start = data.find(END, 0, LONGEST) + len(END)
        if start < len(END) or (knocked := self._at_door(scope)) is None:
            return
        if len(self._heads) >= KEPT:
            self._heads.clear()
        self._heads[data[:start]] = knocked, len(data) - start

    def answered(self, door: Door, started: float) -> None:
        """`started`: by `time.perf_counter`."""
        self._metrics.answered("POST", door.route, 200, time.perf_counter() - started)

    def _at_door(self, scope: Message) -> Knocked | None:
        if scope["type"] != "http" or scope["method"] != "POST":
            return None
        for door in self._doors:
            if (knock := door.knock(scope)) is not None:
                return Knocked(door, knock)
        return None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        knocked = self._at_door(scope)
        if knocked is None:
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        messages, body = await _whole(receive)
        begun = knocked.begin(body)
        try:
            content = None if begun is None else begun.told(await begun.result)
        except Exception:  # noqa: BLE001 - told by the common way
            content = None
        if content is None:
            await self._app(scope, _again(messages, receive), send)
            return
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content)), *HEADERS]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})
        self.answered(knocked.door, started)


def is_small(headers: MutableMapping[bytes, bytes]) -> bool:
    """Whether they tell of a body that is small, in one piece, and asked nothing more of."""
    size = headers.get(b"content-length", b"")
    return size.isdigit() and int(size) < SMALL and UNCOMMON.isdisjoint(headers)


def bearer(headers: MutableMapping[bytes, bytes]) -> str | None:
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


async def _whole(receive: Receive) -> tuple[list[Message], bytes]:
    """What is received of a small body, and the body."""
    messages: list[Message] = []
    body = b""
    while not messages or messages[-1].get("more_body"):
        messages.append(await receive())
        body += messages[-1].get("body", b"")
    return messages, body


def _again(messages: list[Message], receive: Receive) -> Receive:
    """What was received, received again."""
    waiting = iter(messages)

    async def once_more() -> Message:
        for message in waiting:
            return message
        return await receive()

    return once_more
