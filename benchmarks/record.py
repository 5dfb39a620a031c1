"""The record of observations in process: 10,000 series, a reading every 10 minutes, nothing settled."""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from beffroi.observations import SCHEMA, Aggregate, Aggregation, EmbeddedRecord, Record, Windows, batch_of
from benchmarks import walk
from benchmarks.figures import Figure, Run, folder, median_ms, seconds

SERIES = 10_000
DAYS = 3
ROWS = SERIES * walk.DAY * DAYS
KEPT = f"{SERIES:,} series, {DAYS} days kept"
SINGLES = 8_000
ALONE = "alone.duckdb"
PEER = "DuckDB alone"
LIMITS: dict[str, str | bool | int | float | list[str]] = {"threads": 2, "memory_limit": "1GiB"}
SHARE = 0.6
"""of DuckDB's own speed that appending is to reach: what it adds is the journal, the doubles, the latest"""
WORDS = ("open", "closed", "fault", "unknown")


def figures(run: Run) -> list[Figure]:
    with folder() as place:
        run.say("appending")
        record = EmbeddedRecord(place / "record", settle_after=None)
        found = _appending(record, place)
        record.close()
        start = time.perf_counter()
        record = EmbeddedRecord(place / "record", settle_after=None)
        opening = Figure("open", (time.perf_counter() - start) * 1000, "ms", note=KEPT)
        stats = record.stats()
        size = Figure("bytes an observation", stats.bytes_on_disk / stats.observations, "bytes", note="not settled")
        run.say("reading")
        with duckdb.connect(str(place / ALONE), config=LIMITS) as alone:
            found += [size, opening, *_reading(record, alone)]
        run.say("appending one by one")
        found += _submitting(record, place)
        record.close()
        return found


