"""Failures recorded: by who operates, amended, withdrawn; silences to be looked at; rates of models."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from beffroi.network.health import MISSED, device_health
from beffroi.registry import devices
from tests.api.test_experiments import lent
from tests.api.test_purchases import MODELS, eui, market
from tests.conftest import OLONNE, ROCHE, Caller, Territory

__all__ = ["market"]
PATH = "/pooling/failures"
NOW = datetime.now(UTC)
TODAY = NOW.date()
HOUR = 3600.0


def heard(market: Territory, number: int, first: int, last: int = 0, owner: str = ROCHE, model: str = "am1") -> int:
    """A device that spoke each hour, from `first` days ago until `last` days ago."""
    device = market.a_device(owner=owner, code=eui(number).upper(), model=model, name=f"Capteur {number}")
    row: dict[str, Any] = {
        "device": device.id,
        "first_heard": NOW - timedelta(days=first),
        "last_heard": NOW - timedelta(days=last),
        "due": (NOW - timedelta(days=last)).timestamp() + MISSED * HOUR,
        **dict.fromkeys(("lost", "again", "restarts"), 0),
        "frames": 100,
        "flags": {},
        "intervals": [HOUR] * 5,
    }
    with market.instance.rooms.database.write() as tx:
        tx.execute(insert(device_health).values(row))
    return int(device.id)


def failed(device: int, ago: int = 3, **told: Any) -> dict[str, Any]:
    return {"device": device, "failed_on": (TODAY - timedelta(days=ago)).isoformat(), "cause": "electronics", **told}


def recorded(caller: Caller, new: dict[str, Any]) -> int:
    answer = caller.post(PATH, json=new)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_a_silence_is_looked_at_then_explained_and_ended(market: Territory) -> None:
    mute, roche = heard(market, 1, 400, last=10), market.as_("roche")
    heard(market, 2, 400, last=1)
    silences = roche.get(PATH).json()
    assert ([one["device"] for one in silences["silences"]], silences["silent"]) == ([mute], 1)
    key = recorded(roche, failed(mute, ago=10))
    found = roche.get(PATH, params={"device": mute}).json()
    assert (found["silences"], found["failures"][0]["cause"], found["failures"][0]["ended_on"]) == (
        [],
        "electronics",
        None,
    )
    over = failed(mute, ago=10, ended_on=TODAY.isoformat(), outcome="repaired", part="carte radio")
    assert roche.put(f"{PATH}/{key}", json=over).status_code == 204
    (one,) = roche.get(PATH).json()["failures"]
    assert (one["outcome"], one["part"], one["recorded"]["by"] != "") == ("repaired", "carte radio", True)
    trail = roche.get("/audit", params={"action": "failure.amend"}).json()["items"]
    assert trail[0]["detail"]["part"] == "carte radio"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"failed_on": (TODAY + timedelta(days=5)).isoformat()}, "failed_on"),
        ({"outcome": "repaired"}, "ended_on"),
        ({"ended_on": TODAY.isoformat()}, "outcome"),
        ({"ended_on": "2020-01-01", "outcome": "repaired"}, "ended_on"),
    ],
)
def test_what_cannot_be_is_refused(market: Territory, told: dict[str, str], field: str) -> None:
    device = heard(market, 1, 30)
    refused = market.as_("roche").post(PATH, json=failed(device) | told)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)


def test_failures_are_of_who_owns_or_operates(market: Territory) -> None:
    device = heard(market, 1, 30)
    key = recorded(market.as_("roche"), failed(device, note="capot fendu"))
    for who, status in (("roche reader", 403), ("olonne", 404), ("syndicate", 404), ("stranger", 401)):
        caller = market.as_(who)
        assert caller.put(f"{PATH}/{key}", json=failed(device)).status_code == status, who
        assert caller.post(f"{PATH}/{key}/withdrawal").status_code == status, who
        assert caller.post(PATH, json=failed(device)).status_code == status, who
    assert len(market.as_("roche reader").get(PATH).json()["failures"]) == 1
    market.keys["water"] = market.key(ROCHE, "read", services=["water"])
    for who in ("olonne", "syndicate", "water"):
        assert market.as_(who).get(PATH).json() == {"failures": [], "silences": [], "silent": 0}
    assert market.as_("stranger").get(PATH).status_code == 401
    other = heard(market, 2, 30, owner=OLONNE)
    recorded(market.as_("olonne"), failed(other))
    lent(market, OLONNE, "read")
    lent(market, ROCHE, "operate")
    assert len(market.as_("syndicate").get(PATH).json()["failures"]) == 1
    assert market.as_("syndicate").post(f"{PATH}/{key}/withdrawal").status_code == 204
    assert market.as_("roche").put(f"{PATH}/{key}", json=failed(device)).status_code == 409


def test_models_are_compared_by_failures_of_their_own_doing_a_device_year(market: Territory) -> None:
    numbers: list[int] = [heard(market, number, 365, owner=OLONNE) for number in range(1, 5)]
    mute = heard(market, 5, 365, last=35)
    heard(market, 6, 365, model="em300")
    for number in range(7, 12):
        heard(market, number, 3, model="ws101")
    recorded(market.as_("olonne"), failed(numbers[0]))
    recorded(market.as_("olonne"), failed(numbers[1], cause="vandalism"))
    wrong = recorded(market.as_("olonne"), failed(numbers[2]))
    assert market.as_("olonne").post(f"{PATH}/{wrong}/withdrawal").status_code == 204

    def seen() -> dict[str, Any]:
        lines = market.as_("roche reader").get(MODELS).json()["items"]
        return {one["model"]["code"]: one["seen"].get("failures") for one in lines}

    rate = seen()["am1"]
    years = (4 * 365 + 330) / 365.2425
    assert (rate["failures"], rate["presumed"]) == (1, 1)
    assert rate["device_years"] == pytest.approx(years, rel=1e-3)
    assert rate["per_hundred"] == pytest.approx(100 / years, rel=1e-3)
    assert rate["low"] < rate["per_hundred"] < rate["high"]
    assert (seen()["em300"], seen()["ws101"]) == (None, None), "too few, or for too short a time"
    recorded(market.as_("roche"), failed(mute, ago=35, cause="water"))
    assert (seen()["am1"]["failures"], seen()["am1"]["presumed"]) == (2, 0)


def test_the_years_of_a_device_that_is_gone_still_count(market: Territory) -> None:
    ids = [heard(market, number, 365) for number in range(1, 7)]
    recorded(market.as_("roche"), failed(ids[0], ago=65, ended_on=TODAY.isoformat(), outcome="replaced"))
    with market.instance.rooms.database.write() as tx:
        devices.remove(market.system, tx, ids[0], now=NOW)
    lines = market.as_("roche reader").get(MODELS).json()["items"]
    (rate,) = [one["seen"]["failures"] for one in lines if one["model"]["code"] == "am1"]
    assert (rate["failures"], rate["device_years"]) == (1, pytest.approx((5 * 365 + 300) / 365.2425, abs=0.01))
    (kept,) = market.as_("roche").get(PATH).json()["failures"]
    assert (kept["name"], kept["outcome"]) == ("Capteur 1", "replaced")
