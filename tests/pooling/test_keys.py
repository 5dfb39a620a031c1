"""Keys, and shares that make the whole to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.errors import Invalid
from beffroi.pooling.amounts import in_cents, largest_remainder
from beffroi.pooling.keys import Key, Part, by, proportions, shares
from tests.pooling.builders import a_member

TOWNS = (
    a_member("Anse", population=6000, devices=10),
    a_member("Bron", population=3000, devices=30),
    a_member("Cret", population=1000, devices=60),
)
amounts = st.decimals(0, 1_000_000, places=2)


def of(*percents: str) -> list[Decimal]:
    return [Decimal(one) / 100 for one in percents]


def test_a_key_is_a_proportion_of_a_quantity() -> None:
    assert proportions(by("population"), TOWNS) == of("60", "30", "10")
    assert shares(by("devices"), TOWNS, Decimal("100.00"))["Cret"] == Decimal("60.00")


def test_equal_parts_make_the_whole_to_the_cent() -> None:
    assert list(shares(by("members"), TOWNS, Decimal("100.00")).values()) == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]


def test_a_mixed_key_weighs_its_parts() -> None:
    key = Key((Part("population", Decimal(3)), Part("devices", Decimal(1))))
    assert proportions(key, TOWNS) == of("47.5", "30", "22.5")


def test_what_is_over_the_cap_goes_to_the_others_in_proportion() -> None:
    assert proportions(Key((Part("population"),), cap=Decimal(50)), TOWNS) == of("50", "37.5", "12.5")


def test_a_cap_may_push_another_over_it() -> None:
    assert proportions(Key((Part("population"),), cap=Decimal(35)), TOWNS) == of("35", "35", "30")


def test_what_the_floor_needs_comes_from_the_others_in_proportion() -> None:
    assert proportions(Key((Part("population"),), floor=Decimal(19)), TOWNS) == of("54", "27", "19")


@pytest.mark.parametrize(("floor", "cap"), [(0, 30), (40, 100), (50, 40)])
def test_a_floor_or_cap_that_cannot_be_is_told(floor: int, cap: int) -> None:
    with pytest.raises(Invalid):
        proportions(Key((Part("population"),), floor=Decimal(floor), cap=Decimal(cap)), TOWNS)


@pytest.mark.parametrize("key", [by("drones"), Key(()), Key((Part("population", Decimal(-1)),))])
def test_a_key_of_nothing_is_told(key: Key) -> None:
    with pytest.raises(Invalid):
        proportions(key, TOWNS)


@given(
    populations=st.lists(st.integers(0, 10_000), min_size=2, max_size=12).filter(any),
    floor=st.integers(0, 8),
    cap=st.integers(50, 100),
)
def test_floor_and_cap_always_hold_and_the_whole_is_shared(populations: list[int], floor: int, cap: int) -> None:
    members = [a_member(str(number), population=count) for number, count in enumerate(populations)]
    found = proportions(Key((Part("population"),), floor=Decimal(floor), cap=Decimal(cap)), members)
    assert abs(sum(found) - 1) < Decimal("1e-20")
    assert all(Decimal(floor) / 100 <= one + Decimal("1e-20") for one in found)
    assert all(one <= Decimal(cap) / 100 + Decimal("1e-20") for one in found)


@given(amount=amounts, weights=st.lists(st.integers(0, 1000), min_size=1, max_size=30).filter(any))
def test_rounded_shares_make_the_amount_and_are_within_a_cent(amount: Decimal, weights: list[int]) -> None:
    found = largest_remainder(amount, [Decimal(one) for one in weights])
    assert sum(found) == amount
    exact = [amount * one / sum(weights) for one in weights]
    assert all(abs(one - other) < Decimal("0.01") for one, other in zip(found, exact, strict=True))


@given(floats=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_computed_shares_make_the_amount_in_cents(floats: list[float]) -> None:
    amount = Decimal(repr(sum(floats))).quantize(Decimal("0.01"))
    found = in_cents({str(number): one for number, one in enumerate(floats)}, amount)
    assert sum(found.values()) == amount
    assert all(abs(float(found[str(number)]) - one) < 0.011 for number, one in enumerate(floats))
