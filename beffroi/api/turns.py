"""Short work is done a few at a time: more threads than processors only take the interpreter from one another, and all
of them end late."""

import asyncio
import os

PROCESSORS = os.cpu_count() or 1
READERS = max(1, PROCESSORS - 1)
"""one processor is left to writers and to the journal: measured on two, one reader at a time takes a third less of them
for the same charts than two"""


class Turn:
    """On the event loop: waited for, and given back at the end."""

    def __init__(self, free: asyncio.Semaphore) -> None:
        self._free, self._held = free, False

    async def __aenter__(self) -> "Turn":
        await self._free.acquire()
        self._held = True
        return self

    async def __aexit__(self, *error: object) -> None:
        self.give_back()

    def give_back(self) -> None:
        """What is not short after all, as it waits for something, lets the next one begin."""
        if self._held:
            self._held = False
            self._free.release()


class Turns:
    """Those of readers, and those of writers, who wait for no reader."""

    def __init__(self, readers: int = READERS, writers: int = PROCESSORS) -> None:
        self._reading, self._writing = asyncio.Semaphore(readers), asyncio.Semaphore(writers)

    def reading(self) -> Turn:
        return Turn(self._reading)

    def writing(self) -> Turn:
        return Turn(self._writing)
