"""Netmore: HTTP push of lists, of bare messages (v1) or wrapped as `{"t": …, "n": "raw", "v": …}` (v2); numbers as
text."""

import re
from typing import Any

import msgspec

from beffroi.acquisition.connector import Documents, Envelope, unknown
from beffroi.acquisition.fields import (
    Unread,
    any_instant,
    battery,
    counter,
    eui,
    finite,
    hertz,
    hexadecimal,
    maybe_eui,
    place,
    port,
    since_1970,
    spreading_factor,
)
from beffroi.acquisition.messages import Acknowledged, Hearing, Join, Logged, Message, Status, Uplink
from beffroi.errors import Text


class Gateway(msgspec.Struct, rename="camel"):
    gateway_identifier: str | None = None
    gateway_id: str | None = None
    gateway_eui: str | None = None
    id: str | None = None
    rssi: float | None = None
    snr: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    antenna: int | None = None


class Frame(Gateway, rename="camel"):
    """`gateways`: all that heard it, when the subscription tells them; beside, the best."""

    dev_eui: str | None = None
    sensor_type: str | None = None
    message_type: str | None = None
    timestamp: str | None = None
    payload: str | None = None
    f_cnt_up: int | None = None
    f_port: int | None = None
    freq: float | None = None
    dr: int | None = None
    spreading_factor: int | None = None
    battery_level: float | None = None
    ack: bool | None = None
    tags: dict[str, str] | None = None
    gateways: list[Gateway] | None = None


class Entry(Frame, rename="camel"):
    """v1, or v2 around it."""

    t: float | None = None
    v: Frame | None = None


MASKED = re.compile(r"[0-9A-Fa-f]{2,16}[Xx]{2,14}")
NOTHING = Text("aucun message de Netmore", "no message of Netmore")


def tell(entry: Entry, envelope: Envelope) -> list[Message]:
    told = entry.v or entry
    device, source = _device(told.dev_eui)
    times = (any_instant(told.timestamp), since_1970(finite(entry.t)))
    time, clock = envelope.at(*((one, "network") for one in times))
    shared: dict[str, Any] = {
        "device": device,
        "device_source": source,
        "time": time,
        "time_source": clock,
        "profile": told.sensor_type,
        "tags": told.tags or {},
    }
    kind = (told.message_type or "payload").lower()
    if kind == "payload" and (told.payload is not None or told.f_cnt_up is not None):
        return [_uplink(told, shared)]
    if kind in TELLERS:
        return [TELLERS[kind](told, shared)]
    if told.message_type and kind != "payload":
        return [Logged(**shared, code=told.message_type)]
    return unknown(envelope, NOTHING, device)


def _device(value: str | None) -> tuple[str, str]:
    """What Netmore lets people try has the end of its identifiers masked: a name, no DevEUI."""
    found = maybe_eui(value)
    if found is None and value and MASKED.fullmatch(value):
        return value.upper(), "name"
    return found or eui(value), "eui"


def _uplink(told: Frame, shared: dict[str, Any]) -> Uplink:
    try:
        payload = hexadecimal(told.payload)
    except Unread as error:
        raise Unread(error.reason, shared["device"]) from error
    return Uplink(
        **shared,
        payload=payload,
        port=port(told.f_port),
        frame_counter=counter(told.f_cnt_up),
        spreading_factor=spreading_factor(told.spreading_factor),
        frequency=hertz(told.freq),
        data_rate=told.dr,
        battery=battery(told.battery_level),
        gateways=_heard(told),
    )


def _heard(told: Frame) -> tuple[Hearing, ...]:
    others = [_hearing(one) for one in told.gateways or ()]
    if told.rssi is None and told.snr is None and told.gateway_identifier is None:
        return tuple(others)
    best = _hearing(told)
    return (best, *(one for one in others if one.id is None or one.id != best.id))


def _hearing(one: Gateway) -> Hearing:
    x, y = place(one.longitude, one.latitude)
    return Hearing(
        id=one.gateway_identifier or one.gateway_id or one.gateway_eui or one.id,
        rssi=finite(one.rssi),
        snr=finite(one.snr),
        longitude=x,
        latitude=y,
        antenna=one.antenna,
    )


def _join(told: Frame, shared: dict[str, Any]) -> Message:
    return Join(**shared, gateways=_heard(told))


def _status(told: Frame, shared: dict[str, Any]) -> Message:
    return Status(**shared, battery=battery(told.battery_level), external_power=told.battery_level == 0)


def _ack(told: Frame, shared: dict[str, Any]) -> Message:
    return Acknowledged(**shared, acknowledged=True if told.ack is None else told.ack)


TELLERS: dict[str, Any] = {"join": _join, "status": _status, "ack": _ack}

CONNECTOR = Documents(__name__, Entry, tell)
