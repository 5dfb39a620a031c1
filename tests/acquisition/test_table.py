"""Tables are read row by row by a mapping; what cannot be read is told with its rows, and comes back as it was."""

import io
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest

from beffroi.acquisition.connector import Envelope
from beffroi.acquisition.connectors.table import CONNECTOR, mapped
from beffroi.acquisition.messages import Measurements, Message, Unknown
from beffroi.errors import Invalid

ENVELOPE = Envelope(datetime(2026, 11, 26, tzinfo=UTC))
MAPPING = """
device = "{site}-{compteur:03}"
[format]
delimiter = ";"
decimal = ","
header = 2
skip = [3]
[time]
column = "date"
format = "%d/%m/%Y %H:%M"
zone = "Europe/Paris"
[values.index]
[values.ouvert]
kind = "boolean"
true = ["oui"]
false = ["non"]
"""
FILE = "Relevés du mois\nsite;compteur;date;index;ouvert\n;;;m3;\n"


def read(rows: str, mapping: str = MAPPING, **changes: Any) -> list[Message]:
    return mapped(mapping).read((FILE + rows).encode(), ENVELOPE)


def test_a_row_tells_the_values_of_a_device_at_a_time() -> None:
    (one,) = read("A;7;22/11/2026 11:00;1 234,5;oui\n".replace(" 234", "234"))
    assert isinstance(one, Measurements)
    assert (one.device, one.values) == ("A-007", {"index": 1234.5, "ouvert": True})
    assert one.time == datetime(2026, 11, 22, 10, tzinfo=UTC)


def test_rows_of_one_device_and_time_are_one_message() -> None:
    assert len(read("A;7;22/11/2026 11:00;1;\nA;7;22/11/2026 11:00;;non\n")) == 1


def test_a_bad_cell_is_told_and_the_rest_of_its_row_taken() -> None:
    good, bad = read("A;7;22/11/2026 11:00;?;oui\n")
    assert isinstance(good, Measurements) and good.values == {"ouvert": True}
    assert isinstance(bad, Unknown) and "row 4, index: is not a number" in bad.reason.en


def test_the_rows_that_are_held_are_read_again_as_they_were() -> None:
    rows = [f"A;{n};{'?' if n % 3 else '22/11/2026'} 11:00;{n};oui\n" for n in range(9)]
    *good, bad = read("".join(rows))
    assert len(good) == 3 and isinstance(bad, Unknown) and bad.content is not None
    assert b"A;0;" not in bad.content and bad.content.startswith(b"\nsite;")
    *again, still = mapped(MAPPING).read(bad.content, ENVELOPE)
    assert again == [] and isinstance(still, Unknown) and still.content == bad.content
    mended = mapped(MAPPING).read(bad.content.replace(b"?", b"22/11/2026"), ENVELOPE)
    assert len(mended) == 6 and all(isinstance(one, Measurements) for one in mended)


def test_a_column_that_is_not_there_is_told() -> None:
    (one,) = mapped(MAPPING).read(b"x\na;b\n1;2\n", ENVELOPE)
    assert isinstance(one, Unknown) and "no such column" in one.reason.en and one.content is None


def test_a_workbook_is_read_by_the_same_mapping() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Relevés"],
        ["site", "compteur", "date", "index", "ouvert"],
        [""],
        ["A", 7, "22/11/2026 11:00", 12.5, "oui"],
    ):
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    (one,) = mapped(MAPPING).read(written.getvalue(), ENVELOPE)
    assert isinstance(one, Measurements) and one.values == {"index": 12.5, "ouvert": True}


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"%PDF-1.4", b"\xd0\xcf\x11\xe0", b'"never closed', b"PK\x03\x04junk"]
)
def test_what_is_no_table_is_told(content: bytes) -> None:
    (one,) = mapped(MAPPING).read(content, ENVELOPE)
    assert isinstance(one, Unknown)


def test_without_a_mapping_nothing_is_guessed() -> None:
    (one,) = CONNECTOR.read(b"a,b\n1,2\n", ENVELOPE)
    assert isinstance(one, Unknown)


@pytest.mark.parametrize(
    ("mapping", "field"),
    [
        (MAPPING.replace("device", "devise"), "device"),
        (MAPPING.replace("{site}", "{site"), "device"),
        (MAPPING.replace("[values.index]", '[values.index]\nunit = "m3"'), "values.index.unit"),
        (MAPPING.replace("[values.index]", '[values.index]\nkind = "position"'), "values.index.kind"),
        (MAPPING + '[create]\nservice = "x"', "create"),
        (MAPPING.replace("Europe/Paris", "Mars/Olympus"), "time.zone"),
        ("not toml", "mapping"),
    ],
)
def test_a_mapping_that_cannot_hold_is_told_by_its_key(mapping: str, field: str) -> None:
    with pytest.raises(Invalid) as raised:
        mapped(mapping)
    assert field in [one.field for one in raised.value.faults]
