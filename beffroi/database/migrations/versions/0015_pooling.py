"""What pooling keeps: models of cost, usage, programmes, computations, consents to be compared."""

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "closed_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("closed_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_closed_month")),
    )
    op.create_table(
        "computation",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("fault", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("asked_at", Utc(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("began_at", Utc(), nullable=True),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_computation")),
    )
    with op.batch_alter_table("computation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_computation_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_computation_subject"), ["subject"], unique=False)

    op.create_table(
        "programme",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("collectivities", sa.JSON(), nullable=False),
        sa.Column("example", sa.String(), nullable=True),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_by_name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", "revision", name=op.f("pk_programme")),
    )
    op.create_table(
        "comparison",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("agreed_at", Utc(), nullable=False),
        sa.Column("agreed_by", sa.String(), nullable=False),
        sa.Column("agreed_by_name", sa.String(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_by_name", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["member"], ["collectivity.key"], name=op.f("fk_comparison_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("comparison", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comparison_member"), ["member"], unique=False)

    op.create_table(
        "cost_model",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["service.code"], name=op.f("fk_cost_model_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_model")),
        sa.UniqueConstraint("service", "year", "revision", name=op.f("uq_cost_model_service_year_revision")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "usage_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("quantity", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("entered_at", Utc(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_by_name", sa.String(), nullable=False),
        sa.Column("withdrawn_at", Utc(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_by_name", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["member"], ["collectivity.key"], name=op.f("fk_usage_entry_member")),
        sa.ForeignKeyConstraint(["service"], ["service.code"], name=op.f("fk_usage_entry_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_entry")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("usage_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_usage_entry_member"), ["member"], unique=False)

    op.create_table(
        "usage_month",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("devices", sa.Integer(), nullable=False),
        sa.Column("device_days", sa.BigInteger(), nullable=False),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.Column("observations", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.Column("counted_at", Utc(), nullable=False),
        sa.Column("counted_by", sa.String(), nullable=False),
        sa.Column("counted_by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["collectivity.key"], name=op.f("fk_usage_month_owner")),
        sa.ForeignKeyConstraint(["service"], ["service.code"], name=op.f("fk_usage_month_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_month")),
        sa.UniqueConstraint(
            "owner", "service", "month", "revision", name=op.f("uq_usage_month_owner_service_month_revision")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("usage_month", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_usage_month_month"), ["month"], unique=False)
        batch_op.create_index(batch_op.f("ix_usage_month_owner"), ["owner"], unique=False)


def downgrade() -> None:
    for name in (
        "usage_month",
        "usage_entry",
        "cost_model",
        "comparison",
        "programme",
        "computation",
        "closed_month",
    ):
        op.drop_table(name)
