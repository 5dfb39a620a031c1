"""Work that waits, told as steps: whoever drives it chooses how to wait, in a thread or on an event loop."""

import asyncio
import select
import socket
from collections.abc import Callable, Generator
from concurrent.futures import Future
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from beffroi.aside import aside

T = TypeVar("T")


class Readable(NamedTuple):
    """Until something is to be read at `link`: whether it is, `within` seconds."""

    link: socket.socket
    within: float


Wait = Future[Any] | Callable[[], Any] | Readable
"""what a step yields: a result to come, a call that may block, or what is read without a thread that waits for it"""
Steps = Generator[Wait, Any, T]


def run(steps: Steps[T]) -> T:
    """In this thread, which waits."""
    try:
        wait = next(steps)
        while True:
            try:
                told = _waited_for(wait)
            except BaseException as error:  # noqa: BLE001 - for the step to hear
                wait = steps.throw(error)
            else:
                wait = steps.send(told)
    except StopIteration as end:
        result: T = end.value
        return result


def _waited_for(wait: Wait) -> Any:
    if isinstance(wait, Future):
        return wait.result()
    if not isinstance(wait, Readable):
        return wait()
    poll = select.poll()
    poll.register(wait.link, select.POLLIN)
    return bool(poll.poll(max(wait.within, 0) * 1000))


def drive(steps: Steps[T], ended: Callable[[T | None], object]) -> None:
    """On the event loop, which serves others meanwhile; what may block goes to a thread. `ended` is told the result, at
    once if nothing is waited for. The steps raise nothing: if they do, the loop says so, and the result is None.

    A task would do as well; it takes the loop three turns to hear of a result, and this one.
    """
    _Drive(steps, ended).go(partial(next, steps))


class _Drive(Generic[T]):
    def __init__(self, steps: Steps[T], ended: Callable[[T | None], object]) -> None:
        self._steps, self._ended = steps, ended
        self._loop = asyncio.get_running_loop()

    def go(self, step: Callable[[], Wait]) -> None:
        """From a step to the next that is to be waited for."""
        try:
            wait = step()
            while isinstance(wait, Future) and wait.done():
                wait = self._after(wait)()
        except StopIteration as end:
            self._ended(end.value)
            return
        except Exception as error:  # noqa: BLE001 - a defect, which must not keep what follows
            self._loop.call_exception_handler({"message": "steps that raise nothing did", "exception": error})
            self._ended(None)
            return
        if isinstance(wait, Future):
            wait.add_done_callback(self._come)
        elif isinstance(wait, Readable):
            late = self._loop.call_later(wait.within, self._read, wait, None)
            self._loop.add_reader(wait.link, self._read, wait, late)
        else:
            aside(wait).add_done_callback(self._told)

    def _read(self, wait: Readable, late: asyncio.TimerHandle | None) -> None:
        """There is something, or it is late."""
        self._loop.remove_reader(wait.link)
        if late is not None:
            late.cancel()
        self.go(partial(self._steps.send, late is not None))

    def _come(self, result: "Future[Any]") -> None:
        """In whichever thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._told, result)

    def _told(self, result: "Future[Any] | asyncio.Future[Any]") -> None:
        self.go(self._after(result))

    def _after(self, result: "Future[Any] | asyncio.Future[Any]") -> Callable[[], Wait]:
        try:
            return partial(self._steps.send, result.result())
        except BaseException as error:  # noqa: BLE001 - for the step to hear
            return partial(self._steps.throw, error)
