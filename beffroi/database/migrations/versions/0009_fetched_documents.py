"""What is remembered of documents that connections fetched."""

import sqlalchemy as sa
from alembic import op

from beffroi.database.columns import Utc

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "fetched_document",
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("received_at", Utc(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
        sa.Column("kept_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection"], ["connection.key"], name=op.f("fk_fetched_document_connection"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("connection", "name", name=op.f("pk_fetched_document")),
    )


def downgrade() -> None:
    op.drop_table("fetched_document")
