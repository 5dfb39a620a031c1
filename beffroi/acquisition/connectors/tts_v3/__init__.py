"""The Things Stack v3: webhooks, MQTT (`v3/<application>@<tenant>/devices/<device>/up`) and the storage integration.

Its JSON leaves out what is 0, false or empty (proto3's mapping): an absent `f_cnt` is 0.
"""

from typing import Any

from beffroi.acquisition.connector import Documents, Envelope, unknown
from beffroi.acquisition.connectors.tts_v3 import shapes
from beffroi.acquisition.connectors.tts_v3.shapes import DeviceIds, Location, Lora, RxMetadata, Up
from beffroi.acquisition.documents import loosely
from beffroi.acquisition.fields import (
    Unread,
    address,
    bandwidth,
    base64_bytes,
    counter,
    finite,
    instant,
    maybe_eui,
    place,
    port,
    position,
    spreading_factor,
)
from beffroi.acquisition.messages import (
    OWN_DOWNLINK,
    Acknowledged,
    Failed,
    Hearing,
    Join,
    Located,
    Logged,
    Message,
    Position,
    Sent,
    Uplink,
)
from beffroi.errors import Text

NO_IDS, NO_LOCATION, NO_LORA = DeviceIds(), Location(), Lora()
NO_DEVICE = Text(
    "aucun appareil : ni end_device_ids ni sujet MQTT", "no device: neither end_device_ids nor an MQTT topic"
)
A_REQUEST = Text(
    "une demande de message descendant, non un message du réseau", "a request of downlinks, no message of the network"
)


def tell(up: Up, envelope: Envelope) -> list[Message]:
    if up.result is not None:  # as the storage integration gives it
        within = {name: one for name, one in up.result.items() if name != "result"}
        return tell(loosely(within, Up), envelope)
    told = up.uplink_message or up.uplink_normalized
    if told is not None:
        return [_uplink(up, told, envelope)]
    for name, teller in TELLERS.items():
        part = getattr(up, name)
        if part is not None:
            return [teller(part, up, _shared(up, envelope))]
    if up.downlinks is not None:
        return unknown(envelope, A_REQUEST, _device_or_none(up, envelope), "downlinks")
    reason = Text("aucun message de The Things Stack v3", "no message of The Things Stack v3")
    return unknown(envelope, reason, _device_or_none(up, envelope))


def _uplink(up: Up, told: shapes.Uplink, envelope: Envelope) -> Uplink:
    heard = tuple(map(_hearing, told.rx_metadata or ()))
    shared = _shared(up, envelope, told, heard)
    try:
        payload = base64_bytes(told.frm_payload)
    except Unread as error:
        raise Unread(error.reason, shared["device"]) from error
    rate = told.settings.data_rate if told.settings else None
    lora = (rate.lora if rate else None) or NO_LORA
    return Uplink(
        **shared,
        payload=payload,
        port=port(told.f_port or 0),
        frame_counter=counter(told.f_cnt or 0),
        spreading_factor=spreading_factor(lora.spreading_factor),
        bandwidth=bandwidth(lora.bandwidth),
        frequency=told.settings.frequency if told.settings else None,
        confirmed=told.confirmed or False,
        encrypted=told.app_s_key is not None,
        simulated=up.simulated or False,
        address=address((up.end_device_ids or NO_IDS).dev_addr),
        battery=finite(told.last_battery_percentage.value) if told.last_battery_percentage else None,
        gateways=heard,
        location=_reckoned(told.locations),
        decoded=told.decoded_payload,
    )


def _hearing(one: RxMetadata) -> Hearing:
    """Through Packet Broker the gateway is another network's, whose name of it is told beside."""
    ids, broker = one.gateway_ids, one.packet_broker
    named, eui = (ids.gateway_id, ids.eui) if ids else (None, None)
    if broker is not None:
        eui = broker.forwarder_gateway_eui or eui
        named = broker.forwarder_gateway_id or broker.forwarder_gateway_eui or named
    where = one.location or NO_LOCATION
    x, y = _place(where)
    rssi = finite(one.rssi if one.rssi is not None else one.channel_rssi)
    return Hearing(
        id=named or eui,
        eui=maybe_eui(eui),
        rssi=rssi,
        snr=0.0 if one.snr is None and rssi is not None else finite(one.snr),
        longitude=x,
        latitude=y,
        altitude=None if x is None else finite(where.altitude),
        time=instant(one.time) or instant(one.received_at),
        channel=one.channel_index,
        antenna=one.antenna_index,
    )


def _place(where: Location) -> tuple[float | None, float | None]:
    if where.longitude is None and where.latitude is None:
        return None, None
    return place(where.longitude or 0.0, where.latitude or 0.0)


