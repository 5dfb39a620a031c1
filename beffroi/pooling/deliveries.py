"""Deliveries: a supplier's list of serial numbers, checked, then straight into the registry of who ordered; warranties.

A device that is there already, by the same delivery, is left as it is: sending a list again is safe.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.engine import Row

from beffroi.access import Scope, audit
from beffroi.database import Transaction
from beffroi.errors import BeffroiError, Conflict, Fault, Text
from beffroi.pooling import purchases, reach
from beffroi.pooling.buying.allotment import Allotment
from beffroi.pooling.deeds import Deed, columns, surely
from beffroi.pooling.purchases import Purchase
from beffroi.pooling.tables import delivered_device
from beffroi.registry import devices, things
from beffroi.registry.folding import fold
from beffroi.registry.imports import ImportFault, ImportReport
from beffroi.registry.model import Collectivity
from beffroi.registry.sheets import Cell, Sheet

COLUMNS = {
    "lot": ("lot",),
    "code": ("deveui", "code", "identifiant"),
    "serial": ("numero de serie", "serial", "serial number", "serie"),
    "member": ("collectivite", "member", "membre"),
    "name": ("nom", "name"),
}
"""names that a list may give its columns, without accents; `serial` and `name` may be left out"""
NEEDED = ("lot", "code", "member")
LONGEST = 150
EUI = re.compile(r"[0-9A-F]{16}")
SEPARATORS = re.compile(r"[\s:-]")


class Delivered(msgspec.Struct, frozen=True):
    """`warranty_until`: its last day; None without any. `device`: in the registry, when it was taken in."""

    purchase: str
    code: str
    serial: str
    member: str
    lot: str
    supplier: str
    device: int
    delivered_on: date
    warranty_until: date | None
    taken: Deed


class _Line(NamedTuple):
    number: int
    lot: str
    code: str
    serial: str
    member: str
    name: str


class _Faults:
    def __init__(self, scope: Scope, header: dict[str, str]) -> None:
        self.scope, self.header = scope, header
        self.found: list[ImportFault] = []

    def add(self, row: int, field: str, text: Text) -> None:
        said = ImportFault(row, self.header.get(field, field), text.said(self.scope.language))
        self.found.append(said)

    @property
    def rows(self) -> set[int]:
        return {one.row for one in self.found}


def take(
    scope: Scope,
    tx: Transaction,
    key: str,
    sheet: Sheet,
    delivered_on: date,
    names: dict[str, str],
    *,
    dry_run: bool,
    now: datetime,
) -> ImportReport:
    """All or nothing. `names`: keys of collectivités by their folded names. For the structure's operators, in the
    registries that let them write, and for whoever edits the member's."""
    found = purchases.get(scope, tx, key, now=now)
    if found.state != "ordered":
        raise Conflict(Text("Rien n'est commandé encore.", "Nothing is ordered yet."))
    ordered = purchases.ordered_of(tx, key)
    mine = None if found.whole else reach.members(scope, found.document.service)
    names = {told: member for told, member in names.items() if mine is None or member in mine}
    header, faults = _header(scope, sheet)
    lines = [] if faults.found else _lines(sheet, header, names, found, faults)
    there = {one.code: one for one in _kept(tx, key)}
    new = [one for one in lines if one.code not in there and one.number not in faults.rows]
    _check_again(lines, there, mine, faults)
    _check_counts(tx, key, lines, there, faults)
    rows = _rows(scope, tx, found, new, faults)
    written = not dry_run and not faults.found
    if written and new:
        _write(scope, tx, found, ordered, new, rows, delivered_on, now)
    skipped = len(sheet.rows) if faults.found and not lines else len(faults.rows)
    unchanged = sum(1 for one in lines if one.code in there and one.number not in faults.rows)
    created = sum(1 for one in new if one.number not in faults.rows)
    told = sorted(faults.found, key=lambda one: one.row)
    return ImportReport(len(sheet.rows), created, 0, unchanged, skipped, written, told)


