"""API keys over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conftest import OLONNE, ROCHE, Caller, Territory

DOORS = [("GET", "/keys"), ("POST", "/keys"), ("DELETE", "/keys/1")]


def test_a_stranger_is_asked_to_sign_in(territory: Territory) -> None:
    for method, path in DOORS:
        assert territory.as_("stranger")(method, path).status_code == 401


def made(territory: Territory, who: str = "roche", **changes: Any) -> Any:
    return territory.as_(who).post(
        "/keys", json={"collectivity": ROCHE, "name": "Passerelle", "right": "operate", **changes}
    )


def holder(territory: Territory, answer: Any) -> Caller:
    return Caller(territory.client, {"Authorization": f"Bearer {answer.json()['token']}"})


def test_a_key_is_shown_once_and_opens(territory: Territory) -> None:
    answer = made(territory)
    assert answer.status_code == 201
    assert holder(territory, answer).get("/session").json()["rights"] == {ROCHE: "operate"}
    listed = territory.as_("roche").get("/keys")
    secret = answer.json()["token"].rpartition("_")[2]
    assert answer.json()["key"]["key"] in listed.text and secret not in listed.text


def test_a_revoked_key_is_refused_by_the_next_request(territory: Territory) -> None:
    answer = made(territory)
    assert territory.as_("roche").delete(f"/keys/{answer.json()['key']['key']}").status_code == 204
    assert holder(territory, answer).get("/session").status_code == 401


def test_keys_of_another_collectivity_are_not_seen_made_nor_revoked(territory: Territory) -> None:
    key = made(territory).json()["key"]["key"]
    for other in ("olonne", "syndicate"):
        assert key not in territory.as_(other).get("/keys").text
        assert territory.as_(other).delete(f"/keys/{key}").status_code == 404
        assert made(territory, other).status_code == 404
    assert territory.as_("olonne").get("/keys", params={"collectivity": ROCHE}).status_code == 404


def test_who_does_not_administer_makes_no_key(territory: Territory) -> None:
    for who in ("roche reader", "roche editor", "roche operator"):
        assert made(territory, who, right="read").status_code == 403
        assert territory.as_(who).get("/keys").json() == {"items": []}


def test_a_key_does_no_more_than_its_right(territory: Territory) -> None:
    series = territory.a_series().id
    row = [{"series": series, "time": "2026-11-22T10:00:00Z", "value": 1}]
    reader, operator = (holder(territory, made(territory, right=right)) for right in ("read", "operate"))
    assert reader.post("/observations", json=row).status_code in (403, 404, 422)
    assert operator.post("/observations", json=row).status_code == 200
    assert len(reader.get("/observations", params={"series": series}).json()["items"]) == 1


def test_a_narrowed_key_reads_and_writes_its_services_alone(territory: Territory) -> None:
    water = territory.a_series(service="water").id
    lighting = territory.a_series(service="lighting").id
    narrowed = holder(territory, made(territory, services=["water"]))
    assert [one["id"] for one in narrowed.get("/series").json()["items"]] == [water]
    assert narrowed.get(f"/series/{lighting}").status_code == 404
    for series, taken in ((water, True), (lighting, False)):
        row = [{"series": series, "time": "2026-11-22T10:00:00Z", "value": 1}]
        assert (narrowed.post("/observations", json=row).status_code == 200) == taken
    assert territory.as_("roche").get("/observations", params={"series": lighting}).json()["items"] == []


def test_an_unknown_service_is_named(territory: Territory) -> None:
    answer = made(territory, services=["water", "no-such"])
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "services[1]")
    assert "Passerelle" not in territory.as_("roche").get("/keys").text


def test_a_key_opens_only_within_its_dates(territory: Territory) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert holder(territory, made(territory, not_before=tomorrow)).get("/session").status_code == 401
    assert holder(territory, made(territory, expires=tomorrow)).get("/session").status_code == 200
    late = made(territory, expires="2020-01-01T00:00:00Z")
    assert (late.status_code, late.json()["errors"][0]["field"]) == (422, "expires")
    assert made(territory, expires="2030-01-01T00:00:00").status_code == 422


def test_a_key_makes_none_that_outlives_it(territory: Territory) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    maker = holder(territory, made(territory, right="administer", expires=tomorrow.isoformat()))
    body = {"collectivity": ROCHE, "name": "Éternelle", "right": "read"}
    assert maker.post("/keys", json=body).json()["errors"][0]["field"] == "expires"
    assert maker.post("/keys", json={**body, "expires": tomorrow.isoformat()}).status_code == 201


def test_a_key_of_one_collectivity_opens_nothing_of_another(territory: Territory) -> None:
    series = territory.a_series(owner=OLONNE).id
    key = holder(territory, made(territory, right="administer"))
    assert key.get(f"/series/{series}").status_code == 404
    assert key.get("/series").json()["items"] == []
