"""Actility ThingPark, Wireless and Enterprise: one JSON form, numbers as numbers or as text."""

from typing import Any

from beffroi.acquisition.connector import Connector, Envelope, unknown
from beffroi.acquisition.fields import (
    at,
    eui,
    hexadecimal,
    integer,
    moment,
    number,
    objects,
    position,
    spreading_factor,
    text,
)
from beffroi.acquisition.messages import Event, EventKind, Hearing, Location, Message, Uplink
from beffroi.errors import Text

EVENTS: dict[str, EventKind] = {
    "DevEUI_downlink_Sent": "sent",
    "DevEUI_downlink_Rejected": "error",
    "DevEUI_notification": "log",
    "DevEUI_location": "location",
    "DevEUI_multicast_summary": "log",
}
JOIN_TYPES = ("join", "joinrequest", "devicejoin")


def read(value: dict[str, Any], envelope: Envelope) -> list[Message]:
    found: list[Message] = []
    for up in objects(value.get("DevEUI_uplink")):
        found.append(_uplink(up, envelope))
    for name, kind in EVENTS.items():
        for one in objects(value.get(name)):
            told = "join" if str(one.get("Type", "")).lower() in JOIN_TYPES else kind
            time = moment(one.get("Time")) or envelope.received_at
            found.append(Event(told, device=eui(one.get("DevEUI")), time=time, detail=one))
    return found or unknown(value, envelope, Text("aucun message de ThingPark", "no message of ThingPark"))


def _uplink(up: dict[str, Any], envelope: Envelope) -> Uplink:
    network = moment(up.get("Time"))
    megahertz = number(up.get("Frequency"))
    x, y = position(up, "DevLON", "DevLAT")
    return Uplink(
        eui(up.get("DevEUI")),
        hexadecimal(up.get("payload_hex")),
        network or envelope.received_at,
        "network" if network else "received",
        port=integer(up.get("FPort")),
        frame_counter=integer(up.get("FCntUp")),
        spreading_factor=spreading_factor(up.get("SpFact")),
        frequency=None if megahertz is None else round(megahertz * 1_000_000 if megahertz < 10_000 else megahertz),
        confirmed=None if (kind := integer(up.get("MType"))) is None else kind == 4,
        gateways=_heard(up),
        location=None if x is None or y is None else Location(x, y, number(up.get("DevLocRadius"))),
        name=text(at(up, "CustomerData", "name")),
    )


def _heard(up: dict[str, Any]) -> tuple[Hearing, ...]:
    """The best gateway, whose position is told, and the others beside it."""
    longitude, latitude = position(up, "LrrLON", "LrrLAT")
    best = text(up.get("Lrrid")) or ""
    told = objects(at(up, "Lrrs", "Lrr")) or [up]
    if best and all(text(one.get("Lrrid")) != best for one in told):
        told.insert(0, up)
    return tuple(
        Hearing(
            text(one.get("Lrrid")) or "",
            rssi=number(one.get("LrrRSSI")),
            snr=number(one.get("LrrSNR")),
            longitude=longitude if text(one.get("Lrrid")) == best else None,
            latitude=latitude if text(one.get("Lrrid")) == best else None,
        )
        for one in told
        if text(one.get("Lrrid")) or "LrrRSSI" in one
    )


CONNECTOR = Connector("thingpark", "Actility ThingPark", read)
