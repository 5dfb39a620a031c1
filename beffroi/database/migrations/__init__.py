"""The schema's versions, one after the other (Alembic)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from beffroi.database.engine import Database

FOLDER = Path(__file__).parent


def upgrade(database: Database) -> None:
    """Bring the schema to this program's version; nothing happens when it is there already."""
    config = alembic_config()
    with database.engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == _newest(config):
            return
        connection.rollback()
        if database.is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def schema_versions(database: Database) -> tuple[str | None, str | None]:
    """The schema's version, and this program's."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision(), _newest(alembic_config())


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config


def _newest(config: Config) -> str | None:
    return ScriptDirectory.from_config(config).get_current_head()
