"""The audit trail over HTTP."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from tests.conftest import OLONNE, ROCHE, Territory


def lines(territory: Territory, who: str, **asked: Any) -> list[dict[str, Any]]:
    territory.instance.rooms.views.flush(datetime.now(UTC))
    answer = territory.as_(who).get("/audit", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_a_stranger_is_asked_to_sign_in(territory: Territory) -> None:
    for path in ("/audit", "/audit/verification"):
        assert territory.as_("stranger").get(path).status_code == 401


def a_key(territory: Territory, name: str = "Passerelle") -> None:
    body = {"collectivity": ROCHE, "name": name, "right": "read"}
    assert territory.as_("roche").post("/keys", json=body).status_code == 201


def test_a_deed_is_in_the_trail_of_its_collectivity_alone(territory: Territory) -> None:
    a_key(territory)
    line = lines(territory, "roche", action="key.make")[0]
    assert (line["actor_kind"], line["owner"], line["detail"]["name"]) == ("key", ROCHE, "Passerelle")
    for other in ("olonne", "syndicate"):
        assert not any(one.get("owner") == ROCHE for one in lines(territory, other))


def test_who_saw_what_is_in_the_trail_of_whom_it_belongs_to(territory: Territory) -> None:
    series = territory.a_series(owner=OLONNE, service="water")
    body = {"giver": OLONNE, "receiver": ROCHE, "right": "read", "purpose": "Fuites", "service": "water"}
    assert territory.as_("olonne").post("/agreements", json=body).status_code == 201
    territory.as_("roche reader").get(f"/series/{series.id}")
    (line,) = lines(territory, "olonne", action="series.read")
    assert (line["owner"], line["subject"], line["actor_name"]) == (OLONNE, str(series.id), f"{ROCHE} read")


def test_administration_seen_is_noted_too(territory: Territory) -> None:
    for path in ("/people", "/keys", "/invitations", "/agreements", f"/roles?collectivity={ROCHE}"):
        territory.as_("roche").get(path)
    seen = {line["action"] for line in lines(territory, "roche") if line["actor_name"] == f"{ROCHE} administer"}
    assert {"person.read", "key.read", "invitation.read", "agreement.read", "role.read"} <= seen


def test_a_reader_reads_its_own_deeds_alone(territory: Territory) -> None:
    a_key(territory)
    territory.a_series()
    territory.as_("roche reader").get("/series")
    assert {line["action"] for line in lines(territory, "roche reader")} == {"series.read"}


def test_lines_are_asked_by_time_actor_and_collectivity(territory: Territory) -> None:
    a_key(territory)
    actor = territory.as_("roche").get("/session").json()["key"]
    now = datetime.now(UTC)
    today = {"start": f"{now:%Y-%m-%d}T00:00:00Z"}
    assert [line["action"] for line in lines(territory, "roche", actor=actor, **today)] == ["key.make"]
    assert lines(territory, "roche", start="2999-01-01T00:00:00Z") == []
    assert lines(territory, "roche", collectivity=OLONNE) == []


def test_pages_follow_each_other(territory: Territory) -> None:
    for number in range(5):
        a_key(territory, f"Clé {number}")
    names: list[str] = []
    asked: dict[str, Any] = {
        "action": "key.make",
        "limit": 2,
        "actor": territory.as_("roche").get("/session").json()["key"],
    }
    while True:
        page = territory.as_("roche").get("/audit", params=asked).json()
        names += [line["detail"]["name"] for line in page["items"]]
        if "next" not in page:
            break
        asked["after"] = page["next"]
    assert names == [f"Clé {number}" for number in (4, 3, 2, 1, 0)]


def test_wrong_questions_name_the_field(territory: Territory) -> None:
    for asked, field in (
        ({"start": "2026-11-22"}, "start"),
        ({"start": "2026-11-22T10:00:00"}, "start"),
        ({"end": "0001-01-01T00:00:00Z"}, "end"),
        ({"after": "x"}, "after"),
        ({"limit": 0}, "limit"),
        ({"nothing": "x"}, "nothing"),
    ):
        answer = territory.as_("roche").get("/audit", params=asked)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_the_structure_verifies_the_trail_and_finds_a_line_changed(territory: Territory) -> None:
    a_key(territory)
    found = territory.as_("syndicate").get("/audit/verification").json()
    assert (found["whole"], found["broken"]) == (True, [])
    with territory.instance.rooms.database.write() as tx:
        tx.execute(text("DROP TRIGGER audit_refuses_update"))
        tx.execute(text("UPDATE audit SET actor_name = 'someone else' WHERE seq = 2"))
    found = territory.as_("syndicate").get("/audit/verification").json()
    assert (found["whole"], found["broken"]) == (False, [{"seq": 2, "why": "was changed"}])


def test_every_administrator_verifies_and_nobody_else(territory: Territory) -> None:
    for who in ("roche", "olonne"):
        assert territory.as_(who).get("/audit/verification").json()["whole"]
    assert territory.as_("roche operator").get("/audit/verification").status_code == 403


def test_what_was_only_seen_is_left_out_when_deeds_are_asked(territory: Territory) -> None:
    a_key(territory)
    territory.as_("roche").get("/people")
    assert "person.read" in {line["action"] for line in lines(territory, "roche")}
    found = {line["action"] for line in lines(territory, "roche", deeds=True)}
    assert "key.make" in found and not any(one.endswith(".read") for one in found)


def test_a_file_holds_all_that_is_asked_and_nothing_of_others(territory: Territory, monkeypatch: Any) -> None:
    monkeypatch.setattr("beffroi.api.audit.PIECE", 2)
    for number in range(5):
        a_key(territory, f"=Clé {number}")
    territory.key(OLONNE, "read")
    answer = territory.as_("roche", Accept="text/csv").get("/audit", params={"action": "key.make"})
    assert answer.headers["content-type"].startswith("text/csv")
    head, *rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert {"seq", "at", "actor_name", "action", "owner", "subject", "detail"} <= set(head)
    told = [head, *rows]
    assert {one["owner"] for one in told} == {ROCHE}
    assert [json.loads(one["detail"])["name"] for one in told[:5]] == [f"=Clé {number}" for number in (4, 3, 2, 1, 0)]
    few = territory.as_("roche", Accept="text/csv").get("/audit", params={"action": "key.make", "limit": 1})
    assert len(few.content.splitlines()) == 2
    assert territory.as_("stranger", Accept="text/csv").get("/audit").status_code == 401
