"""What networks deliver is stored or held, once, whatever it is."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from beffroi.acquisition import model_codecs
from beffroi.acquisition.connectors import CONNECTORS
from beffroi.acquisition.model_codecs import ChannelOf, NewCodec
from beffroi.errors import Text, Unavailable
from beffroi.observations import Few, Quality
from beffroi.registry import models, moves
from beffroi.registry.model import Move
from tests.conftest import NOW, OLONNE, ROCHE, Territory
from tests.trials import SOAK, tried

TABLE = """
device = "{device}"
[time]
column = "time"
[values.temperature]
"""
SENT = datetime(2026, 11, 22, 10, 0, 0, 250_000, tzinfo=UTC)
CODEC = """
function decodeUplink(input) {
  if (input.bytes[0] === 0xff) { throw new Error("not mine"); }
  if (input.bytes[0] === 0xfe) { return { errors: ["broken"] }; }
  var temperature = ((input.bytes[0] << 8) | input.bytes[1]) / 10;
  return { data: { temperature: temperature, battery_mv: input.bytes[2] * 100, name: "x" } };
}
"""
CHANNELS = [
    ChannelOf(key="temperature", observed_property="temperature"),
    ChannelOf(key="battery_mv", observed_property="battery-voltage", unit="mV"),
    ChannelOf(key="name"),
]
EUI = "70B3D57ED0000001"


def uplink(
    device: str = EUI, counter: int = 1, payload: bytes = b"\x00\xd7\x21", at: datetime = SENT, **more: Any
) -> dict[str, Any]:
    """As ChirpStack v4 writes it."""
    return {
        "deduplicationId": f"00000000-0000-0000-0000-{counter:012d}",
        "time": at.isoformat(),
        "deviceInfo": {"devEui": device.lower(), "deviceName": "salle", "applicationName": "essais"},
        "fCnt": counter,
        "fPort": 2,
        "data": base64.b64encode(payload).decode(),
        "rxInfo": [{"gatewayId": "0016c001f153a14c", "rssi": -36, "snr": 10.5}],
        "txInfo": {"frequency": 868100000, "modulation": {"lora": {"bandwidth": 125000, "spreadingFactor": 7}}},
        **more,
    }


class Network:
    """A connection, and what is delivered by it."""

    def __init__(self, territory: Territory, who: str, owner: str, kind: str = "chirpstack-v4") -> None:
        self.territory = territory
        mapping = {"mapping": TABLE} if kind == "table" else {}
        body = {"owner": owner, "kind": kind, "name": "Réseau", **mapping}
        made = territory.as_(who).post("/connections", json=body)
        assert made.status_code == 201, made.text
        self.key, self.secret = made.json()["connection"]["key"], made.json()["secret"]

    def send(self, *messages: Any, event: str = "up") -> dict[str, Any]:
        content = "\n".join(json.dumps(one) for one in messages)
        answer = self.territory.client.post(
            f"/api/v1/connections/{self.key}/messages?event={event}",
            content=content,
            headers={"Authorization": f"Bearer {self.secret}"},
        )
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]


@pytest.fixture
def model(territory: Territory) -> str:
    with territory.instance.rooms.database.write() as tx:
        models.create(territory.system, tx, models.NewDeviceModel(code="am1", maker="M", name="AM1"), now=NOW)
    territory.instance.rooms.changed()
    return "am1"


@pytest.fixture
def decoded(territory: Territory, model: str) -> str:
    """A model of which all is known."""
    know(territory, model)
    return model


def know(territory: Territory, model: str, source: str = CODEC) -> None:
    with territory.instance.rooms.database.write() as tx:
        model_codecs.set_codec(territory.system, tx, model, NewCodec(source=source), now=NOW)
        model_codecs.set_channels(territory.system, tx, model, CHANNELS, now=NOW)
    territory.instance.rooms.changed()


def values(territory: Territory, who: str = "roche", property_: str = "temperature") -> list[tuple[str, float]]:
    found = territory.as_(who).get("/observations", params={"observed_property": property_}).json()
    return [(one["time"], one["value"]) for one in found["items"]]


def held(territory: Territory, who: str = "roche") -> list[dict[str, Any]]:
    found = territory.as_(who).get("/held-messages").json()["items"]
    return [one for one in found if one["state"] == "waiting"]


def test_an_uplink_becomes_observations_in_the_units_of_their_properties(territory: Territory, decoded: str) -> None:
    territory.a_device(code=EUI, model=decoded)
    taken = Network(territory, "roche", ROCHE).send(uplink())
    assert taken == {"messages": 1, "stored": 1, "again": 0, "held": 0, "observations": 2}
    assert values(territory) == [("2026-11-22T10:00:00.250000Z", 21.5)]
    assert values(territory, property_="battery-voltage") == [("2026-11-22T10:00:00.250000Z", 3.3)]


TRACKER = """
function decodeUplink(input) { return { data: { gps: { latitude: 46.67, longitude: -1.43 } } }; }
function normalizeUplink(input) {
  return { data: [
    { air: { temperature: 20 }, time: "2026-11-22T09:50:00Z" },
    { air: { temperature: 21 }, time: "2026-11-22T10:00:00Z" },
  ] };
}
"""


def test_positions_and_past_measurements_of_one_message_are_stored(territory: Territory, model: str) -> None:
    with territory.instance.rooms.database.write() as tx:
        model_codecs.set_codec(territory.system, tx, model, NewCodec(source=TRACKER), now=NOW)
        channels = [
            ChannelOf(key="gps", observed_property="position"),
            ChannelOf(key="normalised.air.temperature", observed_property="temperature"),
        ]
        model_codecs.set_channels(territory.system, tx, model, channels, now=NOW)
    territory.instance.rooms.changed()
    territory.a_device(code=EUI, model=model)
    taken = Network(territory, "roche", ROCHE).send(uplink())
    assert taken == {"messages": 1, "stored": 1, "again": 0, "held": 0, "observations": 3}
    assert values(territory) == [("2026-11-22T09:50:00Z", 20), ("2026-11-22T10:00:00Z", 21)]
    (where,) = territory.as_("roche").get("/observations", params={"observed_property": "position"}).json()["items"]
    assert (where["longitude"], where["latitude"]) == (-1.43, 46.67)


def test_what_was_sent_is_kept_beside(territory: Territory, decoded: str) -> None:
    territory.a_device(code=EUI, model=decoded)
    Network(territory, "roche", ROCHE).send(uplink())
    found = territory.as_("roche").get("/observations", params={"observed_property": "radio-message"}).json()["items"]
    told = json.loads(found[0]["text"])
    assert told["device"] == EUI and told["frame_counter"] == 1 and told["gateways"][0]["rssi"] == -36


def test_a_frame_told_by_two_gateways_counts_once(territory: Territory, decoded: str) -> None:
    territory.a_device(code=EUI, model=decoded)
    network = Network(territory, "roche", ROCHE)
    network.send(uplink())
    other = [{"gatewayId": "00000000000000ff", "rssi": -90, "snr": -3}]
    taken = network.send(uplink(at=SENT + timedelta(milliseconds=40), rxInfo=other))
    assert (taken["again"], taken["observations"]) == (1, 0)
    assert len(values(territory)) == 1
    found = territory.as_("roche").get("/observations", params={"observed_property": "radio-message"}).json()["items"]
    assert len(found) == 1
    assert {one["id"] for one in json.loads(found[0]["text"])["gateways"]} == {"0016c001f153a14c", "00000000000000ff"}


def test_a_device_nobody_declared_is_held_with_who_heard_it_then_replayed(territory: Territory, decoded: str) -> None:
    network = Network(territory, "roche", ROCHE)
    assert network.send(uplink(counter=2, at=SENT + timedelta(hours=1)), uplink())["held"] == 2
    (group,) = territory.as_("roche").get("/held-messages/groups").json()
    assert (group["cause"], group["device"], group["messages"]) == ("unknown-device", EUI, 2)
    assert group["gateways"] == ["0016c001f153a14c"]
    territory.a_device(code=EUI.lower(), model=decoded)
    done = territory.as_("roche").post("/held-messages/replay", json={"cause": "unknown-device"}).json()
    assert done == {"replayed": 2, "waiting": 0, "observations": 4}
    assert [time for time, _ in values(territory)] == ["2026-11-22T10:00:00.250000Z", "2026-11-22T11:00:00.250000Z"]
    again = territory.as_("roche").post("/held-messages/replay", json={}).json()
    assert again == {"replayed": 0, "waiting": 0, "observations": 0}


def test_delivered_again_it_is_held_once(territory: Territory) -> None:
    network = Network(territory, "roche", ROCHE)
    for _ in range(3):
        network.send(uplink())
    (one,) = held(territory)
    assert one["times"] == 3


def test_each_cause_is_said_and_mended(territory: Territory, model: str) -> None:
    device = territory.a_device(code=EUI)
    network = Network(territory, "roche", ROCHE)
    network.send(uplink())
    assert [one["cause"] for one in held(territory)] == ["no-model"]
    territory.as_("roche")("PATCH", f"/devices/{device.id}", json={"model": model})
    replay = lambda: territory.as_("roche").post("/held-messages/replay", json={}).json()  # noqa: E731
    replay()
    assert [one["cause"] for one in held(territory)] == ["no-model"]
    with territory.instance.rooms.database.write() as tx:
        model_codecs.set_codec(territory.system, tx, model, NewCodec(source=CODEC), now=NOW)
    territory.instance.rooms.changed()
    replay()
    assert [one["cause"] for one in held(territory)] == ["no-channels"]
    know(territory, model)
    assert replay()["replayed"] == 1
    assert held(territory) == [] and len(values(territory)) == 1


@pytest.mark.parametrize(("payload", "said"), [(b"\xff\x00\x00", "not mine"), (b"\xfe\x00\x00", "broken")])
def test_a_codec_that_fails_holds_its_message_alone(
    territory: Territory, decoded: str, payload: bytes, said: str
) -> None:
    territory.a_device(code=EUI, model=decoded)
    taken = Network(territory, "roche", ROCHE).send(
        uplink(payload=payload), uplink(counter=2, at=SENT + timedelta(minutes=10))
    )
    assert (taken["stored"], taken["held"]) == (1, 1)
    (one,) = held(territory)
    assert one["cause"] == "codec-error" and said in one["reason_en"]
    assert len(values(territory)) == 1


def test_what_cannot_be_read_is_kept_as_it_came(territory: Territory) -> None:
    network = Network(territory, "roche", ROCHE)
    answer = territory.client.post(
        f"/api/v1/connections/{network.key}/messages?key={network.secret}", content=b"\x00\xffgarbage"
    )
    assert answer.json()["held"] == 1
    (one,) = held(territory)
    assert one["cause"] == "unread" and bytes.fromhex(one["content"]) == b"\x00\xffgarbage"


def test_the_structure_s_network_serves_its_members(territory: Territory, decoded: str) -> None:
    territory.a_device(code=EUI, model=decoded, owner=OLONNE)
    Network(territory, "syndicate", territory.structure).send(uplink())
    assert len(values(territory, "olonne")) == 1
    assert values(territory, "roche") == []


def test_a_commune_s_network_serves_its_own_devices_alone(territory: Territory, decoded: str) -> None:
    territory.a_device(code=EUI, model=decoded, owner=OLONNE)
    assert Network(territory, "roche", ROCHE).send(uplink())["held"] == 1
    assert held(territory, "olonne") == []


def test_a_device_that_two_declare_is_held(territory: Territory, decoded: str) -> None:
    territory.a_device(code=EUI, model=decoded, owner=OLONNE)
    territory.a_device(code=EUI, model=decoded, owner=ROCHE)
    Network(territory, "syndicate", territory.structure).send(uplink())
    assert [one["cause"] for one in held(territory, "syndicate")] == ["claimed-twice"]


def test_a_stranger_sees_and_opens_nothing(territory: Territory) -> None:
    network = Network(territory, "roche", ROCHE)
    network.send(uplink())
    for path in ("/connections", "/held-messages", "/held-messages/groups"):
        answer = territory.as_("olonne").get(path).json()
        assert (answer if isinstance(answer, list) else answer["items"]) == []
        assert territory.as_("stranger").get(path).status_code == 401
    assert territory.as_("olonne").get(f"/connections/{network.key}").status_code == 404
    assert territory.as_("olonne").get(f"/connections/{network.key}/messages").status_code == 404
    assert territory.as_("olonne").post(f"/connections/{network.key}/secret").status_code == 404
    assert territory.as_("olonne").post("/held-messages/replay", json={}).json()["replayed"] == 0
    refused = territory.as_("roche reader").post("/connections", json={"owner": ROCHE, "kind": "sigfox", "name": "x"})
    assert refused.status_code == 403
    wrong = territory.client.post(f"/api/v1/connections/{network.key}/messages", headers={"Authorization": "Bearer x"})
    assert wrong.status_code == 401


def test_a_secret_opens_its_own_connection_until_it_is_renewed(territory: Territory) -> None:
    one, other = Network(territory, "roche", ROCHE), Network(territory, "olonne", OLONNE)
    path = f"/api/v1/connections/{other.key}/messages"
    headers = {"Authorization": f"Bearer {one.secret}"}
    assert territory.client.post(path, content=b"{}", headers=headers).status_code == 403
    renewed = territory.as_("roche").post(f"/connections/{one.key}/secret").json()["secret"]
    path = f"/api/v1/connections/{one.key}/messages"
    assert territory.client.post(path, content=b"{}", headers=headers).status_code == 401
    assert territory.client.post(path, content=b"{}", headers={"Authorization": renewed}).status_code == 200
    assert territory.as_("roche")("DELETE", f"/connections/{one.key}").status_code == 204
    assert territory.client.post(path, content=b"{}", headers={"Authorization": renewed}).status_code == 401


def test_another_codec_decodes_what_was_stored_again(territory: Territory, decoded: str) -> None:
    device = territory.a_device(code=EUI, model=decoded)
    Network(territory, "roche", ROCHE).send(uplink())
    know(territory, decoded, CODEC.replace("/ 10", "/ 100"))
    body = {"devices": [device.id]}
    assert territory.as_("roche").post("/messages/redecode", json=body).json() == {
        "messages": 1,
        "observations": 2,
        "held": 0,
    }
    assert values(territory) == [("2026-11-22T10:00:00.250000Z", 2.15)]
    assert territory.as_("olonne").post("/messages/redecode", json=body).status_code in (404, 422)


def test_what_is_decoded_again_is_not_written_again_itself(
    territory: Territory, decoded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a message that is removed meanwhile would come back."""
    device = territory.a_device(code=EUI, model=decoded)
    Network(territory, "roche", ROCHE).send(uplink())
    written: list[list[str | None]] = []
    record = territory.instance.rooms.record
    kept = record.submit

    def watched(batch: Any, **given: Any) -> Any:
        rows = batch.batch if isinstance(batch, Few) else batch
        written.append(rows["text"].to_pylist())
        return kept(batch, **given)

    monkeypatch.setattr(record, "submit", watched)
    territory.as_("roche").post("/messages/redecode", json={"devices": [device.id]}).raise_for_status()
    assert written == [[None, None]]


