"""One engine a process: many readers, one writer at a time."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from beffroi.errors import Text, Unavailable

BUSY_MS = 30_000
READERS_KEPT = 8
"""connections that wait open for whoever reads next"""
Transaction = Connection
"""An open transaction: what the rooms' functions take, so that several may share one."""


class Database:
    """The relational side behind a SQLAlchemy URL.

    SQLite runs in WAL mode with full synchronisation: a committed transaction survives a power cut. Writers queue on
    a lock of this process and take SQLite's write lock at once (`BEGIN IMMEDIATE`), so that none fails midway.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: Engine = create_engine(
            url, pool_size=16, max_overflow=32, pool_timeout=30,
            json_serializer=lambda value: msgspec.json.encode(value).decode(), json_deserializer=msgspec.json.decode,
        )  # fmt: skip
        self._writing = threading.Lock()
        self._readers: list[_Reader] = []
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)

    @classmethod
    def in_folder(cls, folder: Path) -> "Database":
        folder.mkdir(parents=True, exist_ok=True)
        return cls(f"sqlite:///{folder / 'beffroi.sqlite'}")

    def read(self) -> AbstractContextManager[Transaction]:
        """A consistent snapshot to read from; anything written through it is rolled back."""
        return _Reading(self._readers, self.engine) if self.is_sqlite else self.engine.connect()

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction that commits when the block ends and leaves nothing behind when it raises. Raises `Unavailable`
        when the disk takes no more."""
        try:
            with self._writing, self.engine.connect() as connection:
                if self.is_sqlite:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
                connection.commit()
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
                raise Unavailable(
                    Text(
                        "Rien n'a été gardé : la base de données ne peut pas être écrite (disque plein ?).",
                        "Nothing was kept: the database cannot be written (disk full?).",
                    )
                ) from error
            raise

    def backup_to(self, target: Path) -> None:
        """A consistent copy while readers and writers go on (SQLite's `VACUUM INTO`)."""
        with self.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                text("VACUUM INTO :target"), {"target": str(target)}
            )

    def scrub(self) -> bool:
        """Have what was deleted or written over leave SQLite's files, whose pages are wiped when they are freed: its
        write-ahead log too. False while a reader keeps the log: ask again later. Elsewhere, the engine's own affair."""
        if not self.is_sqlite:
            return True
        with self._writing, self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=200")  # writers wait meanwhile
            try:
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")
        return not busy

    def close(self) -> None:
        while self._readers:
            self._readers.pop().connection.close()
        self.engine.dispose()


class _Reader(NamedTuple):
    connection: Connection
    driver: sqlite3.Connection


class _Reading(AbstractContextManager[Transaction]):
    """A transaction that reads, through a connection kept for the next who does: the pool's way to it and back takes
    longer than most of what is read."""

    def __init__(self, kept: list[_Reader], engine: Engine) -> None:
        self._kept, self._engine = kept, engine

    def __enter__(self) -> Transaction:
        try:
            self._reader = self._kept.pop()
        except IndexError:
            connection = self._engine.connect()
            self._reader = _Reader(connection, sqlite_of(connection))
        try:
            self._reader.driver.execute("BEGIN")
        except BaseException:
            self._reader.connection.close()
            raise
        return self._reader.connection

    def __exit__(self, kind: type[BaseException] | None, *told: object) -> None:
        connection, driver = self._reader
        if kind is not None or len(self._kept) >= READERS_KEPT:
            connection.close()
            return
        if connection.in_transaction():
            connection.rollback()
        else:
            driver.execute("ROLLBACK")
        self._kept.append(self._reader)


def sqlite_of(connection: Connection) -> sqlite3.Connection:
    """What is under it, for what SQLAlchemy would take longer over than SQLite."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # transactions are begun explicitly, see Database.write
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MS}",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
