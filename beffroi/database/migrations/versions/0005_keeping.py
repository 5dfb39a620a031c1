"""Rules of retention, and receipts of deletions."""

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "retention_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("observed_property", sa.String(), nullable=True),
        sa.Column("service", sa.String(), nullable=True),
        sa.Column("value_kind", sa.String(), nullable=True),
        sa.Column("keep_days", sa.Integer(), nullable=True),
        sa.Column("figures", sa.String(), nullable=False),
        sa.Column("figures_days", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("changed_at", Utc(), nullable=True),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.CheckConstraint("keep_days IS NULL OR keep_days > 0", name="retention_keeps_some_days"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rule")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("retention_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retention_rule_owner"), ["owner"], unique=False)

    op.create_table(
        "deletion",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("asked_at", Utc(), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_key", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deletion")),
    )
    with op.batch_alter_table("deletion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deletion_owner"), ["owner"], unique=False)

    op.create_table(
        "deletion_step",
        sa.Column("deletion", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["deletion"], ["deletion.key"], name=op.f("fk_deletion_step_deletion")),
        sa.PrimaryKeyConstraint("deletion", "seq", name=op.f("pk_deletion_step")),
    )


def downgrade() -> None:
    op.drop_table("deletion_step")
    with op.batch_alter_table("deletion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deletion_owner"))
    op.drop_table("deletion")
    with op.batch_alter_table("retention_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_retention_rule_owner"))
    op.drop_table("retention_rule")
