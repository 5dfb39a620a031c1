"""Observations of any stretch of time: of the thirty days before the first start, of a gap, of the last seconds."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from beffroi.demo.equipment import Channel
from beffroi.demo.noise import Ints, apart, chance
from beffroi.demo.radio import heard
from beffroi.demo.world import Things, World
from beffroi.observations import SCHEMA, Quality, batch_of

BLOCK = 100_000
"""instants computed at once: their columns stay in the processor's cache"""
BATCH_ROWS = 500_000
"""observations stored together, half of what the record takes at most"""
MAKERS, AHEAD = 2, 8
"""threads, and blocks that wait for whoever takes them"""


@dataclass(frozen=True)
class Source:
    """The series of one channel of one sort of equipment, by row. `since` (seconds since 1970): nothing before it."""

    channel: Channel
    things: Things
    series: Ints
    since: Ints

    def after(self, since: Ints) -> "Source":
        return replace(self, since=since)

    def rows(self, chosen: Ints | slice) -> "Source":
        return Source(self.channel, self.things.rows(chosen), self.series[chosen], self.since[chosen])


def told(world: World, sources: Sequence[Source], start: int, end: int) -> pa.Table:
    """A batch of all that arrived of `[start, end)`, every observation flagged `SIMULATED`."""
    blocks = _blocks(sources, start, end)
    tables = [table for block in blocks if (table := _told(world, block, start, end)) is not None]
    return pa.concat_tables(tables) if tables else SCHEMA.empty_table()


def batches(world: World, sources: Sequence[Source], start: int, end: int) -> Iterator[tuple[pa.Table, int]]:
    """The same in several, of `BATCH_ROWS` or somewhat more: each holds all of its series, and comes with how many
    series it is of. They are made ahead, by several threads."""
    waiting: list[pa.Table] = []
    rows = series = 0
    for table, of in _ahead(world, list(_blocks(sources, start, end)), start, end):
        waiting.append(table)
        rows, series = rows + len(table), series + of
        if rows >= BATCH_ROWS:
            yield pa.concat_tables(waiting).combine_chunks(), series
            waiting, rows, series = [], 0, 0
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks(), series


def _ahead(world: World, blocks: Sequence[Source], start: int, end: int) -> Iterator[tuple[pa.Table, int]]:
    making: deque[tuple[int, Future[pa.Table | None]]] = deque()
    with ThreadPoolExecutor(MAKERS) as pool:
        for block in (*blocks, *[None] * AHEAD):
            if block is not None:
                making.append((len(block.series), pool.submit(_told, world, block, start, end)))
            if making and (block is None or len(making) > AHEAD):
                series, made = making.popleft()
                table = made.result()
                yield SCHEMA.empty_table() if table is None else table, series


def _blocks(sources: Sequence[Source], start: int, end: int) -> Iterator[Source]:
    for source in sources:
        width = (end - start) // source.channel.period + 2
        rows = max(1, BLOCK // width)
        for first in range(0, len(source.series), rows):
            yield source.rows(slice(first, first + rows))


def slices(start: int, end: int, length: int) -> Iterator[tuple[int, int]]:
    """`[start, end)` cut at the multiples of `length`."""
    while start < end:
        stop = min(end, (start // length + 1) * length)
        yield start, stop
        start = stop


def _told(world: World, source: Source, start: int, end: int) -> pa.Table | None:
    period = source.channel.period
    phase = (chance(apart(source.things.seed, "phase")) * period).astype(np.int64)
    first = -((phase - start) // period)  # of the ticks at or after start
    due = np.flatnonzero(first * period + phase < end)
    if not len(due):
        return None
    source, phase, first = source.rows(due), phase[due, None], first[due, None]
    ticks = first + np.arange(-1, (end - start - 1) // period + 1)
    times = ticks * period + phase
    things = source.things.upright()
    kept = (times < end) & (times >= source.since[:, None]) & heard(world, things, times)
    values = source.channel.value(world, things, times)
    kept &= _worth_telling(source.channel, values, ticks)
    return _batch(source, times, values, kept)


def _worth_telling(channel: Channel, values: np.ndarray, ticks: Ints) -> np.ndarray:
    """The first column only serves to know what changed."""
    worth = np.ones(values.shape, bool)
    if channel.heartbeat > 1:
        worth[:, 1:] = (values[:, 1:] != values[:, :-1]) | (ticks[:, 1:] % channel.heartbeat == 0)
    worth[:, 0] = False
    return worth


def _batch(source: Source, times: Ints, values: np.ndarray, kept: np.ndarray) -> pa.Table:
    columns = {
        "series": np.broadcast_to(source.series[:, None], kept.shape)[kept],
        "time": (times[kept] * 1_000_000).view("datetime64[us]"),
        "quality": np.full(np.count_nonzero(kept), Quality.SIMULATED, np.uint16),
    }
    if source.channel.words:
        words = pa.array(source.channel.words)
        columns["text"] = words.take(pa.array(values[kept].astype(np.int64)))
    else:
        columns["value"] = values[kept]
    return batch_of(columns)
