"""The recent observations: a DuckDB table in arrival order, each (series, time) once."""

import contextlib
import os
import shutil
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from beffroi.errors import Text, Unavailable
from beffroi.observations.batch import SCHEMA, observations
from beffroi.observations.protocol import Ack
from beffroi.observations.streams import Streams
from beffroi.observations.view import OBSERVED, STORED_COLUMNS, Span, collapsed, resolved, within
from beffroi.observations.windows import Windows

FILE = "record.duckdb"
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
    INSERT INTO position SELECT 0, 0 WHERE NOT EXISTS (FROM position);
"""


class Recent:
    """Written by one thread, the applier's; read by any, each with a cursor of its own."""

    def __init__(self, folder: Path, *, memory_mib: int, threads: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._options: dict[str, Any] = {
            "memory_limit": f"{memory_mib}MiB",
            "threads": threads,
            "temp_directory": str(folder / "spill"),
            "autoinstall_known_extensions": False,
        }
        self.streams = Streams()
        self._doubtful = False
        self._alone = threading.Lock()
        """over `_connection`, which refuses a call while it is at another, its closing too"""
        self._connect()
        self._forget_batches()

    def _connect(self) -> None:
        with in_plain_words():
            self._connection = duckdb.connect(str(self.folder / FILE), config=self._options)
            self._writer = self._connection.cursor()
            self._writer.execute("SET GLOBAL parquet_metadata_cache = true")
            self._writer.execute(TABLES)
            self.position, self.settled = _position(self._writer)
            """the version up to which everything is in the table, and the generation of the settled files without which
            something is missing"""

    def cursor(self) -> duckdb.DuckDBPyConnection:
        with in_plain_words(), self._alone:
            cursor = self._connection.cursor()
        self.streams.note(cursor)
        return cursor

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

    def delete(self, windows: Windows) -> int:
        with self._transaction() as writer:
            writer.register("windows", windows_table(windows))
            doomed = f"SELECT observations.rowid FROM {within('observations', windows)}"
            rows = writer.execute(f"DELETE FROM observations WHERE rowid IN ({doomed})").fetchall()[0][0]
            writer.unregister("windows")
        return int(rows)

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
        """A copy of one state of the tables, while the applier goes on.

        By a database of its own: one that is attached and cannot be written would take this one down with it.
        """
        with (
            in_plain_words(),
            contextlib.closing(duckdb.connect(str(folder / FILE), config=self._options)) as copy,
            contextlib.closing(self.cursor()) as cursor,
        ):
            copy.execute(TABLES)
            copy.execute("DELETE FROM position")
            cursor.execute("BEGIN")
            for table in ("observations", "batches", "position"):
                copy.register("rows", cursor.sql(f"FROM {table}").to_arrow_reader())
                copy.execute(f"INSERT INTO {table} FROM rows")
                copy.unregister("rows")
            copy.execute("CHECKPOINT")

    def close(self) -> None:
        with self._alone:
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
        shutil.rmtree(self.folder / "spill", ignore_errors=True)

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


def _position(cursor: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    ((version, settled),) = cursor.execute("SELECT version, settled FROM position").fetchall()
    return int(version), int(settled)


def windows_table(windows: Windows) -> pa.Table:
    return pa.table({"series": windows.series, "start": windows.start, "end": windows.end})


@contextlib.contextmanager
def in_plain_words() -> Iterator[None]:
    """DuckDB's refusals for want of room, as `Unavailable`."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise Unavailable(
            Text(
                "Cette demande dépasse la mémoire permise : demandez moins à la fois.",
                "This needs more memory than allowed: ask for less at a time.",
            )
        ) from error
    except (
        duckdb.IOException,
        duckdb.FatalException,
        duckdb.ConnectionException,
        duckdb.TransactionException,
        duckdb.InterruptException,
        duckdb.ResourceInUseException,
        OSError,  # also what DuckDB fails at while a result is fetched piece by piece
    ) as error:
        raise Unavailable(
            Text(
                "Le registre des observations ne peut ni lire ni écrire son fichier (disque plein, ou déjà ouvert ?).",
                "The record of observations cannot read or write its file (disk full, or opened already?).",
            )
        ) from error
    except duckdb.InvalidInputException as error:
        raise _damaged() from error
    except duckdb.Error as error:
        if type(error) is not duckdb.Error:  # what it raises without a class of its own is about Parquet's insides
            raise
        raise _damaged() from error


def _damaged() -> Unavailable:
    return Unavailable(
        Text(
            "Un fichier du registre est abîmé : `beffroi record verify` dit lequel ; reprenez-le d'une sauvegarde.",
            "A file of the record is damaged: `beffroi record verify` tells which; take it back from a backup.",
        )
    )
