"""What is asked thousands of times a second, always in the same words."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select
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


class _Text(NamedTuple):
    words: str
    places: tuple[tuple[str, int], ...]
    """for each place in the text: of which list, which value"""
    processors: tuple[Processor, ...]
