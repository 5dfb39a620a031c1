"""Write the migration from the last version to what the tables say: `python tools/new_migration.py MESSAGE`."""

import sys
import tempfile
from pathlib import Path

from alembic import command

import beffroi.api.application  # noqa: F401 - brings in every room's tables
from beffroi.database import Database, upgrade
from beffroi.database.migrations import FOLDER, alembic_config


def main(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database.in_folder(Path(folder))
        upgrade(database)
        config = alembic_config()
        with database.engine.connect() as connection:
            config.attributes["connection"] = connection
            number = len(list((FOLDER / "versions").glob("[0-9]*.py"))) + 1
            command.revision(config, message=message, autogenerate=True, rev_id=f"{number:04d}")


if __name__ == "__main__":
    main(sys.argv[1])
