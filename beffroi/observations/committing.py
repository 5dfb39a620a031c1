"""The committer: writes what waits to the journal and acknowledges it."""

import contextlib
import queue
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from typing import NamedTuple

import pyarrow as pa

from beffroi.errors import Invalid, Text, Unavailable
from beffroi.observations.acknowledged import Acknowledged
from beffroi.observations.admission import admit, is_sound
from beffroi.observations.batch import Few
from beffroi.observations.journal import Body, Entry, Journal
from beffroi.observations.protocol import Ack
from beffroi.observations.recent import BATCHES_KEPT

GROUP_ROWS = 200_000
"""about what one write of the journal takes"""
TAIL_ROWS = 2_000_000
"""waiting to be applied: beyond, the journal waits for the engine, then refuses"""
QUEUE_ROWS = 2_000_000
"""waiting to be journalled: beyond, batches are refused"""
LONGEST_ID = 200
PATIENCE_SECONDS = 5.0
"""for a tail that is full to shrink, before batches are refused"""


class Waiting(NamedTuple):
    """A batch in the queue."""

    future: Future[Ack]
    batch_id: str
    batch: pa.RecordBatch | Few
    body: Body


class Committer:
    """A thread that takes every batch that waits, writes all to the journal with one fsync, shows them to readers (in
    the tail) and acknowledges them.

    A batch known by its id (the last 100,000 that came with one) is acknowledged again as it was, and not written
    again.
    """

    def __init__(self, journal: Journal, acknowledged: Acknowledged, known: Iterable[Ack]) -> None:
        """`known`: the batches that came with an id, the newest last."""
        self._journal, self._acknowledged = journal, acknowledged
        self._acks = OrderedDict((ack.batch_id, ack) for ack in known)
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._queued = 0
        self._closing = False
        self._door = threading.Lock()
        """over these two"""
        self.thread = threading.Thread(target=self._commit_for_ever, name="record-committer", daemon=True)

    def submit(self, batch: pa.Table | pa.RecordBatch | Few, batch_id: str | None) -> Future[Ack]:
        if batch_id and len(batch_id) > LONGEST_ID:
            raise Invalid("batch_id", Text(f"Au plus {LONGEST_ID} signes.", f"At most {LONGEST_ID} characters."))
        admitted = _admitted(batch)
        future: Future[Ack] = Future()
        waiting = Waiting(future, batch_id or "", admitted, Body.of(admitted))
        with self._door:
            if self._closing:
                raise Unavailable(Text("Le registre se ferme.", "The record is closing."))
            if self._queued > QUEUE_ROWS:
                raise Unavailable(Text("Trop d'observations attendent déjà.", "Too many observations are waiting."))
            self._queued += admitted.num_rows
            self._queue.put(waiting)
        return future

    def publish(self, entries: Sequence[Entry]) -> None:
        """Show to readers what is durable, and remember its ids."""
        batches = tuple(Ack(entry.batch_id, entry.version, entry.batch.num_rows) for entry in entries if entry.batch_id)
        for ack in batches:
            self._acks[ack.batch_id] = ack
        while len(self._acks) > BATCHES_KEPT:
            self._acks.popitem(last=False)
        self._acknowledged.publish(entries, batches)

    def refuse(self) -> bool:
        """Take no more, for good; False when that was so already."""
        with self._door:
            if self._closing:
                return False
            self._closing = True
            self._queue.put(None)
        with self._acknowledged.changed:
            self._acknowledged.changed.notify_all()
        return True

    def _commit_for_ever(self) -> None:
        open_ = True
        while open_:
            group, open_ = self._take()
            if group:
                try:
                    self._commit(group)
                except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, and the next batch be tried
                    for waiting in group:
                        if not waiting.future.done():
                            waiting.future.set_exception(error)

    def _take(self) -> tuple[list[Waiting], bool]:
        """All that waits, once something does; False when nothing more will come. A batch whose sender gave up in the
        queue is left out; from here on it cannot."""
        with self._acknowledged.changed:
            self._acknowledged.changed.wait_for(lambda: self._closing or not self._is_full(), timeout=PATIENCE_SECONDS)
        group: list[Waiting] = []
        rows = 0
        open_ = True
        with contextlib.suppress(queue.Empty):
            while open_ and rows < GROUP_ROWS:
                waiting = self._queue.get(block=not group)
                if waiting is None:
                    open_ = False
                else:
                    rows += waiting.batch.num_rows
                    if waiting.future.set_running_or_notify_cancel():
                        group.append(waiting)
        with self._door:
            self._queued -= rows
        return group, open_

    def _commit(self, group: Sequence[Waiting]) -> None:
        if self._is_full():
            raise Unavailable(Text("Le moteur ne suit pas : réessayez.", "The engine is not keeping up: try again."))
        entries: list[Entry] = []
        answers: list[tuple[Future[Ack], Ack]] = []
        known: dict[str, Ack] = {}
        for waiting in group:
            ack = known.get(waiting.batch_id) or self._acks.get(waiting.batch_id)
            if ack is None:
                version = self._acknowledged.version + len(entries) + 1
                ack = Ack(waiting.batch_id or str(version), version, waiting.batch.num_rows)
                entries.append(Entry(version, waiting.batch_id, waiting.batch, waiting.body))
                if waiting.batch_id:
                    known[waiting.batch_id] = ack
            answers.append((waiting.future, ack))
        if entries:
            try:
                self._journal.write(entries)
            except OSError as error:
                raise Unavailable(
                    Text(
                        "Rien n'a été gardé : le journal ne peut pas être écrit (disque plein ?).",
                        "Nothing was kept: the journal cannot be written (disk full?).",
                    )
                ) from error
            self.publish(entries)
        for future, ack in answers:
            future.set_result(ack)

    def _is_full(self) -> bool:
        return self._acknowledged.tail_rows >= TAIL_ROWS


def _admitted(batch: pa.Table | pa.RecordBatch | Few) -> pa.RecordBatch | Few:
    if isinstance(batch, Few):
        return batch if is_sound(batch) else admit(batch.batch)
    return admit(batch)
