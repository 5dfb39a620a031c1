"""The embedded engine: a journal that acknowledges, a DuckDB table that it is carried into, Parquet files that closed
days settle into, one view over all."""

import contextlib
import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from beffroi.errors import Text, Unavailable
from beffroi.observations import recent as recent_table
from beffroi.observations import settled as settled_files
from beffroi.observations.acknowledged import Acknowledged
from beffroi.observations.admission import one_batch
from beffroi.observations.applying import APPLY_ROWS, Applier
from beffroi.observations.batch import NAMES, SCHEMA, Few
from beffroi.observations.committing import Committer
from beffroi.observations.days import Days
from beffroi.observations.folders import made_whole
from beffroi.observations.journal import Entry, Journal
from beffroi.observations.lanes import Lanes
from beffroi.observations.loading import Loading
from beffroi.observations.manifest import Period
from beffroi.observations.opening import Opener
from beffroi.observations.patience import Patience
from beffroi.observations.points import Points
from beffroi.observations.protocol import (
    MOST_FIGURES,
    Ack,
    Aggregation,
    Progress,
    RecordStats,
    Removed,
    Thinning,
    quietly,
)
from beffroi.observations.reading import Reader
from beffroi.observations.recent import FILE, Recent
from beffroi.observations.removing import Remover
from beffroi.observations.settled import Damage, Settled, group_rows
from beffroi.observations.settling import Clock, Settler
from beffroi.observations.snapshot import Snapshot, Taken
from beffroi.observations.thinning import TALLY
from beffroi.observations.tracks import Track
from beffroi.observations.view import Span
from beffroi.observations.windows import FIRST, LAST, Windows

logger = logging.getLogger(__name__)


