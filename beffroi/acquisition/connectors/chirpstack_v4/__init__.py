"""ChirpStack v4: HTTP integration (`?event=up`) and MQTT (`application/<id>/device/<DevEUI>/event/<event>`), JSON or
Protobuf.

Its JSON leaves out what is 0, false or empty (proto3's mapping): an absent `fCnt` is 0.
"""

from typing import Any

import msgspec

from beffroi.acquisition.connector import Documents, Envelope, unknown
from beffroi.acquisition.connectors.chirpstack_v4 import wire
from beffroi.acquisition.documents import BOM
from beffroi.acquisition.fields import (
    Unread,
    address,
    bandwidth,
    base64_bytes,
    counter,
    eui,
    finite,
    instant,
    place,
    port,
    position,
    spreading_factor,
)
from beffroi.acquisition.messages import (
    Acknowledged,
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


class DeviceInfo(msgspec.Struct, rename="camel"):
    dev_eui: str | None = None
    device_name: str | None = None
    application_id: str | None = None
    application_name: str | None = None
    device_profile_name: str | None = None
    tags: dict[str, str] | None = None


class Location(msgspec.Struct, rename="camel"):
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    accuracy: float | None = None
    source: str | None = None


class RxInfo(msgspec.Struct, rename="camel"):
    gateway_id: str | None = None
    rssi: float | None = None
    snr: float | None = None
    location: Location | None = None
    time: str | None = None
    gw_time: str | None = None
    ns_time: str | None = None
    channel: int | None = None
    antenna: int | None = None


class Lora(msgspec.Struct, rename="camel"):
    bandwidth: float | None = None
    spreading_factor: int | None = None


class Modulation(msgspec.Struct):
    lora: Lora | None = None


class TxInfo(msgspec.Struct):
    frequency: int | None = None
    modulation: Modulation | None = None


class JoinServerContext(msgspec.Struct, rename="camel"):
    session_key_id: str | None = None


class Event(msgspec.Struct, rename="camel"):
    """All events in one: each tells some of these."""

    device_info: DeviceInfo | None = None
    deduplication_id: str | None = None
    time: str | None = None
    dev_addr: str | None = None
    dr: int | None = None
    f_cnt: int | None = None
    f_port: int | None = None
    confirmed: bool | None = None
    data: str | None = None
    object: Any = None
    rx_info: list[RxInfo] | None = None
    tx_info: TxInfo | None = None
    join_server_context: JoinServerContext | None = None
    queue_item_id: str | None = None
    acknowledged: bool | None = None
    f_cnt_down: int | None = None
    gateway_id: str | None = None
    downlink_id: int | None = None
    level: str | None = None
    code: str | None = None
    description: str | None = None
    context: dict[str, str] | None = None
    margin: float | None = None
    external_power_source: bool | None = None
    battery_level_unavailable: bool | None = None
    battery_level: float | None = None
    location: Location | None = None
    integration_name: str | None = None
    event_type: str | None = None


NO_INFO, NO_LOCATION, NO_LORA = DeviceInfo(), Location(), Lora()
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
        device = (event.device_info or NO_INFO).dev_eui
        reason = EVENT_UNSAID if name is None else Text(f"événement inconnu : {name}", f"unknown event: {name}")
        return unknown(envelope, reason, eui(device), name)
    return [TELLERS[name](event, _shared(event, envelope))]


def event_of(envelope: Envelope) -> str | None:
    """As the address says, or else the topic."""
    if said := envelope.query.get("event"):
        return said
    steps = envelope.topic.split("/")
    return steps[-1] if len(steps) > 1 and steps[-1] else None


def _guessed(event: Event) -> str | None:
    """By what only one of the events tells."""
    if event.rx_info is not None or event.data is not None or event.f_port is not None:
        return "up"
    if event.integration_name is not None or event.event_type is not None:
        return "integration"
    if event.description is not None or event.code is not None:
        return "log"
    if event.gateway_id is not None or event.downlink_id is not None:
        return "txack"
    if event.queue_item_id is not None or event.acknowledged is not None:
        return "ack"
    if {event.margin, event.battery_level, event.external_power_source, event.battery_level_unavailable} != {None}:
        return "status"
    if event.location is not None:
        return "location"
    return "join" if event.dev_addr is not None else None


def _uplink(event: Event, envelope: Envelope) -> Uplink:
    info = event.device_info or NO_INFO
    device = eui(info.dev_eui)
    try:
        payload = base64_bytes(event.data)
    except Unread as error:
        raise Unread(error.reason, device) from error
    heard = tuple(map(_hearing, event.rx_info)) if event.rx_info else ()
    sent = event.tx_info
    lora = (sent.modulation.lora if sent and sent.modulation else None) or NO_LORA
    time = instant(event.time)
    first = min((one.time for one in heard if one.time), default=None) if time is None else None
    at, source = envelope.at((time, "network"), (first, "gateway"))
    return Uplink(
        device=device,
        payload=payload,
        time=at,
        time_source=source,
        port=port(event.f_port or 0),
        frame_counter=counter(event.f_cnt or 0),
        spreading_factor=spreading_factor(lora.spreading_factor),
        bandwidth=bandwidth(lora.bandwidth),
        frequency=sent.frequency if sent else None,
        data_rate=event.dr or 0,
        confirmed=event.confirmed or False,
        encrypted=bool(event.join_server_context and event.join_server_context.session_key_id),
        address=address(event.dev_addr),
        gateways=heard,
        decoded=event.object,
        name=info.device_name,
        application=info.application_name,
        application_key=info.application_id,
        profile=info.device_profile_name,
        tags=info.tags or {},
        frame_id=event.deduplication_id,
    )


def _hearing(one: RxInfo) -> Hearing:
    """An SNR of exactly 0 is left out as every 0 is; an RSSI of 0 dBm does not happen."""
    where = one.location or NO_LOCATION
    x, y = located(where)
    return Hearing(
        id=one.gateway_id,
        rssi=finite(one.rssi),
        snr=0.0 if one.snr is None and one.rssi is not None else finite(one.snr),
        longitude=x,
        latitude=y,
        altitude=None if x is None else finite(where.altitude),
        time=instant(one.time or one.gw_time or one.ns_time),
        channel=one.channel or 0,
        antenna=one.antenna,
    )


def located(where: Location) -> tuple[float | None, float | None]:
    """On the meridian of Greenwich or the equator, the one that is 0 is left out."""
    if where.longitude is None and where.latitude is None:
        return None, None
    return place(where.longitude or 0.0, where.latitude or 0.0)


def _shared(event: Event, envelope: Envelope) -> dict[str, Any]:
    info = event.device_info or NO_INFO
    time, source = envelope.at((instant(event.time), "network"))
    return {
        "device": eui(info.dev_eui),
        "time": time,
        "time_source": source,
        "name": info.device_name,
        "application": info.application_name,
        "application_key": info.application_id,
        "profile": info.device_profile_name,
        "tags": info.tags or {},
        "frame_id": event.deduplication_id,
    }


def _join(event: Event, shared: dict[str, Any]) -> Message:
    return Join(**shared, address=address(event.dev_addr))


def _ack(event: Event, shared: dict[str, Any]) -> Message:
    done = event.acknowledged or False
    return Acknowledged(
        **shared, acknowledged=done, downlink=event.queue_item_id, downlink_counter=counter(event.f_cnt_down or 0)
    )


def _txack(event: Event, shared: dict[str, Any]) -> Message:
    return Sent(
        **shared,
        downlink=event.queue_item_id,
        downlink_counter=counter(event.f_cnt_down or 0),
        gateway=event.gateway_id,
    )


def _status(event: Event, shared: dict[str, Any]) -> Message:
    """`batteryLevel` is in per cent; it says nothing on external power, or when the device cannot tell."""
    blind = event.external_power_source or event.battery_level_unavailable
    level = None if blind else finite(event.battery_level or 0.0)
    margin = finite(event.margin or 0.0)
    return Status(**shared, battery=level, margin=margin, external_power=event.external_power_source or False)


def _log(event: Event, shared: dict[str, Any]) -> Message:
    return Logged(
        **shared,
        level=event.level or "INFO",
        code=event.code or "UNKNOWN",
        description=event.description,
        detail=dict(event.context or {}),
    )


def _location(event: Event, shared: dict[str, Any]) -> Message:
    where = event.location or NO_LOCATION
    x, y = located(where)
    found = position(x, y, where.altitude, where.accuracy, where.source)
    if found is None:
        raise Unread(Text("une position sans longitude ni latitude", "a location without place"), shared["device"])
    return Located(**shared, location=found)


def _integration(event: Event, shared: dict[str, Any]) -> Message:
    told = event.object if isinstance(event.object, dict) else {}
    return Logged(**shared, code=event.event_type, source=event.integration_name, detail=told)


TELLERS = {
    "join": _join,
    "ack": _ack,
    "txack": _txack,
    "status": _status,
    "log": _log,
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
