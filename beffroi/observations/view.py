"""The one view that every reader goes through: settled files, the recent table, what the journal's tail adds, and
windows around all.

Written as SQL over relations that the connection knows: `observations`, and when they are needed `tail` (the shape of
`STORED`) and `windows` (series, start, end). Times are naive UTC inside the engine.
"""

from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa

from beffroi.observations.batch import Quality
from beffroi.observations.windows import FIRST, LAST, Windows

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


class Span(NamedTuple):
    """All series between two times, or a range of them: for the engine's own work, never for a reader."""

    start: np.datetime64 = FIRST
    end: np.datetime64 = LAST
    first_series: int = 0
    beyond_series: int | None = None


class Source(NamedTuple):
    """A settled file."""

    path: Path
    decimal: bool
    """its numbers are digits over a divisor, where they can"""


class Sources(NamedTuple):
    """What is to be read: the `recent` observations or not; of settled files, those `alone` in being of their days, and
    those `amended` by recent ones."""

    recent: bool = True
    alone: tuple[Source, ...] = ()
    amended: tuple[Source, ...] = ()


OBSERVED = ("value", "text", "longitude", "latitude")
DECIMAL = "coalesce(value, digits / divisor)"
"""a number as `decimals` takes it apart"""
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


def resolved(more: str = "", *, writes: str = "writes", held: str = "held", name: str = "resolved") -> str:
    """CTE `name`: `writes` over `held`, the rows they write over; `more` columns of either may come along.

    Writing over in two steps is writing over in one: what was amended before it is compared with a settled file comes
    out as if each write had been.
    """
    columns = ", ".join(f"{writes}.{column}" for column in OBSERVED)
    differ = " OR ".join(f"{writes}.{column} IS DISTINCT FROM {held}.{column}" for column in OBSERVED)
    return f"""{name} AS (
        SELECT series, time, {writes}.version, {columns},
            ({writes}.quality | CASE WHEN {held}.series IS NULL THEN 0 WHEN {differ} THEN {CORRECTED}
                ELSE {held}.quality & {CORRECTED} END)::USMALLINT AS quality{more}
        FROM {writes} LEFT JOIN {held} USING (series, time)
    )"""


def visible(windows: Windows | Span, tail: Tail, sources: Sources) -> str:
    """CTEs ending with `visible`: the observations in `windows`, each (series, time) once, as `STORED` and `opening`,
    where their window starts."""
    if not sources.recent and sources.alone:
        return settled(sources.alone, windows)
    alone = f"UNION ALL {_settled(sources.alone, windows)}" if sources.alone else ""
    if not sources.amended:
        return f"WITH {_lately(windows, tail)}, visible AS (SELECT * FROM lately {alone})"
    return f"""WITH {_lately(windows, tail)},
        amended AS ({_settled(sources.amended, windows)}),
        {resolved(", lately.opening", writes="lately", held="amended", name="over")},
        visible AS (
            SELECT * FROM over UNION ALL SELECT * FROM amended ANTI JOIN lately USING (series, time) {alone}
        )"""


def settled(files: tuple[Source, ...], windows: Windows | Span) -> str:
    """CTE `visible` of settled files alone."""
    return f"WITH visible AS ({_settled(files, windows)})"


def _lately(windows: Windows | Span, tail: Tail) -> str:
    """CTEs ending with `lately`: what is not settled yet."""
    recent = f"SELECT {_columns('observations')}, {_opening(windows)} AS opening FROM {within('observations', windows)}"
    if tail == "none":
        return f"lately AS ({recent})"
    waiting = f"waiting AS (SELECT {_columns('tail')}, {_opening(windows)} AS opening FROM {within('tail', windows)})"
    if tail == "fresh":
        return f"{waiting}, lately AS ({recent} UNION ALL SELECT * FROM waiting)"
    return f"""{waiting},
        recent AS ({recent}),
        {collapsed("waiting")},
        openings AS (SELECT DISTINCT series, time, opening FROM waiting),
        held AS (SELECT * FROM recent SEMI JOIN writes USING (series, time)),
        {resolved()},
        lately AS (
            SELECT * FROM recent ANTI JOIN writes USING (series, time)
            UNION ALL
            SELECT {STORED_COLUMNS}, opening FROM resolved JOIN openings USING (series, time)
        )"""


def _settled(files: tuple[Source, ...], windows: Windows | Span) -> str:
    """The rows of `files` in `windows`, in the shape of `visible`."""
    start, end = ends(windows)
    if isinstance(windows, Span):
        more = _series_of(windows)
    elif len(windows) == 1:
        more = f" AND series = {windows.series[0]}"
    else:
        more = ""
    # the files' times are instants and the engine's are naive: bounded as they are stored, row groups are skipped
    within_one = f"WHERE time >= TIMESTAMPTZ '{start}+00' AND time < TIMESTAMPTZ '{end}+00'{more}"
    alike = ([file.path for file in files if file.decimal is decimal] for decimal in (True, False))
    rows = " UNION ALL ".join(
        f"""SELECT series, make_timestamp(epoch_us(time)) AS time, 0::BIGINT AS version,
            {value} AS {", ".join(OBSERVED)}, quality FROM read_parquet([{_listed(paths)}]) {within_one}"""
        for value, paths in zip((DECIMAL, "value"), alike, strict=True)
        if paths
    )
    if isinstance(windows, Windows) and len(windows) > 1:
        return f"SELECT settled.*, {_opening(windows)} AS opening FROM ({rows}) AS settled{_joined('settled')}"
    return f"SELECT *, {_opening(windows)} AS opening FROM ({rows})"


def _listed(paths: list[Path]) -> str:
    return ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)


def within(relation: str, windows: Windows | Span) -> str:
    """A FROM clause for the rows of `relation` in `windows`; several windows are read from the relation `windows`."""
    return relation + _clauses(relation, windows)


def moment(time: np.datetime64) -> str:
    """A literal."""
    return f"TIMESTAMP '{time.astype('datetime64[us]')}'"


def ends(windows: Windows | Span) -> tuple[np.datetime64, np.datetime64]:
    """The first time within, and the first after."""
    return (windows.start, windows.end) if isinstance(windows, Span) else (windows.start.min(), windows.end.max())


def _clauses(relation: str, windows: Windows | Span) -> str:
    # bounds in plain sight let the engine skip what was stored at other times
    start, end = ends(windows)
    bounds = f"{relation}.time >= {moment(start)} AND {relation}.time < {moment(end)}"
    if isinstance(windows, Span):
        return f" WHERE {bounds}{_series_of(windows)}"
    if len(windows) == 1:
        return f" WHERE {relation}.series = {windows.series[0]} AND {bounds}"
    return f"{_joined(relation)} WHERE {bounds}"


def _joined(relation: str) -> str:
    within_one = f'{relation}.time >= windows."start" AND {relation}.time < windows."end"'
    return f" JOIN windows ON {relation}.series = windows.series AND {within_one}"


def _series_of(span: Span) -> str:
    if span.beyond_series is None and not span.first_series:
        return ""
    below = "" if span.beyond_series is None else f" AND series < {span.beyond_series}"
    return f" AND series >= {span.first_series}{below}"


def _columns(relation: str) -> str:
    return ", ".join(f"{relation}.{name}" for name in STORED.names)


def _opening(windows: Windows | Span) -> str:
    if isinstance(windows, Span):
        return "NULL::TIMESTAMP"
    return moment(windows.start[0]) if len(windows) == 1 else 'windows."start"'
