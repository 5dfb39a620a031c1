"""Figures by bucket of few series, from what was read of them: the same as `aggregates.statement` gives for many."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.observations.aggregates import Plan
from beffroi.observations.protocol import Aggregate
from beffroi.observations.sums import NO_SUMS, Sums, end_to_end, runs
from beffroi.observations.tracks import Track

Parts = Sequence[Track | Sums]
"""What a window holds, in the order of time: observations, and figures by day"""
Numbers = NDArray[np.float64]
SEED = -1
"""the bucket of a reading that comes before all of them"""


def figures(plan: Plan, windows: Sequence[tuple[int, Parts]], seeds: Mapping[int, float]) -> pa.Table:
    """In the shape of `aggregates.statement`. `windows`: each with its series, in the order of (series, time); `seeds`:
    of series that are counted from the aggregation's start on, the reading just before."""
    turns = dict(plan.aggregation.rolls_over)
    found = [
        _of_one(plan, series, [parts for _, parts in held], seeds.get(series), turns.get(series))
        for series, held in groupby(windows, key=lambda window: window[0])
    ]
    return pa.Table.from_batches(found, plan.schema)


def _of_one(
    plan: Plan, series: int, windows: Sequence[Parts], seed: float | None, turn: float | None
) -> pa.RecordBatch:
    told = [_of_window(plan, parts, seed if place == 0 else None, turn) for place, parts in enumerate(windows)]
    one = end_to_end(told).together("not") if len(told) > 1 else told[0]
    arrays = [pa.array(np.full(len(one.buckets), series)), pa.array(one.buckets)]
    for each in plan.aggregation.aggregates:
        if each.quantile is not None:
            arrays.append(pa.array(_quantiles(plan, windows, each.quantile, one.buckets), from_pandas=True))
        else:
            arrays.append(_column(each, one))
    return pa.RecordBatch.from_arrays(arrays, schema=plan.schema)


def _of_window(plan: Plan, parts: Parts, seed: float | None, turn: float | None) -> Sums:
    held = [
        part.bucketed(plan.buckets_of(part.buckets))
        if isinstance(part, Sums)
        else Sums.of(plan.buckets_of(part.time), part.value)
        for part in parts
    ]
    if seed is not None:
        held.insert(0, Sums.of(np.array([SEED]), np.array([seed])))
    found = end_to_end(held or [NO_SUMS]).together("across", turn)
    return found if seed is None else found.rows(slice(1, None))


def falls(plan: Plan, windows: Sequence[tuple[int, Parts]]) -> bool:
    """Whether figures by day hold a fall of a counter that rolls over, which they took for a reset."""
    turns = dict(plan.aggregation.rolls_over)
    days = (part for series, parts in windows if series in turns for part in parts if isinstance(part, Sums))
    return any(part.falls.any() for part in days)


def _column(one: Aggregate, told: Sums) -> pa.Array:
    return pa.array(COLUMNS[one.function](told), from_pandas=one.function != "count")


COLUMNS: dict[str, Callable[[Sums], NDArray[np.int64] | Numbers]] = {
    "mean": lambda told: told.sum / np.maximum(told.numbers, 1),
    "min": lambda told: told.least,
    "max": lambda told: told.greatest,
    "sum": lambda told: told.sum,
    "count": lambda told: told.observations,
    "first": lambda told: told.first,
    "last": lambda told: told.last,
    "delta": lambda told: np.where(told.steps > 0, told.growth, np.nan),
}


def _quantiles(plan: Plan, windows: Sequence[Parts], rank: float, buckets: NDArray[np.int64]) -> Numbers:
    """Of the numbers of each of `buckets`; NaN without any."""
    tracks = [part for parts in windows for part in parts if isinstance(part, Track)]
    value = np.concatenate([track.value for track in tracks] or [np.empty(0)])
    time = np.concatenate([track.time for track in tracks] or [np.empty(0, np.int64)])
    told = ~np.isnan(value)
    value, bucket = value[told], plan.buckets_of(time[told])
    order = np.lexsort((value, bucket))
    value, bucket = value[order], bucket[order]
    opens = runs(bucket)
    counts = np.diff(np.append(opens, len(bucket)))
    place = rank * (counts - 1)
    below = np.floor(place).astype(np.int64)
    low, high = value[opens + below], value[opens + np.minimum(below + 1, counts - 1)]
    found = np.full(len(buckets), np.nan)
    found[np.searchsorted(buckets, bucket[opens])] = low + (high - low) * (place - below)
    return found
