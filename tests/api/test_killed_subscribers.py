"""An instance killed under load loses nothing that the broker has, and keeps it once."""

import json
import random
import re
import threading
import time
from datetime import timedelta
from pathlib import Path

import httpx2

from beffroi.registry import models
from tests.api.test_subscribers import connect, until
from tests.brokers import Broker, a_broker, a_publisher
from tests.conftest import NOW, Territory, a_territory, running
from tests.pipeline.test_reception import EUI, SENT, know, uplink

DEVICES, EACH, LIVES = 20, 150, 4
ROWS = 3
"""that an uplink gives: itself and two values"""


def declare(territory: Territory) -> None:
    with territory.instance.rooms.database.write() as tx:
        models.create(territory.system, tx, models.NewDeviceModel(code="am1", maker="M", name="AM1"), now=NOW)
    know(territory, "am1")
    for place in range(DEVICES):
        territory.a_device(code=eui(place), model="am1")


def eui(place: int) -> str:
    return f"{int(EUI, 16) + place:016X}"


def publish(broker: Broker) -> None:
    """The devices in turn, and as often one that nobody declared."""
    with a_publisher(broker) as publisher:
        for counter in range(EACH):
            at = SENT + timedelta(minutes=counter)
            devices = [*map(eui, range(DEVICES)), "00000000000000AA"]
            messages = [uplink(device=one, counter=counter, at=at) for one in devices]
            publisher.send(
                (f"application/a/device/{one['deviceInfo']['devEui']}/event/up", json.dumps(one).encode())
                for one in messages
            )
            time.sleep(0.02)


def observed(url: str) -> int:
    found = re.search(r"^beffroi_observations (\S+)$", httpx2.get(f"{url}/metrics").text, re.MULTILINE)
    assert found
    return int(float(found[1]))


def test_killed_again_and_again_it_has_all_once(tmp_path: Path) -> None:
    chance = random.Random(7)
    with a_broker(tmp_path / "broker") as broker:
        with a_territory(tmp_path) as territory:
            declare(territory)
            connect(territory, broker.port)
            token = territory.keys["roche"]
            time.sleep(1)  # the session is made, and kept by the broker from now on
        publishing = threading.Thread(target=publish, args=(broker,))
        publishing.start()
        for _ in range(LIVES):
            with running("serve", data=tmp_path / "data") as served:
                time.sleep(chance.uniform(0.3, 2))
                served.process.kill()
        publishing.join()
        with running("serve", data=tmp_path / "data") as served:
            headers = {"Authorization": f"Bearer {token}"}
            until(lambda: observed(served.url) >= DEVICES * EACH * ROWS, 60)
            time.sleep(1)
            assert observed(served.url) == DEVICES * EACH * ROWS
            groups = httpx2.get(f"{served.url}/api/v1/held-messages/groups", headers=headers).json()
            assert [(one["cause"], one["messages"]) for one in groups] == [("unknown-device", EACH)]
