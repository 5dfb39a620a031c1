"""Where the index of a counter begins again at 0."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("series", sa.Column("rolls_over_at", sa.Float(), nullable=True))


def downgrade() -> None:
    op.drop_column("series", "rolls_over_at")
