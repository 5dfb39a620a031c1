"""Where heavy questions are asked: a few at a time, behind everything else that wants a processor."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from beffroi.errors import Text, Unavailable
from beffroi.observations.patience import AGAIN_SECONDS, Late, Left, Patience
from beffroi.observations.protocol import Heavy

T = TypeVar("T")

MOST_WAITING = 12
"""each of them keeps a thread of the server waiting: light requests need the others"""
MOST_STREAMS = 8
NICE = 10
"""of the threads at heavy work: light ones get nine parts of a processor when both want it"""
TASKS = Path("/proc/self/task")


class Turn:
    """Of one question: what runs for it now can be interrupted, and nothing that runs for another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._interrupt: Callable[[], None] | None = None
        self._over = False

    @contextlib.contextmanager
    def watching(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """`interrupt` ends what runs within this, and is not called after it. Raises `Unavailable` when the turn is
        over already."""
        with self._lock:
            if self._over:
                raise Unavailable(Text("Cette demande est arrêtée.", "What was asked is stopped."))
            self._interrupt = interrupt
        try:
            yield
        finally:
            with self._lock:
                self._interrupt = None

    def end(self) -> None:
        """May be said again and again: what begins a moment later may not have heard of it."""
        with self._lock:
            self._over = True
            if self._interrupt is not None:
                self._interrupt()


class Lanes:
    """For any thread. What is asked without a `Patience` is the record's own work: it is done at once, by whoever asks.

    What is read piece by piece holds a lane up to its first piece, where the sorting is done. The next ones have lanes
    of their own, so that they wait for no other question, and hold them no longer than they are fetched.
    """

    def __init__(self, count: int) -> None:
        self._questions = ThreadPoolExecutor(count, "record-heavy", initializer=give_way)
        self._pieces = ThreadPoolExecutor(count, "record-pieces", initializer=give_way)
        self._count = count
        self._lock = threading.Lock()
        """over all that follows"""
        self._turns: set[Turn] = set()
        self._closed = False
        self._asked = self._streams = 0
        self._refused = self._late = self._left = 0

    @property
    def heavy(self) -> Heavy:
        with self._lock:
            running = min(self._asked, self._count)
            return Heavy(running, self._asked - running, self._streams, self._refused, self._late, self._left)

    def ask(self, question: Callable[[Turn], T], patience: Patience | None) -> T:
        """What `question` finds. Raises `Unavailable` when too much is asked, or patience is over."""
        if patience is None:
            return question(Turn())
        with self._lock:
            if self._asked >= self._count + MOST_WAITING:
                self._refused += 1
                raise Unavailable(
                    Text(
                        "Trop de demandes lourdes attendent déjà : réessayez plus tard.",
                        "Too many heavy questions are waiting already: try again later.",
                    )
                )
            self._asked += 1
        try:
            return self._run(self._questions, question, patience)
        finally:
            with self._lock:
                self._asked -= 1

    def go_on(self, piece: Callable[[Turn], T], patience: Patience | None) -> T:
        """The next piece of what was asked."""
        return piece(Turn()) if patience is None else self._run(self._pieces, piece, patience)

    @contextlib.contextmanager
    def stream(self, patience: Patience | None) -> Iterator[None]:
        """What is read piece by piece is open. Raises `Unavailable` when too many are."""
        if patience is None:
            yield
            return
        with self._lock:
            if self._streams >= MOST_STREAMS:
                self._refused += 1
                raise Unavailable(
                    Text(
                        f"{MOST_STREAMS} grandes lectures sont en cours : réessayez quand l'une est finie.",
                        f"{MOST_STREAMS} large readings are under way: try again when one is done.",
                    )
                )
            self._streams += 1
        try:
            yield
        finally:
            with self._lock:
                self._streams -= 1

    def _run(self, lanes: ThreadPoolExecutor, question: Callable[[Turn], T], patience: Patience) -> T:
        turn = Turn()
        with self._lock:
            if self._closed:
                raise _closing()
            self._turns.add(turn)
            asked: Future[T] = lanes.submit(question, turn)
        try:
            return patience.result(asked, turn.end)
        except Late:
            with self._lock:
                self._late += 1
            raise
        except Left:
            with self._lock:
                self._left += 1
            raise
        except CancelledError as error:
            raise _closing() from error
        finally:
            with self._lock:
                self._turns.discard(turn)

    def close(self) -> None:
        """What is asked ends."""
        with self._lock:
            self._closed = True
        for lanes in (self._questions, self._pieces):
            lanes.shutdown(wait=False, cancel_futures=True)
        while turns := self._under_way():
            for turn in turns:
                turn.end()
            time.sleep(AGAIN_SECONDS)

    def _under_way(self) -> list[Turn]:
        with self._lock:
            return list(self._turns)


def _closing() -> Unavailable:
    return Unavailable(Text("Le registre se ferme.", "The record is closing."))


def give_way(thread: int | None = None) -> None:
    """Let other threads go before this one (of the system's ids; the caller's own when none is said), where the system
    can tell threads apart."""
    with contextlib.suppress(OSError):
        if TASKS.is_dir():
            os.setpriority(os.PRIO_PROCESS, thread or threading.get_native_id(), NICE)


@contextlib.contextmanager
def giving_way() -> Iterator[None]:
    """Threads that begin within this, and that Python does not know, give way: an engine's own."""
    before = _tasks()
    yield
    begun = _tasks() - before
    for thread in begun - {each.native_id for each in threading.enumerate()}:
        give_way(thread)


def _tasks() -> set[int]:
    try:
        return {int(task.name) for task in TASKS.iterdir()}
    except OSError:
        return set()
