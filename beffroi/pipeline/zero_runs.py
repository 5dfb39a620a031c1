"""Zeros that last too long to be believed: a counter that fails often says nothing but zero."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.observations import Quality


class ZeroRuns:
    """Flags runs of at least `length` zeros of one series, across the parts of a file.

    A run that a part leaves open and short is held back until the next part says how long it is; `flush` gives what
    is still held. The observations of a series must come in order of time from one part to the next.
    """

    def __init__(self, length: int, flag: Quality, schema: pa.Schema) -> None:
        self.length, self.flag = length, np.uint16(flag)
        self._held = schema.empty_table()
        self._long: NDArray[np.int64] = np.empty(0, np.int64)
        """the series whose last observation so far ends a run already long enough"""

    def push(self, batch: pa.Table) -> pa.Table:
        """`batch` (columns `series`, `time`, `value`, `quality` and others) flagged, less what is held back, after
        what was."""
        rows = pa.concat_tables([self._held, batch]).sort_by([("series", "ascending"), ("time", "ascending")])
        if len(rows) == 0:
            return rows
        series = rows["series"].to_numpy()
        zero = rows["value"].to_numpy() == 0
        changes = np.flatnonzero((np.diff(series) != 0) | (np.diff(zero) != 0)) + 1
        starts = np.concatenate([[0], changes])
        ends = np.concatenate([changes, [len(rows)]])
        leads = np.concatenate([[True], series[changes] != series[changes - 1]])
        trails = np.concatenate([leads[1:], [True]])
        continued = leads & np.isin(series[starts], self._long)
        long = zero[starts] & ((ends - starts >= self.length) | continued)
        held = zero[starts] & trails & ~long
        self._long = np.concatenate([np.setdiff1d(self._long, series), series[starts][trails & long]])
        spans = ends - starts
        quality = rows["quality"].to_numpy() | np.where(np.repeat(long, spans), self.flag, np.uint16(0))
        position = rows.schema.get_field_index("quality")
        flagged = rows.set_column(position, rows.schema.field("quality"), pa.array(quality, pa.uint16()))
        kept_back = pa.array(np.repeat(held, spans))
        self._held = flagged.filter(kept_back)
        return flagged.filter(pa.array(~np.repeat(held, spans)))

    def flush(self) -> pa.Table:
        """What no later part can lengthen: short runs, not flagged."""
        held, self._held = self._held, self._held.schema.empty_table()
        return held
