"""The way of every observation, as a list of steps: allowed, qualified, stored, shown."""

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from beffroi.access import Scope
from beffroi.database import Database
from beffroi.observations import Ack, Record, one_batch
from beffroi.pipeline.live import Live
from beffroi.pipeline.qualify import qualify
from beffroi.pipeline.writable import WritableSeries


@dataclass(frozen=True)
class Received:
    """What became of a batch: `rows` stored (a (series, time) given twice counts once), `flagged` of those received."""

    batch_id: str
    rows: int
    flagged: int


class Pipeline:
    """Takes batches in for whoever may write their series."""

    def __init__(self, database: Database, record: Record, live: Live) -> None:
        self.record = record
        self.live = live
        self._writable = WritableSeries(database)

    def forget(self) -> None:
        """Rights, series or limits may have changed: look them up again."""
        self._writable.forget()

    def knows(self, scope: Scope, batch: pa.RecordBatch) -> bool:
        """Whether `begin` has all it needs in memory: it may then be called where nothing may wait."""
        return self._writable.knows(scope, batch.column("series").to_numpy())

    def receive(self, scope: Scope, batch: pa.Table, *, now: datetime, batch_id: str | None = None) -> Received:
        """Qualify `batch` (of `observations.SCHEMA`) and store it durably; readable at once when this returns.

        Raises `NotFound` for a series the actor may not know, `Forbidden` for one it may only read, `Invalid` naming
        the rows whose value does not fit their series, `Unavailable` when nothing was kept. A batch is taken whole
        or not at all.
        """
        qualified, flagged, stored = self.begin(scope, one_batch(batch), now=now, batch_id=batch_id)
        ack = stored.result()
        self.live.publish(qualified)
        return Received(ack.batch_id, ack.rows, flagged)

    def begin(
        self, scope: Scope, batch: pa.RecordBatch, *, now: datetime, batch_id: str | None = None
    ) -> "tuple[pa.RecordBatch, int, Future[Ack]]":
        """The first half of `receive`, for callers that await: the qualified batch, rows flagged, the coming Ack."""
        series = self._writable.of(scope, batch.column("series").to_numpy())
        qualified, flagged = qualify(batch, series, now=now)
        return qualified, flagged, self.record.submit(qualified, batch_id=batch_id)