def _position(where: Location) -> Position | None:
    x, y = _place(where)
    return position(x, y, where.altitude, where.accuracy, where.source)


def _reckoned(locations: dict[str, Location] | None) -> Position | None:
    """What a solver or the payload says; not `user`, what a person once registered."""
    for name, where in (locations or {}).items():
        if name != "user" and (found := _position(where)) is not None:
            return found
    return None


def _shared(
    up: Up, envelope: Envelope, told: shapes.Uplink | None = None, heard: tuple[Hearing, ...] = ()
) -> dict[str, Any]:
    ids = up.end_device_ids or NO_IDS
    eui, named = maybe_eui(ids.dev_eui), ids.device_id or _named_by(envelope)
    if eui is None and named is None:
        raise Unread(NO_DEVICE)
    server = instant(up.received_at) or (instant(told.received_at) if told else None)
    first = min((one.time for one in heard if one.time), default=None) if server is None else None
    time, source = envelope.at((server, "network"), (first, "gateway"))
    return {
        "device": eui or named,
        "device_source": "eui" if eui else "name",
        "time": time,
        "time_source": source,
        "name": ids.device_id,
        "application": ids.application_ids.application_id if ids.application_ids else None,
        "frame_id": _frame_id(up.correlation_ids),
    }


def _named_by(envelope: Envelope) -> str | None:
    steps = envelope.topic.split("/")
    return steps[3] or None if len(steps) > 3 and steps[0] == "v3" and steps[2] == "devices" else None


def _device_or_none(up: Up, envelope: Envelope) -> str | None:
    ids = up.end_device_ids or NO_IDS
    return maybe_eui(ids.dev_eui) or ids.device_id or _named_by(envelope)


def _frame_id(ids: list[str] | None) -> str | None:
    """The Application Server's own, else the first."""
    first = ids[0] if ids else None
    return next((one for one in ids or () if one.startswith("as:up:")), first)


def _join(part: shapes.JoinAccept, up: Up, shared: dict[str, Any]) -> Message:
    ids = up.end_device_ids or NO_IDS
    return Join(**shared, address=address(ids.dev_addr), join_eui=maybe_eui(ids.join_eui))


def _downlink(part: shapes.Downlink | None) -> dict[str, Any]:
    """Our own correlation identifier; else the last, which is the one that whoever asked gave, when they gave one."""
    ids = part.correlation_ids if part else None
    return {"downlink": _own(ids) or (ids[-1] if ids else None)}


def _own(ids: list[str] | None) -> str | None:
    return next((one for one in ids or () if one.startswith(OWN_DOWNLINK)), None)


def _ack(part: shapes.Downlink, up: Up, shared: dict[str, Any]) -> Message:
    return Acknowledged(**shared, **_downlink(part), acknowledged=True, downlink_counter=counter(part.f_cnt or 0))


def _nack(part: shapes.Downlink, up: Up, shared: dict[str, Any]) -> Message:
    return Acknowledged(**shared, **_downlink(part), acknowledged=False, downlink_counter=counter(part.f_cnt or 0))


def _sent(part: shapes.Downlink, up: Up, shared: dict[str, Any]) -> Message:
    return Sent(**shared, **_downlink(part), downlink_counter=counter(part.f_cnt or 0))


def _queued(part: shapes.Downlink, up: Up, shared: dict[str, Any]) -> Message:
    own = _own(part.correlation_ids)
    return Logged(**shared, code="downlink_queued", detail={"downlink": own} if own else {})


def _invalidated(part: dict[str, Any], up: Up, shared: dict[str, Any]) -> Message:
    return Logged(**shared, code="downlink_queue_invalidated", detail=part)


def _failed(part: shapes.DownlinkFailed, up: Up, shared: dict[str, Any]) -> Message:
    error = part.error or shapes.ErrorDetails()
    return Failed(
        **shared, **_downlink(part.downlink), code=error.name or "downlink_failed", description=error.message_format
    )


def _solved(part: shapes.Solved, up: Up, shared: dict[str, Any]) -> Message:
    found = _position(part.location or NO_LOCATION)
    if found is None:
        raise Unread(Text("une position sans longitude ni latitude", "a location without place"), shared["device"])
    return Located(**shared, location=found)


def _service(part: shapes.ServiceData, up: Up, shared: dict[str, Any]) -> Message:
    return Logged(**shared, source=part.service, detail=part.data if isinstance(part.data, dict) else {})


TELLERS: dict[str, Any] = {
    "join_accept": _join,
    "downlink_ack": _ack,
    "downlink_nack": _nack,
    "downlink_sent": _sent,
    "downlink_queued": _queued,
    "downlink_failed": _failed,
    "downlink_queue_invalidated": _invalidated,
    "location_solved": _solved,
    "service_data": _service,
}

CONNECTOR = Documents(__name__, Up, tell)