def by_name(members: Iterable[Collectivity]) -> dict[str, str]:
    """Keys by what a list may call a collectivité, folded: a name where no other has it, its key, its official code."""
    found: dict[str, set[str]] = {}
    for one in members:
        for told in (one.name, one.key, one.code):
            found.setdefault(fold(told), set()).add(one.key)
    return {told: keys.pop() for told, keys in found.items() if len(keys) == 1}


def of(scope: Scope, tx: Transaction, found: Purchase) -> list[Delivered]:
    """What came of a purchase that the actor reads, with the warranties that end first before; a member's own."""
    mine = reach.members(scope, found.document.service)
    kept = [one for one in _kept(tx, found.key) if found.whole or one.member in mine]
    return sorted(kept, key=lambda one: (one.warranty_until or date.max, one.code))


def _header(scope: Scope, sheet: Sheet) -> tuple[dict[str, int], _Faults]:
    places: dict[str, int] = {}
    for place, title in enumerate(sheet.header):
        for field, known in COLUMNS.items():
            if fold(title) in known:
                places[field] = place
    faults = _Faults(scope, {field: sheet.header[place] for field, place in places.items()})
    for field in NEEDED:
        if field not in places:
            faults.add(1, field, Text("colonne manquante", "missing column"))
    return places, faults


def _lines(
    sheet: Sheet, places: dict[str, int], names: dict[str, str], found: Purchase, faults: _Faults
) -> list[_Line]:
    lots = {fold(one.name): one.name for one in found.document.lots}
    lines, seen = [], dict[str, int]()
    for number, cells in sheet.rows:
        told = {field: _text(cells[place]) if place < len(cells) else "" for field, place in places.items()}
        code = SEPARATORS.sub("", told["code"]).upper()
        lot, member = lots.get(fold(told["lot"])), names.get(fold(told["member"]))
        if lot is None:
            faults.add(number, "lot", Text("n'est pas un lot de cet achat", "is no lot of this purchase"))
        if member is None:
            faults.add(
                number, "member", Text("collectivité inconnue, ou pas à vous", "unknown collectivité, or not yours")
            )
        if not EUI.fullmatch(code):
            faults.add(
                number, "code", Text("DevEUI de 16 chiffres hexadécimaux attendu", "expected a DevEUI: 16 hex digits")
            )
        elif code in seen:
            said = Text(f"déjà donné à la ligne {seen[code]}", f"already given on row {seen[code]}")
            faults.add(number, "code", said)
        seen.setdefault(code, number)
        for field in ("name", "serial"):
            if len(told.get(field, "")) > LONGEST:
                said = Text(f"plus de {LONGEST} caractères", f"more than {LONGEST} characters")
                faults.add(number, field, said)
        name = told.get("name") or f"{lot or ''} {code[-4:]}"
        lines.append(_Line(number, lot or "", code, told.get("serial", ""), member or "", name))
    return lines


def _check_again(lines: list[_Line], there: dict[str, Delivered], mine: frozenset[str] | None, faults: _Faults) -> None:
    """A code that was delivered otherwise; to whom, for who reads it."""
    for one in lines:
        before = there.get(one.code)
        if before is not None and (before.member, before.lot) != (one.member, one.lot):
            if mine is not None and before.member not in mine:
                faults.add(one.number, "code", Text("déjà livré à une autre", "delivered already to another"))
                continue
            said = Text(
                f"déjà livré à {before.member} pour «\u00a0{before.lot}\u00a0»",
                f"delivered already to {before.member} for “{before.lot}”",
            )
            faults.add(one.number, "code", said)


