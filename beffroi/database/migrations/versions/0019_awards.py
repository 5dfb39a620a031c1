"""Offers that depend on the lots obtained, criteria marked, awards decided; failures of devices recorded."""

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0019"
down_revision = "0018"


def _deed(name: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [
        sa.Column(f"{name}_at", Utc(), nullable=nullable),
        sa.Column(f"{name}_by", sa.String(), nullable=nullable),
        sa.Column(f"{name}_by_name", sa.String(), nullable=nullable),
    ]


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
        *_deed("told"),
        sa.ForeignKeyConstraint(["purchase"], ["purchase.key"], name=op.f("fk_purchase_mark_purchase")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_mark")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("purchase_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purchase_mark_purchase"), ["purchase"], unique=False)
    op.create_table(
        "device_failure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("seen_since", sa.Date(), nullable=True),
        sa.Column("failed_on", sa.Date(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        *_deed("recorded"),
        *_deed("withdrawn", nullable=True),
        sa.ForeignKeyConstraint(["member"], ["collectivity.key"], name=op.f("fk_device_failure_member")),
        sa.ForeignKeyConstraint(["service"], ["service.code"], name=op.f("fk_device_failure_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_failure")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("device_failure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_failure_device"), ["device"], unique=False)
        batch_op.create_index(batch_op.f("ix_device_failure_member"), ["member"], unique=False)


def downgrade() -> None:
    op.drop_table("device_failure")
    op.drop_table("purchase_mark")
    with op.batch_alter_table("purchase_offer") as batch_op:
        batch_op.drop_column("discounts")
    with op.batch_alter_table("purchase") as batch_op:
        batch_op.drop_column("award")
