"""The live stream, from a real server: what is stored appears, to those who may see it, as long as they may."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from queue import Queue
from typing import Any

import httpx2
import pytest

from beffroi.access import keys
from beffroi.serving import Server
from tests.conftest import NOW, Territory, free_port


@pytest.fixture
def address(territory: Territory) -> Iterator[str]:
    """The territory's instance, answering on a real port."""
    port = free_port()
    settings = replace(territory.instance.settings, port=port)
    server = Server(replace(territory.instance, settings=settings))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}/api/v1"
    server.should_exit = True
    thread.join()


class Listening:
    """Events of one live stream, as they come."""

    def __init__(self, address: str, token: str, **params: Any) -> None:
        self.events: Queue[tuple[str, Any]] = Queue()
        self._opened = threading.Event()
        arguments = (address, token, params)
        threading.Thread(target=self._listen, args=arguments, daemon=True).start()
        assert self._opened.wait(10)

    def _listen(self, address: str, token: str, params: dict[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        name = ""
        with httpx2.stream(
            "GET", f"{address}/observations/stream", params=params, headers=headers, timeout=30
        ) as answer:
            for line in answer.iter_lines():
                self._opened.set()
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    self.events.put((name, json.loads(line[6:])))
        self.events.put(("end", None))

    def next(self) -> tuple[str, Any]:
        return self.events.get(timeout=10)


def store(territory: Territory, series: int, value: float) -> None:
    row = {"series": series, "time": "2026-11-22T10:00:00Z", "value": value}
    assert territory.as_("roche").post("/observations", json=[row]).status_code == 200


def test_what_is_stored_appears_to_its_owner(territory: Territory, address: str) -> None:
    series = territory.a_series().id
    listening = Listening(address, territory.keys["roche reader"])
    store(territory, series, 21.5)
    name, columns = listening.next()
    assert name == "observations"
    assert columns == {"series": [series], "time": ["2026-11-22T10:00:00Z"], "value": [21.5], "quality": [0]}


def test_nobody_hears_what_is_not_theirs_or_not_asked(territory: Territory, address: str) -> None:
    asked, other = territory.a_series().id, territory.a_series().id
    elsewhere = territory.a_series(owner="commune-85194").id
    mine = Listening(address, territory.keys["roche reader"], series=asked)
    neighbour = Listening(address, territory.keys["olonne reader"])
    store(territory, other, 1)
    store(territory, asked, 2)
    row = {"series": elsewhere, "time": "2026-11-22T10:00:00Z", "value": 3}
    assert territory.as_("olonne").post("/observations", json=[row]).status_code == 200
    assert mine.next()[1]["value"] == [2]
    assert neighbour.next()[1]["series"] == [elsewhere]


def test_a_revoked_key_hears_nothing_more(territory: Territory, address: str) -> None:
    series = territory.a_series().id
    token = territory.key("commune-85191", "read")
    listening = Listening(address, token)
    with territory.instance.rooms.database.write() as tx:
        keys.revoke(territory.system, tx, token.split("_")[1], now=NOW)
    territory.instance.rooms.changed()
    store(territory, series, 1)
    assert listening.next()[0] == "closed"
    assert listening.next()[0] == "end"


def test_a_stream_asked_for_a_foreign_series_does_not_open(territory: Territory) -> None:
    series = territory.a_series().id
    answer = territory.as_("olonne").get("/observations/stream", params={"series": series})
    assert answer.status_code == 404
