"""The journal: what was acknowledged is here first, on disk, until the engine holds it."""

import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from beffroi.observations.batch import SCHEMA

MAGIC = b"BFJ1"
HEADER = struct.Struct("<4sIQIHB")
"""Magic, CRC-32 of all that follows it, version, bytes of the payload, bytes of the batch id, columns present (a
bit each). Then the batch id (UTF-8), then the payload: an Arrow IPC record batch of those columns; the others are
null."""
CHECKED_FROM = 8


class Entry(NamedTuple):
    """A batch as journalled. `batch_id` is empty when its sender gave none."""

    version: int
    batch_id: str
    batch: pa.RecordBatch


class Journal:
    """Append-only segments in a folder, each named by its first version. One thread writes, another forgets."""

    def __init__(self, folder: Path, *, segment_bytes: int = 64 << 20) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._segment_bytes = segment_bytes
        self._closed: list[tuple[Path, int]] = []
        self._file: int | None = None
        self._path = folder
        self._good = 0
        """bytes of the current segment that are durable"""
        self._last = 0
        self._doubtful = False

    def replay(self, after: int) -> Iterator[Entry]:
        """What was journalled since version `after`, in order; a torn end (the process died while writing) is left out.

        To be read before anything is written. The segments read go with `forget`, like those written.
        """
        for path in sorted(self.folder.glob("*.journal")):
            last = after
            for entry in _entries(path.read_bytes()):
                if entry.version > after:
                    last = entry.version
                    yield entry
            self._closed.append((path, last))

    def write(self, entries: Sequence[Entry]) -> None:
        """Returns once all are durable. Raises `OSError` when they are not: then none of them will ever be replayed."""
        data = b"".join(_frame(entry) for entry in entries)
        if self._doubtful:
            self._mend()
        try:
            if self._file is None:
                self._begin(entries[0].version)
            assert self._file is not None
            _write_all(self._file, data)
            os.fdatasync(self._file)
        except OSError:
            self._doubtful = True
            self._mend()
            raise
        self._good += len(data)
        self._last = entries[-1].version
        if self._good >= self._segment_bytes:
            self._end()

    def forget(self, upto: int) -> None:
        """Remove the closed segments that hold nothing after version `upto`."""
        while self._closed and self._closed[0][1] <= upto:
            self._closed.pop(0)[0].unlink(missing_ok=True)

    def close(self) -> None:
        if self._file is not None:
            self._end()

    def _begin(self, version: int) -> None:
        self._path = self.folder / f"{version:020d}.journal"
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        self._good = 0
        _sync_folder(self.folder)

    def _end(self) -> None:
        assert self._file is not None
        os.close(self._file)
        self._file = None
        self._closed.append((self._path, self._last))

    def _mend(self) -> None:
        """Cut what was refused off the segment and leave it for a fresh one: after a failed fsync, what the system
        still holds of a file cannot be trusted. While this fails too, every write is refused."""
        if self._file is not None:
            os.ftruncate(self._file, self._good)
            os.fsync(self._file)
            self._end()
        self._doubtful = False


def _frame(entry: Entry) -> bytes:
    batch_id = entry.batch_id.encode()
    present = [name for name in SCHEMA.names if entry.batch.column(name).null_count < max(1, entry.batch.num_rows)]
    columns = sum(1 << SCHEMA.get_field_index(name) for name in present)
    payload = entry.batch.select(present).serialize()
    header = HEADER.pack(MAGIC, 0, entry.version, payload.size, len(batch_id), columns)
    crc = zlib.crc32(payload, zlib.crc32(batch_id, zlib.crc32(header[CHECKED_FROM:])))
    return b"".join((MAGIC, crc.to_bytes(4, "little"), header[CHECKED_FROM:], batch_id, payload))


def _entries(data: bytes) -> Iterator[Entry]:
    """The whole frames of a segment, up to the first that is torn."""
    start = 0
    while start + HEADER.size <= len(data):
        magic, crc, version, size, id_size, columns = HEADER.unpack_from(data, start)
        opening = start + HEADER.size + id_size
        end = opening + size
        if magic != MAGIC or end > len(data) or zlib.crc32(memoryview(data)[start + CHECKED_FROM : end]) != crc:
            return
        batch_id = data[opening - id_size : opening].decode()
        schema = pa.schema([field for index, field in enumerate(SCHEMA) if columns & (1 << index)])
        batch = pa.ipc.read_record_batch(pa.py_buffer(memoryview(data)[opening:end]), schema)
        arrays = [
            batch.column(field.name) if field.name in batch.schema.names else pa.nulls(batch.num_rows, field.type)
            for field in SCHEMA
        ]
        yield Entry(version, batch_id, pa.RecordBatch.from_arrays(arrays, schema=SCHEMA))
        start = end


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _sync_folder(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
