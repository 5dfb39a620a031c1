"""Killed between what is durable and what is published: nothing leaves twice, nothing asked is lost."""

import json
import random
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx2

from beffroi.acquisition.downlinks.reach import Reached
from tests.api.test_downlinks import APPLICATION
from tests.api.test_subscribers import connect, until
from tests.brokers import Broker, a_broker, a_listener
from tests.conftest import NOW, Territory, a_territory, running
from tests.pipeline.test_reception import EUI

LIVES, LIVES_SOAK = 5, 60


class Asker(threading.Thread):
    """Asks one after the other, each again with its key until it is answered."""

    def __init__(self, device: int, token: str) -> None:
        super().__init__(daemon=True)
        self.path, self.headers = f"/api/v1/devices/{device}/downlinks", {"Authorization": f"Bearer {token}"}
        self.url, self.asked, self.ending = "", list[str](), threading.Event()

    def run(self) -> None:
        with httpx2.Client(timeout=5, headers=self.headers) as client:
            while not self.ending.is_set():
                key = str(uuid4())
                while not self.ending.is_set():
                    try:
                        body = {"payload": "01", "port": 1, "key": key}
                        if client.post(self.url + self.path, json=body).status_code == 201:
                            self.asked.append(key)
                            break
                    except (httpx2.HTTPError, ValueError):
                        time.sleep(0.02)


def prepared(territory: Territory, broker: Broker) -> int:
    device = territory.a_device(code=EUI)
    key = connect(territory, broker.port)
    reach = territory.instance.rooms.reach
    reach.note([Reached(device=device.id, connection=key, application=APPLICATION, heard_at=NOW - timedelta(days=1))])
    reach.flush()
    return int(device.id)


def states(url: str, headers: dict[str, str]) -> dict[str, str]:
    found, after = dict[str, str](), ""
    while after is not None:
        page = httpx2.get(f"{url}/api/v1/downlinks?limit=1000{after}", headers=headers).json()
        for one in page["items"]:
            found[one["key"]] = "handed" if "handed_at" in one else one["state"]
        after = f"&after={page['next']}" if "next" in page else None  # type: ignore[assignment]
    return found


def test_each_is_sent_at_most_once_and_all_but_the_interrupted_are(tmp_path: Path, soak: bool) -> None:
    chance = random.Random(7)
    with a_broker(tmp_path / "broker") as broker:
        with a_territory(tmp_path) as territory:
            device, token = prepared(territory, broker), territory.keys["roche"]
        asker = Asker(device, token)
        with a_listener(broker.port, "application/+/device/+/command/+") as listener:
            for life in range(LIVES_SOAK if soak else LIVES):
                with running("serve", data=tmp_path / "data") as served:
                    asker.url = served.url
                    if life == 0:
                        asker.start()
                    heard = len(listener.heard)
                    until(lambda heard=heard: len(listener.heard) > heard + 5)  # type: ignore[misc]
                    time.sleep(chance.uniform(0, 0.2))
                    served.process.kill()
            with running("serve", data=tmp_path / "data") as served:
                asker.url = served.url
                time.sleep(1)
                asker.ending.set()
                asker.join()
                until(lambda: "queued" not in states(served.url, asker.headers).values(), 60)
                last = states(served.url, asker.headers)
            time.sleep(0.5)
    heard_keys = Counter(json.loads(payload)["id"] for _, payload in listener.heard)
    assert max(heard_keys.values()) == 1
    assert set(asker.asked) <= last.keys()
    handed = {key for key, state in last.items() if state == "handed"}
    interrupted = {key for key, state in last.items() if state == "failed"}
    assert handed | interrupted == last.keys() and len(interrupted) <= (LIVES_SOAK if soak else LIVES)
    assert handed <= heard_keys.keys() <= handed | interrupted
