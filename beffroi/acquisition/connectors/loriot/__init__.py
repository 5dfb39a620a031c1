"""Loriot: HTTP push, WebSocket or MQTT, one shape. A frame may come as `rx` at once and as `gw` when all gateways are
in."""

from typing import Any

import msgspec

from beffroi.acquisition.connector import Documents, Envelope, unknown
from beffroi.acquisition.documents import loosely
from beffroi.acquisition.fields import (
    DIGITS,
    Unread,
    address,
    any_instant,
    base64_bytes,
    battery,
    counter,
    eui,
    finite,
    hertz,
    hexadecimal,
    instant,
    maybe_eui,
    place,
    port,
    rate,
    since_1970,
)
from beffroi.acquisition.messages import Failed, Hearing, Join, Logged, Message, Sent, Uplink
from beffroi.errors import Text


class Gateway(msgspec.Struct):
    gweui: str | None = None
    rssi: float | None = None
    snr: float | None = None
    time: str | None = None
    ts: float | None = None
    ant: int | None = None
    lat: float | None = None
    lon: float | None = None
    alt: float | None = None


class Frame(msgspec.Struct):
    """A message of any `cmd`."""

    cmd: str | None = None
    eui: str | None = msgspec.field(name="EUI", default=None)
    ts: float | None = None
    fcnt: int | None = None
    port: int | None = None
    freq: float | None = None
    rssi: float | None = None
    snr: float | None = None
    dr: str | None = None
    bat: float | None = None
    confirmed: bool | None = None
    devaddr: str | None = None
    data: str | None = None
    encdata: str | None = None
    decoded: Any = None
    gws: list[Gateway] | None = None
    cache: list[Any] | None = None
    gweui: str | None = None
    gw_eui: str | None = msgspec.field(name="gwEui", default=None)
    seqdn: int | None = None
    error: str | None = None
    success: str | None = None


UPLINKS = ("rx", "gw", "rxd", "gwd")
SENT = ("txd",)


def tell(frame: Frame, envelope: Envelope) -> list[Message]:
    command = frame.cmd or ("rx" if frame.data is not None or frame.encdata is not None else None)
    if command == "cq":
        return _cached(frame.cache or [], envelope)
    if command in UPLINKS:
        return [_uplink(frame, envelope)]
    if command is None or frame.eui is None:
        reason = Text("aucun message d'appareil de Loriot", "no message of a device of Loriot")
        return unknown(envelope, reason, maybe_eui(frame.eui), command)
    return [_event(frame, command, _shared(frame, envelope))]


def _cached(cache: list[Any], envelope: Envelope) -> list[Message]:
    """What Loriot kept while nobody listened: frames without `cmd`."""
    found: list[Message] = []
    for one in cache:
        try:
            found.append(_uplink(loosely(one if isinstance(one, dict) else {}, Frame), envelope))
        except Unread as error:
            found += unknown(envelope, error.reason, error.device)
    return found or unknown(envelope, Text("une file vide", "an empty queue"), event="cq")


def _uplink(frame: Frame, envelope: Envelope) -> Uplink:
    """Without the device's AppSKey, Loriot hands on what it cannot decipher, as `encdata`."""
    shared = _shared(frame, envelope)
    spreading, wide = rate(frame.dr)
    return Uplink(
        **shared,
        payload=_bytes(frame, shared["device"]),
        port=port(frame.port),
        frame_counter=counter(frame.fcnt),
        spreading_factor=spreading,
        bandwidth=wide,
        frequency=hertz(frame.freq),
        confirmed=frame.confirmed,
        encrypted=not frame.data and bool(frame.encdata),
        address=address(frame.devaddr),
        battery=battery(frame.bat),
        gateways=_heard(frame),
        decoded=frame.decoded,
    )


def _bytes(frame: Frame, device: str) -> bytes:
    """Hexadecimal, unless the application's output was set to base64: what cannot be hexadecimal."""
    told = frame.data or frame.encdata or ""
    try:
        return hexadecimal(told) if DIGITS.fullmatch(told) else base64_bytes(told)
    except Unread as error:
        reason = Text("charge ni hexadécimale ni base64", "payload neither hexadecimal nor base64")
        raise Unread(reason, device) from error


def _heard(frame: Frame) -> tuple[Hearing, ...]:
    """`rx` tells the best signal, and seldom whose it is."""
    if frame.gws:
        return tuple(map(_hearing, frame.gws))
    if frame.rssi is None and frame.snr is None and frame.gweui is None:
        return ()
    return (Hearing(id=frame.gweui, rssi=finite(frame.rssi), snr=finite(frame.snr)),)


def _hearing(one: Gateway) -> Hearing:
    x, y = place(one.lon, one.lat)
    return Hearing(
        id=one.gweui,
        rssi=finite(one.rssi),
        snr=finite(one.snr),
        longitude=x,
        latitude=y,
        altitude=None if x is None else finite(one.alt),
        time=instant(one.time) or since_1970(finite(one.ts)),
        antenna=one.ant,
    )


def _shared(frame: Frame, envelope: Envelope) -> dict[str, Any]:
    time, source = envelope.at((_since(frame.ts), "network"))
    return {"device": eui(frame.eui), "time": time, "time_source": source}


def _since(ts: float | None) -> Any:
    return None if ts is None else any_instant(f"{ts:.0f}")


def _event(frame: Frame, command: str, shared: dict[str, Any]) -> Message:
    if frame.error:
        return Failed(**shared, code=command, description=frame.error)
    if "join" in command:
        return Join(**shared, address=address(frame.devaddr))
    if command in SENT:
        gateway = frame.gweui or frame.gw_eui
        return Sent(**shared, downlink_counter=counter(frame.seqdn), gateway=gateway)
    return Logged(**shared, code=command, description=frame.success, source="Loriot")


CONNECTOR = Documents(__name__, Frame, tell)
