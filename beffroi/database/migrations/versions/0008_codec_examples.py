"""Examples of messages that makers publish with their codecs."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "codec_example",
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=True),
        sa.Column("payload", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["model"], ["device_model.code"], name=op.f("fk_codec_example_model"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("model", "place", name=op.f("pk_codec_example")),
    )


def downgrade() -> None:
    op.drop_table("codec_example")
