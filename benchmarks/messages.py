"""Uplinks of 10,000 devices as ChirpStack tells them: received by HTTP and by MQTT, decoded by a script, stored."""

import base64
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import msgspec

from beffroi import app
from beffroi.access.sealing import Sealing
from beffroi.acquisition import connections, model_codecs
from beffroi.acquisition.connections import Broker, NewConnection
from beffroi.acquisition.model_codecs import ChannelOf, NewCodec
from beffroi.acquisition.perimeter import Perimeter
from beffroi.acquisition.ways import Bounds
from beffroi.registry import devices, models
from beffroi.registry.devices import NewDevice
from beffroi.registry.models import NewDeviceModel
from benchmarks import broker, instance, load
from benchmarks.figures import Figure, Run, folder
from benchmarks.instance import OWNER, SYSTEM, Server
from benchmarks.load import Share

DEVICES, WIDTH = 10_000, 8
START = datetime(2026, 11, 1, tzinfo=UTC)
ROWS = 3
"""that an uplink gives: itself and two values"""
PATIENCE = 300.0
CODEC = """
function decodeUplink(input) {
  var b = input.bytes;
  return { data: { temperature: ((b[0] << 8) | b[1]) / 10 - 40, humidity: b[2] } };
}
"""
CHANNELS = [
    ChannelOf(key="temperature", observed_property="temperature"),
    ChannelOf(key="humidity", observed_property="relative-humidity"),
]
HTTP, MQTT = f"uplinks by HTTP, {WIDTH} connections", "uplinks by MQTT, QoS 1"
AGAIN = "messages decoded again"
REACHES = {HTTP: 3_000, MQTT: 6_000, AGAIN: 10_000}


def figures(run: Run) -> list[Figure]:
    rounds = 2 if run.quick else 10
    with folder() as place, broker.broker(place) as port:
        data = place / "data"
        token, ids, (by_http, secret) = _instance(data, port)
        with instance.served(data) as server:
            run.say("a first message of each device")
            _mqtt(server, port, range(1))
            run.say("by HTTP")
            found = {HTTP: _http(server, by_http, secret, range(1, 1 + rounds // 2))}
            run.say("by MQTT")
            found[MQTT] = _mqtt(server, port, range(100, 100 + rounds))
            run.say("decoding again")
            found[AGAIN] = _again(server, token, ids)
    note = f"{DEVICES:,} devices, each uplink decoded by JavaScript and durable before it is acknowledged"
    return [Figure(work, value, "messages/s", {}, REACHES[work], note) for work, value in found.items()]


def _instance(data: Path, port: int) -> tuple[str, list[int], tuple[str, str]]:
    """A key, the devices, and the connection by HTTP with its secret."""
    data.mkdir()
    sealing = Sealing(app.secret_of(data))
    with instance.registering(data) as tx:
        models.create(SYSTEM, tx, NewDeviceModel(code="am1", maker="M", name="AM1"), now=START)
        model_codecs.set_codec(SYSTEM, tx, "am1", NewCodec(source=CODEC), now=START)
        model_codecs.set_channels(SYSTEM, tx, "am1", CHANNELS, now=START)
        news = [
            NewDevice(owner=OWNER, code=_eui(n), name=_eui(n), kind="sensor", service="buildings", model="am1")
            for n in range(DEVICES)
        ]
        ids = devices.create_many(SYSTEM, tx, news, now=START)
        new = NewConnection(owner=OWNER, kind="chirpstack-v4", name="HTTP")
        made = connections.make(SYSTEM, tx, new, sealing, Bounds(), now=START)
        new = NewConnection(
            owner=OWNER, kind="chirpstack-v4", name="MQTT", broker=Broker(host="127.0.0.1", port=port, tls=False)
        )
        connections.make(SYSTEM, tx, new, sealing, Bounds(Perimeter.parse("127.0.0.1")), now=START)
        return instance.key(tx), list(ids), (made.connection.key, made.secret)


def _eui(number: int) -> str:
    return f"70B3D57ED{number:07X}"


def _uplinks(rounds: range) -> Iterator[tuple[str, bytes]]:
    """Each device in turn, once a round of ten minutes: its DevEUI and what the network tells."""
    for turn in rounds:
        at = START + turn * timedelta(minutes=10)
        for number in range(DEVICES):
            yield _eui(number).lower(), msgspec.json.encode(_uplink(number, turn, at))


def _uplink(number: int, counter: int, at: datetime) -> dict[str, object]:
    payload = (400 + number % 300).to_bytes(2) + bytes([counter % 100])
    device = {"devEui": _eui(number).lower(), "deviceName": f"capteur-{number}", "applicationName": "batiments"}
    return {
        "deduplicationId": f"00000000-0000-0000-{counter:04d}-{number:012d}",
        "time": at,
        "deviceInfo": device | {"deviceProfileName": "am1", "tenantName": "essai", "tags": {"site": "mairie"}},
        "devAddr": f"{number:08x}",
        "adr": True,
        "dr": 5,
        "fCnt": counter,
        "fPort": 2,
        "confirmed": False,
        "data": base64.b64encode(payload).decode(),
        "rxInfo": [
            {"gatewayId": f"0016c001f153a1{gateway:02x}", "uplinkId": number, "rssi": -36 - gateway, "snr": 10.5}
            for gateway in range(2)
        ],
        "txInfo": {
            "frequency": 868_100_000,
            "modulation": {"lora": {"bandwidth": 125_000, "spreadingFactor": 7, "codeRate": "CR_4_5"}},
        },
    }


def _http(server: Server, key: str, secret: str, rounds: range) -> float:
    posts = [
        f"POST /api/v1/connections/{key}/messages?event=up HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {secret}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
        for _, body in _uplinks(rounds)
    ]
    return load.send(server.port, [Share(posts[one::WIDTH]) for one in range(WIDTH)]).rate()


def _mqtt(server: Server, port: int, rounds: range) -> float:
    """From the first published to the last stored."""
    packets = [
        broker.packet(f"application/a/device/{eui}/event/up", body, number)
        for number, (eui, body) in enumerate(_uplinks(rounds))
    ]
    with broker.publishing(port, packets) as publish:
        before, start = _kept(server), time.perf_counter()
        published = publish()
        while _kept(server) < before + len(packets) * ROWS:
            if time.perf_counter() - start > PATIENCE:
                raise RuntimeError(f"{_kept(server) - before} rows of {len(packets) * ROWS} came")
            time.sleep(0.2)
        published.result()
        return len(packets) / (time.perf_counter() - start)


def _kept(server: Server) -> int:
    told = httpx2.get(f"http://127.0.0.1:{server.port}/metrics").text
    found = re.search(r"^beffroi_observations (\S+)$", told, re.MULTILINE)
    assert found
    return int(float(found[1]))


def _again(server: Server, token: str, ids: list[int]) -> float:
    start = time.perf_counter()
    answer = httpx2.post(
        f"http://127.0.0.1:{server.port}/api/v1/messages/redecode",
        json={"devices": ids},
        headers={"Authorization": f"Bearer {token}"},
        timeout=PATIENCE,
    )
    answer.raise_for_status()
    messages: int = answer.json()["messages"]
    return messages / (time.perf_counter() - start)
