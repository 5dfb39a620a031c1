"""A mapping: what a file of observations means, declared in TOML (reference: docs/reference/mapping.md).

Each struct below is a table of it, each field a key. `parse` says every fault by table and key.
"""

import codecs
import re
import tomllib
from collections.abc import Iterator
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from beffroi.acquisition.templates import Template
from beffroi.errors import Fault, Invalid, Text
from beffroi.observations import Quality
from beffroi.registry import units
from beffroi.registry.model import ValueKind

T = TypeVar("T")
Flag = Literal["doubtful", "estimated", "below-detection", "out-of-range", "frozen", "simulated"]
FLAGS: dict[str, Quality] = {flag: Quality[flag.upper().replace("-", "_")] for flag in Flag.__args__}  # type: ignore[attr-defined]


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the mapping: unknown keys are faults."""


class Format(Table, frozen=True):
    """`[format]`: how to read the file; only what differs from the usual need be said."""

    kind: Literal["csv", "xlsx", "parquet", "json", "json-lines"] | None = None
    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    decimal: Literal[".", ","] = "."
    thousands: str = ""
    header: int = 1
    skip: list[int] = []
    sheet: str | None = None
    rows: str = ""
    missing: list[str] = []


class Time(Table, frozen=True):
    """`[time]`: when each row was observed."""

    column: str | list[str]
    format: str = "iso"
    zone: str | None = None
    hour: str | None = None
    hours: Literal["1-24", "0-23"] = "0-23"
    until: str | None = None
    ambiguous: Literal["quarantine", "first", "second"] = "quarantine"
    nonexistent: Literal["quarantine", "shift"] = "quarantine"

    @property
    def columns(self) -> list[str]:
        return [self.column] if isinstance(self.column, str) else self.column


class SeriesCodes(Table, frozen=True):
    """`[series]`: whose series, and their codes."""

    code: str
    owner: str | None = None


class Replacement(Table, frozen=True, rename={"from_": "from"}):
    """`replace`: a value that stands for another."""

    from_: str | float
    to: float
    quality: list[Flag] = []


class Value(Table, frozen=True):
    """`[values.NAME]`: a column of values; NAME is the column's unless `column` says otherwise."""

    column: str | None = None
    kind: ValueKind = "number"
    property: str | None = None
    code: str | None = None
    unit: str | None = None
    missing: list[str] = []
    replace: list[Replacement] = []
    true: list[str] = []
    false: list[str] = []
    words: dict[str, str] = {}
    longitude: str | None = None
    latitude: str | None = None
    when: dict[str, str | list[str]] = {}


class Doubt(Table, frozen=True):
    """`[[quality]]`: a rule that flags observations, by a run of zeros or by a column of codes."""

    flag: Flag = "doubtful"
    zero_run: int | None = None
    column: str | None = None
    words: list[str] = []
    values: list[str] = []


class NewAsset(Table, frozen=True):
    """`[create.asset]`: the thing observed, made with its series when missing."""

    kind: str
    code: str
    name: str
    longitude: str | None = None
    latitude: str | None = None


class Create(Table, frozen=True):
    """`[create]`: makes the series that are missing; without it an unknown series is a fault of its row."""

    service: str
    name: str = ""
    asset: NewAsset | None = None


class Stations(Table, frozen=True):
    """`[stations]`: a second file, whose columns are added to the rows where its `key` equals their `match`."""

    key: str
    match: str
    format: Format = Format()


class Mapping(Table, frozen=True):
    """The whole of it. `source` is the TOML it was read from."""

    time: Time
    series: SeriesCodes
    values: dict[str, Value]
    format: Format = Format()
    quality: list[Doubt] = []
    create: Create | None = None
    stations: Stations | None = None
    about: str = ""
    source: str = ""

    def column(self, name: str) -> str:
        """The file's column that holds value `name`."""
        return self.values[name].column or name

    def code(self, name: str) -> Template:
        value = self.values[name]
        constants = {"value": name, "property": value.property or name}
        return Template.parse(value.code or self.series.code).given(constants)

    def cells_of(self, name: str) -> list[str]:
        """The columns that hold value `name`: one, or two for a position."""
        value = self.values[name]
        if value.kind == "position":
            return [one for one in (value.longitude, value.latitude) if one]
        return [self.column(name)]

    def common(self) -> list[str]:
        """The columns without which a row cannot be taken: its time, and what the codes of its series are made of."""
        time = self.time
        codes = (column for name in self.values for column in self.code(name).fields)
        return list(dict.fromkeys([*time.columns, *(one for one in (time.hour, time.until) if one), *codes]))

    def columns(self, only: str | None = None) -> list[str]:
        """Every column of the file (or of its stations) that is read, for all values or one; each once."""
        return list(dict.fromkeys(self._columns([only] if only else list(self.values))))

    def _columns(self, names: list[str]) -> Iterator[str]:
        yield from self.common()
        for name in names:
            yield from self.cells_of(name)
            yield from self.values[name].when
        yield from (rule.column for rule in self.quality if rule.column)
        if self.create:
            yield from Template.parse(self.create.name).given({"value": "", "property": ""}).fields
            if asset := self.create.asset:
                yield from Template.parse(asset.code).fields
                yield from Template.parse(asset.name).fields
                yield from (one for one in (asset.longitude, asset.latitude) if one)
        if self.stations:
            yield from Template.parse(self.stations.match).fields


