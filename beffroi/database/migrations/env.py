"""What Alembic runs: the migrations, on the connection that `upgrade` opened."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from beffroi.database.columns import Utc, metadata


def render_item(kind: str, item: Any, rendering: AutogenContext) -> str | Literal[False]:
    """How our own column type is written in a migration."""
    if kind == "type" and isinstance(item, Utc):
        rendering.imports.add("from beffroi.database.columns import Utc")
        return "Utc()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=render_item,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
