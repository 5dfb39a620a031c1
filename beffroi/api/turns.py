"""Short work is done a few at a time: more threads than processors only take the interpreter from one another, and all
of them end late."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

AT_ONCE = os.cpu_count() or 1


class Turn:
    """On the event loop."""

    def __init__(self, free: asyncio.Semaphore) -> None:
        self._free, self._held = free, True

    def give_back(self) -> None:
        """What is not short after all, as it waits for something, lets the next one begin."""
        if self._held:
            self._held = False
            self._free.release()


class Turns:
    """Those of readers, and those of writers, who wait for no reader."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._reading, self._writing = asyncio.Semaphore(at_once), asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Turn]:
        await self._reading.acquire()
        turn = Turn(self._reading)
        try:
            yield turn
        finally:
            turn.give_back()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        async with self._writing:
            yield
