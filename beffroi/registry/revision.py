"""A number that rises with every change of what is registered: what was found at one holds until the next.

Triggers of the database raise it, whichever process or statement writes.
"""

from sqlalchemy import BigInteger, Column, Integer, Table, select

from beffroi.database import Transaction, metadata

registry_revision = Table(
    "registry_revision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
)
"""One row."""

WATCHED = ("site", "asset", "device", "series", "tenure")


def number(tx: Transaction) -> int:
    """As `tx` sees the registry."""
    return int(tx.execute(select(registry_revision.c.number)).scalar_one())
