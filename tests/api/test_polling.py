"""What an address says is stored or held, once; what is remembered of it is so only once all in it is durable."""

import gzip
import json
import os
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx2
import pytest

from beffroi.acquisition import model_codecs, pinning
from beffroi.acquisition.fetching import poll as polling
from beffroi.acquisition.model_codecs import ChannelOf
from beffroi.registry import models
from tests.api.fetched import TABLE, asked, connect, faults, look, state, table, until
from tests.conftest import NOW, ROCHE, Territory, a_territory, running
from tests.pipeline.test_reception import held, values
from tests.servers import a_web, certified, named, says, versioned

MODIFIED = "Sun, 22 Nov 2026 10:00:00 GMT"


def reading(value: float = 21.5, device: str = "s1", at: str | None = "2026-11-22T10:00:00Z") -> str:
    return json.dumps({"device": device, "temperature": value, **({"time": at} if at else {})})


@pytest.fixture
def station(territory: Territory) -> str:
    """A device whose values are known."""
    return make_station(territory)


def make_station(territory: Territory, code: str = "s1") -> str:
    with territory.instance.rooms.database.write() as tx:
        models.create(territory.system, tx, models.NewDeviceModel(code="m1", maker="M", name="M1"), now=NOW)
        channels = [ChannelOf(key="temperature", observed_property="temperature")]
        model_codecs.set_channels(territory.system, tx, "m1", channels, now=NOW)
    territory.a_device(code=code, model="m1")
    return code


def poll(territory: Territory, url: str, *, who: str = "roche", period: int = 3600, **more: Any) -> str:
    username = {"username": more.pop("username")} if "username" in more else {}
    return connect(territory, who, poll={"url": url, "period": period, **username}, **more)


def test_a_document_becomes_observations_and_is_asked_for_again_only_when_it_changed(
    territory: Territory, station: str
) -> None:
    with a_web(versioned(reading(), etag='"1"')) as web:
        key = poll(territory, web.url())
        until(lambda: values(territory))
        until(lambda: state(territory, key).get("looked_at"))
        assert look(territory, key)["status"] == 304
        assert "if-none-match" not in web.requests[0][1]
        assert web.requests[-1][1]["if-none-match"] == '"1"'
        web.answer = versioned(reading(22, at="2026-11-22T11:00:00Z"), etag='"2"')
        told = look(territory, key)
    assert told["connected"] and told["documents"] == 2 and "failures" not in told
    assert [value for _, value in values(territory)] == [21.5, 22]


def test_a_server_that_knows_dates_is_asked_by_them(territory: Territory, station: str) -> None:
    with a_web(versioned(reading(), modified=MODIFIED)) as web:
        key = poll(territory, web.url())
        until(lambda: state(territory, key).get("looked_at"))
        assert look(territory, key)["status"] == 304
        assert web.requests[-1][1]["if-modified-since"] == MODIFIED
        assert state(territory, key)["documents"] == 1


def test_the_same_document_twice_is_stored_once(territory: Territory, station: str) -> None:
    """By a server that tells no version, of a reading that tells no time."""
    with a_web(says(reading(at=None))) as web:
        key = poll(territory, web.url())
        until(lambda: state(territory, key).get("looked_at"))
        assert look(territory, key)["status"] == 200
    assert len(web.requests) >= 2 and len(values(territory)) == 1


