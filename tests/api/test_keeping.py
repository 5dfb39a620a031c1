"""Retention and receipts over HTTP: whose they are, and who may look."""

from typing import Any

import pytest

from tests.conftest import NOW, OLONNE, ROCHE, Territory

A_RULE = {"purpose": "Durée du registre des traitements", "keep_days": 30}
DOORS = [
    ("GET", "/retention-rules"),
    ("POST", "/retention-rules"),
    ("POST", "/retention-rules/dry-run"),
    ("GET", "/retention-rules/1"),
    ("GET", "/retention-rules/1/dry-run"),
    ("PATCH", "/retention-rules/1"),
    ("DELETE", "/retention-rules/1"),
    ("GET", "/deletions"),
    ("GET", "/deletions/del-1"),
    ("GET", "/deletions/del-1/verification"),
]


def test_a_stranger_is_asked_to_sign_in(territory: Territory) -> None:
    for method, path in DOORS:
        assert territory.as_("stranger")(method, path).status_code == 401


def a_rule(territory: Territory, who: str, **given: Any) -> Any:
    return territory.as_(who).post("/retention-rules", json={**A_RULE, **given})


def observed(territory: Territory, who: str = "roche", **series: Any) -> int:
    """A series with an observation long ago and one that is not."""
    id_: int = territory.a_series(**series).id
    rows = [{"series": id_, "time": f"{year}-01-02T10:00:00Z", "value": 1} for year in (2020, 2190)]
    assert territory.as_(who).post("/observations", json=rows).status_code == 200
    return id_


# rules


@pytest.mark.parametrize(
    ("who", "owner", "status"),
    [
        ("roche", ROCHE, 201),
        ("roche operator", ROCHE, 403),
        ("olonne", ROCHE, 404),
        ("syndicate", ROCHE, 404),
        ("syndicate", None, 201),
        ("roche", None, 403),
    ],
)
def test_a_rule_is_made_by_administrators_of_whose_series_it_is_for(
    territory: Territory, who: str, owner: str | None, status: int
) -> None:
    assert a_rule(territory, who, owner=owner).status_code == status
    dry = territory.as_(who).post("/retention-rules/dry-run", json={**A_RULE, "owner": owner})
    assert dry.status_code == (200 if status == 201 else status)


def test_a_collectivitys_rule_is_nobody_elses(territory: Territory) -> None:
    path = f"/retention-rules/{a_rule(territory, 'roche', owner=ROCHE).json()['id']}"
    assert territory.as_("roche reader").get(path).status_code == 200
    assert territory.as_("roche reader").get(f"{path}/dry-run").status_code == 403
    for who in ("olonne", "syndicate"):
        assert territory.as_(who).get(path).status_code == 404
        assert territory.as_(who).get(f"{path}/dry-run").status_code == 404
        assert territory.as_(who).patch(path, json={"keep_days": 1}).status_code == 404
        assert territory.as_(who).delete(path).status_code == 404
        assert territory.as_(who).get("/retention-rules").json()["items"] == []


def test_the_structures_rule_is_seen_by_members_and_changed_by_none_of_them(territory: Territory) -> None:
    path = f"/retention-rules/{a_rule(territory, 'syndicate').json()['id']}"
    assert territory.as_("olonne reader").get(path).json()["keep_days"] == 30
    assert territory.as_("olonne").patch(path, json={"keep_days": 1}).status_code == 403
    assert territory.as_("olonne").delete(path).status_code == 403


