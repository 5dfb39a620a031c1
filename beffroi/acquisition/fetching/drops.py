"""Folders where others drop files, here or on a server: each file is taken once, when it is whole, and put aside once
all in it is durable."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import Literal, NamedTuple, Protocol

from beffroi.acquisition.fetching.memory import Known, Memory
from beffroi.acquisition.fetching.source import LARGEST, Found, too_large
from beffroi.acquisition.parts import printable

Aside = Literal["done", "refused"]
LISTED = 10_000
"""files looked at in one look; the others have their turn once these are put aside"""
HALF_WRITTEN = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~")
"""how names end, of files that programs rename when they are whole"""
LATEST = 4_102_444_800 * 10**9
"""nanoseconds from 1970 to 2100: what a server tells may be anything"""
TRIES = 1000
"""names tried for a file that is put aside where others of its name are"""


class Entry(NamedTuple):
    """A file in the folder; equal in two looks when nothing wrote to it in between. `modified`: nanoseconds since
    1970."""

    name: str
    size: int
    modified: int


class Kept(Exception):
    """A file cannot be put aside: it stays where it is."""


class Files(Protocol):
    """The folder, opened. What is gone meanwhile raises `FileNotFoundError`."""

    async def entries(self) -> list[Entry]:
        """Plain files, `LISTED` at most; no links."""
        ...

    async def entry(self, name: str) -> Entry: ...

    async def read(self, name: str, limit: int) -> bytes:
        """Its bytes; one more than `limit` when there are more."""
        ...

    async def put_aside(self, name: str, into: Aside) -> None:
        """Raises `Kept`."""
        ...


@dataclass
class Drop:
    """`opened`: the folder, for the time of a look."""

    opened: Callable[[], AbstractAsyncContextManager[Files]]
    pattern: str
    memory: Memory
    status: int | None = None

    def __post_init__(self) -> None:
        self._seen: dict[str, Entry] = {}

    async def found(self) -> AsyncGenerator[Found, None]:
        async with self.opened() as files:
            entries = [one for one in await files.entries() if self._is_meant(one.name)]
            whole = [one for one in entries if self._seen.get(one.name) == one]
            self._seen = {one.name: one for one in entries}
            known = await self.memory.all()
            if len(entries) < LISTED:
                await self.memory.forget(known.keys() - set(map(printable, self._seen)))
            for one in sorted(whole, key=lambda one: (one.modified, one.name)):
                met = known.get(printable(one.name))
                if met is None or (met.size, met.modified) != (one.size, one.modified):
                    document = await self._document(files, one, met)
                    if document is not None:
                        yield document

    def _is_meant(self, name: str) -> bool:
        return not name.startswith(".") and not name.endswith(HALF_WRITTEN) and fnmatchcase(name, self.pattern)

    async def _document(self, files: Files, entry: Entry, met: Known | None) -> Found | None:
        """None for a file that is gone, being written again, or the same as before."""
        refused = None
        try:
            content = await files.read(entry.name, LARGEST) if entry.size <= LARGEST else b""
            if await files.entry(entry.name) != entry:
                return None
        except FileNotFoundError:
            return None
        if entry.size > LARGEST:
            content, refused = too_large(printable(entry.name), entry.size)
        now = datetime.now(UTC)
        received_at = datetime.fromtimestamp(min(max(0, entry.modified), LATEST) / 1e9, UTC)
        digest = sha256(content).hexdigest()
        kept = Known(
            name=printable(entry.name),
            digest=digest,
            received_at=received_at,
            size=entry.size,
            modified=entry.modified,
            kept_at=now,
        )
        if met is not None and met.digest == digest:
            await self.memory.note(kept)
            return None

        async def settle(readable: bool) -> None:
            await self._settle(files, entry, kept, "done" if readable else "refused")

        return Found(printable(entry.name), content, received_at, settle, refused=refused)

    async def _settle(self, files: Files, entry: Entry, kept: Known, into: Aside) -> None:
        """Put aside; where that cannot be, remembered. What was written over meanwhile is another file."""
        try:
            if await files.entry(entry.name) == entry:
                await files.put_aside(entry.name, into)
                self._seen.pop(entry.name, None)
                await self.memory.forget({printable(entry.name)})
        except FileNotFoundError:
            return
        except Kept:
            await self.memory.note(kept)


def numbered(name: str, place: int) -> str:
    """`releve.csv`, then `releve-2.csv`…"""
    if place == 1:
        return name
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}-{place}{dot}{suffix}" if stem else f"{name}-{place}"
