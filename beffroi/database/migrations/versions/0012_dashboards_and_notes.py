"""Dashboards, and notes on assets and devices."""

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0012"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "dashboard",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("cards", sa.JSON(), nullable=False),
        sa.Column("changed_at", Utc(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("published_at", Utc(), nullable=True),
        sa.Column("published_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["collectivity.key"], name=op.f("fk_dashboard_owner")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_dashboard")),
        sa.UniqueConstraint("link", name=op.f("uq_dashboard_link")),
    )
    with op.batch_alter_table("dashboard", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dashboard_owner"), ["owner"], unique=False)
    op.create_table(
        "note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["collectivity.key"], name=op.f("fk_note_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_subject"), ["subject"], unique=False)


def downgrade() -> None:
    op.drop_table("note")
    op.drop_table("dashboard")
