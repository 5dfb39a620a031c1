"""Figures by day, month or year of many series, in SQL: from those kept by day where these tell of all there is, from
the observations elsewhere. The same as `aggregates.statement` gives from the observations alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from beffroi.observations.aggregates import GROWTH, Plan
from beffroi.observations.view import moment
from beffroi.observations.windows import Windows

EXPRESSIONS = {
    "mean": "sum(total) / sum(numbers)",
    "min": "min(least)",
    "max": "max(greatest)",
    "sum": "sum(total)",
    "count": "sum(observations)::BIGINT",
    "first": "arg_min(first, place) FILTER (numbers > 0)",
    "last": "arg_max(last, place) FILTER (numbers > 0)",
    "delta": "CASE WHEN sum(steps) > 0 OR count(step) > 0 THEN sum(growth) + coalesce(sum(step), 0) END",
}
STEP = GROWTH.replace("value", "first")
"""from the last number of what came before"""


class Summed(NamedTuple):
    """A file of figures by day, and where the period of what it sums up begins."""

    path: Path
    start: np.datetime64


def statement(plan: Plan, visible: str, summed: Sequence[Summed]) -> str:
    """As `aggregates.statement`, over what `visible` has and what `summed` tells of; no counter of them rolls over."""
    figures = ", ".join(f'{EXPRESSIONS[one.function]} AS "{one.name}"' for one in plan.aggregation.aggregates)
    kept = "".join(f" UNION ALL {_rows(plan.windows, file)}" for file in summed)
    parts = f"""SELECT series, opening, time AS moment, {{'time': time, 'row': 0::BIGINT}} AS place, false AS seed,
            1 AS observations, (value IS NOT NULL)::INTEGER AS numbers, value AS total, value AS least,
            value AS greatest, value AS first, value AS last, 0.0::DOUBLE AS growth, 0 AS steps
        FROM visible{kept}"""
    step = "NULL::DOUBLE AS step"
    if plan.counts_growth:
        parts += """ UNION ALL SELECT series, opening, time, {'time': time, 'row': 0::BIGINT}, true, 0, 1, NULL, NULL,
            NULL, NULL, value, 0, 0 FROM seeds"""
        step = f"CASE WHEN numbers > 0 THEN {STEP} END AS step"
    before = "lag(last IGNORE NULLS) OVER (PARTITION BY series, opening ORDER BY place) AS before"
    if plan.even:
        first, width = int(plan.edges[0]), int(plan.edges[1] - plan.edges[0])
        bucketed = f"SELECT *, (epoch_us(moment) - {first}) // {width} AS bucket FROM stepped"
    else:
        bucketed = "SELECT stepped.*, edges.bucket FROM stepped ASOF JOIN edges ON stepped.moment >= edges.opens"
    return f"""{visible}, parts AS ({parts}),
        stepped AS (
            SELECT * EXCLUDE before, {step} FROM (SELECT *, {before} FROM parts) WHERE NOT seed
        ),
        bucketed AS ({bucketed})
        SELECT series, bucket::BIGINT AS bucket, {figures} FROM bucketed
        GROUP BY series, bucket ORDER BY series, bucket"""


def _rows(windows: Windows, file: Summed) -> str:
    """What a file tells of the series asked, in the shape of a part; the windows hold all that it sums up."""
    name = str(file.path).replace("'", "''")
    days = f"""SELECT *, make_timestamp(epoch_us(day)) AS moment, file_row_number AS row
        FROM read_parquet('{name}', file_row_number = true)"""
    asked, opening = "", moment(windows.start[0]) if len(windows) == 1 else 'windows."start"'
    if len(windows) == 1:
        days += f" WHERE series = {windows.series[0]}"
    else:
        asked = " JOIN windows USING (series)"
    return f"""SELECT series, {opening}, moment, {{'time': greatest(moment, {moment(file.start)}), 'row': row}}, false,
            observations, numbers, days."sum", least, days."greatest", days."first", days."last",
            coalesce(growth, 0), greatest(numbers - 1, 0)
        FROM ({days}) AS days{asked}"""
