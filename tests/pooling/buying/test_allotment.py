"""The cheapest allotment: beside every one there is, tried by hand; and what stands in the way when there is none."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.errors import Invalid
from beffroi.pooling.buying.allotment import (
    Allotment,
    Discount,
    LotOffer,
    SupplierOffer,
    Terms,
    Tier,
    allotted,
    check,
)
from tests.trials import tried


def an_offer(supplier: str, lot: str = "CO2", *tiers: tuple[int, str], **given: Any) -> SupplierOffer:
    listed = [Tier(since, Decimal(price)) for since, price in tiers or ((1, "10"),)]
    return SupplierOffer(supplier=supplier, lots=[LotOffer(lot=lot, tiers=listed, **given)])


def of(found: Allotment) -> dict[tuple[str, str], int]:
    return {(one.lot, one.supplier): one.quantity for one in found.lines}


def test_a_tier_reached_holds_for_every_unit() -> None:
    found = allotted({"CO2": 60}, [an_offer("A", "CO2", (1, "10"), (50, "8"))], Terms())
    assert found.total == Decimal(480)
    assert found.lines[0].price == 8


def test_a_lot_is_split_only_where_it_may_be() -> None:
    offers = [an_offer("A", "CO2", (1, "5"), most=40), an_offer("B", "CO2", (1, "9"))]
    assert of(allotted({"CO2": 60}, offers, Terms())) == {("CO2", "B"): 60}
    assert of(allotted({"CO2": 60}, offers, Terms(split=True))) == {("CO2", "A"): 40, ("CO2", "B"): 20}


def test_what_is_fixed_may_make_one_supplier_cheaper_than_two() -> None:
    offers = [
        SupplierOffer(
            supplier="A",
            lots=[LotOffer(lot=lot, tiers=[Tier(1, Decimal(10))], fixed=Decimal(5)) for lot in ("CO2", "eau")],
        ),
        an_offer("B", "eau", (1, "9"), fixed=Decimal(100)),
    ]
    assert of(allotted({"CO2": 10, "eau": 10}, offers, Terms())) == {("CO2", "A"): 10, ("eau", "A"): 10}


BOTH = (("CO2", "10"), ("eau", "20"))


def a_bidder(supplier: str, lots: tuple[tuple[str, str], ...], *discounts: tuple[Any, int, str]) -> SupplierOffer:
    return SupplierOffer(
        supplier=supplier,
        lots=[LotOffer(lot=lot, tiers=[Tier(1, Decimal(price))]) for lot, price in lots],
        discounts=[Discount(of=of, since=since, percent=Decimal(percent)) for of, since, percent in discounts],
    )


def test_a_discount_for_two_lots_may_win_both_where_neither_is_won_alone() -> None:
    cheap = [a_bidder("B", (("CO2", "9.5"),)), a_bidder("C", (("eau", "19"),))]
    alone = allotted({"CO2": 10, "eau": 10}, [a_bidder("A", BOTH), *cheap], Terms())
    assert of(alone) == {("CO2", "B"): 10, ("eau", "C"): 10}
    found = allotted({"CO2": 10, "eau": 10}, [a_bidder("A", BOTH, ("lots", 2, "10")), *cheap], Terms())
    assert of(found) == {("CO2", "A"): 10, ("eau", "A"): 10}
    assert (found.total, found.discounts[0].amount) == (Decimal(270), Decimal(30))


def test_the_greatest_discount_reached_holds_by_lots_units_or_euros() -> None:
    offer = a_bidder("A", BOTH, ("lots", 3, "50"), ("units", 10, "2"), ("euros", 300, "7.5"))
    found = allotted({"CO2": 10, "eau": 10}, [offer], Terms())
    assert [(one.percent, one.amount) for one in found.discounts] == [(Decimal("7.5"), Decimal("22.50"))]
    under = allotted({"CO2": 9}, [offer], Terms())
    assert (under.discounts, under.total) == ([], Decimal(90))


@pytest.mark.parametrize(
    ("offers", "terms", "named"),
    [
        ([an_offer("A", most=10), an_offer("B", most=10)], Terms(split=True), ["what suppliers can deliver"]),
        ([an_offer("A", least=100)], Terms(), ["the suppliers' least quantities"]),
        ([an_offer("A")], Terms(budget=Decimal(100)), ["the budget"]),
        (
            [an_offer("A", most=30), an_offer("B", most=30)],
            Terms(),
            ["what suppliers can deliver", "one supplier a lot"],
        ),
        (
            [an_offer("A", most=30), an_offer("B", most=30)],
            Terms(split=True, suppliers=1),
            ["what suppliers can deliver", "the number of suppliers"],
        ),
    ],
)
def test_what_stands_in_the_way_is_named(offers: list[SupplierOffer], terms: Terms, named: list[str]) -> None:
    found = allotted({"CO2": 60}, offers, terms)
    assert (found.lines, [one.en for one in found.why]) == ([], named)


def test_a_lot_that_nobody_offers_is_named_and_one_that_nobody_needs_is_not_bought() -> None:
    assert allotted({"CO2": 1, "eau": 2}, [an_offer("A")], Terms()).why[0].en == "no offer for: eau"
    assert of(allotted({"CO2": 1, "eau": 0}, [an_offer("A")], Terms())) == {("CO2", "A"): 1}
    assert allotted({"CO2": 0}, [an_offer("A")], Terms()).why[0].en == "no need"


def by_hand(needs: dict[str, int], offers: list[SupplierOffer], terms: Terms) -> Decimal | None:
    """The least of all splits of the needs between the offers."""
    best: Decimal | None = None
    for quantities in splits(needs, offers):
        cost, used, got = Decimal(0), set[str](), dict[str, list[tuple[int, Decimal]]]()
        for (lot, place), quantity in quantities.items():
            offer = offers[place]
            asked = price(offer, lot, quantity)
            if asked is None:
                break
            cost += asked
            got.setdefault(offer.supplier, []).append((quantity, asked))
            used |= {offer.supplier} if quantity else set()
        else:
            cost -= sum((off(offer, got.get(offer.supplier, [])) for offer in offers), Decimal(0))
            lots = [lot for (lot, _), quantity in quantities.items() if quantity]
            alone = terms.split or len(lots) == len(set(lots))
            few = terms.suppliers is None or len(used) <= terms.suppliers
            cheap = terms.budget is None or cost <= terms.budget
            if alone and few and cheap and (best is None or cost < best):
                best = cost
    return best


def off(offer: SupplierOffer, got: list[tuple[int, Decimal]]) -> Decimal:
    told = [(quantity, asked) for quantity, asked in got if quantity]
    euros = sum((asked for _, asked in told), Decimal(0))
    reached = {"lots": len(told), "units": sum(quantity for quantity, _ in told), "euros": euros}
    percents = [one.percent for one in offer.discounts if reached[one.of] >= one.since]
    return euros * max(percents, default=Decimal(0)) / 100


def price(offer: SupplierOffer, lot: str, quantity: int) -> Decimal | None:
    mine = [one for one in offer.lots if one.lot == lot]
    if not quantity:
        return Decimal(0)
    if not mine or quantity < mine[0].least or (mine[0].most is not None and quantity > mine[0].most):
        return None
    reached = [tier for tier in mine[0].tiers if tier.since <= quantity]
    return reached[-1].price * quantity + mine[0].fixed if reached else None


def splits(needs: dict[str, int], offers: list[SupplierOffer]) -> Iterator[dict[tuple[str, int], int]]:
    each = [
        [split for split in product(range(count + 1), repeat=len(offers)) if sum(split) == count]
        for count in needs.values()
    ]
    for chosen in product(*each):
        yield {
            (lot, place): quantity
            for lot, split in zip(needs, chosen, strict=True)
            for place, quantity in enumerate(split)
        }


@st.composite
def lot_offers(draw: st.DrawFn, lot: str) -> LotOffer:
    starts = sorted(draw(st.sets(st.integers(1, 6), min_size=1, max_size=2)))
    prices = sorted((draw(st.integers(1, 12)) for _ in starts), reverse=True)
    return LotOffer(
        lot=lot,
        tiers=[Tier(start, Decimal(cost)) for start, cost in zip(starts, prices, strict=True)],
        fixed=Decimal(draw(st.integers(0, 15))),
        least=draw(st.integers(0, 3)),
        most=draw(st.none() | st.integers(3, 6)),
    )


discounts = st.builds(
    Discount,
    of=st.sampled_from(("lots", "units", "euros")),
    since=st.integers(1, 9) | st.sampled_from((30, 60)),
    percent=st.integers(1, 60).map(Decimal),
)


@tried(60)
@given(st.data())
def test_nothing_is_cheaper_than_what_is_found(data: st.DataObject) -> None:
    needs = {lot: data.draw(st.integers(1, 6)) for lot in ("CO2", "eau")}
    offers = [
        SupplierOffer(
            supplier=name,
            lots=[data.draw(lot_offers(lot)) for lot in data.draw(st.sampled_from(WHICH))],
            discounts=data.draw(st.lists(discounts, max_size=2)),
        )
        for name in ("A", "B", "C")
    ]
    terms = Terms(
        split=data.draw(st.booleans()),
        suppliers=data.draw(st.none() | st.integers(1, 2)),
        budget=data.draw(st.none() | st.integers(20, 120).map(Decimal)),
    )
    found, best = allotted(needs, offers, terms), by_hand(needs, offers, terms)
    if best is None:
        assert found.lines == []
        assert found.why
    else:
        assert found.total == best
        for lot, count in needs.items():
            assert sum(one.quantity for one in found.lines if one.lot == lot) == count


WHICH = (("CO2",), ("eau",), ("CO2", "eau"))


@pytest.mark.parametrize(
    ("offer", "field"),
    [
        (an_offer("A", "gaz"), "lots[0].lot"),
        (an_offer("A", "CO2", (5, "3"), (2, "2")), "lots[0].tiers"),
        (an_offer("A", "CO2", (1, "-1")), "lots[0].tiers[0].price"),
        (an_offer("A", least=5, most=3), "lots[0].most"),
        (a_bidder("A", BOTH, ("lots", 2, "101")), "discounts[0].percent"),
        (a_bidder("A", BOTH, ("lots", 2, "NaN")), "discounts[0].percent"),
    ],
)
def test_an_offer_that_cannot_be_is_refused_with_what_is_wrong(offer: SupplierOffer, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check(offer, ["CO2", "eau"], Terms(discounts_because="hors code"))
    assert refused.value.faults[0].field == field


def test_an_offer_that_depends_on_lots_is_refused_where_the_purchase_takes_none() -> None:
    with pytest.raises(Invalid, match=r"L\. 2151-1") as refused:
        check(a_bidder("A", BOTH, ("lots", 2, "5")), ["CO2", "eau"], Terms())
    assert refused.value.faults[0].field == "discounts"
