"""The thin way in for networks, which post their messages one by one: without what the other routes go through.
Whatever is not plainly one of these goes the common way (`api/connections`), which answers the same."""

import time
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import parse_qsl

from starlette.requests import Request

from beffroi.acquisition.connections import Connection
from beffroi.acquisition.connector import Envelope
from beffroi.api import problems
from beffroi.api.connections import taken, told_by, without_secret
from beffroi.api.ingestion import SMALL, UNCOMMON, App, Message, Receive, Send, again, whole
from beffroi.api.monitoring import HEADERS, Metrics
from beffroi.api.rooms import Rooms
from beffroi.errors import BeffroiError
from beffroi.pipeline.fates import Delivery


class Knock(NamedTuple):
    """What the address and the headers of a small delivery say."""

    connection: Connection
    query: dict[str, str]
    headers: dict[str, str]


class Delivering:
    """An ASGI application around `app`: it answers small deliveries to `prefix`/connections/…/messages by itself."""

    def __init__(self, app: App, rooms: Rooms, metrics: Metrics, prefix: str) -> None:
        self._app, self._rooms, self._metrics = app, rooms, metrics
        self._before, self._after = f"{prefix}/connections/", "/messages"
        self._route = f"{self._before}{{key}}{self._after}"

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        knock = self._knock(scope)
        if knock is None:
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        messages, body = await whole(receive)
        envelope = Envelope(
            datetime.now(UTC), "http", "", knock.query, knock.headers, knock.headers.get("content-type", "")
        )
        try:
            fates = await self._rooms.inbox.receive(Delivery(knock.connection, body, envelope))
        except BeffroiError as error:
            response = await problems.from_domain(Request(scope), error)
        except Exception:  # noqa: BLE001 - a bug: delivered again the common way, it is told as the others are
            await self._app(scope, again(messages, receive), send)
            return
        else:
            response = taken(fates)
        await send(
            {
                "type": "http.response.start",
                "status": response.status_code,
                "headers": [*response.raw_headers, *HEADERS],
            }
        )
        await send({"type": "http.response.body", "body": bytes(response.body)})
        self._metrics.answered("POST", self._route, response.status_code, time.perf_counter() - started)

    def _knock(self, scope: Message) -> Knock | None:
        """None unless it is a small body sent with the secret, known at hand, of the connection in the address."""
        if scope["type"] != "http" or scope["method"] != "POST":
            return None
        path: str = scope["path"]
        if not (path.startswith(self._before) and path.endswith(self._after)):
            return None
        sent: list[tuple[bytes, bytes]] = scope["headers"]
        told = dict(sent)
        size = told.get(b"content-length", b"")
        if not size.isdigit() or int(size) >= SMALL or not UNCOMMON.isdisjoint(told):
            return None
        scheme, _, token = told.get(b"authorization", b"").decode("latin-1").partition(" ")
        connection = self._rooms.secrets.at_hand(token.strip()) if scheme.lower() == "bearer" else None
        if connection is None or connection.key != path[len(self._before) : -len(self._after)]:
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in sent}
        return Knock(connection, told_by(query), without_secret(headers))
