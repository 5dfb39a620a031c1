"""Connections, and the messages that are held."""

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "connection",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("transport", sa.String(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["collectivity.key"], name=op.f("fk_connection_owner")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_connection")),
    )
    with op.batch_alter_table("connection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_connection_owner"), ["owner"], unique=False)
    op.create_table(
        "held_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("connection_owner", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("time", Utc(), nullable=False),
        sa.Column("received_at", Utc(), nullable=False),
        sa.Column("message", sa.JSON(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("envelope", sa.JSON(), nullable=True),
        sa.Column("reason_fr", sa.String(), nullable=False),
        sa.Column("reason_en", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("settled_at", Utc(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["collectivity.key"], name=op.f("fk_held_message_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_message")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_held_message_fingerprint")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("held_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_message_owner"), ["owner"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_message_connection_owner"), ["connection_owner"], unique=False)
        batch_op.create_index("ix_held_message_state", ["state", "time", "id"], unique=False)
    op.create_table(
        "device_health",
        sa.Column("device", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("first_heard", Utc(), nullable=False),
        sa.Column("last_heard", Utc(), nullable=False),
        sa.Column("frames", sa.BigInteger(), nullable=False),
        sa.Column("lost", sa.BigInteger(), nullable=False),
        sa.Column("again", sa.BigInteger(), nullable=False),
        sa.Column("restarts", sa.Integer(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=True),
        sa.Column("rssi", sa.Float(), nullable=True),
        sa.Column("snr", sa.Float(), nullable=True),
        sa.Column("battery", sa.Float(), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("intervals", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_device_health")),
    )
    op.execute(
        "INSERT INTO observed_property (code, unit, value_kind, name_fr, name_en) "
        "SELECT 'radio-message', '', 'text', 'Message radio', 'Radio message' WHERE EXISTS (SELECT 1 FROM structure)"
    )


def downgrade() -> None:
    op.drop_table("device_health")
    op.drop_table("held_message")
    op.drop_table("connection")
