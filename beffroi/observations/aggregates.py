"""Figures by bucket: what the engine is asked, and how empty buckets are filled."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.errors import Invalid, Text
from beffroi.observations.buckets import HOUR, Instants, edges
from beffroi.observations.protocol import Aggregate, Aggregation
from beffroi.observations.windows import Windows

Grain = Literal["hour", "day", "day of sums"]
SUMMED = {"mean", "sum", "count"}
"""what days tell of that are read without their least, their greatest and what else they hold"""
"""of figures that are kept"""

EXPRESSIONS = {
    "mean": "avg(value)",
    "min": "min(value)",
    "max": "max(value)",
    "sum": "sum(value)",
    "count": "count(*)",
    "first": "arg_min(value, time)",
    "last": "arg_max(value, time)",
    "delta": "sum(growth)",
}
"""All but `count` look at numbers only. Each is null in a bucket without any."""

GROWTH = "CASE WHEN value >= before THEN value - before WHEN value < before THEN value END"
ROLLED = "value + (rolls_over_at - before)"
GROWTH_OR_ROLLED = f"""CASE WHEN value >= before THEN value - before
    WHEN value >= 0 AND before < rolls_over_at AND {ROLLED} <= rolls_over_at / 2 THEN {ROLLED}
    WHEN value < before THEN value END"""
"""From the reading `before` to the next; with the column `rolls_over_at`, null of a series that does not."""


@dataclass(frozen=True)
class Plan:
    """An aggregation made ready: its buckets' edges, and the windows it reads."""

    aggregation: Aggregation
    edges: Instants
    windows: Windows

    @classmethod
    def of(cls, aggregation: Aggregation, windows: Windows) -> "Plan":
        """Raises `Invalid` for what cannot be asked."""
        wanted = aggregation
        names = [one.name for one in wanted.aggregates]
        if not names or len(set(names)) < len(names):
            raise Invalid("aggregates", Text("Il en faut au moins un, chacun une fois.", "At least one, each once."))
        for one in wanted.aggregates:
            _check(one)
        bounds = edges(wanted.start, wanted.end, wanted.every, wanted.unit, wanted.time_zone)
        return cls(wanted, bounds, windows.between(wanted.start, wanted.end))

    @property
    def counts_growth(self) -> bool:
        return any(one.function == "delta" for one in self.aggregation.aggregates)

    @property
    def even(self) -> bool:
        """Whether all buckets last the same."""
        return bool((np.diff(self.edges, 2) == 0).all())

    def grain(self, time_zone: str) -> Grain | None:
        """Of which kept figures the buckets are whole numbers: of days of that time zone, or of hours; None when
        figures would not tell what is asked."""
        asked = self.aggregation
        if asked.reject or any(one.quantile is not None for one in asked.aggregates):
            return None
        if asked.unit in ("day", "week", "month", "year") and asked.time_zone == time_zone:
            return "day of sums" if all(one.function in SUMMED for one in asked.aggregates) else "day"
        return None if (self.edges % HOUR).any() else "hour"

    def buckets_of(self, times: Instants) -> Instants:
        """The place among the edges of times within them, in order or not."""
        if self.even:
            first, width = int(self.edges[0]), int(self.edges[1] - self.edges[0])
            return np.asarray((times - first) // width)
        return np.asarray(np.searchsorted(self.edges, times, side="right") - 1)

    @cached_property
    def schema(self) -> pa.Schema:
        """Of what its statement gives."""
        kinds = {
            one.name: pa.int64() if one.function == "count" else pa.float64() for one in self.aggregation.aggregates
        }
        return pa.schema({"series": pa.int64(), "bucket": pa.int64(), **kinds})

    @property
    def rolls_over(self) -> bool:
        return self.counts_growth and bool(self.aggregation.rolls_over)

    def rolls_over_table(self) -> pa.Table:
        schema = pa.schema([("series", pa.int64()), ("rolls_over_at", pa.float64())])
        return pa.table(list(zip(*self.aggregation.rolls_over, strict=True)), schema=schema)

    def edges_table(self) -> pa.Table:
        starts = self.edges[:-1]
        return pa.table({"bucket": np.arange(len(starts)), "opens": starts.astype("datetime64[us]")})


def statement(plan: Plan, visible: str) -> str:
    """The query of `plan` over `visible` (see `view`): `series`, `bucket` (its place among the edges), the figures.

    Reads the relations `edges` when buckets are uneven, and `seeds` (series, opening, time, value) when growth is
    counted: the readings just before, from which it starts; then `rolls_over` (series, rolls_over_at) as well, if any
    does.
    """
    figures = ", ".join(f'{_expression(one)} AS "{one.name}"' for one in plan.aggregation.aggregates)
    rows = f"SELECT series, time, value, opening FROM visible WHERE {accepted(plan.aggregation.reject)}"
    if plan.counts_growth:
        # growth is never counted across what a reader may not see: a window's own readings alone, and its seed
        growth, joined = (GROWTH_OR_ROLLED, " LEFT JOIN rolls_over USING (series)") if plan.rolls_over else (GROWTH, "")
        rows = f"""SELECT * FROM (
            SELECT series, time, value, {growth} AS growth, seed
            FROM (
                SELECT *, lag(value IGNORE NULLS) OVER (PARTITION BY series, opening ORDER BY time) AS before FROM (
                    SELECT *, false AS seed FROM ({rows})
                    UNION ALL SELECT series, time, value, opening, true FROM seeds
                )
            ){joined}
        ) WHERE NOT seed"""
    if plan.even:
        first, width = int(plan.edges[0]), int(plan.edges[1] - plan.edges[0])
        bucketed = f"SELECT *, (epoch_us(time) - {first}) // {width} AS bucket FROM kept"
    else:
        bucketed = "SELECT kept.*, edges.bucket FROM kept ASOF JOIN edges ON kept.time >= edges.opens"
    return f"""{visible}, kept AS ({rows}), bucketed AS ({bucketed})
        SELECT series, bucket::BIGINT AS bucket, {figures} FROM bucketed
        GROUP BY series, bucket ORDER BY series, bucket"""


def accepted(reject: int) -> str:
    """A condition: none of the quality bits of `reject`."""
    return f"quality & {int(reject)} = 0" if reject else "true"


def filled(plan: Plan, found: pa.Table, most: int) -> pa.Table:
    """`found` by its buckets' start and end, with the empty buckets that the fill asks for: those that touch a window.

    A count is 0 there whatever the fill. `previous` and `linear` (between the starts of the buckets known) reach from
    one bucket known to the next, never before the first; `linear` stops at the last. Raises `Invalid` for more than
    `most` rows.
    """
    if len(found) > most:
        raise too_many("every", most)
    series, bucket = found.column("series").to_numpy(), found.column("bucket").to_numpy()
    columns = {one.name: found.column(one.name) for one in plan.aggregation.aggregates}
    if plan.aggregation.fill != "none":
        all_series, all_buckets = _grid(plan, most)
        width = len(plan.edges)
        ranks = np.unique(all_series)
        place = np.searchsorted(
            np.searchsorted(ranks, all_series) * width + all_buckets, np.searchsorted(ranks, series) * width + bucket
        )
        for one in plan.aggregation.aggregates:
            columns[one.name] = _spread(one, plan, columns[one.name], place, all_series, all_buckets)
        series, bucket = all_series, all_buckets
    instant = pa.timestamp("us", "UTC")
    return pa.table(
        {
            "series": pa.array(series, pa.int64()),
            "start": pa.array(plan.edges[bucket], pa.int64()).cast(instant),
            "end": pa.array(plan.edges[bucket + 1], pa.int64()).cast(instant),
            **{
                one.name: columns[one.name].cast(pa.int64() if one.function == "count" else pa.float64())
                for one in plan.aggregation.aggregates
            },
        }
    )


def too_many(field: str, most: int) -> Invalid:
    return Invalid(
        field,
        Text(
            f"Cela ferait plus de {most} lignes : demandez moins de séries, ou des tranches plus longues.",
            f"This would make more than {most} rows: ask for fewer series, or longer buckets.",
        ),
    )


def _check(one: Aggregate) -> None:
    if one.function != "quantile" and one.function not in EXPRESSIONS:
        raise Invalid("aggregates", Text("Cette fonction n'existe pas.", "There is no such function."))
    if (one.function == "quantile") != (one.quantile is not None):
        raise Invalid(
            "aggregates", Text("Un quantile, et lui seul, a un rang.", "A quantile, and it alone, has a rank.")
        )
    if one.quantile is not None and not 0 <= one.quantile <= 1:
        raise Invalid("aggregates", Text("Un rang va de 0 à 1.", "A rank goes from 0 to 1."))


def _expression(one: Aggregate) -> str:
    return EXPRESSIONS[one.function] if one.quantile is None else f"quantile_cont(value, {float(one.quantile)!r})"


def _grid(plan: Plan, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Series and bucket of all the buckets that touch a window, each once, in order."""
    windows, bounds = plan.windows, plan.edges
    first = np.searchsorted(bounds, windows.start.astype(np.int64), side="right") - 1
    beyond = np.searchsorted(bounds, windows.end.astype(np.int64), side="left")
    again = np.append(False, (windows.series[1:] == windows.series[:-1]) & (first[1:] < beyond[:-1]))
    counts = beyond - (first + again)
    if counts.sum() > most:
        raise too_many("fill", most)
    ends = np.cumsum(counts)
    within = np.arange(counts.sum()) - np.repeat(ends - counts, counts)
    return np.repeat(windows.series, counts), within + np.repeat(first + again, counts)


def _spread(
    one: Aggregate,
    plan: Plan,
    column: pa.ChunkedArray,
    place: NDArray[np.intp],
    series: NDArray[np.int64],
    bucket: NDArray[np.int64],
) -> pa.Array:
    """`column` put at its `place` among all buckets, the others filled."""
    fill = plan.aggregation.fill
    if one.function == "count":
        counts = np.zeros(len(series), dtype=np.int64)
        counts[place] = column.to_numpy()
        return pa.array(counts)
    values = np.full(len(series), np.nan)
    values[place] = column.to_numpy()
    empty = np.isnan(values)
    if fill == "zero":
        values[empty] = 0
    elif fill in ("previous", "linear") and len(values):
        rows = np.arange(len(values))
        opening = np.append(True, series[1:] != series[:-1])
        before = np.maximum.accumulate(np.where(~empty | opening, rows, 0))
        if fill == "previous":
            values = values[before]
        else:
            closing = np.append(opening[1:], True)
            after = np.minimum.accumulate(np.where(~empty | closing, rows, len(rows))[::-1])[::-1]
            time = plan.edges[bucket].astype(np.float64)
            span = np.where(after > before, time[after] - time[before], 1)
            share = (time - time[before]) / span
            values = np.where(empty, values[before] + (values[after] - values[before]) * share, values)
    return pa.array(values, from_pandas=True)
