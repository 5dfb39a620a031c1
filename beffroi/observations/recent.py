"""The recent observations: a DuckDB table in arrival order, each (series, time) once.

DuckDB leaves what is deleted in its file, in blocks that it may use again some day. So a table that something was
removed from is *soiled* until `renew` copies it into a new file, `record.<number>.duckdb`; the greatest number counts.
"""

import contextlib
import os
import re
import shutil
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from beffroi.observations.batch import SCHEMA, observations
from beffroi.observations.journal import sync_folder
from beffroi.observations.lanes import giving_way
from beffroi.observations.protocol import Ack
from beffroi.observations.refusals import in_plain_words
from beffroi.observations.streams import Streams
from beffroi.observations.view import OBSERVED, STORED_COLUMNS, Span, collapsed, resolved, within
from beffroi.observations.windows import Windows

FILE = "record.duckdb"
RENEWED = re.compile(r"record\.(\d{9})\.duckdb")
SPILL = "spill-"
PROBE_BYTES = 1 << 20
PATIENCE_SECONDS = 10.0
"""for readers to stop when the file is to be opened anew"""
BATCHES_KEPT = 100_000
"""batch ids remembered, so that a retry is known for one"""
LOADED_ROWS = 500_000
DAY_MS = 86_400_000

TABLES = """
    CREATE TABLE IF NOT EXISTS observations (
        series BIGINT NOT NULL, time TIMESTAMP NOT NULL, version BIGINT NOT NULL,
        value DOUBLE, text VARCHAR, longitude DOUBLE, latitude DOUBLE, quality USMALLINT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS batches (batch_id VARCHAR NOT NULL, version BIGINT NOT NULL, rows BIGINT NOT NULL);
    CREATE TABLE IF NOT EXISTS position (version BIGINT NOT NULL);
    ALTER TABLE position ADD COLUMN IF NOT EXISTS settled BIGINT DEFAULT 0;
    ALTER TABLE position ADD COLUMN IF NOT EXISTS soiled BOOLEAN DEFAULT false;
    INSERT INTO position SELECT 0, 0, false WHERE NOT EXISTS (FROM position);
"""


