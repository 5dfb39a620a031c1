"""Opening a file of any known format: which one it is, and what is refused at the door."""

from collections.abc import Callable, Sequence
from pathlib import Path

from beffroi.acquisition.csv_file import CsvFile
from beffroi.acquisition.json_file import JsonFile, JsonLines
from beffroi.acquisition.mapping import Format
from beffroi.acquisition.parquet_file import ParquetFile
from beffroi.acquisition.parts import Source, shown
from beffroi.acquisition.xlsx_file import XlsxFile
from beffroi.errors import Fault, Invalid, Text

READERS: dict[str, Callable[[Path, Format], Source]] = {
    "csv": CsvFile,
    "xlsx": XlsxFile,
    "parquet": ParquetFile,
    "json": JsonFile,
    "json-lines": JsonLines,
}
SUFFIXES = {".json": "json", ".geojson": "json", ".jsonl": "json-lines", ".ndjson": "json-lines"}
BEGINNINGS = {b"PK\x03\x04": "xlsx", b"PAR1": "parquet"}
REFUSED = {
    b"\x1f\x8b": Text("fichier compressé (gzip) : décompressez-le", "compressed file (gzip): decompress it"),
    b"\x28\xb5\x2f\xfd": Text("fichier compressé (zstd) : décompressez-le", "compressed file (zstd): decompress it"),
    b"BZh": Text("fichier compressé (bzip2) : décompressez-le", "compressed file (bzip2): decompress it"),
    b"\xd0\xcf\x11\xe0": Text("ancien classeur (XLS) : enregistrez-le en XLSX", "old workbook (XLS): save it as XLSX"),
    b"%PDF": Text("un PDF n'est pas un tableau", "a PDF is not a table"),
}


def open_table(path: Path, format_: Format, *, name: str | None = None) -> Source:
    """The file at `path` (called `name` by its sender), whose beginning says its kind rather than the mapping, so
    that one mapping reads the same table in any format. Raises `Invalid` when it cannot be read."""
    with path.open("rb") as file:
        beginning = file.read(8)
    if not beginning:
        raise Invalid("file", Text("fichier vide", "empty file"))
    for mark, text in REFUSED.items():
        if beginning.startswith(mark):
            raise Invalid("file", text)
    return READERS[_kind(beginning, Path(name or path.name).suffix.lower(), format_)](path, format_)


def require(source: Source, wanted: Sequence[str], *, where: str = "file") -> None:
    """Raise `Invalid` naming every column `wanted` that the header lacks or holds twice."""
    faults = []
    for name in wanted:
        if (times := source.columns.count(name)) == 0:
            listed = shown(", ".join(source.columns), 500)
            faults.append(
                Fault(
                    f"{where}.{name}",
                    Text(f"colonne absente ; le fichier a : {listed}", f"no such column; the file has: {listed}"),
                )
            )
        elif times > 1:
            faults.append(
                Fault(f"{where}.{name}", Text(f"colonne présente {times} fois", f"the column is there {times} times"))
            )
    if faults:
        raise Invalid.of(faults)


def _kind(beginning: bytes, suffix: str, format_: Format) -> str:
    for mark, kind in BEGINNINGS.items():
        if beginning.startswith(mark):
            return kind
    return SUFFIXES.get(suffix) or format_.kind or "csv"
