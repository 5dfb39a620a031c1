"""The Things Stack v3: webhooks and MQTT (`v3/<application>@<tenant>/devices/<id>/up`), the same JSON in both.

Its JSON leaves out what is 0 or empty (protobuf's mapping): an absent `f_cnt` is 0.
"""

from typing import Any

from beffroi.acquisition.connector import Connector, Envelope, unknown
from beffroi.acquisition.fields import Unread, at, base64_bytes, eui, integer, moment, number, objects, position, text
from beffroi.acquisition.messages import Event, EventKind, Hearing, Location, Message, Uplink
from beffroi.errors import Text

EVENTS: dict[str, EventKind] = {
    "join_accept": "join",
    "downlink_ack": "ack",
    "downlink_nack": "error",
    "downlink_sent": "sent",
    "downlink_failed": "error",
    "downlink_queued": "log",
    "downlink_queue_invalidated": "log",
    "location_solved": "location",
    "service_data": "log",
}


def read(value: dict[str, Any], envelope: Envelope) -> list[Message]:
    value = value["result"] if isinstance(value.get("result"), dict) else value  # as the storage integration gives it
    if isinstance(value.get("uplink_message"), dict):
        return [_uplink(value, value["uplink_message"], envelope)]
    for name, kind in EVENTS.items():
        if isinstance(value.get(name), dict):
            heard = tuple(map(_hearing, objects(value[name].get("rx_metadata"))))
            return [Event(kind, device=_device(value), time=_time(value, envelope), gateways=heard, detail=value)]
    return unknown(value, envelope, Text("aucun message de The Things Stack v3", "no message of The Things Stack v3"))


def _uplink(value: dict[str, Any], up: dict[str, Any], envelope: Envelope) -> Uplink:
    lora = at(up, "settings", "data_rate", "lora")
    network = moment(value.get("received_at")) or moment(up.get("received_at"))
    return Uplink(
        _device(value),
        base64_bytes(up.get("frm_payload")),
        network or envelope.received_at,
        "network" if network else "received",
        port=integer(up.get("f_port", 0)),
        frame_counter=integer(up.get("f_cnt", 0)),
        spreading_factor=integer(at(lora, "spreading_factor")),
        bandwidth=integer(at(lora, "bandwidth")),
        frequency=integer(at(up, "settings", "frequency")),
        confirmed=bool(up.get("confirmed", False)),
        gateways=tuple(map(_hearing, objects(up.get("rx_metadata")))),
        location=_location(up.get("locations")),
        name=text(at(value, "end_device_ids", "device_id")),
    )


def _time(value: dict[str, Any], envelope: Envelope) -> Any:
    return moment(value.get("received_at")) or envelope.received_at


def _device(value: dict[str, Any]) -> str:
    """Its DevEUI; the stack's own name of it where a message tells no other."""
    ids = value.get("end_device_ids")
    named = text(at(ids, "device_id"))
    try:
        return eui(at(ids, "dev_eui") or (named or "").removeprefix("eui-"))
    except Unread:
        if named is None:
            raise
        return named


def _hearing(one: dict[str, Any]) -> Hearing:
    """Through Packet Broker, the gateway is another's; its own name is told beside."""
    broker = one.get("packet_broker")
    ids = one.get("gateway_ids")
    named = at(broker, "forwarder_gateway_id") or at(broker, "forwarder_gateway_eui")
    where = one.get("location")
    longitude, latitude = position(where)
    return Hearing(
        text(named) or text(at(ids, "gateway_id")) or text(at(ids, "eui")) or "",
        rssi=number(one.get("rssi")),
        snr=number(one.get("snr")),
        longitude=longitude,
        latitude=latitude,
        altitude=None if longitude is None else number(at(where, "altitude")),
        time=moment(one.get("time")) or moment(one.get("received_at")),
    )


def _location(value: Any) -> Location | None:
    """What a decoder or a solver reckons, not what a person registered."""
    for name, one in value.items() if isinstance(value, dict) else ():
        longitude, latitude = position(one)
        if longitude is not None and latitude is not None and name != "user":
            return Location(longitude, latitude, number(at(one, "accuracy")))
    return None


CONNECTOR = Connector("tts-v3", "The Things Stack v3", read)
