"""The migrations give the schema that the rooms' tables describe."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import beffroi.api.application  # noqa: F401 - brings in every room's tables
from beffroi.database import Database, metadata, schema_versions, upgrade
from beffroi.database.migrations import NEWEST, alembic_config


def test_migrations_give_what_the_tables_say(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    upgrade(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_an_empty_database_has_no_version_and_an_upgraded_one_the_programs(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    here, there = schema_versions(database)
    assert here is None
    upgrade(database)
    assert schema_versions(database) == (there, there)
    database.close()


def test_upgrading_again_changes_nothing(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    upgrade(database)
    upgrade(database)
    here, there = schema_versions(database)
    assert here == there
    database.close()


def test_the_newest_version_is_that_of_alembic() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [NEWEST]
