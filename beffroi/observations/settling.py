"""What moves closed days from the recent table into settled files, and merges these."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeVar

import duckdb
import numpy as np
import pyarrow as pa

from beffroi.errors import Conflict, Text, Unavailable
from beffroi.observations.acknowledged import Acknowledged
from beffroi.observations.batch import SCHEMA, observations
from beffroi.observations.lanes import give_way
from beffroi.observations.manifest import File, Period
from beffroi.observations.protocol import Progress, quietly
from beffroi.observations.reading import Views
from beffroi.observations.recent import Recent
from beffroi.observations.settled import CannotWrite, Damage, Settled, group_rows, lies_by_pentad
from beffroi.observations.view import Span, settled, visible, within
from beffroi.observations.windows import FIRST, instant

T = TypeVar("T")
logger = logging.getLogger(__name__)

SORTED_ROWS = 2_000_000
"""about how many are sorted at once, in memory: more are sorted by ranges of series"""
THIRD_RESTS, MONTH_RESTS = timedelta(days=1), timedelta(days=5)
"""before its files are merged unasked, so that most of what is late has come"""
WORTH_WRITING = 1000
"""One late row in so many is worth writing a file anew unasked. Fewer wait in the recent table, where they are read as
well."""

Clock = Callable[[], datetime]
"""the time it is, aware"""
Rows = Callable[[Span], str]
"""writes, as SQL, the CTE `visible` of a part of what is read"""


class Settler:
    """One thing at a time: whatever changes files holds `alone`. Appends and reads never wait for it."""

    def __init__(
        self,
        stores: tuple[Recent, Settled],
        view: Views,
        acknowledged: Acknowledged,
        *,
        in_table: Callable[[Callable[[], None]], None],
        clock: Clock,
        afterwards: Callable[[], None],
    ) -> None:
        """`in_table` does a job in the thread that writes the recent table, once all that was acknowledged is there.
        `afterwards` is called once days have settled unasked."""
        self.alone = threading.Lock()
        self._recent, self._settled = stores
        self._view = view
        self._acknowledged = acknowledged
        self._in_table = in_table
        self._clock, self._afterwards = clock, afterwards
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, after: timedelta, every: timedelta) -> None:
        """From now on, and at each `every`, settle days that ended longer than `after` ago."""
        self._thread = threading.Thread(
            target=self._settle_for_ever, args=(after, every.total_seconds()), name="record-settler", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Whatever is under way is given up, with nothing changed by it."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        with self.alone:
            pass

    def settle(self, progress: Progress, until: datetime, *, patient: bool = False) -> int:
        """Settle the days that ended by `until`, oldest first, and those settled before that were written in since;
        how many files were written. `patient`: those settled before for enough rows only."""
        self._in_table(lambda: None)
        with self._acknowledged.changed:
            days = self._acknowledged.days.before(instant(until, FIRST))
        return self._settle_days(days, progress, patient=patient)

    def settle_between(self, start: np.datetime64, end: np.datetime64) -> int:
        """Settle what the table holds of the days between the two, in part too."""
        self._in_table(lambda: None)
        with self._acknowledged.changed:
            days = self._acknowledged.days.between(start, end)
        return self._settle_days(days, quietly, patient=False)

    def holds(self, start: np.datetime64, end: np.datetime64) -> bool:
        """Whether something may be kept of some day between the two."""
        with self._acknowledged.changed:
            return self._acknowledged.days.touch(start, end) or bool(self._settled.manifest.within(start, end))

    def load(self, period: Period, groups: Iterator[pa.RecordBatch]) -> File | None:
        """Write `groups` (as `SCHEMA`, sorted) as the file of `period`, of which nothing may be there yet. Raises
        `Conflict` otherwise, `Unavailable` when the disk takes no more, and nothing is changed."""
        with self.alone:
            # taken first: what is written meanwhile has a later version, and is read over the file
            captured = self._recent.position
            with self._acknowledged.changed:
                known = self._acknowledged.days.touch(period.start, period.end)
            if known or self._settled.manifest.within(period.start, period.end):
                raise Conflict(
                    Text(
                        f"Le registre tient déjà de {period.name}.", f"The record already holds some of {period.name}."
                    )
                )
            come = self._settled.write(period, captured, groups, by_pentad=False)
            if come is not None:
                generation = self._settled.replace((), (come,))
                try:
                    self._in_table(lambda: self._recent.forget(Span(period.start, period.end), captured, generation))
                except Unavailable:
                    self._settled.replace((come,), ())
                    raise
        return come

    def compact(self, progress: Progress, thirds: datetime, months: datetime) -> int:
        """Merge the files of each third of a month that ended by `thirds`, and of each month that ended by `months`;
        how many files were written."""
        held = [file.covers for file in self._settled.manifest.files]
        bounds = instant(thirds, FIRST), instant(months, FIRST)
        ended = {period.month for period in held if period.month.end <= bounds[1]}
        parts = {period.third for period in held if period.third.end <= bounds[0] and period.month not in ended}
        due = [whole for whole in (*parts, *ended) if sum(_within(period, whole) for period in held) > 1]
        return self._each(sorted(due), self._merge, progress)

    def _each(self, periods: Sequence[T], work: Callable[[T], int], progress: Progress) -> int:
        """What `work` wrote of all. One whose files are damaged keeps none of the others waiting: why it was refused is
        raised at the end."""
        written, refused = 0, None
        for done, period in enumerate(periods, start=1):
            try:
                with self.alone:
                    written += work(period)
            except CannotWrite:
                raise
            except Unavailable as error:
                if self._stopping.is_set():
                    raise
                refused = error
            progress(done, len(periods))
        if refused is not None:
            raise refused
        return written

    def verify(self, progress: Progress) -> list[Damage]:
        return self._settled.damages(progress)

    def _settle_days(self, days: list[int], progress: Progress, *, patient: bool) -> int:
        def work(day: int) -> int:
            period = self._settled.manifest.period_of(day)
            with self._acknowledged.changed:
                waits = self._acknowledged.days.touch(period.start, period.end)
            return self._settle(period, patient=patient) if waits else 0

        return self._each(days, work, progress)

    def _settle(self, period: Period, *, patient: bool) -> int:
        span = Span(period.start, period.end)
        gone = self._settled.manifest.within(*span[:2])
        with self._view(span, tail=False) as view:
            fresh = number(view.cursor, f"SELECT count(*) FROM {within('observations', span)}")
            if patient and fresh * WORTH_WRITING < sum(file.rows for file in gone):
                return 0
            captured, come = view.position, None
            if fresh:
                self._settled.require_whole(gone)
                spans, sources = spans_of(period, fresh + sum(file.rows for file in gone)), view.sources
                groups = self.sorted_rows(view.cursor, spans, lambda piece: visible(piece, "none", sources))
                come = self._settled.write(period, captured, groups, by_pentad=len(spans) > 1)
        if come is not None:
            generation = self._settled.replace(gone, (come,))
            self._in_table(lambda: self._recent.forget(span, captured, generation))
        with self._acknowledged.changed:
            self._acknowledged.settled(period, captured)
        return 1 if come else 0

    def _merge(self, whole: Period) -> int:
        gone = self._settled.manifest.within(whole.start, whole.end)
        if len(gone) < 2:
            return 0
        self._settled.require_whole(gone)
        span, sources = Span(whole.start, whole.end), tuple(self._settled.source(file) for file in gone)
        with self._view(span, tail=False) as view:
            spans = spans_of(whole, sum(file.rows for file in gone))
            groups = self.sorted_rows(view.cursor, spans, lambda piece: settled(sources, piece))
            captured = min(file.captured for file in gone)
            come = self._settled.write(whole, captured, groups, by_pentad=len(spans) > 1)
        self._settled.replace(gone, (come,) if come else ())
        return 1

    def sorted_rows(
        self,
        cursor: duckdb.DuckDBPyConnection,
        spans: Sequence[Span],
        rows: Rows,
        condition: str = "true",
        *,
        cut: Rows | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Row groups of what `condition` keeps of the CTE `visible` that `rows` writes of a part of each of `spans` in
        turn, sorted; `cut`: the CTE by whose rows a span is cut into parts, if it is another."""

        def counted(rows: Rows) -> list[int]:
            return [number(cursor, f"{rows(span)} SELECT count(*) FROM visible") for span in spans]

        counts = counted(rows)
        length, read = group_rows(sum(counts)), counted(cut) if cut else counts
        for piece in (
            piece
            for span, count in zip(spans, read, strict=True)
            for piece in _pieces(cursor, count, span, cut or rows)
        ):
            found = cursor.sql(
                f"{rows(piece)} SELECT {', '.join(SCHEMA.names)} FROM visible WHERE {condition} ORDER BY series, time"
            )
            for batch in self._recent.streams.batches(found, length):
                if self._stopping.is_set():
                    raise Unavailable(Text("Le registre se ferme.", "The record is closing."))
                yield observations(batch)

    def _settle_for_ever(self, after: timedelta, every: float) -> None:
        give_way()
        while not self._stopping.wait(every):
            try:
                until = self._clock() - after
                written = self.settle(quietly, until, patient=True)
                written += self.compact(quietly, until - THIRD_RESTS, until - MONTH_RESTS)
                if written:
                    self._afterwards()
            except Exception:  # whatever it is, the recent table keeps what is not settled, and the next turn comes
                if not self._stopping.is_set():
                    logger.exception("Closed days could not be settled; trying again.")


def spans_of(period: Period, rows: int) -> list[Span]:
    """In which order a file of `period` is written, of about so many rows: each span sorted by series and time."""
    return [Span(*bounds) for bounds in period.pentads] if lies_by_pentad(rows) else [Span(period.start, period.end)]


def _pieces(cursor: duckdb.DuckDBPyConnection, count: int, span: Span, rows: Rows) -> Iterator[Span]:
    """`span` cut by series, so that each piece has about `SORTED_ROWS` of `count`."""
    wanted = -(-count // SORTED_ROWS)
    cuts: list[int] = []
    if wanted > 1:
        shares = [place / wanted for place in range(1, wanted)]
        ((found,),) = cursor.execute(f"{rows(span)} SELECT approx_quantile(series, {shares}) FROM visible").fetchall()
        cuts = sorted({int(cut) for cut in found if cut > 0})
    for first, beyond in pairwise((0, *cuts, None)):
        yield span._replace(first_series=first or 0, beyond_series=beyond)


def _within(period: Period, whole: Period) -> bool:
    return bool(whole.start <= period.start and period.end <= whole.end)


def number(cursor: duckdb.DuckDBPyConnection, question: str) -> int:
    return int(cursor.execute(question).fetchall()[0][0])
