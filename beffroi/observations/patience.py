"""How long whoever asked something of the record waits for it, and whether they still do."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from typing import TypeVar

from beffroi.errors import Text, Unavailable

T = TypeVar("T")

AGAIN_SECONDS = 0.05
"""until a statement that goes on is interrupted again: DuckDB forgets an interrupt that comes between two statements"""


class Late(Unavailable):
    """It took longer than whoever asked would wait."""


class Left(Unavailable):
    """Whoever asked is gone."""


class Patience:
    """Of one request. For any thread; one question at a time."""

    def __init__(self, seconds: float | None = None, *, waiting: Callable[[], None] | None = None) -> None:
        """`seconds`: for ever when None. `waiting` is called when a wait begins for the first time, so that whoever can
        find out that the reader leaves begins to look; what is answered at once never calls it."""
        self._seconds = seconds
        self._waiting = waiting
        self._changed = threading.Condition()
        self._gone = False
        self.renew()

    def renew(self) -> None:
        """From now on, as long again: for the next part of what is sent piece by piece."""
        self._until = None if self._seconds is None else time.monotonic() + self._seconds

    def leave(self) -> None:
        """Whoever asked is gone: what they still ask ends. For any thread, at any time."""
        with self._changed:
            self._gone = True
            self._changed.notify_all()

    def result(self, asked: Future[T], interrupt: Callable[[], None]) -> T:
        """What `asked` comes to. Once patience is over, it is taken out of its queue, or `interrupt` is called until
        it ends: nothing of it goes on when this returns.

        Raises `Late` or `Left` then, and whatever `asked` fails with before.
        """
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            waiting()
        asked.add_done_callback(self._tell)
        with self._changed:
            left = None if self._until is None else max(0.0, self._until - time.monotonic())
            self._changed.wait_for(lambda: self._gone or asked.done(), timeout=left)
        queued = asked.cancel()
        while not queued and not asked.done():
            interrupt()
            wait((asked,), timeout=AGAIN_SECONDS)
        try:
            return asked.result()
        except (Exception, CancelledError) as error:
            if self._gone or self._is_over():
                raise self._end(queued=queued) from error
            raise

    def _tell(self, asked: Future[T]) -> None:
        with self._changed:
            self._changed.notify_all()

    def _is_over(self) -> bool:
        return self._until is not None and time.monotonic() >= self._until

    def _end(self, *, queued: bool) -> Unavailable:
        if self._gone:
            return Left(
                Text(
                    "Celui qui demandait est parti : sa demande est arrêtée.",
                    "Whoever asked has left: what they asked is stopped.",
                )
            )
        if queued:
            return Late(
                Text(
                    f"D'autres demandes lourdes étaient devant, depuis plus de {self._seconds:g} s : réessayez.",
                    f"Other heavy questions were before this one for more than {self._seconds:g} s: try again.",
                )
            )
        return Late(
            Text(
                f"Cette demande a pris plus de {self._seconds:g} s :"
                " demandez une période plus courte, ou moins de séries.",
                f"This took more than {self._seconds:g} s: ask for a shorter period, or fewer series.",
            )
        )
