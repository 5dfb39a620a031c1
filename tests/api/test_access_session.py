"""Signing in and out over HTTP, what concerns oneself, and pages of other sites."""

from datetime import timedelta

from tests.api.signed_in import PASSWORD, a_person, browser, cookie_of, signed_in
from tests.conftest import OLONNE, ROCHE, Territory

DOORS = [
    ("GET", "/session"),
    ("DELETE", "/session"),
    ("GET", "/me"),
    ("PATCH", "/me"),
    ("GET", "/me/sessions"),
    ("DELETE", "/me/sessions"),
    ("DELETE", "/me/sessions/ses-1"),
]


def test_a_stranger_is_asked_to_sign_in(territory: Territory) -> None:
    for method, path in DOORS:
        answer = territory.as_("stranger")(method, path)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


def test_signing_in_with_a_password_opens_a_session(territory: Territory) -> None:
    key = a_person(territory, "ana@roche.fr", ROCHE, "editor", PASSWORD)
    answer = territory.as_("stranger").post("/session", json={"email": "Ana@Roche.fr", "password": PASSWORD})
    assert answer.status_code == 200
    who = answer.json()
    assert who.pop("session").startswith("ses-")
    assert who == {
        "kind": "person",
        "key": key,
        "name": "ana@roche.fr",
        "email": "ana@roche.fr",
        "language": "fr",
        "rights": {ROCHE: "edit"},
        "instance": False,
        "structure": territory.structure,
    }
    again = browser(territory, cookie_of(answer, territory)).get("/session").json()
    assert again == answer.json()


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(territory: Territory) -> None:
    a_person(territory, "ana@roche.fr", ROCHE, password=PASSWORD)
    proof = {"email": "ana@roche.fr", "password": PASSWORD}
    for base, secure in (("http://testserver", False), ("https://testserver", True)):
        answer = territory.client.post(f"{base}/api/v1/session", json=proof)
        territory.client.cookies.clear()
        attributes = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= attributes
        assert ("secure" in attributes) == secure


def test_a_wrong_password_and_an_unknown_email_get_the_same_answer(territory: Territory) -> None:
    a_person(territory, "ana@roche.fr", ROCHE, password=PASSWORD)
    stranger = territory.as_("stranger")
    answers = [
        stranger.post("/session", json={"email": email, "password": "not the password"})
        for email in ("ana@roche.fr", "nobody@roche.fr")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
    assert not any("set-cookie" in answer.headers for answer in answers)


def test_too_many_failures_say_when_to_try_again(territory: Territory) -> None:
    proof = {"email": "nobody@roche.fr", "password": "not the password"}
    answers = [territory.as_("stranger").post("/session", json=proof) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 30


def test_half_a_proof_is_refused(territory: Territory) -> None:
    for proof in ({}, {"email": "a@b.fr"}, {"password": "x"}, {"token": "x", "password": "x"}):
        assert territory.as_("stranger").post("/session", json=proof).status_code == 422


def test_a_one_time_link_signs_in_once(territory: Territory) -> None:
    person = a_person(territory, "ana@roche.fr", ROCHE, "reader")
    link = territory.as_("roche").post("/sign-in-links", json={"person": person})
    assert link.status_code == 201
    proof = {"token": link.json()["token"]}
    assert territory.as_("stranger").post("/session", json=proof).status_code == 200
    territory.client.cookies.clear()
    assert territory.as_("stranger").post("/session", json=proof).status_code == 401


def test_signing_out_ends_the_session_and_takes_the_cookie_back(territory: Territory) -> None:
    person = a_person(territory, "ana@roche.fr", ROCHE)
    ana = signed_in(territory, person)
    answer = ana.delete("/session")
    assert answer.status_code == 204
    assert 'beffroi_session=""' in answer.headers["set-cookie"] and "Max-Age=0" in answer.headers["set-cookie"]
    territory.client.cookies.clear()
    assert ana.get("/session").status_code == 401


def test_a_key_says_whose_it_is(territory: Territory) -> None:
    who = territory.as_("syndicate").get("/session").json()
    assert (who["kind"], who["rights"]) == ("key", {territory.structure: "administer"})
    assert who["instance"] is True
    assert territory.as_("roche").get("/session").json()["instance"] is False


def test_a_key_is_nobody(territory: Territory) -> None:
    for method, path in (("DELETE", "/session"), ("GET", "/me"), ("GET", "/me/sessions")):
        assert territory.as_("roche")(method, path).status_code == 403
    assert territory.as_("roche").patch("/me", json={"name": "x"}).status_code == 403


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Sec-Fetch-Site": "", "Origin": "https://elsewhere.example"},
]


def test_a_page_of_another_site_writes_nothing_with_ones_session(territory: Territory) -> None:
    person = a_person(territory, "ana@roche.fr", ROCHE)
    ana = signed_in(territory, person)
    for headers in FOREIGN:
        assert ana.patch("/me", json={"name": "Autre"}, headers=headers).status_code == 403
    assert ana.get("/me").json()["person"]["name"] == "ana@roche.fr"


def test_a_request_that_does_not_say_where_it_comes_from_writes_nothing_with_a_session(territory: Territory) -> None:
    token = signed_in(territory, a_person(territory, "ana@roche.fr", ROCHE)).headers["Cookie"]
    answer = territory.client.patch("/api/v1/me", json={"name": "Autre"}, headers={"Cookie": token})
    assert answer.status_code == 403


def test_the_consoles_own_pages_write(territory: Territory) -> None:
    token = signed_in(territory, a_person(territory, "ana@roche.fr", ROCHE)).headers["Cookie"]
    for said in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}):
        answer = territory.client.patch("/api/v1/me", json={"name": "Ana"}, headers={"Cookie": token, **said})
        assert answer.status_code == 200


