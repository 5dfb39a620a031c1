"""The applier: carries what is acknowledged into the table of what is recent."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import TypeVar

from beffroi.errors import Text, Unavailable
from beffroi.observations.acknowledged import APPLY_SOONER_ROWS, Acknowledged, first_groups, stored
from beffroi.observations.journal import Journal
from beffroi.observations.recent import Recent

T = TypeVar("T")
logger = logging.getLogger(__name__)

APPLY_ROWS = 250_000
"""a micro-batch stops growing at this many"""
RETRY_SECONDS = 1.0


class Applier:
    """A thread that carries the tail into DuckDB by micro-batches, then forgets the journal's segments."""

    def __init__(self, journal: Journal, recent: Recent, acknowledged: Acknowledged, *, linger: timedelta) -> None:
        """`linger`: how long a small micro-batch waits for more."""
        self._journal, self._recent, self._acknowledged = journal, recent, acknowledged
        self._linger = linger.total_seconds()
        self._changed = acknowledged.changed
        """over these two as well"""
        self._jobs: list[Callable[[], None]] = []
        self._over = False
        self.thread = threading.Thread(target=self._apply_for_ever, name="record-applier", daemon=True)

    def after_the_tail(self, job: Callable[[], T]) -> T:
        """Do `job` on the applier's thread once all that was acknowledged so far is in the table."""
        future: Future[T] = Future()
        with self._changed:
            upto = self._acknowledged.version

            def run() -> None:
                try:
                    if self._recent.position < upto:
                        raise Unavailable(
                            Text("Le moteur ne peut pas écrire pour l'instant.", "The engine cannot write for now.")
                        )
                    future.set_result(job())
                except Exception as error:  # noqa: BLE001 - handed to whoever asked
                    future.set_exception(error)

            if self._over:
                raise Unavailable(Text("Le registre est fermé.", "The record is closed."))
            self._jobs.append(run)
            self._changed.notify_all()
        return future.result()

    def finish(self) -> None:
        """Nothing more is acknowledged: end once the rest is carried, or cannot be."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
        self.thread.join()

    def apply(self, upto: int | None = None) -> None:
        """Carry one micro-batch into the table, or as many as reach version `upto`. For the applier's thread, or before
        it starts."""
        while True:
            with self._changed:
                self._acknowledged.applied(self._recent.position)
                groups = first_groups(self._acknowledged.tail, APPLY_ROWS)
            if not groups:
                return
            batches = [ack for group in groups for ack in group.batches]
            late = any(group.late for group in groups)
            self._recent.apply(stored(groups), groups[-1].version, late=late, batches=batches)
            with self._changed:
                self._acknowledged.applied(self._recent.position)
            self._journal.forget(self._recent.position)
            if upto is None or self._recent.position >= upto:
                return

    def _apply_for_ever(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._acknowledged.waits or self._jobs or self._over)
                self._changed.wait_for(self._has_enough, timeout=self._linger)
                jobs, self._jobs = self._jobs, []
                tail = self._acknowledged.tail
                upto = tail[-1].version if tail else 0
                done = self._over and not tail and not jobs
            if done:
                return
            failed = False
            try:
                self.apply(upto if jobs else None)
            except Exception:  # whatever it is, the journal keeps what is not applied, and nothing else can be done
                failed = True
                logger.exception("What the journal holds could not be carried into the table; trying again.")
            for job in jobs:
                job()
            if failed:
                with self._changed:
                    if self._changed.wait_for(lambda: self._over, timeout=RETRY_SECONDS):
                        return

    def _has_enough(self) -> bool:
        return bool(self._jobs) or self._over or self._acknowledged.tail_rows >= APPLY_SOONER_ROWS
