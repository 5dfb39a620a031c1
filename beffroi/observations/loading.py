"""A whole day given sorted, made into the row groups of a settled file."""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa

from beffroi.errors import Invalid, Text
from beffroi.observations.admission import admit, instants, one_batch, strictly_rising
from beffroi.observations.batch import SCHEMA
from beffroi.observations.manifest import Period


class Loading:
    """One day being loaded; `newest` then holds the last observation of each series, by batch."""

    def __init__(self, period: Period, group_rows: int) -> None:
        self._start, self._end = (int(bound.astype(np.int64)) for bound in (period.start, period.end))
        self._group_rows = group_rows
        self._last = -1, -1
        self.newest: list[pa.RecordBatch] = []

    def groups(self, batches: Iterable[pa.Table]) -> Iterator[pa.RecordBatch]:
        """The rows of `batches`, in groups of equal size but for the last. Raises `Invalid`."""
        waiting: list[pa.RecordBatch] = []
        rows = 0
        for batch in batches:
            waiting.append(self._checked(admit(batch)))
            rows += len(waiting[-1])
            if rows >= self._group_rows:
                whole = one_batch(pa.Table.from_batches(waiting, SCHEMA))
                full = rows - rows % self._group_rows
                yield from (whole.slice(first, self._group_rows) for first in range(0, full, self._group_rows))
                waiting, rows = [whole.slice(full)], rows - full
        if rows:
            yield one_batch(pa.Table.from_batches(waiting, SCHEMA))

    def _checked(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        series, times = batch.column("series").to_numpy(), instants(batch)
        if not len(series):
            return batch
        if (self._last >= (int(series[0]), int(times[0]))) or not strictly_rising(series, times):
            raise Invalid("batch", Text("Ces lignes ne sont pas triées.", "These rows are not sorted."))
        if times.min() < self._start or times.max() >= self._end:
            raise Invalid("time", Text("Ces lignes ne sont pas toutes de ce jour.", "Some rows are of another day."))
        self._last = int(series[-1]), int(times[-1])
        self.newest.append(batch.take(pa.array(np.flatnonzero(np.append(series[1:] != series[:-1], True)))))
        return batch
