"""What others put in a checkout: nothing outside it is read, nor anything that would fill the memory."""

from pathlib import Path
from typing import Any

import pytest

from beffroi.acquisition.repositories import folder as folders
from beffroi.acquisition.repositories.folder import Folder
from beffroi.acquisition.repositories.plain_yaml import parsed
from beffroi.errors import Invalid


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Beside it, a file that it may not reach."""
    (tmp_path / "secret.js").write_text("password", encoding="utf-8")
    (tmp_path / "checkout-2").mkdir()
    (tmp_path / "checkout-2" / "secret.js").write_text("password", encoding="utf-8")
    inside = tmp_path / "checkout" / "vendor" / "acme"
    inside.mkdir(parents=True)
    (inside / "own.js").write_text("// own", encoding="utf-8")
    return tmp_path / "checkout"


def refused(checkout: Path, name: str) -> str:
    with pytest.raises(Invalid) as raised:
        Folder(checkout).within("vendor").within("acme").text(name)
    fault = raised.value.faults[0]
    assert fault.field == f"vendor/acme/{name}"
    return fault.text.en


@pytest.mark.parametrize(
    "name",
    ["../../../secret.js", "../../../checkout-2/secret.js", "/etc/hostname", "own.js/../../../../secret.js", "\0"],
)
def test_a_name_that_leads_outside_is_missing(checkout: Path, name: str) -> None:
    assert refused(checkout, name) == "this file is missing"


def test_a_link_that_leads_outside_is_missing(checkout: Path) -> None:
    (checkout / "vendor" / "acme" / "link.js").symlink_to(checkout.parent / "secret.js")
    (checkout / "vendor" / "away").symlink_to(checkout.parent / "checkout-2")
    assert refused(checkout, "link.js") == "this file is missing"
    assert refused(checkout, "../away/secret.js") == "this file is missing"
    assert Folder(checkout).within("vendor").within("away").names() == []


def test_a_link_to_itself_is_missing(checkout: Path) -> None:
    (checkout / "vendor" / "acme" / "loop.js").symlink_to("loop.js")
    assert refused(checkout, "loop.js") == "this file is missing"


def test_a_link_that_stays_inside_is_followed(checkout: Path) -> None:
    (checkout / "vendor" / "other").mkdir()
    (checkout / "vendor" / "other" / "same.js").symlink_to("../acme/own.js")
    assert Folder(checkout).within("vendor").within("other").text("same.js") == "// own"


def test_a_file_too_long_is_refused(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "LONGEST", 5)
    assert refused(checkout, "own.js") == "this file is too long"


def test_bytes_that_are_no_text_are_refused(checkout: Path) -> None:
    (checkout / "vendor" / "acme" / "bytes.js").write_bytes(b"\xff\xfe\x00")
    assert refused(checkout, "bytes.js") == "is no text in UTF-8"


@pytest.mark.parametrize(
    "text", ["{", "a: [1", "a: 1\n\tb: 2", "a: !!python/name:os.system x", "[" * 10**6, "- " * 10**6, "{a: " * 10**6]
)
def test_what_is_no_yaml_is_told_with_its_place(checkout: Path, text: str) -> None:
    (checkout / "vendor" / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Invalid) as raised:
        Folder(checkout).within("vendor").yaml("bad.yaml", dict)
    assert raised.value.faults[0].field == "vendor/bad.yaml"
    assert raised.value.faults[0].text.en.startswith("cannot be read: ")


def test_a_few_lines_of_aliases_do_not_stand_for_gigabytes() -> None:
    bomb = "a0: &a0 [x, x]\n" + "\n".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]" for n in range(64))
    with pytest.raises(ValueError, match="alias"):
        parsed(bomb)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("off", "off"),
        ("NO", "NO"),
        ("12:30:45", "12:30:45"),
        ("2024-01-01", "2024-01-01"),
        ("1_000", "1_000"),
        ("0x10", 16),
        ("010", 10),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("true", True),
        ("~", None),
        ("", None),
    ],
)
def test_a_word_is_a_value_only_as_yaml_1_2_says(text: str, value: Any) -> None:
    assert parsed(f"key: {text}") == {"key": value}
    assert type(parsed(f"key: {text}")["key"]) is type(value)


def test_json_as_makers_write_it_is_read(checkout: Path) -> None:
    written = '[\n\t{"input": {"fPort": 0x0A, "bytes": [1, 255,],}, // a port\n"name": "say \\"0x0A\\" // so"},\n]'
    (checkout / "test.json").write_text(written, encoding="utf-8")
    read = Folder(checkout).json("test.json", list[dict[str, Any]])
    assert read == [{"input": {"fPort": 10, "bytes": [1, 255]}, "name": 'say "0x0A" // so'}]
