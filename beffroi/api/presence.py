"""Whether whoever asked is still there to be answered."""

import asyncio
from contextlib import suppress

from starlette.requests import Request

from beffroi.api.turns import Turn
from beffroi.observations import Patience


class Presence:
    """Of one request, made on the event loop. Nothing is done for it until the record makes its reader wait: what is
    answered from memory costs no task."""

    def __init__(self, request: Request, seconds: float, turn: Turn | None = None) -> None:
        """`turn`: given back once the record makes its reader wait."""
        self.patience = Patience(seconds, waiting=self._wait)
        self._request, self._turn = request, turn
        self._loop = asyncio.get_running_loop()
        self._listening: asyncio.Task[None] | None = None
        self._answered = False

    def answered(self) -> None:
        """From now on, whoever sends the answer listens."""
        self._answered = True
        if self._listening is not None:
            self._listening.cancel()

    def _wait(self) -> None:
        """For the thread that waits."""
        with suppress(RuntimeError):  # the loop has ended: nobody is there to be heard
            self._loop.call_soon_threadsafe(self._listen)

    def _listen(self) -> None:
        if self._turn is not None:
            self._turn.give_back()
        if not self._answered:
            self._listening = self._loop.create_task(self._hear())

    async def _hear(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self.patience.leave()
