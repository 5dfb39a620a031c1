"""The registry tells when it changes; people are told what happens; what was done in bulk is undone."""

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0018"
down_revision = "0017"

WATCHED = ("site", "asset", "device", "series", "tenure")
RAISED = "UPDATE registry_revision SET number = number + 1"


def upgrade() -> None:
    _revision()
    _notifications()
    op.create_table(
        "bulk_change",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("undone_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_bulk_change")),
    )


def _notifications() -> None:
    op.create_table(
        "notification",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("fr", sa.String(), nullable=False),
        sa.Column("en", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("read_at", Utc(), nullable=True),
        sa.Column("mail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name=op.f("fk_notification_person"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("person", "mark", name=op.f("uq_notification_person_mark")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notification_at"), ["at"], unique=False)
        batch_op.create_index("ix_notification_mail", ["mail", "person"], unique=False)
    op.create_table(
        "notification_manner",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("manner", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"], ["person.key"], name=op.f("fk_notification_manner_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_notification_manner")),
    )
    op.create_table(
        "notification_cursor",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_notification_cursor")),
    )


def _revision() -> None:
    made = op.create_table(
        "registry_revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_revision")),
    )
    op.bulk_insert(made, [{"id": 1, "number": 0}])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION registry_changes() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {RAISED}; RETURN NULL; END $$"
        )
        for table in WATCHED:
            op.execute(
                f"CREATE TRIGGER {table}_changes AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION registry_changes()"
            )
        return
    for table in WATCHED:
        for deed in ("INSERT", "UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER {table}_{deed.lower()}s AFTER {deed} ON {table} BEGIN {RAISED}; END")


def downgrade() -> None:
    for table in ("bulk_change", "notification_cursor", "notification_manner", "notification"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION registry_changes() CASCADE")
    else:
        for table in WATCHED:
            for deed in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_{deed}s")
    op.drop_table("registry_revision")
