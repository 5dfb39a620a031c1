import gzip
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beffroi.acquisition import xlsx_file
from beffroi.acquisition.mapping import Format
from beffroi.acquisition.parts import ROWS
from beffroi.acquisition.tables import open_table, require
from beffroi.errors import Invalid
from tests.acquisition.builders import a_csv


def refusal(path: Path, format_: Format = Format(), wanted: tuple[str, ...] = ("a",)) -> str:  # noqa: B008
    with pytest.raises(Invalid) as caught:
        source = open_table(path, format_)
        require(source, wanted)
        list(source.parts(wanted))
    return caught.value.text.en


def a_file(folder: Path, content: bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty file"),
        (b"\x00\x01\x02\x80\xff" * 1000, "null byte at position 0"),
        (b"a;b\n1;\x002\n", "null byte at position 6"),
        (gzip.compress(b"a;b\n1;2\n", mtime=0), "gzip"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as XLSX"),
        (b"PK\x03\x04 but no zip", "unreadable workbook"),
        (b"PAR1 but no parquet", "unreadable Parquet"),
        (b'a;b\n1;"2\n3;4\n', "never closes"),
        (";".join(f"c{n}" for n in range(100_000)).encode(), "100000 columns"),
        (b"a;a;b\n1;2;3\n", "2 times"),
        (b"x;y\n1;2\n", "no such column"),
        (b"\xff\xfe\xfd;\x81\n", "no such column"),
    ],
    ids=str,
)
def test_a_hostile_file_is_refused_with_a_clear_reason(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in refusal(a_file(tmp_path, content), Format(delimiter=";"))


def test_a_header_only_has_no_part(tmp_path: Path) -> None:
    assert list(open_table(a_csv(tmp_path, "a,b"), Format()).parts(["a"])) == []


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = a_csv(tmp_path, "title", "a,b", "units,m", "", "1,2", '"3\nof two lines",4', ",", "5,6")
    (part,) = open_table(path, Format(header=2, skip=[3])).parts(["a"])
    assert part.rows.tolist() == [5, 6, 8]
    assert part.columns["a"].to_pylist() == ["1", "3\nof two lines", "5"]


def test_the_cells_of_a_short_row_are_told_and_the_others_kept(tmp_path: Path) -> None:
    (part,) = open_table(a_csv(tmp_path, "a,b,c", "1", "1,2,3"), Format()).parts(["a", "b", "c"])
    assert part.columns["a"].to_pylist() == ["1", "1"]
    assert {name: list(cells) for name, cells in part.cells.items()} == {"a": [], "b": [0], "c": [0]}
    assert part.cells["b"][0].reason.en == "row too short: 1 cells instead of 3"


def test_a_long_row_is_lost_since_nobody_knows_which_cells_are_in_place(tmp_path: Path) -> None:
    (part,) = open_table(a_csv(tmp_path, "a,b", "12,5,3", "1,2,"), Format()).parts(["a", "b"])
    assert list(part.lost) == [0]
    assert part.lost[0].raw == "12,5,3"


def test_bytes_that_are_no_text_are_told_by_cell(tmp_path: Path) -> None:
    (part,) = open_table(a_file(tmp_path, b"a,b\nor,ch\xe9teau\n"), Format()).parts(["a", "b"])
    assert part.columns["a"].to_pylist() == ["or"]
    assert part.cells["b"][0].raw == r"ch\xe9teau"
    assert part.cells["b"][0].reason.en == "is not text encoded in utf-8"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_the_declared_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    path = a_csv(tmp_path, "a,b", "château,1", encoding=encoding)
    (part,) = open_table(path, Format(encoding=declared)).parts(["a"])
    assert part.columns["a"].to_pylist() == ["château"]


def test_a_long_file_comes_in_parts(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("a\n" + "".join(f"{n}\n" for n in range(2 * ROWS + 1)))
    parts = list(open_table(path, Format()).parts(["a"]))
    assert [len(part) for part in parts] == [ROWS, ROWS, 1]
    assert parts[-1].rows.tolist() == [2 * ROWS + 2]
    assert parts[-1].done == 1.0


def a_workbook(folder: Path, *rows: list[object], title: str = "Feuille") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.title = title
    for row in rows:
        sheet.append(row)
    path = folder / "book.xlsx"
    book.save(path)
    return path


def test_a_workbook_gives_typed_columns_where_all_cells_agree(tmp_path: Path) -> None:
    (part,) = open_table(a_workbook(tmp_path, ["a", "b"], [1, "x"], [2.5, 3]), Format()).parts(["a", "b"])
    assert part.columns["a"].to_pylist() == [1.0, 2.5]
    assert part.columns["b"].to_pylist() == ["x", "3"]


def test_an_unknown_sheet_is_told_with_those_there_are(tmp_path: Path) -> None:
    assert refusal(a_workbook(tmp_path, ["a"]), Format(sheet="Mesures")) == "the workbook's sheets: Feuille"


def test_a_workbook_whose_far_corner_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, ["a"])
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    far = b'<row r="1048576"><c r="ZZ1048576"><v>1</v></c></row></sheetData>'
    members[sheet] = members[sheet].replace(b"</sheetData>", far)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert "too big once unpacked" in refusal(path)


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "UNPACKED", 10_000)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 1_000_000)
    assert "too big once unpacked" in refusal(path)


def test_parquet_is_numbered_like_the_same_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "file.parquet"
    pq.write_table(pa.table({"a": pa.array(["x", "y"]).dictionary_encode(), "b": [1.5, None]}), path)
    (part,) = open_table(path, Format()).parts(["a", "b"])
    assert part.rows.tolist() == [2, 3]
    assert part.columns["a"].to_pylist() == ["x", "y"]


def test_a_truncated_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.parquet"
    pq.write_table(pa.table({"a": list(range(1000))}), path)
    path.write_bytes(path.read_bytes()[:-100])
    assert "unreadable Parquet" in refusal(path)


def test_rows_are_found_deep_in_a_document(tmp_path: Path) -> None:
    path = a_file(tmp_path, b'{"data": {"records": [{"m": {"t": 1.5}}, {"m": {}}]}}', "file.json")
    (part,) = open_table(path, Format(rows="data.records")).parts(["m.t"])
    assert part.columns["m.t"].to_pylist() == [1.5, None]


@pytest.mark.parametrize(
    ("content", "rows", "said"),
    [
        (b'{"data": 3}', "data", "does not lead to a list"),
        (b'{"data": []}', "records", "is not there"),
        (b"[1, 2]", "", "no row of it is an object"),
        (b"[{", "", "unreadable JSON"),
        (b"[" * 100_000, "", "unreadable JSON"),
        (b'[{"a": "\xff"}]', "", "unreadable JSON"),
    ],
)
def test_json_that_holds_no_rows_is_refused(tmp_path: Path, content: bytes, rows: str, said: str) -> None:
    assert said in refusal(a_file(tmp_path, content, "file.json"), Format(rows=rows))


def test_a_line_that_is_not_json_is_lost_alone(tmp_path: Path) -> None:
    path = a_file(tmp_path, b'{"a": 1}\n\n{"a": \n[3]\n{"a": 4}\n', "file.jsonl")
    (part,) = open_table(path, Format()).parts(["a"])
    assert part.rows.tolist() == [1, 3, 4, 5]
    assert list(part.lost) == [1, 2]
    assert part.columns["a"].to_pylist() == [1, None, None, 4]
