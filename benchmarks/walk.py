"""The history that is measured: a reading of each series every 10 minutes, a random walk of one decimal."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.observations import EmbeddedRecord, batch_of
from benchmarks.figures import seconds

START = datetime(2026, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=10)
DAY = 144
"""readings of a series in a day"""


def values(series: int, ticks: int, *, seed: int = 1) -> Iterator[NDArray[np.float64]]:
    """The readings of `series` series at each of so many ticks."""
    chance = np.random.default_rng(seed)
    walk = np.full(series, 20.0)
    for _ in range(ticks):
        walk += chance.normal(0, 0.3, series)
        yield walk.round(1)


def batches(ids: NDArray[np.int64], ticks: int) -> Iterator[pa.Table]:
    """One batch a tick."""
    for tick, found in enumerate(values(len(ids), ticks)):
        yield batch_of({"series": ids, "time": moments(START + tick * STEP, len(ids)), "value": found})


def days(ids: NDArray[np.int64], count: int) -> Iterator[pa.Table]:
    """One batch a day, by time."""
    made = batches(ids, count * DAY)
    for _ in range(count):
        yield pa.concat_tables(islice(made, DAY)).combine_chunks()


def moments(time: datetime, length: int) -> pa.Array:
    """The same instant so many times."""
    moment = np.datetime64(time.astimezone(UTC).replace(tzinfo=None), "us")
    return pa.array(np.full(length, moment)).cast(pa.timestamp("us", "UTC"))


def keep(record: EmbeddedRecord, ids: NDArray[np.int64], *, ticks: int) -> Iterator[float]:
    """Append the history and settle each day once it is whole; the seconds that each settling took."""
    for tick, batch in enumerate(batches(ids, ticks), start=1):
        record.append(batch)
        if tick % DAY == 0:
            yield seconds(partial(record.settle, until=START + tick * STEP))