TABLES: dict[str, Any] = {
    "format": Format,
    "time": Time,
    "series": SeriesCodes,
    "create": Create,
    "stations": Stations,
}
LIMIT = 256 * 1024


def parse(source: str) -> Mapping:
    """The mapping written in `source`; raises `Invalid` naming each fault's table and key (`values.t.unit`)."""
    if len(source) > LIMIT:
        raise Invalid("mapping", Text("correspondance trop longue", "the mapping is too long"))
    try:
        raw = tomllib.loads(source)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Invalid("mapping", Text(f"TOML illisible : {error}", f"unreadable TOML: {error}")) from error
    return of_tables(raw, source)


def of_tables(raw: dict[str, Any], source: str) -> Mapping:
    """As `parse`, of what its TOML says."""
    faults: list[Fault] = []
    known = set(Mapping.__struct_fields__) - {"source"}
    given: dict[str, Any] = {"about": _read(raw.get("about", ""), str, "about", faults), "source": source}
    faults += [_unknown(key, known) for key in raw if key not in known]
    for key in ("time", "series", "values"):
        if key not in raw:
            faults.append(Fault(key, Text("table obligatoire manquante", "missing required table")))
    for key, type_ in TABLES.items():
        if key in raw:
            given[key] = _read(raw[key], type_, key, faults)
    given["values"] = {
        name: _read(value, Value, f"values.{name}", faults)
        for name, value in (_read(raw.get("values", {}), dict[str, Any], "values", faults) or {}).items()
    }
    given["quality"] = [
        _read(rule, Doubt, f"quality[{number}]", faults)
        for number, rule in enumerate(_read(raw.get("quality", []), list[Any], "quality", faults) or [])
    ]
    if not faults:
        mapping = Mapping(**given)
        faults = list(_faults(mapping))
    if faults:
        raise Invalid.of(faults)
    return mapping


def _read(raw: Any, type_: type[T], where: str, faults: list[Fault]) -> T:
    """`raw` as `type_`; on a fault, notes it and gives None, which nobody uses since `parse` then raises."""
    if isinstance(raw, dict) and isinstance(type_, type) and issubclass(type_, Table):
        fields = {field.encode_name: field for field in msgspec.structs.fields(type_)}
        wrong = [_unknown(f"{where}.{key}", fields) for key in raw if key not in fields]
        wrong += [
            Fault(f"{where}.{key}", Text("clé obligatoire manquante", "missing required key"))
            for key, field in fields.items()
            if field.required and key not in raw
        ]
        if wrong:
            faults += wrong
            return None  # type: ignore[return-value]
    try:
        return msgspec.convert(raw, type_)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        named = re.fullmatch(r"Object .* field `(.+)`", message)
        key = f".{named[1]}" if named else ""
        faults.append(Fault(where + path.rstrip("`") + key, Text(_in_french(message), message)))
        return None  # type: ignore[return-value]


def _unknown(field: str, known: Any) -> Fault:
    listed = ", ".join(sorted(known))
    return Fault(field, Text(f"clé inconnue ; admises : {listed}", f"unknown key; allowed: {listed}"))


def _in_french(message: str) -> str:
    for english, french in (
        ("Expected", "attendu :"),
        (", got", " ; reçu :"),
        ("Invalid enum value", "valeur non admise :"),
        ("Object missing required field", "clé obligatoire manquante :"),
        ("Object contains unknown field", "clé inconnue :"),
    ):
        message = message.replace(english, french)
    return message


def _faults(mapping: Mapping) -> Iterator[Fault]:
    yield from _format_faults("format", mapping.format)
    if mapping.stations:
        yield from _format_faults("stations.format", mapping.stations.format)
    yield from _time_faults(mapping.time)
    if not mapping.values:
        yield Fault("values", Text("aucune colonne de valeurs", "no column of values"))
    for name, value in mapping.values.items():
        yield from _value_faults(f"values.{name}", value, mapping)
    for number, rule in enumerate(mapping.quality):
        yield from _rule_faults(f"quality[{number}]", rule, mapping)
    for where, template in _templates(mapping):
        try:
            Template.parse(template)
        except Invalid as error:
            yield Fault(where, error.text)


