"""Neighbours' catalogues from a table, as people keep it: a row an offer, columns named in French or in English."""

import re
from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from beffroi.access import Scope
from beffroi.database import Transaction
from beffroi.errors import Fault, Invalid, NotFound, Text
from beffroi.pooling.catalogue import NewOffer, faults_of
from beffroi.registry import kinds
from beffroi.registry.folding import fold
from beffroi.registry.kinds import KindQuery
from beffroi.registry.referential import REFERENTIAL
from beffroi.registry.sheets import Cell, Sheet, unquoted

COLUMNS = {
    "provider": ("provider", "structure"),
    "service": ("service",),
    "name": ("name", "nom"),
    "area": ("area", "territoire"),
    "since": ("since", "depuis"),
    "price": ("price", "prix"),
    "source": ("source",),
}
NEEDED = ("provider", "service", "name", "area")
KEYED = re.compile(r"(commune|epci|departement|region)-[0-9A-Z]+")
DAY = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})")


def entries(scope: Scope, tx: Transaction, sheet: Sheet) -> list[NewOffer]:
    """Raises `Invalid` naming each cell at fault by its row."""
    places = _places(sheet.header)
    services = {
        fold(name): one.code
        for one in kinds.services(scope, tx, KindQuery()).items
        for name in (one.code, one.name_fr, one.name_en)
    }
    found: list[NewOffer] = []
    faults: list[Fault] = []
    if not sheet.rows:
        raise Invalid("file", Text("aucune ligne", "no row"))
    for number, cells in sheet.rows:
        where = f"{number}"
        row = {name: _text(cells[place]) if place < len(cells) else "" for name, place in places.items()}
        try:
            one = _entry(row, services, where)
        except Invalid as error:
            faults += error.faults
            continue
        faults += faults_of(tx, one, where)
        found.append(one)
    if faults:
        raise Invalid.of(faults)
    return found


def _places(header: list[str]) -> dict[str, int]:
    said = [fold(one) for one in header]
    found = {name: said.index(word) for name, words in COLUMNS.items() for word in words if word in said}
    if missing := [name for name in NEEDED if name not in found]:
        named = ", ".join("/".join(COLUMNS[name]) for name in missing)
        raise Invalid("file", Text(f"colonnes manquantes : {named}", f"missing columns: {named}"))
    return found


def _entry(row: Mapping[str, str], services: Mapping[str, str], where: str) -> NewOffer:
    faults = [Fault(f"{where}.{name}", Text("vide", "empty")) for name in NEEDED if not row[name]]
    if row["service"] and fold(row["service"]) not in services:
        faults.append(
            Fault(f"{where}.service", Text(f"service inconnu : {row['service']}", f"unknown service: {row['service']}"))
        )
    area = []
    for word in re.split(r"[\s,|]+", row["area"].strip()) if row["area"] else []:
        try:
            area.append(_key(word))
        except NotFound:
            faults.append(Fault(f"{where}.area", Text(f"territoire inconnu : {word}", f"unknown area: {word}")))
    try:
        since = _day(row.get("since", ""))
    except ValueError:
        faults.append(Fault(f"{where}.since", Text("date attendue : 2026-11-30", "expected a date: 2026-11-30")))
    if faults:
        raise Invalid.of(faults)
    made = {
        **{name: row.get(name, "") for name in ("provider", "name", "price", "source")},
        "service": services[fold(row["service"])],
        "area": area,
        "since": since,
    }
    try:
        return msgspec.convert(made, NewOffer)
    except msgspec.ValidationError as error:
        raise Invalid(where, Text(f"ligne {where} : {error}", f"row {where}: {error}")) from error


def _key(word: str) -> str:
    """A key of the referential, an INSEE code of a commune, a SIREN of an EPCI."""
    if KEYED.fullmatch(word):
        return REFERENTIAL.entry(word).key
    if re.fullmatch(r"\d{9}", word):
        return REFERENTIAL.entry(f"epci-{word}").key
    return REFERENTIAL.resolve(word).key


def _day(text: str) -> date | None:
    if not text:
        return None
    if said := DAY.fullmatch(text):
        return date(int(said["year"]), int(said["month"]), int(said["day"]))
    return date.fromisoformat(text)


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else unquoted(str(cell)).strip()
