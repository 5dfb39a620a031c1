"""Keys known before the rows are written, so that thousands go in as one plain statement."""

from sqlalchemy import Table, func, select, text

from beffroi.database.engine import Transaction


def reserve(tx: Transaction, table: Table, count: int) -> list[int]:
    """`count` keys of `table` that no row has or had, rising; in a writing transaction, which may give them to rows.

    On SQLite, where a writing transaction is alone, they are those that `AUTOINCREMENT` would give.
    """
    if tx.dialect.name == "postgresql":
        drawn = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return [int(id_) for id_ in tx.execute(drawn, {"name": table.name, "count": count}).scalars()]
    given = tx.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}).scalar() or 0
    last = max(int(given), tx.execute(select(func.max(table.c.id))).scalar() or 0)
    return list(range(last + 1, last + 1 + count))
