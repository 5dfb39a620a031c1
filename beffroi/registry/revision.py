"""A number that rises with every change of what is registered, and what the last changes were of: what was found at one
number holds until the next, and follows from it then.

Triggers of the database tell, whichever process or statement writes.
"""

from collections import defaultdict

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text, select

from beffroi.database import Transaction, metadata

registry_revision = Table(
    "registry_revision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
)
"""One row."""

registry_change = Table(
    "registry_change",
    metadata,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("noun", String, nullable=False),
    Column("things", Text),
)
"""A ring of the last numbers, each in the place of its rest by `MOST`. `things`: ids, by commas; null for too many. Who
holds a series is a change of the series."""

WATCHED = ("site", "asset", "device", "series", "tenure")
MOST = 4096
"""changes that are told"""


def number(tx: Transaction) -> int:
    """As `tx` sees the registry."""
    return int(tx.execute(select(registry_revision.c.number)).scalar_one())


def since(tx: Transaction, earlier: int) -> dict[str, set[int]] | None:
    """By noun, the things that changed after the number `earlier`; None when that is too many to tell, or too long
    ago."""
    wanted = number(tx) - earlier
    if not 0 <= wanted <= MOST:
        return None
    table, changed = registry_change, defaultdict[str, set[int]](set)
    rows = tx.execute(select(table.c.noun, table.c.things).where(table.c.number > earlier)).all()
    if len(rows) != wanted:
        return None
    for noun, things in rows:
        if things is None:
            return None
        changed[noun].update(map(int, things.split(",")))
    return None if sum(map(len, changed.values())) > MOST else changed
