"""Small work that comes together is carried together, and what comes back at once is waited for."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Timer

import pytest

from beffroi.acquisition.steps import Steps
from beffroi.api import carrying
from beffroi.api.carrying import Carrier


def carried(work: Callable[[Carrier[int], list[list[int]]], None], wait: float = 0.0) -> tuple[list[list[int]], int]:
    """The groups of what `work` adds, each of which takes `wait` seconds; how often nothing was left."""
    groups: list[list[int]] = []
    ended: list[None] = []

    def together(group: list[int]) -> Steps[None]:
        groups.append(group)
        done: Future[None] = Future()
        Timer(wait, done.set_result, [None]).start()
        yield done

    async def all_of_it() -> None:
        carrier = Carrier(together, most=3, ended=lambda: ended.append(None))
        work(carrier, groups)
        while not ended:
            await asyncio.sleep(0.01)

    asyncio.run(all_of_it())
    return groups, len(ended)


def test_what_arrives_in_the_same_breath_goes_together_and_no_more_than_it_may() -> None:
    groups, ended = carried(lambda carrier, _: [carrier.add(one) for one in range(7)] and None)
    assert (groups, ended) == ([[0, 1, 2], [3, 4, 5], [6]], 1)


def test_another_event_loop_begins_anew() -> None:
    """Of what was under way on one that has ended, nothing is waited for."""
    groups: list[list[int]] = []

    def together(group: list[int]) -> Steps[None]:
        groups.append(group)
        yield from ()

    carrier = Carrier(together, most=3)

    async def add(*some: int) -> None:
        for one in some:
            carrier.add(one)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    for some in ((1, 2), (3,), (4, 5)):
        asyncio.run(add(*some))
    assert groups == [[1, 2], [3], [4, 5]]


def test_what_arrives_meanwhile_is_the_next_group() -> None:
    def work(carrier: Carrier[int], _: object) -> None:
        carrier.add(0)
        for delay in (0.02, 0.03):
            asyncio.get_running_loop().call_later(delay, carrier.add, int(delay * 100))

    groups, ended = carried(work, wait=0.1)
    assert (groups, ended) == ([[0], [2, 3]], 1)


def test_those_just_answered_are_waited_for_as_long_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes back after `LINGER`, counted from the answer, and before, counted from the first."""
    monkeypatch.setattr(carrying, "LINGER", 1.0)
    monkeypatch.setattr(carrying, "LONGEST", 60.0)

    def work(carrier: Carrier[int], _: object) -> None:
        loop = asyncio.get_running_loop()
        for one in (8, 9):
            carrier.add(one)
        for delay, one in ((0.7, 1), (1.4, 2)):
            loop.call_later(delay, carrier.add, one)

    groups, ended = carried(work)
    assert (groups, ended) == ([[8, 9], [1, 2]], 1)
