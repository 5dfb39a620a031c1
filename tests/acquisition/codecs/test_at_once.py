"""A few messages of a codec that a worker knows are answered without waking its thread, whoever waits and how."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvloop

from beffroi.acquisition import steps
from beffroi.acquisition.codecs import CodecRef, Codecs, Decoded, Request
from beffroi.acquisition.codecs.workers import Worker
from beffroi.acquisition.steps import Steps
from tests.acquisition.codecs.builders import LIMITS, returning

Done = Callable[[Steps[Any]], Any]
PLAIN = CodecRef.of("roche", returning("input.bytes[0]"))
DEADLY = CodecRef.of("roche", "function decodeUplink(i) { while (i.bytes[0] == 13); return { data: i.bytes[0] }; }")


@pytest.fixture(params=["thread", "asyncio", "uvloop"])
def done(request: pytest.FixtureRequest) -> Iterator[Done]:
    """What drives steps."""
    if request.param == "thread":
        yield steps.run
        return
    with asyncio.Runner(loop_factory=uvloop.new_event_loop if request.param == "uvloop" else None) as runner:

        async def whole(work: Steps[Any]) -> Any:
            told = asyncio.get_running_loop().create_future()
            steps.drive(work, told.set_result)
            return await told

        yield lambda work: runner.run(whole(work))


@pytest.fixture
def codecs() -> Iterator[Codecs]:
    with Codecs(workers=1, limits=LIMITS) as running:
        yield running


@pytest.fixture
def by_turns(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many messages each unit had that a thread attended to."""
    seen: list[int] = []
    answer = Worker.answer

    def watched(worker: Worker, unit: Any, source: str, inputs: Any) -> Any:
        seen.append(len(inputs))
        return answer(worker, unit, source, inputs)

    monkeypatch.setattr(Worker, "answer", watched)
    return seen


def requests(codec: CodecRef, *firsts: int) -> list[Request]:
    return [Request(codec, bytes([one])) for one in firsts]


def told(found: list[Decoded]) -> list[Any]:
    return [one.error.en if one.error else one.data for one in found]


def test_few_go_at_once_and_many_by_turns_through_one_worker(codecs: Codecs, done: Done, by_turns: list[int]) -> None:
    pids = []
    for count in (1, 3, 200, 2, 100):
        firsts = [place % 250 for place in range(count)]
        assert told(done(codecs.decoding(requests(PLAIN, *firsts)))) == firsts
        pids += codecs.pids()
    assert by_turns[0] == 1, "what the worker does not know yet"
    assert sum(by_turns) == 1 + 200 + 100
    assert len(set(pids)) == 1


def test_a_worker_killed_over_them_loses_none(codecs: Codecs, done: Done, by_turns: list[int]) -> None:
    done(codecs.decoding(requests(PLAIN, 0)))
    for one in range(1, 6):
        (pid,) = codecs.pids()
        os.kill(pid, signal.SIGKILL)
        assert told(done(codecs.decoding(requests(PLAIN, one, one + 1)))) == [one, one + 1]
    assert len(by_turns) > 1


def test_only_the_bad_one_fails(codecs: Codecs, done: Done) -> None:
    done(codecs.decoding(requests(DEADLY, 0)))
    assert told(done(codecs.decoding(requests(DEADLY, 1, 13, 2)))) == [
        1,
        "the codec ran over 120 ms of processor time",
        2,
    ]
    assert told(done(codecs.decoding(requests(DEADLY, 3)))) == [3]


def test_one_that_stops_answering_is_late(codecs: Codecs, done: Done) -> None:
    done(codecs.decoding(requests(PLAIN, 0)))
    (pid,) = codecs.pids()
    os.kill(pid, signal.SIGSTOP)
    assert told(done(codecs.decoding(requests(PLAIN, 1, 2)))) == [1, 2]
    assert codecs.pids() != [pid]


def test_whoever_gives_up_leaves_the_worker_to_others(codecs: Codecs) -> None:
    steps.run(codecs.decoding(requests(PLAIN, 0)))
    given_up = codecs.decoding(requests(PLAIN, 1))
    next(given_up)
    given_up.close()
    assert told(steps.run(codecs.decoding(requests(PLAIN, 2)))) == [2]


def test_codecs_end_while_somebody_waits() -> None:
    codecs = Codecs(workers=1, limits=LIMITS)
    steps.run(codecs.decoding(requests(DEADLY, 0)))

    async def whole() -> Any:
        found = asyncio.get_running_loop().create_future()
        steps.drive(codecs.decoding(requests(DEADLY, 13)), found.set_result)
        await asyncio.to_thread(codecs.close)
        return await found

    assert told(asyncio.run(whole())) == ["codecs are stopping"]
    assert codecs.pids() == []
