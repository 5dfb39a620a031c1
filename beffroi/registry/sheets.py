"""Tables as people keep them: CSV of any usual sort, and XLSX; written so that they are read back the same.

Text that a spreadsheet would take for a formula is written with an apostrophe before it, removed when read.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from beffroi.errors import Invalid, Text
from beffroi.later import Later

if TYPE_CHECKING:
    import openpyxl
else:
    openpyxl = Later("openpyxl")

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DELIMITERS = (";", ",", "\t")
FORMULA = re.compile(r"'*[=+\-@\t\r]")
QUOTED = re.compile(r"'+[=+\-@\t\r]")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
UNZIPPED_LIMIT = 512 * 2**20
"""bytes of an XLSX once unzipped: a small file may hide a very large one"""

csv.field_size_limit(16 * 2**20)  # the outline of a commune exceeds the 128 KiB that csv takes

Cell = str | float | bool | datetime | date | None


class Sheet(NamedTuple):
    """Column names, then the rows that are not empty, each with its number in the file (the names are row 1)."""

    header: list[str]
    rows: list[tuple[int, list[Cell]]]


def read(content: bytes, media: str) -> Sheet:
    """Raises `Invalid` for what is not such a file, or has no header."""
    lines = _xlsx_lines(content) if media == XLSX else _csv_lines(content)
    rows = [(number, cells) for number, cells in enumerate(lines, 1) if any(cell not in (None, "") for cell in cells)]
    if not rows or rows[0][0] != 1:
        raise Invalid("file", Text("la première ligne doit nommer les colonnes", "the first row must name the columns"))
    return Sheet([str(cell or "").strip() for cell in rows[0][1]], rows[1:])


def write(media: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """CSV is UTF-8 with a byte order mark, semicolons and decimal commas: what a French spreadsheet opens as it is.

    XLSX keeps 15 significant digits of a number, as spreadsheets do; CSV keeps them all.
    """
    return _write_xlsx(header, rows) if media == XLSX else _write_csv(header, rows)


def unquoted(text: str) -> str:
    """The text of a cell, without the apostrophe that kept it from being a formula."""
    return text[1:] if QUOTED.match(text) else text


def _quoted(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


def _csv_lines(content: bytes) -> Iterator[list[Cell]]:
    text = _decoded(content)
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(DELIMITERS, key=lambda one: len(next(csv.reader([first], delimiter=one), [])))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield [*cells]
    except csv.Error as error:
        where = reader.line_num
        raise Invalid(
            "file", Text(f"ligne {where} illisible : {error}", f"line {where} unreadable: {error}")
        ) from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("file", Text("ni UTF-8, ni Windows-1252", "neither UTF-8 nor Windows-1252"))


def _xlsx_lines(content: bytes) -> list[list[Cell]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > UNZIPPED_LIMIT:
                raise Invalid("file", Text("trop volumineux une fois ouvert", "too large once opened"))
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)  # type: ignore[return-value]
    except (CalamineError, zipfile.BadZipFile, IndexError) as error:
        raise Invalid("file", Text("n'est pas un classeur XLSX lisible", "is not a readable XLSX workbook")) from error


def _write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    return b"".join(pieces(header, [rows]))


def pieces(header: Sequence[str], pages: Iterable[Iterable[Sequence[Cell]]]) -> Iterator[bytes]:
    """A CSV that is too long to be held, piece by piece."""
    yield _lines([header]).encode("utf-8-sig")
    for rows in pages:
        yield _lines([_said(cell) for cell in row] for row in rows).encode()


def _lines(rows: Iterable[Sequence[str]]) -> str:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=";", lineterminator="\r\n").writerows(rows)
    return target.getvalue()


def _write_xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(list(header))
    for row in rows:
        sheet.append([_xlsx_text(cell) if isinstance(cell, str) else cell for cell in row])
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _xlsx_text(text: str) -> str:
    """XLSX takes `_x0041_` for a character's number: the underscore is written by its own."""
    return ESCAPE.sub("_x005F_", NOT_XML.sub("", _quoted(text)))


def _said(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return repr(cell).replace(".", ",")
    return _quoted(str(cell))
