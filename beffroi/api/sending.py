"""Answers that are sent while they are made, and given up when nobody takes them."""

from collections.abc import Generator, Iterator
from typing import Any

import anyio
import pyarrow as pa
import structlog
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from beffroi.errors import Unavailable
from beffroi.observations import Patience

log = structlog.get_logger()


class Sent(StreamingResponse):
    """`seconds` bound not the whole but each of its parts: to be made, and to be taken. Cut short, it lacks its last
    chunk, so that the reader's client finds it incomplete."""

    def __init__(self, parts: Iterator[bytes], patience: Patience, seconds: float, **options: Any) -> None:
        super().__init__(parts, **options)
        self._parts, self._patience, self._seconds = _closable(parts), patience, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._patience.leave()
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(self._parts.close)

    async def listen_for_disconnect(self, receive: Receive) -> None:
        await super().listen_for_disconnect(receive)
        self._patience.leave()

    async def stream_response(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            while (part := await run_in_threadpool(self._next)) is not None:
                with anyio.fail_after(self._seconds):
                    await send({"type": "http.response.body", "body": part, "more_body": True})
        except Unavailable as error:
            log.warning("answer cut short", reason=error.text.en)
        except TimeoutError:
            log.warning("answer cut short", reason="nobody takes it")
        else:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _next(self) -> bytes | None:
        self._patience.renew()
        return next(self._parts, None)


def _closable(parts: Iterator[bytes]) -> Generator[bytes, None, None]:
    yield from parts


def begun(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The same, its first batch read: what refuses it does so while the answer can still say why."""
    first = next(reader, None)
    return iter(()) if first is None else _behind(first, reader)


def _behind(first: pa.RecordBatch, rest: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    yield first
    yield from rest
