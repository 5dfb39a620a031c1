"""Figures in the place of observations: which buckets of which files, and how they are counted, in SQL."""

from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from beffroi.observations.batch import SCHEMA, Quality
from beffroi.observations.buckets import Instants, edges
from beffroi.observations.manifest import Manifest, Period, aware
from beffroi.observations.protocol import Thinning
from beffroi.observations.windows import Windows

SUMMARISED = int(Quality.SUMMARISED)
REPROACHED = int(Quality.OUT_OF_RANGE | Quality.FROZEN | Quality.DOUBTFUL)
AROUND = np.timedelta64(2, "D")
"""no bucket of a day or less is longer, however the clocks change"""
TALLY = pa.schema([("series", pa.int64()), ("observations", pa.int64())])


class Stretch(NamedTuple):
    """The buckets that one settled file answers for: those that begin in it. `edges` has the end of the last one too.

    The first bucket of a file may have begun in the file before, which then answers for it, and its own last one may
    reach into the file after.
    """

    edges: Instants

    @classmethod
    def of(cls, thinning: Thinning, period: Period, manifest: Manifest) -> "Stretch":
        """A bucket that begins where no file is falls to the file that it reaches into."""
        first, last = aware(period.start - AROUND), aware(period.end + AROUND)
        found = edges(first, last, thinning.every, thinning.unit, thinning.time_zone)
        start, end = (int(time.astype("M8[us]").astype(np.int64)) for time in (period.start, period.end))
        opening = int(np.searchsorted(found, start, side="right")) - 1
        if found[opening] < start and manifest.within(_time(found[opening]), period.start):
            opening += 1
        return cls(found[opening : int(np.searchsorted(found, end)) + 1])

    @property
    def start(self) -> np.datetime64:
        return _time(self.edges[0])

    @property
    def end(self) -> np.datetime64:
        return _time(self.edges[-1])

    @property
    def last(self) -> np.datetime64:
        """Where the last bucket begins."""
        return _time(self.edges[-2])

    @property
    def second(self) -> np.datetime64:
        """Where the first bucket ends."""
        return _time(self.edges[1])

    def within(self, windows: Windows) -> Windows:
        return windows.between(aware(self.start), aware(self.end))

    def register(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """As the relation `edges`, which the statements here read beside `windows`."""
        cursor.register("edges", pa.table({"opens": self.edges[:-1].astype("M8[us]")}))


def work(visible: str) -> str:
    """Of the CTEs `visible`, by series: how many observations are to go (`observations`), how many figures come for
    them (`figures`)."""
    return f"""{visible}, {_buckets()},
        counted AS (
            SELECT series, count(*) AS held, bool_and(quality & {SUMMARISED} <> 0) AS thin
            FROM bucketed GROUP BY series, opening, opens
        )
        SELECT series, sum(held)::BIGINT AS observations, count(*) AS figures
        FROM counted WHERE held > 1 OR NOT thin GROUP BY series ORDER BY series"""


def thinned(visible: str, thinning: Thinning, start: np.datetime64, end: np.datetime64) -> str:
    """CTE `visible` of what `visible` becomes between two times: what is in no window as it is, and the figures."""
    between = f"time >= TIMESTAMP '{start}' AND time < TIMESTAMP '{end}'"
    names = ", ".join(SCHEMA.names)
    return f"""WITH visible AS ({visible}, {_buckets()}, {_figures(thinning.figure)}
        SELECT {names} FROM placed WHERE opening IS NULL AND {between}
        UNION ALL SELECT {names} FROM figures WHERE {between})"""


def _buckets() -> str:
    """CTEs `placed` (each observation with the `opening` of its window, or none) and `bucketed` (those in a window,
    with the start of their bucket)."""
    return """placed AS (
            SELECT visible.* EXCLUDE (opening), windows."start" AS opening FROM visible LEFT JOIN windows
            ON visible.series = windows.series AND time >= windows."start" AND time < windows."end"
        ),
        bucketed AS (
            SELECT inside.*, edges.opens FROM (FROM placed WHERE opening IS NOT NULL) AS inside
            ASOF JOIN edges ON inside.time >= edges.opens
        )"""


def _figures(figure: str) -> str:
    """CTE `figures` of `bucketed`."""
    observed = ", ".join(f"'{name}': {name}" for name in ("time", "value", "text", "longitude", "latitude", "quality"))
    counts = "value IS NOT NULL" if figure == "mean" else "false"
    columns = ", ".join(
        f"CASE WHEN alone THEN one.{name} WHEN numbers > 0 THEN {number} ELSE chosen.{name} END AS {name}"
        for name, number in (
            ("time", "greatest(opens, opening)"),
            ("value", "mean"),
            ("text", "NULL"),
            ("longitude", "NULL"),
            ("latitude", "NULL"),
        )
    )
    return f"""judged AS (SELECT *, {counts} AS number, quality & {REPROACHED} = 0 AS good FROM bucketed),
        gathered AS (
            SELECT series, opening, opens,
                count(*) = 1 AND bool_and(quality & {SUMMARISED} <> 0) AS alone,
                arg_max({{{observed}}}, time) AS one,
                coalesce(arg_max({{{observed}}}, time) FILTER (good), one) AS chosen,
                count(*) FILTER (number) AS numbers,
                coalesce(avg(value) FILTER (number AND good), avg(value) FILTER (number)) AS mean,
                coalesce(bit_or(quality) FILTER (number AND good), bit_or(quality) FILTER (number)) AS flags
            FROM judged GROUP BY series, opening, opens
        ),
        figures AS (
            SELECT series, {columns},
                (CASE WHEN alone THEN one.quality WHEN numbers > 0 THEN flags | {SUMMARISED}
                    ELSE chosen.quality | {SUMMARISED} END)::USMALLINT AS quality
            FROM gathered
        )"""


def _time(microseconds: int) -> np.datetime64:
    return np.datetime64(int(microseconds), "us")
