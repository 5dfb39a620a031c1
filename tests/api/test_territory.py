from typing import Any

import msgspec
import pytest

from tests.conftest import OLONNE, ROCHE, Territory


@pytest.fixture
def furnished(territory: Territory) -> Territory:
    """La Roche has two devices and a series with one observation; Les Sables-d'Olonne a device."""
    territory.a_device(owner=ROCHE)
    device = territory.a_device(owner=ROCHE)
    series = territory.a_series(owner=ROCHE, device=device.id)
    territory.a_device(owner=OLONNE)
    body = [{"series": series.id, "time": "2026-11-22T10:00:00Z", "value": 12}]
    assert territory.as_("roche").post("/observations", json=body).status_code == 200
    return territory


def holdings(territory: Territory, who: str) -> dict[str, dict[str, Any]]:
    answer = territory.as_(who).get("/territory")
    assert answer.status_code == 200
    return {one["owner"]: one for one in answer.json()["holdings"]}


def test_a_collectivity_sees_its_devices_series_and_last_observation(furnished: Territory) -> None:
    assert holdings(furnished, "roche") == {
        ROCHE: {"owner": ROCHE, "devices": 2, "series": 1, "latest": "2026-11-22T10:00:00Z"}
    }


def test_another_collectivity_sees_only_its_own(furnished: Territory) -> None:
    assert holdings(furnished, "olonne") == {OLONNE: {"owner": OLONNE, "devices": 1, "series": 0}}


def test_the_structure_sees_nothing_of_its_members(furnished: Territory) -> None:
    assert holdings(furnished, "syndicate") == {}


def test_a_stranger_is_asked_to_sign_in(furnished: Territory) -> None:
    assert furnished.as_("stranger").get("/territory").status_code == 401


def test_the_outline_is_the_one_kept_in_the_data_folder(territory: Territory) -> None:
    outline = {"type": "Polygon", "coordinates": [[[-2, 46], [-1, 46], [-1, 47], [-2, 46]]]}
    (territory.instance.rooms.data / "outline.geojson").write_bytes(msgspec.json.encode(outline))
    assert territory.as_("roche").get("/territory").json()["outline"] == outline
