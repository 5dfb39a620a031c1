"""Members weigh the criteria of a programme themselves: who may, what follows, and what is told of it."""

from typing import Any

import pytest

from tests.api.test_pooling import computed
from tests.api.test_programmes import SMALL, kept
from tests.conftest import OLONNE, ROCHE, Territory

WEIGHED: dict[str, Any] = {
    **SMALL,
    "members": [{"name": "La Roche-sur-Yon", "weights": {"enjeu": 1, "volonté": 1}}, {"name": "Les Sables-d'Olonne"}],
}
WILL = {"weights": {"enjeu": 0, "volonté": 3}}


def of(key: str, collectivity: str) -> str:
    return f"/pooling/programmes/{key}/weighings/{collectivity}"


def told(territory: Territory, who: str, key: str) -> list[tuple[str, str, dict[str, float]]]:
    items = territory.as_(who).get(f"/pooling/programmes/{key}/weighings").json()["items"]
    return [(one["member"], one["source"], {n: round(w, 3) for n, w in one["weights"].items()}) for one in items]


def test_a_member_weighs_for_itself_and_takes_it_back(territory: Territory) -> None:
    key, olonne = kept(territory, WEIGHED), territory.as_("olonne editor")
    roche = ("La Roche-sur-Yon", "structure", {"enjeu": 0.5, "volonté": 0.5})
    olonne_before = ("Les Sables-d'Olonne", "programme", {"enjeu": 0.667, "volonté": 0.333})
    assert told(territory, "syndicate", key) == [roche, olonne_before]
    answer = olonne.put(of(key, OLONNE), json=WILL)
    assert (answer.status_code, answer.json()["source"]) == (200, "member")
    assert answer.json()["made"]["by_name"]
    assert told(territory, "syndicate", key) == [roche, ("Les Sables-d'Olonne", "member", {"enjeu": 0, "volonté": 1})]
    assert told(territory, "olonne reader", key) == [("Les Sables-d'Olonne", "member", {"enjeu": 0, "volonté": 1})]
    back = olonne.delete(of(key, OLONNE))
    assert (back.status_code, back.json()["source"]) == (200, "programme")
    assert told(territory, "syndicate", key) == [roche, olonne_before]
    again = olonne.delete(of(key, OLONNE))
    assert (again.status_code, "made" in again.json()) == (200, False)
    weighed = territory.as_("olonne").get("/audit", params={"action": "programme.unweigh"}).json()["items"]
    assert len(weighed) == 1


def test_its_own_word_goes_before_the_structures(territory: Territory) -> None:
    key = kept(territory, WEIGHED)
    territory.as_("roche editor").put(of(key, ROCHE), json=WILL)
    assert told(territory, "roche", key) == [("La Roche-sur-Yon", "member", {"enjeu": 0, "volonté": 1})]
    document = territory.as_("syndicate").get(f"/pooling/programmes/{key}").json()["document"]
    assert document["members"][0]["weights"] == {"enjeu": 1, "volonté": 1}, "the document is the structure's"


def test_the_ranking_follows_at_once_and_the_plan_when_it_is_computed(territory: Territory) -> None:
    key = kept(territory, WEIGHED)
    assert _first(territory, key) == "Éclairage"
    computed(territory, {"kind": "plan", "programme": key})
    assert planned(territory, key) == ("Éclairage", False)
    for who, collectivity in (("roche", ROCHE), ("olonne", OLONNE)):
        territory.as_(who).put(of(key, collectivity), json=WILL)
    assert _first(territory, key) == "Eau"
    assert planned(territory, key) == ("Éclairage", True)
    computed(territory, {"kind": "plan", "programme": key})
    assert planned(territory, key) == ("Eau", False)


