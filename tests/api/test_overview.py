"""A collectivité's home page in one answer: as its owner, as another collectivité, as a stranger."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import OLONNE, ROCHE, Territory

NOW = datetime.now(UTC)


def observed(territory: Territory, series: int, *rows: tuple[timedelta, float]) -> None:
    body = [{"series": series, "time": (NOW - ago).isoformat(), "value": value} for ago, value in rows]
    answer = territory.as_("roche").post("/observations", json=body)
    assert answer.status_code == 200, answer.text


@pytest.fixture
def equipped(territory: Territory) -> Territory:
    """La Roche: two rooms that speak, one silent for two days, one never heard, one that says the impossible; a battery
    that runs out; a meter that grew by 24 kWh a day."""
    minute, day = timedelta(minutes=1), timedelta(days=1)
    told = {"Salle A": [(minute, 20.0)], "Salle B": [(minute, 22.0)], "Salle C": [(2 * day, 5.0)], "Salle D": []}
    for name, rows in {**told, "Salle E": [(minute, 900.0)]}.items():
        device = territory.a_device(name=name)
        observed(territory, territory.a_series(device=device.id).id, *rows) if rows else territory.a_series(
            device=device.id
        )
    battery = territory.a_series(name="Pile", observed_property="battery", service="water")
    observed(territory, battery.id, (minute, 7.0))
    meter = territory.a_series(observed_property="electrical-energy")
    observed(territory, meter.id, *((timedelta(hours=hour), 5000.0 - hour) for hour in range(24 * 10)))
    return territory


def overview(territory: Territory, who: str, owner: str = ROCHE) -> Any:
    answer = territory.as_(who).get(f"/collectivities/{owner}/overview")
    assert answer.status_code == 200, answer.text
    return answer.json()


def figures(told: Any) -> dict[str, Any]:
    return {figure["code"]: figure for service in told["services"] for figure in service["figures"]}


def test_what_needs_attention_is_named(equipped: Territory) -> None:
    concerns = {one["kind"]: one for one in overview(equipped, "roche")["concerns"]}
    assert {kind: one["count"] for kind, one in concerns.items()} == {
        "silent": 1,
        "never": 1,
        "doubtful": 1,
        "battery": 1,
    }
    assert concerns["silent"]["causes"][0]["name"] == "Salle C"
    assert concerns["never"]["causes"][0]["name"] == "Salle D"
    assert concerns["doubtful"]["causes"][0]["value"] == 900
    assert (concerns["battery"]["causes"][0]["name"], concerns["battery"]["causes"][0]["value"]) == ("Pile", 7)


def test_a_mean_now_leaves_out_what_is_silent_or_impossible(equipped: Territory) -> None:
    told = figures(overview(equipped, "roche"))["buildings-temperature"]
    assert (told["value"], told["span"], told["unit"], told["series"]) == (21, "now", "°C", 5)


def test_a_counter_is_told_by_what_it_gained_each_ended_day(equipped: Territory) -> None:
    told = figures(overview(equipped, "roche"))["buildings-energy"]
    assert told["span"] == "day"
    assert told["value"] == told["day_before_week"] == 24
    assert [one["value"] for one in told["days"][1:]] == [24] * (len(told["days"]) - 1)
    assert "day_before_year" not in told


def test_another_collectivity_sees_nothing_of_it(equipped: Territory) -> None:
    nothing = {"devices": 0, "series": 0, "concerns": [], "services": []}
    assert overview(equipped, "olonne") == nothing
    assert overview(equipped, "syndicate") == nothing
    assert overview(equipped, "roche", OLONNE) == nothing


def test_a_stranger_is_asked_to_sign_in(equipped: Territory) -> None:
    assert equipped.as_("stranger").get(f"/collectivities/{ROCHE}/overview").status_code == 401


def test_a_collectivity_that_is_not_here_is_not_found(territory: Territory) -> None:
    assert territory.as_("roche").get("/collectivities/commune-01001/overview").status_code == 404


def test_what_is_shared_alone_is_all_that_the_receiver_is_told(equipped: Territory) -> None:
    body = {"giver": ROCHE, "receiver": OLONNE, "right": "read", "purpose": "Comparer", "service": "water"}
    assert equipped.as_("roche").post("/agreements", json={**body, "past": True}).status_code == 201
    told = overview(equipped, "olonne")
    assert (told["series"], [one["kind"] for one in told["concerns"]]) == (1, ["battery"])
