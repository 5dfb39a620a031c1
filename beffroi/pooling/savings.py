"""Measured savings as they are kept: of a member, a year and an action, from the effect of an experiment.

Nothing is changed: what is wrong is withdrawn, stays in sight, and is measured again.
"""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.engine import Row

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction, new_key
from beffroi.errors import Conflict, Invalid, NotFound, Text
from beffroi.pooling import computations, decisions, experiments, programmes, reach
from beffroi.pooling.cost_models import Year
from beffroi.pooling.deeds import Deed, columns, surely, told
from beffroi.pooling.statements import text
from beffroi.pooling.tables import saving
from beffroi.pooling.trying.effect import MeasuredEffect
from beffroi.pooling.trying.saved import Kind, saved
from beffroi.registry.fields import Known, Name, Owner

NOUN = Text("économie mesurée", "measured saving")
MOST_PRICE = Decimal(10**6)
ROWS = ("unit", "name", "group", "before", "after", "change", "days_before", "days_after", "series", "left_out")


class NewSavings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`price`: euros for one (a kWh, a m³…), which makes of them a gain in euros. `programme`: the one that `action` is
    of, by its very name, if it is to be proposed there."""

    computation: Annotated[str, Meta(min_length=1, max_length=60)]
    action: Name
    price: Decimal | None = None
    programme: Annotated[str, Meta(min_length=1, max_length=60)] | None = None


class SavingQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    year: Year | None = None
    member: Owner | None = None
    service: Known | None = None
    experiment: Annotated[str, Meta(min_length=1, max_length=60)] | None = None
    programme: Annotated[str, Meta(min_length=1, max_length=60)] | None = None


class Saving(msgspec.Struct, frozen=True):
    """Of `kind`, over `days` of the year, for `units` of the member: `quantity` between `low` and `high`; below 0, more
    was used. `proven`: whether the interval leaves 0 out. `euros`: at `price`. `withdrawn`: it counts no more."""

    key: str
    member: str
    service: str
    year: int
    experiment: str
    computation: str
    kind: Kind
    quantity: float
    low: float
    high: float
    units: int
    days: int
    proven: bool
    price: str | None
    euros: float | None
    action: str
    programme: str | None
    measured: Deed
    withdrawn: Deed | None


class Total(msgspec.Struct, frozen=True):
    """Of savings of one kind that hold. The bounds are sums too: those of one experiment err together. `proven`:
    whether all are."""

    kind: Kind
    quantity: float
    low: float
    high: float
    euros: float | None
    proven: bool


def measure(scope: Scope, tx: Transaction, key: str, new: NewSavings, *, now: datetime) -> list[Saving]:
    """Keep what an experiment's effect saved each member, for the structure's editors; those that were kept of the same
    experiment are withdrawn, so that nothing counts twice."""
    kept = experiments.required(scope, tx, key, Right.EDIT, now=now)
    effect = decisions.measured(scope, tx, kept, new.computation)
    found = saved(effect)
    if not found:
        raise Invalid("computation", _nothing(effect))
    if new.price is not None and (not new.price.is_finite() or not 0 <= new.price <= MOST_PRICE):
        raise Invalid("price", Text("au moins 0 attendu", "expected 0 at least"))
    if new.programme is not None:
        document = programmes.get(scope, tx, new.programme).document
        if new.action not in document.number:
            raise Invalid("action", Text("n'est pas une action de ce programme", "is no action of this programme"))
    gone = (saving.c.experiment == key, saving.c.withdrawn_at.is_(None))
    tx.execute(update(saving).where(*gone).values(columns("withdrawn", scope, now)))
    rows = [
        {
            "key": new_key("sav"),
            "member": one.owner,
            "service": kept.about.service,
            "year": one.year,
            "experiment": key,
            "computation": new.computation,
            "kind": one.kind,
            "quantity": one.quantity,
            "low": one.low,
            "high": one.high,
            "units": one.units,
            "days": one.days,
            "proven": effect.verdict in ("less", "more"),
            "price": "1" if one.kind == "EUR" else None if new.price is None else str(new.price),
            "action": new.action,
            "programme": new.programme,
            **columns("measured", scope, now),
        }
        for one in found
    ]
    tx.execute(insert(saving), rows)
    detail = {"computation": new.computation, "savings": len(rows)}
    audit.record(scope, tx, "saving.measure", now=now, subject=key, detail=detail)
    return [one for one in find(scope, tx, SavingQuery(experiment=key)) if one.withdrawn is None]


def withdraw(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> Saving:
    """It stays in sight, and counts no more; for the structure's editors."""
    found = get(scope, tx, key)
    reach.require_whole(scope, tx, Right.EDIT, NOUN, key, found.service)
    if found.withdrawn is not None:
        raise Conflict(Text("Déjà retirée.", "Withdrawn already."))
    tx.execute(update(saving).where(saving.c.key == key).values(columns("withdrawn", scope, now)))
    audit.record(scope, tx, "saving.withdraw", now=now, owner=found.member, subject=key)
    return get(scope, tx, key)


