"""What may wait is done beside the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")
_HANDS = ThreadPoolExecutor(40, "request")


def aside(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> "asyncio.Future[T]":
    """What `work` gives, in a thread. Starlette's way there, which counts and shields, costs the event loop more, and
    so does asyncio's, of two futures chained. Whoever is cancelled does not wait for `work` to end: what must is run
    in Starlette's way (`api/sending`)."""
    loop = asyncio.get_running_loop()
    come: asyncio.Future[T] = loop.create_future()
    _HANDS.submit(_done, partial(work, *given, **named), come, loop)
    return come


def _done(work: Callable[[], T], come: "asyncio.Future[T]", loop: asyncio.AbstractEventLoop) -> None:
    """In the thread."""
    try:
        found = work()
    except BaseException as error:  # noqa: BLE001 - for whoever waits to hear
        told: Callable[[], None] = partial(_fail, come, error)
    else:
        told = partial(_tell, come, found)
    with suppress(RuntimeError):  # the loop has ended: nobody waits
        loop.call_soon_threadsafe(told)


def _tell(come: "asyncio.Future[T]", found: T) -> None:
    if not come.done():
        come.set_result(found)


def _fail(come: "asyncio.Future[T]", error: BaseException) -> None:
    if not come.done():
        come.set_exception(error)