def test_what_could_not_be_kept_is_fetched_again(
    territory: Territory, station: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database refuses as a full disk would; the version of a document that was not kept is not remembered."""
    reception = territory.instance.rooms.reception
    receiving = reception.receiving

    def full(*given: Any, **options: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(reception, "receiving", full)
    with a_web(versioned(reading(at=None), etag='"1"')) as web:
        key = poll(territory, web.url())
        until(lambda: state(territory, key).get("error"))
        assert values(territory) == []
        monkeypatch.setattr(reception, "receiving", receiving)
        look(territory, key)
        until(lambda: values(territory))
        look(territory, key)
    assert "if-none-match" not in web.requests[1][1] and "if-none-match" in web.requests[-1][1]
    assert len(values(territory)) == 1


def test_a_server_at_fault_is_told_and_forgiven(territory: Territory, station: str) -> None:
    with a_web(says(status=500)) as web:
        key = poll(territory, web.url())
        told = until(lambda: (found := state(territory, key)).get("error") and found)
        assert (told["connected"], told["status"], told["failures"]) == (False, 500, 1)
        assert told["error"] == "Answer 500." and told["next_try_at"]
        assert look(territory, key)["failures"] == 2
        web.answer = says(reading())
        told = look(territory, key)
        assert (told["connected"], told["status"], told.get("failures")) == (True, 200, None)
    assert len(values(territory)) == 1


def test_failures_are_tried_again_later_and_later(territory: Territory) -> None:
    with a_web(says(status=500)) as web:
        key = poll(territory, web.url())
        waits = [wait_of(look(territory, key)) for _ in range(8)]
    assert waits[0] < timedelta(seconds=30) < waits[-1] <= timedelta(hours=1, seconds=5)


def wait_of(told: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(told["next_try_at"]) - datetime.fromisoformat(told["error_at"])


def test_a_server_that_asks_to_be_left_alone_is(territory: Territory) -> None:
    with a_web(says(status=429, headers={"Retry-After": "7200"})) as web:
        key = poll(territory, web.url())
        told = until(lambda: (found := state(territory, key)).get("error") and found)
        assert wait_of(told) > timedelta(hours=1, minutes=59)
        later = (datetime.now(UTC) + timedelta(hours=9)).strftime("%a, %d %b %Y %H:%M:%S GMT")
        web.answer = says(status=503, headers={"Retry-After": later})
        assert wait_of(look(territory, key)) > timedelta(hours=8)


def test_a_huge_body_is_left_whatever_it_is_packed_in(
    territory: Territory, station: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "LARGEST", 2**20)
    with a_web(says(b"[" + b"1," * 2**20)) as web:
        key = poll(territory, web.url())
        assert "exceeds 1 MiB" in until(lambda: state(territory, key).get("error"))
        bomb = gzip.compress(bytes(50 * 2**20))
        web.answer = says(bomb, headers={"Content-Encoding": "gzip"})
        assert "exceeds 1 MiB" in look(territory, key)["error"]
        web.answer = says(gzip.compress(reading().encode())[:-9], headers={"Content-Encoding": "gzip"})
        assert "cut short" in look(territory, key)["error"]
        assert held(territory) == []
        web.answer = says(gzip.compress(reading().encode()), headers={"Content-Encoding": "gzip"})
        look(territory, key)
    assert len(values(territory)) == 1


def test_a_server_that_dribbles_is_left(territory: Territory, station: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "WHOLE", 0.5)
    stop = threading.Event()

    def dribble(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "100000")
        request.end_headers()
        while not stop.wait(0.05):
            request.wfile.write(b" ")
            request.wfile.flush()

    with a_web(dribble) as slow, a_web(says(reading())) as quick:
        key, other = poll(territory, slow.url()), poll(territory, quick.url())
        assert "No whole answer" in until(lambda: state(territory, key).get("error"))
        until(lambda: state(territory, other)["connected"])
        stop.set()
    assert len(values(territory)) == 1


def test_a_redirection_is_followed_without_what_opens(territory: Territory, station: str) -> None:
    with a_web(says(reading())) as there, a_web(says(status=302, headers={"Location": there.url("/x")})) as here:
        key = poll(territory, here.url(), password="s3cret", headers={"X-Api-Key": "k3y"})
        until(lambda: state(territory, key)["connected"])
        assert here.requests[0][1]["authorization"] == "Bearer s3cret" and here.requests[0][1]["x-api-key"] == "k3y"
        assert there.requests[0][0] == "/x"
        assert not {"authorization", "x-api-key"} & there.requests[0][1].keys()
    assert len(values(territory)) == 1


def test_a_redirection_within_a_server_keeps_what_opens(territory: Territory, station: str) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        moved = says(status=301, headers={"Location": "/new"})
        (says(reading()) if request.path == "/new" else moved)(request)

    with a_web(answer) as web:
        key = poll(territory, web.url(), password="s3cret")
        until(lambda: state(territory, key)["connected"])
        assert [path for path, _ in web.requests] == ["/data", "/new"]
        assert web.requests[1][1]["authorization"] == "Bearer s3cret"


def test_a_redirection_to_a_private_address_is_refused(territory: Territory) -> None:
    with a_web(says(reading()), host="127.0.0.2") as inside, a_web(says(status=302)) as web:
        for target in (inside.url(), "http://169.254.169.254/latest/meta-data", "http://[::1]/", "//127.0.0.2/x"):
            web.answer = says(status=302, headers={"Location": target})
            key = poll(territory, web.url())
            assert "private or reserved" in until(lambda key=key: state(territory, key).get("error"))  # type: ignore[misc]
        assert inside.requests == []


@pytest.mark.parametrize("target", ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://"])
def test_a_redirection_to_something_else_is_refused(territory: Territory, target: str) -> None:
    with a_web(says(status=302, headers={"Location": target})) as web:
        key = poll(territory, web.url())
        assert until(lambda: state(territory, key).get("error"))


def test_redirections_end(territory: Territory) -> None:
    with a_web(says(status=302, headers={"Location": "/again"})) as web:
        key = poll(territory, web.url())
        assert "Too many" in until(lambda: state(territory, key).get("error"))
        assert len(web.requests) == 6


def test_what_opens_is_sent_and_never_shown(territory: Territory) -> None:
    with a_web(says(reading())) as web:
        for url, more, name, sent in (
            (web.url(), {"password": "s3cret"}, "authorization", "Bearer s3cret"),
            (web.url(), {"username": "u", "password": "s3cret"}, "authorization", "Basic dTpzM2NyZXQ="),
            (web.url(), {"headers": {"X-Api-Key": "s3cret"}}, "x-api-key", "s3cret"),
            (web.url("/d?key={password}"), {"password": "s3cret/&"}, "path", "/d?key=s3cret%2F%26"),
        ):
            key = poll(territory, url, **more)
            until(lambda key=key: state(territory, key)["connected"])  # type: ignore[misc]
            path, headers = web.requests[-1]
            assert {**headers, "path": path}[name] == sent
            shown = territory.as_("roche").get(f"/connections/{key}").text + json.dumps(state(territory, key))
            assert "s3cret" not in shown
    kept = (territory.instance.rooms.data / "beffroi.sqlite").read_bytes()
    assert b"s3cret" not in kept


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"poll": {"url": "ftp://example.org/x"}}, "poll.url"),
        ({"poll": {"url": "http:///x"}}, "poll.url"),
        ({"poll": {"url": "http://u:p@example.org/"}}, "poll.url"),
        ({"poll": {"url": "http://{password}.example.org/"}}, "poll.url"),
        ({"poll": {"url": "http://example.org:99999/"}}, "poll.url"),
        ({"poll": {"url": "http://example.org/"}, "headers": {"Host": "x"}}, "headers.Host"),
        ({"poll": {"url": "http://example.org/"}, "headers": {"X-A": "a\r\nB: c"}}, "headers.X-A"),
        ({"poll": {"url": "http://example.org/"}, "folder": {}}, "folder"),
        ({"poll": {"url": "http://example.org/"}, "kind": "table"}, "mapping"),
        ({"headers": {"X-A": "a"}}, "headers"),
        ({"private_key": "x"}, "private_key"),
        ({"password": "x"}, "password"),
    ],
)
def test_what_cannot_be_fetched_is_refused(territory: Territory, body: dict[str, Any], field: str) -> None:
    assert field in faults(asked(territory, **body))


def test_a_period_too_short_is_refused(territory: Territory) -> None:
    answer = asked(territory, poll={"url": "http://example.org/", "period": 1})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"poll": {"url": "http://127.0.0.2/"}}, "poll.url"),
        ({"poll": {"url": "http://10.0.0.1/"}}, "poll.url"),
        ({"poll": {"url": "http://[::ffff:127.0.0.2]/"}}, "poll.url"),
        ({"poll": {"url": "http://0x7f000002/"}}, "poll.url"),
        ({"poll": {"url": "http://169.254.169.254/"}}, "poll.url"),
        ({"broker": {"host": "192.168.1.10"}, "kind": "chirpstack-v4"}, "broker.host"),
        (
            {
                "sftp": {
                    "host": "fd00::1",
                    "username": "u",
                    "host_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
                },
                "password": "x",
            },
            "sftp.host",
        ),
    ],
)
def test_a_private_address_is_refused_in_both_languages(territory: Territory, body: dict[str, Any], field: str) -> None:
    assert "private or reserved" in faults(asked(territory, **body))[field]
    given = {"owner": ROCHE, "kind": "json", "name": "x", **body}
    french = territory.as_("roche").post("/connections", json=given)
    assert "privée ou réservée" in faults(french)[field]
    assert territory.as_("roche").get("/connections").json()["items"] == []


def test_a_name_that_changes_its_mind_is_not_followed_inside(
    territory: Territory, station: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked once a connection, it leads where it was checked to lead; then elsewhere, and is refused."""
    named(monkeypatch, rebind_example=["127.0.0.1", "127.0.0.1", "127.0.0.2"])
    with a_web(says(reading())) as web:
        key = poll(territory, web.url(host="rebind.example"))
        until(lambda: state(territory, key)["connected"])
        assert web.requests[0][1]["host"] == f"rebind.example:{web.port}"
        assert "private or reserved" in look(territory, key)["error"]
        assert len(web.requests) == 1


def test_certificates_are_verified_for_the_name_though_an_address_is_connected_to(
    territory: Territory, station: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(monkeypatch, a_example=["127.0.0.1"], b_example=["127.0.0.1"])
    context = certified(tmp_path / "tls", "a.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "tls" / "authority.pem"))
    pinning.trusted.cache_clear()
    try:
        with a_web(says(reading()), context=context) as web:
            good = poll(territory, f"https://a.example:{web.port}/")
            until(lambda: state(territory, good)["connected"])
            wrong = poll(territory, f"https://b.example:{web.port}/")
            assert "certificate" in until(lambda: state(territory, wrong).get("error"))
    finally:
        pinning.trusted.cache_clear()
    assert len(web.requests) == 1


def test_a_table_with_french_dates_is_read_and_its_bad_rows_alone_are_held(territory: Territory, station: str) -> None:
    content = table("s1;22/11/2026;11:00;21,5", "s1;22/11/2026;12:00;vingt", "s1;31/02/2026;12:00;3")
    with a_web(says(content, kind="text/csv; charset=cp1252")) as web:
        key = poll(territory, web.url("/releve.csv"), kind="table", mapping=TABLE)
        until(lambda: state(territory, key)["connected"])
    assert values(territory) == [("2026-11-22T10:00:00Z", 21.5)]
    (one,) = held(territory)
    assert one["cause"] == "unread"
    assert "row 3, Température (°C): is not a number" in one["reason_en"] and "row 4, Date" in one["reason_en"]
    assert bytes.fromhex(one["content"]) == table("s1;22/11/2026;12:00;vingt", "s1;31/02/2026;12:00;3")


def test_what_cannot_be_read_is_held_with_the_reason(territory: Territory) -> None:
    with a_web(says("<html>", kind="text/html")) as web:
        key = poll(territory, web.url())
        (one,) = until(lambda: held(territory))
        assert (one["cause"], one["content"]) == ("unread", "<html>")
        until(lambda: state(territory, key)["connected"])


def test_a_stranger_and_another_collectivity_see_and_do_nothing(territory: Territory) -> None:
    with a_web(says(reading())) as web:
        key = poll(territory, web.url())
        until(lambda: state(territory, key)["connected"])
        for who, codes in (("olonne", (404, 404, 403)), ("stranger", (401, 401, 401))):
            caller = territory.as_(who)
            question = {"owner": ROCHE, "host": "127.0.0.1"}
            assert caller.get(f"/connections/{key}/state").status_code == codes[0]
            assert caller.post(f"/connections/{key}/fetch").status_code == codes[1]
            assert caller.post("/connections/host-key", json=question).status_code in (codes[2], 404)
            assert asked(territory, who, poll={"url": web.url()}).status_code in (401, 403, 404)
            inside = asked(territory, who, poll={"url": "http://127.0.0.2/"})
            assert inside.status_code != 422  # nor are addresses looked up for them
        assert territory.as_("olonne").get("/connections").json()["items"] == []


def test_an_ended_connection_asks_no_more_and_is_forgotten(territory: Territory) -> None:
    with a_web(versioned(reading(), etag='"1"')) as web:
        key = poll(territory, web.url(), period=10)
        until(lambda: state(territory, key)["connected"])
        territory.as_("roche").delete(f"/connections/{key}")
        until(lambda: not state(territory, key)["connected"])
        assert territory.as_("roche").post(f"/connections/{key}/fetch").status_code == 409
    with territory.instance.rooms.database.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM fetched_document").scalar() == 0


def test_a_connection_that_fetches_nothing_cannot_be_hurried(territory: Territory) -> None:
    assert territory.as_("roche").post(f"/connections/{connect(territory)}/fetch").status_code == 409


def test_killed_between_the_answer_and_the_store_it_loses_nothing_and_keeps_it_once(tmp_path: Path, soak: bool) -> None:
    """A reading that tells no time: stored twice, it would be two. The asker dies as it reads, again and again."""
    victim: list[int] = []
    delays = [0.0, 0.002, 0.01, 0.05, 0.2] if soak else [0.0, 0.01]

    def answer(request: BaseHTTPRequestHandler) -> None:
        versioned(reading(at=None), etag='"1"')(request)
        request.wfile.flush()
        if delays:
            time.sleep(delays.pop(0))
            os.kill(victim[0], signal.SIGKILL)

    with a_web(answer) as web:
        with a_territory(tmp_path) as territory:
            make_station(territory)
            token = territory.keys["roche"]
            poll(territory, web.url(), period=10)
            instance_asked = len(web.requests)
        assert instance_asked == 0  # stopped before its first look
        while delays:
            with running("serve", data=tmp_path / "data") as served:
                victim[:] = [served.process.pid]
                served.process.wait(timeout=60)
        with running("serve", data=tmp_path / "data") as served:
            headers = {"Authorization": f"Bearer {token}"}
            ask = {"observed_property": "temperature"}
            url = f"{served.url}/api/v1/observations"
            until(lambda: httpx2.get(url, params=ask, headers=headers).json()["items"])
            (one,) = httpx2.get(url, params=ask, headers=headers).json()["items"]
    assert one["value"] == 21.5
