"""The one view that every reader goes through: the recent table, what the journal's tail adds, windows around both.

Written as SQL over relations that the connection knows: `observations`, `position`, and when they are needed `tail`
(the shape of `STORED`) and `windows` (series, start, end). Times are naive UTC inside the engine.
"""

from typing import Literal

import numpy as np
import pyarrow as pa

from beffroi.observations.batch import Quality
from beffroi.observations.windows import Windows

STORED = pa.schema(
    [
        ("series", pa.int64()),
        ("time", pa.timestamp("us")),
        ("version", pa.int64()),
        ("value", pa.float64()),
        ("text", pa.string()),
        ("longitude", pa.float64()),
        ("latitude", pa.float64()),
        ("quality", pa.uint16()),
    ]
)
"""An observation as the engine keeps it: `version` says which write it comes from."""

Tail = Literal["none", "fresh", "late"]
"""What waits in the journal's tail: nothing; only observations that are new for sure; or perhaps rewrites."""

OBSERVED = ("value", "text", "longitude", "latitude")
STORED_COLUMNS = ", ".join(STORED.names)
CORRECTED = int(Quality.CORRECTED)


def collapsed(writes: str) -> str:
    """CTE `writes`: of the relation of that name the greatest version of each (series, time), flagged as corrected when
    the versions differ in what they observed, or one was flagged."""
    contents = ", ".join(f"'{name}': {name}" for name in (*OBSERVED, "quality"))
    columns = ", ".join(f"kept.{name} AS {name}" for name in OBSERVED)
    differ = " OR ".join(
        f"min({name}) IS DISTINCT FROM max({name}) OR count({name}) NOT IN (0, count(*))" for name in OBSERVED
    )
    return f"""writes AS (
        SELECT series, time, version, {columns},
            (kept.quality | CASE WHEN differ THEN {CORRECTED} ELSE flagged & {CORRECTED} END)::USMALLINT AS quality
        FROM (
            SELECT series, time, max(version) AS version, arg_max({{{contents}}}, version) AS kept,
                {differ} AS differ, bit_or(quality) AS flagged
            FROM {writes} GROUP BY series, time
        )
    )"""


def resolved(more: str = "") -> str:
    """CTE `resolved`: `writes` over `held`, the rows they write over; `more` columns of `held` may come along."""
    columns = ", ".join(f"writes.{name}" for name in OBSERVED)
    differ = " OR ".join(f"writes.{name} IS DISTINCT FROM held.{name}" for name in OBSERVED)
    return f"""resolved AS (
        SELECT series, time, writes.version, {columns},
            (writes.quality | CASE WHEN held.series IS NULL THEN 0 WHEN {differ} THEN {CORRECTED}
                ELSE held.quality & {CORRECTED} END)::USMALLINT AS quality{more}
        FROM writes LEFT JOIN held USING (series, time)
    )"""


def visible(windows: Windows | None, tail: Tail) -> str:
    """CTEs ending with `visible`: the observations in `windows` (None for all: only to count them), each (series, time)
    once, as `STORED` and `opening`, where their window starts.

    One statement sees one state of the recent table, its `position` with it: whatever of the tail got there meanwhile
    is left out of the tail, so that nothing is missing and nothing comes twice.
    """
    recent = f"SELECT {_columns('observations')}, {_opening(windows)} AS opening FROM {within('observations', windows)}"
    if tail == "none":
        return f"WITH visible AS ({recent})"
    waiting = f"""waiting AS (
        SELECT {_columns("tail")}, {_opening(windows)} AS opening
        FROM (SELECT * FROM tail WHERE version > (SELECT version FROM position)) AS tail{_clauses("tail", windows)}
    )"""
    if tail == "fresh":
        return f"WITH {waiting}, visible AS ({recent} UNION ALL SELECT * FROM waiting)"
    return f"""WITH {waiting},
        recent AS ({recent}),
        {collapsed("waiting")},
        openings AS (SELECT DISTINCT series, time, opening FROM waiting),
        held AS (SELECT * FROM recent SEMI JOIN writes USING (series, time)),
        {resolved()},
        visible AS (
            SELECT * FROM recent ANTI JOIN writes USING (series, time)
            UNION ALL
            SELECT {STORED_COLUMNS}, opening FROM resolved JOIN openings USING (series, time)
        )"""


def within(relation: str, windows: Windows | None) -> str:
    """A FROM clause for the rows of `relation` in `windows`; several windows are read from the relation `windows`."""
    return relation + _clauses(relation, windows)


def moment(time: np.datetime64) -> str:
    """A literal."""
    return f"TIMESTAMP '{time.astype('datetime64[us]')}'"


def _clauses(relation: str, windows: Windows | None) -> str:
    if windows is None:
        return ""
    # bounds in plain sight let the engine skip what was stored at other times
    bounds = f"{relation}.time >= {moment(windows.start.min())} AND {relation}.time < {moment(windows.end.max())}"
    if len(windows) == 1:
        return f" WHERE {relation}.series = {windows.series[0]} AND {bounds}"
    return f""" JOIN windows ON {relation}.series = windows.series
        AND {relation}.time >= windows."start" AND {relation}.time < windows."end" WHERE {bounds}"""


def _columns(relation: str) -> str:
    return ", ".join(f"{relation}.{name}" for name in STORED.names)


def _opening(windows: Windows | None) -> str:
    if windows is None:
        return "NULL::TIMESTAMP"
    return moment(windows.start[0]) if len(windows) == 1 else 'windows."start"'