def _check_counts(tx: Transaction, key: str, lines: list[_Line], there: dict[str, Delivered], faults: _Faults) -> None:
    """No more than a member ordered of a lot, what came before counted."""
    needed = {(one.member, one.lot): one.quantity for one in purchases.needs_of(tx, key)}
    came = Counter((one.member, one.lot) for one in there.values())
    for one in lines:
        if one.number in faults.rows or one.code in there:
            continue
        place = (one.member, one.lot)
        came[place] += 1
        if came[place] > needed.get(place, 0):
            said = Text(
                f"plus que les {needed.get(place, 0)} commandés par cette collectivité",
                f"more than the {needed.get(place, 0)} ordered by this collectivité",
            )
            faults.add(one.number, "member", said)


def _rows(scope: Scope, tx: Transaction, found: Purchase, new: list[_Line], faults: _Faults) -> list[things.Row]:
    """As the registry takes them, checked by it; what it refuses is told in place."""
    lots = {one.name: one for one in found.document.lots}
    good = [one for one in new if one.number not in faults.rows]
    rows: list[dict[str, Any]] = [
        msgspec.structs.asdict(
            devices.NewDevice(
                owner=one.member,
                kind="sensor",
                code=one.code,
                name=one.name,
                service=found.document.service,
                model=lots[one.lot].model,
                properties={"serial": one.serial} if one.serial else {},
                simulated=found.document.example,
            )
        )
        for one in good
    ]
    for fault in things.check(scope, tx, devices.DEVICES, rows):
        faults.add(good[fault.row].number, _field(fault.fault), fault.fault.text)
    refused: dict[tuple[str, str | None], BeffroiError] = things.refusals(scope, rows)
    for one, row in zip(good, rows, strict=True):
        if (error := refused.get((row["owner"], row.get("service")))) is not None:
            faults.add(one.number, "member", error.text)
    return rows


def _field(fault: Fault) -> str:
    return fault.field if fault.field in COLUMNS else {"owner": "member", "model": "lot"}.get(fault.field, "code")


def _write(
    scope: Scope,
    tx: Transaction,
    found: Purchase,
    ordered: Allotment,
    new: list[_Line],
    rows: list[things.Row],
    delivered_on: date,
    now: datetime,
) -> None:
    ids = things.write_new(scope, tx, devices.DEVICES, rows, now=now)
    warranties = {one.name: one.warranty_months for one in found.document.lots}
    suppliers = {one.lot: one.supplier for one in ordered.lines}
    kept = [
        {
            "purchase": found.key,
            "code": one.code,
            "member": one.member,
            "lot": one.lot,
            "supplier": suppliers.get(one.lot, ""),
            "serial": one.serial,
            "device": id_,
            "delivered_on": delivered_on,
            "warranty_until": warranty(delivered_on, warranties[one.lot]),
            **columns("taken", scope, now),
        }
        for one, id_ in zip(new, ids, strict=True)
    ]
    tx.execute(insert(delivered_device), kept)
    audit.record(scope, tx, "purchase.deliver", now=now, subject=found.key, detail={"count": len(kept)})


def warranty(delivered_on: date, months: int) -> date | None:
    """Its last day: of the month so many months later, the day before that of the delivery."""
    if months == 0:
        return None
    month = delivered_on.month - 1 + months
    year, month = delivered_on.year + month // 12, month % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    last = (following - date.resolution).day
    return date(year, month, min(delivered_on.day, last)) - date.resolution


def _kept(tx: Transaction, key: str) -> list[Delivered]:
    return [_delivered(row) for row in tx.execute(select(delivered_device).where(delivered_device.c.purchase == key))]


def _delivered(row: Row[tuple[object, ...]]) -> Delivered:
    return Delivered(
        purchase=row.purchase,
        code=row.code,
        serial=row.serial,
        member=row.member,
        lot=row.lot,
        supplier=row.supplier,
        device=row.device,
        delivered_on=row.delivered_on,
        warranty_until=row.warranty_until,
        taken=surely("taken", row),
    )


def _text(cell: Cell) -> str:
    """In one line, as the registry takes names."""
    return "" if cell is None else " ".join(str(cell).split())
