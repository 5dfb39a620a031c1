"""Trying before spreading: experiments, decisions, measured savings."""

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0017"
down_revision = "0015"


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
        sa.ForeignKeyConstraint(
            ["computation"], ["computation.key"], name=op.f("fk_experiment_decision_computation")
        ),
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


def downgrade() -> None:
    for name in ("saving", "experiment_decision", "experiment"):
        op.drop_table(name)
