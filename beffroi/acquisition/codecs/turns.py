"""Whose turn it is: each codec's messages in order, the codecs in a ring, so that a slow one delays the others by one
turn of its own and no more."""

import threading
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import msgspec

from beffroi.acquisition.codecs.model import Answer, Call
from beffroi.errors import Text

Key = tuple[str, str, str]
"""owner, hash of the codec, routine"""
MOST, FEWEST = 256, 64
"""messages of a unit, when enough wait; FEWEST rather than sharing out more finely between idle workers"""
BYTES = 256 * 1024
"""of input in a unit, or one message"""
SUSPICION = 256
CLOSING = Text("les codecs s'arrêtent", "codecs are stopping")


@dataclass(slots=True)
class Asked:
    """The calls of one caller, who waits until all are answered: `done`."""

    answers: list[Answer | None]
    left: int
    done: Future[None] = field(default_factory=Future)


class Waiting(msgspec.Struct, gc=False):
    """One call, its place among its caller's, and how often a worker has died on it alone."""

    call: Call
    asked: Asked
    place: int
    deaths: int = 0

    def answer(self, answer: Answer) -> None:
        self.asked.answers[self.place] = answer


@dataclass(slots=True)
class Lane:
    """What waits for one routine of one codec. `suspicion`: after an overrun or the loss of a worker, how many messages
    still go one at a time, through one worker at a time."""

    key: Key
    waiting: deque[Waiting] = field(default_factory=deque)
    under_way: int = 0
    suspicion: int = 0

    def may_go(self) -> bool:
        return bool(self.waiting) and not (self.suspicion and self.under_way)

    def next_unit(self, workers: int) -> list[Waiting]:
        most = 1 if self.suspicion else max(FEWEST, min(MOST, -(-len(self.waiting) // workers)))
        unit: list[Waiting] = []
        size = 0
        while self.waiting and len(unit) < most and size < BYTES:
            unit.append(self.waiting.popleft())
            size += len(unit[-1].call.input)
        return unit


class Turns:
    """Shared by the callers and the threads of the workers."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._lanes: OrderedDict[Key, Lane] = OrderedDict()
        self._changed = threading.Condition()
        self._closed = False

    def idle(self) -> bool:
        """Whether nothing waits or is under way by turns."""
        return not self._lanes and not self._closed

    def put(self, asked: Asked, calls: Iterable[tuple[int, Call]], *, doubtful: bool = False) -> None:
        """Calls, each with its place among the answers."""
        with self._changed:
            codec, routine, lane = None, "", Lane(("", "", ""))
            for place, call in calls:
                if call.codec is not codec or call.routine != routine:
                    codec, routine = call.codec, call.routine
                    key = (codec.owner, codec.hash, routine)
                    lane = self._lanes.get(key) or self._lanes.setdefault(key, Lane(key))
                    lane.suspicion = SUSPICION if doubtful else lane.suspicion
                lane.waiting.append(Waiting(call, asked, place))
            complete = [] if asked.left else [asked]
            if self._closed:
                complete += self._given_up()
            self._changed.notify(-(-asked.left // FEWEST))
        _tell(complete)

    def take(self) -> tuple[Lane, list[Waiting]] | None:
        """The next unit, all of one lane, as soon as there is one; none once closed."""
        with self._changed:
            while not self._closed:
                for key, lane in self._lanes.items():
                    if lane.may_go():
                        self._lanes.move_to_end(key)
                        lane.under_way += 1
                        return lane, lane.next_unit(self._workers)
                self._changed.wait()
        return None

    def settle(self, lane: Lane, answered: Sequence[Waiting], left: Sequence[Waiting], *, doubtful: bool) -> None:
        """The end of a unit: those that have their answer, and those to be tried again, before what came later."""
        with self._changed:
            lane.under_way -= 1
            lane.waiting.extendleft(reversed(left))
            lane.suspicion = SUSPICION if doubtful else max(lane.suspicion - len(answered), 0)
            complete = _counted(answered)
            if self._closed:
                complete += self._given_up()
            if not lane.waiting and not lane.under_way:
                self._lanes.pop(lane.key, None)
            if self._lanes:  # one turn is for the thread that settles this one
                self._changed.notify_all()
        _tell(complete)

    def close(self) -> None:
        with self._changed:
            self._closed = True
            given_up = self._given_up()
            self._changed.notify_all()
        _tell(given_up)

    def _given_up(self) -> list[Asked]:
        """Those whose wait ends by it."""
        ended: list[Asked] = []
        for lane in self._lanes.values():
            for one in lane.waiting:
                one.answer(Answer(error=CLOSING))
            ended += _counted(lane.waiting)
            lane.waiting.clear()
        return ended


def _counted(answered: Iterable[Waiting]) -> list[Asked]:
    """Those that have all their answers by these."""
    complete: list[Asked] = []
    for one in answered:
        one.asked.left -= 1
        if one.asked.left == 0:
            complete.append(one.asked)
    return complete


def _tell(complete: Iterable[Asked]) -> None:
    """Out of the lock: whoever waits may go on at once."""
    for one in complete:
        one.done.set_result(None)