def test_the_last_messages_are_shown_with_what_became_of_them(territory: Territory, decoded: str) -> None:
    territory.a_device(code=EUI, model=decoded)
    network = Network(territory, "roche", ROCHE)
    network.send(uplink(), uplink(device="70B3D57ED0000002"))
    told = territory.as_("roche").get(f"/connections/{network.key}/messages").json()
    assert {one["outcome"] for one in told} == {"stored", "held"}
    stored = next(one for one in told if one["outcome"] == "stored")
    assert stored["values"][0] == {
        "key": "temperature",
        "observed_property": "temperature",
        "value": 21.5,
        "unit": "°C",
    }


def test_what_came_in_a_day_is_counted_by_connection(territory: Territory, decoded: str) -> None:
    territory.a_device(code=EUI, model=decoded)
    network, silent = Network(territory, "roche", ROCHE), Network(territory, "roche", ROCHE)
    network.send(uplink(), uplink(counter=2, at=SENT + timedelta(minutes=10)))
    found = {one["connection"]: one for one in territory.as_("roche").get("/connections/activity").json()}
    assert found[network.key]["day"] == 2 and found[network.key]["last"] is not None
    assert found[silent.key] == {"connection": silent.key, "last": None, "day": 0}
    assert territory.as_("olonne").get("/connections/activity").json() == []


