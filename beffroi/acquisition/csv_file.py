"""Comma-separated values and their cousins, streamed; every row counted, every odd one told."""

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pyarrow as pa

from beffroi.acquisition.mapping import Format
from beffroi.acquisition.parts import COLUMNS_LIMIT, ROWS, Part, Unreadable, printable, shown
from beffroi.errors import Invalid, Text

PART_BYTES = 64 * 2**20
"""of the file in one part, on average"""
UNFINISHED = ("unexpected end of data", "field larger than field limit")


class CsvFile:
    """A delimited text file. Opening it walks it once, so that what makes it unreadable is found before any row is
    taken: bytes that are no text, a quote that never closes."""

    def __init__(self, path: Path, format_: Format) -> None:
        self.path, self.format = path, format_
        self.size = path.stat().st_size
        self.encoding = (
            "utf-8-sig" if format_.encoding.lower().replace("_", "-") in ("utf-8", "utf8") else format_.encoding
        )
        self._refuse_binary()
        self.columns, rows = self._walk()
        self._rows = max(1, min(ROWS, PART_BYTES * rows // max(1, self.size)))

    def parts(self, wanted: Sequence[str]) -> Iterator[Part]:
        positions = {name: self.columns.index(name) for name in wanted}
        skipped = np.array(self.format.skip, dtype=np.int64)
        with self._open() as file:
            reader = self._reader(file)
            first = 1 + sum(1 for _ in islice(reader, self.format.header))
            while records := list(islice(reader, self._rows)):
                numbers = np.arange(first, first + len(records))
                first += len(records)
                filled = np.fromiter(map(any, records), np.bool_, len(records)) & ~np.isin(numbers, skipped)
                if not filled.all():
                    records = [record for record, is_filled in zip(records, filled, strict=True) if is_filled]
                done = min(1.0, file.buffer.tell() / self.size)
                yield self._part(records, numbers[filled], positions, done)

    def _part(self, records: list[list[Any]], numbers: Any, positions: dict[str, int], done: float) -> Part:
        width = len(self.columns)
        lengths = np.fromiter(map(len, records), np.int64, len(records))
        part = Part(numbers, {}, done, {name: {} for name in positions})
        for index in np.flatnonzero(lengths < width).tolist():
            count = len(records[index])
            for name, position in positions.items():
                if position >= count:
                    part.cells[name][index] = Unreadable("", _too_short(count, width))
            records[index] = [*records[index], *[None] * (width - count)]
        for index in np.flatnonzero(lengths > width).tolist():
            if any(records[index][width:]):
                raw = self.format.delimiter.join(records[index])
                part.lost[index] = Unreadable(shown(printable(raw), 2000), _too_long(len(records[index]), width))
        for name, position in positions.items():
            part.columns[name] = self._column(list(map(itemgetter(position), records)), part.cells[name])
        return part

    def _column(self, values: list[str | None], unreadable: dict[int, Unreadable]) -> pa.Array:
        try:
            return pa.array(values, pa.string())
        except UnicodeEncodeError:
            for index, value in enumerate(values):
                if value is not None and not _encodes(value):
                    unreadable[index] = Unreadable(shown(printable(value)), self._not_text())
                    values[index] = None
            return pa.array(values, pa.string())

    def _walk(self) -> tuple[list[str], int]:
        """The header, and how many rows there are."""
        names: list[str] | None = None
        number = 0
        with self._open() as file:
            reader = self._reader(file, strict=True)
            while True:
                try:
                    record = next(reader, None)
                except csv.Error as error:
                    number += 1
                    if str(error).startswith(UNFINISHED):
                        raise _unfinished(number) from error
                    continue  # a stray quote: the reader that is not strict takes it as it stands
                except UnicodeError as error:
                    raise Invalid("file", self._not_text()) from error
                if record is None:
                    break
                number += 1
                if number == self.format.header:
                    names = self._header(record)
        if names is None:
            raise Invalid(
                "file",
                Text(f"pas de ligne d'en-tête : {number} lignes seulement", f"no header row: only {number} rows"),
            )
        return names, number

    def _header(self, record: list[str]) -> list[str]:
        if len(record) > COLUMNS_LIMIT:
            raise Invalid(
                "file",
                Text(
                    f"{len(record)} colonnes, {COLUMNS_LIMIT} au plus",
                    f"{len(record)} columns, {COLUMNS_LIMIT} at most",
                ),
            )
        names = [printable(name).strip() for name in record]
        while names and not names[-1]:
            names.pop()  # a delimiter at the end of each row
        return names

    def _refuse_binary(self) -> None:
        if self.size == 0:
            raise Invalid("file", Text("fichier vide", "empty file"))
        if self.encoding.lower().startswith(("utf-16", "utf-32", "utf_16", "utf_32")):
            return
        offset = 0
        with self.path.open("rb") as file:
            while chunk := file.read(2**20):
                if (found := chunk.find(b"\0")) >= 0:
                    place = offset + found
                    raise Invalid(
                        "file",
                        Text(
                            f"pas un fichier de texte : un octet nul à la position {place}",
                            f"not a text file: a null byte at position {place}",
                        ),
                    )
                offset += len(chunk)

    def _open(self) -> TextIO:
        return self.path.open(encoding=self.encoding, errors="surrogateescape", newline="")

    def _reader(self, file: TextIO, *, strict: bool = False) -> Iterator[list[str]]:
        return csv.reader(file, delimiter=self.format.delimiter, quotechar=self.format.quote, strict=strict)

    def _not_text(self) -> Text:
        return Text(
            f"n'est pas du texte codé en {self.format.encoding}", f"is not text encoded in {self.format.encoding}"
        )


def _encodes(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unfinished(row: int) -> Invalid:
    return Invalid(
        f"row {row}",
        Text(
            "un guillemet s'ouvre et ne se referme pas",
            "a quote opens and never closes",
        ),
    )


def _too_short(count: int, width: int) -> Text:
    return Text(
        f"ligne trop courte : {count} cellules au lieu de {width}", f"row too short: {count} cells instead of {width}"
    )


def _too_long(count: int, width: int) -> Text:
    return Text(
        f"ligne trop longue : {count} cellules au lieu de {width}, on ne sait lesquelles sont à leur place",
        f"row too long: {count} cells instead of {width}, which are in their place cannot be told",
    )
