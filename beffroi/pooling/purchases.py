"""A group purchase: lots, needs told by members until a day, offers, the order; each as it is kept."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta
from sqlalchemy import insert, select, update
from sqlalchemy.engine import Row

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction, new_key
from beffroi.errors import Conflict, Fault, Invalid, NotFound, Text
from beffroi.pooling import reach
from beffroi.pooling.buying import allotment, judging
from beffroi.pooling.buying.allotment import Allotment, Discount, LotOffer, Quantity, SupplierOffer, Terms
from beffroi.pooling.buying.judging import AwardCriterion
from beffroi.pooling.deeds import Deed, columns, surely
from beffroi.pooling.deeds import told as told_deed
from beffroi.pooling.tables import purchase, purchase_need, purchase_offer
from beffroi.registry import kinds, models, structures
from beffroi.registry.fields import Known, Name, Owner, untimely

NOUN = Text("achat groupé", "group purchase")
State = Literal["open", "closed", "ordered"]


class Lot(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`model`: of the catalogue, whose devices are declared when they come; `requirement`: what a tender asks."""

    name: Name
    model: Known
    requirement: Annotated[str, Meta(max_length=2000)] = ""
    warranty_months: Annotated[int, Meta(ge=0, le=240)] = 24


class NewPurchase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`closes_on`: the last day on which members tell their needs. `criteria`: by which each lot goes to one supplier,
    as published; without any, prices alone decide. `example`: says so where it is one."""

    name: Name
    service: Known
    closes_on: date
    lots: Annotated[list[Lot], Meta(min_length=1, max_length=12)]
    terms: Terms = Terms()
    criteria: Annotated[list[AwardCriterion], Meta(max_length=8)] = []
    note: Annotated[str, Meta(max_length=2000)] = ""
    example: bool = False


class NewPurchaseNeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """0 says that the member needs none any more."""

    member: Owner
    lot: Name
    quantity: Quantity
    note: Annotated[str, Meta(max_length=500)] = ""


class NewSupplierOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Takes the place of the supplier's former one; without lots, it is withdrawn."""

    supplier: Name
    lots: Annotated[list[LotOffer], Meta(max_length=12)]
    discounts: Annotated[list[Discount], Meta(max_length=3)] = []


class PurchaseNeed(msgspec.Struct, frozen=True):
    member: str
    lot: str
    quantity: int
    note: str
    told: Deed


class KeptOffer(msgspec.Struct, frozen=True):
    offer: SupplierOffer
    told: Deed


class Purchase(msgspec.Struct, frozen=True):
    """`needs`: those that the actor reads; `quantities`: of all members, by lot, and `members`, how many told any.
    `offers` and `allotment` (as ordered) are the structure's to read. `whole`: whether all is told."""

    key: str
    state: State
    document: NewPurchase
    made: Deed
    ordered: Deed | None
    whole: bool
    quantities: dict[str, int]
    members: int
    needs: list[PurchaseNeed]
    offers: list[KeptOffer]
    allotment: Allotment | None


def make(scope: Scope, tx: Transaction, new: NewPurchase, *, now: datetime) -> Purchase:
    """For the structure's editors."""
    reach.require_whole(scope, tx, Right.EDIT, NOUN, new.service, new.service)
    kinds.service(tx, new.service)
    if found := _faults(scope, tx, new, now):
        raise Invalid.of(found)
    key = new_key("buy")
    row = {
        "key": key,
        "service": new.service,
        "name": new.name,
        "closes_on": new.closes_on,
        "document": msgspec.json.encode(new).decode(),
        **columns("made", scope, now),
    }
    tx.execute(insert(purchase).values(row))
    audit.record(scope, tx, "purchase.make", now=now, subject=key, detail={"name": new.name})
    return get(scope, tx, key, now=now)


