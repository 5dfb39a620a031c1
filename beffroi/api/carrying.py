"""Small work that comes at the same time is done together: what waits while a group is carried forms the next one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

FEW = 64
"""of a group whose next is waited for"""
LINGER = 0.001
"""seconds for those just answered to come back with their next: a network posts by a few connections, each of which
waits for its answer, and one large group costs less than two small ones"""


class Carrier(Generic[T]):
    """Belongs to one event loop. `together` is given one group after another, of `most` at most, and raises nothing;
    `ended` is called when nothing waits any more."""

    def __init__(
        self, together: Callable[[list[T]], Awaitable[None]], *, most: int, ended: Callable[[], object] = lambda: None
    ) -> None:
        self._together, self._most, self._ended = together, most, ended
        self._waiting: list[T] = []
        self._task: asyncio.Task[None] | None = None
        self._expected = 0
        self._come: asyncio.Future[None] | None = None

    def add(self, one: T) -> None:
        self._waiting.append(one)
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._carry())
        elif self._come is not None and len(self._waiting) >= self._expected:
            _wake(self._come)

    async def _carry(self) -> None:
        try:
            await asyncio.sleep(0)  # those that arrived in the same breath join
            while self._waiting:
                group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._together(group)
                await self._linger(len(group) + len(self._waiting))
        finally:  # before anything else arrives, which would wait for a carrier that goes no more
            self._task = None
            self._ended()

    async def _linger(self, expected: int) -> None:
        """Until so many wait, or no longer."""
        if not len(self._waiting) < expected <= FEW:
            return
        loop = asyncio.get_running_loop()
        self._expected, self._come = expected, loop.create_future()
        timer = loop.call_later(LINGER, _wake, self._come)
        try:
            await self._come
        finally:
            timer.cancel()
            self._come = None


def _wake(waiting: "asyncio.Future[None]") -> None:
    if not waiting.done():
        waiting.set_result(None)
