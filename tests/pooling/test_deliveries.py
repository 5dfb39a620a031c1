"""Warranties by the calendar, and how a list may call a collectivité."""

from datetime import date

import pytest

from beffroi.pooling.deliveries import by_name, warranty
from beffroi.registry.folding import fold
from beffroi.registry.model import Collectivity


@pytest.mark.parametrize(
    ("delivered", "months", "last"),
    [
        (date(2026, 11, 27), 24, date(2028, 11, 26)),
        (date(2026, 3, 1), 12, date(2027, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 27)),
        (date(2026, 12, 15), 1, date(2027, 1, 14)),
        (date(2028, 2, 29), 12, date(2029, 2, 27)),
    ],
)
def test_a_warranty_ends_the_day_before_the_same_day_so_many_months_later(
    delivered: date, months: int, last: date
) -> None:
    assert warranty(delivered, months) == last


def test_no_months_are_no_warranty() -> None:
    assert warranty(date(2026, 11, 27), 0) is None


def test_a_name_that_two_bear_names_none() -> None:
    two = [Collectivity(f"commune-{code}", "commune", code, "Saint-Denis") for code in ("93066", "97411")]
    found = by_name([*two, Collectivity("commune-85191", "commune", "85191", "La Roche-sur-Yon")])
    assert fold("Saint-Denis") not in found
    assert found[fold("La Roche-sur-Yon")] == found["85191"] == "commune-85191"
    assert found["97411"] == "commune-97411"
