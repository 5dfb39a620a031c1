"""Sites, assets, devices, models, series and relations from a file: every wrong cell is told by row and column.

Nothing is written unless all is right, or the wrong rows are to be skipped.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from beffroi.access import Scope
from beffroi.database import Transaction
from beffroi.errors import Fault, Forbidden, Text
from beffroi.registry import things
from beffroi.registry.assets import ASSETS
from beffroi.registry.columns import COLUMNS, Column, SheetNoun, named
from beffroi.registry.devices import DEVICES
from beffroi.registry.loaders import LOADERS, Loader
from beffroi.registry.series import SERIES
from beffroi.registry.sheets import Cell, Sheet
from beffroi.registry.sites import SITES
from beffroi.registry.things import Noun, Row, overlaid

NOUNS: dict[str, Noun[Any]] = {"site": SITES, "asset": ASSETS, "device": DEVICES, "series": SERIES}


class ImportFault(msgspec.Struct, frozen=True):
    """One thing wrong: the row as a spreadsheet numbers it (the names are row 1), the column as the file names it."""

    row: int
    column: str
    detail: str


class ImportReport(msgspec.Struct, frozen=True):
    """`written` is false for a dry run, and when a fault kept everything out.

    `created`, `updated` and `unchanged` count the good rows: what was done, or would have been.
    """

    rows: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    written: bool
    faults: list[ImportFault]


@dataclass(frozen=True)
class Options:
    """`owner`: of rows that name none. `update`: what exists takes the columns present, instead of being a fault."""

    owner: str | None = None
    dry_run: bool = False
    skip_bad: bool = False
    update: bool = False
    time_zone: str = "Europe/Paris"


class _Line(NamedTuple):
    number: int
    values: Row


class _Faults:
    """Faults by row, told in the reader's language with the file's own column names."""

    def __init__(self, scope: Scope, headers: dict[str, str]) -> None:
        self.scope, self.headers = scope, headers
        self.found: list[ImportFault] = []
        self.bad: set[int] = set()

    def add(self, row: int, fault: Fault) -> None:
        field = fault.field.partition(".")[0]
        self.bad.add(row)
        self.found.append(ImportFault(row, self.headers.get(field, field), fault.text.said(self.scope.language)))


def load(
    scope: Scope, tx: Transaction, noun: SheetNoun, sheet: Sheet, options: Options, *, now: datetime
) -> ImportReport:
    """Check a whole sheet, then write it as `options` say."""
    loader = LOADERS[noun]
    columns = [named(noun, header) for header in sheet.header]
    faults = _Faults(scope, {one.field: header for one, header in zip(columns, sheet.header, strict=True) if one})
    _check_header(noun, sheet.header, columns, options, faults)
    if faults.found:
        return _report(sheet, faults, 0, 0, 0, written=False, all_bad=True)
    lines = [_Line(number, _values(noun, number, cells, columns, options, faults)) for number, cells in sheet.rows]
    lines = _resolved(scope, tx, noun, lines, faults)
    _check_twice(loader, lines, faults)
    new, changed, unchanged = _sorted_out(scope, tx, loader, lines, options, faults)
    written = not options.dry_run and (options.skip_bad or not faults.bad)
    if written:
        loader.write_new(scope, tx, new, now=now)
        loader.write_changed(scope, tx, changed, now=now)
        _require_reach(scope, tx, loader, changed)
    return _report(sheet, faults, len(new), len(changed), unchanged, written=written)


def _report(
    sheet: Sheet, faults: _Faults, new: int, changed: int, unchanged: int, *, written: bool, all_bad: bool = False
) -> ImportReport:
    told = sorted(faults.found, key=lambda one: one.row)
    skipped = len(sheet.rows) if all_bad else len(faults.bad)
    return ImportReport(len(sheet.rows), new, changed, unchanged, skipped, written, told)


def _check_header(
    noun: SheetNoun, header: list[str], columns: list[Column | None], options: Options, faults: _Faults
) -> None:
    seen: set[str] = set()
    for title, column in zip(header, columns, strict=True):
        if column is None:
            known = ", ".join(one.field for one in COLUMNS[noun])
            faults.add(
                1, Fault(title, Text(f"colonne inconnue ; admises : {known}", f"unknown column; allowed: {known}"))
            )
        elif column.field in seen:
            faults.add(1, Fault(column.field, Text("colonne donnée deux fois", "column given twice")))
        else:
            seen.add(column.field)
    for one in COLUMNS[noun]:
        if one.required and one.field not in seen and not (one.field == "owner" and options.owner):
            faults.add(1, Fault(one.field, Text("colonne manquante", "missing column")))


def _values(
    noun: SheetNoun, number: int, cells: list[Cell], columns: list[Column | None], options: Options, faults: _Faults
) -> Row:
    """What the cells of a row say, by field; what is empty is None."""
    zone = ZoneInfo(options.time_zone)
    types = {one.name: one.type for one in msgspec.structs.fields(LOADERS[noun].new)}
    values: Row = {} if noun == "device-models" else {"owner": options.owner}
    for cell in cells[len(columns) :]:
        if cell not in (None, ""):
            faults.add(number, Fault("", _unsuitable(cell, Text("sans colonne", "without a column"))))
    for cell, column in zip([*cells, *[None] * len(columns)], columns, strict=False):
        if column is None:
            continue
        try:
            value = column.read(cell, zone)
            if value is not None and column.refers is None and noun != "relations" and column.field in types:
                value = msgspec.convert(value, types[column.field])
        except (ValueError, msgspec.MsgspecError) as error:
            # msgspec tells what it expected, in English only
            why = Text("", str(error) if isinstance(error, msgspec.ValidationError) else "")
            faults.add(number, Fault(column.field, _unsuitable(cell, why)))
            continue
        if value is None and column.field == "owner":
            value = options.owner
        if value is None and column.required:
            faults.add(number, Fault(column.field, Text("cellule vide", "empty cell")))
        values[column.field] = value
    return values


def _unsuitable(cell: Cell, why: Text) -> Text:
    shown = str(cell)[:60]
    french, english = (f" ({one})" if one else "" for one in why)
    return Text(f"valeur incorrecte : «\u00a0{shown}\u00a0»{french}", f"unsuitable value: “{shown}”{english}")


def _resolved(scope: Scope, tx: Transaction, noun: SheetNoun, lines: list[_Line], faults: _Faults) -> list[_Line]:
    """Codes replaced by ids; rows with a fault so far are left out."""
    references = list(_references(noun, lines, faults))
    asked: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for _, _, type_, key in references:
        asked[type_].add(key)
    known = {type_: things.existing_visible(scope, tx, NOUNS[type_], keys) for type_, keys in asked.items()}
    for line, field, type_, key in references:
        if key in known[type_]:
            line.values[field] = known[type_][key]
        else:
            said = Text(f"rien de tel dans {key[0]} : «\u00a0{key[1]}\u00a0»", f"no such thing in {key[0]}: “{key[1]}”")
            faults.add(line.number, Fault(field, said))
    return [line for line in lines if line.number not in faults.bad]


def _references(
    noun: SheetNoun, lines: list[_Line], faults: _Faults
) -> Iterator[tuple[_Line, str, str, tuple[str, str]]]:
    """Each code to be looked up: its line and field, the noun it names, its owner and itself."""
    for line in lines:
        values = line.values
        if line.number in faults.bad:
            continue
        if noun == "relations":
            target_owner = values.pop("target_owner", None) or values["owner"]
            for end, owner in (("source", values["owner"]), ("target", target_owner)):
                type_ = values[f"{end}_type"]
                if type_ in NOUNS:
                    yield line, end, type_, (owner, values[end])
                else:
                    known = ", ".join(NOUNS)
                    faults.add(line.number, Fault(f"{end}_type", Text(f"attendu : {known}", f"expected: {known}")))
        for column in COLUMNS[noun]:
            if column.refers and values.get(column.field) is not None:
                yield line, column.field, column.refers, (values["owner"], values[column.field])


def _check_twice(loader: Loader, lines: list[_Line], faults: _Faults) -> None:
    first: dict[Any, int] = {}
    for line in lines:
        key = loader.key(line.values)
        if key in first:
            said = Text(f"déjà donné à la ligne {first[key]}", f"already given on row {first[key]}")
            faults.add(line.number, Fault("code" if "code" in line.values else "source", said))
        first.setdefault(key, line.number)


def _sorted_out(
    scope: Scope, tx: Transaction, loader: Loader, lines: list[_Line], options: Options, faults: _Faults
) -> tuple[list[Row], list[Row], int]:
    """Rows to create, rows to change, and how many are as they are already; faults of the rooms added."""
    lines = [line for line in lines if line.number not in faults.bad]
    there = loader.existing(scope, tx, [loader.key(line.values) for line in lines]) if options.update else {}
    ids = [there.get(loader.key(line.values)) for line in lines]
    before = loader.editable(scope, tx, [id_ for id_ in ids if id_ is not None])
    candidates: list[tuple[_Line, Row, Any]] = []
    for line, id_ in zip(lines, ids, strict=True):
        if id_ is not None and id_ not in before:
            faults.add(line.number, Fault("code", Text("vous ne pouvez pas le modifier", "not yours to change")))
            continue
        row = _completed(loader, line, None if id_ is None else before[id_], faults)
        if row is not None:
            candidates.append((line, row, id_))
    rows = [row for _, row, _ in candidates]
    for one in loader.check(scope, tx, rows, [id_ for _, _, id_ in candidates]):
        faults.add(candidates[one.row][0].number, one.fault)
    good = [(row, id_) for line, row, id_ in candidates if line.number not in faults.bad]
    new = [row for row, id_ in good if id_ is None]
    changed = [row for row, id_ in good if id_ is not None and row != before[id_]]
    return new, changed, len(good) - len(new) - len(changed)


def _require_reach(scope: Scope, tx: Transaction, loader: Loader, changed: list[Row]) -> None:
    """A change may not put a thing out of the reach of who makes it."""
    ids = [row.get("id", row.get("code")) for row in changed]
    if len(loader.editable(scope, tx, ids)) < len(ids):
        raise Forbidden(Text("Une ligne sortirait de vos droits.", "A row would leave your rights."))


def _completed(loader: Loader, line: _Line, before: Row | None, faults: _Faults) -> Row | None:
    """A whole row: what exists with the file's values over it, or a new one with the defaults of its struct."""
    if before is not None:
        fields = {one.name: one for one in msgspec.structs.fields(loader.new)}
        given = {name: _or_default(value, fields[name]) for name, value in line.values.items() if name in fields}
        for name in loader.fixed:
            if given.get(name) is not None and given[name] != before[name]:
                faults.add(line.number, Fault(name, Text("ne change pas", "does not change")))
        return overlaid(before, {name: value for name, value in given.items() if name not in loader.fixed})
    given = {name: value for name, value in line.values.items() if value is not None}
    if "owner" not in loader.new.__struct_fields__:
        given.pop("owner", None)
    try:
        return msgspec.structs.asdict(msgspec.convert(given, loader.new))
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        said = Text(f"valeur incorrecte ({message})", f"unsuitable value ({message})")
        faults.add(line.number, Fault(path.rstrip("`"), said))
        return None


def _or_default(value: Any, field: msgspec.structs.FieldInfo) -> Any:
    if value is not None or field.required:
        return value
    return field.default_factory() if field.default is msgspec.NODEFAULT else field.default
