"""What networks tell of devices, typed: frames, joins, statuses, downlinks, positions, measurements, and what is
unknown."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from beffroi.errors import Language, Text

TimeSource = Literal["network", "gateway", "received"]
DeviceSource = Literal["eui", "name", "sigfox", "series"]
Value = bool | int | float | str
OWN_DOWNLINK = "beffroi:"
"""how the identifiers begin that this program gives to downlinks, where a network takes any text"""


class Hearing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One gateway that heard a frame. `id` as the network writes it, None where it tells a signal and not whose; `rssi`
    in dBm, `snr` in dB; the gateway's own position in degrees (WGS 84) and metres, `accuracy` where it is known to be
    rough."""

    id: str | None = None
    eui: str | None = None
    rssi: float | None = None
    snr: float | None = None
    longitude: float | None = None
    latitude: float | None = None
    altitude: float | None = None
    accuracy: float | None = None
    time: datetime | None = None
    channel: int | str | None = None
    antenna: int | None = None


class Position(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Where a device is reckoned to be, in degrees (WGS 84) and metres; `source`: the network's word for how."""

    longitude: float
    latitude: float
    altitude: float | None = None
    accuracy: float | None = None
    source: str | None = None


class _Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag_field="kind"):
    """`device`: DevEUI (16 hexadecimal digits in upper case), Sigfox identifier, or as `device_source` says: the
    network's `name` of it where no DevEUI is told, the key of a `series`. `time_source`: whose clock `time` is of;
    `received` when the message tells none. `frame_id`: the network's own key of the message. `application_key`: the
    network's own key of the `application`, where the two differ."""

    time: datetime
    time_source: TimeSource = "network"
    device: str | None = None
    device_source: DeviceSource = "eui"
    name: str | None = None
    application: str | None = None
    application_key: str | None = None
    profile: str | None = None
    tags: dict[str, str] = {}
    frame_id: str | None = None


class Uplink(_Message, frozen=True, kw_only=True, omit_defaults=True, tag="uplink"):
    """A frame of data. `frequency` and `bandwidth` in Hz, `data_rate` the region's index, `address` the DevAddr,
    `battery` in per cent. `encrypted`: the network has not the key, `payload` is no plain text. `decoded`: what the
    network itself made of the payload. `location`: of the device, reckoned by the network."""

    device: str
    payload: bytes
    port: int | None = None
    frame_counter: int | None = None
    spreading_factor: int | None = None
    bandwidth: int | None = None
    frequency: int | None = None
    data_rate: int | None = None
    confirmed: bool | None = None
    encrypted: bool = False
    simulated: bool = False
    address: str | None = None
    battery: float | None = None
    gateways: tuple[Hearing, ...] = ()
    location: Position | None = None
    decoded: Any = None


class Join(_Message, frozen=True, kw_only=True, omit_defaults=True, tag="join"):
    """A device opened a session: its frame counter begins again."""

    address: str | None = None
    join_eui: str | None = None
    gateways: tuple[Hearing, ...] = ()


class Status(_Message, frozen=True, kw_only=True, omit_defaults=True, tag="status"):
    """`battery` in per cent; `margin`: demodulation margin of the last downlink, in dB."""

    battery: float | None = None
    margin: float | None = None
    external_power: bool = False
    detail: dict[str, Any] = {}


class Acknowledged(_Message, frozen=True, kw_only=True, omit_defaults=True, tag="ack"):
    """A device answered a confirmed downlink, or did not (`acknowledged` is False)."""

    acknowledged: bool
    downlink: str | None = None
    downlink_counter: int | None = None


class Sent(_Message, frozen=True, kw_only=True, omit_defaults=True, tag="sent"):
    """A downlink left by `gateway`."""

    downlink: str | None = None
    downlink_counter: int | None = None
    gateway: str | None = None


class Failed(_Message, frozen=True, kw_only=True, omit_defaults=True, tag="error"):
    """Something went wrong in the network: `code` and `description` are its words."""

    code: str | None = None
    description: str | None = None
    downlink: str | None = None


class Logged(_Message, frozen=True, kw_only=True, omit_defaults=True, tag="log"):
    """What a network or a service beside it notes; `detail` as it told it."""

    level: str | None = None
    code: str | None = None
    description: str | None = None
    source: str | None = None
    detail: dict[str, Any] = {}


class Located(_Message, frozen=True, kw_only=True, omit_defaults=True, tag="location"):
    location: Position


class Measurements(_Message, frozen=True, kw_only=True, omit_defaults=True, tag="measurements"):
    """Values told as such, by the sender's names; `measurement`: its name of the group."""

    device: str
    values: dict[str, Value]
    measurement: str | None = None


class Unknown(_Message, frozen=True, kw_only=True, omit_defaults=True, tag="unknown"):
    """What cannot be read, or is none of these. `event`: the network's word for it, where it said one. `content`: the
    part of what came that is meant, in the form in which it came; all of it when none is told."""

    reason: Text
    event: str | None = None
    content: bytes | None = None


Message = Uplink | Join | Status | Acknowledged | Sent | Failed | Logged | Located | Measurements | Unknown
FIRST = ("kind", "device", "port", "bytes", "time", "frame_counter", "spreading_factor", "gateways")


def written(message: Message, language: Language = "en") -> dict[str, Any]:
    """For people and for JSON: bytes in hexadecimal, times in UTC with the digits they have, what is absent left
    out."""
    told: dict[str, Any] = msgspec.to_builtins(message, builtin_types=(bytes, datetime))
    told = _plain(told)
    if isinstance(message, Uplink):
        told["bytes"] = told.pop("payload")
    if isinstance(message, Unknown):
        told["reason"] = message.reason.said(language)
        told.pop("content", None)
    if "gateways" in told:
        told["gateways"] = [_whole(one) for one in told["gateways"]]
    return {name: told[name] for name in (*FIRST, *told) if name in told}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bytes):
        return value.hex()
    return _digits(value) if isinstance(value, datetime) else value


def _whole(hearing: dict[str, Any]) -> dict[str, Any]:
    """-35, not -35.0."""
    return {name: int(one) if isinstance(one, float) and one.is_integer() else one for name, one in hearing.items()}


def _digits(moment: datetime) -> str:
    """Seconds, milliseconds or microseconds: as fine as networks count."""
    fine = "seconds" if not moment.microsecond else "microseconds" if moment.microsecond % 1000 else "milliseconds"
    return moment.isoformat(timespec=fine).replace("+00:00", "Z")
