"""Dashboards: who sees which, and that the public sees nothing but what was made public."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

from beffroi.api.monitoring import Metrics, Observed
from tests.conftest import NOW, OLONNE, ROCHE, Caller, Territory

SINCE, UNTIL = "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"


def measured(territory: Territory, who: str = "roche", **changes: Any) -> int:
    series = territory.a_series(**changes)
    row = {"series": series.id, "time": "2026-11-22T10:00:00Z", "value": 21.5}
    assert territory.as_(who).post("/observations", json=[row]).is_success
    made: int = series.id
    return made


def made(caller: Caller, *series: int, owner: str = ROCHE, **card: Any) -> str:
    body = {"owner": owner, "name": "Écoles", "cards": [{"kind": "curve", "series": list(series), **card}]}
    answer = caller.post("/dashboards", json=body)
    assert answer.status_code == 201, answer.text
    key: str = answer.json()["key"]
    return key


def published(territory: Territory, *series: int) -> str:
    key = made(territory.as_("roche editor"), *series)
    answer = territory.as_("roche").post(f"/dashboards/{key}/publication")
    assert answer.status_code == 200, answer.text
    link: str = answer.json()["link"]
    return link


def test_a_dashboard_is_made_changed_listed_and_removed(territory: Territory) -> None:
    editor = territory.as_("roche editor")
    key = made(editor, measured(territory))
    changed = editor.put(f"/dashboards/{key}", json={"name": "Mairies", "cards": [{"kind": "text", "text": "Bonjour"}]})
    assert changed.json()["name"] == "Mairies"
    assert [one["key"] for one in territory.as_("roche reader").get("/dashboards").json()["items"]] == [key]
    assert editor.delete(f"/dashboards/{key}").status_code == 204
    assert editor.get(f"/dashboards/{key}").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("olonne", 404), ("syndicate", 404), ("stranger", 401)])
def test_nobody_else_sees_or_changes_it(territory: Territory, who: str, status: int) -> None:
    key = made(territory.as_("roche"), measured(territory))
    other, path = territory.as_(who), f"/dashboards/{key}"
    assert other.get(path).status_code == status
    assert other.put(path, json={"name": "Autre", "cards": []}).status_code == status
    assert other.delete(path).status_code == status
    assert other.post(f"{path}/publication").status_code == status
    assert other.delete(f"{path}/publication").status_code == status
    if who != "stranger":
        assert other.get("/dashboards").json() == {"items": []}


def test_a_reader_changes_nothing_and_an_editor_does_not_publish(territory: Territory) -> None:
    key = made(territory.as_("roche editor"))
    reader = territory.as_("roche reader")
    assert reader.get(f"/dashboards/{key}").status_code == 200
    assert reader.put(f"/dashboards/{key}", json={"name": "Autre", "cards": []}).status_code == 403
    assert reader.delete(f"/dashboards/{key}").status_code == 403
    assert territory.as_("roche editor").post(f"/dashboards/{key}/publication").status_code == 403


def test_a_card_names_what_its_author_sees(territory: Territory) -> None:
    theirs = measured(territory, "olonne", owner=OLONNE)
    body = {"owner": ROCHE, "name": "Écoles", "cards": [{"kind": "curve", "series": [theirs]}]}
    answer = territory.as_("roche").post("/dashboards", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "cards[0].series"


def test_the_public_reads_the_series_of_a_public_dashboard(territory: Territory) -> None:
    series = measured(territory, name="Salle du conseil")
    link, stranger = published(territory, series), territory.as_("stranger")
    shown = stranger.get(f"/shown/{link}").json()
    assert (shown["name"], shown["series"][0]["name"]) == ("Écoles", "Salle du conseil")
    asked = {"series": series, "start": SINCE, "end": UNTIL}
    assert stranger.get(f"/shown/{link}/observations", params=asked).json()["items"][0]["value"] == 21.5
    assert stranger.get(f"/shown/{link}/observations/latest", params={"series": series}).json()["items"]
    figures = stranger.get(f"/shown/{link}/observations/aggregate", params={**asked, "every": "1d"})
    assert figures.json()["items"][0]["mean"] == 21.5


READINGS: tuple[tuple[str, dict[str, str]], ...] = (
    ("observations", {}),
    ("observations/latest", {}),
    ("observations/aggregate", {"start": SINCE, "end": UNTIL, "every": "1d"}),
)


@pytest.mark.parametrize(("path", "more"), READINGS)
def test_the_public_reads_no_other_series_of_the_owner(territory: Territory, path: str, more: dict[str, str]) -> None:
    shown, hidden = measured(territory), measured(territory)
    link, stranger = published(territory, shown), territory.as_("stranger")
    for asked in ({"series": f"{shown},{hidden}"}, {"series": hidden}, {"owner": ROCHE}, {"service": "buildings"}, {}):
        answer = stranger.get(f"/shown/{link}/{path}", params={**asked, **more})
        assert answer.status_code == 404, (asked, answer.text)


def test_what_others_share_with_the_owner_is_not_published(territory: Territory) -> None:
    theirs = measured(territory, "olonne", owner=OLONNE)
    agreement = {
        "giver": OLONNE, "receiver": ROCHE, "right": "read", "purpose": "essai", "service": "buildings", "past": True,
    }  # fmt: skip
    assert territory.as_("olonne").post("/agreements", json=agreement).status_code == 201
    key = made(territory.as_("roche"), theirs, title="Chez eux")
    refused = territory.as_("roche", **{"Accept-Language": "en"}).post(f"/dashboards/{key}/publication")
    assert refused.status_code == 422
    assert "Chez eux" in refused.json()["errors"][0]["detail"]


def test_a_public_dashboard_takes_no_card_of_others_afterwards(territory: Territory) -> None:
    theirs = measured(territory, "olonne", owner=OLONNE)
    agreement = {
        "giver": OLONNE, "receiver": ROCHE, "right": "read", "purpose": "essai", "service": "buildings", "past": True,
    }  # fmt: skip
    assert territory.as_("olonne").post("/agreements", json=agreement).status_code == 201
    key = made(territory.as_("roche"), measured(territory))
    assert territory.as_("roche").post(f"/dashboards/{key}/publication").is_success
    cards = [{"kind": "curve", "series": [theirs]}]
    changed = territory.as_("roche").put(f"/dashboards/{key}", json={"name": "Écoles", "cards": cards})
    assert changed.status_code == 422
    by_editor = territory.as_("roche editor").put(f"/dashboards/{key}", json={"name": "Écoles", "cards": []})
    assert by_editor.status_code == 403


def test_what_goes_to_another_collectivite_is_shown_no_more(territory: Territory) -> None:
    device = territory.a_device()
    series = measured(territory, device=device.id)
    link, stranger = published(territory, series), territory.as_("stranger")
    asked = {"subject": "device", "id": device.id, "to": OLONNE, "at": "2026-11-01T00:00:00Z", "past": "new"}
    proposal = territory.as_("roche").post("/moves", json=asked).json()
    number = proposal.get("proposal", proposal).get("id", 1)
    assert territory.as_("olonne").post(f"/moves/{number}/acceptance").is_success
    assert stranger.get(f"/shown/{link}").json()["series"] == []
    answer = stranger.get(f"/shown/{link}/observations", params={"series": series, "start": SINCE, "end": UNTIL})
    assert answer.status_code == 404 or answer.json() == {"items": []}


def test_a_link_withdrawn_or_renewed_shows_nothing_any_more(territory: Territory) -> None:
    series = measured(territory)
    key = made(territory.as_("roche"), series)
    first = territory.as_("roche").post(f"/dashboards/{key}/publication").json()["link"]
    second = territory.as_("roche").post(f"/dashboards/{key}/publication").json()["link"]
    stranger = territory.as_("stranger")
    assert stranger.get(f"/shown/{first}").status_code == 404
    assert stranger.get(f"/shown/{second}").status_code == 200
    assert "link" not in territory.as_("roche").delete(f"/dashboards/{key}/publication").json()
    assert stranger.get(f"/shown/{second}").status_code == 404
    assert stranger.get(f"/shown/{second}/observations", params={"series": series}).status_code == 404


def test_a_public_address_opens_nothing_else(territory: Territory) -> None:
    link = published(territory, measured(territory))
    bearer = Caller(territory.client, {"Authorization": f"Bearer {link}"})
    assert bearer.get("/dashboards").status_code == 401


def test_notes_carry_who_and_when_and_stay_with_their_owner(territory: Territory) -> None:
    device = territory.a_device()
    path = f"/devices/{device.id}/notes"
    written = territory.as_("roche editor").post(path, json={"text": "Pile changée"})
    assert written.status_code == 201
    (one,) = territory.as_("roche reader").get(path).json()
    assert (one["text"], one["by_name"]) == ("Pile changée", f"{ROCHE} edit")
    assert datetime.fromisoformat(one["at"]) > datetime.now(UTC) - timedelta(minutes=5) > NOW - timedelta(days=9999)
    assert territory.as_("roche reader").post(path, json={"text": "x"}).status_code == 403
    assert territory.as_("roche reader").delete(f"{path}/{one['id']}").status_code == 403
    assert territory.as_("olonne").get(path).status_code == 404
    assert territory.as_("olonne").post(path, json={"text": "x"}).status_code == 404
    assert territory.as_("olonne").delete(f"{path}/{one['id']}").status_code == 404
    assert territory.as_("stranger").get(path).status_code == 401
    assert territory.as_("roche").delete(f"{path}/{one['id']}").status_code == 204
    assert territory.as_("roche").get(path).json() == []


def test_notes_are_not_shared_by_an_agreement_nor_given_by_a_move(territory: Territory) -> None:
    asset = territory.an_asset()
    path = f"/assets/{asset.id}/notes"
    assert territory.as_("roche").post(path, json={"text": "Clé chez le gardien"}).is_success
    agreement = {"giver": ROCHE, "receiver": OLONNE, "right": "operate", "purpose": "essai", "service": "buildings"}
    assert territory.as_("roche").post("/agreements", json=agreement).status_code == 201
    assert territory.as_("olonne").get(path).json() == []
    assert territory.as_("olonne").post(path, json={"text": "x"}).status_code == 403


def test_only_public_dashboards_may_be_framed_and_by_the_sites_named(territory: Territory) -> None:
    client = TestClient(_page(territory, "https://www.example.fr"))
    assert "frame-ancestors https://www.example.fr" in client.get("/shown/x").headers["content-security-policy"]
    assert "x-frame-options" not in client.get("/shown/x").headers
    assert client.get("/devices").headers["x-frame-options"] == "DENY"
    alone = TestClient(_page(territory, ""))
    assert "frame-ancestors 'none'" in alone.get("/shown/x").headers["content-security-policy"]


def _page(territory: Territory, origins: str) -> Observed:
    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await Response()(scope, receive, send)

    return Observed(answer, Metrics(territory.instance.rooms), maps=None, embed_origins=origins)
