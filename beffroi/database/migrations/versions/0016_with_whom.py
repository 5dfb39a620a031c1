"""With whom: needs, neighbours' catalogues, skills lent."""

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "need",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("tender", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("declared_at", Utc(), nullable=False),
        sa.Column("declared_by", sa.String(), nullable=False),
        sa.Column("declared_by_name", sa.String(), nullable=False),
        sa.Column("withdrawn_at", Utc(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_by_name", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["member"], ["collectivity.key"], name=op.f("fk_need_member")),
        sa.ForeignKeyConstraint(["service"], ["service.code"], name=op.f("fk_need_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_member"), ["member"], unique=False)

    op.create_table(
        "catalogue_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("area", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("price", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("entered_at", Utc(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_by_name", sa.String(), nullable=False),
        sa.Column("withdrawn_at", Utc(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_by_name", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["service"], ["service.code"], name=op.f("fk_catalogue_entry_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_entry")),
        sqlite_autoincrement=True,
    )

    op.create_table(
        "skill_offer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lender", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("skill", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("cost", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("offered_at", Utc(), nullable=False),
        sa.Column("offered_by", sa.String(), nullable=False),
        sa.Column("offered_by_name", sa.String(), nullable=False),
        sa.Column("withdrawn_at", Utc(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_by_name", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["lender"], ["collectivity.key"], name=op.f("fk_skill_offer_lender")),
        sa.ForeignKeyConstraint(["service"], ["service.code"], name=op.f("fk_skill_offer_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_offer")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("skill_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skill_offer_lender"), ["lender"], unique=False)

    op.create_table(
        "skill_booking",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offer", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("borrower", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", Utc(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("answered_at", Utc(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_by_name", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["borrower"], ["collectivity.key"], name=op.f("fk_skill_booking_borrower")),
        sa.ForeignKeyConstraint(["offer"], ["skill_offer.id"], name=op.f("fk_skill_booking_offer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_booking")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("skill_booking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skill_booking_borrower"), ["borrower"], unique=False)
        batch_op.create_index(batch_op.f("ix_skill_booking_offer"), ["offer"], unique=False)

    op.create_table(
        "skill_time",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("booking", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("usage", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_at", Utc(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_by_name", sa.String(), nullable=False),
        sa.Column("confirmed_at", Utc(), nullable=True),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("confirmed_by_name", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["booking"], ["skill_booking.id"], name=op.f("fk_skill_time_booking")),
        sa.ForeignKeyConstraint(["usage"], ["usage_entry.id"], name=op.f("fk_skill_time_usage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_time")),
        sa.UniqueConstraint("booking", "revision", name=op.f("uq_skill_time_booking_revision")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    for name in ("skill_time", "skill_booking", "skill_offer", "catalogue_entry", "need"):
        op.drop_table(name)
