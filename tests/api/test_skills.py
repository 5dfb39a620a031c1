"""Shared skills, as the structure, the lender, the borrower, another member and a stranger."""

from decimal import Decimal
from typing import Any

import pytest

from tests.api.test_pooling import MODEL, PATH, elected, kept
from tests.conftest import CHALLANS, OLONNE, ROCHE, Caller, Territory

MONTH = "2027-03"
OFFER: dict[str, Any] = {
    "lender": ROCHE,
    "service": "buildings",
    "skill": "Assistance à projet",
    "first": "2027-01",
    "last": "2027-12",
    "hours": 20,
    "cost": "38.5",
}
ASKED = {"service": "buildings", "year": 2027}


@pytest.fixture
def lender(territory: Territory) -> Caller:
    territory.keys["challans"] = territory.key(CHALLANS, "administer")
    return territory.as_("roche")


def offered(territory: Territory, who: str = "roche", **changes: Any) -> Any:
    return territory.as_(who).post("/pooling/skills", json={**OFFER, **changes})


def booked(territory: Territory, offer: int, hours: Any = 12, who: str = "olonne", **changes: Any) -> Any:
    body = {"offer": offer, "borrower": OLONNE, "month": MONTH, "hours": hours, **changes}
    return territory.as_(who).post("/pooling/bookings", json=body)


def accepted(territory: Territory, hours: Any = 12) -> int:
    offer = offered(territory).json()["id"]
    id_ = int(booked(territory, offer, hours).json()["booking"]["id"])
    said = territory.as_("roche").post(f"/pooling/bookings/{id_}/answer", json={"state": "accepted"})
    assert said.json()["booking"]["state"] == "accepted", said.text
    return id_


def spent(territory: Territory, id_: int, hours: Any = 10, after: int = 0, who: str = "roche") -> Any:
    return territory.as_(who).post(f"/pooling/bookings/{id_}/time", json={"hours": hours, "after": after})


def confirmed(territory: Territory, id_: int, revision: int = 1, who: str = "olonne") -> Any:
    return territory.as_(who).post(f"/pooling/bookings/{id_}/time/{revision}/confirmation")


def statement(territory: Territory, who: str, basis: str = "actual") -> dict[str, Any]:
    page = territory.as_(who).get("/pooling/statements", params={**ASKED, "basis": basis}).json()
    return {one["member"]: one for one in page["items"]}


def test_hours_are_offered_by_the_lender_and_seen_by_every_member(territory: Territory, lender: Caller) -> None:
    made = offered(territory, "roche editor")
    assert made.status_code == 201, made.text
    for who in ("olonne reader", "challans", "syndicate"):
        (seen,) = territory.as_(who).get("/pooling/skills").json()["items"]
        assert (seen["skill"], seen["hours"], seen["cost"]) == ("Assistance à projet", "20", "38.5")
    for who, status in (("roche reader", 403), ("olonne", 404), ("stranger", 401)):
        assert offered(territory, who).status_code == status
        withdrawn = territory.as_(who).delete(f"/pooling/skills/{made.json()['id']}")
        assert withdrawn.status_code == status
    assert territory.as_("stranger").get("/pooling/skills").status_code == 401
    body = elected(territory).post("/pooling/skills", json=OFFER)
    assert body.status_code == 403
    assert lender.delete(f"/pooling/skills/{made.json()['id']}").json()["withdrawn"]
    assert lender.delete(f"/pooling/skills/{made.json()['id']}").status_code == 409
    assert booked(territory, made.json()["id"]).status_code == 409
    assert territory.as_("olonne").get("/pooling/skills").json()["items"] == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hours": 0}, "hours"),
        ({"cost": -1}, "cost"),
        ({"last": "2026-12"}, "last"),
        ({"first": "2027-13"}, "first"),
        ({"skill": ""}, "skill"),
    ],
)
def test_an_offer_that_cannot_be_is_refused(territory: Territory, changes: dict[str, Any], field: str) -> None:
    answer = offered(territory, **changes)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hours": 21}, "hours"),
        ({"hours": "NaN"}, "hours"),
        ({"month": "2028-01"}, "month"),
        ({"borrower": ROCHE}, "borrower"),
    ],
)
def test_a_booking_that_cannot_be_is_refused(territory: Territory, changes: dict[str, Any], field: str) -> None:
    answer = booked(territory, offered(territory).json()["id"], **{"who": "syndicate", **changes})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_a_month_is_never_overbooked(territory: Territory, lender: Caller) -> None:
    offer = offered(territory).json()["id"]
    first = booked(territory, offer, 12).json()["booking"]["id"]
    second = booked(territory, offer, 12, "challans", borrower=CHALLANS).json()["booking"]["id"]
    assert lender.post(f"/pooling/bookings/{first}/answer", json={"state": "accepted"}).status_code == 200
    over = lender.post(f"/pooling/bookings/{second}/answer", json={"state": "accepted"})
    assert over.status_code == 409
    assert "8" in over.json()["detail"]
    (seen,) = territory.as_("challans").get("/pooling/skills").json()["items"]
    assert seen["months"] == [{"month": MONTH, "accepted": "12", "left": "8"}]
    refused = booked(territory, offer, 9, "challans", borrower=CHALLANS)
    assert refused.status_code == 422
    assert booked(territory, offer, 20, month="2027-04").status_code == 201
    assert lender.post(f"/pooling/bookings/{second}/answer", json={"state": "refused"}).status_code == 200
    assert lender.post(f"/pooling/bookings/{second}/answer", json={"state": "accepted"}).status_code == 409


