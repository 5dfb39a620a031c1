"""What is asked of the view, in SQL: observations, the latest of each series, figures by bucket."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple, Protocol

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.observations import totals
from beffroi.observations.aggregates import Plan, accepted, filled, statement, too_many
from beffroi.observations.batch import SCHEMA, observations
from beffroi.observations.figures import falls, figures
from beffroi.observations.lanes import Lanes, Turn
from beffroi.observations.manifest import File
from beffroi.observations.patience import Patience
from beffroi.observations.points import Points
from beffroi.observations.protocol import Aggregation
from beffroi.observations.streams import Streams
from beffroi.observations.totals import Summed
from beffroi.observations.tracks import as_batch
from beffroi.observations.view import Sources, Span
from beffroi.observations.windows import FIRST, Windows, instant

READ_ROWS = 50_000
"""in one batch of a reader"""
FIGURES_ROWS = 200_000
"""of figures, at a time"""
LOOK_BACK = (timedelta(days=1), timedelta(days=32), None)
"""how far back the reading before a counter's first bucket is looked for, in turn"""
NO_SEEDS = pa.schema(
    [("series", pa.int64()), ("opening", pa.timestamp("us")), ("time", pa.timestamp("us")), ("value", pa.float64())]
).empty_table()


Choice = Literal["all", "amended", "none"]
"""Of the settled files: all, or those that something recent is of, or none."""


class View(NamedTuple):
    """One state of the record: a cursor of one's own, in a transaction, and the CTEs (see `view.visible`) that begin
    every statement read through it."""

    cursor: duckdb.DuckDBPyConnection
    visible: str
    position: int
    """the version up to which everything was in the table; 0 when nothing of the table is read"""
    sources: Sources
    aside: tuple[File, ...]
    """the settled files that were not chosen"""
    summed: tuple[Summed, ...] = ()
    """figures by day of what the CTEs leave out"""


class Views(Protocol):
    """Opens the view on what is asked for."""

    def __call__(
        self, windows: Windows | Span, *, tail: bool = True, settled: Choice = "all", by_day: bool = False
    ) -> AbstractContextManager[View]:
        """`tail`: with what waits in the journal's tail. `settled`: of which files. `by_day`: figures kept by day may
        stand for what lies within whole files."""
        ...


