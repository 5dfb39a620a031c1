"""Models of devices compared for buying: facts with their source, beside what is seen of them on this instance."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import func, insert, select
from sqlalchemy.engine import Row

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction
from beffroi.errors import Conflict, Fault, Invalid, NotFound, Text
from beffroi.pooling import reach
from beffroi.pooling.buying.batteries import CHEMISTRIES, Discharge
from beffroi.pooling.buying.seen import Seen
from beffroi.pooling.deeds import Deed, columns, surely
from beffroi.pooling.tables import model_facts
from beffroi.registry import models
from beffroi.registry.fields import untimely
from beffroi.registry.model import DeviceModel
from beffroi.registry.models import DeviceModelQuery

NOUN = Text("modèle de capteur", "device model")
FactName = Literal[
    "price",
    "accuracy",
    "openness",
    "repairability",
    "country",
    "radio-class",
    "battery-months",
    "battery-chemistry",
    "battery-full-volts",
    "battery-empty-volts",
    "warranty-months",
]
CHOICES: dict[str, tuple[str, ...]] = {
    "openness": ("open", "documented", "closed"),
    "repairability": ("repairable", "battery", "sealed"),
    "radio-class": ("A", "B", "C"),
    "battery-chemistry": tuple(CHEMISTRIES),
}
"""words that compare"""
VOLTS: tuple[FactName, FactName] = ("battery-full-volts", "battery-empty-volts")
STATED: frozenset[FactName] = frozenset({"battery-chemistry", *VOLTS})
"""by which a voltage tells a charge"""
NUMBERS = ("price", "battery-months", "battery-full-volts", "battery-empty-volts", "warranty-months")


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`source`: a document, a quotation, an address; of which day."""

    value: Annotated[str, Meta(min_length=1, max_length=200)]
    source: Annotated[str, Meta(min_length=1, max_length=500)]
    of: date


class FactsChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`after`: the revision that was read before, 0 for the first. `price`: euros before tax, for one."""

    facts: dict[FactName, Fact]
    after: Annotated[int, Meta(ge=0)] = 0


class CatalogueLine(msgspec.Struct, frozen=True):
    """`facts`: as last told, by `made`; none where nobody told any."""

    model: DeviceModel
    facts: dict[FactName, Fact]
    revision: int
    made: Deed | None
    seen: Seen


def tell(scope: Scope, tx: Transaction, code: str, change: FactsChange, *, now: datetime) -> int:
    """Keep a revision of a model's facts, for the structure's editors: which."""
    reach.require_whole(scope, tx, Right.EDIT, NOUN, code)
    models.get(scope, tx, code)
    last = tx.execute(select(func.max(model_facts.c.revision)).where(model_facts.c.model == code)).scalar() or 0
    if last != change.after:
        said = Text(f"La version {last} a été faite entre-temps.", f"Revision {last} was made meanwhile.")
        raise Conflict(said)
    found = [fault for name, fact in change.facts.items() for fault in _faults(name, fact)]
    full, empty = change.facts.get("battery-full-volts"), change.facts.get("battery-empty-volts")
    if not found and full is not None and empty is not None and Decimal(full.value) <= Decimal(empty.value):
        said = Text("plus que la tension en fin de vie", "more than the voltage at the end")
        found.append(Fault("facts.battery-full-volts.value", said))
    if found:
        raise Invalid.of(found)
    row = {
        "model": code,
        "revision": last + 1,
        "facts": msgspec.json.encode(change.facts).decode(),
        **columns("made", scope, now),
    }
    tx.execute(insert(model_facts).values(row))
    audit.record(scope, tx, "model_facts.put", now=now, subject=code, detail={"revision": last + 1})
    return last + 1


def every(scope: Scope, tx: Transaction) -> list[DeviceModel]:
    """For whoever has a role in the structure or a member."""
    if not reach.whole(scope, tx) and not reach.members(scope):
        raise NotFound(Text("catalogue", "catalogue"), "—")
    return list(models.every(scope, tx, DeviceModelQuery()))


def discharges(tx: Transaction) -> dict[str, Discharge]:
    """Of the models of which chemistry and both voltages are told."""
    found = {}
    for model, row in _last(tx).items():
        told = msgspec.json.decode(row.facts, type=dict[FactName, Fact])
        if told.keys() >= STATED:
            full, empty = (float(told[name].value) for name in VOLTS)
            found[model] = Discharge(full, empty, CHEMISTRIES[told["battery-chemistry"].value])
    return found


def lines(tx: Transaction, known: list[DeviceModel], seen: dict[str, Seen]) -> list[CatalogueLine]:
    rows = _last(tx)
    return [
        CatalogueLine(
            model=one,
            facts=msgspec.json.decode(rows[one.code].facts, type=dict[FactName, Fact]) if one.code in rows else {},
            revision=rows[one.code].revision if one.code in rows else 0,
            made=surely("made", rows[one.code]) if one.code in rows else None,
            seen=seen[one.code],
        )
        for one in known
    ]


def _last(tx: Transaction) -> dict[str, Row[tuple[object, ...]]]:
    """The last revision of facts, by model."""
    newest = select(model_facts.c.model, func.max(model_facts.c.revision).label("revision"))
    last = newest.group_by(model_facts.c.model).subquery()
    joined = (model_facts.c.model == last.c.model) & (model_facts.c.revision == last.c.revision)
    return {row.model: row for row in tx.execute(select(model_facts).join(last, joined))}


def _faults(name: FactName, fact: Fact) -> list[Fault]:
    where = f"facts.{name}.value"
    found = untimely(f"facts.{name}.of", fact.of)
    if name in CHOICES and fact.value not in CHOICES[name]:
        allowed = ", ".join(CHOICES[name])
        found.append(Fault(where, Text(f"attendu : {allowed}", f"expected: {allowed}")))
    if name in NUMBERS and not _is_amount(fact.value):
        found.append(Fault(where, Text("nombre d'au moins 0 attendu", "expected a number, 0 at least")))
    if name == "country" and not (len(fact.value) == 2 and fact.value.isascii() and fact.value.isupper()):
        found.append(Fault(where, Text("code de deux lettres attendu : FR", "expected a code of two letters: FR")))
    return found


def _is_amount(text: str) -> bool:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return False
    return amount.is_finite() and 0 <= amount <= 10**9
