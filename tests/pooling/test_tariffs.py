"""What tariffs cost, at their thresholds above all."""

import json
from decimal import Decimal
from typing import Any

import pytest

from beffroi.errors import Invalid
from beffroi.pooling.services import Service, read
from beffroi.pooling.tariffs import AllUnits, Fixed, FlatStep, Packs, PerUnit, Slices, Stepped, Tariff, cost
from tests.pooling.builders import a_member, a_service, rates

STEPPED = Stepped(unit="devices", steps=[FlatStep(Decimal(50), Decimal(100)), FlatStep(Decimal(80))])
SLICES = Slices(unit="devices", rates=rates((0, "2"), (100, "1"), (200, "0.5")))
ALL_UNITS = AllUnits(unit="devices", rates=rates((0, "2"), (100, "1.5")))
PACKS = Packs(unit="devices", size=Decimal(100), price=Decimal(7))


@pytest.mark.parametrize(
    ("tariff", "quantity", "expected"),
    [
        (Fixed(amount=Decimal(9)), 1, 9),
        (Fixed(amount=Decimal(9)), 0, 0),
        (PerUnit(unit="devices", price=Decimal("0.1")), 3, "0.3"),
        (STEPPED, 0, 0),
        (STEPPED, 100, 50),
        (STEPPED, "100.5", 80),
        (STEPPED, 10_000, 80),
        (SLICES, 0, 0),
        (SLICES, 100, 200),
        (SLICES, 150, 250),
        (SLICES, 300, 350),
        (ALL_UNITS, 99, 198),
        (ALL_UNITS, 100, 150),
        (PACKS, 0, 0),
        (PACKS, 100, 7),
        (PACKS, 101, 14),
    ],
)
def test_a_tariff_costs(tariff: Tariff, quantity: Any, expected: Any) -> None:
    assert cost(tariff, Decimal(quantity)) == Decimal(expected)


def test_the_vat_that_is_borne_is_added() -> None:
    assert cost(PerUnit(unit="devices", price=Decimal(10), vat=Decimal("5.5")), Decimal(2)) == Decimal("21.1")
    assert cost(Packs(unit="devices", size=Decimal(1), price=Decimal(10), vat=Decimal(20)), Decimal(2)) == 24


def test_a_group_pays_for_what_its_members_have_together() -> None:
    service = a_service(Fixed(amount=Decimal(100)), SLICES, PerUnit(unit="members", price=Decimal(3)))
    assert service.cost() == 100 + 120 + 9
    assert service.cost(service.members[:1]) == 100 + 20 + 3
    assert service.game().costs.tolist() == [0, 123, 143, 166, 163, 186, 206, 229]
    assert sum(amount for _, amount in service.lines()) == service.cost()


def document(*costs: dict[str, Any], **changes: Any) -> bytes:
    members = [{"name": "Anse", "quantities": {"devices": 3}}, {"name": "Bron", "quantities": {"devices": 4}}]
    return json.dumps({"members": members, "costs": list(costs), **changes}).encode()


def test_a_model_is_read_with_amounts_as_they_are_written() -> None:
    service = read(document({"kind": "per-unit", "unit": "devices", "price": 0.1, "name": "réseau"}, note="kept out"))
    assert service.cost() == Decimal("0.7")
    assert isinstance(service, Service)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "fixed", "amount": -1}, "costs[0]"),
        ({"kind": "fixed", "amount": "NaN"}, "costs[0]"),
        ({"kind": "packs", "unit": "devices", "size": 0, "price": 1}, "costs[0]"),
        ({"kind": "stepped", "unit": "devices", "steps": [{"amount": 1, "up_to": 5}]}, "costs[0]"),
        ({"kind": "stepped", "unit": "devices", "steps": [{"amount": 2, "up_to": 5}, {"amount": 1}]}, "costs[0]"),
        ({"kind": "slices", "unit": "devices", "rates": [{"from": 5, "price": 1}]}, "costs[0]"),
        ({"kind": "slices", "unit": "devices", "rates": []}, "costs[0]"),
        ({"kind": "all-units", "unit": "devices", "rates": [{"price": 1}, {"from": 5, "price": 2}]}, "costs[0]"),
        ({"kind": "investment", "amount": 10, "years": 0}, "costs[0]"),
        ({"kind": "investment", "amount": 10, "years": 1, "subsidies": [{"source": "FEDER"}]}, "costs[0]"),
        ({"kind": "per-unit", "unit": "drones", "price": 1}, "drones"),
        ({"kind": "rent", "amount": 1}, "model"),
        ({"kind": "fixed", "amount": 1, "amuont": 1}, "model"),
    ],
)
def test_a_wrong_tariff_is_told(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(document(wrong))
    assert refused.value.faults[0].field == field


@pytest.mark.parametrize(
    "members",
    [[], [{"name": "A"}, {"name": "A"}], [{"name": " "}], [{"name": "A", "quantities": {"devices": -1}}]],
)
def test_wrong_members_are_told(members: Any) -> None:
    with pytest.raises(Invalid):
        read(document({"kind": "fixed", "amount": 1}, members=members))


def test_what_is_no_json_is_told() -> None:
    with pytest.raises(Invalid):
        read(b"{")


def test_a_member_without_the_quantity_uses_none() -> None:
    service = a_service(SLICES, members=[a_member("A"), a_member("B", devices=1)])
    assert service.cost(service.members[:1]) == 0
