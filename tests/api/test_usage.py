"""Usage metered from the registry and the record: right to the row, who sees it, corrected in sight."""

import asyncio
import csv
import io
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from beffroi.api import metering as api_metering
from beffroi.pooling import metered, metering
from beffroi.pooling.tables import closed_month
from tests.api.test_pooling import ASKED, MODEL
from tests.conftest import OLONNE, ROCHE, Territory

LATER = datetime(2026, 11, 2, tzinfo=UTC)
OCTOBER: dict[str, Any] = {"owner": ROCHE, "service": "buildings", "month": "2026-10"}


def told(territory: Territory, series: int, *times: str, who: str = "roche") -> None:
    rows = [{"series": series, "time": time, "value": 1.5} for time in times]
    assert territory.as_(who).post("/observations", json=rows).is_success


def closed(territory: Territory, now: datetime = LATER) -> int:
    rooms = territory.instance.rooms
    return metered.turn(rooms.database, rooms.record, rooms.time_zone, now=now)


def october(territory: Territory, who: str = "syndicate", **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        territory.as_(who).get("/pooling/usage", params={"year": 2026, **more}).json()["items"]
    )
    return [one for one in found if one["month"] == "2026-10"]


def lines(territory: Territory, who: str = "syndicate", **more: Any) -> list[dict[str, str]]:
    answer = territory.as_(who).get("/pooling/usage/rows", params={**OCTOBER, **more})
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))


@pytest.mark.parametrize("together", [metering.TOGETHER, 1])
def test_a_month_is_counted_by_device_and_day_of_the_territory(
    territory: Territory, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metering, "TOGETHER", together)
    device = territory.a_device(name="Capteur du conseil", code="A1")
    first, second = (territory.a_series(device=device.id) for _ in range(2))
    told(territory, first.id, "2026-10-05T10:00:00Z", "2026-10-05T11:00:00Z", "2026-10-07T10:00:00Z")
    told(territory, second.id, "2026-10-05T10:00:00Z")
    told(territory, first.id, "2026-10-31T22:30:00Z", "2026-10-31T23:30:00Z")  # the second is in November in Paris
    assert closed(territory) == 1
    (month,) = october(territory)
    assert month["figures"] == {"devices": 1, "device_days": 3, "messages": 0, "observations": 5}
    found = lines(territory)
    assert [(one["day"], one["code"], one["observations"]) for one in found] == [
        ("2026-10-05", "A1", "3"),
        ("2026-10-07", "A1", "1"),
        ("2026-10-31", "A1", "1"),
    ]


def test_messages_are_counted_apart_and_series_without_device_count_no_device(territory: Territory) -> None:
    device = territory.a_device()
    message = territory.a_series(device=device.id, observed_property="radio-message")
    told_text = [{"series": message.id, "time": "2026-10-05T10:00:00Z", "text": "{}"}]
    assert territory.as_("roche").post("/observations", json=told_text).is_success
    told(territory, territory.a_series(name="Relevé").id, "2026-10-06T10:00:00Z")
    closed(territory)
    (month,) = october(territory)
    assert month["figures"] == {"devices": 1, "device_days": 1, "messages": 1, "observations": 1}
    assert [one["name"] for one in lines(territory) if not one["device"]] == ["Relevé"]


def test_what_was_handed_over_counts_for_who_had_it_then_and_never_twice(territory: Territory) -> None:
    device = territory.a_device()
    series = territory.a_series(device=device.id)
    told(territory, series.id, "2026-10-05T10:00:00Z")
    move = {"subject": "device", "id": device.id, "to": OLONNE, "at": "2026-10-10T00:00:00Z", "past": "both"}
    proposal = territory.as_("roche").post("/moves", json=move)
    assert proposal.status_code == 201, proposal.text
    accepted = territory.as_("olonne").post(f"/moves/{proposal.json()['proposal']['id']}/acceptance")
    assert accepted.is_success, accepted.text
    told(territory, series.id, "2026-10-20T10:00:00Z", "2026-10-21T10:00:00Z", who="olonne")
    closed(territory)
    counted = {one["owner"]: one["figures"]["observations"] for one in october(territory)}
    assert counted == {ROCHE: 1, OLONNE: 2}