class EmbeddedRecord:
    """The `Record` of one process: a committer acknowledges, an applier and a settler carry on what is acknowledged, a
    reader looks at all of it, a remover takes away."""

    def __init__(
        self,
        folder: Path,
        *,
        time_zone: str = "UTC",
        memory_mib: int = 1024,
        spill_mib: int = 8192,
        lately_mib: int = 512,
        slices_mib: int = 64,
        few: int = 64,
        threads: int = 2,
        heavy: int = 2,
        linger: timedelta = timedelta(seconds=1),
        settle_after: timedelta | None = timedelta(hours=6),
        settle_every: timedelta = timedelta(minutes=10),
        clock: Clock = lambda: datetime.now(UTC),
    ) -> None:
        """`folder` is made when absent; `Unavailable` when another process has it open. Figures by day are kept in
        days of `time_zone`. `memory_mib`, `spill_mib` (on disk) and `threads` bound DuckDB; `lately_mib` what is
        recent in memory, `slices_mib` what is kept of what was read from settled files. Up to `few` windows are read
        without DuckDB; of what people ask beyond, `heavy` questions at a time.
        `linger`: how long a small micro-batch waits for more. Days settle by themselves `settle_after` their end by
        `clock`, looked for at each `settle_every`; never for None."""
        self.folder = folder
        self._clock = clock
        _require_table_beside_files(folder)
        self._journal = Journal(folder / "journal")
        with contextlib.ExitStack() as failing:
            failing.callback(self._journal.close, 0)
            self._recent = Recent(folder, memory_mib=memory_mib, spill_mib=spill_mib, threads=threads)
            failing.callback(self._recent.close)
            self._settled = _settled_beside(self._recent, time_zone)
            failing.pop_all()
        versions = {day: version for day, version, _ in self._recent.days()}
        self._acknowledged = Acknowledged(
            version=self._recent.position,
            days=Days(versions),
            most_bytes=lately_mib << 20,
        )
        self._changed = self._acknowledged.changed
        self._committer = Committer(self._journal, self._acknowledged, self._recent.batches())
        self._applier = Applier(self._journal, self._recent, self._acknowledged, linger=linger)
        self._points = Points(
            self._settled,
            self._acknowledged,
            most_windows=few,
            most_bytes=slices_mib << 20,
        )
        self._opener = Opener(self._recent, self._settled, self._acknowledged)
        self._lanes = Lanes(heavy)
        self._reader = Reader(self._opener.view, self._points, self._recent.streams, self._lanes)
        self._snapshot = Snapshot(folder)
        self._settler = Settler(
            (self._recent, self._settled),
            self._opener.view,
            self._acknowledged,
            in_table=self._applier.after_the_tail,
            clock=clock,
            afterwards=self._keep_latest_alone,
        )
        self._remover = Remover(
            (self._journal, self._recent, self._settled),
            self._opener.view,
            self._settler,
            in_table=self._applier.after_the_tail,
            delete=self._delete,
            forget=self._look_again,
        )
        self._recover()
        self._committer.thread.start()
        self._applier.thread.start()
        if settle_after is not None:
            self.settle_unasked(settle_after, settle_every)

    # writing

    def submit(self, batch: pa.Table | pa.RecordBatch | Few, *, batch_id: str | None = None) -> Future[Ack]:
        return self._committer.submit(batch, batch_id)

    def append(self, batch: pa.Table, *, batch_id: str | None = None) -> Ack:
        return self.submit(batch, batch_id=batch_id).result()

    # taking away

    def delete(self, windows: Windows) -> int:
        return self.remove(windows).observations

    def remove(self, windows: Windows) -> Removed:
        return self._remover.remove(windows) if len(windows) else Removed(TALLY.empty_table())

    def thin(self, thinning: Thinning, progress: Progress = quietly) -> Removed:
        return self._remover.thin(thinning, progress) if len(thinning.windows) else Removed(TALLY.empty_table())

    def tally(
        self, windows: Windows, thinning: Thinning | None = None, *, patience: Patience | None = None
    ) -> pa.Table:
        extent = self._reader.extent()[1:]
        return self._lanes.ask(lambda turn: self._remover.tally(windows, thinning, extent, turn), patience)

    def scrub(self) -> bool:
        return self._remover.scrub()

    # reading

    def read(
        self,
        windows: Windows,
        *,
        limit: int | None = None,
        newest_first: bool = False,
        reject: int = 0,
        patience: Patience | None = None,
    ) -> pa.RecordBatchReader:
        return self._reader.read(windows, limit=limit, newest_first=newest_first, reject=reject, patience=patience)

    def few(self, windows: Windows, *, reject: int = 0) -> list[tuple[int, Track]] | None:
        return self._points.tracks(windows, reject=reject)

    def latest(self, windows: Windows, *, names: Sequence[str] = NAMES, patience: Patience | None = None) -> pa.Table:
        with self._changed:
            found, rest = self._acknowledged.latest.within(windows, names)
        if not len(rest):
            return found
        older = self._reader.greatest(rest, patience).select(found.column_names)
        return pa.concat_tables([found, older]).sort_by("series")

    def aggregate(
        self,
        windows: Windows,
        aggregation: Aggregation,
        *,
        most: int = MOST_FIGURES,
        patience: Patience | None = None,
    ) -> pa.Table:
        return self._reader.aggregate(windows, aggregation, most, patience)

    def stats(self) -> RecordStats:
        with self._changed:
            series, waiting = len(self._acknowledged.latest), self._acknowledged.tail_rows
        count, first, last = self._reader.extent()
        return RecordStats(
            series=series,
            observations=count,
            bytes_on_disk=sum(_size(path) for path in self.folder.rglob("*")),
            settled=sum(file.rows for file in self._settled.manifest.files),
            settled_bytes=sum(file.bytes for file in self._settled.manifest.files),
            daily_bytes=sum(file.daily.bytes for file in self._settled.manifest.files if file.daily),
            waiting=waiting,
            first=first,
            last=last,
            heavy=self._lanes.heavy,
        )

    # keeping

    def backup_to(self, folder: Path) -> None:
        with self._settler.alone, made_whole(folder) as partial:
            self._applier.after_the_tail(lambda: None)
            self._settled.copy_to(partial)
            self._recent.copy_to(partial)

    def settle(self, progress: Progress = quietly, *, until: datetime | None = None) -> int:
        """Write the days (of UTC) that ended by `until`, or by now, as sorted files, those among them too that were
        written in since they were settled; how many files were written."""
        return self._settler.settle(progress, until or self._clock())

    def settle_unasked(self, after: timedelta, every: timedelta = timedelta(minutes=10)) -> None:
        """From now on days settle by themselves, `after` their end."""
        self._settler.start(after, every)

    def load(self, day: date, batches: Iterable[pa.Table], *, about: int) -> int:
        """Settle at once a whole day (of UTC) of which the record holds nothing: neither journal nor table is gone
        through. `batches` come sorted by (series, time), each of them once, about so many rows in all; how many came.

        Raises `Conflict` when something is there of that day, `Invalid` for rows that are not as they should be:
        nothing is kept then.
        """
        period = Period(day.isoformat())
        loading = Loading(period, group_rows(about))
        come = self._settler.load(period, loading.groups(batches))
        with self._changed:
            for newest in loading.newest:
                self._acknowledged.loaded(newest)
        return come.rows if come else 0

    def compact(self, progress: Progress = quietly, *, until: datetime | None = None) -> int:
        """Merge the settled days of each month that ended by `until`, or by now, in one file, and those of each third
        of a month that has not; how many files were written."""
        until = until or self._clock()
        return self._settler.compact(progress, until, until)

    def verify(self, progress: Progress = quietly) -> list[Damage]:
        """What is wrong with the settled files, each read whole: damaged, missing, or unknown to the manifest."""
        return self._settler.verify(progress)

    def close(self) -> None:
        self._settler.stop()
        if not self._committer.refuse():
            return
        self._lanes.close()
        self._committer.thread.join()
        self._applier.finish()
        self._keep_latest()
        self._journal.close(self._recent.position)
        self._recent.close()

    # what the remover has done

    def _delete(self, windows: Windows) -> None:
        """The one place where a removal changes the table; what it may have failed at is looked up too."""
        self._snapshot.forget()
        try:
            self._recent.delete(windows)
        finally:
            self._look_again(windows)

    def _look_again(self, windows: Windows) -> None:
        """What was remembered of `windows` is there no more, in part perhaps, or is another. For the applier or whoever
        holds the settler's `alone`: the table must not be renewed meanwhile, which waits for whoever waits for us."""
        with self._changed:
            series = self._acknowledged.latest.series_within(windows)
            left = self._reader.greatest(Windows.whole(series.tolist())) if len(series) else SCHEMA.empty_table()
            self._acknowledged.deleted(windows, one_batch(left))
        self._snapshot.forget()

    # opening

    def _recover(self) -> None:
        """Know the latest of each series and what is recent, then carry into the table what the last process left in
        its journal."""
        self._know_latest()
        self._remember()
        entries: list[Entry] = []
        for entry in self._journal.replay(self._recent.position):
            entries.append(entry)
            if sum(each.batch.num_rows for each in entries) >= APPLY_ROWS:
                self._carry(entries)
                entries = []
        if entries:
            self._carry(entries)
        self._journal.forget(self._recent.position)

    def _carry(self, entries: Sequence[Entry]) -> None:
        self._committer.publish(entries)
        try:
            self._applier.apply()
        except Unavailable as error:  # a full disk: the record opens to be read, and the applier tries again
            logger.error("What the journal holds waits to be carried into the table: %s", error)

    def _remember(self) -> None:
        """Take the newest days of the table into memory, as many as it is allowed."""
        rows, lately = self._recent.days(), self._acknowledged.lately
        kept = lately.fitting({day: count for day, _, count in rows})
        lately.give_up(day for day, _, _ in rows if day not in kept)
        for batch in self._recent.rows_of(kept):
            self._acknowledged.remember(batch)

    def _know_latest(self) -> None:
        """As the last process left it, with what was written since; from the files when that cannot be."""
        taken = self._snapshot.load(self._settled.manifest.generation)
        if taken is None or taken.version > self._recent.position:
            with contextlib.suppress(Unavailable):
                self._snapshot.forget()  # what it knows may be in a journal that is damaged
            self._find_latest()
            return
        self._acknowledged.loaded(taken.rows)
        for rows in self._recent.rows_since(taken.version):
            self._acknowledged.loaded(rows)

    def _keep_latest_alone(self) -> None:
        with self._settler.alone:  # nothing is being removed
            self._keep_latest()

    def _keep_latest(self) -> None:
        """For the next start."""
        with self._changed:
            taken = Taken(self._acknowledged.version, self._acknowledged.latest.everything())
            generation = self._settled.manifest.generation
        self._snapshot.save(taken, generation)

    def _find_latest(self) -> None:
        """From the newest file to the oldest, each with what is recent since it begins: older ones are only looked
        into for series that were silent since."""
        starts = [file.covers.start for file in self._settled.manifest.files]
        known = np.empty(0, dtype=np.int64)
        for start, end in reversed(list(pairwise((FIRST, *starts, LAST)))):
            try:
                found = self._reader.newest(Span(start, end), known)
            except Unavailable as error:  # a record with a damaged file opens: what comes now must still be taken
                logger.error("From %s on: %s", start, error)
                found = self._reader.newest(Span(start, end), known, settled="none")
            self._acknowledged.latest.replace(known[:0], one_batch(found))
            known = np.concatenate((known, found.column("series").to_numpy()))


def _require_table_beside_files(folder: Path) -> None:
    """A folder of settled files without the table is half a record, not a new one."""
    if settled_files.are_there(folder) and not recent_table.is_there(folder):
        raise Unavailable(
            Text(
                f"{folder / FILE} manque à côté des fichiers du registre : reprenez-le de la même sauvegarde qu'eux.",
                f"{folder / FILE} is missing beside the record's files: take it back from the same backup as them.",
            )
        )


def _settled_beside(recent: Recent, time_zone: str) -> Settled:
    """The settled files of a table. Raises `Unavailable` when they are from before it."""
    settled = Settled(recent.folder, time_zone=time_zone)
    if settled.manifest.generation < recent.settled:
        raise Unavailable(
            Text(
                f"{settled.folder} est plus ancien que la table : reprenez ce dossier de la même sauvegarde qu'elle.",
                f"{settled.folder} is older than the table: take this folder back from the same backup as the table.",
            )
        )
    settled.clean()
    return settled


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:
        return 0  # a segment gone meanwhile
