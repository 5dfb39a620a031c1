"""Orange Live Objects: data messages (`dataMessage`) by HTTP push and MQTT (fifo, router), LoRa connector."""

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
from beffroi.acquisition.messages import Event, Hearing, Location, Message, Uplink
from beffroi.errors import Text

SOURCE = "urn:lo:nsid:lora:"


def read(value: dict[str, Any], envelope: Envelope) -> list[Message]:
    lora = at(value, "metadata", "network", "lora")
    if not isinstance(lora, dict):
        reason = Text("aucune trame LoRa dans ce message", "no LoRa frame in this message")
        return unknown(value, envelope, reason)
    device = eui(lora.get("devEUI") or (text(at(value, "metadata", "source")) or "").removeprefix(SOURCE))
    time = moment(value.get("timestamp")) or moment(value.get("created"))
    kind = str(lora.get("messageType") or "DATA_UP")
    if "JOIN" in kind:
        return [Event("join", device=device, time=time or envelope.received_at, detail=value)]
    if "DATA_UP" not in kind:
        return unknown(value, envelope, Text("type de trame inconnu", "unknown type of frame"), device)
    x, y = position(value.get("location"), "lon", "lat")
    return [
        Uplink(
            device,
            hexadecimal(at(value, "value", "payload")),
            time or envelope.received_at,
            "network" if time else "received",
            port=integer(lora.get("port")),
            frame_counter=integer(lora.get("fcnt")),
            spreading_factor=spreading_factor(lora.get("sf")),
            frequency=_hertz(lora.get("frequency")),
            confirmed=kind.startswith("CONFIRMED"),
            gateways=_heard(lora),
            location=None if x is None or y is None else Location(x, y, number(at(value, "location", "accuracy"))),
        )
    ]


def _heard(lora: dict[str, Any]) -> tuple[Hearing, ...]:
    """The best gateway alone is told, without its name; some subscriptions tell them all."""
    told = objects(lora.get("gateways")) or ([lora] if "rssi" in lora else [])
    return tuple(
        Hearing(
            text(one.get("gatewayId")) or text(one.get("id")) or "",
            rssi=number(one.get("rssi")),
            snr=number(one.get("snr")),
        )
        for one in told
    )


def _hertz(value: Any) -> int | None:
    megahertz = number(value)
    return None if megahertz is None else round(megahertz * 1_000_000 if megahertz < 10_000 else megahertz)


CONNECTOR = Connector("live-objects", "Orange Live Objects", read)
