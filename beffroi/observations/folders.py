"""A folder that is there whole, or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from beffroi.errors import Conflict, Text, Unavailable
from beffroi.observations.journal import sync_folder


@contextmanager
def made_whole(folder: Path, *, mode: int = 0o777) -> Iterator[Path]:
    """A folder to fill, which becomes `folder` once the block ends and all that is in it is on disk.

    A block that raises leaves nothing; a process that dies within it leaves `<folder>.partial`, which the next one
    removes. Raises `Conflict` when `folder` exists, `Unavailable` when the disk takes no more.
    """
    if folder.exists():
        raise Conflict(Text(f"{folder} existe déjà.", f"{folder} exists already."))
    partial = folder.with_name(f"{folder.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True, mode=mode)
        yield partial
        _sync(partial)
        partial.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise Unavailable(
            Text(
                f"{folder} ne peut pas être écrit ({error.strerror}). Rien n'en est gardé.",
                f"{folder} cannot be written ({error.strerror}). Nothing is kept of it.",
            )
        ) from error
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_dir():
            sync_folder(path)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())
    sync_folder(folder)