def test_only_the_lender_accepts_and_only_the_borrower_withdraws(territory: Territory, lender: Caller) -> None:
    offer = offered(territory).json()["id"]
    id_ = booked(territory, offer).json()["booking"]["id"]
    path = f"/pooling/bookings/{id_}/answer"
    assert territory.as_("olonne").post(path, json={"state": "accepted"}).status_code == 403
    assert lender.post(path, json={"state": "withdrawn"}).status_code == 403
    assert territory.as_("roche reader").post(path, json={"state": "accepted"}).status_code == 403
    assert territory.as_("challans").post(path, json={"state": "accepted"}).status_code == 404
    assert elected(territory).post(path, json={"state": "accepted"}).status_code == 403
    assert territory.as_("stranger").post(path, json={"state": "accepted"}).status_code == 401
    assert territory.as_("olonne").post(path, json={"state": "withdrawn"}).json()["booking"]["state"] == "withdrawn"


def test_bookings_are_read_by_the_two_and_the_structure(territory: Territory, lender: Caller) -> None:
    id_ = accepted(territory)
    for who in ("roche reader", "olonne reader", "syndicate"):
        assert [one["booking"]["id"] for one in territory.as_(who).get("/pooling/bookings").json()["items"]] == [id_]
    assert [one["booking"]["id"] for one in elected(territory).get("/pooling/bookings").json()["items"]] == [id_]
    assert territory.as_("challans").get("/pooling/bookings").json()["items"] == []
    assert territory.as_("stranger").get("/pooling/bookings").status_code == 401
    asked = {"params": {"year": 2027}}
    assert territory.as_("stranger").get("/pooling/skills/lent", **asked).status_code == 401
    assert territory.as_("challans").get("/pooling/skills/lent", **asked).json()["items"] == []


def test_time_is_told_by_the_lender_corrected_in_sight_and_confirmed_by_who_had_it(
    territory: Territory, lender: Caller
) -> None:
    id_ = accepted(territory)
    assert spent(territory, id_, who="olonne").status_code == 403
    assert spent(territory, id_, who="challans").status_code == 404
    assert spent(territory, id_, who="stranger").status_code == 401
    assert spent(territory, id_, 10).status_code == 200
    assert spent(territory, id_, 9).status_code == 409
    again = spent(territory, id_, "9.5", after=1).json()
    assert [(one["revision"], one["hours"]) for one in again["times"]] == [(2, "9.5"), (1, "10")]
    assert confirmed(territory, id_, 1).status_code == 409
    assert confirmed(territory, id_, 3).status_code == 404
    for who, status in (("roche", 403), ("olonne reader", 403), ("challans", 404), ("stranger", 401)):
        assert confirmed(territory, id_, 2, who).status_code == status, who
    done = confirmed(territory, id_, 2)
    assert done.json()["times"][0]["confirmed"]["by_name"]
    assert confirmed(territory, id_, 2).status_code == 409