def get(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> Purchase:
    """For the structure's people, and any member's: all may join."""
    return _told(scope, tx, _row(scope, tx, key), now)


def every(scope: Scope, tx: Transaction, *, now: datetime) -> list[Purchase]:
    """The newest first."""
    rows = tx.execute(select(purchase).order_by(purchase.c.made_at.desc(), purchase.c.key)).all()
    return [_told(scope, tx, row, now) for row in rows if _seen(scope, tx, row.service)]


def tell(scope: Scope, tx: Transaction, key: str, new: NewPurchaseNeed, *, now: datetime) -> Purchase:
    """What a member needs of a lot, by its editors or the structure's, until the closing day has ended."""
    row = _row(scope, tx, key)
    reach.require_member(scope, tx, new.member, row.service, Right.EDIT)
    structures.membership(Scope.system("purchase"), tx, new.member)
    document = _document(row)
    if new.lot not in {one.name for one in document.lots}:
        raise Invalid("lot", Text("n'est pas un lot de cet achat", "is no lot of this purchase"))
    if _state(row, _today(scope, tx, now)) != "open":
        raise Conflict(
            Text(
                f"Les besoins étaient pris jusqu'au {row.closes_on:%d/%m/%Y} inclus.",
                f"Needs were taken until {row.closes_on:%Y-%m-%d}, included.",
            )
        )
    values = {"purchase": key, **msgspec.structs.asdict(new), **columns("told", scope, now)}
    tx.execute(insert(purchase_need).values(values))
    detail = {"lot": new.lot, "quantity": new.quantity}
    audit.record(scope, tx, "purchase.need", now=now, owner=new.member, subject=key, detail=detail)
    return get(scope, tx, key, now=now)


def offer(scope: Scope, tx: Transaction, key: str, new: NewSupplierOffer, *, now: datetime) -> Purchase:
    """A supplier's, typed by the structure's editors; until it is ordered."""
    row = required(scope, tx, key)
    if row.ordered_at is not None:
        raise Conflict(Text("Déjà commandé.", "Ordered already."))
    if new.lots:
        asked, told = _document(row), SupplierOffer(supplier=new.supplier, lots=new.lots, discounts=new.discounts)
        allotment.check(told, [one.name for one in asked.lots], asked.terms)
    document = msgspec.json.encode(new.lots).decode()
    discounts = msgspec.json.encode(new.discounts).decode() if new.discounts else None
    values = {"purchase": key, "supplier": new.supplier, "document": document, "discounts": discounts}
    tx.execute(insert(purchase_offer).values(**values, **columns("told", scope, now)))
    audit.record(scope, tx, "purchase.offer", now=now, subject=key, detail={"name": new.supplier})
    return get(scope, tx, key, now=now)


def proposed(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> Allotment:
    """The cheapest allotment of what is needed now, for the structure's people."""
    row = required(scope, tx, key, Right.READ)
    found = _told(scope, tx, row, now)
    return allotment.allotted(found.quantities, [one.offer for one in found.offers], found.document.terms)


def order(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> Purchase:
    """Freeze the cheapest allotment, once needs are closed; for the structure's administrators."""
    row = required(scope, tx, key, Right.ADMINISTER)
    if (state := _state(row, _today(scope, tx, now))) != "closed":
        said = Text("Les besoins sont encore ouverts.", "Needs are still open.")
        raise Conflict(said if state == "open" else Text("Déjà commandé.", "Ordered already."))
    if _document(row).criteria:
        raise Conflict(
            Text(
                "Cet achat s'attribue par critères : décidez-en lot par lot.",
                "This purchase is awarded by criteria: decide lot by lot.",
            )
        )
    found = proposed(scope, tx, key, now=now)
    if not found.lines:
        raise Conflict(
            Text(
                f"Rien à commander : {' ; '.join(one.fr for one in found.why)}.",
                f"Nothing to order: {'; '.join(one.en for one in found.why)}.",
            )
        )
    kept = {"allotment": msgspec.json.encode(found).decode(), **columns("ordered", scope, now)}
    tx.execute(update(purchase).where(purchase.c.key == key).values(kept))
    audit.record(scope, tx, "purchase.order", now=now, subject=key, detail={"total": str(found.total)})
    return get(scope, tx, key, now=now)


def required(scope: Scope, tx: Transaction, key: str, right: Right = Right.EDIT) -> Row[tuple[object, ...]]:
    """As it is kept, for the structure's people with `right`."""
    row = _row(scope, tx, key)
    reach.require_whole(scope, tx, right, NOUN, key, row.service)
    return row


def needs_of(tx: Transaction, key: str) -> list[PurchaseNeed]:
    """The last ones, 0 left out; by lot and member. Who reads them was looked at."""
    rows = tx.execute(select(purchase_need).where(purchase_need.c.purchase == key).order_by(purchase_need.c.id))
    last = {(row.lot, row.member): row for row in rows}
    return [
        PurchaseNeed(row.member, row.lot, row.quantity, row.note, surely("told", row))
        for _, row in sorted(last.items())
        if row.quantity
    ]


def ordered_of(tx: Transaction, key: str) -> Allotment:
    """As it was ordered; that it was, and who asks, was looked at."""
    found = tx.execute(select(purchase.c.allotment).where(purchase.c.key == key)).scalar_one()
    return msgspec.json.decode(found, type=Allotment)


def _faults(scope: Scope, tx: Transaction, new: NewPurchase, now: datetime) -> list[Fault]:
    found = untimely("closes_on", new.closes_on)
    if new.closes_on < _today(scope, tx, now):
        found.append(Fault("closes_on", Text("déjà passé", "past already")))
    known = models.existing(tx, [one.model for one in new.lots])
    names: set[str] = set()
    for place, one in enumerate(new.lots):
        if one.name in names:
            found.append(Fault(f"lots[{place}].name", Text("déjà donné plus haut", "already given above")))
        names.add(one.name)
        if one.model not in known:
            found.append(Fault(f"lots[{place}].model", Text("modèle inconnu", "unknown model")))
    budget = new.terms.budget
    if budget is not None and (not budget.is_finite() or budget < 0):
        found.append(Fault("terms.budget", Text("au moins 0 attendu", "expected 0 at least")))
    terms = new.terms
    if new.criteria and (terms.split or terms.suppliers is not None or terms.discounts_because):
        said = Text(
            "par critères, chaque lot est jugé seul et va à un fournisseur",
            "by criteria, each lot is judged alone and goes to one supplier",
        )
        found.append(Fault("terms", said))
    found += judging.faults(new.criteria)
    return found


def _told(scope: Scope, tx: Transaction, row: Row[tuple[object, ...]], now: datetime) -> Purchase:
    whole = reach.whole(scope, tx, row.service)
    needs, mine = needs_of(tx, row.key), reach.members(scope, row.service)
    document = _document(row)
    quantities = {one.name: 0 for one in document.lots}
    for need in needs:
        quantities[need.lot] += need.quantity
    return Purchase(
        key=row.key,
        state=_state(row, _today(scope, tx, now)),
        document=document if whole else msgspec.structs.replace(document, terms=Terms(), note=""),
        made=surely("made", row),
        ordered=told_deed("ordered", row),
        whole=whole,
        quantities=quantities,
        members=len({one.member for one in needs}),
        needs=[one for one in needs if whole or one.member in mine],
        offers=_offers(tx, row.key) if whole else [],
        allotment=msgspec.json.decode(row.allotment, type=Allotment) if whole and row.allotment else None,
    )


def _offers(tx: Transaction, key: str) -> list[KeptOffer]:
    rows = tx.execute(select(purchase_offer).where(purchase_offer.c.purchase == key).order_by(purchase_offer.c.id))
    found: list[KeptOffer] = []
    for row in {row.supplier: row for row in rows}.values():
        lots: Sequence[LotOffer] = msgspec.json.decode(row.document, type=list[LotOffer])
        discounts = msgspec.json.decode(row.discounts or "[]", type=list[Discount])
        if lots:
            one = SupplierOffer(supplier=row.supplier, lots=list(lots), discounts=discounts)
            found.append(KeptOffer(one, surely("told", row)))
    return found


def _document(row: Row[tuple[object, ...]]) -> NewPurchase:
    return msgspec.json.decode(row.document, type=NewPurchase)


def _state(row: Row[tuple[object, ...]], today: date) -> State:
    if row.ordered_at is not None:
        return "ordered"
    return "open" if today <= row.closes_on else "closed"


def _today(scope: Scope, tx: Transaction, now: datetime) -> date:
    return now.astimezone(ZoneInfo(structures.get(scope, tx).time_zone)).date()


def _seen(scope: Scope, tx: Transaction, service: str) -> bool:
    return reach.whole(scope, tx, service) or bool(reach.members(scope, service))


def _row(scope: Scope, tx: Transaction, key: str) -> Row[tuple[object, ...]]:
    row = tx.execute(select(purchase).where(purchase.c.key == key)).one_or_none()
    if row is None or not _seen(scope, tx, row.service):
        raise NotFound(NOUN, key)
    return row
