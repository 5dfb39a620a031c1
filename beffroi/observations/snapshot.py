"""The latest of every series, kept on disk so that a start need not look for it in every file: an aid, which is looked
for anew when it is missing, damaged or of another time."""

import contextlib
import logging
import os
import struct
import zlib
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from beffroi.observations.batch import SCHEMA
from beffroi.observations.journal import sync_folder
from beffroi.observations.refusals import in_plain_words

logger = logging.getLogger(__name__)

NAME = "latest.snapshot"
HEADER = struct.Struct("<4sIQQ")
"""Magic, CRC-32 of all that follows it, version, generation; then an Arrow IPC record batch of `SCHEMA`."""
MAGIC = b"BFL1"
CHECKED_FROM = 8


class Taken(NamedTuple):
    """`rows`: the latest of each series as of `version`, whatever was written or settled later left aside."""

    version: int
    rows: pa.RecordBatch


class Snapshot:
    """Of a record's folder. One writer at a time."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._forgotten = False

    def load(self, generation: int) -> Taken | None:
        """The one that was taken when the settled files were of that generation; None when there is none to trust."""
        try:
            content = self._path.read_bytes()
        except OSError:
            return None
        if len(content) < HEADER.size:
            return None
        magic, crc, version, taken_at = HEADER.unpack_from(content)
        if magic != MAGIC or taken_at != generation or zlib.crc32(memoryview(content)[CHECKED_FROM:]) != crc:
            return None
        return Taken(version, pa.ipc.read_record_batch(pa.py_buffer(content[HEADER.size :]), SCHEMA))

    def save(self, taken: Taken, generation: int) -> None:
        """A disk that takes no more leaves none: the next start is slower, and nothing else."""
        partial = self._path.with_suffix(".partial")
        payload = taken.rows.serialize()
        rest = HEADER.pack(MAGIC, 0, taken.version, generation)[CHECKED_FROM:]
        crc = zlib.crc32(payload, zlib.crc32(rest))
        self._forgotten = False
        try:
            with partial.open("wb") as file:
                file.write(b"".join((MAGIC, crc.to_bytes(4, "little"), rest, payload)))
                file.flush()
                os.fsync(file.fileno())
            partial.rename(self._path)
        except OSError as error:
            logger.warning("The latest values were not kept for the next start: %s", error)
            with contextlib.suppress(OSError):  # the one before holds as well: whatever is removed forgets it first
                partial.unlink(missing_ok=True)

    def forget(self) -> None:
        """Something is about to be removed: what was taken holds no more. Raises `Unavailable` while the disk keeps
        it."""
        if self._forgotten:
            return
        with in_plain_words():
            self._path.unlink(missing_ok=True)
            sync_folder(self._path.parent)
        self._forgotten = True
