"""Codecs and channels of models of devices."""

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "codec",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["model"], ["device_model.code"], name=op.f("fk_codec_model"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codec")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("codec", schema=None) as batch_op:
        batch_op.create_index("ix_codec_model", ["model", "version"], unique=True)
    op.create_table(
        "channel",
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("observed_property", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["model"], ["device_model.code"], name=op.f("fk_channel_model"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["observed_property"], ["observed_property.code"], name=op.f("fk_channel_observed_property")
        ),
        sa.PrimaryKeyConstraint("model", "key", name=op.f("pk_channel")),
    )


def downgrade() -> None:
    op.drop_table("channel")
    op.drop_table("codec")
