"""Results that are fetched piece by piece, and that can be cut short while nobody fetches."""

import contextlib
import threading
import weakref
from collections.abc import Iterator

import duckdb
import pyarrow as pa

from beffroi.errors import Text, Unavailable


class Streams:
    """Of all cursors of one database. DuckDB opens a file anew only once nothing is left of the time before: a reader
    that takes its time must not keep it waiting."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[_Stream] = set()
        self._cursors: weakref.WeakSet[duckdb.DuckDBPyConnection] = weakref.WeakSet()

    def note(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """It may be asked something."""
        with self._lock:
            self._cursors.add(cursor)

    def batches(self, found: duckdb.DuckDBPyRelation, rows: int) -> Iterator[pa.RecordBatch]:
        """What was found, about `rows` at a time. Raises `Unavailable` once cut."""
        stream = _Stream(found.to_arrow_reader(rows))
        with self._lock:
            self._open.add(stream)
        try:
            while (batch := stream.next()) is not None:
                yield batch
        finally:
            with self._lock:
                self._open.discard(stream)
            stream.cut()

    def cut(self) -> None:
        """Whoever reads is told that it cannot go on."""
        with self._lock:
            streams, cursors = list(self._open), list(self._cursors)
            self._cursors.clear()
        for cursor in cursors:
            with contextlib.suppress(duckdb.Error):  # closed meanwhile
                cursor.interrupt()
        for stream in streams:
            stream.cut()


class _Stream:
    def __init__(self, reader: pa.RecordBatchReader) -> None:
        self._lock = threading.Lock()
        self._reader: pa.RecordBatchReader | None = reader

    def next(self) -> pa.RecordBatch | None:
        """None at the end."""
        with self._lock:
            if self._reader is None:
                raise Unavailable(
                    Text(
                        "Cette lecture a été interrompue, un fichier du registre ayant dû être rouvert : recommencez.",
                        "This reading was cut short, as a file of the record had to be opened anew: begin again.",
                    )
                )
            try:
                return self._reader.read_next_batch()
            except StopIteration:
                return None

    def cut(self) -> None:
        with self._lock:
            if self._reader is not None:
                self._reader.close()
            self._reader = None
