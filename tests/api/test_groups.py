"""With whom: needs, proposed groups, catalogues, forms of cooperation; and who reads and says what of them."""

from decimal import Decimal
from typing import Any

import pytest

from tests.api.test_pooling import PATH, computed, elected, kept
from tests.conftest import CHALLANS, OLONNE, ROCHE, Territory

SERVICE = "buildings"
NEED: dict[str, Any] = {
    "quantities": {"devices": 100},
    "alone": 4000,
    "contract": {"ends": "2027-06-30", "yearly": 5000, "penalty": 300},
}
COSTS = [
    {"kind": "fixed", "name": "plateforme", "amount": 7000},
    {"kind": "per-unit", "name": "capteurs", "unit": "devices", "price": 10},
]
ASKED: dict[str, Any] = {
    "kind": "groups",
    "service": SERVICE,
    "from": "2027-01-01",
    "until": "2031-01-01",
    "costs": COSTS,
    "sharing_key": {"parts": [{"by": "devices"}]},
}
OFFER: dict[str, Any] = {
    "provider": "Syndicat voisin",
    "service": SERVICE,
    "name": "Suivi des bâtiments",
    "area": [ROCHE, "departement-44"],
    "since": "2024-01-01",
    "price": "1,20 € par habitant",
    "source": "rapport d'activité 2025",
}


def declared(territory: Territory, who: str = "syndicate", member: str = ROCHE, **changes: Any) -> Any:
    body = {"member": member, "service": SERVICE, "need": NEED, **changes}
    return territory.as_(who).post("/pooling/needs", json=body)


def three(territory: Territory) -> None:
    for member in (ROCHE, OLONNE, CHALLANS):
        assert declared(territory, member=member).status_code == 201


def test_a_need_is_said_again_and_what_it_was_stays(territory: Territory) -> None:
    first = declared(territory, "roche editor").json()
    again = declared(territory, "roche", need={**NEED, "alone": 4500}, after=first["id"])
    assert again.status_code == 201, again.text
    found = territory.as_("roche reader").get("/pooling/needs").json()["items"]
    assert [(one["id"], one["need"]["alone"]) for one in found] == [(again.json()["id"], "4500")]
    every = territory.as_("roche").get("/pooling/needs", params={"withdrawn": True}).json()["items"]
    assert [one["withdrawn"] is None for one in every] == [False, True]


def test_a_need_that_another_said_meanwhile_is_not_written_over(territory: Territory) -> None:
    first = declared(territory).json()["id"]
    late = declared(territory)
    assert late.status_code == 409
    assert "relisez" in late.json()["detail"]
    assert territory.as_("syndicate").delete(f"/pooling/needs/{first}").json()["withdrawn"]["by_name"]
    assert territory.as_("syndicate").delete(f"/pooling/needs/{first}").status_code == 409
    assert declared(territory, after=first).status_code == 409
    assert declared(territory).status_code == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"service": "nothing"}, None),
        ({"member": "commune-00000"}, None),
        ({"need": {"quantities": {"devices": -1}}}, "need.quantities.devices"),
        ({"need": {"contract": {"ends": "2027-06-30", "yearly": "1e99"}}}, "need.contract.yearly"),
        ({"tender": " x"}, "tender"),
        ({"need": {"price": 1}}, "need.price"),
    ],
)
def test_a_need_that_cannot_be_is_refused_with_what_is_wrong(
    territory: Territory, changes: dict[str, Any], field: str | None
) -> None:
    answer = declared(territory, **changes)
    assert answer.status_code == (404 if field is None else 422), answer.text
    if field is not None:
        assert field in [one["field"] for one in answer.json()["errors"]]


def test_each_reads_and_says_its_own_needs(territory: Territory) -> None:
    three(territory)
    mine = territory.as_("roche reader").get("/pooling/needs").json()["items"]
    assert [one["member"] for one in mine] == [ROCHE]
    assert len(territory.as_("syndicate").get("/pooling/needs").json()["items"]) == 3
    reader = elected(territory)
    assert len(reader.get("/pooling/needs").json()["items"]) == 3
    assert territory.as_("stranger").get("/pooling/needs").status_code == 401
    (id_,) = (one["id"] for one in mine)
    for who, said in (("roche reader", 403), ("olonne", 404), ("stranger", 401)):
        assert declared(territory, who, after=id_).status_code == said, who
        assert territory.as_(who).delete(f"/pooling/needs/{id_}").status_code == said, who
    body = {"member": ROCHE, "service": SERVICE, "need": NEED, "after": id_}
    assert reader.post("/pooling/needs", json=body).status_code == 403


