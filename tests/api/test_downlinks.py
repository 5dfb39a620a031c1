"""What is asked of a device leaves once, through its network, and is followed to its end."""

import base64
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from beffroi.acquisition.downlinks import course
from beffroi.acquisition.downlinks.model import downlink
from tests.api.signed_in import a_person, signed_in
from tests.api.test_subscribers import connect, connected, until
from tests.brokers import USER, Broker, Listener, Publisher, a_broker, a_listener, a_publisher
from tests.conftest import OLONNE, ROCHE, Territory
from tests.pipeline.test_reception import EUI, Network, decoded, held, know, model, uplink  # noqa: F401 - fixtures

APPLICATION = "17c82e96-be03-4f38-aef3-f83d48582d97"
EVENTS = f"application/{APPLICATION}/device/{EUI.lower()}/event/"
COMMANDS = f"application/{APPLICATION}/device/{EUI.lower()}/command/down"
ENCODER = """
function encodeDownlink(input) {
  if (input.data.open === undefined) { return { errors: ["open or closed?"] }; }
  return { bytes: [input.data.open ? 1 : 0, 7], fPort: 12, warnings: ["slowly"] };
}
"""


class Chirpstack:
    """The network's side of a broker: what it says of itself, and the commands it hears."""

    def __init__(self, publisher: Publisher, listener: Listener) -> None:
        self.publisher, self.listener = publisher, listener

    def says(self, event: str, **told: Any) -> None:
        info = {"devEui": EUI.lower(), "applicationId": APPLICATION, "applicationName": "essais"}
        told = {"time": datetime.now(UTC).isoformat(), "deviceInfo": info, **told}
        self.publisher.send([(EVENTS + event, json.dumps(told).encode())])

    def hears(self, count: int = 1) -> list[dict[str, Any]]:
        until(lambda: len(self.listener.heard) >= count)
        assert {topic for topic, _ in self.listener.heard} == {COMMANDS}
        return [json.loads(payload) for _, payload in self.listener.heard]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with a_broker(tmp_path / "broker") as made:
        yield made


@pytest.fixture
def network(territory: Territory, broker: Broker) -> Iterator[Chirpstack]:
    """A device of La Roche that its own ChirpStack hears, by MQTT."""
    device = territory.a_device(code=EUI, kind="actuator")
    key = connect(territory, broker.port)
    connected(territory, key)
    with a_publisher(broker) as publisher, a_listener(broker.port, "application/+/device/+/command/+") as listener:
        made = Chirpstack(publisher, listener)
        made.says("join", devAddr="00189440")
        until(lambda: _known(territory, device.id))
        yield made


def _known(territory: Territory, device: int) -> bool:
    territory.instance.rooms.reach.flush()
    answer = territory.as_("roche").post(f"/devices/{device}/downlinks/preview", json={"payload": "00", "port": 1})
    return answer.status_code == 200


def device_of(territory: Territory) -> int:
    (found,) = territory.as_("roche").get("/devices", params={"code": EUI}).json()["items"]
    return int(found["id"])


