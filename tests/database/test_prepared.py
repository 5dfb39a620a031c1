"""Statements whose text is made once answer as SQLAlchemy's own execution does."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, bindparam, insert, select

from beffroi.database import Database, Inserted, Prepared, Transaction, Utc

ROWS = [
    {"id": 1, "owner": "a", "since": datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)},
    {"id": 2, "owner": "b", "since": None},
    {"id": 3, "owner": "a", "since": datetime(1969, 12, 31, tzinfo=UTC)},
]
TABLE = Table("kept", MetaData(), Column("id", Integer), Column("owner", String), Column("since", Utc))
STATEMENT = (
    select(TABLE.c.since, TABLE.c.id)
    .where(TABLE.c.owner.in_(bindparam("owners", expanding=True)), TABLE.c.id.in_(bindparam("some", expanding=True)))
    .order_by(TABLE.c.id)
)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database.in_folder(tmp_path)
    with database.write() as tx:
        TABLE.create(tx)
        tx.execute(insert(TABLE), ROWS)
    return database


def executed(tx: Transaction, some: list[int], owners: list[str]) -> list[list[object]]:
    return [list(row) for row in tx.execute(STATEMENT, {"some": some, "owners": owners})]


@pytest.mark.parametrize("some", [[1], [3, 1], [1, 2, 3], [4], []])
@pytest.mark.parametrize("owners", [["a"], ["b", "a"], ["a' OR '1'='1"], []])
def test_it_answers_as_an_execution_does(database: Database, some: list[int], owners: list[str]) -> None:
    prepared = Prepared(STATEMENT)
    with database.read() as tx:
        assert prepared.rows(tx, some=some, owners=owners) == executed(tx, some, owners)
        assert prepared.rows(tx, owners=owners, some=some) == executed(tx, some, owners)


def test_what_was_asked_before_does_not_linger(database: Database) -> None:
    prepared = Prepared(STATEMENT)
    with database.read() as tx:
        assert [id_ for _, id_ in prepared.rows(tx, some=[1, 3], owners=["a"])] == [1, 3]
        assert [id_ for _, id_ in prepared.rows(tx, some=[2, 3], owners=["b"])] == [2]


def test_what_is_written_in_a_reading_transaction_goes_with_it(database: Database) -> None:
    with database.read() as tx:
        tx.execute(insert(TABLE), [{"id": 9, "owner": "z", "since": None}])
        assert executed(tx, [9], ["z"])
    with database.read() as tx:
        assert not executed(tx, [9], ["z"])


def test_a_reader_sees_one_state(database: Database) -> None:
    prepared = Prepared(STATEMENT)
    with database.read() as tx:
        before = prepared.rows(tx, some=[1, 9], owners=["a"])
        with database.write() as writing:
            writing.execute(insert(TABLE), [{"id": 9, "owner": "a", "since": None}])
        assert prepared.rows(tx, some=[1, 9], owners=["a"]) == before
    with database.read() as tx:
        assert len(prepared.rows(tx, some=[1, 9], owners=["a"])) == len(before) + 1


def test_what_is_inserted_by_the_thousand_is_as_if_inserted_one_by_one(tmp_path: Path) -> None:
    table = Table(
        "told", MetaData(), Column("id", Integer), Column("owner", String), Column("since", Utc), Column("flags", JSON)
    )
    rows = [(2, ROWS[0]["since"], {"late": 1, "é": []}, "b"), (1, None, {}, None)]
    database = Database.in_folder(tmp_path)
    with database.write() as tx:
        table.create(tx)
        Inserted(table, ("id", "since", "flags", "owner")).rows(tx, rows)
        found = [tuple(row) for row in tx.execute(select(table.c.id, table.c.since, table.c.flags, table.c.owner))]
    assert found == rows
