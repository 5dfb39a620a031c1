"""What was acknowledged, as far as memory goes: the tail that waits for the table, the days and the observations of
what is recent, the latest of every series."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

import numpy as np
import pyarrow as pa

from beffroi.observations.admission import doubles, one_batch
from beffroi.observations.batch import SCHEMA, SERIES
from beffroi.observations.days import Days
from beffroi.observations.journal import Entry
from beffroi.observations.lately import Lately
from beffroi.observations.latest import Latest
from beffroi.observations.manifest import Period
from beffroi.observations.protocol import Ack
from beffroi.observations.slots import Slots
from beffroi.observations.tracks import columns_of
from beffroi.observations.view import STORED
from beffroi.observations.windows import Windows

APPLY_SOONER_ROWS = 10_000
"""a micro-batch leaves for the table at once when the tail has so many"""


@dataclass(frozen=True)
class Group:
    """What one write of the journal made durable. `late`: some of it may be rewrites."""

    version: int
    entries: tuple[tuple[int, pa.RecordBatch], ...]
    """each with its version"""
    rows: int
    late: bool
    batches: tuple[Ack, ...]


class Acknowledged:
    """Whoever calls, or looks at what follows, holds `changed`; it is notified when the tail grows or shrinks."""

    def __init__(self, *, version: int, days: Days, most_bytes: int) -> None:
        self._slots = slots = Slots()
        self.changed = threading.Condition()
        self.version = version
        self.tail: list[Group] = []
        self.tail_rows = 0
        self.days = days
        self.latest = Latest(slots)
        self.lately = Lately(slots, most_bytes=most_bytes)

    def publish(self, entries: Sequence[Entry], batches: tuple[Ack, ...]) -> None:
        """Show to readers what is durable. Takes `changed` itself."""
        version = entries[-1].version
        rows = entries[0].batch if len(entries) == 1 else one_batch(pa.Table.from_batches([e.batch for e in entries]))
        written = tuple((entry.version, entry.batch) for entry in entries)
        with self.changed:
            late = bool(rows.num_rows) and self._observe(entries, rows, version)
            self.version = version
            self.tail.append(Group(version, written, rows.num_rows, late, batches))
            self.tail_rows += rows.num_rows
            if len(self.tail) == 1 or self.tail_rows >= APPLY_SOONER_ROWS:
                self.changed.notify_all()

    def remember(self, rows: pa.RecordBatch) -> None:
        """Some of what the table holds, while nothing else happens."""
        self.lately.note(columns_of(rows), self._slots.of(rows.column(SERIES).to_numpy()))

    def loaded(self, newest: pa.RecordBatch) -> None:
        """The newest observations of what went straight into a settled file."""
        self.latest.observe(columns_of(newest), self._slots.of(newest.column(SERIES).to_numpy()))

    def applied(self, position: int) -> None:
        """All up to version `position` is in the table: a commit that failed may be found done when the table is opened
        anew."""
        while self.tail and self.tail[0].version <= position:
            self.tail_rows -= self.tail.pop(0).rows
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

    def _observe(self, entries: Sequence[Entry], rows: pa.RecordBatch, version: int) -> bool:
        """Bring what is known up to date; whether any of the rows may be a rewrite."""
        series, columns = rows.column(SERIES).to_numpy(), columns_of(rows)
        slots = self._slots.of(series)
        self.days.note(columns.time, version)
        self.lately.note(columns, slots)
        if len(entries) == 1 or not doubles(series, columns.time)[1].any():
            return self.latest.observe(columns, slots)
        for entry in entries:
            self.loaded(entry.batch)
        return True


def first_groups(groups: Sequence[Group], most_rows: int) -> list[Group]:
    """The first groups, about `most_rows` in all, one at least."""
    reached = accumulate(group.rows for group in groups)
    fitting = sum(1 for _ in takewhile(lambda rows: rows <= most_rows, reached))
    return list(groups[: max(1, fitting)])


def stored(groups: Sequence[Group]) -> pa.Table:
    """What some groups hold, as `STORED`."""
    entries = [entry for group in groups for entry in group.entries]
    table = pa.Table.from_batches([batch for _, batch in entries], SCHEMA)
    versions = np.repeat([version for version, _ in entries], [batch.num_rows for _, batch in entries])
    columns = {name: table.column(name) for name in SCHEMA.names} | {"version": pa.array(versions)}
    columns["time"] = columns["time"].cast(STORED.field("time").type)
    return pa.table([columns[name] for name in STORED.names], schema=STORED)
