"""Models of cost, statements, shares and returns: kept by revisions, and who reads what of them."""

import time
from decimal import Decimal
from typing import Any

import pytest

from tests.api.signed_in import a_person, signed_in
from tests.conftest import CHALLANS, OLONNE, ROCHE, Caller, Territory
from tests.pooling.paper.reading import reader, text_of

MODEL: dict[str, Any] = {
    "name": "Bâtiments suivis",
    "costs": [
        {"kind": "fixed", "name": "plateforme", "amount": "9000"},
        {"kind": "per-unit", "name": "appareils", "unit": "devices", "price": "12"},
    ],
    "sharing_key": {"parts": [{"by": "population", "weight": 60}, {"by": "members", "weight": 40}]},
    "members": [
        {"member": ROCHE, "quantities": {"devices": 100}},
        {"member": OLONNE, "quantities": {"devices": 50}},
        {"member": CHALLANS, "quantities": {"devices": 10}},
    ],
    "voted_on": "2026-12-10",
}
PATH = "/pooling/models/buildings/2027"
ASKED = {"service": "buildings", "year": 2027}


def kept(territory: Territory, after: int = 0, **changes: Any) -> Any:
    answer = territory.as_("syndicate").put(PATH, json={"model": {**MODEL, **changes}, "after": after})
    assert answer.status_code == 200, answer.text
    return answer.json()


def elected(territory: Territory) -> Caller:
    """A reader of the structure."""
    return signed_in(territory, a_person(territory, "elue@exemple.fr", territory.structure, "reader"))


def computed(territory: Territory, request: dict[str, Any], state: str = "done") -> dict[str, Any]:
    syndicate = territory.as_("syndicate")
    answer = syndicate.post("/pooling/computations", json=request)
    assert answer.status_code == 202, answer.text
    return awaited(syndicate, answer.json()["key"], state)


def awaited(caller: Caller, key: str, state: str) -> dict[str, Any]:
    for _ in range(1200):
        found: dict[str, Any] = caller.get(f"/pooling/computations/{key}").json()
        if found["state"] == state:
            return found
        assert found["state"] in ("waiting", "running"), found
        time.sleep(0.05)
    raise AssertionError(f"still {found}")


def test_a_model_is_kept_by_revisions_and_nothing_is_written_over(territory: Territory) -> None:
    assert kept(territory)["revision"] == 1
    assert kept(territory, after=1, note="la plateforme coûte moins")["revision"] == 2
    late = territory.as_("syndicate").put(PATH, json={"model": MODEL, "after": 1})
    assert late.status_code == 409
    revisions = territory.as_("syndicate").get(f"{PATH}/revisions").json()["items"]
    assert [one["revision"] for one in revisions] == [2, 1]
    assert territory.as_("syndicate").get(PATH, params={"revision": 1}).json()["model"]["note"] == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"members": [{"member": "commune-00000"}]}, "model.members[0].member"),
        ({"costs": [{"kind": "per-unit", "unit": "hours", "price": 3}]}, "hours"),
        ({"sharing_key": {"parts": [{"by": "devices", "weight": -1}]}}, "parts"),
        ({"costs": [{"kind": "fixed", "amount": "1e900"}]}, "model"),
    ],
)
def test_a_model_that_cannot_be_is_refused_with_what_is_wrong(
    territory: Territory, changes: dict[str, Any], field: str
) -> None:
    answer = territory.as_("syndicate").put(PATH, json={"model": {**MODEL, **changes}, "after": 0})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("who", "read", "written"), [("roche", 404, 403), ("roche reader", 404, 403), ("stranger", 401, 401)]
)
def test_only_the_structure_reads_a_whole_model_and_changes_it(
    territory: Territory, who: str, read: int, written: int
) -> None:
    kept(territory)
    caller = territory.as_(who)
    assert caller.get(PATH).status_code == read
    assert caller.get(f"{PATH}/revisions").status_code == read
    assert caller.put(PATH, json={"model": MODEL, "after": 1}).status_code == written
    assert caller.post(f"{PATH}/changes", json={"leaving": OLONNE}).status_code == read


def test_an_elected_person_reads_everything_and_changes_nothing(territory: Territory) -> None:
    kept(territory)
    reader = elected(territory)
    assert reader.get(PATH).json()["model"]["name"] == "Bâtiments suivis"
    assert len(reader.get("/pooling/statements", params=ASKED).json()["items"]) == 3
    assert reader.put(PATH, json={"model": MODEL, "after": 1}).status_code == 403
    assert reader.post("/pooling/computations", json={"kind": "shares", **ASKED}).status_code == 403