def test_another_site_does_not_sign_its_visitors_in(territory: Territory) -> None:
    for headers in FOREIGN:
        stranger = territory.as_("stranger", **headers)
        for path in ("/session", "/invitations/accept"):
            assert stranger.post(path, json={"token": "whatever"}).status_code == 403


def test_one_changes_ones_name_and_language(territory: Territory) -> None:
    ana = signed_in(territory, a_person(territory, "ana@roche.fr", ROCHE, "reader"))
    assert ana.patch("/me", json={"name": " Ana ", "language": "en"}).status_code == 200
    who = ana.get("/session").json()
    assert (who["name"], who["language"]) == ("Ana", "en")


def test_a_new_password_needs_the_present_one_and_ends_the_other_sessions(territory: Territory) -> None:
    person = a_person(territory, "ana@roche.fr", ROCHE, password=PASSWORD)
    here, elsewhere = signed_in(territory, person), signed_in(territory, person)
    new = "une autre phrase, plus longue"
    for current, field in ((None, "current"), ("pas la bonne", "current")):
        body = {"password": new, **({"current": current} if current else {})}
        answer = here.patch("/me", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert elsewhere.get("/session").status_code == 200
    assert here.patch("/me", json={"password": new, "current": PASSWORD}).status_code == 200
    assert here.get("/session").status_code == 200
    assert elsewhere.get("/session").status_code == 401
    answer = territory.as_("stranger").post("/session", json={"email": "ana@roche.fr", "password": new})
    territory.client.cookies.clear()
    assert answer.status_code == 200


def test_who_came_by_a_link_chooses_a_password_without_the_forgotten_one_within_the_hour(territory: Territory) -> None:
    person = a_person(territory, "ana@roche.fr", ROCHE, password=PASSWORD)
    late = signed_in(territory, person, "link", timedelta(hours=1))
    assert late.patch("/me", json={"password": "encore une autre phrase"}).status_code == 422
    fresh = signed_in(territory, person, "link")
    assert fresh.patch("/me", json={"password": "encore une autre phrase"}).status_code == 200


def test_a_first_password_is_chosen_freely_but_not_too_plain(territory: Territory) -> None:
    ana = signed_in(territory, a_person(territory, "ana@roche.fr", ROCHE))
    assert ana.get("/me").json()["has_password"] is False
    answer = ana.patch("/me", json={"password": "motdepasse"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "password")
    assert ana.patch("/me", json={"password": PASSWORD}).json()["has_password"] is True


def test_a_refused_password_changes_nothing_else(territory: Territory) -> None:
    ana = signed_in(territory, a_person(territory, "ana@roche.fr", ROCHE))
    ana.patch("/me", json={"name": "Autre", "password": "motdepasse"})
    assert ana.get("/me").json()["person"]["name"] == "ana@roche.fr"


def test_one_lists_and_ends_ones_sessions(territory: Territory) -> None:
    person = a_person(territory, "ana@roche.fr", ROCHE)
    here, elsewhere = signed_in(territory, person), signed_in(territory, person)
    this = here.get("/session").json()["session"]
    listed = {one["key"] for one in here.get("/me/sessions").json()["items"]}
    (other,) = listed - {this}
    assert here.delete(f"/me/sessions/{other}").status_code == 204
    assert elsewhere.get("/session").status_code == 401
    assert here.get("/session").status_code == 200


def test_another_persons_sessions_are_not_seen_nor_ended(territory: Territory) -> None:
    ana = signed_in(territory, a_person(territory, "ana@roche.fr", ROCHE))
    bea = signed_in(territory, a_person(territory, "bea@olonne.fr", OLONNE))
    key = ana.get("/session").json()["session"]
    assert key not in bea.get("/me/sessions").text
    assert bea.delete(f"/me/sessions/{key}").status_code == 404
    assert ana.get("/session").status_code == 200


def test_one_ends_all_ones_other_sessions_at_once(territory: Territory) -> None:
    person = a_person(territory, "ana@roche.fr", ROCHE)
    bea = signed_in(territory, a_person(territory, "bea@roche.fr", ROCHE))
    here, *others = [signed_in(territory, person) for _ in range(3)]
    assert here.delete("/me/sessions").json() == {"sessions": 2}
    assert [one.get("/session").status_code for one in (here, *others, bea)] == [200, 401, 401, 200]
    assert here.delete("/me/sessions").json() == {"sessions": 0}
    assert territory.as_("roche").delete("/me/sessions").status_code == 403
