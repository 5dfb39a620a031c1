"""What a map asks: places, silence, means; each as its owner, as another collectivité and as a stranger."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from beffroi.registry import positions
from tests.conftest import OLONNE, ROCHE, Territory

NOW = datetime.now(UTC)
PATHS = ("/map/assets", "/map/silent", "/map/measures?observed_property=temperature", "/map/background")


def said(ago: timedelta, value: float) -> dict[str, Any]:
    return {"time": (NOW - ago).isoformat(), "value": value}


@pytest.fixture
def mapped(territory: Territory) -> Iterator[Territory]:
    """La Roche has four rooms with a sensor each: one that speaks, one silent for days, one never heard, one that says
    the impossible; and a room without place. Les Sables-d'Olonne has one that speaks."""
    told = ((ROCHE, [said(timedelta(minutes=5), 20)]), (ROCHE, [said(timedelta(days=3), 10)]), (ROCHE, []),
            (ROCHE, [said(timedelta(minutes=5), 900)]), (OLONNE, [said(timedelta(minutes=1), 24)]))  # fmt: skip
    for number, (owner, rows) in enumerate(told):
        asset = territory.an_asset(owner=owner, kind="room", longitude=-1.43 - number / 100, latitude=46.67)
        device = territory.a_device(owner=owner, asset=asset.id)
        series = territory.a_series(owner=owner, device=device.id)
        who = "roche" if owner == ROCHE else "olonne"
        if rows:
            body = [{"series": series.id, **row} for row in rows]
            assert territory.as_(who).post("/observations", json=body).status_code == 200
    territory.an_asset(owner=ROCHE, kind="room")
    yield territory


def asked(territory: Territory, path: str, who: str = "roche") -> Any:
    answer = territory.as_(who).get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_places_come_by_columns_and_only_those_that_are_somewhere(mapped: Territory) -> None:
    told = asked(mapped, "/map/assets")
    assert told["total"] == 4
    assert [told["owners"][one] for one in told["owner"]] == [ROCHE] * 4
    assert told["kinds"] == ["room"]
    assert told["longitude"] == [-143000, -144000, -145000, -146000]
    assert told["latitude"] == [4667000] * 4


def test_another_collectivity_gets_its_own_alone(mapped: Territory) -> None:
    told = asked(mapped, "/map/assets", "olonne")
    assert (told["total"], told["owners"]) == (1, [OLONNE])
    assert [one["owner"] for one in asked(mapped, "/map/silent", "olonne")["owners"]] == [OLONNE]
    assert asked(mapped, PATHS[2], "olonne")["items"][0]["mean"] == 24


def test_the_structure_sees_nothing_of_its_members(mapped: Territory) -> None:
    assert asked(mapped, "/map/assets", "syndicate")["total"] == 0
    assert asked(mapped, "/map/silent", "syndicate") == {"owners": [], "assets": [], "never": []}
    assert asked(mapped, PATHS[2], "syndicate")["items"] == []


@pytest.mark.parametrize("path", [*PATHS, "/map/boundaries", "/map/addresses?q=mairie", "/map/background.pmtiles"])
def test_a_stranger_is_asked_to_sign_in(mapped: Territory, path: str) -> None:
    assert mapped.as_("stranger").get(path).status_code == 401


def test_the_same_answer_is_sent_once(mapped: Territory) -> None:
    first = mapped.as_("roche").get("/map/assets")
    again = mapped.as_("roche").get("/map/assets", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    mapped.an_asset(owner=ROCHE, longitude=-1.4, latitude=46.6)
    changed = mapped.as_("roche").get("/map/assets", headers={"If-None-Match": first.headers["etag"]})
    assert changed.json()["total"] == 5


def test_places_are_narrowed_by_service_kind_owner_and_area(mapped: Territory) -> None:
    mapped.an_asset(owner=ROCHE, kind="lamp", longitude=-1.2, latitude=46.5)
    assert asked(mapped, "/map/assets?service=lighting")["kinds"] == ["lamp"]
    assert asked(mapped, "/map/assets?kind=room")["total"] == 4
    assert asked(mapped, "/map/assets?bbox=-1.25,46.4,-1.1,46.6")["total"] == 1
    assert asked(mapped, f"/map/assets?owner={OLONNE}")["total"] == 0


def test_more_than_a_map_holds_is_counted_and_not_sent(mapped: Territory) -> None:
    with mapped.instance.rooms.database.read() as tx:
        told = positions.positions(mapped.system, tx, positions.PositionQuery(), most=3)
    assert (told.total, told.id) == (5, [])


def test_silence_is_told_by_asset_and_counted_by_collectivity(mapped: Territory) -> None:
    places, silence = asked(mapped, "/map/assets")["id"], asked(mapped, "/map/silent")
    assert (silence["assets"], silence["never"]) == ([places[1]], [places[2]])
    assert silence["owners"] == [{"owner": ROCHE, "devices": 4, "silent": 1, "never": 1}]


def test_a_mean_is_of_what_speaks_and_is_plausible(mapped: Territory) -> None:
    (told,) = asked(mapped, PATHS[2])["items"]
    assert (told["owner"], told["mean"], told["series"]) == (ROCHE, 20, 1)


@pytest.mark.parametrize("name", ["water-volume", "message", "lamp-state"])
def test_what_has_no_mean_is_refused(mapped: Territory, name: str) -> None:
    assert mapped.as_("roche").get(f"/map/measures?observed_property={name}").status_code == 422


def test_a_series_shared_alone_tells_neither_its_asset_nor_its_device(mapped: Territory) -> None:
    shared = next(one for one in asked(mapped, "/series")["items"])
    body = {"giver": ROCHE, "receiver": OLONNE, "right": "read", "purpose": "Comparer", "series": [shared["id"]]}
    assert mapped.as_("roche").post("/agreements", json=body).status_code == 201
    means = {one["owner"]: one["mean"] for one in asked(mapped, PATHS[2], "olonne")["items"]}
    assert means == {ROCHE: 20, OLONNE: 24}
    silence = asked(mapped, "/map/silent", "olonne")
    assert [one["owner"] for one in silence["owners"]] == [OLONNE]
    assert asked(mapped, "/map/assets", "olonne")["owners"] == [OLONNE]
