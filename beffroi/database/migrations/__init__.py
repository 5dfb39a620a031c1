"""The schema's versions, one after the other (Alembic)."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect

from beffroi.database.engine import Database
from beffroi.later import Later

if TYPE_CHECKING:
    from alembic import command, config
else:
    command, config = Later("alembic.command"), Later("alembic.config")

FOLDER = Path(__file__).parent
NEWEST = max(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def upgrade(database: Database) -> None:
    """Bring the schema to this program's version; nothing happens when it is there already."""
    with database.engine.connect() as connection:
        if _version(connection) == NEWEST:
            return
        connection.rollback()
        if database.is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        asked = alembic_config()
        asked.attributes["connection"] = connection
        command.upgrade(asked, "head")
        connection.commit()


def schema_versions(database: Database) -> tuple[str | None, str]:
    """The schema's version, and this program's."""
    with database.engine.connect() as connection:
        return _version(connection), NEWEST


def alembic_config() -> "config.Config":
    made = config.Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return made


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found