def test_a_month_closes_once_and_a_killed_turn_goes_on(territory: Territory) -> None:
    told(territory, territory.a_series().id, "2026-10-05T10:00:00Z")
    assert closed(territory, datetime(2026, 10, 31, 23, tzinfo=UTC)) == 0, "networks deliver late"
    assert closed(territory) == 1
    assert closed(territory) == 0
    with territory.instance.rooms.database.write() as tx:  # as if killed before the last step
        tx.execute(delete(closed_month))
    assert closed(territory) == 1
    (month,) = october(territory)
    assert (month["revision"], month["counted"]["by"], month.get("before")) == (1, "system", None)


def test_a_correction_shows_what_it_replaces(territory: Territory) -> None:
    series = territory.a_series()
    told(territory, series.id, "2026-10-05T10:00:00Z")
    closed(territory)
    told(territory, series.id, "2026-10-06T10:00:00Z")
    asked = {"owner": ROCHE, "month": "2026-10"}
    for who, status in (("roche", 403), ("stranger", 401)):
        assert territory.as_(who).post("/pooling/usage/recounts", json=asked).status_code == status
    (month,) = territory.as_("syndicate").post("/pooling/usage/recounts", json=asked).json()["items"]
    assert (month["revision"], month["figures"]["observations"]) == (2, 2)
    assert [one["figures"]["observations"] for one in month["before"]] == [1]
    assert len(lines(territory, revision=1)) == 1
    (again,) = territory.as_("syndicate").post("/pooling/usage/recounts", json=asked).json()["items"]
    assert again["revision"] == 2, "the same count is no correction"
    later = {"owner": ROCHE, "month": "2026-12"}
    assert territory.as_("syndicate").post("/pooling/usage/recounts", json=later).status_code == 422


@pytest.mark.parametrize(("who", "seen"), [("roche reader", 1), ("olonne", 0), ("syndicate", 1)])
def test_usage_and_its_rows_are_read_by_its_owner_and_the_structure(territory: Territory, who: str, seen: int) -> None:
    told(territory, territory.a_series().id, "2026-10-05T10:00:00Z")
    closed(territory)
    assert len(october(territory, who)) == seen
    rows = territory.as_(who).get("/pooling/usage/rows", params=OCTOBER)
    assert rows.status_code == (200 if seen else 404)
    so_far = territory.as_(who).get("/pooling/usage/so-far", params={"owner": ROCHE})
    assert so_far.status_code == (200 if seen else 404)
    assert territory.as_("stranger").get("/pooling/usage", params={"year": 2026}).status_code == 401


def test_the_month_that_goes_on_is_counted_so_far(territory: Territory) -> None:
    told(territory, territory.a_series().id, datetime.now(UTC).isoformat())
    (one,) = territory.as_("roche").get("/pooling/usage/so-far", params={"owner": ROCHE}).json()["items"]
    assert (one["so_far"], one["figures"]["observations"]) == (True, 1)


def test_what_is_entered_by_hand_says_who_and_when_and_is_withdrawn_in_sight(territory: Territory) -> None:
    syndicate = territory.as_("syndicate")
    entry = {"member": ROCHE, "service": "buildings", "month": "2027-03", "unit": "interventions", "quantity": "2.5"}
    for who, status in (("roche", 403), ("stranger", 401)):
        assert territory.as_(who).post("/pooling/usage/entries", json=entry).status_code == status
    made = syndicate.post("/pooling/usage/entries", json=entry).json()
    assert made["entered"]["by_name"].endswith("administer")
    assert syndicate.post("/pooling/usage/entries", json={**entry, "unit": "messages"}).status_code == 422
    assert syndicate.post("/pooling/usage/entries", json={**entry, "quantity": "-1"}).status_code == 422
    for who, status in (("roche", 403), ("olonne", 404), ("stranger", 401)):
        assert territory.as_(who).delete(f"/pooling/usage/entries/{made['id']}").status_code == status
    assert syndicate.delete(f"/pooling/usage/entries/{made['id']}").json()["withdrawn"]["by_name"]
    assert syndicate.delete(f"/pooling/usage/entries/{made['id']}").status_code == 409
    seen = territory.as_("roche reader").get("/pooling/usage/entries", params={"year": 2027}).json()["items"]
    assert [one["quantity"] for one in seen] == ["2.5"]
    assert territory.as_("olonne").get("/pooling/usage/entries", params={"year": 2027}).json()["items"] == []


