"""People, roles, links and invitations over HTTP."""

from typing import Any

from beffroi.access import roles
from tests.api.signed_in import PASSWORD, a_person, browser, cookie_of, signed_in
from tests.conftest import CHALLANS, NOW, OLONNE, ROCHE, Territory

ACCEPTANCE = {"name": "Ana", "password": PASSWORD}


DOORS = [
    ("GET", "/people"),
    ("GET", "/people/per-1"),
    ("PATCH", "/people/per-1"),
    ("DELETE", "/people/per-1/sessions"),
    ("GET", f"/roles?collectivity={ROCHE}"),
    ("PUT", f"/roles/{ROCHE}/per-1"),
    ("DELETE", f"/roles/{ROCHE}/per-1"),
    ("POST", "/sign-in-links"),
    ("GET", "/invitations"),
    ("POST", "/invitations"),
    ("DELETE", "/invitations/inv-1"),
]


def test_a_stranger_is_asked_to_sign_in(territory: Territory) -> None:
    for method, path in DOORS:
        assert territory.as_("stranger")(method, path).status_code == 401


def invited(territory: Territory, who: str = "roche", **changes: Any) -> Any:
    body = {"email": "ana@roche.fr", "collectivity": ROCHE, "role": "editor", **changes}
    return territory.as_(who).post("/invitations", json=body)


def test_people_are_those_of_ones_collectivities(territory: Territory) -> None:
    here = a_person(territory, "ana@roche.fr", ROCHE, "reader")
    a_person(territory, "bea@olonne.fr", OLONNE, "reader")
    assert [one["key"] for one in territory.as_("roche").get("/people").json()["items"]] == [here]
    assert territory.as_("roche").get(f"/people/{here}").json()["email"] == "ana@roche.fr"
    for other in ("olonne", "syndicate", "roche operator"):
        assert here not in territory.as_(other).get("/people").text
        assert territory.as_(other).get(f"/people/{here}").status_code == 404
    assert territory.as_("olonne").get("/people", params={"collectivity": ROCHE}).status_code == 404


def test_only_the_structure_closes_accounts_and_sessions_end_with_them(territory: Territory) -> None:
    person = a_person(territory, "ana@roche.fr", ROCHE, "reader")
    ana = signed_in(territory, person)
    assert territory.as_("roche").patch(f"/people/{person}", json={"disabled": True}).status_code == 403
    assert territory.as_("olonne").patch(f"/people/{person}", json={"disabled": True}).status_code == 403
    assert ana.get("/session").status_code == 200
    assert territory.as_("syndicate").patch(f"/people/{person}", json={"disabled": True}).json()["disabled"]
    assert ana.get("/session").status_code == 401


def test_a_role_given_holds_for_the_next_request(territory: Territory) -> None:
    person = a_person(territory, "ana@roche.fr", ROCHE, "reader")
    ana = signed_in(territory, person)
    assert ana.get("/session").json()["rights"] == {ROCHE: "read"}
    path = f"/roles/{ROCHE}/{person}"
    assert territory.as_("roche").put(path, json={"role": "operator"}).json()["role"] == "operator"
    assert ana.get("/session").json()["rights"] == {ROCHE: "operate"}
    assert territory.as_("roche").delete(path).status_code == 204
    assert ana.get("/session").json()["rights"] == {}


def test_roles_of_another_collectivity_are_neither_seen_nor_changed(territory: Territory) -> None:
    person = a_person(territory, "ana@roche.fr", ROCHE, "reader")
    path = f"/roles/{ROCHE}/{person}"
    for other in ("olonne", "syndicate"):
        assert territory.as_(other).get("/roles", params={"collectivity": ROCHE}).status_code == 404
        assert territory.as_(other).delete(path).status_code == 404
    assert territory.as_("olonne").put(path, json={"role": "administrator"}).status_code == 404
    assert territory.as_("roche operator").put(path, json={"role": "administrator"}).status_code == 403
    listed = territory.as_("roche").get("/roles", params={"collectivity": ROCHE}).json()["items"]
    assert [(one["person"], one["role"]) for one in listed] == [(person, "reader")]


def test_the_last_administrator_stays(territory: Territory) -> None:
    person = a_person(territory, "ana@roche.fr", ROCHE)
    answer = signed_in(territory, person).delete(f"/roles/{ROCHE}/{person}")
    assert (answer.status_code, "Dernier administrateur" in answer.json()["detail"]) == (409, True)


def test_the_structure_names_a_first_administrator_and_no_second(territory: Territory) -> None:
    first, second = (a_person(territory, f"{name}@olonne.fr", OLONNE, "reader") for name in ("ana", "bea"))
    syndicate = territory.as_("syndicate")
    assert syndicate.put(f"/roles/{CHALLANS}/{first}", json={"role": "reader"}).status_code == 403
    assert syndicate.put(f"/roles/{CHALLANS}/{first}", json={"role": "administrator"}).status_code == 200
    assert syndicate.put(f"/roles/{CHALLANS}/{second}", json={"role": "administrator"}).status_code == 403


def test_the_structure_does_not_name_its_own_administrators_in_a_member(territory: Territory) -> None:
    chief = a_person(territory, "op@structure.fr", territory.structure)
    path = f"/roles/{CHALLANS}/{chief}"
    for caller in (signed_in(territory, chief), territory.as_("syndicate")):
        assert caller.put(path, json={"role": "administrator"}).status_code == 403


