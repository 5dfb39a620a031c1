"""What takes observations away: removal for good, figures in their place, and their bytes off the disk."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise, zip_longest
from typing import Protocol, TypeVar

import duckdb
import numpy as np
import pyarrow as pa

from beffroi.errors import Unavailable
from beffroi.observations.buckets import edges
from beffroi.observations.journal import Journal
from beffroi.observations.lanes import Turn
from beffroi.observations.manifest import File, Manifest, Period, aware
from beffroi.observations.protocol import Progress, Removed, Rewritten, Thinning
from beffroi.observations.reading import Views
from beffroi.observations.recent import Recent, windows_table
from beffroi.observations.refusals import in_plain_words
from beffroi.observations.settled import Settled
from beffroi.observations.settling import Settler, number, spans_of
from beffroi.observations.thinning import AROUND, TALLY, Stretch, thinned, work
from beffroi.observations.view import Span, settled
from beffroi.observations.windows import Windows

T = TypeVar("T")

OUTSIDE = """NOT EXISTS (
    FROM windows WHERE windows.series = visible.series AND time >= windows."start" AND time < windows."end"
)"""


class InTable(Protocol):
    """Has a job done by the thread that writes the recent table, once all that was acknowledged is there."""

    def __call__(self, job: Callable[[], T]) -> T: ...


class Remover:
    """Holds the settler's `alone` while it changes files; appends and reads never wait for it."""

    def __init__(
        self,
        stores: tuple[Journal, Recent, Settled],
        view: Views,
        settler: Settler,
        *,
        in_table: InTable,
        delete: Callable[[Windows], None],
        forget: Callable[[Windows], None],
    ) -> None:
        """`delete`, in the thread of `in_table`, removes from the recent table; `forget`, there or under the settler's
        `alone`, has what is remembered of what lay in some windows looked up again."""
        self._journal, self._recent, self._settled = stores
        self._view = view
        self._settler = settler
        self._in_table = in_table
        self._delete = delete
        self._forget = forget

    def remove(self, windows: Windows) -> Removed:
        with self._settler.alone:
            if not self._settled.manifest.within(windows.start.min(), windows.end.max()):
                return Removed(self._in_table(lambda: self._removing(windows, delete=True)))
            by_series = self._in_table(lambda: self._removing(windows, delete=False))
            try:
                files = tuple(self._erase(windows)) if len(by_series) else ()
                self._in_table(lambda: self._delete(windows))
            except Unavailable:
                self._forget(windows)  # part of it is gone
                raise
            return Removed(by_series, files=files)

    def thin(self, thinning: Thinning, progress: Progress) -> Removed:
        """From the newest file to the oldest: what a bucket takes from the file after, which is thin by then, leaves it
        in the same replacement of the manifest."""
        start, upper = thinning.windows.start.min(), thinning.windows.end.max()
        self._settler.settle_between(start, upper)
        done: list[Removed] = []
        files = self._before(upper, start)
        total = len(files)
        while files:
            with self._settler.alone:
                files = self._before(upper, start)
                if files:
                    done += self._thin(files[-1], thinning)
                    upper = files.pop().covers.start
            progress(total - len(files), total)
        return Removed(
            _summed([one.by_series for one in done]),
            sum(one.figures for one in done),
            tuple(file for one in done for file in one.files),
        )

    def tally(
        self, windows: Windows, thinning: Thinning | None, extent: tuple[datetime | None, datetime | None], turn: Turn
    ) -> pa.Table:
        """`extent`: the first and the last time that the record has something of."""
        first, last = extent
        if not len(windows) or first is None or last is None:
            return TALLY.empty_table()
        if thinning is None:
            return self._held(windows, turn, tail=True)
        return _summed(
            [self._work(part, thinning, turn) for part in self._months(windows, (first, last), thinning.time_zone)]
        )

    def scrub(self) -> bool:
        with in_plain_words(), self._settler.alone:
            last = self._journal.turn()
            self._in_table(self._renew)
            while self._recent.position < last:  # written to the journal, and shown to the applier in a moment
                self._in_table(lambda: None)
            self._in_table(lambda: self._journal.forget(self._recent.position))
            return not self._settled.going

    def _renew(self) -> None:
        if self._recent.soiled:
            self._recent.renew()

    def _removing(self, windows: Windows, *, delete: bool) -> pa.Table:
        by_series = self._held(windows, Turn(), tail=False)
        if len(by_series):
            self._recent.soil()
            if delete:
                self._delete(windows)
        return by_series

    def _held(self, windows: Windows, turn: Turn, *, tail: bool) -> pa.Table:
        with self._view(windows, tail=tail) as view, turn.watching(view.cursor.interrupt):
            question = f"{view.visible} SELECT series, count(*) AS observations FROM visible GROUP BY series"
            return view.cursor.sql(f"{question} ORDER BY series").to_arrow_table().cast(TALLY)

    def _months(self, windows: Windows, extent: tuple[datetime, datetime], time_zone: str) -> Iterator[Windows]:
        """`windows` by month of the calendar, so that no bucket is cut; those months that something is of."""
        first, last = extent
        bounds = edges(first, last + AROUND.item(), 1, "month", time_zone).astype("M8[us]")
        for opening, closing in pairwise(bounds):
            if self._settler.holds(opening, closing):
                part = windows.between(aware(opening), aware(closing))
                if len(part):
                    yield part

    def _work(self, windows: Windows, thinning: Thinning, turn: Turn) -> pa.Table:
        start, end = aware(windows.start.min()), aware(windows.end.max())
        stretch = Stretch(edges(start, end, thinning.every, thinning.unit, thinning.time_zone))
        with self._view(windows) as view, turn.watching(view.cursor.interrupt):
            view.cursor.register("windows", windows_table(windows))
            stretch.register(view.cursor)
            found = view.cursor.sql(work(view.visible)).to_arrow_table()
        return found.select(TALLY.names).cast(TALLY)

    def _erase(self, windows: Windows) -> Iterator[Rewritten]:
        """Write anew, without what is in `windows`, each file that holds some of it; none when one is damaged."""
        doomed: list[tuple[File, Windows]] = []
        for file in self._settled.manifest.within(windows.start.min(), windows.end.max()):
            touched = windows.between(aware(file.covers.start), aware(file.covers.end))
            if _holds(file, touched):
                doomed.append((file, touched))
        self._settled.require_whole(tuple(file for file, _ in doomed))
        for file, touched in doomed:
            yield from self._erase_from(file, touched)

    def _erase_from(self, file: File, windows: Windows) -> Iterator[Rewritten]:
        sources, span = (self._settled.source(file),), Span(file.covers.start, file.covers.end)
        with self._view(span, tail=False) as view:
            view.cursor.register("windows", windows_table(windows))
            if not number(view.cursor, f"{settled(sources, windows)} SELECT count(*) FROM visible"):
                return
            spans = spans_of(file.covers, file.rows)
            groups = self._settler.sorted_rows(view.cursor, spans, lambda piece: settled(sources, piece), OUTSIDE)
            come = self._settled.write(file.covers, file.captured, groups, by_pentad=len(spans) > 1)
        self._settled.replace((file,), (come,) if come else ())
        yield from _rewritten(file, come)

    def _before(self, upper: np.datetime64, start: np.datetime64) -> list[File]:
        """The files of which a bucket may begin before `upper` and reach beyond `start`."""
        files = self._settled.manifest.files
        return [one for one in files if one.covers.start < upper and start < one.covers.end + AROUND]

    def _thin(self, file: File, thinning: Thinning) -> list[Removed]:
        manifest = self._settled.manifest
        stretch = Stretch.of(thinning, file.covers, manifest)
        windows = stretch.within(thinning.windows)
        files = manifest.within(stretch.start, stretch.end)
        if not any(_holds(one, windows) for one in files):
            return []
        with self._view(Span(stretch.start, stretch.end), tail=False) as view:
            view.cursor.register("windows", windows_table(windows))
            stretch.register(view.cursor)
            sources = tuple(self._settled.source(one) for one in files)
            found = view.cursor.sql(work(settled(sources, Span(stretch.start, stretch.end)))).to_arrow_table()
            if not len(found):
                return []
            self._settled.require_whole(files)
            by_series, figures = found.select(TALLY.names).cast(TALLY), int(np.sum(found["figures"].to_numpy()))
            pairs = self._written(view.cursor, file, stretch, thinning, manifest)
        self._in_table(self._recent.soil)
        self._settled.replace(
            tuple(gone for gone, _ in pairs if gone is not None), tuple(come for _, come in pairs if come is not None)
        )
        self._forget(windows)
        return [Removed(by_series, figures, tuple(one for pair in pairs for one in _rewritten(*pair)))]

    def _written(
        self,
        cursor: duckdb.DuckDBPyConnection,
        file: File,
        stretch: Stretch,
        thinning: Thinning,
        manifest: Manifest,
    ) -> list[tuple[File | None, File | None]]:
        """Each file that changes with what it becomes: `file`, those after that its last bucket reaches into, and the
        first of its day for a figure whose bucket began the day before, where there was no file."""
        own = file.covers
        whole = Span(min(own.start, stretch.start), max(own.end, stretch.end))
        parts: list[tuple[File | None, Period, Span]] = [(file, own, whole)]
        for after in manifest.within(own.end, stretch.end):
            source, head = (self._settled.source(after),), Span(after.covers.start, stretch.end)
            touched = f"{settled(source, head)} SELECT count(*) FROM visible WHERE NOT {OUTSIDE}"
            if number(cursor, touched):
                parts.append((after, after.covers, Span(stretch.last, after.covers.end)))
        if stretch.start < own.start:
            day = int(stretch.start.astype("M8[D]").astype(np.int64))
            parts.append((None, manifest.period_of(day), Span(stretch.start, stretch.second)))
        pairs: list[tuple[File | None, File | None]] = []
        try:
            for gone, period, span in parts:
                come = self._write(cursor, thinning, manifest, period, span, (gone or file).captured)
                if gone is not None or come is not None:
                    pairs.append((gone, come))
        except BaseException:
            for part in (part for _, come in pairs if come is not None for part in come.parts):
                self._settled.path(part).unlink(missing_ok=True)
            raise
        return pairs

    def _write(
        self,
        cursor: duckdb.DuckDBPyConnection,
        thinning: Thinning,
        manifest: Manifest,
        period: Period,
        span: Span,
        captured: int,
    ) -> File | None:
        """The file that `period` is to have, made from what the files of now hold of `span`."""
        sources = tuple(self._settled.source(one) for one in manifest.within(span.start, span.end))

        def before(piece: Span) -> str:
            return settled(sources, piece)

        def after(piece: Span) -> str:
            return thinned(before(piece), thinning, period.start, period.end)

        # sorted throughout: a bucket may begin in one pentad and end in the next, and little is left of what is thin
        groups = self._settler.sorted_rows(cursor, (span,), after, cut=before)
        return self._settled.write(period, captured, groups, by_pentad=False)


def _holds(file: File, windows: Windows) -> bool:
    return bool(((file.first_series <= windows.series) & (windows.series <= file.last_series)).any())


def _rewritten(gone: File | None, come: File | None) -> Iterator[Rewritten]:
    """A file with its figures by day."""
    either = gone or come
    assert either is not None
    for before, after in zip_longest(gone.parts if gone else (), come.parts if come else ()):
        yield Rewritten(
            either.period,
            before.name if before else None,
            before.sha256 if before else None,
            after.name if after else None,
            after.sha256 if after else None,
        )


def _summed(tallies: list[pa.Table]) -> pa.Table:
    """By series, the sum of `tallies`."""
    if not tallies:
        return TALLY.empty_table()
    summed = pa.concat_tables(tallies).group_by("series").aggregate([("observations", "sum")])
    return summed.rename_columns(TALLY.names).cast(TALLY).sort_by("series")
