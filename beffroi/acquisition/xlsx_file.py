"""Workbooks (XLSX), refused before they are unpacked when they would fill the memory."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import python_calamine

from beffroi.acquisition.mapping import Format
from beffroi.acquisition.parts import COLUMNS_LIMIT, ROWS, Part, column_of
from beffroi.errors import Invalid, Text

UNPACKED = 2**30
"""bytes of a workbook once unpacked, at most"""
CELLS = 20_000_000
"""in the rectangle that holds every cell of a sheet, at most: the reader allots it whole"""
REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
OVERLAP = 64


class XlsxFile:
    """One sheet of a workbook."""

    def __init__(self, path: Path, format_: Format) -> None:
        self.format = format_
        _refuse_bombs(path)
        try:
            workbook = python_calamine.load_workbook(path)
            name = workbook.sheet_names[0] if format_.sheet is None else format_.sheet
            self._sheet = workbook.get_sheet_by_name(name)
        except (python_calamine.WorksheetNotFound, IndexError) as error:
            listed = ", ".join(workbook.sheet_names)
            raise Invalid(
                "format.sheet", Text(f"feuilles du classeur : {listed}", f"the workbook's sheets: {listed}")
            ) from error
        except python_calamine.CalamineError as error:
            raise _unreadable(str(error)) from error
        header = next(islice(self._sheet.iter_rows(), format_.header - 1, None), [])
        self.columns = [str(cell).strip() for cell in header]
        while self.columns and not self.columns[-1]:
            self.columns.pop()
        if not self.columns:
            raise Invalid("file", Text("pas de ligne d'en-tête", "no header row"))

    def parts(self, wanted: Sequence[str]) -> Iterator[Part]:
        positions = {name: self.columns.index(name) for name in wanted}
        skipped = set(self.format.skip)
        rows = islice(enumerate(self._sheet.iter_rows(), start=1), self.format.header, None)
        filled = ((number, row) for number, row in rows if number not in skipped and any(_given(cell) for cell in row))
        while some := list(islice(filled, ROWS)):
            numbers = np.array([number for number, _ in some], dtype=np.int64)
            columns = {
                name: column_of([row[position] if _given(row[position]) else None for _, row in some])
                for name, position in positions.items()
            }
            yield Part(numbers, columns, min(1.0, int(numbers[-1]) / self._sheet.total_height))


def _given(cell: Any) -> bool:
    return not (isinstance(cell, str) and cell == "")


def _refuse_bombs(path: Path) -> None:
    """Measure the workbook by streaming it: what its directory declares is not believed."""
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                extent = Extent()
                with archive.open(member) as content:
                    while chunk := content.read(2**20):
                        total += len(chunk)
                        if total > UNPACKED:
                            raise _too_big()
                        if member.filename.startswith("xl/worksheets/"):
                            extent.see(chunk)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _unreadable(str(error)) from error


class Extent:
    """The rectangle that a sheet's cells span, from its XML in chunks."""

    def __init__(self) -> None:
        self.width = self.height = 0
        self._tail = b""

    def see(self, chunk: bytes) -> None:
        columns: set[bytes] = set()
        for column, row in REFERENCE.findall(self._tail + chunk):
            columns.add(column)
            self.height = max(self.height, int(row))
        self.width = max([self.width, *map(_number, columns)])
        self._tail = chunk[-OVERLAP:]
        if self.width > COLUMNS_LIMIT or self.width * self.height > CELLS:
            raise _too_big()


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _too_big() -> Invalid:
    return Invalid(
        "file",
        Text(
            "classeur trop grand une fois déplié : enregistrez la feuille en CSV",
            "the workbook is too big once unpacked: save the sheet as CSV",
        ),
    )


def _unreadable(why: str) -> Invalid:
    return Invalid("file", Text(f"classeur illisible : {why}", f"unreadable workbook: {why}"))
