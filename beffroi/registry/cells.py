"""What a cell says, by the sort of column it stands in; each reader raises `ValueError` for what it cannot take."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from beffroi.registry.folding import fold
from beffroi.registry.sheets import Cell, unquoted

YES, NO = {"true", "vrai", "oui", "yes", "1", "x"}, {"false", "faux", "non", "no", "0"}
FRENCH_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?")
LIST_SEPARATOR = "|"


def text(cell: Cell, zone: ZoneInfo) -> str | None:
    """Codes that a spreadsheet took for numbers are given back without their decimals."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return unquoted("" if cell is None else str(cell).strip()) or None


def number(cell: Cell, zone: ZoneInfo) -> float | None:
    """With a decimal point or comma; spaces between thousands."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return float(cell)
    said = re.sub(r"\s", "", text(cell, zone) or "").replace(",", ".")
    return float(said) if said else None


def yes(cell: Cell, zone: ZoneInfo) -> bool | None:
    if isinstance(cell, bool):
        return cell
    said = fold(text(cell, zone) or "")
    if said and said not in YES | NO:
        raise ValueError(said)
    return said in YES if said else None


def words(cell: Cell, zone: ZoneInfo) -> list[str] | None:
    """`on|off`, or a JSON list when a word holds a bar."""
    said = text(cell, zone)
    if said is None:
        return None
    if said.startswith("["):
        return msgspec.json.decode(said, type=list[str])
    return [word.strip() for word in said.split(LIST_SEPARATOR)]


def json(cell: Cell, zone: ZoneInfo) -> Any:
    said = text(cell, zone)
    return None if said is None else msgspec.json.decode(said)


def instant(cell: Cell, zone: ZoneInfo) -> datetime | None:
    """RFC 3339, or `31/12/2026 14:30`; without an offset, in the territory's time zone."""
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime.combine(cell, time(), zone)
    if not isinstance(cell, datetime):
        said = text(cell, zone)
        if said is None:
            return None
        if found := FRENCH_DATE.fullmatch(said):
            day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
            cell = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        else:
            cell = datetime.fromisoformat(said)
    return cell if cell.tzinfo else cell.replace(tzinfo=zone)


Reader = Callable[[Cell, ZoneInfo], Any]


def said(value: Any) -> Cell:
    """A value as the readers take it back."""
    if isinstance(value, dict):
        return msgspec.json.encode(value).decode() if value else None
    if isinstance(value, list):
        if any(LIST_SEPARATOR in word or word.startswith("[") for word in value):
            return msgspec.json.encode(value).decode()
        return LIST_SEPARATOR.join(value) or None
    if isinstance(value, datetime):
        return value.isoformat()
    return value  # type: ignore[no-any-return]
