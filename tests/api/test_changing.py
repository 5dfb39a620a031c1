"""A connection said anew: it looks where it is told from then on, and what opens is not lent to another place."""

from typing import Any

import httpx2
import pytest

from tests.api.fetched import connect, faults, look, state, until
from tests.api.test_polling import make_station, poll, reading
from tests.conftest import OLONNE, ROCHE, Territory
from tests.pipeline.test_reception import values
from tests.servers import a_web, says, versioned


def changed(territory: Territory, key: str, who: str = "roche", **body: Any) -> httpx2.Response:
    given = {"name": "Relevé", **body}
    return territory.as_(who, **{"Accept-Language": "en"}).put(f"/connections/{key}", json=given)


def at(url: str, period: int = 3600) -> dict[str, Any]:
    return {"url": url, "period": period}


def settled(territory: Territory, key: str, web: Any, asked: int) -> None:
    until(lambda: len(web.requests) > asked)
    until(lambda: state(territory, key).get("looked_at"))


def test_it_looks_elsewhere_from_then_on(territory: Territory) -> None:
    make_station(territory)
    with a_web(versioned(reading(), etag='"1"')) as web:
        key = poll(territory, web.url("/old"))
        settled(territory, key, web, 0)
        answer = changed(territory, key, name="Autre nom", poll=at(web.url("/new"), 600))
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert (told["name"], told["settings"]["poll"]["period"], told["transport"]) == ("Autre nom", 600, "poll")
        until(lambda: web.requests[-1][0] == "/new")
        assert "if-none-match" not in web.requests[-1][1]  # it is another document
    assert len(values(territory)) == 1


def test_what_is_fetched_already_is_not_fetched_again_for_a_new_name(territory: Territory) -> None:
    make_station(territory)
    with a_web(versioned(reading(), etag='"1"')) as web:
        key = poll(territory, web.url())
        settled(territory, key, web, 0)
        assert changed(territory, key, name="Autre", poll=at(web.url(), 600)).status_code == 200
        settled(territory, key, web, 1)
        assert look(territory, key)["status"] == 304
        assert all("if-none-match" in headers for _, headers in web.requests[1:])


def test_what_opens_stays_where_none_is_given(territory: Territory) -> None:
    with a_web(says(reading())) as web:
        key = poll(territory, web.url(), password="s3cret", headers={"X-Api-Key": "k3y"})
        settled(territory, key, web, 0)
        asked = len(web.requests)
        answer = changed(territory, key, name="Autre", poll=at(web.url(), 600))
        assert "s3cret" not in answer.text and "k3y" not in answer.text
        assert answer.json()["settings"]["headers"] == ["X-Api-Key"]
        settled(territory, key, web, asked)
        sent = web.requests[-1][1]
        assert (sent["authorization"], sent["x-api-key"]) == ("Bearer s3cret", "k3y")
        asked = len(web.requests)
        changed(territory, key, poll=at(web.url(), 700), password="", headers={})
        settled(territory, key, web, asked)
        assert not {"authorization", "x-api-key"} & web.requests[-1][1].keys()


def test_what_opens_one_place_is_not_told_to_another(territory: Territory) -> None:
    with a_web(says(reading())) as web, a_web(says(reading())) as other:
        key = poll(territory, web.url(), password="s3cret", headers={"X-Api-Key": "k3y"})
        refused = changed(territory, key, poll=at(other.url()))
        assert set(faults(refused)) == {"password", "headers"}
        refused = changed(territory, key, poll=at(other.url()), password="other")
        assert set(faults(refused)) == {"headers"}
        assert other.requests == []
        assert changed(territory, key, poll=at(other.url()), password="other", headers={}).status_code == 200
        until(lambda: other.requests)
        assert other.requests[0][1]["authorization"] == "Bearer other"


def test_it_stays_of_its_way_in(territory: Territory) -> None:
    with a_web(says(reading())) as web:
        key = poll(territory, web.url())
        assert set(faults(changed(territory, key))) == {"transport"}
        broker = {"host": "127.0.0.1", "port": 1883, "tls": False}
        assert set(faults(changed(territory, key, broker=broker))) == {"transport"}
        assert set(faults(changed(territory, key, poll=at(web.url()), broker=broker))) == {"transport"}
    posted = connect(territory)
    assert changed(territory, posted, name="Autre").json()["name"] == "Autre"


@pytest.mark.parametrize("url", ["nowhere", "http://169.254.169.254/latest", "http://user:pass@localhost/"])
def test_what_could_not_be_made_cannot_be_become(territory: Territory, url: str) -> None:
    with a_web(says(reading())) as web:
        key = poll(territory, web.url())
        assert set(faults(changed(territory, key, poll=at(url)))) == {"poll.url"}
        kept = territory.as_("roche").get(f"/connections/{key}").json()
        assert kept["settings"]["poll"]["url"] == web.url()


def test_only_who_administers_its_owner_changes_it(territory: Territory) -> None:
    key = connect(territory)
    assert changed(territory, key, "roche reader").status_code in (403, 404)
    assert changed(territory, key, "olonne").status_code == 404
    assert changed(territory, key, "stranger").status_code == 401
    assert changed(territory, key, owner=OLONNE).status_code in (400, 422)
    assert territory.as_("roche").get(f"/connections/{key}").json()["owner"] == ROCHE


def test_one_that_is_ended_stays_as_it_was(territory: Territory) -> None:
    key = connect(territory)
    territory.as_("roche").delete(f"/connections/{key}")
    assert changed(territory, key, name="Autre").status_code == 409


def test_it_is_in_the_trail(territory: Territory) -> None:
    key = connect(territory)
    changed(territory, key, name="Autre")
    trail = territory.as_("roche").get("/audit").json()["items"]
    assert "connection.change" in {one["action"] for one in trail}