def _templates(mapping: Mapping) -> Iterator[tuple[str, str]]:
    yield "series.code", mapping.series.code
    yield from ((f"values.{name}.code", value.code) for name, value in mapping.values.items() if value.code)
    if mapping.create:
        yield "create.name", mapping.create.name
        if mapping.create.asset:
            yield "create.asset.code", mapping.create.asset.code
            yield "create.asset.name", mapping.create.asset.name
    if mapping.stations:
        yield "stations.key", mapping.stations.key
        yield "stations.match", mapping.stations.match


def _format_faults(where: str, format_: Format) -> Iterator[Fault]:
    for key, mark in (("delimiter", format_.delimiter), ("quote", format_.quote)):
        if len(mark) != 1 or mark in "\r\n":
            yield Fault(f"{where}.{key}", Text("un seul caractère attendu", "one character expected"))
    try:
        if not codecs.lookup(format_.encoding)._is_text_encoding:
            raise LookupError
    except LookupError:
        yield Fault(f"{where}.encoding", Text("codage inconnu", "unknown encoding"))
    if format_.header < 1:
        yield Fault(f"{where}.header", Text("les lignes se comptent à partir de 1", "rows are counted from 1"))
    if any(row <= format_.header for row in format_.skip):
        yield Fault(
            f"{where}.skip",
            Text("lignes après l'en-tête, lequel compte", "rows after the header, which counts itself"),
        )


def _time_faults(time: Time) -> Iterator[Fault]:
    if not time.columns:
        yield Fault("time.column", Text("une colonne au moins", "one column at least"))
    if time.zone is not None:
        try:
            ZoneInfo(time.zone)
        except (KeyError, ValueError, OSError):
            yield Fault("time.zone", Text("fuseau inconnu (Europe/Paris, UTC…)", "unknown zone (Europe/Paris, UTC…)"))
    if time.hours == "1-24" and time.hour is None:
        yield Fault("time.hour", Text("nécessaire avec «\u00a0hours\u00a0»", "needed with “hours”"))
    if time.format not in ("iso", "unix", "unix-ms") and "%" not in time.format:
        yield Fault(
            "time.format",
            Text(
                "«\u00a0iso\u00a0», «\u00a0unix\u00a0», «\u00a0unix-ms\u00a0» ou strptime",
                "“iso”, “unix”, “unix-ms” or strptime",
            ),
        )


SAID_WITH: dict[str, tuple[str, ...]] = {
    "unit": ("number", "counter"),
    "replace": ("number", "counter"),
    "true": ("boolean",),
    "false": ("boolean",),
    "words": ("enumeration", "text"),
    "longitude": ("position",),
    "latitude": ("position",),
}
"""The keys that only some kinds of value take"""


def _value_faults(where: str, value: Value, mapping: Mapping) -> Iterator[Fault]:
    for key, kinds in SAID_WITH.items():
        if getattr(value, key) and value.kind not in kinds:
            listed = ", ".join(kinds)
            yield Fault(f"{where}.{key}", Text(f"seulement avec kind = {listed}", f"only with kind = {listed}"))
    needed = {"boolean": ("true", "false"), "position": ("longitude", "latitude")}.get(value.kind, ())
    for key in needed:
        if not getattr(value, key):
            yield Fault(
                f"{where}.{key}", Text(f"nécessaire avec kind = {value.kind}", f"needed with kind = {value.kind}")
            )
    if value.unit is not None:
        try:
            units.symbol(value.unit)
        except Invalid as error:
            yield Fault(f"{where}.unit", error.text)
    if mapping.create and value.kind == "enumeration" and not value.words:
        yield Fault(f"{where}.words", Text("nécessaire pour créer la série", "needed to make the series"))
    if mapping.create and value.property is None:
        yield Fault(f"{where}.property", Text("nécessaire pour créer la série", "needed to make the series"))


def _rule_faults(where: str, rule: Doubt, mapping: Mapping) -> Iterator[Fault]:
    if (rule.zero_run is None) == (rule.column is None):
        yield Fault(where, Text("soit zero_run, soit column et words", "either zero_run, or column and words"))
    if rule.zero_run is not None and rule.zero_run < 2:
        yield Fault(f"{where}.zero_run", Text("au moins 2", "at least 2"))
    if rule.column is not None and not rule.words:
        yield Fault(f"{where}.words", Text("les mots qui valent un doute", "the words that mean a doubt"))
    for name in rule.values:
        if name not in mapping.values:
            yield Fault(f"{where}.values", Text(f"[values.{name}] n'existe pas", f"there is no [values.{name}]"))
