"""A folder of this machine, below the one that the operator allows. No link is followed, whatever is renamed meanwhile:
each step is opened from the one before (openat(2) with O_NOFOLLOW)."""

import asyncio
import os
import stat
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from itertools import islice
from pathlib import Path

from beffroi.acquisition.fetching.drops import LISTED, TRIES, Aside, Entry, Files, Kept, numbered
from beffroi.acquisition.fetching.source import Failed
from beffroi.errors import Text

DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
PLAIN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class LocalFiles:
    def __init__(self, folder: int) -> None:
        self._folder = folder

    async def entries(self) -> list[Entry]:
        return await asyncio.to_thread(self._entries)

    async def entry(self, name: str) -> Entry:
        return await asyncio.to_thread(self._entry, name)

    async def read(self, name: str, limit: int) -> bytes:
        return await asyncio.to_thread(self._read, name, limit)

    async def put_aside(self, name: str, into: Aside) -> None:
        await asyncio.to_thread(self._put_aside, name, into)

    def _entries(self) -> list[Entry]:
        with os.scandir(self._folder) as found:
            names = [one.name for one in islice(found, LISTED) if one.is_file(follow_symlinks=False)]
        entries = []
        for name in names:
            with suppress(FileNotFoundError):
                entries.append(self._entry(name))
        return entries

    def _entry(self, name: str) -> Entry:
        found = os.stat(name, dir_fd=self._folder, follow_symlinks=False)
        if not stat.S_ISREG(found.st_mode):
            raise FileNotFoundError(name)
        return Entry(name, found.st_size, found.st_mtime_ns)

    def _read(self, name: str, limit: int) -> bytes:
        descriptor = os.open(name, PLAIN, dir_fd=self._folder)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise FileNotFoundError(name)
            return file.read(limit + 1)

    def _put_aside(self, name: str, into: Aside) -> None:
        try:
            with suppress(FileExistsError):
                os.mkdir(into, dir_fd=self._folder)
            aside = os.open(into, DIRECTORY, dir_fd=self._folder)
        except OSError as error:
            raise Kept from error
        try:
            taken = {one.name for one in os.scandir(aside)}
            free = next(one for place in range(1, TRIES + len(taken)) if (one := numbered(name, place)) not in taken)
            os.rename(name, free, src_dir_fd=self._folder, dst_dir_fd=aside)
            os.fsync(aside)
            os.fsync(self._folder)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise Kept from error
        finally:
            os.close(aside)


@asynccontextmanager
async def local_files(root: Path | None, path: list[str]) -> AsyncGenerator[Files, None]:
    """The folder at `path` below `root`. Raises `Failed` when it is not there, or a link is on the way."""
    folder = await asyncio.to_thread(_opened, root, path)
    try:
        yield LocalFiles(folder)
    finally:
        os.close(folder)


def _opened(root: Path | None, path: list[str]) -> int:
    if root is None:
        said = Text("Cette instance ne surveille plus de dossier.", "This instance watches no folder any more.")
        raise Failed(said)
    here = None
    try:
        here = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for step in path:
            further = os.open(step, DIRECTORY, dir_fd=here)
            os.close(here)
            here = further
    except OSError as error:
        if here is not None:
            os.close(here)
        told = "/".join(path)
        raise Failed(
            Text(
                f"Le dossier {told} ne peut pas être lu : {error.strerror}.",
                f"The folder {told} cannot be read: {error.strerror}.",
            )
        ) from error
    return here