def test_telegraf_writes_line_protocol_at_its_usual_path(territory: Territory, model: str) -> None:
    with territory.instance.rooms.database.write() as tx:
        channels = [ChannelOf(key="temp", observed_property="temperature")]
        model_codecs.set_channels(territory.system, tx, model, channels, now=NOW)
    territory.a_device(code="serveur-1", model=model)
    network = Network(territory, "roche", ROCHE, "line-protocol")
    written = territory.client.post(
        "/api/v2/write?org=x&bucket=y&precision=s",
        content=f"room,device=serveur-1 temp=19.5,load=2i {int(SENT.timestamp())}",
        headers={"Authorization": f"Token {network.secret}"},
    )
    assert written.status_code == 204
    assert values(territory) == [("2026-11-22T10:00:00Z", 19.5)]


def fares(territory: Territory, who: str = "roche") -> dict[str, Any]:
    (one,) = territory.as_(who).get("/devices/health").json()
    return one  # type: ignore[no-any-return]


def test_frames_lost_told_again_and_restarts_are_counted(territory: Territory, decoded: str) -> None:
    territory.a_device(code=EUI, model=decoded)
    network = Network(territory, "roche", ROCHE)
    for place, counter in enumerate((10, 11, 14, 14, 15, 0, 1)):
        network.send(uplink(counter=counter, at=SENT + timedelta(minutes=10 * (place - (place > 2)))))
    told = fares(territory)
    assert (told["frames"], told["lost"], told["again"], told["restarts"]) == (6, 2, 1, 1)
    assert told["loss"] == 0.25 and told["rssi"] == -36 and told["period"] == 600
    assert territory.as_("olonne").get("/devices/health").json() == []


