"""ChirpStack v3 (Application Server), its JSON and JSON v3 marshalers: identifiers in base64 or hexadecimal."""

from typing import Any

from beffroi.acquisition.connector import Connector, Envelope, unknown
from beffroi.acquisition.fields import (
    Unread,
    at,
    bandwidth,
    base64_bytes,
    eui,
    integer,
    moment,
    number,
    objects,
    position,
    spreading_factor,
    text,
)
from beffroi.acquisition.messages import Event, EventKind, Hearing, Message, Uplink
from beffroi.errors import Text

EVENTS: dict[str, EventKind] = {
    "join": "join",
    "status": "status",
    "ack": "ack",
    "txack": "sent",
    "error": "error",
    "location": "location",
    "integration": "log",
}
SIGNS = (
    ("error", "error"),
    ("ack", "acknowledged"),
    ("status", "margin"),
    ("status", "batteryLevel"),
    ("txack", "gatewayID"),
    ("up", "data"),
    ("up", "rxInfo"),
    ("up", "fPort"),
    ("location", "location"),
    ("join", "devAddr"),
)


def read(value: dict[str, Any], envelope: Envelope) -> list[Message]:
    event = envelope.query.get("event") or envelope.topic.rpartition("/event/")[2] or _guessed(value)
    if event == "up":
        return [_uplink(value, envelope)]
    if event in EVENTS:
        time = moment(value.get("time")) or moment(value.get("publishedAt")) or envelope.received_at
        heard = tuple(map(_hearing, objects(value.get("rxInfo"))))
        return [Event(EVENTS[event], device=eui(value.get("devEUI")), time=time, gateways=heard, detail=value)]
    return unknown(value, envelope, Text("événement inconnu de ChirpStack v3", "no event of ChirpStack v3"))


def _guessed(value: dict[str, Any]) -> str:
    return next((event for event, name in SIGNS if name in value), "")


def _uplink(value: dict[str, Any], envelope: Envelope) -> Uplink:
    heard = tuple(map(_hearing, objects(value.get("rxInfo"))))
    by_gateway, network = next((one.time for one in heard if one.time), None), moment(value.get("publishedAt"))
    sent = value.get("txInfo")
    rate = at(sent, "loRaModulationInfo")
    khz = integer(at(rate, "bandwidth"))
    return Uplink(
        eui(value.get("devEUI")),
        base64_bytes(value.get("data")),
        by_gateway or network or envelope.received_at,
        "gateway" if by_gateway else "network" if network else "received",
        port=integer(value.get("fPort", 0)),
        frame_counter=integer(value.get("fCnt", 0)),
        spreading_factor=integer(at(rate, "spreadingFactor")) or spreading_factor(at(sent, "dataRate", "spreadFactor")),
        bandwidth=khz * 1000 if khz else bandwidth(at(sent, "dataRate", "modulation")),
        frequency=integer(at(sent, "frequency")),
        confirmed=value.get("confirmedUplink"),
        gateways=heard,
        name=text(value.get("deviceName")),
    )


def _hearing(one: dict[str, Any]) -> Hearing:
    where = one.get("location") if "location" in one else one
    longitude, latitude = position(where)
    return Hearing(
        _gateway(one.get("gatewayID") or one.get("mac")),
        rssi=number(one.get("rssi", 0)),
        snr=number(one.get("loRaSNR", 0)),
        longitude=longitude,
        latitude=latitude,
        altitude=None if longitude is None else number(at(where, "altitude")),
        time=moment(one.get("time")),
    )


def _gateway(value: Any) -> str:
    try:
        return eui(value).lower()
    except Unread:
        return text(value) or ""


CONNECTOR = Connector("chirpstack-v3", "ChirpStack v3", read)
