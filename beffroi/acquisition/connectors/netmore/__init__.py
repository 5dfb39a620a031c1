"""Netmore (format v2, a list of SenML-like records): numbers as text, gateways by name."""

import re
from typing import Any

from beffroi.acquisition.connector import Connector, Envelope, unknown
from beffroi.acquisition.fields import (
    Unread,
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

MASKED = re.compile(r"[0-9A-Fa-f]{4,15}[xX]+")


def read(value: dict[str, Any], envelope: Envelope) -> list[Message]:
    frame = value["v"] if isinstance(value.get("v"), dict) else value
    device = _device(frame.get("devEui"))
    network = moment(frame.get("timestamp")) or since_1970(value.get("t"), per_second=1000)
    time = network or envelope.received_at
    kind = str(frame.get("messageType") or "payload").lower()
    if kind == "join":
        return [Event("join", device=device, time=time, detail=frame)]
    if kind in ("status", "battery"):
        return [Event("status", device=device, time=time, detail=frame)]
    if kind != "payload" and "payload" not in frame:
        return unknown(frame, envelope, Text("aucun message de Netmore", "no message of Netmore"), device)
    return [
        Uplink(
            device,
            hexadecimal(frame.get("payload")),
            time,
            "network" if network else "received",
            port=integer(frame.get("fPort")),
            frame_counter=integer(frame.get("fCntUp")),
            spreading_factor=spreading_factor(frame.get("spreadingFactor")),
            frequency=integer(frame.get("freq")),
            gateways=_heard(frame),
        )
    ]


def _device(value: Any) -> str:
    """What Netmore lets people try has the end of its identifiers masked."""
    try:
        return eui(value)
    except Unread:
        named = text(value)
        if named is None or not MASKED.fullmatch(named):
            raise
        return named.upper()


def _heard(frame: dict[str, Any]) -> tuple[Hearing, ...]:
    """The best, with a position of its own, and the others when the subscription tells them."""
    others = [_hearing(one) for one in objects(frame.get("gateways"))]
    best = [_hearing(frame)] if "gatewayIdentifier" in frame or "rssi" in frame else []
    return tuple(best + [one for one in others if one.id not in {known.id for known in best}])


def _hearing(one: dict[str, Any]) -> Hearing:
    longitude, latitude = position(one)
    return Hearing(
        text(one.get("gatewayIdentifier")) or text(one.get("gatewayId")) or text(one.get("id")) or "",
        rssi=number(one.get("rssi")),
        snr=number(one.get("snr")),
        longitude=longitude,
        latitude=latitude,
    )


CONNECTOR = Connector("netmore", "Netmore", read)
