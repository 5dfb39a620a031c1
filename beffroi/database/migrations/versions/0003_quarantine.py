"""Quarantine."""

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "quarantine_source",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("mapping", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["collectivity.key"], name=op.f("fk_quarantine_source_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine_source")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_quarantine_source_fingerprint")),
    )
    with op.batch_alter_table("quarantine_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quarantine_source_owner"), ["owner"], unique=False)

    op.create_table(
        "quarantine",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("source", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("raw", sa.String(), nullable=False),
        sa.Column("reason_fr", sa.String(), nullable=False),
        sa.Column("reason_en", sa.String(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("settled_at", Utc(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["collectivity.key"], name=op.f("fk_quarantine_owner")),
        sa.ForeignKeyConstraint(["source"], ["quarantine_source.id"], name=op.f("fk_quarantine_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("source", "row", "value", "column", name=op.f("uq_quarantine_source_row_value_column")),
    )
    with op.batch_alter_table("quarantine", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quarantine_owner"), ["owner"], unique=False)
        batch_op.create_index("ix_quarantine_owner_state", ["owner", "state", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("quarantine", schema=None) as batch_op:
        batch_op.drop_index("ix_quarantine_owner_state")
        batch_op.drop_index(batch_op.f("ix_quarantine_owner"))

    op.drop_table("quarantine")
    with op.batch_alter_table("quarantine_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quarantine_source_owner"))

    op.drop_table("quarantine_source")
