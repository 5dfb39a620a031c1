"""What comes by MQTT is stored or held, once, and acknowledged only then."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.brokers import PASSWORD, USER, Broker, a_broker, a_publisher
from tests.conftest import ROCHE, Territory, free_port
from tests.pipeline.test_reception import EUI, SENT, decoded, held, model, uplink, values  # noqa: F401 - fixtures
from tests.servers import certified, named

TOPIC = f"application/a/device/{EUI.lower()}/event/up"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with a_broker(tmp_path / "broker") as made:
        yield made


def until(check: Callable[[], Any], seconds: float = 30) -> Any:
    """What `check` says once it is true."""
    end = time.monotonic() + seconds
    while not (said := check()):
        assert time.monotonic() < end, said
        time.sleep(0.05)
    return said


def listening(port: int, kind: str = "chirpstack-v4", **changes: Any) -> dict[str, Any]:
    broker = {"host": "127.0.0.1", "port": port, "tls": False, "username": USER}
    return {"owner": ROCHE, "kind": kind, "name": "Réseau", "broker": broker, "password": PASSWORD, **changes}


def connect(territory: Territory, port: int, **changes: Any) -> str:
    made = territory.as_("roche").post("/connections", json=listening(port, **changes))
    assert made.status_code == 201, made.text
    key: str = made.json()["connection"]["key"]
    return key


def state(territory: Territory, key: str) -> dict[str, Any]:
    told: dict[str, Any] = territory.as_("roche", **{"Accept-Language": "en"}).get(f"/connections/{key}/state").json()
    return told


def connected(territory: Territory, key: str) -> dict[str, Any]:
    told: dict[str, Any] = until(lambda: (found := state(territory, key))["connected"] and found)
    return told


def written(**changes: Any) -> tuple[str, bytes]:
    return TOPIC, json.dumps(uplink(**changes)).encode()


def test_an_uplink_by_mqtt_becomes_observations(territory: Territory, broker: Broker, decoded: str) -> None:  # noqa: F811
    territory.a_device(code=EUI, model=decoded)
    key = connect(territory, broker.port)
    connected(territory, key)
    with a_publisher(broker) as publisher:
        publisher.send([written()])
    until(lambda: values(territory))
    assert values(territory) == [("2026-11-22T10:00:00.250000Z", 21.5)]
    assert state(territory, key)["messages"] == 1


def test_recorded_messages_of_three_networks_are_read(territory: Territory, broker: Broker, shared_data: Path) -> None:
    folders = {
        "chirpstack-v4": ("chirpstack-v4", "application/a/device/{}/event/up"),
        "tts-v3": ("tts-community", "v3/a@ttn/devices/{}/up"),
        "live-objects": ("orange-live-objects", "fifo/beffroi"),
    }
    messages: dict[str, list[tuple[str, bytes]]] = {}
    for kind, (folder, topic) in folders.items():
        files = sorted((shared_data / "lorawan-events" / folder).glob("*.json"))
        messages[kind] = [(topic.format(place), file.read_bytes()) for place, file in enumerate(files)]
    keys = {kind: connect(territory, broker.port, kind=kind) for kind in folders}
    for key in keys.values():
        connected(territory, key)
    with a_publisher(broker) as publisher:
        for some in messages.values():
            publisher.send(some)
    for kind, key in keys.items():
        until(lambda key=key, kind=kind: state(territory, key)["messages"] == len(messages[kind]))  # type: ignore[misc]
        until(lambda key=key: territory.as_("roche").get(f"/connections/{key}/messages").json())  # type: ignore[misc]
        assert all(one.get("cause") != "unread" for one in territory.as_("roche").get(
            f"/connections/{key}/messages").json())  # fmt: skip


def test_a_wrong_password_is_told(territory: Territory, broker: Broker) -> None:
    key = connect(territory, broker.port, password="wrong")
    told = until(lambda: (found := state(territory, key)).get("error") and found)
    assert not told["connected"] and "password" in told["error"] and told["next_try_at"]


def test_a_broker_that_nobody_holds_is_told(territory: Territory, tmp_path: Path) -> None:
    key = connect(territory, 9)
    assert "127.0.0.1:9" in until(lambda: state(territory, key).get("error"))


def test_what_came_while_the_broker_or_beffroi_was_away_comes_later(
    territory: Territory,
    broker: Broker,
    decoded: str,  # noqa: F811
) -> None:
    territory.a_device(code=EUI, model=decoded)
    key = connect(territory, broker.port)
    connected(territory, key)
    broker.stop()
    until(lambda: not state(territory, key)["connected"])
    assert state(territory, key)["error"]
    broker.start()
    with a_publisher(broker) as publisher:  # the session is kept: it need not be connected again
        publisher.send([written()])
    until(lambda: values(territory))
    connected(territory, key)


def test_an_ended_connection_leaves_its_broker(territory: Territory, broker: Broker) -> None:
    key = connect(territory, broker.port)
    connected(territory, key)
    territory.as_("roche").delete(f"/connections/{key}")
    until(lambda: not state(territory, key)["connected"])
    with a_publisher(broker) as publisher:
        publisher.send([written()])
    assert held(territory) == []


def test_a_broker_that_is_no_more_within_reach_is_left(
    territory: Territory, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was checked when the connection was made is checked at each session."""
    named(monkeypatch, broker_example=["127.0.0.1", "127.0.0.1", "127.0.0.2"])
    way = {"host": "broker.example", "port": broker.port, "tls": False, "username": USER}
    key = connect(territory, broker.port, broker=way)
    connected(territory, key)
    broker.stop()
    told = until(lambda: (found := state(territory, key)).get("error", "").startswith("broker.example") and found)
    assert "private or reserved" in told["error"]


def test_a_broker_s_certificate_is_verified_for_its_name_though_an_address_is_connected_to(
    territory: Territory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(monkeypatch, a_example=["127.0.0.1"], b_example=["127.0.0.1"])
    tls = tmp_path / "tls"
    certified(tls, "a.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(tls / "authority.pem"))
    with a_broker(tmp_path / "broker") as broker:
        broker.stop()
        port = free_port()
        with (broker.folder / "mosquitto.conf").open("a") as conf:
            conf.write(f"listener {port} 127.0.0.1\ncertfile {tls}/server.pem\nkeyfile {tls}/server.key\n")
        broker.start()
        keys = {
            host: connect(territory, port, broker={"host": host, "port": port, "username": USER})
            for host in ("a.example", "b.example")
        }
        connected(territory, keys["a.example"])
        assert "certificate" in until(lambda: state(territory, keys["b.example"]).get("error"))


def test_another_collectivity_sees_nothing_of_it(territory: Territory, broker: Broker) -> None:
    key = connect(territory, broker.port)
    assert territory.as_("olonne").get(f"/connections/{key}/state").status_code == 404


def test_nothing_is_acknowledged_that_could_not_be_kept(
    territory: Territory, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal refuses as a full disk would; once it takes again, the message comes again."""
    key = connect(territory, broker.port)
    connected(territory, key)
    database = territory.instance.rooms.reception._database
    monkeypatch.setattr(territory.instance.rooms.reception, "_database", None)
    with a_publisher(broker) as publisher:
        publisher.send([written()])
    until(lambda: state(territory, key).get("error"))
    assert held(territory) == []
    monkeypatch.setattr(territory.instance.rooms.reception, "_database", database)
    until(lambda: held(territory))
    assert [one["times"] for one in held(territory)] == [1]
