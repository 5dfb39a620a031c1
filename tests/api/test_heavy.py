"""Heavy questions by the API: their deadline, their reader's leaving, and everybody else meanwhile."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
from starlette.testclient import TestClient

from beffroi.api import observations, sending
from beffroi.api.application import application
from beffroi.api.formats import COLUMNS, CSV, ROWS
from beffroi.observations import reading
from beffroi.observations.protocol import Heavy
from tests.conftest import OLONNE, Caller, Territory, free_port

ENDLESS = "(SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3) > 0"
MANY = 70


@pytest.fixture
def many(territory: Territory) -> list[int]:
    """More series than are read without the engine, one observation each."""
    series = [territory.a_series().id for _ in range(MANY)]
    rows = [{"series": one, "time": "2024-03-31T00:00:00Z", "value": 1} for one in series]
    assert territory.as_("roche").post("/observations", json=rows).status_code == 200
    return series


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, every reading that the engine makes takes hours."""
    monkeypatch.setattr(reading, "accepted", lambda reject: ENDLESS)


def heavy(territory: Territory) -> Heavy:
    return territory.instance.rooms.record.stats().heavy


def hurried(territory: Territory, who: str, seconds: float = 0.3) -> Caller:
    """A caller of an instance that lets nobody wait."""
    app = application(replace(territory.instance.rooms, query_seconds=seconds))
    return replace(territory.as_(who), client=TestClient(app, raise_server_exceptions=False))


def until(true: Callable[[], bool]) -> None:
    for _ in range(60_000):
        if true():
            return
        time.sleep(0.001)
    pytest.fail("it never comes")


@contextmanager
def served(territory: Territory) -> Iterator[int]:
    """The port where the instance answers, by the server that users have."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(application(territory.instance.rooms), port=port, log_level="critical"))
    running = threading.Thread(target=server.run)
    running.start()
    until(lambda: server.started)
    try:
        yield port
    finally:
        server.should_exit = True
        running.join()


@contextmanager
def asking(port: int, token: str, path: str, accept: str = CSV) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        asked = f"GET /api/v1{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nAccept: {accept}\r\n\r\n"
        connection.sendall(asked.encode())
        yield connection


@pytest.mark.parametrize("media", [ROWS, CSV])
@pytest.mark.usefixtures("endless")
def test_what_takes_too_long_is_a_problem_that_says_what_to_ask(
    territory: Territory, many: list[int], media: str
) -> None:
    answer = hurried(territory, "roche reader").get("/observations", headers={"Accept": media})
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"]
    assert "demandez une période plus courte, ou moins de séries" in answer.json()["detail"]
    assert heavy(territory).running == heavy(territory).streams == 0


@pytest.mark.usefixtures("endless")
def test_figures_too(territory: Territory, many: list[int]) -> None:
    params: dict[str, Any] = {"start": "2024-03-31", "end": "2024-04-01", "every": "1d", "functions": "delta"}
    answer = hurried(territory, "roche reader").get("/observations/aggregate", params=params)
    assert answer.status_code == 503


@pytest.mark.usefixtures("endless")
def test_the_heavy_questions_of_others_keep_nobody_from_reading_and_writing(
    territory: Territory, many: list[int]
) -> None:
    theirs = territory.a_series(owner=OLONNE).id
    caller = territory.as_("olonne")
    key = territory.keys["roche reader"]
    with served(territory) as port, asking(port, key, "/observations"), asking(port, key, "/observations"):
        until(lambda: heavy(territory).running == 2)
        row = {"series": theirs, "time": "2024-03-31T00:00:00Z", "value": 5}
        assert caller.post("/observations", json=[row]).status_code == 200
        assert caller.get("/observations", params={"series": theirs}).json()["items"][0]["value"] == 5
        assert caller.get("/observations/latest").json()["items"][0]["value"] == 5
        assert heavy(territory).running == 2
    until(lambda: heavy(territory).running == 0)


@pytest.mark.parametrize("media", [ROWS, CSV])
@pytest.mark.usefixtures("endless")
def test_whoever_hangs_up_frees_the_lane(territory: Territory, many: list[int], media: str) -> None:
    with served(territory) as port:
        with asking(port, territory.keys["roche reader"], "/observations", media):
            until(lambda: heavy(territory).running == 1)
        until(lambda: heavy(territory).running == 0)
        assert heavy(territory) == Heavy(left=1)


def test_whoever_hangs_up_in_the_middle_of_an_answer_closes_it(
    territory: Territory, many: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine gives one row at a time, and the second takes for ever to be asked for."""
    monkeypatch.setattr(reading, "READ_ROWS", 1)
    hours = "".join(f"{many[0]},2024-01-{day:02}T{h:02}:00:00Z,1\r\n" for day in range(1, 31) for h in range(24))
    body = f"series,time,value\r\n{hours}"
    sent = territory.as_("roche").post("/observations", content=body, headers={"Content-Type": CSV})
    assert sent.status_code == 200
    opened = threading.Event()
    go_on = threading.Event()
    real = reading.observations

    def slowly(batch: Any) -> Any:
        if opened.is_set():
            go_on.wait()
        opened.set()
        return real(batch)

    monkeypatch.setattr(reading, "observations", slowly)
    with served(territory) as port:
        with asking(port, territory.keys["roche reader"], "/observations") as connection:
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
            until(lambda: heavy(territory).streams == 1)
        go_on.set()
        until(lambda: heavy(territory).streams == 0)


