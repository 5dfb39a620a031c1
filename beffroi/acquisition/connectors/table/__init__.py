"""Tables, by a mapping of their columns: CSV in any of its dialects, workbooks, Parquet, lists of JSON objects. Each
row tells values of a device at a time; what cannot be read of a row is told apart, with the row."""

import csv
import io
import tomllib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from beffroi.acquisition.connector import Envelope, Manifest, manifest_of, unknown
from beffroi.acquisition.csv_file import CsvFile
from beffroi.acquisition.decode import Reject, decode
from beffroi.acquisition.fields import EUI
from beffroi.acquisition.mapping import LIMIT, Format, Mapping, of_tables
from beffroi.acquisition.messages import Measurements, Message, Unknown, Value
from beffroi.acquisition.parts import Source
from beffroi.acquisition.tables import open_table, require
from beffroi.errors import Fault, Invalid, Text

NO_MAPPING = Text("personne n'a dit ce qu'est chaque colonne", "nobody said what each column is")
NO_ROW = Text("aucune ligne", "no row")
SHOWN = 5
"""faults told in one reason"""
KEYS = ("about", "device", "format", "time", "values")
UNIT = Text("l'unité se dit sur le modèle de l'appareil", "the unit is said on the device's model")
FLAGS = Text("ces marques ne suivent pas les appareils", "these flags do not follow devices")
PLACE = Text("une position n'est pas une valeur d'appareil", "a position is no value of a device")


class Tables:
    """The connector of one mapping, that of files of observations but for `device`, which takes the place of
    `[series]`."""

    kind = "table"

    def __init__(self, mapping: Mapping | None = None) -> None:
        self.mapping = mapping

    @cached_property
    def manifest(self) -> Manifest:
        return manifest_of(__name__)

    def read(self, content: bytes, envelope: Envelope) -> list[Message]:
        if self.mapping is None:
            return unknown(envelope, NO_MAPPING)
        with TemporaryDirectory(prefix="beffroi-") as folder:
            path = Path(folder) / "table"
            path.write_bytes(content)
            try:
                source = open_table(path, self.mapping.format, name=envelope.topic or None)
                require(source, self.mapping.columns())
                return self._read(source, self.mapping, envelope) or unknown(envelope, NO_ROW)
            except Invalid as error:
                return unknown(envelope, _of_faults(error.faults))

    def _read(self, source: Source, mapping: Mapping, envelope: Envelope) -> list[Message]:
        told: dict[tuple[str, Any], dict[str, Value]] = {}
        rejects: list[Reject] = []
        for part in source.parts(mapping.columns()):
            found = decode(part, mapping)
            rejects += found.rejects
            for name, table in found.observed.items():
                for code, time, value in _values(table, mapping.values[name].kind == "boolean"):
                    told.setdefault((code, time), {})[name] = value
        messages: list[Message] = [_measurements(code, time, values) for (code, time), values in told.items()]
        return messages + ([self._unread(source, mapping.format, rejects, envelope)] if rejects else [])

    def _unread(self, source: Source, format_: Format, rejects: list[Reject], envelope: Envelope) -> Unknown:
        rows = sorted({one.row for one in rejects})
        listed = [(one.row, one.column, one.reason) for one in sorted(rejects, key=lambda one: one.row)[:SHOWN]]
        more = "…" if len(rejects) > SHOWN else ""
        fr = " ; ".join(f"ligne {row}, {column} : {reason.fr}" for row, column, reason in listed)
        en = "; ".join(f"row {row}, {column}: {reason.en}" for row, column, reason in listed)
        return Unknown(
            time=envelope.received_at,
            time_source="received",
            reason=Text(
                f"{len(rows)} ligne(s) illisible(s) : {fr}{more}", f"{len(rows)} unreadable row(s): {en}{more}"
            ),
            content=_these_rows(source, format_, set(rows)) if isinstance(source, CsvFile) else None,
        )


def mapped(content: str) -> Tables:
    """The connector of a mapping in TOML. Raises `Invalid`."""
    if len(content) > LIMIT:
        raise Invalid("mapping", Text("correspondance trop longue", "the mapping is too long"))
    try:
        raw = tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Invalid("mapping", Text(f"TOML illisible : {error}", f"unreadable TOML: {error}")) from error
    faults = list(_foreign(raw))
    if faults:
        raise Invalid.of(faults)
    device = raw.pop("device")
    try:
        return Tables(of_tables(raw | {"series": {"code": device}}, content))
    except Invalid as error:
        told = [Fault("device" if one.field.startswith("series") else one.field, one.text) for one in error.faults]
        raise Invalid.of(told) from error


def _foreign(raw: dict[str, Any]) -> Iterator[Fault]:
    """What a mapping of files may say, and one of devices may not."""
    for key in raw.keys() - set(KEYS):
        listed = ", ".join(KEYS)
        yield Fault(key, Text(f"clé inconnue ; admises : {listed}", f"unknown key; allowed: {listed}"))
    if "device" not in raw:
        yield Fault("device", Text("obligatoire : {colonne} de l'appareil", "required: {column} of the device"))
    values = raw.get("values")
    for name, value in values.items() if isinstance(values, dict) else ():
        if isinstance(value, dict):
            if "unit" in value:
                yield Fault(f"values.{name}.unit", UNIT)
            if value.get("kind") == "position":
                yield Fault(f"values.{name}.kind", PLACE)
            replaced = value.get("replace")
            for one in replaced if isinstance(replaced, list) else ():
                if isinstance(one, dict) and "quality" in one:
                    yield Fault(f"values.{name}.replace", FLAGS)


def _values(table: pa.Table, yes_or_no: bool) -> Iterator[tuple[str, Any, Value]]:
    columns = (table[name].to_pylist() for name in ("code", "time", "value", "text"))
    for code, time, value, text in zip(*columns, strict=True):
        yield code, time, text if value is None else bool(value) if yes_or_no else value


def _measurements(code: str, time: Any, values: dict[str, Value]) -> Measurements:
    is_eui = EUI.fullmatch(code.upper()) is not None
    return Measurements(
        device=code.upper() if is_eui else code,
        device_source="eui" if is_eui else "name",
        time=time,
        time_source="network",
        values=values,
    )


def _these_rows(file: CsvFile, format_: Format, numbers: set[int]) -> bytes:
    """Of a file, its header in its place and the rows of these numbers, below those that are passed over."""
    with file.path.open(encoding=file.encoding, errors="surrogateescape", newline="") as source:
        reader = csv.reader(source, delimiter=format_.delimiter, quotechar=format_.quote)
        kept = [row for number, row in enumerate(reader, 1) if number == format_.header or number in numbers]
    written = io.StringIO()
    writer = csv.writer(written, delimiter=format_.delimiter, quotechar=format_.quote, lineterminator="\n")
    written.write("\n" * (format_.header - 1))
    writer.writerow(kept[0])
    written.write("\n" * max(0, max(format_.skip, default=0) - format_.header))
    writer.writerows(kept[1:])
    return written.getvalue().encode(file.encoding.removesuffix("-sig"), "surrogateescape")


def _of_faults(faults: tuple[Fault, ...]) -> Text:
    return Text(
        " ; ".join(f"{one.field} : {one.text.fr}" for one in faults[:SHOWN]),
        "; ".join(f"{one.field}: {one.text.en}" for one in faults[:SHOWN]),
    )


CONNECTOR = Tables()
