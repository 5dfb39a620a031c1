"""What networks tell: frames of devices, and what else happens to them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from beffroi.errors import Text

TimeSource = Literal["gateway", "network", "received"]
EventKind = Literal["join", "status", "ack", "sent", "error", "log", "location", "unknown"]


class Hearing(msgspec.Struct, frozen=True, omit_defaults=True):
    """One gateway that heard a frame. `rssi` in dBm, `snr` in dB; where it stands in degrees (WGS 84) and metres."""

    id: str
    rssi: float | None = None
    snr: float | None = None
    longitude: float | None = None
    latitude: float | None = None
    altitude: float | None = None
    time: datetime | None = None


class Location(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a network reckons a device to be, in degrees (WGS 84); `accuracy` in metres."""

    longitude: float
    latitude: float
    accuracy: float | None = None


class Uplink(msgspec.Struct, frozen=True, omit_defaults=True, tag="uplink", tag_field="kind"):
    """A frame of a device. `device`: its DevEUI (16 hexadecimal digits in upper case) or Sigfox identifier;
    `time_source`: whose clock `time` is of; `frequency` and `bandwidth` in Hz; `frame`: the network's name of it."""

    device: str
    payload: bytes
    time: datetime
    time_source: TimeSource
    port: int | None = None
    frame_counter: int | None = None
    spreading_factor: int | None = None
    bandwidth: int | None = None
    frequency: int | None = None
    confirmed: bool | None = None
    gateways: tuple[Hearing, ...] = ()
    location: Location | None = None
    name: str | None = None
    frame: str | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """The same for one frame that several gateways heard, or that came twice. A frame without a counter is known by
        its time."""
        return (self.device, self.port, self.payload, self.time if self.frame_counter is None else self.frame_counter)


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is no frame of data. `unknown` says why in `reason`; `detail` is what the network told, as it told it."""

    kind: EventKind
    device: str | None = None
    time: datetime | None = None
    reason: Text | None = None
    gateways: tuple[Hearing, ...] = ()
    detail: dict[str, Any] = {}


Message = Uplink | Event


def merged(messages: Iterable[Message]) -> list[Message]:
    """The parts of one frame as one, where the first of them was: its gateways united, what one part does not tell
    taken from another."""
    found: dict[object, Message] = {}
    for place, message in enumerate(messages):
        key = message.key if isinstance(message, Uplink) else place
        before = found.get(key)
        if isinstance(before, Uplink) and isinstance(message, Uplink):
            message = _united(before, message)
        found[key] = message
    return list(found.values())


def _united(one: Uplink, other: Uplink) -> Uplink:
    blank = [name for name in Uplink.__struct_fields__ if getattr(one, name) is None]
    filled = {name: getattr(other, name) for name in blank}
    return msgspec.structs.replace(one, **filled, gateways=_heard([*one.gateways, *other.gateways]))


def _heard(hearings: Sequence[Hearing]) -> tuple[Hearing, ...]:
    """Each gateway once, as it tells most; one without a name gives way to those that have one."""
    best: dict[str, Hearing] = {}
    for one in hearings:
        held = best.get(one.id)
        if held is None or _told(one) > _told(held):
            best[one.id] = one
    named = tuple(one for one in best.values() if one.id)
    return named or tuple(best.values())


def _told(one: Hearing) -> int:
    return sum(getattr(one, name) is not None for name in Hearing.__struct_fields__)


def written(message: Message) -> dict[str, Any]:
    """For people and for JSON: bytes in hexadecimal, what is absent left out."""
    told: dict[str, Any] = msgspec.to_builtins(message)
    if isinstance(message, Uplink):
        told["bytes"] = message.payload.hex()
        del told["payload"]
        order = ("kind", "device", "port", "bytes", "time", "frame_counter", "spreading_factor", "gateways")
        told = {name: told[name] for name in (*order, *told) if name in told}
    elif message.reason is not None:
        told["reason"] = message.reason.en
    return told
