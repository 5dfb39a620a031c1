"""The journal: what was acknowledged is here first, on disk, until the engine holds it."""

import fcntl
import logging
import os
import struct
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec
import pyarrow as pa

from beffroi.errors import Text, Unavailable
from beffroi.observations.batch import SCHEMA, Few

logger = logging.getLogger(__name__)

MAGIC = b"BFJ1"
HEADER = struct.Struct("<4sIQIHB")
"""Magic, CRC-32 of all that follows it, version, bytes of the payload, bytes of the batch id, columns present (a
bit each, or `LISTED`). Then the batch id (UTF-8), then the payload: an Arrow IPC record batch of those columns; the
others are null."""
LISTED = 1 << 7
"""instead of columns: the payload is MessagePack, an array of the lists of a `Few`"""
LISTS, LISTS_DECODER = (
    msgspec.msgpack.Encoder(),
    msgspec.msgpack.Decoder(tuple[list[int], list[int], list[float | None], list[int], list[str | None] | None]),
)
CHECKED_FROM = 8
AHEAD, LONG = 1 << 20, 1 << 16
"""bytes laid out, as zeros, beyond what is written, unless the write is long: what goes into room that is there is
durable at less than half the cost of what makes its file grow, of which the file system has to write as well"""


class Body(NamedTuple):
    """A batch as bytes; `columns` says which of `SCHEMA` are there, the others being wholly null."""

    columns: int
    payload: pa.Buffer | bytes

    @classmethod
    def of(cls, batch: pa.RecordBatch | Few) -> "Body":
        if isinstance(batch, Few):
            return cls(LISTED, LISTS.encode((batch.series, batch.time, batch.value, batch.quality, batch.text)))
        rows = max(1, batch.num_rows)
        present = [index for index in range(len(SCHEMA)) if batch.column(index).null_count < rows]
        columns = sum(1 << index for index in present)
        return cls(columns, batch.select(present).serialize())

    def batch(self) -> pa.RecordBatch | Few:
        if self.columns == LISTED:
            return Few(*LISTS_DECODER.decode(self.payload))
        schema = pa.schema([field for index, field in enumerate(SCHEMA) if self.columns & (1 << index)])
        held = pa.ipc.read_record_batch(self.payload, schema)
        arrays = [
            held.column(field.name) if field.name in schema.names else pa.nulls(held.num_rows, field.type)
            for field in SCHEMA
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


class Entry(NamedTuple):
    """A batch as journalled. `batch_id` is empty when its sender gave none."""

    version: int
    batch_id: str
    batch: pa.RecordBatch | Few
    body: Body


class Journal:
    """Append-only segments in a folder, each named by its first version. One thread writes, others turn and forget."""

    def __init__(self, folder: Path, *, segment_bytes: int = 64 << 20) -> None:
        """Raises `Unavailable` while another has it open, in this process or another."""
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(folder / "lock")
        self.folder = folder
        self._segment_bytes = segment_bytes
        self._changing = threading.Lock()
        self._closed: list[tuple[Path, int]] = []
        self._damaged: set[Path] = set()
        self._file: int | None = None
        self._path = folder
        self._good = self._room = 0
        """bytes of the current segment that are durable, and that it takes on the disk"""
        self._last = 0
        self._doubtful = False

    def replay(self, after: int) -> Iterator[Entry]:
        """What was journalled since version `after`, in order, what was not written to its end left out.

        To be read before anything is written. The segments read go with `forget`, like those written.
        """
        for path in sorted(self.folder.glob("*.journal")):
            last = after
            for entry in self._whole(path, after):
                if entry.version > after:
                    last = entry.version
                    yield entry
            self._closed.append((path, last))

    def _whole(self, path: Path, after: int) -> Iterator[Entry]:
        """The whole entries of a segment; what is not one is told."""
        data, read, expected = path.read_bytes(), 0, int(path.stem)
        for start, end, entry in _entries(data):
            if start > read:
                self._damaged.add(path)
                told = (
                    "%s is damaged from byte %d to %d: what it held of versions %d to %d is lost, if after version %d;"
                    " what follows is kept."
                )
                logger.error(told, path.name, read, start, expected, entry.version - 1, after)
            yield entry
            read, expected = end, entry.version + 1
        if rest := data[read:].rstrip(b"\0"):
            told = "%s: the last %d bytes are no whole entry, and are left out."
            logger.warning(told, path.name, len(rest))

    def write(self, entries: Sequence[Entry]) -> None:
        """Returns once all are durable. Raises `OSError` when they are not: then none of them will ever be replayed."""
        data = b"".join(_frame(entry) for entry in entries)
        with self._changing:
            if self._doubtful:
                self._mend()
            try:
                if self._file is None:
                    self._begin(entries[0].version)
                assert self._file is not None
                _write_all(self._file, data, self._good)
                self._lay_out(self._good + len(data), len(data))
                os.fdatasync(self._file)
            except OSError:
                self._doubtful = True
                self._mend()
                raise
            self._good += len(data)
            self._last = entries[-1].version
            if self._good >= self._segment_bytes:
                self._end()

    def turn(self) -> int:
        """Leave the segment under way for a fresh one, so that `forget` reaches all that was written so far; the last
        version of it, 0 when nothing was written."""
        with self._changing:
            if self._doubtful:
                self._mend()
            if self._file is not None and self._good:
                self._end()
            return self._last

    def forget(self, upto: int) -> None:
        """Remove the closed segments that hold nothing after version `upto`; those damaged are put aside."""
        with self._changing:
            while self._closed and self._closed[0][1] <= upto:
                path = self._closed.pop(0)[0]
                if path in self._damaged:
                    path.rename(f"{path}.damaged")
                else:
                    path.unlink(missing_ok=True)

    def close(self, upto: int) -> None:
        """What is up to version `upto` is no longer needed."""
        with self._changing:
            if self._file is not None:
                self._end()
        self.forget(upto)
        os.close(self._lock)

    def _begin(self, version: int) -> None:
        """A segment of that name is there if a write was torn before any was whole: what is left of it stays."""
        self._path = self.folder / f"{version:020d}.journal"
        self._closed = [one for one in self._closed if one[0] != self._path]
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o640)
        self._good = self._room = os.fstat(self._file).st_size
        sync_folder(self.folder)

    def _lay_out(self, end: int, size: int) -> None:
        """Room for what comes after byte `end`, the last of a write of `size`; on a disk that is full, none."""
        assert self._file is not None
        if end > self._room:
            self._room = end
            if size <= LONG:
                with suppress(OSError):
                    self._room += os.pwrite(self._file, bytes(AHEAD), end)

    def _end(self) -> None:
        assert self._file is not None
        with suppress(OSError):  # zeros that stay are no entry
            os.ftruncate(self._file, self._good)
        os.close(self._file)
        self._file = None
        self._closed.append((self._path, self._last))

    def _mend(self) -> None:
        """Cut what was refused off the segment and leave it for a fresh one: after a failed fsync, what the system
        still holds of a file cannot be trusted. While this fails too, every write is refused."""
        if self._file is not None:
            os.ftruncate(self._file, self._good)
            os.fsync(self._file)
            if self._good:
                self._end()
            else:
                self._path.unlink(missing_ok=True)
                os.close(self._file)
                self._file = None
        self._doubtful = False


