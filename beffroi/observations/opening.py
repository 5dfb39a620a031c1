"""Opens what readers look at: one state of the record, of settled files, table and tail."""

import contextlib
from collections.abc import Iterator
from typing import NamedTuple

import duckdb

from beffroi.observations.acknowledged import Acknowledged, Group, stored
from beffroi.observations.manifest import File, Manifest
from beffroi.observations.reading import Choice, View
from beffroi.observations.recent import Recent, windows_table
from beffroi.observations.refusals import in_plain_words
from beffroi.observations.settled import Settled
from beffroi.observations.totals import Summed
from beffroi.observations.view import Sources, Span, Tail, ends, visible
from beffroi.observations.windows import FIRST, Windows, instant


class State(NamedTuple):
    """What a view is made from: of one moment."""

    tail: tuple[Group, ...]
    position: int
    sources: Sources
    aside: tuple[File, ...]
    summed: tuple[Summed, ...] = ()


class Opener:
    """For any thread."""

    def __init__(self, recent: Recent, settled: Settled, acknowledged: Acknowledged) -> None:
        self._recent, self._settled, self._acknowledged = recent, settled, acknowledged

    @contextlib.contextmanager
    def view(
        self, windows: Windows | Span, *, tail: bool = True, settled: Choice = "all", by_day: bool = False
    ) -> Iterator[View]:
        """See `reading.Views`."""
        with in_plain_words(), contextlib.ExitStack() as stack:
            with self._recent.steady():
                cursor = stack.enter_context(contextlib.closing(self._recent.cursor()))
                state = self._state(cursor, windows, stack, settled, by_day)
            waiting = [group for group in state.tail if group.version > state.position] if tail else []
            kind: Tail = "late" if any(group.late for group in waiting) else "fresh" if waiting else "none"
            if waiting:
                cursor.register("tail", stored(waiting).combine_chunks())
            if isinstance(windows, Windows) and len(windows) > 1:
                cursor.register("windows", windows_table(windows))
            shown = visible(windows, kind, state.sources)
            yield View(cursor, shown, state.position, state.sources, state.aside, state.summed)

    def _state(
        self,
        cursor: duckdb.DuckDBPyConnection,
        windows: Windows | Span,
        stack: contextlib.ExitStack,
        settled: Choice,
        by_day: bool,
    ) -> State:
        """One state of the record, kept for `cursor` as long as `stack`.

        Files, days and tail are taken first, the table's own state after them: if it is ahead, because something was
        applied or settled in between, all is taken again.
        """
        while True:
            with contextlib.ExitStack() as attempt:
                with self._acknowledged.changed:
                    manifest = attempt.enter_context(self._settled.held())
                    version, tail = self._acknowledged.version, tuple(self._acknowledged.tail)
                    sources, apart = self._sources(manifest, windows, settled)
                    sources, summed = self._summed(manifest, windows, sources, by_day)
                if not sources.recent:
                    stack.push(attempt.pop_all())
                    return State((), 0, sources, apart, summed)
                position, generation = self._recent.begin(cursor)
                if position <= version and generation <= manifest.generation:
                    stack.push(attempt.pop_all())
                    return State(tail, position, sources, apart, summed)
                cursor.execute("ROLLBACK")

    def _sources(
        self, manifest: Manifest, windows: Windows | Span, settled: Choice
    ) -> tuple[Sources, tuple[File, ...]]:
        """What is to be read, and the settled files left aside. The caller holds the lock."""
        days = self._acknowledged.days
        start, end = ends(windows)
        chosen = manifest.within(start, end)
        recent = days.touch(start, end)
        if settled == "none":
            return Sources(recent), chosen
        amended = tuple(file for file in chosen if days.touch(file.covers.start, file.covers.end))
        alone = tuple(file for file in chosen if file not in amended)
        read, aside = (alone, ()) if settled == "all" else ((), alone)
        source = self._settled.source
        return Sources(recent, tuple(map(source, read)), tuple(map(source, amended))), aside

    def _summed(
        self, manifest: Manifest, windows: Windows | Span, sources: Sources, by_day: bool
    ) -> tuple[Sources, tuple[Summed, ...]]:
        """Of the files that are alone in being of their days, those whose figures by day tell all that is asked, and
        what is left to be read."""
        if not by_day or isinstance(windows, Span) or not sources.alone:
            return sources, ()
        alone = {self._settled.source(file): file for file in manifest.files}
        latest_start, first_end = windows.start.max(), windows.end.min()
        summed = {
            source: Summed(self._settled.path(file.daily), file.covers.start)
            for source in sources.alone
            if (file := alone[source]).daily is not None
            and file.daily.time_zone == self._settled.time_zone
            and latest_start <= instant(file.first_time, FIRST)
            and instant(file.last_time, FIRST) < first_end
        }
        left = tuple(source for source in sources.alone if source not in summed)
        return sources._replace(alone=left), tuple(summed.values())
