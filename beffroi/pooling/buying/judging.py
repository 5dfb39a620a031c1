"""Offers judged lot by lot by published criteria: marks, points, ranks, and how far the first one would stay first.

The price is marked in proportion: 10 times the lowest price of the lot, over the offer's own. Other marks are given by
people, out of 10. Points are marks weighted, out of 100, rounded to the hundredth; ranks are by the sum of what is
shown. How far the price could weigh is told from the lines themselves, exactly: each total is linear in that weight
when the other criteria share what is left in their own proportion.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from beffroi.errors import Fault, Text
from beffroi.pooling.amounts import cents
from beffroi.pooling.buying.allotment import LotOffer, SupplierOffer, Tier
from beffroi.registry.fields import Name

BEST = 10
"""of a mark"""
ALL = 100
"""of weights, and of points"""
HUNDREDTH = Decimal("0.01")
Aspect = Literal["price", "technical", "environment", "social", "delay", "service", "other"]


class AwardCriterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`weight`: of 100. `about`: how it is appreciated, as published."""

    name: Name
    aspect: Aspect
    weight: Decimal
    about: Annotated[str, Meta(max_length=1000)] = ""


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`mark`: out of 10, of a criterion other than the price."""

    criterion: Name
    mark: Decimal
    because: Annotated[str, Meta(min_length=1, max_length=2000)]


class MarkedCriterion(msgspec.Struct, frozen=True):
    """`mark`: out of 10, None while nobody gave it; `points`: of 100, weighted."""

    criterion: str
    mark: Decimal | None
    points: Decimal | None
    because: str


class JudgedOffer(msgspec.Struct, frozen=True):
    """Of one lot, all of it. `amount`: of the quantity and what is fixed, None where it cannot deliver that. `points`
    and `rank`: None unless all is marked; equals have the same rank."""

    supplier: str
    price: Decimal | None
    fixed: Decimal
    amount: Decimal | None
    marks: list[MarkedCriterion]
    points: Decimal | None
    rank: int | None


class FirstWhile(msgspec.Struct, frozen=True):
    """`suppliers`: first, together when several, while the price weighs from `low` to `high` of 100."""

    low: Decimal
    high: Decimal
    suppliers: list[str]


class JudgedLot(msgspec.Struct, frozen=True):
    """`offers`: by rank, then those that have none. `ahead`: points of the first above the next. `first`: who would be
    first at any weight of the price; empty unless all offers are marked."""

    lot: str
    quantity: int
    offers: list[JudgedOffer]
    tied: list[str]
    ahead: Decimal | None
    first: list[FirstWhile]


Marks = dict[tuple[str, str, str], Mark]
"""By lot, supplier, criterion."""


def faults(criteria: Sequence[AwardCriterion]) -> list[Fault]:
    """What is wrong with criteria; none at all is an award by price."""
    found, names = [], set[str]()
    for place, one in enumerate(criteria):
        if one.name in names:
            found.append(Fault(f"criteria[{place}].name", Text("déjà donné plus haut", "already given above")))
        names.add(one.name)
        if not one.weight.is_finite() or not 0 < one.weight <= ALL:
            found.append(Fault(f"criteria[{place}].weight", Text("de 0 à 100 attendu", "expected 0 to 100")))
    if not criteria or found:
        return found
    if sum(1 for one in criteria if one.aspect == "price") != 1:
        found.append(Fault("criteria", Text("un critère de prix, et un seul", "one criterion of price, and only one")))
    if len(criteria) == 1:
        said = Text("un autre critère que le prix, ou aucun", "a criterion other than the price, or none")
        found.append(Fault("criteria", said))
    if sum((one.weight for one in criteria), Decimal(0)) != ALL:
        found.append(Fault("criteria", Text("les pondérations doivent faire 100", "weights must make 100")))
    return found


def mark_faults(criteria: Sequence[AwardCriterion], marks: Sequence[Mark]) -> list[Fault]:
    known = {one.name for one in criteria if one.aspect != "price"}
    found, seen = [], set[str]()
    for place, one in enumerate(marks):
        if one.criterion not in known or one.criterion in seen:
            said = Text("n'est pas un critère à noter, ou noté deux fois", "is no criterion to mark, or marked twice")
            found.append(Fault(f"marks[{place}].criterion", said))
        seen.add(one.criterion)
        if not one.mark.is_finite() or not 0 <= one.mark <= BEST:
            found.append(Fault(f"marks[{place}].mark", Text("de 0 à 10 attendu", "expected 0 to 10")))
    return found


def judged(
    lot: str, quantity: int, offers: Sequence[SupplierOffer], criteria: Sequence[AwardCriterion], marks: Marks
) -> JudgedLot:
    """The offers that were made for a lot of which `quantity` units, 1 at least, are needed."""
    asked = [(offer.supplier, one) for offer in offers for one in offer.lots if one.lot == lot]
    amounts = {supplier: _amount(one, quantity) for supplier, one in asked}
    lowest = min((one for one in amounts.values() if one is not None), default=None)
    weighed: dict[str, tuple[Fraction, Fraction]] = {}
    found = []
    for supplier, one in asked:
        amount = amounts[supplier]
        told = [_marked(lot, supplier, criterion, amount, lowest, marks) for criterion in criteria]
        exact = [mark for _, mark in told if mark is not None]
        whole = amount is not None and len(exact) == len(criteria)
        if whole:
            weighed[supplier] = _line(criteria, exact)
        found.append(
            JudgedOffer(
                supplier=supplier,
                price=None if amount is None else _tier(one, quantity).price,
                fixed=one.fixed,
                amount=amount,
                marks=[shown for shown, _ in told],
                points=sum((shown.points or Decimal(0) for shown, _ in told), Decimal(0)) if whole else None,
                rank=None,
            )
        )
    ranked = _ranked(found)
    first = [one for one in ranked if one.rank == 1]
    following = max((one.points for one in ranked if one.points is not None and one.rank != 1), default=None)
    best = first[0].points if first else None
    return JudgedLot(
        lot=lot,
        quantity=quantity,
        offers=ranked,
        tied=sorted(one.supplier for one in first) if len(first) > 1 else [],
        ahead=None if best is None or following is None or len(first) > 1 else best - following,
        first=_first(weighed) if weighed and all(one.points is not None or one.amount is None for one in found) else [],
    )


def _amount(one: LotOffer, quantity: int) -> Decimal | None:
    """Of all the lot, None where the offer cannot deliver it."""
    if quantity < max(one.least, one.tiers[0].since) or (one.most is not None and quantity > one.most):
        return None
    return cents(_tier(one, quantity).price * quantity + one.fixed)


def _tier(one: LotOffer, quantity: int) -> Tier:
    return [tier for tier in one.tiers if tier.since <= quantity][-1]


def _marked(
    lot: str, supplier: str, criterion: AwardCriterion, amount: Decimal | None, lowest: Decimal | None, marks: Marks
) -> tuple[MarkedCriterion, Fraction | None]:
    """As shown, and the mark as it is."""
    if criterion.aspect == "price":
        exact = None if amount is None or lowest is None else _price_mark(amount, lowest)
        because = ""
    else:
        given = marks.get((lot, supplier, criterion.name))
        exact = None if given is None else Fraction(given.mark)
        because = "" if given is None else given.because
    if exact is None:
        return MarkedCriterion(criterion.name, None, None, because), None
    points = _rounded(exact * Fraction(criterion.weight) / BEST)
    return MarkedCriterion(criterion.name, _rounded(exact), points, because), exact


def _price_mark(amount: Decimal, lowest: Decimal) -> Fraction:
    if amount == lowest:
        return Fraction(BEST)
    return BEST * Fraction(lowest) / Fraction(amount)


def _rounded(exact: Fraction) -> Decimal:
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(HUNDREDTH, ROUND_HALF_UP)


def _line(criteria: Sequence[AwardCriterion], exact: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Points when only the others weigh, and when only the price does."""
    price = next(mark for one, mark in zip(criteria, exact, strict=True) if one.aspect == "price")
    others = [(Fraction(one.weight), mark) for one, mark in zip(criteria, exact, strict=True) if one.aspect != "price"]
    rest = sum((weight * mark for weight, mark in others), Fraction(0)) / sum((weight for weight, _ in others))
    return rest * (ALL // BEST), price * (ALL // BEST)


def _ranked(found: list[JudgedOffer]) -> list[JudgedOffer]:
    marked = sorted((one for one in found if one.points is not None), key=lambda one: (-_points(one), one.supplier))
    rest = sorted((one for one in found if one.points is None), key=lambda one: one.supplier)
    ranks = [1 + sum(1 for other in marked if _points(other) > _points(one)) for one in marked]
    ranked = [msgspec.structs.replace(one, rank=rank) for one, rank in zip(marked, ranks, strict=True)]
    return [*ranked, *rest]


def _points(one: JudgedOffer) -> Decimal:
    assert one.points is not None
    return one.points


def _first(lines: dict[str, tuple[Fraction, Fraction]]) -> list[FirstWhile]:
    """Who is highest from 0 to 100: between the crossings of any two lines, one set is."""
    pairs = [(one, other) for one in lines.values() for other in lines.values()]
    places = {Fraction(0), Fraction(1)}
    for (low, high), (other_low, other_high) in pairs:
        turn = (high - low) - (other_high - other_low)
        if turn and 0 < (at := (other_low - low) / turn) < 1:
            places.add(at)
    ends = sorted(places)
    found: list[tuple[Fraction, Fraction, list[str]]] = []
    for low, high in pairwise(ends):
        middle = (low + high) / 2
        totals = {name: start + middle * (end - start) for name, (start, end) in lines.items()}
        best = sorted(name for name, total in totals.items() if total == max(totals.values()))
        if found and found[-1][2] == best:
            low = found.pop()[0]
        found.append((low, high, best))
    return [FirstWhile(_rounded(ALL * low), _rounded(ALL * high), names) for low, high, names in found]
