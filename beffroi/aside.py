"""What may wait is done beside the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")
_HANDS = ThreadPoolExecutor(40, "request")


async def aside(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """What `work` gives, in a thread. Starlette's way there, which counts and shields, costs the event loop more.
    Whoever is cancelled does not wait for `work` to end: what must is run in Starlette's way (`api/sending`)."""
    return await asyncio.get_running_loop().run_in_executor(_HANDS, partial(work, *given, **named))
