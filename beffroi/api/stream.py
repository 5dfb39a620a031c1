"""The live stream: what was just stored, to whoever may see it, as server-sent events."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import numpy as np
import pyarrow as pa
from starlette.responses import Response, StreamingResponse

from beffroi.api import formats
from beffroi.api.observations import visible
from beffroi.api.routing import Call, Routes
from beffroi.aside import aside
from beffroi.errors import BeffroiError
from beffroi.observations import SCHEMA, Windows
from beffroi.registry.series import SeriesSelection

routes = Routes("live", "What has just been stored, as it comes.")

HEARTBEAT = 15.0
"""seconds of silence after which a comment keeps the connection open; rights are looked at again as often"""


@routes.get("/observations/stream", produces=("text/event-stream",), answer=formats.Columns)
async def stream(call: Call, query: SeriesSelection) -> Response:
    """Observations as they are stored, as server-sent events.

    `observations`: columns, as in `/observations`. `missed`: `{"batches": n}`, you were too slow and should read again.
    `closed`: your right to read has ended. What you may see is checked again whenever rights change.
    """
    windows = await aside(visible, call, query)
    return StreamingResponse(
        _events(call, query, windows),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(call: Call, query: SeriesSelection, windows: Windows) -> AsyncIterator[bytes]:
    listener = call.rooms.pipeline.live.join()
    epoch, checked = call.rooms.doors.epoch, time.monotonic()
    try:
        yield b": open\n\n"
        while True:
            try:
                batch = await asyncio.wait_for(listener.queue.get(), HEARTBEAT)
            except TimeoutError:
                batch = SCHEMA.empty_table()
                yield b": still here\n\n"
            if batch is None:
                return
            if epoch != call.rooms.doors.epoch or time.monotonic() - checked > HEARTBEAT:
                epoch, checked = call.rooms.doors.epoch, time.monotonic()
                try:
                    windows = await aside(_visible_now, call, query)
                except BeffroiError as error:
                    yield _event("closed", {"detail": error.text.said(call.language)})
                    return
            if listener.missed:
                yield _event("missed", {"batches": listener.missed})
                listener.missed = 0
            if len(seen := _within(batch, windows)):
                yield b"event: observations\ndata: " + formats.columns_json(seen) + b"\n\n"
    finally:
        call.rooms.pipeline.live.leave(listener)


def _visible_now(call: Call, query: SeriesSelection) -> Windows:
    """The same question asked again, with what the credentials open at this moment."""
    now = datetime.now(UTC)
    return visible(replace(call, scope=call.rooms.doors.scope(call.request), now=now), query)


def _within(batch: pa.Table, windows: Windows) -> pa.Table:
    """The rows of `batch` that `windows` lets through."""
    if not len(windows):
        return batch.slice(0, 0)
    series = batch["series"].to_numpy()
    times = batch["time"].to_numpy().astype("datetime64[us]")
    kept = np.zeros(len(batch), dtype=np.bool_)
    low = np.searchsorted(windows.series, series, side="left")
    high = np.searchsorted(windows.series, series, side="right")
    for offset in range(int((high - low).max(initial=0))):
        row = np.minimum(low + offset, len(windows) - 1)
        kept |= (low + offset < high) & (windows.start[row] <= times) & (times < windows.end[row])
    return batch.filter(pa.array(kept))


def _event(name: str, data: object) -> bytes:
    return f"event: {name}\ndata: ".encode() + msgspec.json.encode(data) + b"\n\n"
