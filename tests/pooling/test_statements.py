"""Statements, their entries, and what arrivals and departures change."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from beffroi.pooling import entries, statements
from beffroi.pooling.changes import between, departure_by_key, departure_by_method
from beffroi.pooling.entries import Accounts
from beffroi.pooling.investments import Investment
from beffroi.pooling.keys import by
from beffroi.pooling.methods import METHODS
from beffroi.pooling.services import Service
from beffroi.pooling.tariffs import Fixed, PerUnit
from tests.pooling.builders import a_game, a_member, a_service

DEVICES = by("devices")


def a_pooled_service(**changes: object) -> Service:
    costs = (
        Fixed(name="plateforme", amount=Decimal(1000)),
        PerUnit(name="réseau", unit="devices", price=Decimal("1.01")),
    )
    return a_service(*costs, name="Réseau", **changes)


def test_statements_make_the_whole_of_each_cost() -> None:
    found = statements.drawn_up(a_pooled_service(devices=(1, 1, 1)), DEVICES, 2026, "forecast")
    assert [one.amount for one in found] == [Decimal("334.35"), Decimal("334.34"), Decimal("334.34")]
    assert sum(one.amount for one in found) == Decimal("1003.03")
    assert [line.cost for line in found[0].lines] == ["plateforme", "réseau"]


def test_the_closed_year_is_settled_against_its_forecast() -> None:
    forecast = statements.drawn_up(a_pooled_service(devices=(10, 30)), DEVICES, 2026, "forecast")
    actual = statements.drawn_up(a_pooled_service(devices=(20, 20, 10)), DEVICES, 2026, "actual")
    due = {one.member: one.due for one in statements.settled(forecast, actual)}
    assert due == {"A": Decimal("160.10"), "B": Decimal("-360.10"), "C": Decimal("210.10")}


def test_statements_are_written_a_row_a_line() -> None:
    found = statements.drawn_up(a_pooled_service(devices=(10, 30)), DEVICES, 2026, "actual")
    rows = list(csv.DictReader(io.StringIO(statements.as_csv(found))))
    assert tuple(rows[0]) == statements.COLUMNS
    assert rows[2] == {
        "service": "Réseau",
        "year": "2026",
        "basis": "actual",
        "member": "B",
        "cost": "plateforme",
        "total": "1000.00",
        "share": "0.750000000",
        "amount": "750.00",
    }
    assert sum(Decimal(row["amount"]) for row in rows) == Decimal("1040.40")


def test_a_name_is_never_a_formula_of_the_spreadsheet() -> None:
    service = a_pooled_service(members=[a_member("=1+1", devices=1)])
    assert "'=1+1" in statements.as_csv(statements.drawn_up(service, DEVICES, 2026, "actual"))


def test_a_contribution_is_received_and_paid_for_one_amount() -> None:
    found = statements.drawn_up(a_pooled_service(devices=(10, 30)), DEVICES, 2026, "actual")
    booked = entries.entries(found, "Syndicat", {"B": "group"})
    assert [(one.body, one.order, one.account, one.amount) for one in booked] == [
        ("Syndicat", "titre", "74748", Decimal("260.10")),
        ("A", "mandat", "65568", Decimal("260.10")),
        ("Syndicat", "titre", "74758", Decimal("780.30")),
        ("B", "mandat", "65568", Decimal("780.30")),
    ]


def test_what_is_given_back_is_booked_the_other_way_round() -> None:
    line = statements.Line("régularisation", Decimal(-5), Decimal(1), Decimal(-5))
    found = entries.entries([statements.Statement("Réseau", 2026, "actual", "A", (line,))], "Syndicat", {})
    assert [(one.body, one.order, one.account, one.amount) for one in found] == [
        ("Syndicat", "mandat", "673", 5),
        ("A", "titre", "773", 5),
    ]


def test_the_accountant_may_choose_other_accounts() -> None:
    found = statements.drawn_up(a_pooled_service(devices=(10,)), DEVICES, 2026, "actual")
    booked = entries.entries(found, "Syndicat", {}, Accounts(paid="6281", received={"commune": "70688"}))
    assert [one.account for one in booked] == ["70688", "6281"]
    assert entries.as_csv(booked).splitlines()[1] == "2026,Syndicat,titre,70688,Réseau 2026,A,1010.10"


def test_nothing_owed_is_nothing_booked() -> None:
    found = statements.drawn_up(a_pooled_service(devices=(10, 0)), DEVICES, 2026, "actual")
    assert {one.third_party for one in entries.entries(found, "Syndicat", {})} == {"A", "Syndicat"}


def test_a_departure_leaves_fixed_costs_to_those_who_stay() -> None:
    found = departure_by_key(a_pooled_service(devices=(10, 10, 20)), "C", DEVICES)
    assert [(one.member, one.before, one.after, one.difference) for one in found] == [
        ("A", Decimal("260.10"), Decimal("510.10"), 250),
        ("B", Decimal("260.10"), Decimal("510.10"), 250),
        ("C", Decimal("520.20"), None, Decimal("-520.20")),
    ]


def test_a_departure_by_a_method_shares_what_the_others_cost() -> None:
    game = a_game(lambda group: (0.0, 10, 14, 18)[len(group)], 3)
    found = departure_by_method(game, "B", METHODS["shapley"])
    assert [(one.member, one.before, one.after) for one in found] == [("A", 6, 7), ("B", 6, None), ("C", 6, 7)]


@pytest.mark.parametrize("name", ["A", "B", "C"])
def test_the_game_without_a_member_is_that_of_the_others(name: str) -> None:
    service = a_pooled_service(devices=(1, 2, 4))
    assert service.game().without(name).costs.tolist() == service.without(name).game().costs.tolist()


def test_who_arrives_has_no_before() -> None:
    (change,) = between({}, {"A": Decimal(3)})
    assert (change.before, change.difference) == (None, 3)


def test_an_investment_is_in_the_statements_of_the_years_of_its_use() -> None:
    bought = Investment(name="passerelles", amount=Decimal(3650), years=1, commissioned=date(2025, 7, 2))
    service = a_service(bought, devices=(1, 1))
    amounts = {
        year: [one.amount for one in statements.drawn_up(service, DEVICES, year, "actual")]
        for year in range(2024, 2028)
    }
    assert amounts[2024] == amounts[2027] == [0, 0]
    assert amounts[2025] == [915, 915]
    assert amounts[2026] == [910, 910]
