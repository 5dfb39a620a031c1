"""How our server speaks: an answer leaves in one piece, where uvicorn writes its head, then its body; small posts like
those before them are taken and answered without what any other request goes through."""

import asyncio
import time
from collections.abc import Sequence, Sized
from functools import partial
from typing import Any

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from beffroi.api.monitoring import HEADERS
from beffroi.api.thin import Begun, Door, Post, Thin

LARGE = 65_536
"""bytes that leave at once, so that whoever writes much is told when the reader does not follow"""
HEAD = STATUS_LINE[200] + b"".join(
    name + b": " + value + b"\r\n" for name, value in ((b"content-type", b"application/json"), *HEADERS)
)


class Head:
    """The head of an answer to a known post, but for the length of its body and whether the connection closes. The
    headers that the server adds are another list each second, when the date is."""

    def __init__(self) -> None:
        self._added: Sequence[tuple[bytes, bytes]] = ()
        self._told = HEAD

    def told(self, added: Sequence[tuple[bytes, bytes]]) -> bytes:
        if added is not self._added:
            self._added = added
            self._told = HEAD + b"".join(name + b": " + value + b"\r\n" for name, value in added)
        return self._told


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
        if held and not self._transport.is_closing():
            self._transport.write(held[0] if len(held) == 1 else b"".join(held))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Flow(FlowControl):
    """Who sends without waiting is read from again once what was read of it is answered. uvicorn reads on as soon as a
    request asks for its body, without bound."""

    def __init__(self, transport: OneWrite, waiting: Sized) -> None:
        super().__init__(transport)  # type: ignore[arg-type]
        self._waiting = waiting

    def resume_reading(self) -> None:
        if not self._waiting:
            super().resume_reading()


class Protocol(HttpToolsProtocol):
    """uvicorn's, but for posts whose head `thin` knows: these are neither parsed nor run as an application. It counts
    on what uvicorn keeps of a connection: tests/api/test_writing.py tells when that changes."""

    def __init__(self, thin: Thin, **given: Any) -> None:
        super().__init__(**given)
        self._thin = thin
        self._between, self._begun = True, 0
        """whether the parser is between two requests; those begun in what it was last given"""
        self._under_way = self._leaving = False
        """whether a known post waits for its answer; whether the connection is to close after it"""
        self._behind = bytearray()
        """what came meanwhile"""
        self._unsent: bytes | None = None
        """an answer, while the sender does not read"""
        self._head = Head()
        self._answered_at = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._writing = OneWrite(transport, self.loop)
        super().connection_made(self._writing)  # type: ignore[arg-type]
        self.flow = Flow(self._writing, self.pipeline)

    def data_received(self, data: bytes) -> None:
        if self._under_way:
            self._behind += data
            self.flow.pause_reading()
            return
        post = self._thin.known(data) if self._is_idle() else None
        if post is None or not self._begin(post, data):
            self._parse(data)

    def on_message_begin(self) -> None:
        self._between = False
        self._begun += 1
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._between = True
        super().on_message_complete()

    def resume_writing(self) -> None:
        super().resume_writing()
        content, self._unsent = self._unsent, None
        if content is not None:
            self._answer(content)

    def timeout_keep_alive_handler(self) -> None:
        left = self._answered_at + self.timeout_keep_alive - self.loop.time()
        if self._under_way or left > 0:
            self.timeout_keep_alive_task = None
            self._watch(self.timeout_keep_alive if self._under_way else left)
        else:
            super().timeout_keep_alive_handler()

    def shutdown(self) -> None:
        if self._under_way:
            self._leaving = True
        else:
            super().shutdown()

    def _is_idle(self) -> bool:
        return self._between and not self.pipeline and (self.cycle is None or self.cycle.response_complete)

    def _parse(self, data: bytes) -> None:
        alone, self._begun = self._is_idle(), 0
        super().data_received(data)
        cycle = self.cycle
        if alone and self._between and self._begun == 1 and cycle is not None and cycle.keep_alive:
            self._thin.learn(data, dict(cycle.scope))

    def _begin(self, post: Post, data: bytes) -> bool:
        begun = post.knocked.begin(post.body)
        if begun is None:
            return False
        self._under_way = True
        begun.result.add_done_callback(partial(self._told, data, post.knocked.door, begun, time.perf_counter()))
        return True

    def _told(self, data: bytes, door: Door, begun: Begun, started: float, result: "asyncio.Future[Any]") -> None:
        """Nothing having been kept, it goes the common way."""
        if not result.cancelled() and result.exception() is None:
            self._thin.answered(door, started)
            content = begun.told(result.result())
            if self.flow.write_paused:
                self._unsent = content
            else:
                self._answer(content)
        elif not self.transport.is_closing():
            self._under_way = False
            super().data_received(data)
            self._go_on()

    def _answer(self, content: bytes) -> None:
        self._under_way = False
        if self.transport.is_closing():
            return
        head = self._head.told(self.server_state.default_headers)
        close = b"connection: close\r\n" if self._leaving else b""
        self._writing.write_whole(b"%b%bcontent-length: %d\r\n\r\n%b" % (head, close, len(content), content))
        self.server_state.total_requests += 1
        self._answered_at = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._watch(self.timeout_keep_alive)
        self._go_on()

    def _go_on(self) -> None:
        """To what came behind."""
        if self._leaving:
            super().shutdown()
        elif self._behind:
            data = bytes(self._behind)
            self._behind.clear()
            self.flow.resume_reading()
            self.data_received(data)

    def _watch(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)