def test_an_actual_statement_is_drawn_up_from_what_was_metered_and_entered(territory: Territory) -> None:
    device = territory.a_device()
    series = territory.a_series(device=device.id)
    first = datetime(2026, 10, 1, 12, tzinfo=UTC)
    told(territory, series.id, *((first + timedelta(days=day)).isoformat() for day in range(31)))
    closed(territory)
    syndicate = territory.as_("syndicate")
    costs = [*MODEL["costs"], {"kind": "per-unit", "unit": "interventions", "price": 80}]
    members = [{"member": ROCHE, "quantities": {"devices": 100, "interventions": 1}}]
    model = {**MODEL, "costs": costs, "members": members}
    assert syndicate.put("/pooling/models/buildings/2026", json={"model": model, "after": 0}).is_success
    entry = {"member": ROCHE, "service": "buildings", "month": "2026-10", "unit": "interventions", "quantity": 4}
    assert syndicate.post("/pooling/usage/entries", json=entry).is_success
    asked = {**ASKED, "year": 2026, "basis": "actual"}
    page = syndicate.get("/pooling/statements", params=asked).json()
    (mine,) = page["items"]
    assert page["months"] == ["2026-10"]
    assert {
        one["unit"]: (float(one["quantity"]), one["source"]) for one in mine["used"] if one["unit"] != "population"
    } == {
        "devices": (1.0, "metered"),
        "device-days": (31.0, "metered"),
        "messages": (0.0, "metered"),
        "observations": (31.0, "metered"),
        "interventions": (4.0, "entered"),
    }
    assert float(mine["amount"]) == 9000 + 12 + 320
    assert float(page["forecast"][ROCHE]) == 9000 + 1200 + 80


def test_the_rows_of_many_devices_come_piece_by_piece(territory: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metering, "TOGETHER", 2)
    monkeypatch.setattr(metering, "ROWS_AT_ONCE", 2)
    codes = [territory.a_device(code=f"A{number}") for number in range(5)]
    for device in codes:
        told(territory, territory.a_series(device=device.id).id, "2026-10-05T10:00:00Z", "2026-10-06T10:00:00Z")
    closed(territory)
    found = lines(territory)
    assert sorted((one["code"], one["day"]) for one in found) == [
        (f"A{number}", f"2026-10-0{day}") for number in range(5) for day in (5, 6)
    ]
    (month,) = october(territory)
    assert month["figures"] == {"devices": 5, "device_days": 10, "messages": 0, "observations": 10}


def test_stopped_on_the_way_the_next_turn_counts_the_month(
    territory: Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metering, "TOGETHER", 1)
    for _ in range(3):
        told(territory, territory.a_series(device=territory.a_device().id).id, "2026-10-05T10:00:00Z")
    rooms, rests = territory.instance.rooms, iter([None])

    def rest(seconds: float) -> None:
        next(rests)

    with pytest.raises(StopIteration):
        metered.turn(rooms.database, rooms.record, rooms.time_zone, now=LATER, rest=rest)
    assert october(territory) == []
    assert closed(territory) == 1
    (month,) = october(territory)
    assert month["figures"]["devices"] == 3


def test_an_instance_that_stops_waits_for_no_count(territory: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless(*given: Any, rest: metering.Rest, **named: Any) -> None:
        begun.set()
        try:
            while True:
                rest(0.01)
        finally:
            ended.set()

    async def kept() -> None:
        keeping = asyncio.create_task(api_metering.keep(territory.instance.rooms))
        while not begun.is_set():
            await asyncio.sleep(0.001)
        keeping.cancel()

    monkeypatch.setattr(api_metering, "BEGINS", 0)
    monkeypatch.setattr(metered, "turn", endless)
    asyncio.run(kept())
    assert ended.is_set()


def test_a_revision_beyond_all_is_refused(territory: Territory) -> None:
    answer = territory.as_("syndicate").get("/pooling/usage/rows", params={**OCTOBER, "revision": 10**30})
    assert answer.status_code == 422
