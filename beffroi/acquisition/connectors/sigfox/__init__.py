"""Sigfox callbacks: the old ones (`device, time, data, rssi, snr, station, seqNumber`) and DATA_ADVANCED (`duplicates`,
`computedLocation`). What a callback holds is written by whoever configures it: any of these may be absent."""

import re
from typing import Any

from beffroi.acquisition.connector import Connector, Envelope, unknown
from beffroi.acquisition.fields import (
    Unread,
    at,
    hexadecimal,
    integer,
    moment,
    number,
    objects,
    position,
    since_1970,
    text,
)
from beffroi.acquisition.messages import Event, Hearing, Location, Message, Uplink
from beffroi.errors import Text

IDENTIFIER = re.compile(r"[0-9A-Fa-f]{1,8}")
TEMPLATE = re.compile(r"\{\w+\}")
MOST_BYTES = 12


def read(value: dict[str, Any], envelope: Envelope) -> list[Message]:
    told: dict[str, Any] = {**envelope.query, **value}
    device = _device(told.get("device") or told.get("deviceId") or told.get("id"))
    network = since_1970(told.get("time"), per_second=1) or moment(told.get("time"))
    if "data" in told:
        return [_uplink(told, device, network, envelope)]
    if "computedLocation" in told:
        return [Event("location", device=device, time=network or envelope.received_at, detail=told)]
    if {"batt", "temp", "infoCode", "infoMessage"} & set(told):
        return [Event("status", device=device, time=network or envelope.received_at, detail=told)]
    return unknown(told, envelope, Text("aucun rappel connu de Sigfox", "no callback of Sigfox that is known"), device)


def _device(value: Any) -> str:
    named = text(value) or ""
    if TEMPLATE.fullmatch(named):
        raise Unread(
            Text(
                f"«\u00a0{named}\u00a0» : le modèle du rappel, que Sigfox n'a pas rempli",
                f"“{named}”: the callback's template, which Sigfox has not filled in",
            )
        )
    if not IDENTIFIER.fullmatch(named):
        raise Unread(
            Text(f"«\u00a0{named[:40]}\u00a0» n'est pas un appareil Sigfox", f"“{named[:40]}” is no Sigfox device")
        )
    return named.upper()


def _uplink(told: dict[str, Any], device: str, network: Any, envelope: Envelope) -> Uplink:
    payload = hexadecimal(told.get("data"))
    if len(payload) > MOST_BYTES:
        raise Unread(Text("plus de 12 octets dans une trame Sigfox", "more than 12 bytes in a Sigfox frame"), device)
    where = told.get("computedLocation")
    x, y = position(where, "lng", "lat")
    return Uplink(
        device,
        payload,
        network or envelope.received_at,
        "network" if network else "received",
        frame_counter=integer(told.get("seqNumber")),
        gateways=tuple(
            map(_hearing, objects(told.get("duplicates")) or ([told] if "station" in told or "rssi" in told else []))
        ),
        location=None if x is None or y is None else Location(x, y, number(at(where, "radius"))),
    )


def _hearing(one: dict[str, Any]) -> Hearing:
    """`lat` and `lng` of the old callbacks are the device's, rounded to a degree: not kept."""
    return Hearing(
        text(one.get("bsId")) or text(one.get("station")) or "",
        rssi=number(one.get("rssi")),
        snr=number(one.get("snr")),
    )


CONNECTOR = Connector("sigfox", "Sigfox", read)