def test_time_is_told_of_what_was_accepted_alone(territory: Territory) -> None:
    id_ = booked(territory, offered(territory).json()["id"]).json()["booking"]["id"]
    assert spent(territory, id_).status_code == 409
    assert spent(territory, id_, -1).status_code == 409


def test_what_is_confirmed_goes_from_one_statement_to_the_other(territory: Territory) -> None:
    kept(territory)
    before = {member: Decimal(one["amount"]) for member, one in statement(territory, "syndicate").items()}
    id_ = accepted(territory)
    spent(territory, id_, 10)
    assert {m: Decimal(one["amount"]) for m, one in statement(territory, "syndicate").items()} == before
    confirmed(territory, id_)
    after = statement(territory, "syndicate")
    moved = Decimal("385.00")
    assert Decimal(after[ROCHE]["amount"]) == before[ROCHE] - moved
    assert Decimal(after[OLONNE]["amount"]) == before[OLONNE] + moved
    assert Decimal(after[CHALLANS]["amount"]) == before[CHALLANS]
    assert sum(Decimal(one["amount"]) for one in after.values()) == sum(before.values())
    line = statement(territory, "olonne")[OLONNE]["lines"][-1]
    assert (line["cost"], Decimal(line["amount"])) == ("Assistance à projet, 2027-03 (10 h)", moved)
    hours = {one["unit"]: one for one in after[OLONNE]["used"]}["skill-hours"]
    assert (Decimal(hours["quantity"]), hours["source"]) == (Decimal(10), "entered")
    forecast = statement(territory, "syndicate", "forecast")
    assert Decimal(forecast[OLONNE]["amount"]) == before[OLONNE]
    (told,) = territory.as_("olonne").get("/pooling/skills/lent", params={"year": 2027}).json()["items"]
    assert (told["amount"], told["carried"]) == ("385.00", True)


def test_a_correction_counts_once_it_is_confirmed_and_the_hours_of_before_are_put_aside(territory: Territory) -> None:
    kept(territory)
    id_ = accepted(territory)
    spent(territory, id_, 10)
    confirmed(territory, id_, 1)
    spent(territory, id_, 4, after=1)
    assert Decimal(statement(territory, "olonne")[OLONNE]["lines"][-1]["amount"]) == Decimal(385)
    confirmed(territory, id_, 2)
    found = statement(territory, "olonne")[OLONNE]
    assert Decimal(found["lines"][-1]["amount"]) == Decimal(154)
    hours = {one["unit"]: one for one in found["used"]}["skill-hours"]
    assert Decimal(hours["quantity"]) == 4
    entries = territory.as_("olonne").get("/pooling/usage/entries", params={"year": 2027}).json()["items"]
    assert [(one["quantity"], one["withdrawn"] is None) for one in entries] == [("10", False), ("4", True)]


def test_what_no_model_of_both_carries_is_said(territory: Territory) -> None:
    kept(territory, members=MODEL["members"][1:])
    id_ = accepted(territory)
    spent(territory, id_)
    confirmed(territory, id_)
    (told,) = territory.as_("syndicate").get("/pooling/skills/lent", params={"year": 2027}).json()["items"]
    assert not told["carried"]
    assert all(
        line["cost"].startswith(("plateforme", "appareils")) for line in statement(territory, "olonne")[OLONNE]["lines"]
    )
    assert territory.as_("syndicate").get(PATH).status_code == 200


def test_a_key_narrowed_to_another_service_sees_no_skill_of_it(territory: Territory) -> None:
    id_ = accepted(territory)
    territory.keys["water"] = territory.key(ROCHE, "edit", services=["water"])
    water = territory.as_("water")
    assert water.get("/pooling/skills").json()["items"] == []
    assert water.get("/pooling/bookings").json()["items"] == []
    assert water.post(f"/pooling/bookings/{id_}/time", json={"hours": 1}).status_code == 404
