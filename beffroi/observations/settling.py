"""What moves closed days from the recent table into settled files, merges these, and erases from them."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeVar

import duckdb
import pyarrow as pa

from beffroi.errors import Text, Unavailable
from beffroi.observations.acknowledged import Acknowledged
from beffroi.observations.batch import SCHEMA, observations
from beffroi.observations.manifest import File, Period, aware
from beffroi.observations.reading import Views
from beffroi.observations.recent import Recent, windows_table
from beffroi.observations.settled import CannotWrite, Damage, Settled, group_rows
from beffroi.observations.view import Span, settled, visible, within
from beffroi.observations.windows import FIRST, Windows, instant

T = TypeVar("T")
logger = logging.getLogger(__name__)

SORTED_ROWS = 2_000_000
"""about how many are sorted at once, in memory: more are sorted by ranges of series"""
MONTH_RESTS = timedelta(days=5)
"""before its days are merged unasked, so that most of what is late has come"""
WORTH_WRITING = 1000
"""One late row in so many is worth writing a file anew unasked. Fewer wait in the recent table, where they are read as
well."""

OUTSIDE = """NOT EXISTS (
    FROM windows WHERE windows.series = visible.series AND time >= windows."start" AND time < windows."end"
)"""

Clock = Callable[[], datetime]
"""the time it is, aware"""
Progress = Callable[[float, float], None]
"""told how much is done, and of how much"""


def quietly(done: float, total: float) -> None:
    """A progress that nobody follows."""


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
    ) -> None:
        """`in_table` does a job in the thread that writes the recent table, once all
        that was acknowledged is there."""
        self.alone = threading.Lock()
        self._recent, self._settled = stores
        self._view = view
        self._acknowledged = acknowledged
        self._in_table = in_table
        self._clock = clock
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

        def work(day: int) -> int:
            period = self._settled.manifest.period_of(day)
            with self._acknowledged.changed:
                waits = self._acknowledged.days.touch(period.start, period.end)
            return self._settle(period, patient=patient) if waits else 0

        return self._each(days, work, progress)

    def compact(self, progress: Progress, until: datetime) -> int:
        """Merge the files of each month that ended by `until`; how many months were written."""
        bound = instant(until, FIRST)
        held = [file.covers.month for file in self._settled.manifest.files]
        months = sorted({month for month in held if held.count(month) > 1 and month.end <= bound})
        return self._each(months, self._merge, progress)

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

    def erase(self, windows: Windows) -> None:
        """Write anew, without what is in `windows`, each file that holds some of it. The caller holds `alone`."""
        span = Span(windows.start.min(), windows.end.max())
        doomed: list[tuple[File, Windows]] = []
        for file in self._settled.manifest.within(span.start, span.end):
            touched = windows.between(aware(file.covers.start), aware(file.covers.end))
            if ((file.first_series <= touched.series) & (touched.series <= file.last_series)).any():
                doomed.append((file, touched))
        self._settled.require_whole(tuple(file for file, _ in doomed))
        for file, touched in doomed:
            self._erase(file, touched)

    def verify(self, progress: Progress) -> list[Damage]:
        return self._settled.damages(progress)

    def _settle(self, period: Period, *, patient: bool) -> int:
        span = Span(period.start, period.end)
        gone = self._settled.manifest.within(*span[:2])
        with self._view(span, tail=False) as view:
            fresh = _number(view.cursor, f"SELECT count(*) FROM {within('observations', span)}")
            if patient and fresh * WORTH_WRITING < sum(file.rows for file in gone):
                return 0
            captured, come = view.position, None
            if fresh:
                self._settled.require_whole(gone)
                groups = self._sorted(view.cursor, span, lambda piece: visible(piece, "none", view.sources))
                come = self._settled.write(period, captured, groups)
        if come is not None:
            generation = self._settled.replace(gone, (come,))
            self._in_table(lambda: self._recent.forget(span, captured, generation))
        with self._acknowledged.changed:
            self._acknowledged.settled(period, captured)
        return 1 if come else 0

    def _merge(self, month: Period) -> int:
        gone = self._settled.manifest.within(month.start, month.end)
        if len(gone) < 2:
            return 0
        self._settled.require_whole(gone)
        span, paths = Span(month.start, month.end), tuple(self._settled.path(file) for file in gone)
        with self._view(span, tail=False) as view:
            groups = self._sorted(view.cursor, span, lambda piece: settled(paths, piece))
            come = self._settled.write(month, min(file.captured for file in gone), groups)
        self._settled.replace(gone, (come,) if come else ())
        return 1

    def _erase(self, file: File, windows: Windows) -> None:
        paths, span = (self._settled.path(file),), Span(file.covers.start, file.covers.end)
        with self._view(span, tail=False) as view:
            view.cursor.register("windows", windows_table(windows))
            if not _number(view.cursor, f"{settled(paths, windows)} SELECT count(*) FROM visible"):
                return
            groups = self._sorted(view.cursor, span, lambda piece: settled(paths, piece), OUTSIDE)
            come = self._settled.write(file.covers, file.captured, groups)
        self._settled.replace((file,), (come,) if come else ())

    def _sorted(
        self, cursor: duckdb.DuckDBPyConnection, span: Span, rows: Callable[[Span], str], condition: str = "true"
    ) -> Iterator[pa.RecordBatch]:
        """Row groups of what `condition` keeps of the CTE `visible` that `rows` writes, sorted."""
        count = _number(cursor, f"{rows(span)} SELECT count(*) FROM visible")
        for piece in _pieces(cursor, count, span, rows):
            found = cursor.sql(
                f"{rows(piece)} SELECT {', '.join(SCHEMA.names)} FROM visible WHERE {condition} ORDER BY series, time"
            )
            for batch in self._recent.streams.batches(found, group_rows(count)):
                if self._stopping.is_set():
                    raise Unavailable(Text("Le registre se ferme.", "The record is closing."))
                yield observations(batch)

    def _settle_for_ever(self, after: timedelta, every: float) -> None:
        while not self._stopping.wait(every):
            try:
                until = self._clock() - after
                self.settle(quietly, until, patient=True)
                self.compact(quietly, until - MONTH_RESTS)
            except Exception:  # whatever it is, the recent table keeps what is not settled, and the next turn comes
                if not self._stopping.is_set():
                    logger.exception("Closed days could not be settled; trying again.")


def _pieces(cursor: duckdb.DuckDBPyConnection, count: int, span: Span, rows: Callable[[Span], str]) -> Iterator[Span]:
    """`span` cut by series, so that each piece has about `SORTED_ROWS` of `count`."""
    wanted = -(-count // SORTED_ROWS)
    cuts: list[int] = []
    if wanted > 1:
        shares = [place / wanted for place in range(1, wanted)]
        ((found,),) = cursor.execute(f"{rows(span)} SELECT approx_quantile(series, {shares}) FROM visible").fetchall()
        cuts = sorted({int(cut) for cut in found if cut > 0})
    for first, beyond in pairwise((0, *cuts, None)):
        yield span._replace(first_series=first or 0, beyond_series=beyond)


def _number(cursor: duckdb.DuckDBPyConnection, question: str) -> int:
    return int(cursor.execute(question).fetchall()[0][0])
