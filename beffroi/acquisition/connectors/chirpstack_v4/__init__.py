"""ChirpStack v4, its JSON marshaler: HTTP (`?event=up`) and MQTT (`application/<id>/device/<eui>/event/up`).

Its JSON leaves out what is 0, false or empty (protobuf's mapping): an absent `fCnt` is 0.
"""

from collections.abc import Callable
from typing import Any

from beffroi.acquisition.connector import Connector, Envelope, unknown
from beffroi.acquisition.fields import at, base64_bytes, eui, integer, moment, number, objects, position, text
from beffroi.acquisition.messages import Event, EventKind, Hearing, Message, Uplink
from beffroi.errors import Text


def read(value: dict[str, Any], envelope: Envelope) -> list[Message]:
    event = envelope.query.get("event") or envelope.topic.rpartition("/event/")[2] or _guessed(value)
    if event == "up":
        return [_uplink(value, envelope)]
    if event in EVENTS:
        return [_event(EVENTS[event], value, envelope)]
    return unknown(value, envelope, Text("événement inconnu de ChirpStack v4", "no event of ChirpStack v4"))


def _guessed(value: dict[str, Any]) -> str:
    """What event a message is, where neither query nor topic says so."""
    return next((event for event, is_it in SIGNS if is_it(value)), "")


SIGNS: tuple[tuple[str, Callable[[dict[str, Any]], bool]], ...] = (
    ("location", lambda value: "location" in value and "rxInfo" not in value),
    ("integration", lambda value: "integrationName" in value),
    ("log", lambda value: "code" in value and ("level" in value or "description" in value)),
    ("txack", lambda value: "gatewayId" in value and "rxInfo" not in value),
    ("ack", lambda value: "acknowledged" in value or ("queueItemId" in value and "fCntDown" in value)),
    ("status", lambda value: bool({"margin", "batteryLevel", "externalPowerSource"} & set(value))),
    ("up", lambda value: "rxInfo" in value or "data" in value or "fPort" in value),
    ("join", lambda value: "devAddr" in value),
)
EVENTS: dict[str, EventKind] = {
    "join": "join",
    "status": "status",
    "ack": "ack",
    "txack": "sent",
    "log": "log",
    "location": "location",
    "integration": "log",
}


def _uplink(value: dict[str, Any], envelope: Envelope) -> Uplink:
    device, heard = _device(value), _heard(value)
    network, by_gateway = moment(value.get("time")), next((one.time for one in heard if one.time), None)
    lora = at(value, "txInfo", "modulation", "lora")
    return Uplink(
        device,
        base64_bytes(value.get("data")),
        network or by_gateway or envelope.received_at,
        "network" if network else "gateway" if by_gateway else "received",
        port=integer(value.get("fPort", 0)),
        frame_counter=integer(value.get("fCnt", 0)),
        spreading_factor=integer(at(lora, "spreadingFactor")),
        bandwidth=integer(at(lora, "bandwidth")),
        frequency=integer(at(value, "txInfo", "frequency")),
        confirmed=bool(value.get("confirmed", False)),
        gateways=heard,
        name=text(at(value, "deviceInfo", "deviceName")),
        frame=text(value.get("deduplicationId")),
    )


def _event(kind: EventKind, value: dict[str, Any], envelope: Envelope) -> Message:
    time = moment(value.get("time")) or envelope.received_at
    return Event(kind, device=_device(value), time=time, gateways=_heard(value), detail=value)


def _device(value: dict[str, Any]) -> str:
    return eui(at(value, "deviceInfo", "devEui") or value.get("devEui"))


def _heard(value: dict[str, Any]) -> tuple[Hearing, ...]:
    return tuple(_hearing(one) for one in objects(value.get("rxInfo")))


def _hearing(one: dict[str, Any]) -> Hearing:
    where = one.get("location")
    longitude, latitude = position(where)
    return Hearing(
        text(one.get("gatewayId")) or "",
        rssi=number(one.get("rssi", 0)),
        snr=number(one.get("snr", 0)),
        longitude=longitude,
        latitude=latitude,
        altitude=None if longitude is None else number(at(where, "altitude")),
        time=moment(one.get("time")) or moment(one.get("gwTime")) or moment(one.get("nsTime")),
    )


CONNECTOR = Connector("chirpstack-v4", "ChirpStack v4", read)
