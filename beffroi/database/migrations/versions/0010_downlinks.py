"""Downlinks, by which connection devices are heard, who says that a device is its own, and keys of devices."""

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0010"
down_revision = "0008"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("connection", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sealed_token", sa.LargeBinary(), nullable=True))
    op.create_table(
        "downlink",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("device", ID, nullable=False),
        sa.Column("device_code", sa.String(), nullable=False),
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("command", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_at", Utc(), nullable=False),
        sa.Column("asked_at", Utc(), nullable=False),
        sa.Column("asked_kind", sa.String(), nullable=False),
        sa.Column("asked_key", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("approval", sa.Boolean(), nullable=False),
        sa.Column("approved_at", Utc(), nullable=True),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("begun_at", Utc(), nullable=True),
        sa.Column("handed_at", Utc(), nullable=True),
        sa.Column("network_key", sa.String(), nullable=True),
        sa.Column("counter", sa.Integer(), nullable=True),
        sa.Column("reason_fr", sa.String(), nullable=True),
        sa.Column("reason_en", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["collectivity.key"], name=op.f("fk_downlink_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_downlink")),
        sa.UniqueConstraint("key", name=op.f("uq_downlink_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("downlink", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_downlink_owner"), ["owner"], unique=False)
        batch_op.create_index(batch_op.f("ix_downlink_device"), ["device"], unique=False)
        batch_op.create_index("ix_downlink_state", ["state", "id"], unique=False)
        batch_op.create_index("ix_downlink_network_key", ["connection", "network_key"], unique=False)
    op.create_table(
        "downlink_step",
        sa.Column("id", ID, nullable=False),
        sa.Column("downlink", ID, nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("note_fr", sa.String(), nullable=True),
        sa.Column("note_en", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["downlink"], ["downlink.id"], name=op.f("fk_downlink_step_downlink"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_downlink_step")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("downlink_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_downlink_step_downlink"), ["downlink"], unique=False)
    op.create_table(
        "downlink_approval_rule",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "code", name=op.f("pk_downlink_approval_rule")),
    )
    op.create_table(
        "device_reach",
        sa.Column("device", ID, autoincrement=False, nullable=False),
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("application", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("heard_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_device_reach")),
    )
    op.create_table(
        "claim",
        sa.Column("device", ID, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("declared_at", Utc(), nullable=True),
        sa.Column("declared_by", sa.String(), nullable=True),
        sa.Column("decided_at", Utc(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("fk_claim_device"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index("ix_claim_state", ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_code"), ["code"], unique=False)
    op.execute("INSERT INTO claim (device, code, state) SELECT id, upper(code), 'confirmed' FROM device")
    op.create_table(
        "device_keys",
        sa.Column("device", ID, autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("fk_device_keys_device"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_device_keys")),
    )


def downgrade() -> None:
    for name in ("device_keys", "claim", "device_reach", "downlink_approval_rule", "downlink_step", "downlink"):
        op.drop_table(name)
    with op.batch_alter_table("connection", schema=None) as batch_op:
        batch_op.drop_column("sealed_token")
