"""Work that waits, told as steps: whoever drives it chooses how to wait, in a thread or on an event loop."""

import asyncio
from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import Any, TypeVar

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


async def driven(steps: Steps[T]) -> T:
    """On the event loop, which serves others meanwhile; what may block goes to a thread."""
    try:
        wait = next(steps)
        while True:
            try:
                if isinstance(wait, Future):
                    told = wait.result() if wait.done() else await asyncio.wrap_future(wait)
                else:
                    told = await aside(wait)
            except BaseException as error:  # noqa: BLE001 - for the step to hear
                wait = steps.throw(error)
            else:
                wait = steps.send(told)
    except StopIteration as end:
        result: T = end.value
        return result
