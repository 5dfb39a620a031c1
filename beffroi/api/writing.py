"""How our server writes: an answer in one piece, where uvicorn writes its head, then its body; the answers to small
posts at once, without a task each."""

import asyncio
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from beffroi.api.monitoring import HEADERS
from beffroi.api.thin import Begun, Knocked, Thin

LARGE = 65_536
"""bytes that leave at once, so that whoever writes much is told when the reader does not follow"""
HEAD = STATUS_LINE[200] + b"".join(
    name + b": " + value + b"\r\n" for name, value in ((b"content-type", b"application/json"), *HEADERS)
)


class OneWrite:
    """A transport whose small writes wait for the end of the turn, and leave together."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._held: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        if not self._held:
            self._loop.call_soon(self._flush)
        self._held.append(data)
        self._size += len(data)
        if self._size > LARGE:
            self._flush()

    def write_whole(self, data: bytes) -> None:
        """Nothing follows that it should wait for."""
        self._held.append(data)
        self._flush()

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """What follows is another's to write."""
        self._flush()
        self._transport.set_protocol(protocol)

    def _flush(self) -> None:
        held, self._held, self._size = self._held, [], 0
        if held:
            self._transport.write(held[0] if len(held) == 1 else b"".join(held))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Protocol(HttpToolsProtocol):
    """uvicorn's, with the doors of `thin` in front of its application. It counts on uvicorn's `_start_asgi_task`, on
    `RequestResponseCycle` and on what these keep: tests/api/test_writing.py tells when they change."""

    def __init__(self, thin: Thin, **given: Any) -> None:
        super().__init__(**given)
        self._thin = thin
        self._knocked: Knocked | None = None
        """whose body is to come"""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._writing = OneWrite(transport, self.loop)
        super().connection_made(self._writing)  # type: ignore[arg-type]

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        knocked = self._thin.at_door(dict(cycle.scope)) if app is self.app else None
        if knocked is None:
            super()._start_asgi_task(cycle, app)
        elif cycle.more_body:
            self._knocked = knocked
        else:
            self._begin(cycle, knocked)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        knocked, self._knocked = self._knocked, None
        if knocked is not None:
            self._begin(self.cycle, knocked)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.pipeline:  # who sends without waiting is read from again once what was read is answered
            self.flow.pause_reading()

    def _begin(self, cycle: RequestResponseCycle, knocked: Knocked) -> None:
        begun = knocked.begin(bytes(cycle.body))
        if begun is None:
            super()._start_asgi_task(cycle, self.app)
        else:
            begun.result.add_done_callback(partial(self._answer, cycle, knocked, begun))

    def _answer(
        self, cycle: RequestResponseCycle, knocked: Knocked, begun: Begun, result: "asyncio.Future[Any]"
    ) -> None:
        if result.cancelled() or result.exception() is not None:
            super()._start_asgi_task(cycle, self.app)
            return
        knocked.answered()
        content = begun.told(result.result())
        if self.flow.write_paused:
            task = self.loop.create_task(self._tell_later(cycle, content))
            task.add_done_callback(self.tasks.discard)
            self.tasks.add(task)
        else:
            self._tell(cycle, content)

    async def _tell_later(self, cycle: RequestResponseCycle, content: bytes) -> None:
        await self.flow.drain()
        self._tell(cycle, content)

    def _tell(self, cycle: RequestResponseCycle, content: bytes) -> None:
        """As `cycle.send` does, of an answer that is whole."""
        if cycle.disconnected:
            return
        lines = [name + b": " + value + b"\r\n" for name, value in self.server_state.default_headers]
        close = b"" if cycle.keep_alive else b"connection: close\r\n"
        self._writing.write_whole(
            b"%b%b%bcontent-length: %d\r\n\r\n%b" % (HEAD, b"".join(lines), close, len(content), content)
        )
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            self._writing.close()
        cycle.on_response()
