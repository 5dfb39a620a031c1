"""How each member weighs the criteria of a programme, as it says itself."""

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "programme_weighing",
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("weights", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["collectivity.key"], name=op.f("fk_programme_weighing_member")),
        sa.PrimaryKeyConstraint("programme", "member", "revision", name=op.f("pk_programme_weighing")),
    )
    with op.batch_alter_table("programme_weighing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_weighing_member"), ["member"], unique=False)


def downgrade() -> None:
    op.drop_table("programme_weighing")