def test_nobody_is_named_or_invited_where_there_is_no_collectivity(territory: Territory) -> None:
    person = a_person(territory, "ana@roche.fr", ROCHE)
    path = f"/roles/commune-00000/{person}"
    assert territory.as_("syndicate").put(path, json={"role": "administrator"}).status_code == 404
    assert invited(territory, "syndicate", collectivity="commune-00000", role="administrator").status_code == 404


def test_a_link_is_given_only_by_who_administers_wherever_the_person_works(territory: Territory) -> None:
    person = a_person(territory, "ana@roche.fr", ROCHE)
    for other in ("olonne", "syndicate"):
        assert territory.as_(other).post("/sign-in-links", json={"person": person}).status_code == 404
    assert territory.as_("roche").post("/sign-in-links", json={"person": person}).status_code == 201
    token = invited(territory, "olonne", collectivity=OLONNE, role="reader", email="ana@roche.fr").json()["token"]
    taken = signed_in(territory, person).post("/invitations/accept", json={"token": token})
    territory.client.cookies.clear()
    assert taken.status_code == 200
    for each in ("roche", "olonne"):
        assert territory.as_(each).post("/sign-in-links", json={"person": person}).status_code == 403


def test_accepting_an_invitation_makes_an_account_and_signs_in(territory: Territory) -> None:
    token = invited(territory).json()["token"]
    answer = territory.as_("stranger").post("/invitations/accept", json={"token": token, **ACCEPTANCE})
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["rights"]) == ("Ana", {ROCHE: "edit"})
    ana = browser(territory, cookie_of(answer, territory))
    assert ana.get("/session").json() == answer.json()
    again = territory.as_("stranger").post("/invitations/accept", json={"token": token, **ACCEPTANCE})
    assert again.status_code == 401


def test_a_plain_password_leaves_the_invitation_open(territory: Territory) -> None:
    token = invited(territory).json()["token"]
    stranger = territory.as_("stranger")
    refused = stranger.post("/invitations/accept", json={"token": token, "name": "Ana", "password": "court"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "password")
    assert stranger.post("/invitations/accept", json={"token": token, **ACCEPTANCE}).status_code == 200


def test_who_has_an_account_signs_in_before_accepting(territory: Territory) -> None:
    ana = signed_in(territory, a_person(territory, "ana@roche.fr", OLONNE, "reader"))
    token = invited(territory).json()["token"]
    stranger = territory.as_("stranger").post("/invitations/accept", json={"token": token, **ACCEPTANCE})
    assert stranger.status_code == 409
    bea = signed_in(territory, a_person(territory, "bea@roche.fr", ROCHE))
    assert bea.post("/invitations/accept", json={"token": token}).status_code == 409
    answer = ana.post("/invitations/accept", json={"token": token})
    territory.client.cookies.clear()
    assert answer.json()["rights"] == {ROCHE: "edit", OLONNE: "read"}


def test_a_revoked_invitation_opens_nothing(territory: Territory) -> None:
    made = invited(territory).json()
    path = f"/invitations/{made['invitation']['key']}"
    for other in ("olonne", "syndicate", "roche operator"):
        assert territory.as_(other).delete(path).status_code == 404
    assert territory.as_("roche").delete(path).status_code == 204
    answer = territory.as_("stranger").post("/invitations/accept", json={"token": made["token"], **ACCEPTANCE})
    assert answer.status_code == 401


def test_invitations_are_for_administrators(territory: Territory) -> None:
    made = invited(territory).json()
    assert made["token"] not in territory.as_("roche").get("/invitations").text
    listed = territory.as_("roche").get("/invitations", params={"waiting": True}).json()["items"]
    assert [one["key"] for one in listed] == [made["invitation"]["key"]]
    assert territory.as_("olonne").get("/invitations").json() == {"items": []}
    assert invited(territory, "olonne").status_code == 404
    assert invited(territory, "roche operator").status_code == 403


def test_what_is_no_email_is_refused(territory: Territory) -> None:
    for email in ("", "nobody", "a b@c.fr", "a@b@c.fr", "a\n@b.fr"):
        answer = invited(territory, email=email)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "email")


def test_an_administrator_signs_one_of_its_people_out_everywhere(territory: Territory) -> None:
    person = a_person(territory, "ana@roche.fr", ROCHE, "reader")
    ana = [signed_in(territory, person) for _ in range(2)]
    path = f"/people/{person}/sessions"
    for who, status in (("roche operator", 404), ("roche reader", 404), ("olonne", 404), ("syndicate", 404)):
        assert territory.as_(who).delete(path).status_code == status
    assert ana[0].delete(path).status_code == 403
    assert territory.as_("roche").delete(path).json() == {"sessions": 2}
    assert [one.get("/session").status_code for one in ana] == [401, 401]


def test_nobody_signs_out_who_also_works_elsewhere(territory: Territory) -> None:
    person = a_person(territory, "ana@roche.fr", ROCHE, "reader")
    with territory.instance.rooms.database.write() as tx:
        roles.grant(territory.system, tx, person, OLONNE, "reader", now=NOW)
    ana = signed_in(territory, person)
    assert territory.as_("roche").delete(f"/people/{person}/sessions").status_code == 403
    assert ana.get("/session").status_code == 200