def test_statements_make_the_whole_and_tell_what_alone_would_cost(territory: Territory) -> None:
    kept(territory)
    page = territory.as_("syndicate").get("/pooling/statements", params=ASKED).json()
    assert Decimal(page["total"]) == Decimal(9000 + 160 * 12)
    assert sum(Decimal(one["amount"]) for one in page["items"]) == Decimal(page["total"])
    (roche,) = (one for one in page["items"] if one["member"] == ROCHE)
    assert Decimal(roche["alone"]) == Decimal(9000 + 100 * 12)
    assert {one["unit"]: one["source"] for one in roche["used"]} == {"population": "registry", "devices": "expected"}


def test_a_member_reads_its_own_statement_and_the_totals(territory: Territory) -> None:
    kept(territory)
    reader = territory.as_("roche reader")
    page = reader.get("/pooling/statements", params=ASKED).json()
    assert [one["member"] for one in page["items"]] == [ROCHE]
    assert list(page["forecast"]) == [ROCHE]
    assert (page["members"], Decimal(page["total"])) == (3, Decimal(10920))
    assert reader.get("/pooling/statements", params={**ASKED, "member": OLONNE}).status_code == 404
    csv = reader.get("/pooling/statements/csv", params=ASKED).text
    assert ROCHE in csv
    assert OLONNE not in csv
    (line,) = reader.get("/pooling/models").json()["items"]
    assert (line["about"]["name"], line["alone"]) == ("Bâtiments suivis", None)
    assert [one["member"] for one in line["mine"]] == [ROCHE]


def test_who_is_no_member_finds_nothing(territory: Territory) -> None:
    kept(territory, members=MODEL["members"][:1])
    other = territory.as_("olonne")
    assert other.get("/pooling/models").json() == {"items": []}
    for path in ("/pooling/statements", "/pooling/statements/csv", "/pooling/entries", "/pooling/entries/csv"):
        assert other.get(path, params=ASKED).status_code == 404
        assert territory.as_("stranger").get(path, params=ASKED).status_code == 401
    assert other.get(f"{PATH}/shares").status_code == 404


def test_a_key_narrowed_to_another_service_reads_nothing_of_it(territory: Territory) -> None:
    kept(territory)
    territory.keys["water"] = territory.key(ROCHE, "read", services=["water"])
    territory.keys["buildings"] = territory.key(ROCHE, "read", services=["buildings"])
    assert territory.as_("water").get("/pooling/statements", params=ASKED).status_code == 404
    assert len(territory.as_("buildings").get("/pooling/statements", params=ASKED).json()["items"]) == 1


def test_entries_name_everybody_and_are_given_as_csv(territory: Territory) -> None:
    kept(territory)
    syndicate = territory.as_("syndicate")
    found = syndicate.get("/pooling/entries", params=ASKED).json()["items"]
    assert [(one["order"], one["account"]) for one in found[:2]] == [("titre", "74748"), ("mandat", "65568")]
    assert (found[0]["body"], found[0]["third_party"]) == ("Syndicat d'essai", "La Roche-sur-Yon")
    csv = syndicate.get("/pooling/entries/csv", params=ASKED)
    assert csv.text.splitlines()[0].lstrip("\ufeff") == "year,body,order,account,label,third_party,amount"
    assert len(csv.text.splitlines()) == 7


def test_a_departure_and_an_arrival_change_what_others_pay(territory: Territory) -> None:
    kept(territory, members=MODEL["members"][:2])
    syndicate = territory.as_("syndicate")
    gone = syndicate.post(f"{PATH}/changes", json={"leaving": OLONNE}).json()["items"]
    assert {one["member"]: one["after"] for one in gone}[OLONNE] is None
    assert Decimal({one["member"]: one["after"] for one in gone}[ROCHE]) == Decimal(10200)
    come = {"arriving": {"member": CHALLANS, "quantities": {"devices": 10}}}
    here = syndicate.post(f"{PATH}/changes", json=come).json()["items"]
    assert {one["member"] for one in here} == {ROCHE, OLONNE, CHALLANS}
    assert all(Decimal(one["difference"]) < 0 for one in here if one["member"] != CHALLANS)
    assert syndicate.post(f"{PATH}/changes", json={**come, "leaving": OLONNE}).status_code == 422


