"""Connections of readers are kept for the next, who finds nothing of those before."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select

from beffroi.database import Database
from beffroi.database.engine import READERS_KEPT, sqlite_of

TABLE = Table("kept", MetaData(), Column("id", Integer))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.in_folder(tmp_path)
    with database.write() as tx:
        TABLE.create(tx)
    yield database
    database.close()


def seen(database: Database) -> list[int]:
    with database.read() as tx:
        return list(tx.execute(select(TABLE.c.id).order_by(TABLE.c.id)).scalars())


def test_what_a_reader_writes_is_rolled_back_by_whichever_way_it_writes(database: Database) -> None:
    with database.read() as first:
        first.execute(insert(TABLE), {"id": 1})
    with database.read() as second:
        sqlite_of(second).execute("INSERT INTO kept VALUES (2)")
    assert first is second
    assert seen(database) == []


def test_a_reader_sees_one_state_and_the_next_what_was_written_since(database: Database) -> None:
    with database.read() as tx:
        assert tx.execute(select(TABLE.c.id)).all() == []
        with database.write() as writing:
            writing.execute(insert(TABLE), {"id": 1})
        assert tx.execute(select(TABLE.c.id)).all() == []
    assert seen(database) == [1]


def test_a_reader_that_fails_is_not_kept(database: Database) -> None:
    with pytest.raises(RuntimeError), database.read() as failed:
        raise RuntimeError
    assert failed.closed
    assert seen(database) == []


def test_no_more_are_kept_than_so_many(database: Database) -> None:
    readers = [database.read() for _ in range(READERS_KEPT + 3)]
    opened = [one.__enter__() for one in readers]
    for one in readers:
        one.__exit__(None, None, None)
    assert sum(not one.closed for one in opened) == READERS_KEPT
    database.close()
    assert all(one.closed for one in opened)
