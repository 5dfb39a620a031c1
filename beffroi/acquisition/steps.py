"""Work that waits, told as steps: whoever drives it chooses how to wait, in a thread or on an event loop."""

import asyncio
from collections.abc import Callable, Generator
from concurrent.futures import Future
from functools import partial
from typing import Any, Generic, TypeVar

from beffroi.aside import aside

T = TypeVar("T")
Wait = Future[Any] | Callable[[], Any]
"""what a step yields: a result to come, or a call that may block"""
Steps = Generator[Wait, Any, T]


def run(steps: Steps[T]) -> T:
    """In this thread, which waits."""
    try:
        wait = next(steps)
        while True:
            try:
                told = wait.result() if isinstance(wait, Future) else wait()
            except BaseException as error:  # noqa: BLE001 - for the step to hear
                wait = steps.throw(error)
            else:
                wait = steps.send(told)
    except StopIteration as end:
        result: T = end.value
        return result


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
        else:
            aside(wait).add_done_callback(self._told)

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
