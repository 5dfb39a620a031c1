"""Sites, assets, devices, models, series and relations as a file that `imports` takes back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from beffroi.access import Scope
from beffroi.database import Transaction
from beffroi.registry import cells, sheets, things
from beffroi.registry.columns import COLUMNS, Column, SheetNoun
from beffroi.registry.imports import NOUNS
from beffroi.registry.sheets import Cell

Names = dict[tuple[str, int], tuple[str, str]]


def dump(scope: Scope, tx: Transaction, noun: SheetNoun, found: Iterable[msgspec.Struct], media: str) -> bytes:
    """The file of `found`, in the columns of `noun`. What they refer to and `scope` does not see is left empty."""
    rows = [msgspec.structs.asdict(one) for one in found]
    names = _names(scope, tx, noun, rows)
    columns = COLUMNS[noun]
    header = [column.field for column in columns]
    return sheets.write(media, header, ([_cell(column, row, names) for column in columns] for row in rows))


def _cell(column: Column, row: dict[str, Any], names: Names) -> Cell:
    if "target_type" in row and column.field in ("source", "target"):
        return names.get((row[f"{column.field}_type"], row[column.field]), (None, None))[1]
    if column.field == "target_owner":
        owner = names.get((row["target_type"], row["target"]), (None, None))[0]
        return None if owner == row["owner"] else owner
    value = row[column.field]
    if column.refers and value is not None:
        return names.get((column.refers, value), (None, None))[1]
    return cells.said(value)


def _names(scope: Scope, tx: Transaction, noun: SheetNoun, rows: Sequence[dict[str, Any]]) -> Names:
    """Owner and code of each thing that the rows refer to, by its noun and id."""
    asked: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if noun == "relations":
            asked[row["source_type"]].add(row["source"])
            asked[row["target_type"]].add(row["target"])
        for column in COLUMNS[noun]:
            if column.refers and row[column.field] is not None:
                asked[column.refers].add(row[column.field])
    return {
        (type_, id_): name
        for type_, ids in asked.items()
        for id_, name in things.names_of(scope, tx, NOUNS[type_], ids).items()
    }
