"""The first run: what answers before there is a structure, who may make it, and that it is made once and whole."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from beffroi.access import setup
from beffroi.api.application import describe
from beffroi.app import Instance, opened
from beffroi.serving import asgi
from beffroi.settings import Settings
from tests.api.signed_in import PASSWORD
from tests.conftest import OLONNE, ROCHE, Territory

EPCI = "epci-200071165"
ADMINISTRATOR = {"name": "Ines Moreau", "email": "ines@exemple.fr", "password": PASSWORD}


@dataclass
class Empty:
    """An instance without a structure. `token`: what the address printed at its start holds."""

    instance: Instance
    client: TestClient
    token: str

    def __call__(self, method: str, path: str, token: str | None = None, **options: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        return self.client.request(method, f"/api/v1{path}", headers=headers, **options)

    def found(self, token: str | None = None, **changes: Any) -> httpx2.Response:
        return self("POST", "/setup", token, json=founding(**changes))

    def link(self, at: datetime) -> str:
        with self.instance.rooms.database.write() as tx:
            return setup.make_link(tx, at)

    def count(self, table: str) -> int:
        with self.instance.rooms.database.read() as tx:
            found: int = tx.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
        return found


def founding(**changes: Any) -> dict[str, Any]:
    body = {"form": "syndicat", "name": "Syndicat d'essai", "members": [EPCI, ROCHE], "services": ["water", "waste"]}
    return {"person": ADMINISTRATOR, **body, **changes}


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Empty]:
    with (
        opened(Settings(data=tmp_path / "data", offline=True)) as instance,
        TestClient(asgi(instance), raise_server_exceptions=False) as client,
    ):
        made = Empty(instance, client, "")
        made.token = made.link(datetime.now(UTC))
        yield made


def test_nothing_but_health_answers_without_a_structure(empty: Empty) -> None:
    assert empty.client.get("/health").json()["status"] == "ok"
    for path, methods in describe()["paths"].items():
        for method in methods:
            if not path.startswith("/api/v1/setup"):
                answer = empty.client.request(method.upper(), path.replace("{", "").replace("}", ""))
                assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json"), path
    assert empty.client.get("/metrics").status_code == 503
    assert empty.client.post("/write", content=b"a b=1").status_code == 503


def test_a_browser_is_led_to_the_first_run(empty: Empty) -> None:
    answer = empty.client.get("/devices", headers={"Accept": "text/html"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/setup")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/setup"),
        ("GET", "/setup/referential?q=olonne"),
        ("GET", f"/setup/referential/{EPCI}/members"),
        ("POST", "/setup"),
    ],
)
@pytest.mark.parametrize("token", ["", "another-token"])
def test_a_stranger_without_the_token_is_refused(empty: Empty, method: str, path: str, token: str) -> None:
    answer = empty(method, path, token, **({"json": founding()} if method == "POST" else {}))
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    assert "beffroi serve" in answer.json()["detail"]
    assert empty.count("structure") == 0


def test_a_token_that_expired_or_was_replaced_opens_nothing(empty: Empty) -> None:
    replaced, empty.token = empty.token, empty.link(datetime.now(UTC))
    assert empty("GET", "/setup", replaced).status_code == 403
    assert empty("GET", "/setup").status_code == 200
    old = empty.link(datetime.now(UTC) - setup.LIFE - timedelta(seconds=1))
    assert empty.found(old).status_code == 403


def test_the_token_is_kept_hashed(empty: Empty) -> None:
    empty.instance.rooms.database.scrub()
    held = b"".join(path.read_bytes() for path in empty.instance.settings.data.glob("beffroi.sqlite*"))
    assert empty.token.encode() not in held


def test_another_site_cannot_found(empty: Empty) -> None:
    headers = {"Authorization": f"Bearer {empty.token}", "Sec-Fetch-Site": "cross-site"}
    assert empty.client.post("/api/v1/setup", headers=headers, json=founding()).status_code == 403


def test_what_is_chosen_is_found_in_the_referential(empty: Empty) -> None:
    assert "water" in [one["code"] for one in empty("GET", "/setup").json()["services"]]
    found = empty("GET", "/setup/referential?q=olonne&kind=epci").json()["items"]
    assert [one["key"] for one in found] == [EPCI]
    whole = empty("GET", "/setup/referential/departement-85/members").json()["items"]
    kinds = [one["kind"] for one in whole]
    assert (kinds.count("commune"), kinds.count("epci")) == (253, 19)


def test_a_structure_is_made_and_its_administrator_signed_in(empty: Empty) -> None:
    answer = empty.found()
    assert answer.status_code == 201, answer.text
    who = answer.json()
    assert (who["name"], who["instance"], who["structure"]) == ("Ines Moreau", True, "structure-syndicat-d-essai")
    get = empty.client.get  # by the cookie
    assert [one["member"] for one in get("/api/v1/memberships").json()["items"]] == [ROCHE, EPCI]
    services = get("/api/v1/services").json()["items"]
    assert [one["code"] for one in services if one.get("offered", True)] == ["waste", "water"]
    assert get("/api/v1/session").json()["rights"] == {"structure-syndicat-d-essai": "administer"}
    empty.client.cookies.clear()
    proof = {"email": ADMINISTRATOR["email"], "password": PASSWORD}
    assert empty.client.post("/api/v1/session", json=proof).status_code == 200


def test_the_token_serves_once(empty: Empty) -> None:
    assert empty.found().status_code == 201
    again = empty.found(name="Autre")
    assert (again.status_code, again.headers["content-type"]) == (409, "application/problem+json")
    assert "déjà sa structure" in again.json()["detail"]
    assert empty("GET", "/setup").status_code == 409
    assert empty("GET", "/setup/referential?q=olonne", "none").status_code == 409
    assert empty.count("setup_link") == 0


def test_of_two_at_once_one_wins(empty: Empty) -> None:
    answers: list[httpx2.Response] = []
    ready = threading.Barrier(4)

    def found(rank: int) -> None:
        person = {**ADMINISTRATOR, "email": f"p{rank}@exemple.fr"}
        ready.wait()
        answers.append(empty.found(name=f"Syndicat {rank}", person=person))

    threads = [threading.Thread(target=found, args=(rank,)) for rank in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
    assert (empty.count("structure"), empty.count("person")) == (1, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"members": [ROCHE, "commune-99999"]},
        {"services": ["water", "teleport"]},
        {"services": []},
        {"entry": "epci-1"},
        {"person": {**ADMINISTRATOR, "password": "court"}},
        {"person": {**ADMINISTRATOR, "email": "nowhere"}},
    ],
)
def test_what_is_refused_leaves_nothing_and_the_token_still_serves(empty: Empty, changes: dict[str, Any]) -> None:
    assert empty.found(**changes).status_code == 422
    assert [empty.count(one) for one in ("structure", "person", "collectivity", "session")] == [0, 0, 0, 0]
    assert empty.found().status_code == 201


KILLED = """
import os, sys
from pathlib import Path
from starlette.testclient import TestClient
from beffroi.app import opened
from beffroi.serving import asgi
from beffroi.registry import founding
from beffroi.settings import Settings

