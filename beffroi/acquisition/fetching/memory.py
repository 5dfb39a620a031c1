"""What is remembered of documents that were fetched, so that none is taken twice, and none is passed over that was not
kept."""

import asyncio
from datetime import datetime

import msgspec
from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, delete, insert, select, update

from beffroi.database import Database, Transaction, Utc, metadata

fetched_document = Table(
    "fetched_document",
    metadata,
    Column("connection", String, ForeignKey("connection.key", ondelete="CASCADE"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
    Column("etag", String),
    Column("last_modified", String),
    Column("kept_at", Utc),
)
"""`name`: of a file, or empty for the one document of an address. `modified`: nanoseconds since 1970. `kept_at`: when
all in it was durable; until then it is fetched again, and only its digest and when it first came are of use."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A document met before."""

    name: str = ""
    digest: str
    received_at: datetime
    size: int = 0
    modified: int = 0
    etag: str | None = None
    last_modified: str | None = None
    kept_at: datetime | None = None


NAMES = Known.__struct_fields__


class Memory:
    """That of one connection."""

    def __init__(self, database: Database, connection: str) -> None:
        self._database, self._connection = database, connection

    async def all(self) -> dict[str, Known]:
        return await asyncio.to_thread(self._all)

    async def note(self, known: Known) -> None:
        """In place of what was known under that name."""
        await asyncio.to_thread(self._note, known)

    async def forget(self, names: set[str]) -> None:
        if names:
            await asyncio.to_thread(self._forget, names)

    def _all(self) -> dict[str, Known]:
        asked = select(*(fetched_document.c[name] for name in NAMES)).where(
            fetched_document.c.connection == self._connection
        )
        with self._database.read() as tx:
            return {row.name: Known(**{name: getattr(row, name) for name in NAMES}) for row in tx.execute(asked)}

    def _note(self, known: Known) -> None:
        document, values = fetched_document.c, msgspec.structs.asdict(known)
        same = (document.connection == self._connection, document.name == known.name)
        with self._database.write() as tx:
            if not tx.execute(update(fetched_document).where(*same).values(values)).rowcount:
                tx.execute(insert(fetched_document).values(connection=self._connection, **values))

    def _forget(self, names: set[str]) -> None:
        document = fetched_document.c
        with self._database.write() as tx:
            for name in names:
                same = (document.connection == self._connection, document.name == name)
                tx.execute(delete(fetched_document).where(*same))


def forget_all(tx: Transaction, connection: str) -> None:
    tx.execute(delete(fetched_document).where(fetched_document.c.connection == connection))
