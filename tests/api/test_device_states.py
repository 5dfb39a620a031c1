"""Devices with how they fare: who sees which, and what is told of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from beffroi.registry.sheets import CSV, XLSX
from tests.conftest import OLONNE, ROCHE, Territory


def states(territory: Territory, who: str = "roche reader", **asked: Any) -> dict[str, str]:
    answer = territory.as_(who).get("/device-states", params=asked)
    assert answer.status_code == 200, answer.text
    return {one["device"]["name"]: one["state"] for one in answer.json()["items"]}


def measured(territory: Territory, name: str, age: timedelta | None, value: float = 20, **changes: Any) -> int:
    """A device whose newest measure is of that age; none without one."""
    device = territory.a_device(name=name, **changes)
    series = territory.a_series(device=device.id, owner=device.owner, observed_property="battery", service="buildings")
    if age is not None:
        row = {"series": series.id, "time": (datetime.now(UTC) - age).isoformat(), "value": value}
        assert (
            territory.as_("olonne" if device.owner == OLONNE else "roche").post("/observations", json=[row]).is_success
        )
    made: int = device.id
    return made


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_device_speaks_is_silent_or_was_never_heard(territory: Territory) -> None:
    measured(territory, "parle", HOUR)
    measured(territory, "se tait", 3 * DAY)
    measured(territory, "jamais", None)
    assert states(territory) == {"parle": "speaking", "se tait": "silent", "jamais": "never"}


@pytest.mark.parametrize(("asked", "found"), [("silent", {"se tait"}), ("never,silent", {"se tait", "jamais"})])
def test_a_list_is_narrowed_to_states(territory: Territory, asked: str, found: set[str]) -> None:
    measured(territory, "parle", HOUR)
    measured(territory, "se tait", 3 * DAY)
    measured(territory, "jamais", None)
    assert states(territory, state=asked).keys() == found


def test_a_low_battery_is_found_by_the_newest_measure(territory: Territory) -> None:
    measured(territory, "pleine", HOUR, value=90)
    device = measured(territory, "vide", 2 * HOUR, value=12)
    (one,) = territory.as_("roche").get("/device-states", params={"state": "low-battery"}).json()["items"]
    assert (one["device"]["id"], one["battery"], one["low_battery"]) == (device, 12, True)


def test_pages_follow_one_another_whatever_is_left_out(territory: Territory) -> None:
    for number in range(5):
        measured(territory, f"muet {number}", None)
        measured(territory, f"parle {number}", HOUR)
    found, after = [], None
    while True:
        asked = {"state": "never", "limit": 2, **({"after": after} if after else {})}
        page = territory.as_("roche").get("/device-states", params=asked).json()
        found += [one["device"]["name"] for one in page["items"]]
        after = page.get("next")
        if after is None:
            break
    assert found == [f"muet {number}" for number in range(5)]


def test_counts_are_those_of_the_list(territory: Territory) -> None:
    measured(territory, "parle", HOUR, value=5)
    measured(territory, "se tait", 3 * DAY)
    measured(territory, "jamais", None)
    counts = territory.as_("roche reader").get("/device-states/counts").json()
    assert counts == {"devices": 3, "speaking": 1, "silent": 1, "never": 1, "low_battery": 1}


ASKED = ("speaking", "silent", "never", "unwatched", "low-battery")


@pytest.mark.parametrize("again", [False, True], ids=["in memory", "read again"])
@pytest.mark.parametrize("who", ["roche", "olonne", "syndicate"])
def test_counts_by_columns_are_those_told_one_by_one(territory: Territory, who: str, again: bool) -> None:
    """Heard by measures, by networks, by both, by neither; with and without habits and batteries; some shared."""
    ward, now = territory.instance.rooms.ward, datetime.now(UTC)
    for rank in range(40):
        owner = OLONNE if rank % 4 == 0 else ROCHE
        age = None if rank % 3 == 0 else timedelta(hours=1 + 2 * rank)
        about = {"kind": "gateway" if rank % 5 == 0 else "sensor"} | ({"owner": owner} if owner == OLONNE else {})
        device = measured(territory, f"numéro {rank}", age, value=rank, **about)
        if rank % 2:
            with ward.changing:
                health = ward.of([device], now)[device]
                health.last_heard, health.frames = now - timedelta(hours=rank), 10
                health.intervals = [3600.0 * (1 + rank % 7)] * (rank % 6)
                health.battery = 15.0 if rank % 7 == 0 else None
    made = territory.as_("olonne").post(
        "/agreements",
        json={
            "giver": OLONNE,
            "receiver": ROCHE,
            "right": "read",
            "purpose": "Ensemble",
            "service": "buildings",
            "valid_from": (now - DAY).isoformat(),
        },
    )
    assert made.status_code == 201, made.text
    if again:
        ward.flush()
        ward._known.clear()  # as after a start
    caller = territory.as_(who)
    for asked in ({}, *({"state": one} for one in ASKED), {"kind": "gateway"}, {"owner": OLONNE, "state": "silent"}):
        if who == "syndicate" and "owner" in asked:
            continue
        listed = caller.get("/device-states", params={**asked, "limit": 1000}).json()["items"]
        words = [one["state"] for one in listed]
        told = {word: words.count(word) for word in ("speaking", "silent", "never")}
        low = sum(one.get("low_battery", False) for one in listed)
        counts = caller.get("/device-states/counts", params=asked).json()
        assert counts == {"devices": len(listed), **told, "low_battery": low}, asked


@pytest.mark.parametrize("media", [CSV, XLSX])
def test_the_list_is_given_as_a_file(territory: Territory, media: str) -> None:
    measured(territory, "=muet()", None)
    answer = territory.as_("roche").get("/device-states", headers={"Accept": media})
    assert answer.headers["content-type"].startswith(media)
    if media == CSV:
        header, line = answer.content.decode("utf-8-sig").splitlines()
        assert header.split(";")[:4] == ["owner", "kind", "code", "name"]
        assert "'=muet()" in line and ";never;" in line


@pytest.mark.parametrize("path", ["/device-states", "/device-states/counts"])
def test_another_collectivite_sees_nothing_and_a_stranger_is_refused(territory: Territory, path: str) -> None:
    measured(territory, "parle", HOUR, value=5)
    other = territory.as_("olonne").get(path).json()
    assert other in ({"items": []}, {"devices": 0, "speaking": 0, "silent": 0, "never": 0, "low_battery": 0})
    assert territory.as_("stranger").get(path).status_code == 401


def test_a_shared_series_alone_does_not_tell_of_the_device_of_another(territory: Territory) -> None:
    measured(territory, "d'Olonne", HOUR, owner=OLONNE)
    assert states(territory) == {}
    assert states(territory, "olonne") == {"d'Olonne": "speaking"}