def ask(territory: Territory, who: str = "roche operator", **changes: Any) -> dict[str, Any]:
    body = {"payload": "0107", "port": 12, **changes}
    answer = territory.as_(who).post(f"/devices/{device_of(territory)}/downlinks", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def one(territory: Territory, key: str) -> dict[str, Any]:
    return territory.as_("roche").get(f"/downlinks/{key}").json()  # type: ignore[no-any-return]


def at(territory: Territory, key: str, state: str) -> dict[str, Any]:
    return until(lambda: (found := one(territory, key))["state"] == state and found)  # type: ignore[no-any-return]


def steps(told: dict[str, Any]) -> list[str]:
    return [step["step"] for step in told["history"]]


def test_a_downlink_goes_to_its_network_and_is_followed(territory: Territory, network: Chirpstack) -> None:
    asked = ask(territory, confirmed=True)
    assert asked["state"] == "queued" and asked["asked_by"] == f"{ROCHE} operate"
    (command,) = network.hears()
    assert command["id"] == asked["key"] and command["devEui"] == EUI.lower()
    assert (command["fPort"], base64.b64decode(command["data"]), command["confirmed"]) == (12, b"\x01\x07", True)
    assert datetime.fromisoformat(command["expiresAt"]) == datetime.fromisoformat(asked["expires_at"])
    until(lambda: one(territory, asked["key"]).get("handed_at"))
    network.says("txack", queueItemId=asked["key"], fCntDown=3, gatewayId="0016c001f153a14c")
    at(territory, asked["key"], "sent")
    network.says("ack", queueItemId=asked["key"], acknowledged=True, fCntDown=3, deduplicationId=str(uuid4()))
    told = at(territory, asked["key"], "acknowledged")
    assert steps(told) == ["asked", "handed-over", "sent", "acknowledged"] and told["counter"] == 3
    assert held(territory) == []


def test_what_a_device_does_not_acknowledge_has_failed(territory: Territory, network: Chirpstack) -> None:
    asked = ask(territory, confirmed=True)
    network.hears()
    until(lambda: one(territory, asked["key"]).get("handed_at"))
    network.says("txack", queueItemId=asked["key"], fCntDown=4)
    at(territory, asked["key"], "sent")
    network.says("ack", fCntDown=4, deduplicationId=str(uuid4()))  # without its key: known by the counter
    told = at(territory, asked["key"], "failed")
    assert steps(told)[-1] == "not-acknowledged" and told["reason_en"]


def test_what_the_network_lets_expire_is_told(territory: Territory, network: Chirpstack) -> None:
    asked = ask(territory)
    network.hears()
    network.says("log", level="ERROR", code="EXPIRED", description="x", context={"queue_item_id": asked["key"]})
    assert steps(at(territory, asked["key"], "expired"))[-1] == "expired"


def test_a_network_s_word_of_another_connection_changes_nothing(territory: Territory, network: Chirpstack) -> None:
    asked = ask(territory)
    network.hears()
    until(lambda: one(territory, asked["key"]).get("handed_at"))
    told = {"deviceInfo": {"devEui": EUI.lower()}, "queueItemId": asked["key"], "fCntDown": 1}
    Network(territory, "olonne", OLONNE).send(told, event="txack")
    assert one(territory, asked["key"])["state"] == "queued"


def test_asked_again_with_its_key_it_is_the_same(territory: Territory, network: Chirpstack) -> None:
    key = str(uuid4())
    first, again = ask(territory, key=key), ask(territory, key=key)
    assert first["key"] == again["key"] == key
    network.hears()
    until(lambda: one(territory, key).get("handed_at"))
    ask(territory, key=key)
    body = {"payload": "ff", "port": 12, "key": key}
    refused = territory.as_("roche").post(f"/devices/{device_of(territory)}/downlinks", json=body)
    assert refused.status_code == 409
    other = ask(territory)
    network.hears(2)
    assert [command["id"] for command in network.hears(2)] == [key, other["key"]]


def test_a_command_is_encoded_by_the_model_s_codec(
    territory: Territory,
    network: Chirpstack,
    model: str,  # noqa: F811
) -> None:
    know(territory, model, ENCODER)
    path = f"/devices/{device_of(territory)}"
    territory.as_("roche").patch(path, json={"model": model})
    wrong = territory.as_("roche").post(f"{path}/downlinks", json={"command": {"shut": True}})
    assert wrong.status_code == 422 and "open or closed?" in wrong.text
    seen = territory.as_("roche").post(f"{path}/downlinks/preview", json={"command": {"open": True}}).json()
    assert (seen["payload"], seen["port"], seen["warnings"], seen["approval"]) == ("0107", 12, ["slowly"], False)
    asked = territory.as_("roche").post(f"{path}/downlinks", json={"command": {"open": True}}).json()
    assert asked["payload"] == "0107" and asked["command"] == {"open": True}
    (command,) = network.hears()
    assert base64.b64decode(command["data"]) == b"\x01\x07"


def demand(territory: Territory) -> None:
    """La Roche's device is on an asset of a kind that needs a second person."""
    asset = territory.an_asset()
    territory.as_("roche").patch(f"/devices/{device_of(territory)}", json={"asset": asset.id})
    answer = territory.as_("syndicate").put("/downlink-approvals", json={"asset_kinds": [asset.kind]})
    assert answer.status_code == 200, answer.text


def test_a_second_person_approves_and_never_the_asker(territory: Territory, network: Chirpstack) -> None:
    demand(territory)
    asker, other, reader = (
        signed_in(territory, a_person(territory, f"{name}@roche.example", ROCHE, role))
        for name, role in (("a", "operator"), ("b", "operator"), ("c", "reader"))
    )
    path = f"/devices/{device_of(territory)}/downlinks"
    asked = asker.post(path, json={"payload": "01", "port": 1}).json()
    assert asked["state"] == "awaiting-approval" and asked["approval"]
    address = f"/downlinks/{asked['key']}/approve"
    assert asker.post(address).status_code == 403
    assert reader.post(address).status_code == 403
    assert territory.as_("roche").post(address).status_code == 403  # a key is nobody
    assert territory.as_("olonne").post(address).status_code == 404
    assert network.listener.heard == []
    approved = other.post(address)
    assert approved.status_code == 200 and approved.json()["approved_by"] == "b@roche.example"
    network.hears()
    assert other.post(address).status_code == 409
    lines = territory.as_("roche").get("/audit", params={"action": "downlink"}).json()["items"]
    assert [line["action"] for line in lines] == ["downlink.approve", "downlink.ask"]


def test_whoever_made_the_key_that_asks_does_not_approve(territory: Territory, network: Chirpstack) -> None:
    demand(territory)
    maker = signed_in(territory, a_person(territory, "m@roche.example", ROCHE))
    made = maker.post("/keys", json={"collectivity": ROCHE, "name": "automate", "right": "operate"}).json()
    territory.keys["automaton"] = made["token"]
    asked = ask(territory, "automaton")
    assert maker.post(f"/downlinks/{asked['key']}/approve").status_code == 403
    refused = maker.post(f"/downlinks/{asked['key']}/refuse", json={"reason": "pas cette nuit"}).json()
    assert (refused["state"], refused["reason_fr"]) == ("refused", "pas cette nuit")


def test_it_is_taken_back_while_it_has_not_left(territory: Territory, broker: Broker, network: Chirpstack) -> None:
    broker.stop()
    asked = ask(territory)
    told = territory.as_("roche operator").post(f"/downlinks/{asked['key']}/cancel").json()
    assert told["state"] == "cancelled"
    broker.start()
    with a_listener(broker.port, COMMANDS) as listener:
        kept = ask(territory)
        until(lambda: one(territory, kept["key"]).get("handed_at"), 60)
        assert territory.as_("roche operator").post(f"/downlinks/{kept['key']}/cancel").status_code == 409
        assert [json.loads(payload)["id"] for _, payload in listener.heard] == [kept["key"]]


def test_a_topic_that_no_network_listens_to_is_told_and_tried_again(
    territory: Territory, broker: Broker, network: Chirpstack
) -> None:
    network.listener.close()
    asked = ask(territory)
    told = until(lambda: (found := one(territory, asked["key"])).get("reason_en") and found)
    assert told["state"] == "queued" and "listens" in told["reason_en"]
    with a_listener(broker.port, COMMANDS) as listener:
        until(lambda: one(territory, asked["key"]).get("handed_at"))
        assert len(listener.heard) == 1 and "reason_en" not in one(territory, asked["key"])


def test_what_the_broker_could_not_take_waits_for_it(territory: Territory, broker: Broker, network: Chirpstack) -> None:
    broker.stop()
    asked = ask(territory)
    assert one(territory, asked["key"])["state"] == "queued"
    broker.start()
    with a_listener(broker.port, "application/+/device/+/command/+") as listener:
        until(lambda: listener.heard, 60)
        until(lambda: one(territory, asked["key"]).get("handed_at"))
        assert len(listener.heard) == 1


def test_its_deadline_ends_it(territory: Territory, broker: Broker, network: Chirpstack) -> None:
    broker.stop()
    soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    asked = ask(territory, expires_at=soon)
    told = at(territory, asked["key"], "expired")
    assert told["reason_en"] == course.UNSENT.en
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    path = f"/devices/{device_of(territory)}/downlinks"
    body = {"payload": "01", "port": 1, "expires_at": past}
    assert territory.as_("roche").post(path, json=body).status_code == 422


def test_what_was_being_handed_over_when_all_stopped_is_not_sent_again(
    territory: Territory, broker: Broker, network: Chirpstack
) -> None:
    broker.stop()
    asked = ask(territory)
    now, rooms = datetime.now(UTC), territory.instance.rooms
    with rooms.database.write() as tx:
        (waiting,) = course.due(tx, now=now)
        assert course.begin(tx, waiting.id, now=now) and not course.begin(tx, waiting.id, now=now)
        assert course.resume(tx, now=now) == 1
    told = one(territory, asked["key"])
    assert (told["state"], steps(told)[-1]) == ("failed", "uncertain")
    broker.start()
    with a_publisher(broker) as publisher:
        Chirpstack(publisher, network.listener).says("txack", queueItemId=asked["key"], fCntDown=1)
    at(territory, asked["key"], "sent")  # the network had it after all


def test_strangers_and_other_collectivities_see_and_ask_nothing(territory: Territory, network: Chirpstack) -> None:
    asked = ask(territory)
    path = f"/devices/{device_of(territory)}/downlinks"
    body = {"payload": "01", "port": 1}
    assert territory.as_("roche reader").post(path, json=body).status_code == 403
    assert territory.as_("roche editor").post(path, json=body).status_code == 403
    for who, status in (("olonne", 404), ("stranger", 401)):
        caller = territory.as_(who)
        assert caller.get(path).status_code == status
        assert caller.post(path, json=body).status_code == status
        assert caller.post(f"{path}/preview", json=body).status_code == status
        for verb in ("approve", "cancel"):
            assert caller.post(f"/downlinks/{asked['key']}/{verb}").status_code == status
        assert caller.post(f"/downlinks/{asked['key']}/refuse", json={"reason": "x"}).status_code == status
        assert caller.get(f"/downlinks/{asked['key']}").status_code == status
    assert territory.as_("olonne").get("/downlinks").json()["items"] == []
    assert territory.as_("olonne").put("/downlink-approvals", json={}).status_code == 403
    assert territory.as_("roche reader").get(path).json()[0]["key"] == asked["key"]


def test_nobody_sends_by_a_network_that_is_not_theirs(territory: Territory, network: Chirpstack) -> None:
    """Olonne declares La Roche's device as its own, and names connections."""
    device = (
        territory.as_("olonne")
        .post("/devices", json={"owner": OLONNE, "kind": "actuator", "code": EUI, "name": "x", "service": "buildings"})
        .json()
    )
    (roche,) = territory.as_("roche").get("/connections").json()["items"]
    structure = Network(territory, "syndicate", territory.structure)
    for connection in (None, roche["key"], structure.key):
        body = {"payload": "01", "port": 1, "connection": connection}
        answer = territory.as_("olonne").post(f"/devices/{device['id']}/downlinks", json=body)
        assert answer.status_code == 409, answer.text
    assert network.listener.heard == []


def test_the_things_stack_is_written_to_by_its_own_topic(territory: Territory, broker: Broker) -> None:
    device = territory.a_device(code=EUI)
    key = connect(territory, broker.port, kind="tts-v3")
    connected(territory, key)
    ids = {"device_id": "vanne-1", "application_ids": {"application_id": "app1"}, "dev_eui": EUI}
    base = f"v3/{USER}/devices/vanne-1/"
    with a_publisher(broker) as publisher, a_listener(broker.port, base + "down/push") as listener:
        join = {"end_device_ids": ids, "received_at": "2026-11-22T10:00:00Z", "join_accept": {}}
        publisher.send([(base + "join", json.dumps(join).encode())])
        until(lambda: _known(territory, device.id))
        asked = ask(territory, confirmed=True)
        until(lambda: listener.heard)
        (pushed,) = json.loads(listener.heard[0][1])["downlinks"]
        assert pushed["correlation_ids"] == [f"beffroi:{asked['key']}"]
        assert (pushed["f_port"], pushed["frm_payload"], pushed["confirmed"]) == (12, "AQc=", True)
        until(lambda: one(territory, asked["key"]).get("handed_at"))
        for event, part in (("sent", "downlink_sent"), ("ack", "downlink_ack")):
            ours = {"correlation_ids": [f"beffroi:{asked['key']}", "as:downlink:01H"], "f_cnt": 9}
            told = {"end_device_ids": ids, "received_at": datetime.now(UTC).isoformat(), part: ours}
            publisher.send([(f"{base}down/{event}", json.dumps(told).encode())])
        at(territory, asked["key"], "acknowledged")
    assert held(territory) == []  # what we published ourselves is not a message of the network's


class Cluster(BaseHTTPRequestHandler):
    """The Things Stack's door for webhooks' downlinks."""

    status, asked = 200, list[tuple[str, str, dict[str, Any]]]()

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["content-length"]))
        self.asked.append((self.path, self.headers["authorization"], json.loads(content)))
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b'{"message": "no rights"}')

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing is printed."""


@pytest.mark.parametrize(("status", "state"), [(200, "queued"), (403, "failed")])
def test_the_things_stack_is_written_to_by_its_webhook(territory: Territory, status: int, state: str) -> None:
    Cluster.status, Cluster.asked = status, []
    with HTTPServer(("127.0.0.1", 0), Cluster) as cluster:
        threading.Thread(target=cluster.serve_forever, daemon=True).start()
        device = territory.a_device(code=EUI)
        network = Network(territory, "roche", ROCHE, "tts-v3")
        api = {"url": f"http://127.0.0.1:{cluster.server_port}/", "application": "app1", "webhook": "wh 1"}
        put = territory.as_("roche").put(f"/connections/{network.key}/api", json={**api, "token": "NNSXS.x"})
        assert put.status_code == 200 and "NNSXS" not in put.text, put.text
        ids = {"device_id": "vanne-1", "application_ids": {"application_id": "app1"}, "dev_eui": EUI}
        network.send({"end_device_ids": ids, "received_at": "2026-11-22T10:00:00Z", "join_accept": {}})
        assert _known(territory, device.id)
        asked = ask(territory)
        until(
            lambda: one(territory, asked["key"]).get("handed_at") or one(territory, asked["key"])["state"] == "failed"
        )
        told = one(territory, asked["key"])
        cluster.shutdown()
    ((path, authorization, body),) = Cluster.asked
    assert path == "/api/v3/as/applications/app1/webhooks/wh%201/devices/vanne-1/down/push"
    assert authorization == "Bearer NNSXS.x" and body["downlinks"][0]["correlation_ids"] == [f"beffroi:{asked['key']}"]
    assert told["state"] == state and ("no rights" in told.get("reason_en", "")) == (status != 200)


def test_a_downlink_ends_with_the_move_of_its_device(territory: Territory, broker: Broker, network: Chirpstack) -> None:
    broker.stop()
    asked = ask(territory)
    move = {"to": OLONNE, "at": (datetime.now(UTC) - timedelta(seconds=5)).isoformat(), "past": "both"}
    proposal = territory.as_("roche").post("/moves", json={"subject": "device", "id": device_of(territory), **move})
    assert proposal.status_code in (200, 201), proposal.text
    accepted = territory.as_("olonne").post(f"/moves/{proposal.json()['proposal']['id']}/acceptance")
    assert accepted.status_code == 200, accepted.text

    def state() -> str:
        with territory.instance.rooms.database.read() as tx:
            return str(tx.execute(downlink.select()).one().state)

    until(lambda: state() == "failed")
    assert territory.as_("olonne").get(f"/downlinks/{asked['key']}").status_code == 404