def test_a_device_is_silent_by_its_own_habit(territory: Territory, decoded: str) -> None:
    hourly, daily = (
        territory.a_device(code=EUI, model=decoded),
        territory.a_device(code="70B3D57ED0000002", model=decoded),
    )
    network = Network(territory, "roche", ROCHE)
    now = datetime.now(UTC)
    for counter in range(5):
        network.send(uplink(counter=counter, at=now - timedelta(hours=10 - counter)))
        network.send(uplink(daily.code, counter, at=now - timedelta(days=5 - counter)))
    silent = territory.as_("roche").get("/devices/health", params={"silent": "true"}).json()
    assert [one["device"] for one in silent] == [hourly.id]


def flags(territory: Territory) -> list[int]:
    found = territory.as_("roche").get("/observations", params={"observed_property": "temperature"}).json()["items"]
    return [one.get("quality", 0) for one in found]


def test_what_is_doubtful_is_flagged_and_counted(territory: Territory, decoded: str) -> None:
    territory.a_device(code=EUI, model=decoded)
    network = Network(territory, "roche", ROCHE)
    start = datetime.now(UTC) - timedelta(minutes=40)
    twenty, ninety = b"\x00\xc8\x21", b"\x03\x84\x21"
    for counter, (payload, minute) in enumerate([(twenty, 0), (ninety, 10), (twenty, 5), (ninety, 300)]):
        network.send(uplink(counter=counter, payload=payload, at=start + timedelta(minutes=minute)))
    assert flags(territory) == [
        0,
        Quality.OUT_OF_ORDER,
        Quality.OUT_OF_RANGE | Quality.JUMP,
        Quality.OUT_OF_RANGE | Quality.DOUBTFUL,
    ]
    network.send(uplink(counter=9, at=start - timedelta(hours=5)))
    assert flags(territory)[0] == Quality.LATE | Quality.OUT_OF_ORDER
    assert fares(territory)["flags"]["jump"] == 1