class Recent:
    """Written by one thread, the applier's; read by any, each with a cursor of its own."""

    def __init__(self, folder: Path, *, memory_mib: int, spill_mib: int, threads: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._bounds: dict[str, Any] = {
            "memory_limit": f"{memory_mib}MiB",
            "threads": threads,
        }
        self._most_spilled = f"{spill_mib}MiB"
        self._file = _newest(folder)
        self.streams = Streams()
        self._doubtful = self._closed = False
        self._alone = threading.Lock()
        """over `_connection`, which refuses a call while it is at another, its closing too"""
        self._gate = threading.Condition()
        """over `_opening` and `_renewing`"""
        self._opening = 0
        self._renewing = False
        self._connect()
        self._forget_batches()

    def _connect(self) -> None:
        with in_plain_words(), contextlib.ExitStack() as failing:
            with giving_way():
                connection = duckdb.connect(str(self._file), config=self._options(self._file.stem))
            failing.callback(connection.close)
            writer = connection.cursor()
            writer.execute("SET GLOBAL parquet_metadata_cache = true")
            # among the options of `connect`, it would be shown and not be heeded
            writer.execute(f"SET GLOBAL max_temp_directory_size = '{self._most_spilled}'")
            writer.execute(TABLES)
            self.position, self.settled = _position(writer)
            """the version up to which everything is in the table, and the generation of the settled files without which
            something is missing"""
            failing.pop_all()
        self._connection, self._writer = connection, writer

    def cursor(self) -> duckdb.DuckDBPyConnection:
        with in_plain_words(), self._alone:
            try:
                cursor = self._connection.cursor()
            except (
                duckdb.ConnectionException
            ):  # it could not be opened anew when it had to be; the disk may be well now
                if self._closed:
                    raise
                self._connect()
                cursor = self._connection.cursor()
        self.streams.note(cursor)
        return cursor

    @contextlib.contextmanager
    def steady(self) -> Iterator[None]:
        """As long as this is held, a `cursor` opened within is on the file that the applier writes."""
        with self._gate:
            self._gate.wait_for(lambda: not self._renewing)
            self._opening += 1
        try:
            yield
        finally:
            with self._gate:
                self._opening -= 1
                self._gate.notify_all()

    def begin(self, cursor: duckdb.DuckDBPyConnection) -> tuple[int, int]:
        """Open a transaction on one state of the table, of which `position` and `settled` are told."""
        cursor.execute("BEGIN")
        return _position(cursor)

    def days(self) -> list[tuple[int, int, int]]:
        """The days (from 1970-01-01) that something is of, each with the greatest version written in it, and how many
        rows."""
        question = "SELECT time::DATE - DATE '1970-01-01' AS day, max(version), count(*) FROM observations GROUP BY day"
        return [(int(day), int(version), int(rows)) for day, version, rows in self._writer.execute(question).fetchall()]

    def rows_of(self, days: Collection[int]) -> Iterator[pa.RecordBatch]:
        """All that the table holds of these days, as `SCHEMA`."""
        if not days:
            return
        span = f"time >= epoch_ms({min(days) * DAY_MS}) AND time < epoch_ms({(max(days) + 1) * DAY_MS})"
        with in_plain_words(), contextlib.closing(self.cursor()) as cursor:
            found = cursor.sql(f"SELECT {', '.join(SCHEMA.names)} FROM observations WHERE {span}")
            for batch in found.to_arrow_reader(LOADED_ROWS):
                yield observations(batch)

    def rows_since(self, version: int) -> Iterator[pa.RecordBatch]:
        """All that the table holds of what was written after `version`, as `SCHEMA`, in the order in which it was."""
        with in_plain_words(), contextlib.closing(self.cursor()) as cursor:
            columns = ", ".join(SCHEMA.names)
            found = cursor.sql(f"SELECT {columns} FROM observations WHERE version > {version} ORDER BY version")
            for batch in found.to_arrow_reader(LOADED_ROWS):
                yield observations(batch)

    def forget(self, span: Span, captured: int, generation: int) -> None:
        """What was written in `span` up to version `captured` is settled, in files of `generation` and later."""
        with self._transaction() as writer:
            writer.execute(f"DELETE FROM {within('observations', span)} AND version <= {captured}")
            writer.execute(f"UPDATE position SET settled = {generation}")
        self.settled = generation

    def apply(self, writes: pa.Table, position: int, *, late: bool, batches: Sequence[Ack]) -> None:
        """One transaction: `writes` (as `STORED`; perhaps over what is there when `late`), the ids of their
        batches, and the position reached. Raises `Unavailable` with nothing changed."""
        with self._transaction() as writer:
            writer.register("staged", writes)
            if late:
                self._write_over(writes)
            else:
                writer.execute(f"INSERT INTO observations SELECT {STORED_COLUMNS} FROM staged")
            writer.unregister("staged")
            if batches:
                rows = {"batch_id": [b.batch_id for b in batches], "version": [b.version for b in batches]}
                writer.register("acks", pa.table({**rows, "rows": [b.rows for b in batches]}))
                writer.execute("INSERT INTO batches SELECT batch_id, version, rows FROM acks")
                writer.unregister("acks")
            writer.execute("UPDATE position SET version = ?", [position])
        self.position = position
        self._batches += len(batches)
        if self._batches > 2 * BATCHES_KEPT:
            self._forget_batches()

    def _write_over(self, writes: pa.Table) -> None:
        span = pc.min_max(writes.column("time")).as_py()
        same = " AND ".join(f"held.{name} IS NOT DISTINCT FROM writes.{name}" for name in OBSERVED)
        bounds = f"time BETWEEN TIMESTAMP '{span['min']}' AND TIMESTAMP '{span['max']}'"
        changes = self._writer.sql(f"""
            WITH {collapsed("staged")},
            held AS (SELECT *, rowid AS place FROM observations SEMI JOIN writes USING (series, time) WHERE {bounds}),
            {resolved(f", held.place, {same} AS same, held.quality AS quality_before")}
            SELECT * EXCLUDE (same, quality_before) FROM resolved
            WHERE place IS NULL OR NOT same OR quality <> quality_before
        """).to_arrow_table()
        self._writer.register("changes", changes)
        self._writer.execute("DELETE FROM observations WHERE rowid IN (SELECT place FROM changes)")
        self._writer.execute(f"INSERT INTO observations SELECT {STORED_COLUMNS} FROM changes")
        self._writer.unregister("changes")

    def delete(self, windows: Windows) -> None:
        with self._transaction() as writer:
            writer.register("windows", windows_table(windows))
            doomed = f"SELECT observations.rowid FROM {within('observations', windows)}"
            writer.execute(f"DELETE FROM observations WHERE rowid IN ({doomed})")
            writer.unregister("windows")

    def soil(self) -> None:
        """Remember that the file holds something that must not be found in it any more, until it is renewed."""
        with self._transaction() as writer:
            writer.execute("UPDATE position SET soiled = true")

    @property
    def soiled(self) -> bool:
        with contextlib.closing(self.cursor()) as cursor:
            return bool(cursor.execute("SELECT soiled FROM position").fetchall()[0][0])

    def renew(self) -> None:
        """Copy the tables into a file of their own, and remove the one they were in: what was deleted is nowhere then.
        A reader under way keeps the old file open, without a name, to its end. For the applier alone. Raises
        `Unavailable`, and the old one goes on."""
        number = int(found[1]) if (found := RENEWED.fullmatch(self._file.name)) else 0
        fresh, before = self.folder / f"record.{number + 1:09d}.duckdb", self._file
        partial = fresh.with_suffix(".partial")
        with in_plain_words():
            try:
                _remove(partial)
                self._copy(partial)
                _sync(partial)
                with self._nobody_opening(), self._alone:
                    self._go_over(partial, fresh)
            finally:
                _remove(partial)
            _remove(before)

    @contextlib.contextmanager
    def _nobody_opening(self) -> Iterator[None]:
        with self._gate:
            self._renewing = True
            self._gate.wait_for(lambda: not self._opening)
        try:
            yield
        finally:
            with self._gate:
                self._renewing = False
                self._gate.notify_all()

    def _go_over(self, partial: Path, fresh: Path) -> None:
        """The old connection is let go of, not closed: that would close the cursors of whoever reads through it."""
        file, writer = self._file, self._writer
        try:
            partial.rename(fresh)
            sync_folder(self.folder)
            self._file = fresh
            self._connect()
        except BaseException:
            self._file = file
            _remove(fresh)  # from now on, it would lack what is applied
            with contextlib.suppress(OSError):
                sync_folder(self.folder)
            raise
        with contextlib.suppress(duckdb.Error):
            writer.execute("PRAGMA disable_checkpoint_on_shutdown")
            writer.close()

    def batches(self) -> list[Ack]:
        """The batches whose ids are remembered, oldest first."""
        rows = self._writer.execute("SELECT batch_id, version, rows FROM batches ORDER BY version").fetchall()
        return [Ack(*row) for row in rows]

    def _forget_batches(self) -> None:
        with self._transaction() as writer:
            writer.execute(f"""DELETE FROM batches WHERE version < (
                SELECT min(version) FROM (SELECT version FROM batches ORDER BY version DESC LIMIT {BATCHES_KEPT}))""")
        self._batches = int(self._writer.execute("SELECT count(*) FROM batches").fetchall()[0][0])

    def copy_to(self, folder: Path) -> None:
        """A copy of one state of the tables, while the applier goes on."""
        self._copy(folder / FILE)

    def _copy(self, path: Path) -> None:
        """By a database of its own: one that is attached and cannot be written would take this one down with it."""
        with (
            in_plain_words(),
            contextlib.closing(duckdb.connect(str(path), config=self._options("copy"))) as copy,
            contextlib.closing(self.cursor()) as cursor,
        ):
            copy.execute(TABLES)
            copy.execute("DELETE FROM position")
            cursor.execute("BEGIN")
            for table in ("observations", "batches", "position"):
                copy.register("rows", cursor.sql(f"FROM {table}").to_arrow_reader())
                copy.execute(f"INSERT INTO {table} FROM rows")
                copy.unregister("rows")
            copy.execute("UPDATE position SET soiled = false")  # what was deleted is not copied
            copy.execute("CHECKPOINT")

    def _options(self, name: str) -> dict[str, Any]:
        """Of a database; no two of them may spill into the same folder, which each takes for its own."""
        return self._bounds | {
            "temp_directory": str(self.folder / f"{SPILL}{name}"),
            "autoinstall_known_extensions": False,
        }

    def close(self) -> None:
        with self._alone:
            self._closed = True
            self._disconnect()

    def _disconnect(self) -> None:
        beyond = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self._connection.close()
                break
            except duckdb.ResourceInUseException:  # one of its cursors is at work still
                if time.monotonic() > beyond:
                    raise
                time.sleep(0.001)
        self._writer.close()
        _remove_spills(self.folder)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with in_plain_words():
            if self._doubtful:
                self._require_room()
            try:
                self._writer.execute("BEGIN")
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                self._doubtful = True
                self._roll_back()
                raise
            self._doubtful = False

    def _require_room(self) -> None:
        """After a failure: each more of them costs the readers their results, so the disk is tried first. Raises
        `OSError`."""
        probe = self.folder / "probe"
        try:
            with probe.open("wb") as file:
                file.write(bytes(PROBE_BYTES))
                file.flush()
                os.fsync(file.fileno())
        finally:
            probe.unlink(missing_ok=True)

    def _roll_back(self) -> None:
        try:
            self._writer.execute("ROLLBACK")
        except duckdb.TransactionException:
            pass  # the failure had already ended it
        except duckdb.Error:
            # after a failed write of its own journal DuckDB refuses everything until the file is opened anew; what it
            # failed at may be found there
            with self._alone:
                self.streams.cut()
                self._disconnect()
                self._connect()


def is_there(folder: Path) -> bool:
    """Whether a folder has tables."""
    return (folder / FILE).exists() or any(RENEWED.fullmatch(path.name) for path in folder.glob("record.*"))


def _newest(folder: Path) -> Path:
    """The file that holds the tables. What a process left that died while it renewed them is removed."""
    renewed = sorted(path for path in folder.iterdir() if RENEWED.fullmatch(path.name))
    _remove_spills(folder)
    for path in folder.glob("record.*.partial*"):
        path.unlink()
    for older in (folder / FILE, *renewed[:-1]) if renewed else ():
        _remove(older)
    return renewed[-1] if renewed else folder / FILE


def _remove(file: Path) -> None:
    for path in (file, file.with_name(f"{file.name}.wal")):
        path.unlink(missing_ok=True)


def _remove_spills(folder: Path) -> None:
    for path in folder.glob(f"{SPILL}*"):
        shutil.rmtree(path, ignore_errors=True)


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _position(cursor: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    ((version, settled),) = cursor.execute("SELECT version, settled FROM position").fetchall()
    return int(version), int(settled)


def windows_table(windows: Windows) -> pa.Table:
    return pa.table({"series": windows.series, "start": windows.start, "end": windows.end})