def _frame(entry: Entry) -> bytes:
    batch_id = entry.batch_id.encode()
    columns, payload = entry.body
    header = HEADER.pack(MAGIC, 0, entry.version, len(payload), len(batch_id), columns)
    crc = zlib.crc32(payload, zlib.crc32(batch_id, zlib.crc32(header[CHECKED_FROM:])))
    return b"".join((MAGIC, crc.to_bytes(4, "little"), header[CHECKED_FROM:], batch_id, payload))


def _entries(data: bytes) -> Iterator[tuple[int, int, Entry]]:
    """The whole frames of a segment, each with where it starts and ends. What lies between is passed over: the end of
    a write that death cut short, or damage, after which there may be more."""
    start = data.find(MAGIC)
    while 0 <= start <= len(data) - HEADER.size:
        magic, crc, version, size, id_size, columns = HEADER.unpack_from(data, start)
        opening = start + HEADER.size + id_size
        end = opening + size
        if magic != MAGIC or end > len(data) or zlib.crc32(memoryview(data)[start + CHECKED_FROM : end]) != crc:
            start = data.find(MAGIC, start + 1)
            continue
        batch_id = data[opening - id_size : opening].decode()
        body = Body(columns, pa.py_buffer(data[opening:end]))
        yield start, end, Entry(version, batch_id, body.batch(), body)
        start = data.find(MAGIC, end)


def _write_all(file: int, data: bytes, start: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(file, view, start)
        view, start = view[written:], start + written


def _locked(path: Path) -> int:
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(file)
        raise Unavailable(
            Text("Ce registre d'observations est déjà ouvert.", "This record of observations is open already.")
        ) from error
    return file


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
