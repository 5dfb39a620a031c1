"""Databases that tests begin with, copied from one made once: to migrate costs more than most tests."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from beffroi.database import Database
from beffroi.database.migrations import upgrade

NAME = "beffroi.sqlite"


def migrated(folder: Path) -> Database:
    """An empty database at this program's version, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(_empty() / NAME, folder / NAME)
    return Database.in_folder(folder)


@cache
def _empty() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="beffroi-tests-"))
    database = Database.in_folder(folder)
    upgrade(database)
    database.close()
    return folder