def test_weights_hold_over_the_revisions_of_a_programme_as_far_as_its_criteria_are_there(territory: Territory) -> None:
    key = kept(territory, WEIGHED)
    territory.as_("olonne").put(of(key, OLONNE), json={"weights": {"enjeu": 1, "volonté": 4}})
    actions = [{**one, "scores": {"enjeu": 1, "coût": 2}} for one in SMALL["actions"]]
    criteria = [{"name": "enjeu", "weight": 2}, {"name": "coût", "weight": 3}]
    change = {**WEIGHED, "criteria": criteria, "actions": actions, "members": [{"name": "Les Sables-d'Olonne"}]}
    change["actions"][0]["benefits"] = {}
    answer = territory.as_("syndicate").put(f"/pooling/programmes/{key}", json={"document": change, "after": 1})
    assert answer.status_code == 200, answer.text
    assert told(territory, "olonne", key) == [("Les Sables-d'Olonne", "member", {"enjeu": 0.25, "coût": 0.75})]


@pytest.mark.parametrize(
    ("who", "status"),
    [("olonne reader", 403), ("roche", 404), ("syndicate", 403), ("stranger", 401)],
)
def test_nobody_else_says_it(territory: Territory, who: str, status: int) -> None:
    key, caller = kept(territory, WEIGHED), territory.as_(who)
    assert caller.put(of(key, OLONNE), json=WILL).status_code == status
    assert caller.delete(of(key, OLONNE)).status_code == status
    assert told(territory, "olonne", key)[0][1] == "programme"


def test_who_is_not_in_the_programme_finds_nothing(territory: Territory) -> None:
    key = kept(territory, {**SMALL, "members": SMALL["members"][:1], "actions": SMALL["actions"][:1]})
    other = territory.as_("olonne")
    assert other.get(f"/pooling/programmes/{key}/weighings").status_code == 404
    assert other.put(of(key, OLONNE), json=WILL).status_code == 404
    assert territory.as_("stranger").get(f"/pooling/programmes/{key}/weighings").status_code == 401


def test_a_key_narrowed_to_a_service_says_nothing_of_a_programme(territory: Territory) -> None:
    key = kept(territory, WEIGHED)
    narrowed = territory.as_("stranger", Authorization=f"Bearer {territory.key(OLONNE, 'edit', services=['water'])}")
    assert narrowed.put(of(key, OLONNE), json=WILL).status_code in (403, 404)
    assert told(territory, "olonne", key)[0][1] == "programme"


@pytest.mark.parametrize(
    ("weights", "field"),
    [
        ({"autre": 1}, "weights.autre"),
        ({"enjeu": 0, "volonté": 0}, "weights"),
        ({}, "weights"),
        ({"enjeu": -1}, "weights[]"),
        ({"enjeu": "beaucoup"}, "weights[]"),
    ],
)
def test_weights_that_cannot_be_are_refused(territory: Territory, weights: dict[str, Any], field: str) -> None:
    answer = territory.as_("olonne").put(of(kept(territory, WEIGHED), OLONNE), json={"weights": weights})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_the_trail_says_who_weighed(territory: Territory) -> None:
    key = kept(territory, WEIGHED)
    territory.as_("olonne").put(of(key, OLONNE), json=WILL)
    territory.as_("olonne").delete(of(key, OLONNE))
    trail = territory.as_("olonne").get("/audit").json()["items"]
    assert [one["action"] for one in trail if one["action"].startswith("programme.")] == [
        "programme.unweigh",
        "programme.weigh",
    ]


def planned(territory: Territory, key: str) -> tuple[str, bool]:
    """What the plan's own ranking puts first, and whether members weighed since."""
    found = territory.as_("syndicate").get(f"/pooling/programmes/{key}/plan").json()
    return found["plan"]["ranking"]["actions"][0]["action"], found["weighed_since"]


def _first(territory: Territory, key: str) -> str:
    ranking = territory.as_("roche reader").get(f"/pooling/programmes/{key}/ranking").json()
    first: str = ranking["actions"][0]["action"]
    return first
