"""Batches, windows and engines for tests, with defaults."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from beffroi.observations import (
    Ack,
    Aggregate,
    Aggregation,
    EmbeddedRecord,
    Few,
    Record,
    Windows,
    batch_of,
    microseconds,
)
from tests.trials import SOAK

START = datetime(2024, 1, 1, tzinfo=UTC)


def a_few(*rows: tuple[int, float, float]) -> Few:
    """As `a_batch`, of numbers alone."""
    series, minutes, values = zip(*rows, strict=True)
    return Few(series, [microseconds(at(minute)) for minute in minutes], values, [0] * len(rows))


class Engine(NamedTuple):
    """`open` a record kept in a folder; opening the same folder again finds what was acknowledged."""

    name: str
    open: Callable[[Path], Record]


def lingering(folder: Path) -> EmbeddedRecord:
    """What is appended stays in the journal's tail until something needs it in the table."""
    return EmbeddedRecord(folder, memory_mib=256, linger=timedelta(seconds=60))


def hasty(folder: Path) -> EmbeddedRecord:
    """What is appended leaves for the table at once."""
    return EmbeddedRecord(folder, memory_mib=256, linger=timedelta(0))


class SettlingAtOnce(EmbeddedRecord):
    """Whatever is appended is in a settled file, days and months in turn, before the next comes."""

    appended = 0

    def append(self, batch: pa.Table, *, batch_id: str | None = None) -> Ack:
        ack = super().append(batch, batch_id=batch_id)
        self.settle()
        self.appended += 1
        if self.appended % 3 == 0:
            self.compact()
        return ack


def settling_at_once(folder: Path) -> EmbeddedRecord:
    return SettlingAtOnce(folder, memory_mib=256, linger=timedelta(0), settle_after=None)


def settling_at_once_unaided(folder: Path) -> EmbeddedRecord:
    return SettlingAtOnce(folder, memory_mib=256, linger=timedelta(0), settle_after=None, few=0)


def settling_all_the_while(folder: Path, few: int = 64) -> EmbeddedRecord:
    """What is appended moves under the readers' feet."""
    return EmbeddedRecord(
        folder,
        few=few,
        memory_mib=256,
        linger=timedelta(milliseconds=1),
        settle_after=timedelta(0),
        settle_every=timedelta(milliseconds=1),
    )


ENGINES = [
    Engine("embedded, from the tail", lingering),
    Engine("embedded, from the table", hasty),
    Engine("embedded, from settled files", settling_at_once),
    Engine("embedded, settling all the while", settling_all_the_while),
    Engine("DuckDB alone, from settled files", settling_at_once_unaided),
    *([Engine("DuckDB alone, settling all the while", lambda folder: settling_all_the_while(folder, few=0))] * SOAK),
]


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def a_batch(*rows: tuple[int, float, Any], **columns: Any) -> pa.Table:
    """Rows of (series, minutes since the start, value); other columns by name."""
    given = rows or ((1, 0, 1.0),)
    return batch_of(
        {
            "series": [series for series, _, _ in given],
            "time": [at(minutes) for _, minutes, _ in given],
            "value": [value for _, _, value in given],
            **columns,
        }
    )


def rows_of(table: Iterable[pa.RecordBatch] | pa.Table) -> list[tuple[Any, ...]]:
    """(series, minutes, value, quality)."""
    batches = table.to_batches() if isinstance(table, pa.Table) else table
    return [
        (row["series"], (row["time"] - START) / timedelta(minutes=1), row["value"], row["quality"])
        for batch in batches
        for row in batch.to_pylist()
    ]


def everything(record: Record, *series: int, **options: Any) -> list[tuple[Any, ...]]:
    return rows_of(record.read(Windows.whole(list(series) or list(range(10))), **options))


def an_aggregation(*functions: str, **given: Any) -> Aggregation:
    options: dict[str, Any] = {
        "start": START,
        "end": at(240),
        "every": 1,
        "unit": "hour",
        "time_zone": "UTC",
        "aggregates": tuple(Aggregate(name) for name in functions or ("mean",)),
    }
    return Aggregation(**(options | given))


def buckets_of(table: pa.Table, *names: str) -> list[tuple[Any, ...]]:
    """(series, minutes of the bucket's start, figures…)."""
    return [
        (row["series"], (row["start"] - START) / timedelta(minutes=1), *(row[name] for name in names))
        for row in table.to_pylist()
    ]