def test_a_key_narrowed_to_another_service_reads_no_need_of_it(territory: Territory) -> None:
    three(territory)
    territory.keys["water"] = territory.key(ROCHE, "edit", services=["water"])
    assert territory.as_("water").get("/pooling/needs").json()["items"] == []
    assert territory.as_("water").get("/pooling/groups", params={"service": SERVICE}).status_code == 404
    assert declared(territory, "water").status_code in (403, 404)


def test_groups_are_proposed_from_needs_and_a_member_reads_its_own_figures(territory: Territory) -> None:
    three(territory)
    syndicate = territory.as_("syndicate")
    asked = {"service": SERVICE}
    before = syndicate.get("/pooling/groups", params=asked).json()
    assert (before["needs"], before["fresh"], before["proposal"]) == (3, False, None)
    computed(territory, ASKED)
    found = syndicate.get("/pooling/groups", params=asked).json()
    assert found["fresh"]
    (group,) = found["proposal"]["groups"]
    assert set(group["names"]) == {ROCHE, OLONNE, CHALLANS}
    assert Decimal(group["cost"]) == Decimal(10_000)
    assert sorted(Decimal(one["cost"]) for one in group["members"]) == [Decimal("3333.33")] * 2 + [Decimal("3333.34")]
    assert found["proposal"]["critical"]["size"] == 3
    mine = territory.as_("roche reader").get("/pooling/groups", params=asked).json()
    assert mine["computation"] is None
    assert [one["member"] for one in mine["proposal"]["groups"][0]["members"]] == [ROCHE]
    assert mine["proposal"]["critical"]["members"] == []
    for who, status in (("stranger", 401),):
        assert territory.as_(who).get("/pooling/groups", params=asked).status_code == status
    declared(territory, member=CHALLANS, after=3)
    assert not syndicate.get("/pooling/groups", params=asked).json()["fresh"]


def test_groups_are_pooled_under_the_kept_model_of_the_service(territory: Territory) -> None:
    three(territory)
    kept(territory)
    computed(territory, {name: value for name, value in ASKED.items() if name not in ("costs", "sharing_key")})
    proposal = territory.as_("syndicate").get("/pooling/groups", params={"service": SERVICE}).json()["proposal"]
    assert proposal["name"] == "Bâtiments suivis"
    assert territory.as_("syndicate").get(PATH).status_code == 200


def test_a_purchase_in_common_has_needs_of_its_own(territory: Territory) -> None:
    three(territory)
    for member in (ROCHE, OLONNE):
        assert declared(territory, member=member, tender="Capteurs 2027").status_code == 201
    found = computed(territory, {**ASKED, "tender": "Capteurs 2027"})
    assert found["request"]["tender"] == "Capteurs 2027"
    asked = {"service": SERVICE, "tender": "Capteurs 2027"}
    assert territory.as_("syndicate").get("/pooling/groups", params=asked).json()["needs"] == 2
    assert territory.as_("syndicate").get("/pooling/groups", params={"service": SERVICE}).json()["proposal"] is None


def test_groups_are_asked_by_the_structures_editors_of_what_can_be_computed(territory: Territory) -> None:
    syndicate = territory.as_("syndicate")
    assert syndicate.post("/pooling/computations", json=ASKED).json()["errors"][0]["field"] == "service"
    three(territory)
    bare = {name: value for name, value in ASKED.items() if name != "costs"}
    refused = syndicate.post("/pooling/computations", json=bare)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "costs")
    nowhere = syndicate.post("/pooling/computations", json={**ASKED, "distance": {"per_km": 1}})
    assert [one["field"] for one in nowhere.json()["errors"]] == ["members[0]", "members[1]", "members[2]"]
    assert elected(territory).post("/pooling/computations", json=ASKED).status_code == 403
    for who, status in (("roche", 403), ("stranger", 401)):
        assert territory.as_(who).post("/pooling/computations", json=ASKED).status_code == status


def test_what_is_offered_twice_on_the_same_ground_shows(territory: Territory) -> None:
    syndicate = territory.as_("syndicate")
    made = syndicate.post("/pooling/catalogue", json=OFFER)
    assert made.status_code == 201, made.text
    far = {**OFFER, "provider": "Syndicat lointain", "area": ["departement-2A"]}
    assert syndicate.post("/pooling/catalogue", json=far).status_code == 201
    found = territory.as_("roche reader").get("/pooling/catalogue").json()
    assert [one["provider"] for one in found["entries"]] == ["Syndicat lointain", "Syndicat voisin"]
    (overlap,) = found["overlaps"]
    assert (overlap["service"], overlap["providers"]) == (SERVICE, ["Syndicat d'essai", "Syndicat voisin"])
    assert (overlap["communes"], overlap["names"]) == (1, ["La Roche-sur-Yon"])
    assert syndicate.delete(f"/pooling/catalogue/{made.json()['id']}").status_code == 200
    assert syndicate.get("/pooling/catalogue").json()["overlaps"] == []


