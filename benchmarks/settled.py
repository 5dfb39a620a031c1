"""The settled record: 10,000 series, a reading every 10 minutes, a random walk of one decimal, 30 days as files."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median

import duckdb
import numpy as np
import pyarrow as pa

from beffroi.observations import Aggregate, Aggregation, EmbeddedRecord, RecordStats, Windows, batch_of
from benchmarks.figures import Figure, median_ms
from benchmarks.record import DAY, LIMITS, SERIES, START, folder

DAYS = 30
SIZE = f"{SERIES:,} series, {DAYS} days"
PEER = "DuckDB alone, a table sorted the same way"


def figures() -> list[Figure]:
    with folder() as place:
        record = EmbeddedRecord(place / "record", settle_after=None)
        seconds = [_settle_a_day(record, batches, day) for day, batches in enumerate(_days())]
        rows = f"{SERIES * DAY / 1e6:.2f} million rows"
        found = [Figure("settle a day", median(seconds), "s", note=rows), _bytes("a day a file", record.stats())]
        with duckdb.connect(str(place / "sorted.duckdb"), config=LIMITS) as alone:
            names = str(place / "record" / "settled" / "*.parquet")
            alone.execute(f"CREATE TABLE sorted AS FROM read_parquet('{names}') ORDER BY series, time")
            found += _reading(record, alone, "a day a file")
            merging = _seconds(record.compact)
            found += [Figure("merge a month", merging, "s", note=SIZE), _bytes("a month a file", record.stats())]
            found += _reading(record, alone, "a month a file")
        found += [
            Figure("verify", _seconds(record.verify), "s", note=SIZE),
            Figure("open", _reopened(record, place / "record"), "s", note=SIZE),
        ]
        return found


def _days() -> Iterator[Iterator[pa.Table]]:
    chance = np.random.default_rng(1)
    walk = np.full(SERIES, 20.0)

    def batches(day: int) -> Iterator[pa.Table]:
        for tick in range(DAY):
            walk[:] += chance.normal(0, 0.3, SERIES)
            moment = np.datetime64(START.replace(tzinfo=None), "us") + np.timedelta64(day * 1440 + tick * 10, "m")
            times = pa.array(np.full(SERIES, moment)).cast(pa.timestamp("us", "UTC"))
            yield batch_of({"series": np.arange(SERIES), "time": times, "value": walk.round(1)})

    return (batches(day) for day in range(DAYS))


def _settle_a_day(record: EmbeddedRecord, batches: Iterator[pa.Table], day: int) -> float:
    for batch in batches:
        record.append(batch)
    return _seconds(lambda: record.settle(until=START + timedelta(days=day + 1)))


def _bytes(how: str, stats: RecordStats) -> Figure:
    return Figure("settled bytes an observation", stats.settled_bytes / stats.settled, "bytes", note=how)


def _reading(record: EmbeddedRecord, alone: duckdb.DuckDBPyConnection, how: str) -> list[Figure]:
    day = START + timedelta(days=DAYS // 2)
    places = iter(np.random.default_rng(2).integers(0, SERIES, 1000).tolist())

    def one(since: timedelta, until: timedelta) -> Callable[[], object]:
        return lambda: record.read(Windows.of([(next(places), START + since, START + until)])).read_all()

    def alone_one(more: str) -> Callable[[], object]:
        return lambda: alone.sql(
            f"SELECT * FROM sorted WHERE series = {next(places)} {more} ORDER BY time"
        ).to_arrow_table()

    first, beyond = (f"TIMESTAMPTZ '{moment:%Y-%m-%d %H:%M}+00'" for moment in (day, day + timedelta(days=1)))
    here = f"AND time >= {first} AND time < {beyond}"
    hourly = Aggregation(day, day + timedelta(days=1), 1, "hour", "Europe/Paris", (Aggregate("mean"),))
    everyone = Windows.whole(list(range(SERIES)))
    bare_mean = (
        "SELECT series, epoch_us(time) // 3600000000 AS hour, avg(value) FROM sorted"
        f" WHERE true {here} GROUP BY ALL ORDER BY ALL"
    )
    middle, whole = timedelta(days=DAYS // 2), timedelta(days=DAYS)
    return [
        Figure(
            "24 h of one series",
            median_ms(one(middle, middle + timedelta(days=1)), times=100),
            "ms",
            median_ms(alone_one(here), times=30),
            PEER,
            how,
        ),
        Figure(
            "30 days of one series",
            median_ms(one(timedelta(0), whole), times=30),
            "ms",
            median_ms(alone_one(""), times=30),
            PEER,
            how,
        ),
        Figure(
            "hourly mean of every series, a day",
            median_ms(lambda: record.aggregate(everyone, hourly), times=5),
            "ms",
            median_ms(lambda: alone.sql(bare_mean).to_arrow_table(), times=5),
            PEER,
            how,
        ),
    ]


def _reopened(record: EmbeddedRecord, place: Path) -> float:
    record.close()
    start = time.perf_counter()
    record = EmbeddedRecord(place, settle_after=None)
    taken = time.perf_counter() - start
    record.close()
    return taken


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
