"""Who delivers how many of each lot, so that all together costs least: prices by tiers, discounts across lots, limits.

A mixed-integer program: of each offer, discount, lot and tier, whether the tier is reached, and how many. The price
reached holds for every unit. Amounts are told exactly, in decimals, from the quantities found.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta

from beffroi.errors import Fault, Invalid, Text
from beffroi.pooling.amounts import cents
from beffroi.pooling.linear import Entries, Program, minimum
from beffroi.pooling.programme.plan import Said
from beffroi.registry.fields import Name

MOST_QUANTITY = 1_000_000
NO_LIMIT = float("inf")
CENTS = 0.005
"""of a budget: what rounding may add"""
Quantity = Annotated[int, Meta(ge=0, le=MOST_QUANTITY)]
Limit = Literal["minimum", "capacity", "one-supplier", "suppliers", "budget"]
LIMITS: dict[Limit, Text] = {
    "minimum": Text("la quantité minimale des fournisseurs", "the suppliers' least quantities"),
    "capacity": Text("ce que les fournisseurs peuvent livrer", "what suppliers can deliver"),
    "one-supplier": Text("un seul fournisseur par lot", "one supplier a lot"),
    "suppliers": Text("le nombre de fournisseurs", "the number of suppliers"),
    "budget": Text("le budget", "the budget"),
}


class Tier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`price` of each unit, from `since` units on, for all of them."""

    since: Annotated[int, Meta(ge=1, le=MOST_QUANTITY)] = msgspec.field(name="from")
    price: Decimal


class LotOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a supplier asks for a lot. `fixed`: once, if it gets any of it; `least` and `most`: units, if any."""

    lot: Name
    tiers: Annotated[list[Tier], Meta(min_length=1, max_length=8)]
    fixed: Decimal = Decimal(0)
    least: Quantity = 0
    most: Quantity | None = None


class Discount(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`percent` off all that a supplier gets, what is fixed included, once it gets `since` lots, units, or euros before
    any discount. Of those reached, the greatest holds."""

    of: Literal["lots", "units", "euros"]
    since: Annotated[int, Meta(ge=1, le=10**9)] = msgspec.field(name="from")
    percent: Decimal


class SupplierOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    supplier: Name
    lots: Annotated[list[LotOffer], Meta(min_length=1, max_length=12)]
    discounts: Annotated[list[Discount], Meta(max_length=3)] = []


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`split`: a lot may go to several suppliers. `suppliers`: at most. `budget`: in euros, before tax.
    `discounts_because`: why offers may depend on the lots obtained; empty, they may not (code de la commande publique,
    art. L. 2151-1)."""

    split: bool = False
    suppliers: Annotated[int, Meta(ge=1, le=12)] | None = None
    budget: Decimal | None = None
    discounts_because: Annotated[str, Meta(max_length=500)] = ""


class AllottedLine(msgspec.Struct, frozen=True):
    """`amount`: of the units and what is fixed, exact, before any discount."""

    lot: str
    supplier: str
    quantity: int
    price: Decimal
    fixed: Decimal
    amount: Decimal


class AllottedDiscount(msgspec.Struct, frozen=True):
    """`amount`: taken off what the supplier gets."""

    supplier: str
    percent: Decimal
    amount: Decimal


class Allotment(msgspec.Struct, frozen=True):
    """`lines`: empty when nothing is possible: then `why` says which limits stand in the way, each enough by itself to
    be raised; all of them when none is alone."""

    total: Decimal
    lines: list[AllottedLine]
    why: list[Said]
    discounts: list[AllottedDiscount] = []


def allotted(needs: dict[str, int], offers: Sequence[SupplierOffer], terms: Terms) -> Allotment:
    """`needs`: units of each lot; of a lot of which nobody needs any, nothing is bought."""
    wanted = {lot: count for lot, count in needs.items() if count > 0}
    offered = {one.lot for offer in offers for one in offer.lots}
    lacking = [lot for lot in wanted if lot not in offered]
    if lacking:
        named = ", ".join(lacking)
        return Allotment(Decimal(0), [], [Said(f"aucune offre pour : {named}", f"no offer for: {named}")])
    if not wanted:
        return Allotment(Decimal(0), [], [Said("aucun besoin", "no need")])
    if (lines := _least(wanted, offers, terms, frozenset())) is not None:
        discounts = [found for offer in offers if (found := _discount(offer, lines)) is not None]
        total = sum((one.amount for one in lines), Decimal(0)) - sum((one.amount for one in discounts), Decimal(0))
        return Allotment(total, lines, [], discounts)
    ways = [limit for limit in LIMITS if _least(wanted, offers, terms, frozenset({limit})) is not None]
    held = ways or list(LIMITS)
    return Allotment(Decimal(0), [], [Said(*LIMITS[one]) for one in held])


def check(offer: SupplierOffer, lots: Sequence[str], terms: Terms) -> None:
    """Raises `Invalid` naming all that is wrong."""
    faults, seen = list(_discount_faults(offer, terms)), set[str]()
    for place, one in enumerate(offer.lots):
        where = f"lots[{place}]"
        if one.lot not in lots or one.lot in seen:
            faults.append(Fault(f"{where}.lot", Text("lot inconnu ou donné deux fois", "unknown lot, or given twice")))
        seen.add(one.lot)
        for rank, tier in enumerate(one.tiers):
            if not tier.price.is_finite() or not 0 <= tier.price <= MOST_QUANTITY:
                faults.append(Fault(f"{where}.tiers[{rank}].price", Text("au moins 0 attendu", "expected 0 at least")))
        starts = [tier.since for tier in one.tiers]
        if starts != sorted(set(starts)):
            said = Text("les seuils doivent monter", "thresholds must rise")
            faults.append(Fault(f"{where}.tiers", said))
        if not one.fixed.is_finite() or one.fixed < 0:
            faults.append(Fault(f"{where}.fixed", Text("au moins 0 attendu", "expected 0 at least")))
        if one.most is not None and one.most < one.least:
            faults.append(Fault(f"{where}.most", Text("moins que le minimum", "less than the least")))
    if faults:
        raise Invalid.of(faults)


def _discount_faults(offer: SupplierOffer, terms: Terms) -> Iterator[Fault]:
    if offer.discounts and not terms.discounts_because:
        said = Text(
            "cet achat ne permet pas d'offres qui dépendent des lots obtenus (code de la commande publique, "
            "art. L. 2151-1)",
            "this purchase takes no offers that depend on the lots obtained (French public procurement code, "
            "art. L. 2151-1)",
        )
        yield Fault("discounts", said)
    for place, one in enumerate(offer.discounts):
        if not one.percent.is_finite() or not 0 < one.percent <= 100:
            yield Fault(f"discounts[{place}].percent", Text("de 0 à 100 attendu", "expected 0 to 100"))


def _discount(offer: SupplierOffer, lines: Sequence[AllottedLine]) -> AllottedDiscount | None:
    """The greatest that what is allotted reaches."""
    mine = [one for one in lines if one.supplier == offer.supplier]
    euros = sum((one.amount for one in mine), Decimal(0))
    units = sum(one.quantity for one in mine)
    got: dict[str, Decimal | int] = {"lots": len({one.lot for one in mine}), "units": units, "euros": euros}
    percent = max((one.percent for one in offer.discounts if got[one.of] >= one.since), default=None)
    return None if percent is None else AllottedDiscount(offer.supplier, percent, cents(euros * percent / 100))


_Row = tuple[dict[int, float], float, float]
"""Coefficients by column, and between what their sum lies."""


class _Level(msgspec.Struct, frozen=True):
    """An offer, without discount or with one of its own."""

    offer: int
    discount: Discount | None

    @property
    def part(self) -> Decimal:
        """Of the price, what is paid."""
        return Decimal(1) if self.discount is None else 1 - self.discount.percent / 100


class _Column(msgspec.Struct, frozen=True):
    """A tier of an offer's lot at a level: from how many units, to how many. `price` and `fixed`: before discounts."""

    offer: int
    level: int
    lot: str
    price: Decimal
    fixed: Decimal
    low: int
    high: int


def _levels(offers: Sequence[SupplierOffer]) -> list[_Level]:
    return [_Level(number, one) for number, offer in enumerate(offers) for one in (None, *offer.discounts)]


def _columns(
    wanted: dict[str, int], offers: Sequence[SupplierOffer], levels: list[_Level], without: frozenset[Limit]
) -> list[_Column]:
    found = []
    for rank, level in enumerate(levels):
        for one in offers[level.offer].lots:
            if one.lot not in wanted:
                continue
            least = 0 if "minimum" in without else one.least
            most = wanted[one.lot] if one.most is None or "capacity" in without else min(one.most, wanted[one.lot])
            ends = [tier.since - 1 for tier in one.tiers[1:]] + [MOST_QUANTITY]
            for tier, end in zip(one.tiers, ends, strict=True):
                low, high = max(tier.since, least, 1), min(end, most)
                if low <= high:
                    found.append(_Column(level.offer, rank, one.lot, tier.price, one.fixed, low, high))
    return found


