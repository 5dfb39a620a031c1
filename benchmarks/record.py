"""The record of observations: 10,000 series, a reading every 10 minutes, a random walk of one decimal."""

import asyncio
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from beffroi.observations import Aggregate, Aggregation, EmbeddedRecord, Record, Windows, batch_of
from benchmarks.figures import Figure, median_ms

START = datetime(2024, 1, 1, tzinfo=UTC)
SERIES = 10_000
DAY = 144
"""readings of a series in a day"""
DAYS = 3
ROWS = SERIES * DAY * DAYS
KEPT = f"{SERIES:,} series, {DAYS} days kept"
SINGLES = 8_000
ALONE = "alone.duckdb"
LIMITS = {"threads": 2, "memory_limit": "1GiB"}


def figures() -> list[Figure]:
    with folder() as place:
        record = EmbeddedRecord(place / "record", settle_after=None)
        found = _appending(record, place)
        record.close()
        start = time.perf_counter()
        record = EmbeddedRecord(place / "record", settle_after=None)
        opening = Figure("open", (time.perf_counter() - start) * 1000, "ms", note=KEPT)
        stats = record.stats()
        size = Figure("bytes an observation", stats.bytes_on_disk / stats.observations, "bytes")
        with duckdb.connect(str(place / ALONE), config=LIMITS) as alone:
            found += [size, opening, *_reading(record, alone)]
        found += _submitting(record, place)
        record.close()
        return found


def _appending(record: Record, folder: Path) -> list[Figure]:
    batches = list(_batches())
    alone = _rate(ROWS, lambda: _into_duckdb(folder / ALONE, batches))
    start = time.perf_counter()
    for batch in batches:
        record.append(batch)
    acknowledged = ROWS / (time.perf_counter() - start)
    _let_settle(record)
    carried = ROWS / (time.perf_counter() - start)
    again = batches[-DAY // 2 :]
    rewritten = _rate(len(again) * SERIES, lambda: [*map(record.append, again), _let_settle(record)])
    peer = "DuckDB alone, a durable commit a batch"
    return [
        Figure("append 10,000-row batches until acknowledged", acknowledged, "rows/s", alone, peer),
        Figure("append 10,000-row batches until in the table", carried, "rows/s", alone, peer),
        Figure("append what is there already", rewritten, "rows/s"),
    ]


def _reading(record: Record, alone: duckdb.DuckDBPyConnection) -> list[Figure]:
    everyone, day = Windows.whole(list(range(SERIES))), START + timedelta(days=DAYS - 1)
    one = Windows.of([(SERIES // 2, day, day + timedelta(days=1))])
    here = f"time >= TIMESTAMP '{day:%Y-%m-%d}'"

    def by_hour(function: Aggregate) -> float:
        asked = Aggregation(day, day + timedelta(days=1), 1, "hour", "Europe/Paris", (function,))
        return median_ms(lambda: record.aggregate(everyone, asked), times=5)

    def asked_alone(question: str, times: int) -> float:
        return median_ms(lambda: alone.sql(question).to_arrow_table(), times=times)

    bare_read = asked_alone(f"FROM observations WHERE series = {SERIES // 2} AND {here} ORDER BY time", 50)
    bare_mean = asked_alone(
        "SELECT series, epoch_us(time) // 3600000000 AS hour, avg(value) FROM observations"
        f" WHERE {here} GROUP BY ALL ORDER BY ALL",
        5,
    )
    peer, size = "DuckDB alone, the same question", "1.44 million rows in, 240,000 out"
    return [
        Figure(
            "24 h of one series", median_ms(lambda: record.read(one).read_all(), times=50), "ms", bare_read, peer, KEPT
        ),
        Figure("latest of every series", median_ms(lambda: record.latest(everyone), times=20), "ms", note=KEPT),
        Figure("hourly mean of every series, a day", by_hour(Aggregate("mean")), "ms", bare_mean, peer, size),
        Figure("hourly 95th percentile of every series, a day", by_hour(Aggregate("quantile", 0.95)), "ms", note=size),
        Figure("hourly growth of every series, a day", by_hour(Aggregate("delta")), "ms", note=size),
    ]


def _submitting(record: Record, folder: Path) -> list[Figure]:
    found = []
    limit, what = _fsyncs(folder / "fsync"), "fsyncs of 400 bytes this disk does, one at a time"
    for width in (8, 64):
        shares = [[_single(worker, number) for number in range(SINGLES // width)] for worker in range(width)]
        threads = _rate(SINGLES, lambda shares=shares: _by_threads(record, shares))
        found.append(Figure(f"append one row at a time, {width} threads", threads, "rows/s", limit, what))
        tasks = _rate(SINGLES, lambda shares=shares: asyncio.run(_by_tasks(record, shares)))
        found.append(Figure(f"append one row at a time, {width} tasks of an event loop", tasks, "rows/s", limit, what))
    return found


def _fsyncs(path: Path) -> float:
    def write() -> None:
        with path.open("ab", buffering=0) as file:
            for _ in range(500):
                file.write(bytes(400))
                os.fdatasync(file.fileno())

    return _rate(500, write)


def _by_threads(record: Record, shares: list[list[pa.Table]]) -> None:
    threads = [threading.Thread(target=lambda share=share: [*map(record.append, share)]) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


async def _by_tasks(record: Record, shares: list[list[pa.Table]]) -> None:
    async def send(share: list[pa.Table]) -> None:
        for batch in share:
            await asyncio.wrap_future(record.submit(batch))

    await asyncio.gather(*map(send, shares))


def _into_duckdb(file: Path, batches: list[pa.Table]) -> None:
    """The same columns, one transaction a batch, nothing checked and no double looked for."""
    with duckdb.connect(str(file), config=LIMITS) as connection:
        columns = "series BIGINT, time TIMESTAMP, value DOUBLE, text VARCHAR, longitude DOUBLE, latitude DOUBLE"
        connection.execute(f"CREATE TABLE observations ({columns}, quality USMALLINT)")
        for batch in batches:
            times = batch["time"].cast(pa.timestamp("us"))
            connection.register("batch", batch.set_column(1, "time", times))
            connection.execute("INSERT INTO observations FROM batch")
            connection.unregister("batch")


def _let_settle(record: Record) -> None:
    """Deleting, even nothing, waits for the table to hold all that was acknowledged."""
    record.delete(Windows.whole([SERIES * 10]))


def _rate(rows: int, work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return rows / (time.perf_counter() - start)


def _batches() -> Iterator[pa.Table]:
    chance = np.random.default_rng(1)
    walk = np.full(SERIES, 20.0)
    for tick in range(DAYS * DAY):
        walk += chance.normal(0, 0.3, SERIES)
        time_ = np.datetime64(START.replace(tzinfo=None), "us") + np.timedelta64(tick * 10, "m")
        times = pa.array(np.full(SERIES, time_)).cast(pa.timestamp("us", "UTC"))
        yield batch_of({"series": np.arange(SERIES), "time": times, "value": walk.round(1)})


def _single(worker: int, number: int) -> pa.Table:
    time_ = START + timedelta(days=DAYS + 1, seconds=number)
    return batch_of({"series": [worker], "time": [time_], "value": [20.0]})


@contextmanager
def folder() -> Iterator[Path]:
    """On the disk of the checkout: the system's temporary folder may be memory."""
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent, prefix=".bench-") as name:
        yield Path(name)