def get(scope: Scope, tx: Transaction, key: str) -> Saving:
    row = tx.execute(select(saving).where(saving.c.key == key, _seen(scope, tx))).one_or_none()
    if row is None:
        raise NotFound(NOUN, key)
    return _saving(row)


def find(scope: Scope, tx: Transaction, query: SavingQuery) -> list[Saving]:
    """Those that the actor reads, withdrawn ones too; by year, member and when they were measured."""
    asked = select(saving).where(_seen(scope, tx))
    for name in query.__struct_fields__:
        if (value := getattr(query, name)) is not None:
            asked = asked.where(saving.c[name] == value)
    order = (saving.c.year, saving.c.member, saving.c.measured_at.desc(), saving.c.key)
    return [_saving(row) for row in tx.execute(asked.order_by(*order))]


def totals(found: Sequence[Saving]) -> list[Total]:
    """By kind, in the order of kinds; what was withdrawn left out."""
    held = [one for one in found if one.withdrawn is None]
    sums = []
    for kind in sorted({one.kind for one in held}):
        mine = [one for one in held if one.kind == kind]
        euros = [one.euros for one in mine if one.euros is not None]
        sums.append(
            Total(
                kind=kind,
                quantity=sum(one.quantity for one in mine),
                low=sum(one.low for one in mine),
                high=sum(one.high for one in mine),
                euros=sum(euros) if euros else None,
                proven=all(one.proven for one in mine),
            )
        )
    return sums


def rows_as_csv(scope: Scope, tx: Transaction, key: str) -> str:
    """The units that a saving was measured from: those of its member, and for the structure's people all of them."""
    one = get(scope, tx, key)
    effect: MeasuredEffect = computations.result(tx, one.computation)
    everything = reach.whole(scope, tx, one.service)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(ROWS)
    for row in effect.rows:
        if everything or row.owner == one.member:
            change = None if row.before is None or row.after is None else row.after - row.before
            why = "" if row.left_out is None else row.left_out.fr if scope.language == "fr" else row.left_out.en
            figures = ["" if value is None else value for value in (row.before, row.after, change)]
            days = [row.days_before, row.days_after, row.series]
            writer.writerow([text(row.key), text(row.name), row.group, *figures, *days, why])
    return file.getvalue()


def _nothing(effect: MeasuredEffect) -> Text:
    if effect.effect is None:
        return Text("aucun effet n'a pu être mesuré", "no effect could be measured")
    return Text(
        f"«\u00a0{effect.unit or '—'}\u00a0» ne s'additionne pas en kWh, m³, km, heures ou euros",
        f"“{effect.unit or '—'}” does not add up to kWh, m³, km, hours or euros",
    )


def _seen(scope: Scope, tx: Transaction) -> ColumnElement[bool]:
    return reach.clause(scope, tx, saving.c.member, saving.c.service)


def _saving(row: Row[tuple[object, ...]]) -> Saving:
    return Saving(
        key=row.key,
        member=row.member,
        service=row.service,
        year=row.year,
        experiment=row.experiment,
        computation=row.computation,
        kind=row.kind,
        quantity=row.quantity,
        low=row.low,
        high=row.high,
        units=row.units,
        days=row.days,
        proven=row.proven,
        price=row.price,
        euros=None if row.price is None else row.quantity * float(row.price),
        action=row.action,
        programme=row.programme,
        measured=surely("measured", row),
        withdrawn=told("withdrawn", row),
    )
