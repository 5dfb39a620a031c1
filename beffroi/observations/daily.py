"""Figures by day of the territory's calendar, kept in a file beside each settled one: what long charts are drawn from.

A row is of what the settled file holds of one series and one local day, of which the file before or after may hold the
rest. Both files are written once and never change. What is late lies in the recent table, and the days it lies in are
read from the observations: what is kept is never stale.
"""

from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from beffroi.observations.admission import instants
from beffroi.observations.buckets import Instants, edges
from beffroi.observations.manifest import Period, aware
from beffroi.observations.sums import Sums

SCHEMA = pa.schema(
    [
        pa.field("series", pa.int64(), nullable=False),
        pa.field("day", pa.timestamp("us", "UTC"), nullable=False),
        pa.field("observations", pa.int32(), nullable=False),
        pa.field("numbers", pa.int32(), nullable=False),
        pa.field("sum", pa.float64()),
        pa.field("least", pa.float64()),
        pa.field("greatest", pa.float64()),
        pa.field("first", pa.float64()),
        pa.field("last", pa.float64()),
        pa.field("growth", pa.float64()),
        pa.field("falls", pa.int32(), nullable=False),
    ]
)
"""`day`: the instant at which it begins. The others as in `Sums`."""
LAYOUT: dict[str, Any] = {
    "compression": "zstd",
    "write_page_checksum": True,
    "compression_level": 15,
    "use_dictionary": ["observations", "numbers", "falls"],
    "column_encoding": {"series": "DELTA_BINARY_PACKED", "day": "DELTA_BINARY_PACKED"},
    "write_statistics": ["series"],
    "store_schema": False,
}


def figures(rows: pa.RecordBatch, period: Period, time_zone: str) -> pa.RecordBatch:
    """Of some of the observations of `period` (as `batch.SCHEMA`, sorted by series and time), as `SCHEMA`.

    A series' day that comes in several calls has a row in each.
    """
    series, opens = rows.column("series").to_numpy(), _days(period, time_zone)
    days = np.searchsorted(opens, instants(rows), side="right") - 1
    starts = np.flatnonzero(np.append(True, (series[1:] != series[:-1]) | (days[1:] != days[:-1])))
    keys = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(series))))
    value = rows.column("value").to_numpy(zero_copy_only=False)
    found = Sums.of(keys, value).together("within")
    columns = {
        "series": series[starts],
        "day": opens[days[starts]].view("M8[us]"),
        "observations": found.observations,
        "numbers": found.numbers,
        "falls": found.falls,
    } | {name: getattr(found, name) for name in ("sum", "least", "greatest", "first", "last", "growth")}
    arrays = [pa.array(columns[field.name], field.type, from_pandas=field.nullable) for field in SCHEMA]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def sums_of(rows: pa.Table) -> Sums:
    """Figures of one series, as read from a file; buckets are the instants at which days begin. What was not read is
    NaN, and no falls."""
    read = set(rows.schema.names)
    numbers = rows.column("numbers").to_numpy().astype(np.int64)
    unread = np.full(len(numbers), np.nan)
    figures = ("sum", "least", "greatest", "first", "last", "growth")
    return Sums(
        rows.column("day").to_numpy().astype("M8[us]").astype(np.int64),
        rows.column("observations").to_numpy().astype(np.int64),
        numbers,
        **{name: np.array(rows.column(name).to_numpy()) if name in read else unread for name in figures},
        steps=np.maximum(numbers - 1, 0),
        falls=rows.column("falls").to_numpy().astype(np.int64) if "falls" in read else np.zeros_like(numbers),
    )


@cache
def _days(period: Period, time_zone: str) -> Instants:
    """Where the local days begin that some of `period` lies in."""
    return edges(aware(period.start), aware(period.end), 1, "day", time_zone)
