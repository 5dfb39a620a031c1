"""The settled record in process: a reading every 10 minutes, of 10,000 series for a month, of 1,000 for a year."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median

import duckdb
import numpy as np

from beffroi.observations import Aggregate, Aggregation, EmbeddedRecord, RecordStats, Windows
from beffroi.observations.view import DECIMAL
from benchmarks import walk
from benchmarks.figures import Figure, Run, folder, median_ms, seconds
from benchmarks.record import LIMITS

SERIES = 10_000
DAYS = 30
YEAR_SERIES = 1_000
YEAR_DAYS = 365
BYTES_REACH = 1.2
MEAN_REACH = 300
MONTH_REACH = 10
YEAR_REACH = 20
SORTED = "DuckDB alone: a table sorted the same way"


def figures(run: Run) -> list[Figure]:
    days, year = (5, 60) if run.quick else (DAYS, YEAR_DAYS)
    with folder() as place:
        found = _month(run, place, days)
    with folder() as place:
        return found + _year(run, place, year)


def _month(run: Run, place: Path, days: int) -> list[Figure]:
    size = f"{SERIES:,} series, {days} days"
    record = EmbeddedRecord(place / "record", settle_after=None)
    settling = []
    for day, taken in enumerate(walk.keep(record, np.arange(SERIES), ticks=days * walk.DAY), start=1):
        run.say(f"day {day} of {days}")
        settling.append(taken)
    rows = f"{SERIES * walk.DAY / 1e6:.2f} million rows"
    found = [Figure("settle a day", median(settling), "s", note=rows), _bytes("a day a file", record.stats())]
    run.say("reading")
    with duckdb.connect(str(place / "sorted.duckdb"), config=LIMITS) as alone:
        names = str(place / "record" / "settled" / "*.parquet")
        columns = f"series, time, {DECIMAL} AS value"
        alone.execute(f"CREATE TABLE sorted AS SELECT {columns} FROM read_parquet('{names}') ORDER BY series, time")
        found += _reading(record, alone, days, "a day a file")
        record.compact(until=walk.START + timedelta(days=days))
        found += _reading(record, alone, days, "thirds of a month, then days")
        merging = seconds(record.compact)
        found += [Figure("merge a month", merging, "s", note=size), _bytes("a month a file", record.stats())]
        found += _reading(record, alone, days, "a month a file")
    found.append(Figure("verify", seconds(record.verify), "s", note=size))
    record.close()
    opened = seconds(lambda: EmbeddedRecord(place / "record", settle_after=None).close())
    return [*found, Figure("open and close", opened, "s", note=size)]


def _year(run: Run, place: Path, days: int) -> list[Figure]:
    """A year as one has it: its months merged, but for the last."""
    record = EmbeddedRecord(place / "record", settle_after=None)
    for day, batch in enumerate(walk.days(np.arange(YEAR_SERIES), days), start=1):
        run.say(f"day {day} of {days}")
        record.append(batch)
        record.settle(until=walk.START + timedelta(days=day))
    record.compact(until=walk.START + timedelta(days=days))
    end = walk.START + timedelta(days=days)
    daily = Aggregation(
        walk.START, end, 1, "day", "Europe/Paris", (Aggregate("mean"), Aggregate("min"), Aggregate("max"))
    )
    places = iter(np.random.default_rng(2).integers(0, YEAR_SERIES, 1000).tolist())
    taken = median_ms(lambda: record.aggregate(Windows.whole([next(places)]), daily), times=50)
    record.close()
    work, note = "a year of one series by day", f"mean, least, greatest; {YEAR_SERIES:,} series, {days} days"
    return [Figure(work, taken, "ms", reach=YEAR_REACH, note=note)]


def _bytes(how: str, stats: RecordStats) -> Figure:
    work = f"settled bytes an observation, {how}"
    return Figure(work, stats.bytes_each, "bytes", reach=BYTES_REACH)


def _reading(record: EmbeddedRecord, alone: duckdb.DuckDBPyConnection, days: int, how: str) -> list[Figure]:
    day = walk.START + timedelta(days=days // 2)
    places = iter(np.random.default_rng(2).integers(0, SERIES, 1000).tolist())

    def one(start: timedelta, end: timedelta) -> Callable[[], object]:
        return lambda: record.read(Windows.of([(next(places), walk.START + start, walk.START + end)])).read_all()

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
    middle, whole = timedelta(days=days // 2), timedelta(days=days)
    return [
        Figure(
            f"24 h of one series, {how}",
            median_ms(one(middle, middle + timedelta(days=1)), times=100),
            "ms",
            {SORTED: median_ms(alone_one(here), times=30)},
        ),
        Figure(
            f"30 days of one series, {how}",
            median_ms(one(timedelta(0), whole), times=30),
            "ms",
            {SORTED: median_ms(alone_one(""), times=30)},
            MONTH_REACH,
            "" if days == DAYS else f"{days} days",
        ),
        Figure(
            f"hourly mean of every series, a day, {how}",
            median_ms(lambda: record.aggregate(everyone, hourly), times=5),
            "ms",
            {SORTED: median_ms(lambda: alone.sql(bare_mean).to_arrow_table(), times=5)},
            MEAN_REACH,
        ),
    ]
