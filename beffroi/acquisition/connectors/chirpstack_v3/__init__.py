"""ChirpStack v3, and LoRa Server before it: HTTP (`?event=up`) and MQTT
(`application/<id>/device/<DevEUI>/event/<event>`).

Marshalers `json` (identifiers in base64), `json_v3` (in hexadecimal) and `protobuf`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from beffroi.acquisition.connector import Documents, Envelope, unknown
from beffroi.acquisition.connectors.chirpstack_v3 import wire
from beffroi.acquisition.connectors.chirpstack_v3.shapes import Event, Location, Modulation, RxInfo, TxInfo
from beffroi.acquisition.documents import BOM, inner
from beffroi.acquisition.fields import (
    EUI,
    Unread,
    address,
    bandwidth,
    base64_bytes,
    battery,
    counter,
    eui,
    finite,
    instant,
    maybe_eui,
    place,
    port,
    position,
    spreading_factor,
)
from beffroi.acquisition.messages import (
    Acknowledged,
    Failed,
    Hearing,
    Join,
    Located,
    Logged,
    Message,
    Sent,
    Status,
    Uplink,
)
from beffroi.acquisition.protobuf import NotProtobuf, decoded
from beffroi.errors import Text

NO_LOCATION, NO_LORA, NO_TX = Location(), Modulation(), TxInfo()
ALIASES = {"rx": "up"}
"""LoRa Server 1 and 2: `application/<id>/device/<DevEUI>/rx`"""
EVENT_UNSAID = Text(
    "de quel événement s'agit-il ? ni l'adresse (?event=) ni le sujet MQTT ne le disent",
    "which event is this? neither the address (?event=) nor the MQTT topic says it",
)

NEITHER = Text(
    "ni JSON ni trame en Protobuf ; un autre événement doit être dit par l'adresse (?event=) ou le sujet MQTT",
    "neither JSON nor an uplink in Protobuf; another event must be said by the address (?event=) or the MQTT topic",
)


def tell(event: Event, envelope: Envelope) -> list[Message]:
    name = event_of(envelope) or _guessed(event)
    if name == "up":
        return [_uplink(event, envelope)]
    if name not in TELLERS:
        reason = EVENT_UNSAID if name is None else Text(f"événement inconnu : {name}", f"unknown event: {name}")
        return unknown(envelope, reason, eui(event.dev_eui), name)
    return [TELLERS[name](event, _shared(event, envelope))]


def event_of(envelope: Envelope) -> str | None:
    """As the address says, or else the topic."""
    if said := envelope.query.get("event"):
        return ALIASES.get(said, said)
    steps = envelope.topic.split("/")
    return ALIASES.get(steps[-1], steps[-1]) if len(steps) > 1 and steps[-1] else None


def _guessed(event: Event) -> str | None:
    """By what only one of the events tells; `join` has gateways too, and no counter."""
    if event.data is not None or event.f_port is not None or (event.rx_info and event.f_cnt is not None):
        return "up"
    if event.integration_name is not None or event.event_type is not None:
        return "integration"
    if event.error is not None or event.type is not None:
        return "error"
    if event.gateway_id is not None:
        return "txack"
    if event.acknowledged is not None:
        return "ack"
    told = (event.margin, event.battery_level, event.battery, event.external_power_source)
    if any(one is not None for one in told):
        return "status"
    if event.location is not None:
        return "location"
    return "join" if event.dev_addr is not None else None


def _uplink(event: Event, envelope: Envelope) -> Uplink:
    shared = _shared(event, envelope)
    try:
        payload = base64_bytes(event.data)
    except Unread as error:
        raise Unread(error.reason, shared["device"]) from error
    sent = event.tx_info or NO_TX
    lora = sent.lora or sent.data_rate or NO_LORA
    return Uplink(
        **shared,
        payload=payload,
        port=port(event.f_port or 0),
        frame_counter=counter(event.f_cnt or 0),
        spreading_factor=spreading_factor(lora.spreading_factor or lora.spread_factor),
        bandwidth=bandwidth(lora.bandwidth),
        frequency=sent.frequency,
        data_rate=event.dr if event.dr is not None else sent.dr,
        confirmed=event.confirmed_uplink,
        address=address(event.dev_addr),
        gateways=_heard(event),
        decoded=_object(event),
    )


def _heard(event: Event) -> tuple[Hearing, ...]:
    return tuple(map(_hearing, event.rx_info or ()))


def _hearing(one: RxInfo) -> Hearing:
    where = one.location or NO_LOCATION
    x, y = _place(where.longitude, where.latitude)
    if x is None:
        x, y = _place(one.longitude, one.latitude)
    named = one.gateway_id or one.mac
    found = maybe_eui(named)
    return Hearing(
        id=found.lower() if found and named and not EUI.fullmatch(named.upper()) else named,
        rssi=finite(one.rssi),
        snr=0.0 if one.snr is None and one.rssi is not None else finite(one.snr),
        longitude=x,
        latitude=y,
        altitude=None if x is None else finite(where.altitude if one.location else one.altitude),
        time=instant(one.time),
        channel=one.channel,
        antenna=one.antenna,
    )


def _place(longitude: float | None, latitude: float | None) -> tuple[float | None, float | None]:
    if longitude is None and latitude is None:
        return None, None
    return place(longitude or 0.0, latitude or 0.0)


def _shared(event: Event, envelope: Envelope) -> dict[str, Any]:
    """A gateway without GPS tells no time: then when ChirpStack published the event, if it says."""
    heard: datetime | None = None
    for one in event.rx_info or ():
        at = instant(one.time)
        heard = at if heard is None or (at is not None and at < heard) else heard
    time, source = envelope.at((heard, "gateway"), (instant(event.published_at), "network"))
    return {
        "device": eui(event.dev_eui),
        "time": time,
        "time_source": source,
        "name": event.device_name,
        "application": event.application_name,
        "profile": event.device_profile_name,
        "tags": event.tags or {},
    }


def _object(event: Event) -> Any:
    """As the codec in ChirpStack made it; the marshaler `json` writes it as text."""
    return inner(event.object_json) if event.object is None else event.object


def _join(event: Event, shared: dict[str, Any]) -> Message:
    return Join(**shared, address=address(event.dev_addr), gateways=_heard(event))


def _ack(event: Event, shared: dict[str, Any]) -> Message:
    return Acknowledged(**shared, acknowledged=event.acknowledged or False, downlink_counter=counter(event.f_cnt or 0))


def _txack(event: Event, shared: dict[str, Any]) -> Message:
    named = event.gateway_id
    found = maybe_eui(named)
    gateway = found.lower() if found and named and not EUI.fullmatch(named.upper()) else named
    return Sent(**shared, downlink_counter=counter(event.f_cnt or 0), gateway=gateway)


def _error(event: Event, shared: dict[str, Any]) -> Message:
    return Failed(**shared, code=event.type, description=event.error)


def _status(event: Event, shared: dict[str, Any]) -> Message:
    """`batteryLevel` in per cent; `battery`, of LoRa Server 1, as LoRaWAN tells it."""
    outside = event.external_power_source or event.battery == 0
    blind = outside or event.battery_level_unavailable
    level = battery(event.battery) if event.battery is not None else finite(event.battery_level or 0.0)
    return Status(
        **shared,
        battery=None if blind else level,
        margin=finite(event.margin or 0.0),
        external_power=outside,
    )


def _location(event: Event, shared: dict[str, Any]) -> Message:
    where = event.location or NO_LOCATION
    x, y = _place(where.longitude, where.latitude)
    found = position(x, y, where.altitude, where.accuracy, where.source)
    if found is None:
        raise Unread(Text("une position sans longitude ni latitude", "a location without place"), shared["device"])
    return Located(**shared, location=found)


def _integration(event: Event, shared: dict[str, Any]) -> Message:
    told = _object(event)
    detail = told if isinstance(told, dict) else {}
    return Logged(**shared, code=event.event_type, source=event.integration_name, detail=detail)


TELLERS: dict[str, Callable[[Event, dict[str, Any]], Message]] = {
    "join": _join,
    "ack": _ack,
    "txack": _txack,
    "error": _error,
    "status": _status,
    "location": _location,
    "integration": _integration,
}


def protobuf(content: bytes, envelope: Envelope) -> Any:
    """None for what looks like JSON. The wire does not say which event it is: the address or the topic must."""
    if content.removeprefix(BOM).lstrip()[:1] in (b"{", b"[", b"") or "json" in envelope.content_type:
        return None
    name = event_of(envelope)
    if name in wire.EVENTS:
        return iter([decoded(content, wire.EVENTS[name])])
    try:
        event = decoded(content, wire.EVENTS["up"])
    except NotProtobuf as error:
        raise Unread(NEITHER) from error
    if "rxInfo" not in event:
        raise Unread(EVENT_UNSAID)
    return iter([event])


CONNECTOR = Documents(__name__, Event, tell, protobuf)
