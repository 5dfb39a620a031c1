"""Offers judged by criteria: the price in proportion, ranks, equals, and who would be first at other weights."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.pooling.buying.allotment import LotOffer, SupplierOffer, Tier
from beffroi.pooling.buying.judging import AwardCriterion, Mark, Marks, faults, judged, mark_faults

CRITERIA = [
    AwardCriterion(name="Prix", aspect="price", weight=Decimal(50)),
    AwardCriterion(name="Technique", aspect="technical", weight=Decimal(30)),
    AwardCriterion(name="Environnement", aspect="environment", weight=Decimal(20)),
]


def an_offer(supplier: str, price: str, most: int | None = None, fixed: str = "0") -> SupplierOffer:
    lot = LotOffer(lot="CO2", tiers=[Tier(1, Decimal(price))], fixed=Decimal(fixed), most=most)
    return SupplierOffer(supplier=supplier, lots=[lot])


def marks(**given: tuple[str, str]) -> Marks:
    return {
        ("CO2", supplier, name): Mark(criterion=name, mark=Decimal(told), because="vu sur pièces")
        for supplier, both in given.items()
        for name, told in zip(("Technique", "Environnement"), both, strict=True)
    }


def test_the_lowest_price_has_the_best_mark_and_others_in_proportion() -> None:
    found = judged("CO2", 10, [an_offer("A", "80"), an_offer("B", "70", fixed="300")], CRITERIA, marks(A=("6", "5")))
    first, other = found.offers
    assert (first.supplier, first.amount, first.marks[0].mark, first.points) == ("A", 800, 10, Decimal("78.00"))
    assert (other.amount, other.marks[0].mark, other.marks[0].points) == (1000, Decimal("8.00"), Decimal("40.00"))
    assert (other.points, other.rank, found.first) == (None, None, [])


def test_quality_may_outweigh_the_price_until_the_price_weighs_enough() -> None:
    offers = [an_offer("A", "80"), an_offer("B", "100")]
    found = judged("CO2", 10, offers, CRITERIA, marks(A=("5", "5"), B=("9", "9")))
    assert [(one.supplier, one.rank, one.points) for one in found.offers] == [
        ("B", 1, Decimal("85.00")),
        ("A", 2, Decimal("75.00")),
    ]
    assert found.ahead == Decimal("10.00")
    assert [(one.suppliers, one.low, one.high) for one in found.first] == [
        (["B"], Decimal("0.00"), Decimal("66.67")),
        (["A"], Decimal("66.67"), Decimal("100.00")),
    ]


def test_equals_have_the_same_rank_and_are_told() -> None:
    offers = [an_offer("A", "80"), an_offer("B", "80"), an_offer("C", "160")]
    found = judged("CO2", 1, offers, CRITERIA, marks(A=("7", "6"), B=("7", "6"), C=("7", "6")))
    assert [one.rank for one in found.offers] == [1, 1, 3]
    assert (found.tied, found.ahead) == (["A", "B"], None)
    assert [one.suppliers for one in found.first] == [["A", "B"]]


def test_an_offer_that_cannot_deliver_the_lot_has_no_rank_and_sets_no_price() -> None:
    found = judged("CO2", 10, [an_offer("A", "80"), an_offer("B", "1", most=9)], CRITERIA, marks(A=("5", "5")))
    assert [(one.supplier, one.rank, one.amount) for one in found.offers] == [("A", 1, 800), ("B", None, None)]
    assert found.offers[0].marks[0].mark == 10
    assert [one.suppliers for one in found.first] == [["A"]]


prices = st.integers(1, 200).map(str)
tenths = st.integers(0, 100).map(lambda told: str(Decimal(told) / 10))


@given(st.lists(st.tuples(prices, tenths, tenths), min_size=1, max_size=4), st.integers(0, 100))
def test_who_is_told_first_is_first_when_all_is_counted_anew(told: list[tuple[str, str, str]], weight: int) -> None:
    names = "ABCD"[: len(told)]
    offers = [an_offer(name, price) for name, (price, _, _) in zip(names, told, strict=True)]
    given = marks(**{name: both for name, (_, *both) in zip(names, told, strict=True)})
    found = judged("CO2", 3, offers, CRITERIA, given)
    lowest = min(Fraction(price) for price, _, _ in told)
    totals = {
        name: weight * lowest / Fraction(price) + (100 - weight) * (3 * Fraction(one) + 2 * Fraction(other)) / 50
        for name, (price, one, other) in zip(names, told, strict=True)
    }
    best = max(totals.values())
    (said, *_) = [one for one in found.first if one.low <= weight <= one.high]
    slack = Fraction(2, 100)
    assert all(totals[name] >= best - slack for name in said.suppliers)
    assert (found.first[0].low, found.first[-1].high) == (0, 100)
    assert [one.rank for one in found.offers] == sorted(one.rank or 0 for one in found.offers)


@pytest.mark.parametrize(
    ("criteria", "said"),
    [
        (CRITERIA[1:], "one criterion of price"),
        ([AwardCriterion(name="Prix", aspect="price", weight=Decimal(100))], "other than the price"),
        ([CRITERIA[0], CRITERIA[1]], "must make 100"),
        ([CRITERIA[0], CRITERIA[0]], "already given"),
        ([AwardCriterion(name="Prix", aspect="price", weight=Decimal("NaN"))], "0 to 100"),
    ],
)
def test_criteria_that_cannot_be_are_refused(criteria: list[AwardCriterion], said: str) -> None:
    assert any(said in one.text.en for one in faults(criteria))
    assert faults(CRITERIA) == faults([]) == []


def test_a_mark_out_of_scale_or_of_no_such_criterion_is_refused() -> None:
    wrong = [
        Mark(criterion="Prix", mark=Decimal(5), because="x"),
        Mark(criterion="Technique", mark=Decimal("10.1"), because="x"),
    ]
    assert [one.field for one in mark_faults(CRITERIA, wrong)] == ["marks[0].criterion", "marks[1].mark"]
