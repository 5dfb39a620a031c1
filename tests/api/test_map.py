"""What a map asks: places, silence, means; each as its owner, as another collectivité and as a stranger."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from beffroi.registry import positions, structures
from tests.conftest import OLONNE, ROCHE, Territory, a_territory

NOW = datetime.now(UTC)
PATHS = ("/map/assets", "/map/overview", "/map/measures?observed_property=temperature", "/map/background")


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


def places(territory: Territory, who: str = "roche", query: str = "") -> list[dict[str, Any]]:
    return list(asked(territory, f"/map/assets{query}", who)["features"])


def test_places_are_light_geojson_of_what_is_somewhere(mapped: Territory) -> None:
    told = places(mapped)
    assert told[0]["geometry"] == {"type": "Point", "coordinates": [-1.43, 46.67]}
    assert told[0]["properties"] == {"kind": "room", "service": "buildings", "owner": ROCHE, "state": "heard"}
    assert [one["properties"]["state"] for one in told] == ["heard", "silent", "never", "heard"]


def test_an_asset_that_no_series_tells_of_has_no_state(territory: Territory) -> None:
    territory.an_asset(longitude=-1.4, latitude=46.6)
    (told,) = places(territory)
    assert "state" not in told["properties"]


def test_another_collectivity_gets_its_own_alone(mapped: Territory) -> None:
    assert [one["properties"]["owner"] for one in places(mapped, "olonne")] == [OLONNE]
    assert [one["owner"] for one in asked(mapped, "/map/overview", "olonne")["owners"]] == [OLONNE]
    assert asked(mapped, PATHS[2], "olonne")["items"][0]["mean"] == 24


def test_the_structure_sees_nothing_of_its_members(mapped: Territory) -> None:
    assert places(mapped, "syndicate") == []
    nothing = {"owners": [], "services": [], "observed": [], "most": positions.MOST}
    assert asked(mapped, "/map/overview", "syndicate") == nothing
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
    assert len(changed.json()["features"]) == 5


def test_places_are_narrowed_by_service_kind_owner_and_area(mapped: Territory) -> None:
    mapped.an_asset(owner=ROCHE, kind="lamp", longitude=-1.2, latitude=46.5)
    assert [one["properties"]["kind"] for one in places(mapped, query="?service=lighting")] == ["lamp"]
    assert len(places(mapped, query="?kind=room")) == 4
    assert len(places(mapped, query="?bbox=-1.25,46.4,-1.1,46.6")) == 1
    assert places(mapped, query=f"?owner={OLONNE}") == []


def test_more_than_a_map_holds_is_not_sent(mapped: Territory) -> None:
    with mapped.instance.rooms.database.read() as tx:
        assert positions.positions(mapped.system, tx, positions.PositionQuery(), most=4) == []


def test_silence_is_counted_by_collectivity_and_places_by_service(mapped: Territory) -> None:
    told = asked(mapped, "/map/overview")
    assert told["owners"] == [{"owner": ROCHE, "devices": 4, "silent": 1, "never": 1}]
    assert told["services"] == [{"service": "buildings", "assets": 4}]
    assert told["observed"] == ["temperature"]


def test_a_mean_is_of_what_speaks_and_is_plausible(mapped: Territory) -> None:
    (told,) = asked(mapped, PATHS[2])["items"]
    assert (told["owner"], told["mean"], told["series"]) == (ROCHE, 20, 1)


@pytest.mark.parametrize("name", ["water-volume", "message", "lamp-state"])
def test_what_has_no_mean_is_refused(mapped: Territory, name: str) -> None:
    assert mapped.as_("roche").get(f"/map/measures?observed_property={name}").status_code == 422


def test_a_series_shared_alone_tells_neither_its_asset_nor_its_device(mapped: Territory) -> None:
    shared = next(one for one in asked(mapped, "/series")["items"])
    body = {"giver": ROCHE, "receiver": OLONNE, "right": "read", "purpose": "Comparer", "past": True}
    answer = mapped.as_("roche").post("/agreements", json={**body, "series": [shared["id"]]})
    assert answer.status_code == 201
    means = {one["owner"]: one["mean"] for one in asked(mapped, PATHS[2], "olonne")["items"]}
    assert means == {ROCHE: 20, OLONNE: 24}
    assert [one["owner"] for one in asked(mapped, "/map/overview", "olonne")["owners"]] == [OLONNE]
    assert [one["properties"]["owner"] for one in places(mapped, "olonne")] == [OLONNE]


def test_communes_are_drawn_as_cells_when_nobody_may_be_asked(territory: Territory) -> None:
    from_centres = {ROCHE: (-1.43, 46.67), OLONNE: (-1.78, 46.5)}
    with territory.instance.rooms.database.write() as tx:
        structures.locate(territory.system, tx, from_centres, now=NOW)
    told = asked(territory, "/map/boundaries")
    assert told["state"] == "offline"
    assert {one["properties"]["key"]: one["properties"]["schematic"] for one in told["features"]} == {
        ROCHE: True,
        OLONNE: True,
    }


def test_a_background_file_is_given_by_parts(territory: Territory, tmp_path: Path) -> None:
    assert territory.as_("roche").get("/map/background.pmtiles").status_code == 404
    with a_territory(tmp_path / "with", map_file=_tiles(tmp_path)) as made:
        assert asked(made, "/map/background")["tiles"] == "/api/v1/map/background.pmtiles"
        part = made.as_("roche").get("/map/background.pmtiles", headers={"Range": "bytes=0-6"})
        assert (part.status_code, part.content) == (206, b"PMTiles")


def _tiles(folder: Path) -> Path:
    file = folder / "background.pmtiles"
    file.write_bytes(b"PMTiles and what follows")
    return file


def test_pages_may_fetch_the_background_from_its_one_origin_and_from_nowhere_when_offline(tmp_path: Path) -> None:
    style = "https://maps.example/styles/grey.json"
    for offline, beyond in ((False, " https://maps.example"), (True, "")):
        with a_territory(tmp_path / str(offline), map_style_url=style, offline=offline) as made:
            policy = made.client.get("/health").headers["content-security-policy"]
            assert f"connect-src 'self'{beyond};" in policy
            assert f"img-src 'self' data:{beyond};" in policy
            assert asked(made, "/map/background").get("style") == (None if offline else style)


@pytest.mark.parametrize("who", ["roche", "olonne", "syndicate"])
def test_columns_say_what_geojson_says(territory: Territory, who: str) -> None:
    for service in ("lighting", "water"):
        for owner in (ROCHE, OLONNE):
            asset = territory.an_asset(owner=owner, service=service, longitude=-1.4321987, latitude=46.67)
            territory.a_series(owner=owner, asset=asset.id, service=service)
    territory.an_asset(owner=ROCHE, service="lighting", longitude=-1.5, latitude=46.7)
    caller = territory.as_(who)
    told = caller.get("/map/assets/columns", params={"service": "lighting"}).json()
    places = caller.get("/map/assets", params={"service": "lighting"}).json()["features"]
    states = [*told["states"], None]
    assert len(places) == {"roche": 2, "olonne": 1, "syndicate": 0}[who]
    assert [
        {
            "id": id_,
            "at": [longitude, latitude],
            "service": told["services"][service],
            "state": states[state],
        }
        for id_, longitude, latitude, service, state in zip(
            told["id"], told["longitude"], told["latitude"], told["service"], told["state"], strict=True
        )
    ] == [
        {
            "id": one["id"],
            "at": one["geometry"]["coordinates"],
            "service": one["properties"]["service"],
            "state": one["properties"].get("state"),
        }
        for one in places
    ]
    assert territory.as_("stranger").get("/map/assets/columns").status_code == 401
