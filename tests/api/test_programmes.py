"""Programmes kept by revisions, planned by a process of their own, and who reads what of them."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from beffroi.pooling import computations
from beffroi.pooling.tables import computation
from tests.api.test_pooling import awaited, computed
from tests.conftest import OLONNE, ROCHE, ROOT, Territory
from tests.pooling.paper.reading import text_of

EXAMPLE = json.loads((ROOT / "examples/programmes/vendee.json").read_text())
NAMES = {"La Roche-sur-Yon": ROCHE, "Les Sables-d'Olonne": OLONNE}
SMALL: dict[str, Any] = {
    "name": "Petit programme",
    "start": "2027-Q1",
    "quarters": 4,
    "valued_quarters": 8,
    "criteria": [{"name": "enjeu", "weight": 2}, {"name": "volonté", "weight": 1}],
    "members": [{"name": name, "share": 1} for name in NAMES],
    "actions": [
        {
            "name": "Éclairage",
            "scores": {"enjeu": 3, "volonté": 1},
            "cost": 1000,
            "benefits": {"La Roche-sur-Yon": 900},
        },
        {"name": "Eau", "scores": {"enjeu": 1, "volonté": 3}, "cost": 900, "benefits": {"Les Sables-d'Olonne": 10}},
    ],
}


def kept(territory: Territory, document: dict[str, Any] = SMALL) -> str:
    answer = territory.as_("syndicate").post("/pooling/programmes", json={"document": document})
    assert answer.status_code == 201, answer.text
    key: str = answer.json()["about"]["key"]
    return key


def test_a_programme_is_kept_by_revisions_and_its_members_are_found_by_name(territory: Territory) -> None:
    key, syndicate = kept(territory), territory.as_("syndicate")
    assert syndicate.get(f"/pooling/programmes/{key}").json()["collectivities"] == NAMES
    change = {"document": {**SMALL, "name": "Programme révisé"}, "after": 1}
    assert syndicate.put(f"/pooling/programmes/{key}", json=change).json()["about"]["revision"] == 2
    assert syndicate.put(f"/pooling/programmes/{key}", json=change).status_code == 409
    revisions = syndicate.get(f"/pooling/programmes/{key}/revisions").json()["items"]
    assert [(one["revision"], one["detail"]) for one in revisions] == [(2, "Programme révisé"), (1, "Petit programme")]
    former = syndicate.get(f"/pooling/programmes/{key}", params={"revision": 1}).json()
    assert former["document"]["name"] == "Petit programme"


def test_the_example_of_the_documentation_is_kept_whole(territory: Territory) -> None:
    key = kept(territory, EXAMPLE)
    document = territory.as_("syndicate").get(f"/pooling/programmes/{key}").json()["document"]
    assert [one["name"] for one in document["actions"]] == [one["name"] for one in EXAMPLE["actions"]]


def test_a_document_that_cannot_be_is_refused(territory: Territory) -> None:
    wrong = {**SMALL, "precedences": [{"before": "Eau", "after": "Personne"}]}
    answer = territory.as_("syndicate").post("/pooling/programmes", json={"document": wrong})
    assert answer.status_code == 422
    assert "Personne" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("who", "read", "written"), [("roche", 404, 403), ("olonne", 404, 403), ("stranger", 401, 401)]
)
def test_only_the_structure_reads_the_document_and_changes_it(
    territory: Territory, who: str, read: int, written: int
) -> None:
    key, caller = kept(territory), territory.as_(who)
    for path in ("", "/revisions", "/page", "/pdf"):
        assert caller.get(f"/pooling/programmes/{key}{path}").status_code == read
    assert caller.post("/pooling/programmes", json={"document": SMALL}).status_code == written
    assert caller.put(f"/pooling/programmes/{key}", json={"document": SMALL, "after": 1}).status_code == written
    assert caller.post("/pooling/computations", json={"kind": "plan", "programme": key}).status_code == written


def test_a_plan_is_computed_apart_with_its_gap_and_a_member_reads_its_own_account(territory: Territory) -> None:
    key, syndicate = kept(territory), territory.as_("syndicate")
    assert syndicate.get(f"/pooling/programmes/{key}/plan").json()["plan"] is None
    done = computed(territory, {"kind": "plan", "programme": key})
    assert done["ended_at"]
    plan = syndicate.get(f"/pooling/programmes/{key}/plan").json()["plan"]
    assert (plan["status"], plan["gap"]) == ("optimal", 0.0)
    assert [one["action"] for one in plan["actions"]] == ["Éclairage"]
    assert len(plan["members"]) == 2
    mine = territory.as_("roche reader").get(f"/pooling/programmes/{key}/plan").json()
    assert (mine["mine"], mine["whole"]) == (["La Roche-sur-Yon"], False)
    assert [one["member"] for one in mine["plan"]["members"]] == ["La Roche-sur-Yon"]
    assert mine["plan"]["cash"] == plan["cash"]
    assert "Éclairage" in syndicate.get(f"/pooling/programmes/{key}/page", params={"language": "en"}).text
    paper = syndicate.get(f"/pooling/programmes/{key}/pdf", params={"language": "en"})
    assert paper.headers["content-type"] == "application/pdf"
    assert "1 action chosen of 2." in text_of(paper.content)
    assert "Plan computed on " in text_of(paper.content)
    for who, status in (("roche", 404), ("stranger", 401)):
        assert territory.as_(who).get(f"/pooling/programmes/{key}/pdf").status_code == status


def test_a_plan_is_on_paper_once_it_was_computed(territory: Territory) -> None:
    answer = territory.as_("syndicate").get(f"/pooling/programmes/{kept(territory)}/pdf")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_who_is_not_in_the_programme_finds_nothing(territory: Territory) -> None:
    key = kept(territory, {**SMALL, "members": SMALL["members"][:1], "actions": SMALL["actions"][:1]})
    other = territory.as_("olonne")
    assert other.get("/pooling/programmes").json() == {"items": []}
    assert other.get(f"/pooling/programmes/{key}/plan").status_code == 404
    assert other.get(f"/pooling/programmes/{key}/ranking").status_code == 404
    assert other.get("/pooling/computations").json() == {"items": []}


def test_a_ranking_is_told_at_once(territory: Territory) -> None:
    key = kept(territory)
    ranking = territory.as_("roche reader").get(f"/pooling/programmes/{key}/ranking").json()
    assert [one["action"] for one in ranking["actions"]] == ["Éclairage", "Eau"]
    assert ranking["opinions"] == []


def test_a_pin_has_its_price_and_does_not_replace_the_plan(territory: Territory) -> None:
    key, syndicate = kept(territory), territory.as_("syndicate")
    computed(territory, {"kind": "plan", "programme": key})
    pinned = computed(territory, {"kind": "plan", "programme": key, "pins": [{"action": "Eau"}]})
    plan = syndicate.get(f"/pooling/computations/{pinned['key']}/plan").json()
    assert {one["action"] for one in plan["actions"]} == {"Éclairage", "Eau"}
    assert plan["prices"][0]["known"] > 0
    assert len(syndicate.get(f"/pooling/programmes/{key}/plan").json()["plan"]["actions"]) == 1
    wrong = syndicate.post("/pooling/computations", json={"kind": "plan", "programme": key, "pins": [{"action": "?"}]})
    assert wrong.status_code == 422


def hard() -> dict[str, Any]:
    """A programme that nobody proves within a minute: many actions that are nearly alike, and a budget for half."""
    actions = [
        {
            "name": f"Action {number}",
            "scores": {"enjeu": number % 7, "volonté": number % 5},
            "cost": 1000 + 37 * (number % 13),
            "benefits": {"La Roche-sur-Yon": 300 + 11 * (number % 17)},
        }
        for number in range(150)
    ]
    budgets = [{"year": 2027 + year, "amount": 25_013} for year in range(3)]
    return {**SMALL, "quarters": 12, "valued_quarters": 20, "actions": actions, "budgets": budgets}


def test_what_is_computed_is_cancelled_and_its_process_ends(territory: Territory) -> None:
    key, syndicate = kept(territory, hard()), territory.as_("syndicate")
    asked = syndicate.post(
        "/pooling/computations", json={"kind": "plan", "programme": key, "seconds": 200, "gap": 0}
    ).json()
    again = syndicate.post(
        "/pooling/computations", json={"kind": "plan", "programme": key, "seconds": 200, "gap": 0}
    ).json()
    assert again["key"] == asked["key"], "asked again while it waits, it is the same"
    behind = syndicate.post("/pooling/computations", json={"kind": "plan", "programme": kept(territory)}).json()
    awaited(syndicate, asked["key"], "running")
    assert workers()
    assert syndicate.get(f"/pooling/computations/{behind['key']}").json()["state"] == "waiting"
    for who, status in (("roche", 404), ("stranger", 401)):
        refused = territory.as_(who).post(f"/pooling/computations/{asked['key']}/cancellation")
        assert refused.status_code == status
    cancelled = syndicate.post(f"/pooling/computations/{asked['key']}/cancellation").json()
    assert cancelled["state"] == "cancelled"
    awaited(syndicate, behind["key"], "done")
    assert not workers()


def test_what_was_under_way_when_the_program_stopped_begins_again(territory: Territory) -> None:
    done = computed(territory, {"kind": "plan", "programme": kept(territory)})
    rooms = territory.instance.rooms
    with rooms.database.write() as tx:  # as a killed program leaves it
        tx.execute(update(computation).values(state="running", result=None))
        computations.resume(tx)
    rooms.computing.changed()
    awaited(territory.as_("syndicate"), done["key"], "done")


def workers() -> list[int]:
    """The processes that compute for this one."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            mine = f"\nPPid:\t{os.getpid()}\n" in (each / "status").read_text()
            if mine and b"beffroi.pooling.worker" in (each / "cmdline").read_bytes():
                found.append(int(each.name))
        except OSError:
            continue
    return found