class Reader:
    """Few series are read by `points`; what these leave to the engine, through views, each opened on the windows it is
    asked for. What people ask takes its turn in the lanes."""

    def __init__(self, view: Views, points: Points, streams: Streams, lanes: Lanes) -> None:
        self._view = view
        self._points = points
        self._streams = streams
        self._lanes = lanes

    def read(
        self, windows: Windows, *, limit: int | None, newest_first: bool, reject: int, patience: Patience | None
    ) -> pa.RecordBatchReader:
        def batches() -> Iterator[pa.RecordBatch]:
            if not len(windows):
                return
            if (tracks := self._points.tracks(windows, reject=reject)) is not None:
                yield as_batch(tracks, newest_first=newest_first).slice(0, limit)
                return
            order = "DESC" if newest_first else "ASC"
            question = f"""SELECT {", ".join(SCHEMA.names)} FROM visible WHERE {accepted(reject)}
                ORDER BY series, time {order} {"" if limit is None else f"LIMIT {int(limit)}"}"""
            yield from self._pieces(windows, question, patience)

        return pa.RecordBatchReader.from_batches(SCHEMA, batches())

    def _pieces(self, windows: Windows, question: str, patience: Patience | None) -> Iterator[pa.RecordBatch]:
        """What is asked of the view on `windows`, each piece fetched when its turn comes."""
        with self._lanes.stream(patience), ExitStack() as stack:

            def begin(turn: Turn) -> tuple[View, Iterator[pa.RecordBatch], pa.RecordBatch | None]:
                view = stack.enter_context(self._view(windows))
                with turn.watching(view.cursor.interrupt):
                    pieces = self._streams.batches(view.cursor.sql(f"{view.visible} {question}"), READ_ROWS)
                    return view, pieces, next(pieces, None)

            def follow(turn: Turn) -> pa.RecordBatch | None:
                with turn.watching(view.cursor.interrupt):
                    return next(pieces, None)

            view, pieces, batch = self._lanes.ask(begin, patience)
            while batch is not None:
                yield observations(batch)
                batch = self._lanes.go_on(follow, patience)

    def greatest(self, windows: Windows, patience: Patience | None = None) -> pa.Table:
        """The observation of greatest time of each series, ordered by series."""
        return self._lanes.ask(lambda turn: self._greatest(windows, turn), patience)

    def _greatest(self, windows: Windows, turn: Turn) -> pa.Table:
        with self._view(windows) as (cursor, visible, *_), turn.watching(cursor.interrupt):
            found = cursor.sql(
                f"""{visible} SELECT {", ".join(f"visible.{name}" for name in SCHEMA.names)}
                FROM visible JOIN (SELECT series, max(time) AS time FROM visible GROUP BY series) USING (series, time)
                ORDER BY series"""
            ).to_arrow_table()
        return pa.Table.from_batches([observations(batch) for batch in found.to_batches()], SCHEMA)

    def newest(self, span: Span, besides: NDArray[np.int64], *, settled: Choice = "all") -> pa.Table:
        """The observation of greatest time within `span` of each series, those `besides` left out, ordered by series;
        of the table alone for settled files that cannot be read."""
        with self._view(span, settled=settled) as (cursor, visible, *_):
            cursor.register("besides", pa.table({"series": besides}))
            newest = cursor.sql(
                f"""{visible} SELECT series, max(time) AS time FROM visible ANTI JOIN besides USING (series)
                GROUP BY series"""
            ).to_arrow_table()
            cursor.register("newest", newest)
            found = cursor.sql(
                f"""{visible} SELECT {", ".join(SCHEMA.names)} FROM visible JOIN newest USING (series, time)
                ORDER BY series"""
            ).to_arrow_table()
        return pa.Table.from_batches([observations(batch) for batch in found.to_batches()], SCHEMA)

    def extent(self) -> tuple[int, datetime | None, datetime | None]:
        """How many observations are kept, the first time and the last."""
        with self._view(Span(), settled="amended") as view:
            question = f"{view.visible} SELECT count(*), min(time), max(time) FROM visible"
            ((count, *ends),) = view.cursor.sql(question).fetchall()
        times = [time.replace(tzinfo=UTC) for time in ends if time]
        times += [time for file in view.aside for time in (file.first_time, file.last_time)]
        return count + sum(file.rows for file in view.aside), min(times, default=None), max(times, default=None)

    def aggregate(self, windows: Windows, aggregation: Aggregation, most: int, patience: Patience | None) -> pa.Table:
        plan = Plan.of(aggregation, windows)
        if not len(plan.windows):
            return filled(plan, plan.schema.empty_table(), most)
        if (found := self._figures(plan, windows)) is not None:
            return filled(plan, found, most)
        return self._lanes.ask(lambda turn: filled(plan, self._asked(plan, windows, most, turn), most), patience)

    def _asked(self, plan: Plan, windows: Windows, most: int, turn: Turn) -> pa.Table:
        """Of many series, by the engine."""
        seeds = self._seeds(windows, plan.aggregation, turn) if plan.counts_growth else None
        by_day = not plan.rolls_over and self._points.grain(plan) in ("day", "day of sums")
        with self._view(plan.windows, by_day=by_day) as view, turn.watching(view.cursor.interrupt):
            cursor = view.cursor
            if not plan.even:
                cursor.register("edges", plan.edges_table())
            if seeds is not None:
                cursor.register("seeds", seeds)
            if plan.rolls_over:
                cursor.register("rolls_over", plan.rolls_over_table())
            asked = totals.statement(plan, view.visible, view.summed) if view.summed else statement(plan, view.visible)
            figures_found = cursor.sql(asked).to_arrow_reader(FIGURES_ROWS)
            found: list[pa.RecordBatch] = []
            for batch in figures_found:
                found.append(batch)
                if sum(map(len, found)) > most:
                    raise too_many("every", most)
            return pa.Table.from_batches(found, figures_found.schema)

    def _figures(self, plan: Plan, windows: Windows) -> pa.Table | None:
        """Of few series, without the engine."""
        asked = plan.aggregation
        parts = self._points.parts(plan.windows, grain=self._points.grain(plan), reject=asked.reject)
        if parts is not None and plan.rolls_over and falls(plan, parts):
            parts = self._points.parts(plan.windows, grain=None, reject=asked.reject)
        if parts is None:
            return None
        seeds = self._last_before(windows, asked) if plan.counts_growth else {}
        return None if seeds is None else figures(plan, parts, seeds)

    def _last_before(self, windows: Windows, aggregation: Aggregation) -> dict[int, float] | None:
        """What `_seeds` finds, by series, without the engine; None when it must be asked."""
        found: dict[int, float] = {}
        wanted = _open_before(windows, aggregation)
        for reach in LOOK_BACK:
            nearer = wanted if reach is None else wanted.between(aggregation.start - reach, None)
            tracks = self._points.tracks(nearer, reject=aggregation.reject)
            if tracks is None:
                return None
            for series, track in tracks:
                numbers = track.value[~np.isnan(track.value)]
                if len(numbers):
                    found[series] = float(numbers[-1])
            wanted = _only(wanted, ~np.isin(wanted.series, list(found)))
        return found

    def _seeds(self, windows: Windows, aggregation: Aggregation, turn: Turn) -> pa.Table:
        """For the windows that `aggregation` begins within, the last number of each before."""
        first = instant(aggregation.start, FIRST)
        wanted = _open_before(windows, aggregation)
        found: list[pa.Table] = []
        for reach in LOOK_BACK:
            nearer = wanted if reach is None else wanted.between(aggregation.start - reach, None)
            if len(nearer):
                with self._view(nearer) as (cursor, visible, *_), turn.watching(cursor.interrupt):
                    question = f"""{visible} SELECT series, TIMESTAMP '{first}' AS opening, max(time) AS time,
                        arg_max(value, time) AS value FROM visible
                        WHERE value IS NOT NULL AND {accepted(aggregation.reject)} GROUP BY series"""
                    found.append(cursor.sql(question).to_arrow_table())
                wanted = _only(wanted, ~np.isin(wanted.series, found[-1].column("series").to_numpy()))
        return pa.concat_tables(found) if found else NO_SEEDS


def _open_before(windows: Windows, aggregation: Aggregation) -> Windows:
    """Of the windows that `aggregation` begins within, what comes before it."""
    first = instant(aggregation.start, FIRST)
    return _only(windows, (windows.start < first) & (first < windows.end)).between(None, aggregation.start)


def _only(windows: Windows, kept: NDArray[np.bool_]) -> Windows:
    return Windows(windows.series[kept], windows.start[kept], windows.end[kept])