def killed(*given, **named):
    os.kill(os.getpid(), 9)

founding.setup.close = killed  # everything is written by then, nothing is committed
with opened(Settings(data=Path(sys.argv[1]), offline=True)) as instance:
    with TestClient(asgi(instance)) as client:
        client.post("/api/v1/setup", headers={"Authorization": f"Bearer {sys.argv[2]}"}, content=sys.argv[3])
"""


def test_a_process_killed_half_way_leaves_nothing_and_the_next_one_founds(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with opened(Settings(data=data)) as instance, instance.rooms.database.write() as tx:
        token = setup.make_link(tx, datetime.now(UTC))
    body = httpx2.Request("POST", "http://a", json=founding()).content
    ended = subprocess.run([sys.executable, "-c", KILLED, str(data), token, body], check=False)
    assert ended.returncode == -9
    with sqlite3.connect(data / "beffroi.sqlite") as reading:
        for table in ("structure", "person", "membership", "collectivity"):
            assert reading.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    reading.close()
    with opened(Settings(data=data, offline=True)) as instance, TestClient(asgi(instance)) as client:
        assert Empty(instance, client, token).found().status_code == 201


def test_a_service_that_is_not_offered_is_not_taken_up(territory: Territory) -> None:
    syndicate, roche = territory.as_("syndicate"), territory.as_("roche")
    assert syndicate.patch("/services/water", json={"offered": False}).json()["offered"] is False
    wanted = {"member": ROCHE, "service": "water", "since": "2026-11-01"}
    refused = roche.post("/adhesions", json=wanted)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "service")
    assert syndicate.patch("/services/water", json={"offered": True}).is_success
    assert roche.post("/adhesions", json=wanted).status_code == 201


@pytest.mark.parametrize(("who", "status"), [("roche", 403), ("olonne reader", 403), ("stranger", 401)])
def test_only_the_structure_says_what_it_offers(territory: Territory, who: str, status: int) -> None:
    assert territory.as_(who).patch("/services/water", json={"offered": False}).status_code == status
    assert "offered" not in str(territory.as_("syndicate").get("/services").json())


def test_the_first_run_is_over_for_everybody_once_there_is_a_structure(territory: Territory) -> None:
    for who in ("stranger", "olonne", "roche reader", "syndicate"):
        assert territory.as_(who).get("/setup").status_code == 409
        assert territory.as_(who).post("/setup", json=founding(members=[OLONNE])).status_code == 409
