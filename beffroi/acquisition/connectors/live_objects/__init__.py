"""Orange Live Objects: data messages, by HTTP push or from a FIFO by MQTT; of LoRa devices, and of others as values."""

from typing import Any

import msgspec

from beffroi.acquisition.connector import Documents, Envelope, unknown
from beffroi.acquisition.fields import (
    Unread,
    address,
    battery,
    counter,
    eui,
    finite,
    hexadecimal,
    instant,
    maybe_eui,
    port,
    position,
    spreading_factor,
)
from beffroi.acquisition.messages import Hearing, Join, Measurements, Message, Uplink, Value
from beffroi.errors import Text


class Location(msgspec.Struct):
    lat: float | None = None
    lon: float | None = None
    alt: float | None = None
    accuracy: float | None = None
    provider: str | None = None


class Lora(msgspec.Struct):
    dev_eui: str | None = msgspec.field(name="devEUI", default=None)
    dev_addr: str | None = msgspec.field(name="devAddr", default=None)
    port: int | None = None
    fcnt: int | None = None
    rssi: float | None = None
    snr: float | None = None
    sf: int | None = None
    message_type: str | None = msgspec.field(name="messageType", default=None)
    battery_level: float | None = msgspec.field(name="batteryLevel", default=None)
    location: Location | None = None


class Network(msgspec.Struct):
    lora: Lora | None = None


class Metadata(msgspec.Struct):
    source: str | None = None
    connector: str | None = None
    encoding: str | None = None
    network: Network | None = None


class DataMessage(msgspec.Struct):
    metadata: Metadata | None = None
    stream_id: str | None = msgspec.field(name="streamId", default=None)
    timestamp: str | None = None
    created: str | None = None
    id: str | None = None
    model: str | None = None
    location: Location | None = None
    value: Any = None
    tags: list[str] | None = None


LORA = "urn:lo:nsid:lora:"
NO_LOCATION, NO_METADATA, NO_LORA = Location(), Metadata(), Lora()
NOTHING = Text("aucun message de données de Live Objects", "no data message of Live Objects")


def tell(message: DataMessage, envelope: Envelope) -> list[Message]:
    metadata = message.metadata or NO_METADATA
    lora = metadata.network.lora if metadata.network else None
    urn = metadata.source or message.stream_id or ""
    if lora is None and not urn.startswith(LORA):
        return [_measurements(message, urn, envelope)]
    lora = lora or NO_LORA
    shared = _shared(message, envelope)
    shared["device"] = eui(lora.dev_eui or urn.removeprefix(LORA))
    if lora.message_type and "JOIN" in lora.message_type.upper():
        return [Join(**shared, address=address(lora.dev_addr), gateways=_heard(lora))]
    if not isinstance(message.value, dict):
        return unknown(envelope, NOTHING, shared["device"], lora.message_type)
    return [_uplink(message, lora, shared)]


def _uplink(message: DataMessage, lora: Lora, shared: dict[str, Any]) -> Uplink:
    """What stands beside `payload` in the value is what Live Objects' own decoder made of it."""
    told = message.value.get("payload")
    try:
        payload = hexadecimal(told if isinstance(told, str) else None)
    except Unread as error:
        raise Unread(error.reason, shared["device"]) from error
    decoded = {name: one for name, one in message.value.items() if name != "payload"}
    kind = (lora.message_type or "").upper()
    where = lora.location or message.location or NO_LOCATION
    return Uplink(
        **shared,
        payload=payload,
        port=port(lora.port),
        frame_counter=counter(lora.fcnt),
        spreading_factor=spreading_factor(lora.sf),
        confirmed=None if not kind else kind == "CONFIRMED_DATA_UP",
        address=address(lora.dev_addr),
        battery=battery(lora.battery_level),
        gateways=_heard(lora),
        location=position(
            where.lon, where.lat, where.alt or None, where.accuracy, (message.location or where).provider
        ),
        decoded=decoded or None,
    )


def _heard(lora: Lora) -> tuple[Hearing, ...]:
    """The best signal, without the name of who heard it."""
    if lora.rssi is None and lora.snr is None:
        return ()
    return (Hearing(rssi=finite(lora.rssi), snr=finite(lora.snr)),)


def _shared(message: DataMessage, envelope: Envelope) -> dict[str, Any]:
    time, source = envelope.at((instant(message.timestamp), "network"), (instant(message.created), "network"))
    tags = {one: "" for one in message.tags or ()}
    return {"time": time, "time_source": source, "frame_id": message.id, "tags": tags}


def _measurements(message: DataMessage, urn: str, envelope: Envelope) -> Measurements:
    device = urn.rpartition(":")[2]
    values = dict(_flat(message.value, ""))
    if not device or not values:
        raise Unread(NOTHING, maybe_eui(device))
    return Measurements(
        **_shared(message, envelope), device=device, device_source="name", values=values, measurement=message.model
    )


def _flat(value: Any, name: str, depth: int = 0) -> list[tuple[str, Value]]:
    """`{"a": {"b": 1}}` is `a.b`."""
    if isinstance(value, dict) and depth < 20:
        within = f"{name}." if name else ""
        return [pair for key, inner in value.items() for pair in _flat(inner, f"{within}{key}", depth + 1)]
    return [(name or "value", value)] if isinstance(value, bool | int | float | str) else []


CONNECTOR = Documents(__name__, DataMessage, tell)