def test_a_rule_is_changed_then_ended_and_its_trail_is_kept(territory: Territory) -> None:
    roche = territory.as_("roche")
    path = f"/retention-rules/{a_rule(territory, 'roche', owner=ROCHE).json()['id']}"
    assert roche.patch(path, json={"keep_days": 60, "figures": "day"}).json()["figures"] == "day"
    assert a_rule(territory, "roche", owner=ROCHE).status_code == 409
    assert roche.delete(path).json()["current"] is False
    assert roche.delete(path).status_code == 409
    assert roche.get("/retention-rules").json()["items"] == []
    assert len(roche.get("/retention-rules", params={"current": False}).json()["items"]) == 1
    lines = roche.get("/audit", params={"action": "retention."}).json()["items"]
    assert [line["action"] for line in lines] == ["retention.end", "retention.change", "retention.create"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"observed_property": "nonesuch"}, "observed_property"),
        ({"service": "nonesuch"}, "service"),
        ({"figures_days": 60}, "figures_days"),
        ({"figures": "hour", "figures_days": 30}, "figures_days"),
        ({"figures": "hour", "keep_days": None}, "keep_days"),
    ],
)
def test_a_rule_that_cannot_hold_is_refused_by_field(territory: Territory, given: Any, field: str) -> None:
    answer = a_rule(territory, "roche", owner=ROCHE, **given)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_a_dry_run_counts_what_one_administers_and_makes_nothing(territory: Territory) -> None:
    observed(territory)
    observed(territory, "olonne", owner=OLONNE)
    rule = {**A_RULE, "owner": ROCHE}
    effect = territory.as_("roche").post("/retention-rules/dry-run", json=rule).json()
    assert (effect["observations"], effect["series"]) == (1, 1)
    assert [one["owner"] for one in effect["touched"]] == [ROCHE]
    everyone = territory.as_("syndicate").post("/retention-rules/dry-run", json=A_RULE).json()
    assert (everyone["observations"], everyone["series"]) == (2, 2)
    assert territory.as_("roche").get("/retention-rules", params={"current": False}).json()["items"] == []


# receipts


@pytest.fixture
def deleted(territory: Territory) -> tuple[Territory, str]:
    """The receipt of a deletion that La Roche asked for."""
    params = {"series": observed(territory), "end": "2021-01-01"}
    answer = territory.as_("roche").delete("/observations", params=params).json()
    assert answer["observations"] == 1
    (key,) = answer["receipts"]
    return territory, key


def test_a_receipt_is_for_the_owners_administrators_alone(deleted: tuple[Territory, str]) -> None:
    territory, key = deleted
    for who in ("roche reader", "roche operator", "olonne", "syndicate"):
        assert territory.as_(who).get("/deletions").json()["items"] == []
        for path in (f"/deletions/{key}", f"/deletions/{key}/verification"):
            assert territory.as_(who).get(path).status_code == 404
    assert territory.as_("olonne").get("/deletions", params={"collectivity": ROCHE}).status_code == 404
    assert territory.as_("roche").get(f"/deletions/{key}").json()["owner"] == ROCHE


def test_a_receipt_says_which_stretch_was_asked(deleted: tuple[Territory, str]) -> None:
    territory, key = deleted
    told = territory.as_("roche").get(f"/deletions/{key}").json()
    assert told["series"][0]["end"] == "2020-12-31T23:00:00Z"
    assert "start" not in told["series"][0]


def test_a_list_tells_when_the_bytes_were_gone(deleted: tuple[Territory, str]) -> None:
    territory, key = deleted
    (before,) = territory.as_("roche").get("/deletions").json()["items"]
    assert (before["key"], "removed_at" in before, "erased_at" in before) == (key, True, False)
    territory.instance.rooms.keeping.finish(now=NOW)
    (after,) = territory.as_("roche").get("/deletions").json()["items"]
    assert "erased_at" in after


def test_a_receipt_is_verified(deleted: tuple[Territory, str]) -> None:
    territory, key = deleted
    assert territory.as_("roche").get(f"/deletions/{key}/verification").json() == {"whole": True, "faults": []}


def test_a_deletion_of_several_series_of_one_owner_has_one_receipt(territory: Territory) -> None:
    series = [observed(territory), observed(territory)]
    answer = territory.as_("roche").delete("/observations", params={"series": series}).json()
    assert (answer["observations"], len(answer["receipts"])) == (4, 1)
