"""Kerlink Wanesy Management Center: `dataUp`, `dataDownEvent`; counters and ports may be absent."""

from typing import Any

from beffroi.acquisition.connector import Connector, Envelope, unknown
from beffroi.acquisition.fields import (
    at,
    bandwidth,
    base64_bytes,
    eui,
    hexadecimal,
    integer,
    moment,
    number,
    objects,
    position,
    since_1970,
    spreading_factor,
    text,
)
from beffroi.acquisition.messages import Event, Hearing, Message, Uplink
from beffroi.errors import Text


def read(value: dict[str, Any], envelope: Envelope) -> list[Message]:
    device = eui(at(value, "endDevice", "devEui") or at(value, "enddevice", "devEui"))
    network = since_1970(value.get("recvTime"), per_second=1000) or moment(value.get("recvTime"))
    if "payload" in value:
        return [_uplink(value, device, network, envelope)]
    if "status" in value:
        return [Event("sent", device=device, time=network or envelope.received_at, detail=value)]
    return unknown(value, envelope, Text("aucun message de Wanesy", "no message of Wanesy"), device)


def _uplink(value: dict[str, Any], device: str, network: Any, envelope: Envelope) -> Uplink:
    megahertz = number(value.get("ulFrequency"))
    coded = str(value.get("encodingType") or "HEXA").upper()
    return Uplink(
        device,
        base64_bytes(value.get("payload")) if coded == "BASE64" else hexadecimal(value.get("payload")),
        network or envelope.received_at,
        "network" if network else "received",
        port=integer(value.get("fPort")),
        frame_counter=integer(value.get("fCntUp")),
        spreading_factor=spreading_factor(value.get("dataRate")),
        bandwidth=bandwidth(value.get("dataRate")),
        frequency=None if megahertz is None else round(megahertz * 1_000_000 if megahertz < 10_000 else megahertz),
        confirmed=value.get("confirmed"),
        gateways=tuple(map(_hearing, objects(value.get("gwInfo")))),
    )


def _hearing(one: dict[str, Any]) -> Hearing:
    longitude, latitude = position(one)
    return Hearing(
        text(one.get("gwEui")) or "",
        rssi=number(one.get("rssi")),
        snr=number(one.get("snr")),
        longitude=longitude,
        latitude=latitude,
        altitude=number(one.get("altitude")),
    )


CONNECTOR = Connector("wanesy", "Kerlink Wanesy", read)