def test_an_answer_that_nobody_takes_is_given_up(
    territory: Territory, many: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = b"".join(
        b"%d,2024-01-%02dT%02d:%02d:%02dZ,1\r\n" % (many[0], day, hour, minute, second)
        for day in range(1, 8)
        for hour in range(24)
        for minute in range(60)
        for second in range(0, 60, 2)
    )
    body = b"series,time,value\r\n" + rows
    sent = territory.as_("roche").post("/observations", content=body, headers={"Content-Type": CSV})
    assert sent.status_code == 200
    waiting = sending.Sent
    monkeypatch.setattr(observations, "Sent", lambda parts, patience, _, **rest: waiting(parts, patience, 0.2, **rest))
    with served(territory) as port, asking(port, territory.keys["roche reader"], "/observations") as connection:
        start = connection.recv(100)
        until(lambda: heavy(territory).streams == 0)
        assert start.startswith(b"HTTP/1.1 200")
        assert not b"".join(iter(lambda: connection.recv(1 << 16), b"")).endswith(b"0\r\n\r\n")
        assert heavy(territory) == Heavy()


@pytest.mark.parametrize("media", [ROWS, COLUMNS])
@pytest.mark.parametrize(
    "path", ["/observations/latest", "/observations/aggregate?start=2024-03-31&end=2024-04-01&every=1d"]
)
def test_json_of_too_many_rows_says_to_ask_for_another_format(
    territory: Territory, many: list[int], path: str, media: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(observations.MOST_ROWS, media, MANY - 1)
    caller = territory.as_("roche reader", **{"Accept-Language": "en"})
    answer = caller.get(path, headers={"Accept": media})
    assert answer.status_code == 422
    assert "fewer series" in answer.json()["errors"][0]["detail"]
    assert (
        caller.get(path, headers={"Accept": CSV}).text.count("\r\n")
        + caller.get(path, headers={"Accept": CSV}).text.count("\n")
        > MANY
    )
    assert territory.as_("olonne reader").get(path, headers={"Accept": media}).status_code == 200


def test_the_metrics_tell_of_heavy_questions(territory: Territory, many: list[int]) -> None:
    assert territory.as_("roche reader").get("/observations").status_code == 200
    page = territory.client.get("/metrics").text
    assert "beffroi_heavy_running 0.0" in page
    assert "beffroi_heavy_waiting 0.0" in page
    assert "beffroi_heavy_streams 0.0" in page
    assert 'beffroi_heavy_ended_total{why="late"} 0.0' in page