def test_a_sensor_that_hangs_is_flagged(territory: Territory, decoded: str) -> None:
    territory.a_device(code=EUI, model=decoded)
    start = datetime.now(UTC) - timedelta(days=3)
    frames = [uplink(counter=hours, at=start + timedelta(hours=hours)) for hours in range(0, 72, 3)]
    Network(territory, "roche", ROCHE).send(*frames)
    frozen = [bool(one & Quality.FROZEN) for one in flags(territory)]
    assert frozen == [False] * 16 + [True] * 8


@given(
    content=st.binary(max_size=400)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
        max_leaves=20,
    ).map(lambda value: json.dumps(value).encode()),
    kind=st.sampled_from(sorted(CONNECTORS)),
)
@tried(150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_delivered_is_kept(open_doors: dict[str, "Network"], content: bytes, kind: str) -> None:
    network = open_doors[kind]
    answer = network.territory.client.post(
        f"/api/v1/connections/{network.key}/messages?key={network.secret}", content=content
    )
    assert answer.status_code == 200, answer.text
    taken = answer.json()
    assert taken["messages"] == taken["stored"] + taken["again"] + taken["held"] >= 1


@pytest.fixture
def open_doors(territory: Territory) -> dict[str, Network]:
    return {kind: Network(territory, "roche", ROCHE, kind) for kind in CONNECTORS}


def test_recorded_messages_of_every_network_are_taken(
    territory: Territory, shared_data: Path, open_doors: dict[str, Network]
) -> None:
    """Nobody declared their devices: all of them are held, and none is lost. Each file goes to some doors, and to all
    of them in the long campaigns."""
    files = sorted(one for one in (shared_data / "lorawan-events").rglob("*") if one.is_file())
    assert len(files) > 50
    apart = 1 if SOAK else 6
    for place, (kind, network) in enumerate(open_doors.items()):
        for one in files[place % apart :: apart]:
            answer = territory.client.post(
                f"/api/v1/connections/{network.key}/messages?key={network.secret}", content=one.read_bytes()
            )
            assert answer.status_code == 200, (kind, one, answer.text)


def test_lines_of_one_moment_are_all_kept_and_told_apart_by_their_tags(territory: Territory, model: str) -> None:
    told = [ChannelOf(key=f"room,room={one}.temp", observed_property="temperature") for one in ("a", "b")]
    with territory.instance.rooms.database.write() as tx:
        model_codecs.set_channels(territory.system, tx, model, told, now=NOW)
    territory.a_device(code="serveur-1", model=model)
    network = Network(territory, "roche", ROCHE, "line-protocol")
    lines = [
        f"room,device=serveur-1,room={one} temp={value} {int(SENT.timestamp())}" for one, value in (("a", 1), ("b", 2))
    ]
    headers = {"Authorization": f"Token {network.secret}"}
    for _ in range(2):
        territory.client.post("/api/v2/write?precision=s", content="\n".join(lines), headers=headers)
    assert sorted(value for _, value in values(territory)) == [1, 2]
    found = territory.as_("roche").get("/observations", params={"observed_property": "radio-message"}).json()["items"]
    assert len(found) == 2


def test_what_could_not_be_kept_is_taken_when_it_is_delivered_again(
    territory: Territory, decoded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    territory.a_device(code=EUI, model=decoded)
    network = Network(territory, "roche", ROCHE)
    record = territory.instance.rooms.record
    with monkeypatch.context() as full:
        full.setattr(record, "submit", refusing)
        refused = territory.client.post(
            f"/api/v1/connections/{network.key}/messages?event=up&key={network.secret}", content=json.dumps(uplink())
        )
    assert refused.status_code == 503
    assert network.send(uplink())["stored"] == 1
    assert len(values(territory)) == 1


def refusing(*given: Any, **named: Any) -> Any:
    raise Unavailable(Text("disque plein", "disk full"))


def test_what_was_another_s_is_not_shown_to_the_present_owner(territory: Territory, decoded: str) -> None:
    device = territory.a_device(code=EUI, model=decoded, owner=OLONNE)
    network = Network(territory, "syndicate", territory.structure)
    network.send(uplink())
    with territory.instance.rooms.database.write() as tx:
        moves.move(territory.system, tx, "device", device.id, Move(to=ROCHE, at=NOW, past="former"), now=NOW)
    territory.instance.rooms.changed()
    assert network.send(uplink(counter=2, at=SENT + timedelta(minutes=10)))["held"] == 1
    assert held(territory, "roche") == []
    assert [one["cause"] for one in held(territory, "syndicate")] == ["before-owner"]


def test_a_model_is_removed_with_its_codec(territory: Territory, decoded: str) -> None:
    assert territory.as_("syndicate").delete(f"/device-models/{decoded}").status_code == 204
    assert territory.as_("syndicate").get(f"/device-models/{decoded}/codec").status_code == 404
