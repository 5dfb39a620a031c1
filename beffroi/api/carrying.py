"""Small work that comes at the same time is done together: what waits while a group is carried forms the next one."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from beffroi.acquisition import steps
from beffroi.acquisition.steps import Steps

T = TypeVar("T")

FEW = 64
"""of a group whose next is waited for"""
LINGER, LONGEST = 0.001, 0.005
"""seconds for those just answered to come back with their next, from the last that did, and in all: a network posts by
a few connections, each of which waits for its answer, and one large group costs less than two small ones"""


class Carrier(Generic[T]):
    """Belongs to one event loop at a time. `together` is given one group after another, of `most` at most, and raises
    nothing; `ended` is called when nothing waits any more."""

    def __init__(
        self, together: Callable[[list[T]], Steps[None]], *, most: int, ended: Callable[[], object] = lambda: None
    ) -> None:
        self._together, self._most, self._ended = together, most, ended
        self._waiting: list[T] = []
        self._next: asyncio.Handle | None = None
        """what begins the next group, unless one is carried"""
        self._carried = 0
        """of the group that is"""
        self._expected = 0
        """so many begin the next at once, if it is waited for"""
        self._until = self._came = 0.0
        """by the loop's clock: how long the next is waited for at most, when the last came"""
        self._loop: asyncio.AbstractEventLoop | None = None

    def add(self, one: T) -> None:
        loop = asyncio.get_running_loop()
        if loop is not self._loop:  # the first, or after one that has ended, with all that was under way on it
            self._loop, self._next, self._carried, self._waiting = loop, None, 0, []
        self._waiting.append(one)
        if self._carried:
            return
        if self._next is None:  # those that arrive in the same breath join
            self._next = loop.call_soon(self._carry)
        elif len(self._waiting) == self._expected:
            self._next.cancel()
            self._carry()
        elif self._expected:
            self._came = loop.time()

    def _lingered(self) -> None:
        assert self._loop is not None
        until = min(self._came + LINGER, self._until)
        if until > self._loop.time():
            self._next = self._loop.call_at(until, self._lingered)
        else:
            self._carry()

    def _carry(self) -> None:
        self._next, self._expected = None, 0
        group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        self._carried = len(group)
        if group:
            steps.drive(self._together(group), self._done)
        else:
            self._ended()

    def _done(self, _: None) -> None:
        """The next is waited for, a moment, until as many wait as were answered and were waiting."""
        assert self._loop is not None
        expected, self._carried = self._carried + len(self._waiting), 0
        if expected <= FEW:
            self._expected, self._came = expected, self._loop.time()
            self._until = self._came + LONGEST
            self._next = self._loop.call_later(LINGER, self._lingered)
        else:
            self._next = self._loop.call_soon(self._carry)
