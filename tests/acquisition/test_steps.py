"""Steps are the same work whoever drives them: in a thread, or on an event loop."""

import asyncio
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from beffroi.acquisition import steps
from beffroi.acquisition.steps import Readable, Steps


def in_a_thread(work: Steps[Any]) -> Any:
    return steps.run(work)


def on_a_loop(work: Steps[Any]) -> Any:
    async def whole() -> Any:
        told = asyncio.get_running_loop().create_future()
        steps.drive(work, told.set_result)
        return await told

    return asyncio.run(whole())


@pytest.fixture(params=[in_a_thread, on_a_loop])
def done(request: pytest.FixtureRequest) -> Callable[[Steps[Any]], Any]:
    driver: Callable[[Steps[Any]], Any] = request.param
    return driver


def later(value: Any, seconds: float = 0.01) -> Future[Any]:
    found: Future[Any] = Future()
    threading.Timer(seconds, found.set_exception if isinstance(value, Exception) else found.set_result, [value]).start()
    return found


def test_what_is_waited_for_is_told(done: Callable[[Steps[Any]], Any]) -> None:
    def work() -> Steps[list[Any]]:
        now: Future[int] = Future()
        now.set_result(1)
        found = [(yield now), (yield later(2)), (yield lambda: threading.current_thread().name), (yield later(4))]
        return found

    one, two, name, four = done(work())
    assert (one, two, four) == (1, 2, 4)
    assert (name == threading.current_thread().name) == (done is in_a_thread)


def test_a_failure_is_heard_where_it_was_waited_for(done: Callable[[Steps[Any]], Any]) -> None:
    def fails() -> None:
        raise ValueError("aside")

    def work() -> Steps[list[str]]:
        heard = []
        for wait in (later(KeyError("later")), fails):
            try:
                yield wait
            except (KeyError, ValueError) as error:
                heard.append(str(error.args[0]))
        yield later(None)
        return heard

    assert done(work()) == ["later", "aside"]


def test_what_raises_all_the_same_is_told_to_the_loop_and_ends() -> None:
    told: list[str] = []

    def work() -> Steps[str]:
        yield later(None)
        raise ValueError("a defect")

    async def whole() -> Any:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: told.append(str(context["exception"])))
        ended = loop.create_future()
        steps.drive(work(), ended.set_result)
        return await ended

    assert asyncio.run(whole()) is None
    assert told == ["a defect"]


def test_nothing_to_wait_for_is_told_at_once(done: Callable[[Steps[Any]], Any]) -> None:
    def work() -> Steps[str]:
        yield from ()
        return "done"

    assert done(work()) == "done"


def test_thousands_that_are_done_already_do_not_pile_up(done: Callable[[Steps[Any]], Any]) -> None:
    def work() -> Steps[int]:
        total = 0
        for one in range(5000):
            ready: Future[int] = Future()
            ready.set_result(one)
            total += yield ready
        return total

    assert done(work()) == sum(range(5000))


def test_what_is_to_be_read_is_waited_for_and_no_longer_than_said(done: Callable[[Steps[Any]], Any]) -> None:
    ours, theirs = socket.socketpair()

    def work() -> Steps[list[Any]]:
        nothing = yield Readable(ours, 0.02)
        threading.Timer(0.02, theirs.send, [b"there"]).start()
        return [nothing, (yield Readable(ours, 5)), ours.recv(5), (yield Readable(ours, -1.0))]

    with ours, theirs:
        assert done(work()) == [False, True, b"there", False]
