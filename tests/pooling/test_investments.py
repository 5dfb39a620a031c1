"""Investments by year, with what others bring."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.pooling.investments import Grant, Investment, prorata


def an_investment(**changes: Any) -> Investment:
    return Investment(**{"amount": Decimal(100_000), "years": 10, "vat": Decimal(20), **changes})


def granted(*subsidies: Grant, **changes: Any) -> list[Decimal]:
    return [amount for _, amount in an_investment(subsidies=subsidies, **changes).granted]


def test_the_fund_returns_its_rate_of_the_expense_with_vat() -> None:
    assert (an_investment().spent, an_investment().returned) == (Decimal(120_000), Decimal("19684.80"))
    assert an_investment().borne == Decimal("100315.20")


@pytest.mark.parametrize("changes", [{"fctva": False}, {"vat": Decimal(0)}])
def test_the_fund_returns_nothing_where_no_vat_is_borne_or_the_expense_is_not_eligible(changes: dict[str, Any]) -> None:
    assert an_investment(**changes).returned == 0


def test_a_subsidy_is_an_amount_or_a_rate_of_what_is_eligible_under_its_ceiling() -> None:
    assert granted(Grant("FEDER", rate=Decimal(40))) == [40_000]
    assert granted(Grant("DETR", rate=Decimal(50), eligible=Decimal(30_000))) == [15_000]
    assert granted(Grant("DSIL", rate=Decimal(50), ceiling=Decimal(20_000))) == [20_000]
    assert granted(Grant("Banque des Territoires", amount=Decimal(5_000))) == [5_000]


def test_public_aid_stops_at_eighty_percent() -> None:
    assert granted(Grant("FEDER", rate=Decimal(60)), Grant("DETR", rate=Decimal(40))) == [60_000, 20_000]


def test_private_aid_is_not_held_by_the_ceiling_of_public_aid() -> None:
    private = Grant("mécénat", amount=Decimal(15_000), public=False)
    assert granted(Grant("FEDER", rate=Decimal(90)), private) == [80_000, 15_000]


def test_the_own_part_may_be_another_by_derogation() -> None:
    assert granted(Grant("FEDER", rate=Decimal(90)), own_part=Decimal(10)) == [90_000]


def test_a_year_bears_the_same_part_of_what_remains() -> None:
    assert an_investment().yearly().amount == Decimal("10031.52")


def test_the_first_and_last_years_bear_their_days() -> None:
    found = prorata(Decimal(3650), 2, date(2025, 7, 2))  # 183 days of 365 remain
    assert found == {2025: Decimal("915.00"), 2026: Decimal("1825.00"), 2027: Decimal("910.00")}


def test_from_new_year_there_are_as_many_years_as_said() -> None:
    assert prorata(Decimal(300), 3, date(2026, 1, 1)) == {2026: 100, 2027: 100, 2028: 100}


@given(cents=st.integers(0, 10**9), years=st.integers(1, 40), day=st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_the_years_make_the_whole(cents: int, years: int, day: date) -> None:
    found = prorata(Decimal(cents) / 100, years, day)
    assert sum(found.values()) == Decimal(cents) / 100
    assert len(found) in (years, years + 1)


def test_the_leap_day_is_a_day_of_commissioning_too() -> None:
    assert list(prorata(Decimal(100), 1, date(2024, 2, 29))) == [2024, 2025]
