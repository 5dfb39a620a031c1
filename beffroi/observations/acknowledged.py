"""What was acknowledged, as far as memory goes: the tail that waits for the table, the days and the observations of
what is recent, the latest of every series."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.observations.admission import doubles, one_batch
from beffroi.observations.batch import SCHEMA, SERIES, Few, columns, end_to_end
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
FEW_ROWS = 2_000
"""that come by small posts and wait to be looked at together"""


@dataclass(frozen=True)
class Group:
    """What some writes of the journal made durable. `late`: some of it may be rewrites."""

    version: int
    batch: pa.RecordBatch
    versions: NDArray[np.int64]
    """of each row"""
    late: bool
    batches: tuple[Ack, ...]

    @property
    def rows(self) -> int:
        return len(self.versions)


class Acknowledged:
    """Whoever calls, or looks at what follows, holds `changed`; it is notified when the tail grows or shrinks.

    What comes by small posts is not looked at as it comes, which would cost more than to keep it: it waits until some
    more has come, or until someone looks, who so finds all that was acknowledged.
    """

    def __init__(self, *, version: int, days: Days, most_bytes: int) -> None:
        self._slots = slots = Slots()
        self.changed = threading.Condition()
        self.version = version
        self.tail_rows = 0
        self._come: list[Entry] = []
        self._come_batches: list[Ack] = []
        self._come_rows = 0
        """what was not looked at yet"""
        self._tail: list[Group] = []
        self._days = days
        self._latest = Latest(slots)
        self._lately = Lately(slots, most_bytes=most_bytes)

    @property
    def tail(self) -> list[Group]:
        self._look()
        return self._tail

    @property
    def days(self) -> Days:
        self._look()
        return self._days

    @property
    def latest(self) -> Latest:
        self._look()
        return self._latest

    @property
    def lately(self) -> Lately:
        self._look()
        return self._lately

    @property
    def waits(self) -> bool:
        """Whether there is a tail."""
        return bool(self._come or self._tail)

    def publish(self, entries: Sequence[Entry], batches: tuple[Ack, ...]) -> None:
        """Show to readers what is durable. Takes `changed` itself."""
        rows = sum(entry.batch.num_rows for entry in entries)
        with self.changed:
            first = not self.waits
            self._come += entries
            self._come_batches += batches
            self._come_rows += rows
            self.version = entries[-1].version
            self.tail_rows += rows
            if self._come_rows > FEW_ROWS or not all(isinstance(entry.batch, Few) for entry in entries):
                self._look()
            if first or self.tail_rows >= APPLY_SOONER_ROWS:
                self.changed.notify_all()

    def remember(self, rows: pa.RecordBatch) -> None:
        """Some of what the table holds, while nothing else happens."""
        self._lately.note(columns_of(rows), self._slots.of(rows.column(SERIES).to_numpy()))

    def loaded(self, newest: pa.RecordBatch) -> None:
        """The newest observations of what went straight into a settled file."""
        self._look()
        self._load(newest)

    def _load(self, newest: pa.RecordBatch) -> None:
        self._latest.observe(columns_of(newest), self._slots.of(newest.column(SERIES).to_numpy()))

    def applied(self, position: int) -> None:
        """All up to version `position` is in the table: a commit that failed may be found done when the table is opened
        anew."""
        tail = self.tail
        while tail and tail[0].version <= position:
            self.tail_rows -= tail.pop(0).rows
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

    def _look(self) -> None:
        """At what came since someone did."""
        if not self._come:
            return
        entries, batches = self._come, tuple(self._come_batches)
        version, batch = entries[-1].version, _in_one(entries)
        late = bool(batch.num_rows) and self._observe(entries, batch, version)
        numbers = np.array([entry.version for entry in entries], dtype=np.int64)
        versions = np.repeat(numbers, [entry.batch.num_rows for entry in entries])
        self._tail.append(Group(version, batch, versions, late, batches))
        self._come, self._come_batches, self._come_rows = [], [], 0

    def _observe(self, entries: Sequence[Entry], rows: pa.RecordBatch, version: int) -> bool:
        """Bring what is known up to date; whether any of the rows may be a rewrite."""
        series, track = rows.column(SERIES).to_numpy(), columns_of(rows)
        slots = self._slots.of(series)
        self._days.note(track.time, version)
        self._lately.note(track, slots)
        if len(entries) == 1 or not doubles(series, track.time)[1].any():
            return self._latest.observe(track, slots)
        for entry in entries:
            self._load(columns(entry.batch))
        return True


def _in_one(entries: Sequence[Entry]) -> pa.RecordBatch:
    """What came as lists becomes columns, those that follow each other together."""
    batches: list[pa.RecordBatch] = []
    few: list[Few] = []
    for entry in entries:
        if isinstance(entry.batch, Few):
            few.append(entry.batch)
            continue
        if few:
            batches.append(end_to_end(few).batch)
            few = []
        batches.append(entry.batch)
    if few:
        batches.append(end_to_end(few).batch)
    return one_batch(pa.Table.from_batches(batches))


def first_groups(groups: Sequence[Group], most_rows: int) -> list[Group]:
    """The first groups, about `most_rows` in all, one at least."""
    reached = accumulate(group.rows for group in groups)
    fitting = sum(1 for _ in takewhile(lambda rows: rows <= most_rows, reached))
    return list(groups[: max(1, fitting)])


def stored(groups: Sequence[Group]) -> pa.Table:
    """What some groups hold, as `STORED`."""
    table = pa.Table.from_batches([group.batch for group in groups], SCHEMA)
    versions = np.concatenate([group.versions for group in groups])
    held = {name: table.column(name) for name in SCHEMA.names} | {"version": pa.array(versions)}
    held["time"] = held["time"].cast(STORED.field("time").type)
    return pa.table([held[name] for name in STORED.names], schema=STORED)
