"""The one-time address of the first run, and which services the structure offers."""

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


def downgrade() -> None:
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_column("offered")
    op.drop_table("setup_link")