def _least(
    wanted: dict[str, int], offers: Sequence[SupplierOffer], terms: Terms, without: frozenset[Limit]
) -> list[AllottedLine] | None:
    """The cheapest, or None when there is none. Columns: of each tier whether it is taken, then how many units; of each
    supplier whether it gets anything; of each level whether it is the supplier's."""
    levels = _levels(offers)
    columns = _columns(wanted, offers, levels, without)
    if {one.lot for one in columns} < wanted.keys():
        return None
    program = _program(columns, levels, wanted, len(offers), terms, without)
    found = minimum(program)
    if found is None:
        return None
    quantities = np.rint(found.point[len(columns) : 2 * len(columns)]).astype(int).tolist()
    return [
        AllottedLine(
            lot=one.lot,
            supplier=offers[one.offer].supplier,
            quantity=quantity,
            price=one.price,
            fixed=one.fixed,
            amount=cents(one.price * quantity + one.fixed),
        )
        for one, quantity in zip(columns, quantities, strict=True)
        if quantity
    ]


def _program(
    columns: list[_Column],
    levels: list[_Level],
    wanted: dict[str, int],
    suppliers: int,
    terms: Terms,
    without: frozenset[Limit],
) -> Program:
    count = len(columns)
    width = 2 * count + suppliers + len(levels)
    prices = {count + place: float(one.price * levels[one.level].part) for place, one in enumerate(columns)}
    prices |= {place: float(one.fixed * levels[one.level].part) for place, one in enumerate(columns)}
    rows = [
        *_reached(columns),
        *_lots(columns, wanted, split=terms.split or "one-supplier" in without),
        *_discounted(columns, levels, 2 * count + suppliers),
    ]
    if terms.suppliers is not None and "suppliers" not in without:
        rows.append(({2 * count + one: 1.0 for one in range(suppliers)}, -NO_LIMIT, float(terms.suppliers)))
    if terms.budget is not None and "budget" not in without:
        rows.append((prices, -NO_LIMIT, float(terms.budget) + CENTS))
    told = [(row, *entry) for row, (given, _, _) in enumerate(rows) for entry in sorted(given.items())]
    row, column, value = zip(*told, strict=True)
    matrix = Entries(np.array(row), np.array(column), np.array(value), (len(rows), width))
    return Program(
        objective=np.array([prices.get(column, 0.0) for column in range(width)]),
        matrix=matrix,
        lower=np.array([low for _, low, _ in rows]),
        upper=np.array([high for _, _, high in rows]),
        least=np.zeros(width),
        most=np.array([1.0] * count + [float(one.high) for one in columns] + [1.0] * (suppliers + len(levels))),
        whole=(True,) * width,
    )


def _reached(columns: list[_Column]) -> Iterator[_Row]:
    """Units only of what is taken, within its tier; a supplier is one if anything of its is taken."""
    count = len(columns)
    for place, one in enumerate(columns):
        yield {count + place: 1.0, place: -float(one.low)}, 0.0, NO_LIMIT
        yield {count + place: 1.0, place: -float(one.high)}, -NO_LIMIT, 0.0
        yield {2 * count + one.offer: 1.0, place: -1.0}, 0.0, NO_LIMIT


def _lots(columns: list[_Column], wanted: dict[str, int], *, split: bool) -> Iterator[_Row]:
    """As many as are needed; one tier of each offer, and one supplier unless lots are split."""
    count = len(columns)
    for lot, needed in wanted.items():
        of_lot = [place for place, one in enumerate(columns) if one.lot == lot]
        yield {count + place: 1.0 for place in of_lot}, float(needed), float(needed)
        if not split:
            yield dict.fromkeys(of_lot, 1.0), -NO_LIMIT, 1.0
        for offer in sorted({columns[place].offer for place in of_lot}):
            mine = [place for place in of_lot if columns[place].offer == offer]
            yield dict.fromkeys(mine, 1.0), -NO_LIMIT, 1.0


def _discounted(columns: list[_Column], levels: list[_Level], first: int) -> Iterator[_Row]:
    """One level of each supplier, of which alone it delivers, once it gets what the discount asks for."""
    count = len(columns)
    for offer in sorted({one.offer for one in levels}):
        yield {first + rank: 1.0 for rank, one in enumerate(levels) if one.offer == offer}, -NO_LIMIT, 1.0
    for place, column in enumerate(columns):
        yield {place: 1.0, first + column.level: -1.0}, -NO_LIMIT, 0.0
    for rank, level in enumerate(levels):
        if level.discount is None:
            continue
        row = {first + rank: -float(level.discount.since)}
        for place, column in enumerate(columns):
            if column.level != rank:
                continue
            match level.discount.of:
                case "lots":
                    row[place] = 1.0
                case "units":
                    row[count + place] = 1.0
                case "euros":
                    row |= {place: float(column.fixed), count + place: float(column.price)}
        yield row, 0.0, NO_LIMIT
