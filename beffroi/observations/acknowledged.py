"""What was acknowledged, as far as memory goes: the tail that waits for the table, the days and the observations of
what is recent, the latest of every series."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
import pyarrow as pa

from beffroi.observations.admission import doubles, instants, one_batch
from beffroi.observations.batch import SCHEMA
from beffroi.observations.days import Days
from beffroi.observations.journal import Entry
from beffroi.observations.lately import Lately
from beffroi.observations.latest import Latest
from beffroi.observations.manifest import Period
from beffroi.observations.protocol import Ack
from beffroi.observations.slots import Slots
from beffroi.observations.view import STORED
from beffroi.observations.windows import Windows

APPLY_SOONER_ROWS = 10_000
"""a micro-batch leaves for the table at once when the tail has so many"""


@dataclass(frozen=True)
class Group:
    """What one write of the journal made durable, as `STORED`. `late`: some of it may be rewrites."""

    version: int
    rows: pa.RecordBatch
    late: bool
    batches: tuple[Ack, ...]


class Acknowledged:
    """Whoever calls, or looks at what follows, holds `changed`; it is notified when the tail grows or shrinks."""

    def __init__(self, *, version: int, days: Days, most_bytes: int) -> None:
        slots = Slots()
        self.changed = threading.Condition()
        self.version = version
        self.tail: list[Group] = []
        self.tail_rows = 0
        self.days = days
        self.latest = Latest(slots)
        self.lately = Lately(slots, most_bytes=most_bytes)

    def publish(self, entries: Sequence[Entry], batches: tuple[Ack, ...]) -> None:
        """Show to readers what is durable. Takes `changed` itself."""
        rows = one_batch(pa.Table.from_batches([entry.batch for entry in entries], SCHEMA))
        stored = _stored(rows, entries)
        with self.changed:
            self.version = entries[-1].version
            self.days.note(rows, self.version)
            self.lately.note(rows)
            self.tail.append(Group(self.version, stored, self._observe(entries, rows), batches))
            self.tail_rows += stored.num_rows
            if len(self.tail) == 1 or self.tail_rows >= APPLY_SOONER_ROWS:
                self.changed.notify_all()

    def applied(self, count: int) -> None:
        """The first `count` groups of the tail are in the table."""
        gone = self.tail[:count]
        del self.tail[:count]
        self.tail_rows -= sum(group.rows.num_rows for group in gone)
        self.changed.notify_all()

    def settled(self, period: Period, captured: int) -> None:
        """What was written in `period` up to version `captured` left the table."""
        gone, left = self.days.settled(period, captured)
        self.lately.forget(gone)
        self.lately.give_up(left)

    def deleted(self, windows: Windows, left: pa.RecordBatch) -> None:
        """What `windows` held is gone; `left` is now the latest of the series whose latest was there."""
        series = self.latest.series_within(windows)
        self.latest.replace(series, left)
        self.lately.doubt(windows)

    def _observe(self, entries: Sequence[Entry], rows: pa.RecordBatch) -> bool:
        """Bring the latest up to date; whether any of the rows may be a rewrite."""
        if not rows.num_rows:
            return False
        if len(entries) == 1 or not doubles(rows.column("series").to_numpy(), instants(rows))[1].any():
            return bool(self.latest.observe(rows).any())
        for entry in entries:
            self.latest.observe(entry.batch)
        return True


def first_groups(groups: Sequence[Group], most_rows: int) -> list[Group]:
    """The first groups, about `most_rows` in all, one at least."""
    reached = np.cumsum([group.rows.num_rows for group in groups]).tolist()
    fitting = sum(1 for _ in takewhile(lambda rows: rows <= most_rows, reached))
    return list(groups[: max(1, fitting)])


def _stored(rows: pa.RecordBatch, entries: Sequence[Entry]) -> pa.RecordBatch:
    """`rows`, those of all `entries`, as `STORED`."""
    versions = np.repeat([entry.version for entry in entries], [entry.batch.num_rows for entry in entries])
    columns = dict(zip(SCHEMA.names, rows.columns, strict=True))
    columns |= {"time": columns["time"].view(STORED.field("time").type), "version": pa.array(versions)}
    return pa.RecordBatch.from_arrays([columns[name] for name in STORED.names], schema=STORED)
