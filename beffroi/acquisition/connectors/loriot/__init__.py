"""Loriot: for one frame it sends `rx` at once, then `gw` with every gateway; both have its EUI and counter."""

from typing import Any

from beffroi.acquisition.connector import Connector, Envelope, unknown
from beffroi.acquisition.fields import (
    bandwidth,
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
from beffroi.acquisition.messages import Event, EventKind, Hearing, Message, Uplink
from beffroi.errors import Text

EVENTS: dict[str, EventKind] = {
    "txd": "sent",
    "tx": "log",
    "cq": "log",
    "join": "join",
    "err": "error",
    "nack": "error",
}


def read(value: dict[str, Any], envelope: Envelope) -> list[Message]:
    command = text(value.get("cmd"))
    if command in ("rx", "gw", "rx_enc"):
        return [_uplink(value, envelope)]
    if command in EVENTS:
        time = since_1970(value.get("ts"), per_second=1000) or envelope.received_at
        return [Event(EVENTS[command], device=eui(value.get("EUI")), time=time, detail=value)]
    return unknown(value, envelope, Text("commande inconnue de Loriot", "no command of Loriot"))


def _uplink(value: dict[str, Any], envelope: Envelope) -> Uplink:
    network = since_1970(value.get("ts"), per_second=1000)
    told = objects(value.get("gws")) or ([value] if "rssi" in value else [])
    return Uplink(
        eui(value.get("EUI")),
        hexadecimal(value.get("data") if "data" in value else value.get("encdata")),
        network or envelope.received_at,
        "network" if network else "received",
        port=integer(value.get("port")),
        frame_counter=integer(value.get("fcnt")),
        spreading_factor=spreading_factor(value.get("dr")),
        bandwidth=bandwidth(value.get("dr")),
        frequency=integer(value.get("freq")),
        confirmed=value.get("confirmed"),
        gateways=tuple(map(_hearing, told)),
    )


def _hearing(one: dict[str, Any]) -> Hearing:
    longitude, latitude = position(one, "lon", "lat")
    return Hearing(
        text(one.get("gweui")) or "",
        rssi=number(one.get("rssi")),
        snr=number(one.get("snr")),
        longitude=longitude,
        latitude=latitude,
        time=moment(one.get("time")) or since_1970(one.get("ts"), per_second=1000),
    )


CONNECTOR = Connector("loriot", "Loriot", read)
