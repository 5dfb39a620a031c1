"""Rows of a file as columns, with what could not be read of them: the one shape that every format is opened into."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple, Protocol

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from beffroi.errors import Text

ROWS = 50_000
"""in a part, at most"""
COLUMNS_LIMIT = 4096


class Unreadable(NamedTuple):
    raw: str
    reason: Text


@dataclass(frozen=True)
class Part:
    """Some rows, in the file's order.

    `rows`: the number of each as a spreadsheet shows it (the header is row 1, the first record row 2; in JSON lines,
    the line). `columns`: those asked for, text or typed, null where the file says nothing. `cells`: by column, then
    by index here, what could not be read; `lost`: by index, the rows of which nothing could. `done`: how much of the
    file is read so far, 0 to 1.
    """

    rows: NDArray[np.int64]
    columns: dict[str, pa.Array]
    done: float
    cells: dict[str, dict[int, Unreadable]] = field(default_factory=dict)
    lost: dict[int, Unreadable] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)


class Source(Protocol):
    """An open file."""

    @property
    def columns(self) -> list[str]:
        """The names in its header, in order."""
        ...

    def parts(self, wanted: Sequence[str]) -> Iterator[Part]:
        """Its rows, `ROWS` at most at a time, with the columns `wanted` (all of them in `columns`)."""
        ...


def texts(column: pa.Array) -> pa.Array:
    """A column as a person would write it: 7 for 7.0, ISO 8601 for times; no spaces around, null for empty."""
    if pa.types.is_null(column.type):
        return column.cast(pa.string())
    if pa.types.is_floating(column.type) and _integral(column):
        column = column.cast(pa.int64())
    if pa.types.is_integer(column.type):
        return column.cast(pa.string())
    if not pa.types.is_string(column.type):
        return pa.array([written(value) for value in column.to_pylist()], pa.string())
    trimmed = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


def _integral(column: pa.Array) -> bool:
    return bool(pc.all(pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), 2.0**53))).as_py())


def column_of(values: list[Any]) -> pa.Array:
    """A column from what a spreadsheet or JSON gave: typed when all its cells are of one kind, text otherwise."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float} or (len(kinds) == 1 and kinds <= {str, bool, datetime, date}):
        try:
            return pa.array(values, pa.timestamp("us") if kinds == {datetime} else None)
        except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError, OverflowError, ValueError):
            pass  # integers beyond 64 bits, times of mixed zones: as text
    return pa.array([written(value) for value in values], pa.string())


def written(value: Any) -> str | None:
    """One cell as text."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict | list):
        return msgspec.json.encode(value).decode()
    return printable(str(value))


def array_of(column: pa.Array) -> NDArray[Any]:
    """A copy that may be written to."""
    return np.array(column.to_numpy(zero_copy_only=False))


def nulls(column: pa.Array) -> NDArray[np.bool_]:
    return array_of(column.is_null())


def printable(text: str) -> str:
    """Without the half characters that nothing can encode."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def shown(text: str, length: int = 200) -> str:
    """Short enough for a message."""
    return text if len(text) <= length else text[:length] + "…"
