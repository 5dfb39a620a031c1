import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from beffroi.app import Instance, opened
from beffroi.demo import LiveFeed, Prepared, Scale, prepare
from beffroi.observations import Quality, Windows
from beffroi.serving import asgi
from beffroi.settings import Settings
from tests.demo.conftest import NOW, SEED

HOUR = timedelta(hours=1)


def small(instance: Instance) -> Prepared:
    rooms, scale = instance.rooms, Scale(gateways=3, devices=150, days=1)
    return prepare(rooms.database, rooms.record, instance.settings.data, now=NOW, seed=SEED, scale=scale)


class Running:
    """A small demonstration, answered in this process, at a time that the test says."""

    def __init__(self, instance: Instance, client: TestClient) -> None:
        self.instance, self.client = instance, client
        self.now = NOW
        self.prepared = small(instance)

    def feed(self, **options: Any) -> LiveFeed:
        return LiveFeed("http://testserver", self.prepared, wait=0.01, clock=lambda: self.now, **options)

    def kept(self, start: datetime | None = None) -> Any:
        windows = Windows.whole(self.prepared.owners.series.tolist()).between(start, None)
        return self.instance.rooms.record.read(windows).read_all()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small demonstration, to be copied: to install it takes longer than what is tried of it."""
    folder = tmp_path_factory.mktemp("small")
    with opened(Settings(data=folder)) as instance:
        small(instance)
    return folder


@pytest.fixture
def running(installed: Path, tmp_path: Path) -> Iterator[Running]:
    data = shutil.copytree(installed, tmp_path / "data")
    with opened(Settings(data=data)) as instance, TestClient(asgi(instance)) as client:
        yield Running(instance, client)


def test_what_became_due_is_readable_and_flagged_simulated(running: Running) -> None:
    running.now = NOW + HOUR
    running.feed().catch_up(running.client)
    new = running.kept(NOW)
    assert len(new) > 50
    assert all(one & Quality.SIMULATED for one in new["quality"].to_pylist())


def test_live_goes_on_as_history_would_have(running: Running, tmp_path: Path) -> None:
    feed = running.feed()
    for minutes in range(0, 180, 7):
        running.now = NOW + timedelta(minutes=minutes)
        feed.catch_up(running.client)
    live = running.kept()
    with opened(Settings(data=tmp_path / "other")) as other:
        rooms = other.rooms
        until = running.now
        prepare(
            rooms.database, rooms.record, tmp_path / "other", now=until, seed=SEED,
            scale=Scale(gateways=3, devices=150, days=1),
        )  # fmt: skip
        history = rooms.record.read(Windows.whole(running.prepared.owners.series.tolist())).read_all()
    assert live.drop_columns("quality").equals(history.drop_columns("quality"))  # a clock of long ago makes it late
    assert all(one & Quality.SIMULATED for one in live["quality"].to_pylist())


class Failing(httpx2.BaseTransport):
    """A network that loses requests, answers, or goes through a server that is overloaded: one in four passes."""

    def __init__(self, client: TestClient) -> None:
        self.beyond = client._transport
        self.count = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.count += 1
        if self.count % 4 == 1:
            raise httpx2.ConnectError("nobody there")
        answer = self.beyond.handle_request(request)
        if self.count % 4 == 3:
            raise httpx2.ReadTimeout("no answer")
        return httpx2.Response(503) if self.count % 4 == 0 else answer


def test_a_bad_network_loses_nothing_and_doubles_nothing(running: Running) -> None:
    running.now = NOW + HOUR / 3
    with httpx2.Client(base_url="http://testserver", transport=Failing(running.client)) as bad:
        running.feed().catch_up(bad)
    received = running.kept()
    running.feed().catch_up(running.client)  # from the beginning again, on a good network
    assert running.kept().equals(received)


def test_a_series_that_went_elsewhere_does_not_hold_up_the_others(running: Running) -> None:
    owners = running.prepared.owners
    gone = int(running.prepared.sources[0].series[0])
    other = next(rank for rank, name in enumerate(owners.names) if name != owners.of(gone))
    owners.ranks[owners.series == gone] = other  # whose key may not write it
    running.now = NOW + HOUR
    feed = running.feed()
    feed.catch_up(running.client)
    new = running.kept(NOW)
    assert gone not in new["series"].to_pylist()
    theirs = owners.series[(owners.ranks == other) & (owners.series != gone)].tolist()
    assert set(theirs) & set(new["series"].to_pylist())
    assert feed.until == int(running.now.timestamp())


def test_stopping_while_the_server_is_away_gives_up_at_once_and_forgets_nothing(running: Running) -> None:
    running.now = NOW + HOUR
    feed = LiveFeed("http://127.0.0.1:9", running.prepared, every=0.01, wait=60, clock=lambda: running.now)
    feed.start()
    feed.stop()
    assert feed.until == int(NOW.timestamp())
    running.feed().catch_up(running.client)
    assert len(running.kept(NOW)) > 50
