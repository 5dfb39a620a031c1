"""JSON: a list of rows, perhaps nested in a document, or one row a line."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from beffroi.acquisition.mapping import Format
from beffroi.acquisition.parts import ROWS, Part, Unreadable, column_of, shown
from beffroi.errors import Invalid, Text

LINE = 2**20
"""bytes of one line, at most"""
Row = dict[str, Any]


class JsonFile:
    """A document holding a list of objects; `format.rows` is the way to it: `data.records`.

    A column of a nested object is told by a path too: `measure.value`. Rows are numbered from 2, as in a spreadsheet.
    """

    def __init__(self, path: Path, format_: Format) -> None:
        self.format = format_
        try:
            found = msgspec.json.decode(path.read_bytes())
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Invalid("file", Text(f"JSON illisible : {error}", f"unreadable JSON: {error}")) from error
        for step in format_.rows.split(".") if format_.rows else ():
            if not isinstance(found, dict) or step not in found:
                raise Invalid("format.rows", Text(f"«\u00a0{step}\u00a0» n'y est pas", f"“{step}” is not there"))
            found = found[step]
        if not isinstance(found, list):
            raise Invalid("format.rows", Text("ne mène pas à une liste", "does not lead to a list"))
        self._rows = found
        self.columns = _names(found)

    def parts(self, wanted: Sequence[str]) -> Iterator[Part]:
        for start in range(0, len(self._rows), ROWS):
            rows = self._rows[start : start + ROWS]
            numbers = list(range(start + 2, start + 2 + len(rows)))
            yield _part(numbers, rows, wanted, (start + len(rows)) / len(self._rows), skip=self.format.skip)


class JsonLines:
    """One object a line, numbered by line. Its columns are those of the first lines; one may lack in some."""

    def __init__(self, path: Path, format_: Format) -> None:
        self.path, self.format = path, format_
        self.size = path.stat().st_size
        with path.open("rb") as file:
            self.columns = _names([_decoded(line) for line in islice(file, ROWS)])

    def parts(self, wanted: Sequence[str]) -> Iterator[Part]:
        with self.path.open("rb") as file:
            lines = (
                (number, line) for number, line in enumerate(iter(lambda: file.readline(LINE), b""), 1) if line.strip()
            )
            while some := list(islice(lines, ROWS)):
                rows = [_decoded(line) for _, line in some]
                numbers = [number for number, _ in some]
                yield _part(numbers, rows, wanted, min(1.0, file.tell() / self.size), skip=self.format.skip)


def _part(numbers: list[int], rows: list[Any], wanted: Sequence[str], done: float, *, skip: list[int]) -> Part:
    if skip:
        kept = [(number, row) for number, row in zip(numbers, rows, strict=True) if number not in skip]
        numbers, rows = [number for number, _ in kept], [row for _, row in kept]
    lost = {
        index: row if isinstance(row, Unreadable) else Unreadable(shown(_text(row), 2000), NOT_A_ROW)
        for index, row in enumerate(rows)
        if not isinstance(row, dict)
    }
    columns = {name: column_of([_at(row, name) for row in rows]) for name in wanted}
    return Part(np.array(numbers, dtype=np.int64), columns, done, lost=lost)


NOT_A_ROW = Text("n'est pas un objet", "is not an object")


def _decoded(line: bytes) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raw = shown(line.decode("utf-8", "backslashreplace").strip(), 2000)
        return Unreadable(raw, Text(f"JSON illisible : {error}", f"unreadable JSON: {error}"))


def _at(row: Any, name: str) -> Any:
    if not isinstance(row, dict):
        return None
    if name in row or "." not in name:
        return row.get(name)
    for step in name.split("."):
        row = row.get(step) if isinstance(row, dict) else None
    return row


def _names(rows: list[Any]) -> list[str]:
    """Every column, nested ones by their path, in the order met."""
    names: dict[str, None] = {}
    for row in rows:
        if isinstance(row, dict):
            _note(row, "", names)
    if not names:
        raise Invalid("file", Text("aucune ligne n'y est un objet", "no row of it is an object"))
    return list(names)


def _note(row: Row, prefix: str, names: dict[str, None]) -> None:
    for key, value in row.items():
        names[prefix + key] = None
        if isinstance(value, dict):
            _note(value, f"{prefix}{key}.", names)


def _text(row: Any) -> str:
    return msgspec.json.encode(row).decode()
