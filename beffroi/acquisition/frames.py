"""One frame, however often it is told: heard by several gateways, delivered again, or in parts."""

from collections.abc import Iterable
from datetime import timedelta

import msgspec

from beffroi.acquisition.messages import Hearing, Message, Uplink

WITHIN = timedelta(hours=1)
"""a counter and payload seen again later than this are another frame: the counter restarted, or went round its 16
bits"""

FrameKey = tuple[object, ...]


def frame_key(uplink: Uplink) -> FrameKey:
    """The same for all that is told of one frame. A counter starts again after a join and, where a network tells 16
    bits, after 65,536 frames: two of one key are one frame only when `same_frame` says so. A Sigfox frame is known by
    its number and its second, for its number has 12 bits; a frame without counter, by its time."""
    if uplink.frame_counter is None:
        return (uplink.device, uplink.time, uplink.port, uplink.payload)
    if uplink.device_source == "sigfox":
        return (uplink.device, uplink.frame_counter, uplink.time.replace(microsecond=0))
    return (uplink.device, uplink.frame_counter, uplink.port, uplink.payload)


def same_frame(one: Uplink, other: Uplink) -> bool:
    """Of one key, not in two sessions (a session has an address of its own, not all that is told of a frame says it),
    nor far apart."""
    return frame_key(one) == frame_key(other) and is_near(one, other)


def is_near(one: Uplink, other: Uplink) -> bool:
    """As `same_frame`, of two of one key."""
    if one.address and other.address and one.address != other.address:
        return False
    return "received" in (one.time_source, other.time_source) or abs(one.time - other.time) <= WITHIN


def merged(messages: Iterable[Message]) -> list[Message]:
    """Each frame once, where it was first told of; all else as it came."""
    found: list[Message] = []
    places: dict[FrameKey, list[int]] = {}
    for message in messages:
        if not isinstance(message, Uplink):
            found.append(message)
            continue
        held = places.setdefault(frame_key(message), [])
        for place in held:
            before = found[place]
            if isinstance(before, Uplink) and is_near(before, message):
                found[place] = united(before, message)
                break
        else:
            held.append(len(found))
            found.append(message)
    return found


def united(one: Uplink, other: Uplink) -> Uplink:
    """The richer of two, with what only the other tells, and the gateways of both."""
    rich, poor = (one, other) if _told(one) >= _told(other) else (other, one)
    blank = [name for name, default in _DEFAULTS.items() if getattr(rich, name) == default]
    filled = {name: getattr(poor, name) for name in blank}
    if rich.time_source == "received":
        filled.update(time=poor.time, time_source=poor.time_source)
    return msgspec.structs.replace(rich, **filled, gateways=_heard((*one.gateways, *other.gateways)))


_DEFAULTS = {
    field.name: field.default if field.default is not msgspec.NODEFAULT else {}
    for field in msgspec.structs.fields(Uplink)
    if not field.required and field.name not in ("gateways", "time_source", "device_source")
}


def _heard(hearings: Iterable[Hearing]) -> tuple[Hearing, ...]:
    """Each gateway and antenna once, as it tells most; a signal without gateway gives way to those that have one."""
    best: dict[tuple[str | None, int | None], Hearing] = {}
    for one in hearings:
        held = best.get((one.id, one.antenna))
        if held is None or _told(one) > _told(held):
            best[one.id, one.antenna] = one
    named = tuple(one for one in best.values() if one.id is not None)
    return named or tuple(best.values())


def _told(one: Uplink | Hearing) -> int:
    return sum(getattr(one, name) not in (None, (), {}) for name in one.__struct_fields__)