def test_shares_are_computed_apart_and_a_member_reads_its_own(territory: Territory) -> None:
    kept(territory)
    syndicate, roche = territory.as_("syndicate"), territory.as_("roche")
    assert syndicate.get(f"{PATH}/shares").json() == {"computation": None, "found": None}
    computed(territory, {"kind": "shares", **ASKED})
    found = syndicate.get(f"{PATH}/shares").json()["found"]
    by_method = {one["method"]: one for one in found["sharings"]}
    assert by_method["nearest"]["stable"]
    assert by_method["nucleolus"]["stable"]
    for one in found["sharings"]:
        assert sum(map(Decimal, one["amounts"].values())) == Decimal(10920), one["method"]
    assert {one["member"] for one in found["departures"]} == {ROCHE, OLONNE, CHALLANS}
    mine = roche.get(f"{PATH}/shares").json()
    assert mine["computation"] is None
    assert list(mine["found"]["alone"]) == [ROCHE]
    assert all(set(one["amounts"]) == {ROCHE} and not one["blocking"] for one in mine["found"]["sharings"])
    assert mine["found"]["departures"] == []
    kept(territory, after=1)
    assert syndicate.get(f"{PATH}/shares").json()["found"] is None


def test_a_group_that_would_do_better_alone_is_named(territory: Territory) -> None:
    """One pays by population for a service that costs by devices, of which it has none."""
    members = [
        {"member": ROCHE, "quantities": {"devices": 0}},
        {"member": OLONNE, "quantities": {"devices": 50}},
        {"member": CHALLANS, "quantities": {"devices": 50}},
    ]
    costs = [{"kind": "per-unit", "unit": "devices", "price": 100}]
    kept(territory, members=members, costs=costs, sharing_key={"parts": [{"by": "population"}]})
    computed(territory, {"kind": "shares", **ASKED})
    voted = territory.as_("syndicate").get(f"{PATH}/shares").json()["found"]["sharings"][0]
    assert (voted["method"], voted["stable"], voted["blocking"]) == ("key", False, [ROCHE])
    assert Decimal(voted["excess"]) == Decimal(voted["amounts"][ROCHE])


def test_a_return_tells_what_was_paid_alone_and_got(territory: Territory) -> None:
    kept(territory)
    found = territory.as_("roche reader").get(f"/pooling/returns/{ROCHE}/2027").json()
    assert Decimal(found["paid"]) < Decimal(found["alone"]) == Decimal(10200)
    assert [one["service"] for one in found["services"]] == ["buildings"]
    assert found["peers"] == []
    assert territory.as_("roche").get(f"/pooling/returns/{ROCHE}").json() == {"years": [2027]}
    for who, status in (("olonne", 404), ("stranger", 401), ("syndicate", 200)):
        assert territory.as_(who).get(f"/pooling/returns/{ROCHE}/2027").status_code == status
        assert territory.as_(who).get(f"/pooling/returns/{ROCHE}").status_code == status
        assert territory.as_(who).get(f"/pooling/returns/{ROCHE}/2027/pdf").status_code == status


def test_a_return_is_on_one_page_of_paper(territory: Territory) -> None:
    kept(territory)
    told = territory.as_("roche reader").get(f"/pooling/returns/{ROCHE}/2027").json()
    paper = territory.as_("roche reader").get(f"/pooling/returns/{ROCHE}/2027/pdf")
    assert paper.headers["content-type"] == "application/pdf"
    said = text_of(paper.content)
    assert len(reader(paper.content).pages) == 1
    paid, alone = (f"{round(float(told[name])):,} €".replace(",", " ") for name in ("paid", "alone"))
    assert f"La Roche-sur-Yon paie {paid} ; seule, elle paierait {alone}." in said
    assert "Bâtiments prévision" in said
    english = territory.as_("roche").get(f"/pooling/returns/{ROCHE}/2027/pdf", params={"language": "en"})
    assert "alone, it would pay €10,200." in text_of(english.content)


def test_members_are_compared_when_both_agree_and_only_their_administrators_say_so(territory: Territory) -> None:
    kept(territory)
    agree = {"agrees": True}
    for who, status in (("roche operator", 403), ("olonne", 404), ("syndicate", 404), ("stranger", 401)):
        refused = territory.as_(who).put(f"/pooling/returns/{ROCHE}/comparison", json=agree)
        assert refused.status_code == status, who

    def peers(who: str, member: str) -> list[str]:
        found = territory.as_(who).get(f"/pooling/returns/{member}/2027").json()["peers"]
        return [one["member"] for one in found]

    assert territory.as_("roche").put(f"/pooling/returns/{ROCHE}/comparison", json=agree).status_code == 200
    assert peers("roche", ROCHE) == []
    assert territory.as_("olonne").put(f"/pooling/returns/{OLONNE}/comparison", json=agree).status_code == 200
    assert peers("roche", ROCHE) == [ROCHE, OLONNE]
    assert territory.as_("olonne").put(f"/pooling/returns/{OLONNE}/comparison", json={"agrees": False}).is_success
    assert peers("roche", ROCHE) == []
    assert peers("olonne", OLONNE) == []
