"""The way of every observation, as a list of steps: allowed, qualified, stored, shown."""

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.access import Scope
from beffroi.database import Database
from beffroi.observations import Ack, Few, Record, columns, one_batch
from beffroi.observations.batch import SERIES
from beffroi.pipeline.live import Live
from beffroi.pipeline.qualify import qualify, qualify_few
from beffroi.pipeline.writable import Accepted, WritableSeries


@dataclass(frozen=True)
class Received:
    """What became of a batch: `rows` stored (a (series, time) given twice counts once), `flagged` of those received."""

    batch_id: str
    rows: int
    flagged: int


class Begun(NamedTuple):
    """What was qualified, and how many of its rows are flagged; `stored`: once it is durable."""

    batch: pa.RecordBatch | Few
    flagged: int
    stored: Future[Ack]


class Pipeline:
    """Takes batches in for whoever may write their series."""

    def __init__(self, database: Database, record: Record, live: Live) -> None:
        self.record = record
        self.live = live
        self._writable = WritableSeries(database)

    def forget(self) -> None:
        """Rights, series or limits may have changed: look them up again."""
        self._writable.forget()

    def receive(self, scope: Scope, batch: pa.Table, *, now: datetime, batch_id: str | None = None) -> Received:
        """Qualify `batch` (of `observations.SCHEMA`) and store it durably; readable at once when this returns.

        Raises `NotFound` for a series the actor may not know, `Forbidden` for one it may only read, `Invalid` naming
        the rows whose value does not fit their series, `Unavailable` when nothing was kept. A batch is taken whole
        or not at all.
        """
        begun = self.begin(scope, one_batch(batch), now=now, batch_id=batch_id)
        ack = begun.stored.result()
        self.live.publish(begun.batch)
        return Received(ack.batch_id, ack.rows, begun.flagged)

    def begin(self, scope: Scope, batch: pa.RecordBatch | Few, *, now: datetime, batch_id: str | None = None) -> Begun:
        """The first half of `receive`, for callers that await."""
        series = self._writable.of(scope, _series(batch))
        return self._begun(batch, series, now, batch_id)

    def begin_at_once(self, scope: Scope, batch: pa.RecordBatch | Few, *, now: datetime) -> Begun | None:
        """`begin`, where nothing may wait: None when something is to be looked up first."""
        series = self._writable.kept(scope)
        few = isinstance(batch, Few)
        known = series.facts(batch.series) is not None if few else not len(series.lacks(_series(batch)))
        return self._begun(batch, series, now, None) if known else None

    def _begun(self, batch: pa.RecordBatch | Few, series: Accepted, now: datetime, batch_id: str | None) -> Begun:
        found: tuple[pa.RecordBatch | Few, int] | None = None
        if isinstance(batch, Few) and (facts := series.facts(batch.series)) is not None:
            found = qualify_few(batch, facts, now=now)
        qualified, flagged = found or qualify(columns(batch), series, now=now)
        return Begun(qualified, flagged, self.record.submit(qualified, batch_id=batch_id))


def _series(batch: pa.RecordBatch | Few) -> NDArray[np.int64]:
    if isinstance(batch, Few):
        return np.array(batch.series, np.int64)
    series: NDArray[np.int64] = batch.column(SERIES).to_numpy()
    return series
