"""Lists by cursor: stable while rows come and go, as fast at the end as at the beginning."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Select

from beffroi.database.engine import Transaction
from beffroi.errors import Invalid, Text

T = TypeVar("T")


class Page(msgspec.Struct, Generic[T], frozen=True, omit_defaults=True):
    """Part of a list, in the order of its key; `next`, when present, is the `after` that gives the following part."""

    items: list[T]
    next: str | None = None


def struct_of(row: Mapping[Any, Any], type_: type[T]) -> T:
    """A row read with `.mappings()`, as `type_`; its keys are a subclass of str, which msgspec does not take."""
    return msgspec.convert({str(name): value for name, value in row.items()}, type_, strict=False)


def page_of(
    tx: Transaction,
    statement: Select[Any],
    type_: type[T],
    *,
    key: ColumnElement[Any],
    after: str | None,
    limit: int,
) -> Page[T]:
    """The rows of `statement` whose `key` (an integer or text column of it, unique) comes after `after`, as `type_`."""
    if after is not None:
        statement = statement.where(key > cursor(after, key))
    rows = tx.execute(statement.order_by(key).limit(limit + 1)).mappings().all()
    items = [struct_of(row, type_) for row in rows[:limit]]
    following = str(rows[limit - 1][key.key]) if len(rows) > limit and key.key else None
    return Page(items, following)


def cursor(after: str, key: ColumnElement[Any]) -> int | str:
    """What `after` says, for a column of that kind. Raises `Invalid`."""
    if key.type.python_type is str:
        return after
    if not after.isascii() or not after.isdigit() or len(after) > 18:
        raise Invalid(
            "after",
            Text(
                "Ce curseur n'est pas l'un de ceux rendus dans «\u00a0next\u00a0».",
                "This cursor is none of those given in “next”.",
            ),
        )
    return int(after)
