"""Offers that depend on the lots obtained, criteria marked, awards decided."""

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    with op.batch_alter_table("purchase") as batch_op:
        batch_op.add_column(sa.Column("award", sa.Text(), nullable=True))
    with op.batch_alter_table("purchase_offer") as batch_op:
        batch_op.add_column(sa.Column("discounts", sa.Text(), nullable=True))
    op.create_table(
        "purchase_mark",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purchase", sa.String(), nullable=False),
        sa.Column("lot", sa.String(), nullable=False),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("told_at", Utc(), nullable=False),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("told_by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["purchase"], ["purchase.key"], name=op.f("fk_purchase_mark_purchase")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_mark")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("purchase_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purchase_mark_purchase"), ["purchase"], unique=False)


def downgrade() -> None:
    op.drop_table("purchase_mark")
    with op.batch_alter_table("purchase_offer") as batch_op:
        batch_op.drop_column("discounts")
    with op.batch_alter_table("purchase") as batch_op:
        batch_op.drop_column("award")
