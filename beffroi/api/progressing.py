"""Long work, told as it goes to whoever asks for `application/x-ndjson`: lines of `{"done": …, "total": …}`, the last
one being the answer, or the problem."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from beffroi.api import problems
from beffroi.errors import BeffroiError
from beffroi.observations import Progress, quietly

NDJSON = "application/x-ndjson"


class Done(msgspec.Struct, frozen=True):
    done: float
    total: float


async def answered(request: Request, work: Callable[[Progress], Any]) -> Response:
    """What `work` returns, as JSON; with its progress before, if it is asked."""
    if NDJSON not in request.headers.get("accept", ""):
        result = await asyncio.to_thread(work, quietly)
        return Response(msgspec.json.encode(result), media_type="application/json")
    return StreamingResponse(_lines(request, work), media_type=NDJSON)


async def _lines(request: Request, work: Callable[[Progress], Any]) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    told: asyncio.Queue[Done | None] = asyncio.Queue()

    def progress(done: float, total: float) -> None:
        loop.call_soon_threadsafe(told.put_nowait, Done(done, total))

    def worked() -> Any:
        try:
            return work(progress)
        finally:
            loop.call_soon_threadsafe(told.put_nowait, None)

    task = asyncio.create_task(asyncio.to_thread(worked))
    while (one := await told.get()) is not None:
        yield msgspec.json.encode(one) + b"\n"
    try:
        yield msgspec.json.encode(await task) + b"\n"
    except BeffroiError as error:
        yield bytes((await problems.from_domain(request, error)).body) + b"\n"
