"""Mappings and files with defaults, for the tests of acquisition."""

from pathlib import Path

from beffroi.acquisition.decode import Decoded, decode
from beffroi.acquisition.mapping import Mapping, parse
from beffroi.acquisition.tables import open_table, require

MINIMAL = """
[time]
column = "at"
zone = "UTC"

[series]
code = "{station}:{value}"

[values]
t = {}
"""


def a_mapping(text: str = "", *, values: str = "t = {}", time: str = 'column = "at"\nzone = "UTC"') -> Mapping:
    return parse(f'[time]\n{time}\n[series]\ncode = "{{station}}:{{value}}"\n[values]\n{values}\n{text}')


def a_csv(folder: Path, *lines: str, name: str = "file.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes("".join(line + "\n" for line in lines).encode(encoding))
    return path


def decoded(path: Path, mapping: Mapping) -> Decoded:
    """The only part of a small file."""
    source = open_table(path, mapping.format)
    require(source, mapping.columns())
    (part,) = source.parts(mapping.columns())
    return decode(part, mapping)


def told(found: Decoded) -> list[tuple[int, str, str]]:
    """Row, column and text of each fault."""
    return [(reject.row, reject.column, reject.raw) for reject in found.rejects]
