"""The workers and who waits for them."""

import os
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import NamedTuple, Self

import msgspec
import structlog

from beffroi.acquisition import steps
from beffroi.acquisition.codecs import answers, forms
from beffroi.acquisition.codecs.model import Answer, Call, Decoded, Encoded, Limits, Request
from beffroi.acquisition.codecs.turns import FEWEST, Asked, Lane, Turns, Waiting
from beffroi.acquisition.codecs.wire import Reply, State, Unit
from beffroi.acquisition.codecs.workers import Died, Late, NoWorker, Told, Worker
from beffroi.acquisition.steps import Steps
from beffroi.errors import Text

log = structlog.get_logger()
DEATHS = 2
"""of workers, on one message alone, before it is held to be the cause: the first may have been somebody's `kill`"""
SMALL = 64 * 1024
"""bytes of input that a socket takes at once"""
LEAVING = 5.0
"""seconds, when all ends, for who speaks to a worker to hear that it is gone"""
INPUTS = msgspec.json.Encoder()


class Settled(NamedTuple):
    """How many of a unit, from the first, have their answer; the others are tried again, one by one if `doubtful`."""

    done: int
    doubtful: bool


class Pending:
    """Answers to come."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    @property
    def ready(self) -> Future[None]:
        """When all are there. It comes: each message is stopped by the limits."""
        return self._asked.done

    def done(self) -> bool:
        return self._asked.done.done()

    def answers(self) -> list[Answer]:
        """Waits for all of them, in the order of the calls."""
        self._asked.done.result()
        return [one for one in self._asked.answers if one is not None]


class Codecs:
    """Decodes in worker processes; to be closed. Any number of threads may ask at once. Workers start when first
    needed."""

    def __init__(self, workers: int | None = None, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        self._limits = limits
        self._workers = [Worker(limits) for _ in range(workers or len(os.sched_getaffinity(0)))]
        self._turns = Turns(len(self._workers))
        self._threads = [
            threading.Thread(target=self._serve, args=(one,), name=f"codecs-{place}", daemon=True)
            for place, one in enumerate(self._workers)
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """What waits is told so; what is under way ends first."""
        self._turns.close()
        for thread in self._threads:
            thread.join()

    def pids(self) -> list[int]:
        """Of the workers that run."""
        return [one.pid for one in self._workers if one.pid is not None]

    def submit(self, calls: Sequence[Call], *, doubtful: bool = False) -> Pending:
        """The answers as JSON text, to be waited for. Scripts go to the workers, one by one if `doubtful`; other forms
        run no foreign code, and are answered at once."""
        found = [None if call.codec.form == "javascript" else forms.answer(call) for call in calls]
        scripts = [(place, call) for place, call in enumerate(calls) if found[place] is None]
        asked = Asked(found, len(scripts))
        self._turns.put(asked, scripts, doubtful=doubtful)
        return Pending(asked)

    def run(self, calls: Sequence[Call]) -> list[Answer]:
        return self.submit(calls).answers()

    def decode_many(self, requests: Sequence[Request]) -> list[Decoded]:
        return steps.run(self.decoding(requests))

    def decoding(self, requests: Sequence[Request]) -> Steps[list[Decoded]]:
        calls = _calls(requests)
        worker = self._waiting_for(calls)
        told = None if worker is None else (yield from self._at_once(worker, calls))
        if told is not None:
            return [answers.decoded(answers.read(line, self._limits)) for line in told]
        pending = self.submit(calls, doubtful=worker is not None)
        yield pending.ready
        return [answers.decoded(one) for one in pending.answers()]

    def encode_many(self, requests: Sequence[Request]) -> list[Encoded]:
        return [answers.encoded(one) for one in self.run(_calls(requests))]

    def _waiting_for(self, calls: Sequence[Call]) -> Worker | None:
        """A worker, held, that nobody needs and that knows their codec, if they are few and of one: it is spoken to at
        once, where waking its thread and being woken by it would take longer than the decoding."""
        first = calls[0] if calls else None
        if first is None or not _few_and_alike(calls, first) or not self._turns.idle():
            return None
        key = _key(first)
        for one in self._workers:
            if one.knows(key) and one.alone.acquire(blocking=False):
                if one.knows(key):
                    return one
                one.alone.release()
        return None

    def _at_once(self, worker: Worker, calls: Sequence[Call]) -> Steps[Told | None]:
        """The lines that answer them; None when something was amiss, which their turns will find out."""
        unit = Unit(_key(calls[0]), calls[0].routine, self._limits.cpu_ms, len(calls))
        try:
            return (yield from worker.answering(unit, [one.input for one in calls]))
        finally:
            worker.alone.release()

    def _serve(self, worker: Worker) -> None:
        while (turn := self._turns.take()) is not None:
            self._attend(worker, *turn)
        worker.interrupt()
        if worker.alone.acquire(timeout=LEAVING):
            worker.kill()

    def _attend(self, worker: Worker, lane: Lane, unit: list[Waiting]) -> None:
        call = unit[0].call
        asked = Unit(_key(call), call.routine, self._limits.cpu_ms, len(unit))
        inputs = [one.call.input for one in unit]
        try:
            with worker.alone:
                reply, told = worker.answer(asked, call.codec.source, inputs)
        except Late:
            settled = _alone(unit, answers.late(self._limits))
        except Died:
            unit[0].deaths += len(unit) == 1
            settled = _alone(unit, answers.DEADLY if unit[0].deaths >= DEATHS else None)
        except NoWorker:
            settled = _all(unit, answers.NO_WORKER)
        except Exception as error:  # noqa: BLE001 - a bug, of which whoever waits must hear
            log.error("a codec's messages could not be tried", error=repr(error))
            with worker.alone:
                worker.kill()
            settled = _all(unit, answers.NO_WORKER)
        else:
            settled = self._settled(unit, reply, told)
        done, doubtful = settled
        self._turns.settle(lane, unit[:done], unit[done:], doubtful=doubtful)

    def _settled(self, unit: list[Waiting], reply: Reply, told: Told) -> Settled:
        for one, line in zip(unit, told, strict=False):
            one.answer(answers.read(line, self._limits))
        if reply.state is State.REFUSED:
            return _all(unit, answers.refused(reply.why))
        if reply.state is State.DONE:
            return Settled(reply.done, doubtful=False)
        if reply.done:
            return Settled(reply.done, doubtful=True)
        return _alone(unit, answers.STOPPED[reply.state](self._limits))


def _key(call: Call) -> str:
    return f"{call.codec.owner}\0{call.codec.hash}"


def _few_and_alike(calls: Sequence[Call], first: Call) -> bool:
    codec, routine = first.codec, first.routine
    if codec.form != "javascript" or len(calls) > FEWEST or sum(len(one.input) for one in calls) > SMALL:
        return False
    return all(one.codec is codec and one.routine == routine for one in calls)


def _alone(unit: list[Waiting], error: Text | None) -> Settled:
    """A message is held to be the cause only if it was alone. Otherwise all are tried again, each alone."""
    if len(unit) > 1 or error is None:
        return Settled(0, doubtful=True)
    unit[0].answer(Answer(error=error))
    return Settled(1, doubtful=True)


def _all(unit: list[Waiting], error: Text) -> Settled:
    for one in unit:
        one.answer(Answer(error=error))
    return Settled(len(unit), doubtful=False)


def _calls(requests: Iterable[Request]) -> list[Call]:
    return [Call(one.codec, one.routine, INPUTS.encode(one.input())) for one in requests]
