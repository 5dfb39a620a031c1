"""Kerlink Wanesy Management Center: `dataUp` and `dataDownEvent`, by HTTP push or MQTT, or as its API lists them."""

from typing import Any

import msgspec

from beffroi.acquisition.connector import Documents, Envelope, unknown
from beffroi.acquisition.documents import loosely
from beffroi.acquisition.fields import (
    Unread,
    address,
    any_instant,
    base64_bytes,
    counter,
    eui,
    finite,
    hertz,
    hexadecimal,
    place,
    port,
    position,
    rate,
)
from beffroi.acquisition.messages import Failed, Hearing, Located, Message, Sent, Uplink
from beffroi.errors import Text


class EndDevice(msgspec.Struct, rename="camel"):
    dev_eui: str | None = None
    dev_addr: str | None = None
    name: str | None = None


class GwInfo(msgspec.Struct, rename="camel"):
    gw_eui: str | None = None
    rssi: float | None = None
    snr: float | None = None
    longitude: float | None = None
    latitude: float | None = None
    altitude: float | None = None
    channel: int | None = None
    antenna: int | None = None


class Geolocation(msgspec.Struct):
    longitude: float | None = None
    latitude: float | None = None
    altitude: float | None = None
    accuracy: float | None = None


class Data(msgspec.Struct, rename="camel"):
    """Times are milliseconds since 1970, or text."""

    end_device: EndDevice | None = None
    enddevice: EndDevice | None = msgspec.field(name="enddevice", default=None)
    id: str | None = None
    recv_time: str | int | None = None
    gw_info: list[GwInfo] | None = None
    payload: str | None = None
    encoding_type: str | None = None
    encrypted: bool | None = None
    confirmed: bool | None = None
    f_port: int | None = None
    f_cnt_up: int | None = None
    f_cnt_down: int | None = None
    ul_frequency: float | None = None
    data_rate: str | None = None
    status: str | None = None
    data_down_id: str | None = None
    geolocation: Geolocation | None = None
    listed: list[Any] | None = msgspec.field(name="list", default=None)


NO_DEVICE, NO_PLACE = EndDevice(), Geolocation()
NOTHING = Text("aucun message de Wanesy", "no message of Wanesy")
FINE = ("OK", "SENT", "SUCCESS", "ACK", "DELIVERED", "TRANSMITTED")


def tell(data: Data, envelope: Envelope) -> list[Message]:
    if data.listed is not None:
        return [one for part in data.listed for one in _listed(part, envelope)] or unknown(envelope, NOTHING)
    device = eui((data.end_device or data.enddevice or NO_DEVICE).dev_eui)
    shared = _shared(data, device, envelope)
    if data.payload is not None or (data.gw_info is not None and data.status is None):
        return [_uplink(data, shared)]
    if data.status is not None:
        return [_event(data, shared)]
    where = data.geolocation or NO_PLACE
    found = position(where.longitude, where.latitude, where.altitude, where.accuracy)
    return [Located(**shared, location=found)] if found else unknown(envelope, NOTHING, device)


def _listed(part: Any, envelope: Envelope) -> list[Message]:
    try:
        within = {name: one for name, one in part.items() if name != "list"} if isinstance(part, dict) else {}
        return tell(loosely(within, Data), envelope)
    except Unread as error:
        return unknown(envelope, error.reason, error.device)


def _shared(data: Data, device: str, envelope: Envelope) -> dict[str, Any]:
    told = None if data.recv_time is None else str(data.recv_time)
    time, source = envelope.at((any_instant(told), "network"))
    name = (data.end_device or data.enddevice or NO_DEVICE).name
    return {"device": device, "time": time, "time_source": source, "frame_id": data.id, "name": name}


def _uplink(data: Data, shared: dict[str, Any]) -> Uplink:
    """Counters and ports are left out by some versions."""
    coded = base64_bytes if (data.encoding_type or "").upper() == "BASE64" else hexadecimal
    try:
        payload = coded(data.payload)
    except Unread as error:
        raise Unread(error.reason, shared["device"]) from error
    spreading, wide = rate(data.data_rate)
    where = data.geolocation or NO_PLACE
    return Uplink(
        **shared,
        payload=payload,
        port=port(data.f_port),
        frame_counter=counter(data.f_cnt_up),
        spreading_factor=spreading,
        bandwidth=wide,
        frequency=hertz(data.ul_frequency),
        confirmed=data.confirmed,
        encrypted=data.encrypted or False,
        address=address((data.end_device or data.enddevice or NO_DEVICE).dev_addr),
        gateways=tuple(map(_hearing, data.gw_info or ())),
        location=position(where.longitude, where.latitude, where.altitude, where.accuracy),
    )


def _hearing(one: GwInfo) -> Hearing:
    x, y = place(one.longitude, one.latitude)
    return Hearing(
        id=one.gw_eui,
        rssi=finite(one.rssi),
        snr=finite(one.snr),
        longitude=x,
        latitude=y,
        altitude=None if x is None else finite(one.altitude),
        channel=one.channel,
        antenna=one.antenna,
    )


def _event(data: Data, shared: dict[str, Any]) -> Message:
    downlink = data.data_down_id or data.id
    if (data.status or "").upper() in FINE:
        return Sent(**shared, downlink=downlink, downlink_counter=counter(data.f_cnt_down))
    return Failed(**shared, code=data.status, downlink=downlink)


CONNECTOR = Documents(__name__, Data, tell)
