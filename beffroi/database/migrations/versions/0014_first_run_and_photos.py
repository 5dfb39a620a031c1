"""The one-time address of the first run, which services the structure offers, and photos of assets and devices."""

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0014"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "setup_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("expires", Utc(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_setup_link_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_link")),
    )
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.add_column(sa.Column("offered", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "photo",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alt", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_photo")),
    )
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_photo_subject"), ["subject"], unique=False)


def downgrade() -> None:
    op.drop_table("photo")
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_column("offered")
    op.drop_table("setup_link")