def test_catalogues_are_entered_by_the_structures_editors_and_read_by_members(territory: Territory) -> None:
    made = territory.as_("syndicate").post("/pooling/catalogue", json=OFFER).json()
    reader = elected(territory)
    assert reader.get("/pooling/catalogue").status_code == 200
    assert reader.post("/pooling/catalogue", json=OFFER).status_code == 403
    for who, status in (("roche", 403), ("stranger", 401)):
        caller = territory.as_(who)
        assert caller.post("/pooling/catalogue", json=OFFER).status_code == status
        assert caller.delete(f"/pooling/catalogue/{made['id']}").status_code == status
        sent = caller.post("/pooling/catalogue/imports", content=b"a;b", headers={"Content-Type": "text/csv"})
        assert sent.status_code in (status, 422 if who == "roche" else status)
    for path in ("/pooling/catalogue", "/pooling/forms"):
        assert territory.as_("stranger").get(path).status_code == 401
        assert territory.as_("roche reader").get(path).status_code == 200


def imported(territory: Territory, table: str, media: str = "text/csv") -> Any:
    return territory.as_("syndicate").post(
        "/pooling/catalogue/imports", content=table.encode(), headers={"Content-Type": media}
    )


def test_a_table_of_offers_is_taken_in_whole(territory: Territory) -> None:
    table = (
        "Structure;Service;Nom;Territoire;Depuis;Prix;Source\r\n"
        "Agglo voisine;Bâtiments;Suivi;85191 commune-85194;01/02/2025;;site de l'agglo\r\n"
        "Département;lighting;Éclairage;departement-85;;gratuit;\r\n"
    )
    answer = imported(territory, table)
    assert answer.status_code == 201, answer.text
    first, second = answer.json()["items"]
    assert (first["service"], first["area"], first["since"]) == (SERVICE, [ROCHE, OLONNE], "2025-02-01")
    assert second["communes"] > 200


def test_a_table_that_is_wrong_is_told_by_row_and_nothing_of_it_is_kept(territory: Territory) -> None:
    table = (
        "structure;service;nom;territoire;depuis\n"
        "Agglo;buildings;Suivi;85191;\n"
        "Agglo;elevators;Suivi;99999;32/01/2025\n"
        ";buildings;;85191;\n"
    )
    answer = imported(territory, table)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [
        "3.service",
        "3.area",
        "3.since",
        "4.provider",
        "4.name",
    ]
    assert imported(territory, "structure;nom\na;b\n").status_code == 422
    assert imported(territory, "", "application/json").status_code == 415
    assert territory.as_("syndicate").get("/pooling/catalogue").json()["entries"] == []


def test_an_offer_of_what_is_unknown_is_refused(territory: Territory) -> None:
    answer = territory.as_("syndicate").post(
        "/pooling/catalogue", json={**OFFER, "service": "elevators", "area": ["commune-99999"]}
    )
    assert [one["field"] for one in answer.json()["errors"]] == ["[0].service", "[0].area"]


def test_every_form_of_cooperation_says_what_it_demands_and_where_it_is_written(territory: Territory) -> None:
    found = territory.as_("roche reader").get("/pooling/forms").json()["items"]
    assert [one["code"] for one in found] == [
        "adhesion",
        "transfer",
        "convention",
        "shared-service",
        "services-lent",
        "employers-group",
        "public-interest-group",
        "purchase-group",
        "purchasing-body",
        "entente",
        "spl",
        "closed-syndicate",
        "mixed-syndicate",
    ]
    for one in found:
        assert one["sources"], one["code"]
        assert all(source["url"].startswith("https://www.legifrance.gouv.fr/") for source in one["sources"])
        for name in ("name", "what", "suits", "deliberation", "duration", "exit"):
            assert one[name]["fr"], (one["code"], name)
            assert one[name]["en"], (one["code"], name)
        assert all(source["article"] in source["url"] for source in one["sources"] if source["code"] != "GIP")
    assert [one["code"] for one in found if not one["checked"]] == ["services-lent"]
