"""What is asked thousands of times a second, always in the same words."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, Table, insert
from sqlalchemy.engine import Dialect

from beffroi.database.engine import sqlite_of

Processor = Callable[[Any], Any] | None


class Prepared:
    """A statement whose text is made once for each count of the values its expanding parameters list: SQLAlchemy would
    expand them anew at each execution, which takes longer than the answer."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._text = lru_cache(maxsize=256)(self._compiled)

    def rows(self, tx: Connection, **lists: Sequence[Any]) -> list[list[Any]]:
        """By the name of each parameter, what it lists."""
        if not all(lists.values()):
            return []
        text = self._text(tx.dialect, tuple((name, len(values)) for name, values in lists.items()))
        given = tuple(lists[name][place] for name, place in text.places)
        ask = sqlite_of(tx).execute if tx.dialect.name == "sqlite" else tx.exec_driver_sql
        found: Iterable[Any] = ask(text.words, given)
        return [
            [value if made is None else made(value) for made, value in zip(text.processors, row, strict=True)]
            for row in found
        ]

    def _compiled(self, dialect: Dialect, counts: tuple[tuple[str, int], ...]) -> "_Text":
        """The values are stood for by their places, which are found again in the order the text wants them in."""
        places = {name: [(name, place) for place in range(count)] for name, count in counts}
        expanded = self._statement.compile(dialect=dialect).construct_expanded_state(places)
        kinds = [column.type.dialect_impl(dialect) for column in self._statement.selected_columns]
        processors = tuple(kind.result_processor(dialect, None) for kind in kinds)
        return _Text(expanded.statement, tuple(expanded.positional_parameters), processors)


class Inserted:
    """Rows of a table, inserted by the thousand: SQLAlchemy would take each value of each row through several calls."""

    def __init__(self, table: Table, names: Sequence[str]) -> None:
        self._table, self._columns = table, [table.c[name] for name in names]
        self._text = lru_cache(maxsize=2)(self._compiled)

    def rows(self, tx: Connection, rows: Iterable[Sequence[Any]]) -> None:
        """Each in the order of the names."""
        if tx.dialect.name != "sqlite":
            named = [{one.key: value for one, value in zip(self._columns, row, strict=True)} for row in rows]
            tx.execute(insert(self._table), named)
            return
        words, processors = self._text(tx.dialect)
        sqlite_of(tx).executemany(
            words,
            (
                [value if made is None else made(value) for made, value in zip(processors, row, strict=True)]
                for row in rows
            ),
        )

    def _compiled(self, dialect: Dialect) -> tuple[str, tuple[Processor, ...]]:
        listed = ", ".join(dialect.identifier_preparer.format_column(column) for column in self._columns)
        table = dialect.identifier_preparer.format_table(self._table)
        words = f"INSERT INTO {table} ({listed}) VALUES ({', '.join('?' * len(self._columns))})"
        return words, tuple(column.type.dialect_impl(dialect).bind_processor(dialect) for column in self._columns)


class _Text(NamedTuple):
    words: str
    places: tuple[tuple[str, int], ...]
    """for each place in the text: of which list, which value"""
    processors: tuple[Processor, ...]