def _appending(record: Record, place: Path) -> list[Figure]:
    batches = list(walk.batches(np.arange(SERIES), DAYS * walk.DAY))
    alone = _rate(ROWS, lambda: _into_duckdb(place / ALONE, batches))
    start = time.perf_counter()
    _append(record, batches)
    acknowledged = ROWS / (time.perf_counter() - start)
    _let_settle(record)
    carried = ROWS / (time.perf_counter() - start)
    again = batches[-walk.DAY // 2 :]
    rewritten = _rate(len(again) * SERIES, partial(_rewritten, record, again))
    beside = {PEER: alone}
    return [
        Figure(
            "append 10,000-row batches until acknowledged",
            acknowledged,
            "rows/s",
            beside,
            SHARE * alone,
            "durable; DuckDB alone: a commit a batch, nothing checked",
        ),
        Figure("append 10,000-row batches until in the table", carried, "rows/s", beside),
        Figure("append what is there already", rewritten, "rows/s"),
        *_of_every_kind(place, batches[: walk.DAY], acknowledged),
    ]


def _of_every_kind(place: Path, batches: Sequence[pa.Table], numbers: float) -> list[Figure]:
    """The same series and times with other columns, each in a record and in a DuckDB of its own."""
    chance, found = np.random.default_rng(3), []
    words = pa.array(np.array(WORDS)[chance.integers(0, len(WORDS), SERIES)])
    texts = pa.array([f"passage of round {n}, nothing to report" for n in chance.integers(0, 10**6, SERIES).tolist()])
    kinds = {
        "boolean": {"value": chance.integers(0, 2, SERIES).astype(float)},
        "enumeration": {"text": words},
        "text": {"text": texts},
        "position": {"longitude": chance.uniform(-2, -1, SERIES), "latitude": chance.uniform(46, 47, SERIES)},
    }
    for kind, columns in kinds.items():
        made = [batch_of({"series": one["series"], "time": one["time"], **columns}) for one in batches]
        rows = SERIES * len(made)
        alone = _rate(rows, partial(_into_duckdb, place / f"{kind}.duckdb", made))
        record = EmbeddedRecord(place / kind, settle_after=None)
        ours = _rate(rows, partial(_append, record, made))
        record.close()
        beside = {PEER: alone, "numbers": numbers}
        found.append(
            Figure(f"append 10,000-row batches of {kind} columns", ours, "rows/s", beside, SHARE * alone, "durable")
        )
    return found


def _reading(record: Record, alone: duckdb.DuckDBPyConnection) -> list[Figure]:
    everyone, day = Windows.whole(list(range(SERIES))), walk.START + timedelta(days=DAYS - 1)
    one = Windows.of([(SERIES // 2, day, day + timedelta(days=1))])
    here = f"time >= TIMESTAMP '{day:%Y-%m-%d}'"

    def by_hour(function: Aggregate) -> float:
        asked = Aggregation(day, day + timedelta(days=1), 1, "hour", "Europe/Paris", (function,))
        return median_ms(lambda: record.aggregate(everyone, asked), times=5)

    def asked_alone(question: str, times: int) -> dict[str, float]:
        return {PEER: median_ms(lambda: alone.sql(question).to_arrow_table(), times=times)}

    bare_read = asked_alone(f"FROM observations WHERE series = {SERIES // 2} AND {here} ORDER BY time", 50)
    bare_mean = asked_alone(
        "SELECT series, epoch_us(time) // 3600000000 AS hour, avg(value) FROM observations"
        f" WHERE {here} GROUP BY ALL ORDER BY ALL",
        5,
    )
    size = "1.44 million rows in, 240,000 out"
    return [
        Figure(
            "24 h of one series", median_ms(lambda: record.read(one).read_all(), times=50), "ms", bare_read, note=KEPT
        ),
        Figure("latest of every series", median_ms(lambda: record.latest(everyone), times=20), "ms", note=KEPT),
        Figure("hourly mean of every series, a day", by_hour(Aggregate("mean")), "ms", bare_mean, note=size),
        Figure("hourly 95th percentile of every series, a day", by_hour(Aggregate("quantile", 0.95)), "ms", note=size),
        Figure("hourly growth of every series, a day", by_hour(Aggregate("delta")), "ms", note=size),
    ]


def _submitting(record: Record, place: Path) -> list[Figure]:
    found, limit = [], {"fsyncs of 400 bytes, one at a time": _fsyncs(place / "fsync")}
    for width in (8, 64):
        shares = [[_single(worker, number) for number in range(SINGLES // width)] for worker in range(width)]
        threads = _rate(SINGLES, partial(_by_threads, record, shares))
        found.append(Figure(f"append one row at a time, {width} threads", threads, "rows/s", limit))
        tasks = _rate(SINGLES, partial(_run_tasks, record, shares))
        found.append(Figure(f"append one row at a time, {width} tasks of an event loop", tasks, "rows/s", limit))
    return found


def _fsyncs(path: Path) -> float:
    def write() -> None:
        with path.open("ab", buffering=0) as file:
            for _ in range(500):
                file.write(bytes(400))
                os.fdatasync(file.fileno())

    return _rate(500, write)


def _append(record: Record, batches: Sequence[pa.Table]) -> None:
    for batch in batches:
        record.append(batch)


def _rewritten(record: Record, batches: Sequence[pa.Table]) -> None:
    _append(record, batches)
    _let_settle(record)


def _by_threads(record: Record, shares: list[list[pa.Table]]) -> None:
    threads = [threading.Thread(target=partial(_append, record, share)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _run_tasks(record: Record, shares: list[list[pa.Table]]) -> None:
    asyncio.run(_by_tasks(record, shares))


async def _by_tasks(record: Record, shares: list[list[pa.Table]]) -> None:
    async def send(share: list[pa.Table]) -> None:
        for batch in share:
            await asyncio.wrap_future(record.submit(batch))

    await asyncio.gather(*map(send, shares))


def _into_duckdb(file: Path, batches: Sequence[pa.Table]) -> None:
    """The same columns, one transaction a batch, nothing checked and no double looked for."""
    with duckdb.connect(str(file), config=LIMITS) as connection:
        columns = "series BIGINT, time TIMESTAMP, value DOUBLE, text VARCHAR, longitude DOUBLE, latitude DOUBLE"
        connection.execute(f"CREATE TABLE observations ({columns}, quality USMALLINT)")
        for batch in batches:
            times = batch["time"].cast(pa.timestamp("us"))
            connection.register("batch", batch.set_column(SCHEMA.get_field_index("time"), "time", times))
            connection.execute("INSERT INTO observations FROM batch")
            connection.unregister("batch")


def _let_settle(record: Record) -> None:
    """Deleting, even nothing, waits for the table to hold all that was acknowledged."""
    record.delete(Windows.whole([SERIES * 10]))


def _rate(rows: int, work: Callable[[], object]) -> float:
    return rows / seconds(work)


def _single(worker: int, number: int) -> pa.Table:
    time_ = walk.START + timedelta(days=DAYS + 1, seconds=number)
    return batch_of({"series": [worker], "time": [time_], "value": [20.0]})
