"""Offers of a purchase judged by its published criteria, and the award that a person decides, with its reason."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy import insert, select, update

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction
from beffroi.errors import Conflict, Fault, Invalid, Text
from beffroi.pooling import purchases
from beffroi.pooling.buying import judging
from beffroi.pooling.buying.allotment import Allotment, AllottedLine
from beffroi.pooling.buying.judging import AwardCriterion, JudgedLot, Mark, Marks
from beffroi.pooling.deeds import Deed, columns, surely
from beffroi.pooling.purchases import Purchase
from beffroi.pooling.tables import purchase as purchase_table
from beffroi.pooling.tables import purchase_mark
from beffroi.registry.fields import Name


class NewMarks(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Of a supplier's offer for a lot; each takes the place of the former one."""

    supplier: Name
    lot: Name
    marks: Annotated[list[Mark], Meta(min_length=1, max_length=8)]


class NewAward(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`lots`: to whom each goes, None to nobody. `reason`: of the decision, as it will be told."""

    lots: Annotated[dict[Name, Name | None], Meta(min_length=1, max_length=12)]
    reason: Annotated[str, Meta(min_length=1, max_length=5000)]


class LotsAnalysis(msgspec.Struct, frozen=True):
    """`criteria`: as published when the purchase was opened. `awarded` and `reason`: once it was decided, by `decided`;
    then `lots` is what was read that day."""

    criteria: list[AwardCriterion]
    lots: list[JudgedLot]
    awarded: dict[str, str | None]
    reason: str
    decided: Deed | None


def mark(scope: Scope, tx: Transaction, key: str, new: NewMarks, *, now: datetime) -> LotsAnalysis:
    """For the structure's editors, until it is awarded."""
    purchases.required(scope, tx, key, Right.EDIT)
    found = purchases.get(scope, tx, key, now=now)
    if found.state == "ordered":
        raise Conflict(Text("Déjà attribué.", "Awarded already."))
    faults = judging.mark_faults(found.document.criteria, new.marks)
    if not any(kept.offer.supplier == new.supplier and new.lot in _lots(kept) for kept in found.offers):
        faults.append(Fault("supplier", Text("n'a pas d'offre pour ce lot", "has no offer for this lot")))
    if faults:
        raise Invalid.of(faults)
    kept = [
        {
            "purchase": key,
            "lot": new.lot,
            "supplier": new.supplier,
            "criterion": one.criterion,
            "mark": str(one.mark),
            "because": one.because,
            **columns("told", scope, now),
        }
        for one in new.marks
    ]
    tx.execute(insert(purchase_mark), kept)
    detail = {"name": new.supplier, "lot": new.lot}
    audit.record(scope, tx, "purchase.mark", now=now, subject=key, detail=detail)
    return analysis(scope, tx, key, now=now)


def analysis(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> LotsAnalysis:
    """For the structure's people. Empty for a purchase without criteria."""
    row = purchases.required(scope, tx, key, Right.READ)
    if row.award is not None:
        return msgspec.json.decode(row.award, type=LotsAnalysis)
    found = purchases.get(scope, tx, key, now=now)
    return LotsAnalysis(found.document.criteria, _judged(tx, found), {}, "", None)


def award(scope: Scope, tx: Transaction, key: str, new: NewAward, *, now: datetime) -> Purchase:
    """Order what a person decides, once needs are closed and offers marked; for the structure's administrators."""
    purchases.required(scope, tx, key, Right.ADMINISTER)
    found = purchases.get(scope, tx, key, now=now)
    if not found.document.criteria:
        raise Conflict(Text("Cet achat n'a pas de critères.", "This purchase has no criteria."))
    if found.state != "closed":
        open_ = Text("Les besoins sont encore ouverts.", "Needs are still open.")
        raise Conflict(open_ if found.state == "open" else Text("Déjà attribué.", "Awarded already."))
    lots = _judged(tx, found)
    lines = _lines(lots, new.lots)
    total = sum((one.amount for one in lines), Decimal(0))
    budget = found.document.terms.budget
    if budget is not None and total > budget:
        over = Text(f"au-dessus du budget ({total} € pour {budget} €)", f"over the budget (€{total} for €{budget})")
        raise Invalid("lots", over)
    deed = columns("ordered", scope, now)
    decided = Deed(now, scope.actor.key, scope.actor.name)
    kept = LotsAnalysis(found.document.criteria, lots, dict(new.lots), new.reason, decided)
    told = {
        "allotment": msgspec.json.encode(Allotment(total, lines, [])).decode(),
        "award": msgspec.json.encode(kept).decode(),
    }
    tx.execute(update(purchase_table).where(purchase_table.c.key == key).values({**told, **deed}))
    detail = {"total": str(total), "reason": new.reason}
    audit.record(scope, tx, "purchase.award", now=now, subject=key, detail=detail)
    return purchases.get(scope, tx, key, now=now)


def _lots(kept: purchases.KeptOffer) -> set[str]:
    return {one.lot for one in kept.offer.lots}


def _judged(tx: Transaction, found: Purchase) -> list[JudgedLot]:
    criteria = found.document.criteria
    if not criteria:
        return []
    offers, marks = [one.offer for one in found.offers], _marks(tx, found)
    return [
        judging.judged(lot.name, quantity, offers, criteria, marks)
        for lot in found.document.lots
        if (quantity := found.quantities[lot.name])
    ]


def _marks(tx: Transaction, found: Purchase) -> Marks:
    """The last ones; those of an offer that was typed anew since do not hold any more."""
    since = {one.offer.supplier: one.told.at for one in found.offers}
    rows = tx.execute(select(purchase_mark).where(purchase_mark.c.purchase == found.key).order_by(purchase_mark.c.id))
    return {
        (row.lot, row.supplier, row.criterion): Mark(
            criterion=row.criterion, mark=Decimal(row.mark), because=row.because
        )
        for row in rows
        if row.supplier in since and surely("told", row).at >= since[row.supplier]
    }


def _lines(lots: Sequence[JudgedLot], decided: dict[str, str | None]) -> list[AllottedLine]:
    """What is ordered by a decision. Raises `Invalid` naming all that is wrong with it."""
    faults, lines = [], []
    for name in decided.keys() - {one.lot for one in lots}:
        faults.append(Fault("lots", Text(f"«\u00a0{name}\u00a0» : rien n'en est demandé", f"“{name}”: none needed")))
    for lot in lots:
        if lot.lot not in decided:
            faults.append(Fault("lots", Text(f"«\u00a0{lot.lot}\u00a0» reste à décider", f"“{lot.lot}” is undecided")))
            continue
        supplier = decided[lot.lot]
        if supplier is None:
            continue
        if any(one.points is None and one.amount is not None for one in lot.offers):
            said = Text(f"«\u00a0{lot.lot}\u00a0» : offres à noter encore", f"“{lot.lot}”: offers still to be marked")
            faults.append(Fault("lots", said))
            continue
        one = next((one for one in lot.offers if one.supplier == supplier and one.rank is not None), None)
        if one is None or one.price is None or one.amount is None:
            said = Text(
                f"«\u00a0{supplier}\u00a0» n'est pas classé pour ce lot", f"“{supplier}” has no rank for this lot"
            )
            faults.append(Fault("lots", said))
            continue
        lines.append(AllottedLine(lot.lot, supplier, lot.quantity, one.price, one.fixed, one.amount))
    if not faults and not lines:
        faults.append(Fault("lots", Text("aucun lot n'est attribué", "no lot is awarded")))
    if faults:
        raise Invalid.of(faults)
    return lines
