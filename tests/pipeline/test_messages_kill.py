"""What was acknowledged to a network outlives the process, once: as a stored message or as a held one."""

import json
import random
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from beffroi.access import Scope
from beffroi.acquisition import connections, model_codecs
from beffroi.acquisition.connections import NewConnection
from beffroi.acquisition.model_codecs import NewCodec
from beffroi.acquisition.ways import Bounds
from beffroi.app import opened
from beffroi.observations import Windows
from beffroi.pipeline import held
from beffroi.registry import devices, models, series
from beffroi.settings import Settings
from tests.conftest import NOW, ROCHE, Territory, a_territory, running
from tests.pipeline.test_reception import CHANNELS, CODEC, uplink

KILLS, KILLS_SOAK = 4, 60
SENDERS = 6
DEVICES = [f"70B3D57ED00000{place:02X}" for place in range(8)]
STRANGERS = ["70B3D57ED0FFFF01", "70B3D57ED0FFFF02"]
START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def prepared(tmp_path: Path) -> Iterator[tuple[Path, str, str, str]]:
    """A folder, a connection's path and secret, and a key to look with."""
    with a_territory(tmp_path) as territory:
        made = _prepared(territory)
        key = territory.keys["roche"]
    yield tmp_path / "data", f"/api/v1/connections/{made.connection.key}/messages", made.secret, key


def _prepared(territory: Territory) -> connections.Issued:
    rooms, system = territory.instance.rooms, territory.system
    with rooms.database.write() as tx:
        models.create(system, tx, models.NewDeviceModel(code="am1", maker="M", name="AM1"), now=NOW)
        model_codecs.set_codec(system, tx, "am1", NewCodec(source=CODEC), now=NOW)
        model_codecs.set_channels(system, tx, "am1", CHANNELS, now=NOW)
        news = [
            devices.NewDevice(owner=ROCHE, kind="sensor", code=one, name=one, service="buildings", model="am1")
            for one in DEVICES
        ]
        devices.create_many(system, tx, news, now=NOW)
        new = NewConnection(owner=ROCHE, kind="chirpstack-v4", name="Réseau")
        return connections.make(system, tx, new, rooms.sealing, Bounds(), now=NOW)


class Sender(threading.Thread):
    """Delivers frames one by one, again until each is acknowledged or the end."""

    def __init__(self, number: int, path: str, secret: str, frames: Iterator[int]) -> None:
        super().__init__(daemon=True)
        self.number, self.path, self.secret, self.frames = number, path, secret, frames
        self.url = ""
        self.acknowledged: set[tuple[str, int]] = set()
        self.ending = threading.Event()

    def run(self) -> None:
        with httpx2.Client(timeout=5) as client:
            self._deliver(client)

    def _deliver(self, client: httpx2.Client) -> None:
        for counter in self.frames:
            device = random.Random(counter).choice(DEVICES + STRANGERS)
            content = json.dumps(uplink(device=device, counter=counter, at=START + timedelta(seconds=counter)))
            while not self.ending.is_set():
                try:
                    headers = {"Authorization": f"Bearer {self.secret}"}
                    answer = client.post(f"{self.url}{self.path}?event=up", content=content, headers=headers, timeout=5)
                except (httpx2.HTTPError, ValueError):
                    time.sleep(0.05)
                    continue
                if answer.status_code == 200:
                    self.acknowledged.add((device, counter))
                    break
            if self.ending.is_set():
                return


def test_what_was_acknowledged_is_stored_or_held_once(prepared: tuple[Path, str, str, str], soak: bool) -> None:
    data, path, secret, _ = prepared
    senders = [Sender(place, path, secret, iter(range(place, 10**7, SENDERS))) for place in range(SENDERS)]
    chance = random.Random(7)
    for life in range(KILLS_SOAK if soak else KILLS):
        with running("serve", data=data) as served:
            for one in senders:
                one.url = served.url
            if life == 0:
                for one in senders:
                    one.start()
            _wait_for(senders, chance.randint(20, 150))
            served.process.kill()
    for one in senders:
        one.ending.set()
    for one in senders:
        one.join()
    acknowledged = set().union(*(one.acknowledged for one in senders))
    assert len(acknowledged) >= 20 * KILLS
    stored, held = _kept(data)
    assert acknowledged <= stored | held
    assert not stored & held
    assert {device for device, _ in stored} <= set(DEVICES) and {device for device, _ in held} == set(STRANGERS)


def _wait_for(senders: list[Sender], more: int) -> None:
    """Until so many more are acknowledged, and an instant no message chooses."""
    before = sum(len(one.acknowledged) for one in senders)
    end = time.monotonic() + 60
    while sum(len(one.acknowledged) for one in senders) < before + more and time.monotonic() < end:
        time.sleep(0.003)


def _kept(data: Path) -> tuple[set[tuple[str, int]], set[tuple[str, int]]]:
    """What is stored and what is held, by device and counter; fails on what is there twice, or lacks its values."""
    with opened(Settings(data=data)) as instance:
        scope, record = Scope.system("test"), instance.rooms.record
        with instance.rooms.database.read() as tx:
            every = list(series.every(scope, tx, series.SeriesQuery()))
            waiting, after = [], None
            while True:
                page = held.find(scope, tx, held.HeldQuery(limit=1000, after=after))
                waiting += page.items
                if (after := page.next) is None:
                    break
        read = {one.id: record.read(Windows.whole([one.id])).read_all() for one in every}
        messages = [
            json.loads(text)
            for one in every
            if one.observed_property == "radio-message"
            for text in read[one.id]["text"].to_pylist()
        ]
        values = sum(read[one.id].num_rows for one in every if one.observed_property == "temperature")
    stored = [(one["device"], one["frame_counter"]) for one in messages]
    kept = [(one.device, (one.message or {})["frame_counter"]) for one in waiting]
    assert len(stored) == len(set(stored)) == values
    assert len(kept) == len(set(kept))
    return set(stored), set(kept)
