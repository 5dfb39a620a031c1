"""Trying before spreading: experiments, decisions, measured savings. Buying together: facts, purchases, deliveries."""

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0017"
down_revision = "0016"


def _deed(name: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [
        sa.Column(f"{name}_at", Utc(), nullable=nullable),
        sa.Column(f"{name}_by", sa.String(), nullable=nullable),
        sa.Column(f"{name}_by_name", sa.String(), nullable=nullable),
    ]


def upgrade() -> None:
    op.create_table(
        "experiment",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        *_deed("made"),
        sa.ForeignKeyConstraint(["service"], ["service.code"], name=op.f("fk_experiment_service")),
        sa.PrimaryKeyConstraint("key", "revision", name=op.f("pk_experiment")),
    )
    op.create_table(
        "experiment_decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("experiment", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("computation", sa.String(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        *_deed("decided"),
        sa.ForeignKeyConstraint(["computation"], ["computation.key"], name=op.f("fk_experiment_decision_computation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiment_decision")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("experiment_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_experiment_decision_experiment"), ["experiment"], unique=False)

    op.create_table(
        "saving",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("experiment", sa.String(), nullable=False),
        sa.Column("computation", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("quantity", sa.Float(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("price", sa.String(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=True),
        *_deed("measured"),
        *_deed("withdrawn", nullable=True),
        sa.ForeignKeyConstraint(["computation"], ["computation.key"], name=op.f("fk_saving_computation")),
        sa.ForeignKeyConstraint(["member"], ["collectivity.key"], name=op.f("fk_saving_member")),
        sa.ForeignKeyConstraint(["service"], ["service.code"], name=op.f("fk_saving_service")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_saving")),
    )
    with op.batch_alter_table("saving", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saving_experiment"), ["experiment"], unique=False)
        batch_op.create_index(batch_op.f("ix_saving_member"), ["member"], unique=False)
        batch_op.create_index(batch_op.f("ix_saving_year"), ["year"], unique=False)

    op.create_table(
        "model_facts",
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        *_deed("made"),
        sa.PrimaryKeyConstraint("model", "revision", name=op.f("pk_model_facts")),
    )
    op.create_table(
        "purchase",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        *_deed("made"),
        *_deed("ordered", nullable=True),
        sa.Column("allotment", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["service"], ["service.code"], name=op.f("fk_purchase_service")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_purchase")),
    )
    op.create_table(
        "purchase_need",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purchase", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("lot", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        *_deed("told"),
        sa.ForeignKeyConstraint(["member"], ["collectivity.key"], name=op.f("fk_purchase_need_member")),
        sa.ForeignKeyConstraint(["purchase"], ["purchase.key"], name=op.f("fk_purchase_need_purchase")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_need")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("purchase_need", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purchase_need_member"), ["member"], unique=False)
        batch_op.create_index(batch_op.f("ix_purchase_need_purchase"), ["purchase"], unique=False)

    op.create_table(
        "purchase_offer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purchase", sa.String(), nullable=False),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        *_deed("told"),
        sa.ForeignKeyConstraint(["purchase"], ["purchase.key"], name=op.f("fk_purchase_offer_purchase")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_offer")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("purchase_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purchase_offer_purchase"), ["purchase"], unique=False)

    op.create_table(
        "delivered_device",
        sa.Column("purchase", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("lot", sa.String(), nullable=False),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("device", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        *_deed("taken"),
        sa.ForeignKeyConstraint(["member"], ["collectivity.key"], name=op.f("fk_delivered_device_member")),
        sa.ForeignKeyConstraint(["purchase"], ["purchase.key"], name=op.f("fk_delivered_device_purchase")),
        sa.PrimaryKeyConstraint("purchase", "code", name=op.f("pk_delivered_device")),
    )
    with op.batch_alter_table("delivered_device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivered_device_device"), ["device"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivered_device_member"), ["member"], unique=False)


def downgrade() -> None:
    for name in (
        "delivered_device",
        "purchase_offer",
        "purchase_need",
        "purchase",
        "model_facts",
        "saving",
        "experiment_decision",
        "experiment",
    ):
        op.drop_table(name)
