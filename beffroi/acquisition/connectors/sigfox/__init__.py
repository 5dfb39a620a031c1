"""Sigfox callbacks: DATA and BIDIR (`device, time, data, rssi, snr, station, seqNumber`), DATA_ADVANCED (`duplicates`,
`computedLocation`), and the services STATUS, ACK, ERROR and GEOLOC.

Whoever configures a callback writes its address and its body: any name may be absent, in the body or in the query, and
the body may be JSON or a form.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from beffroi.acquisition.connector import Envelope, Manifest, manifest_of, unknown
from beffroi.acquisition.documents import NOT_AN_OBJECT, inner, integer, loosely, number, text, truth, values
from beffroi.acquisition.fields import Unread, any_instant, finite, hexadecimal, position
from beffroi.acquisition.messages import (
    Acknowledged,
    Failed,
    Hearing,
    Located,
    Message,
    Position,
    Status,
    Uplink,
)
from beffroi.errors import Text

NAMES = {
    "device": ("device", "deviceid", "device_id", "id", "dev"),
    "time": ("time", "timestamp"),
    "data": ("data", "payload"),
    "seqnumber": ("seqnumber", "seq_number", "seq", "sequencenumber"),
}
"""what configurers call them, in lower case"""
IDENTIFIER = re.compile(r"[0-9A-Fa-f]{1,8}")
TEMPLATE = re.compile(r"\{\w+(?:#\w+)?\}")
MOST_BYTES = 12
A_DEGREE = 80_000.0
"""metres: a position rounded to the nearest degree is off by so much at most, in mainland France"""
NOTHING = Text("aucun rappel connu de Sigfox", "no callback of Sigfox that is known")
Told = Mapping[str, Any]


class Duplicate(msgspec.Struct, rename="camel"):
    bs_id: str | None = None
    station: str | None = None
    rssi: float | None = None
    snr: float | None = None


class Computed(msgspec.Struct):
    lat: float | None = None
    lng: float | None = None
    radius: float | None = None
    source: str | None = None
    status: int | None = None


class Sigfox:
    """Contents whose names are not fixed: nothing is typed before they are looked up."""

    kind = "sigfox"

    @cached_property
    def manifest(self) -> Manifest:
        return manifest_of(__name__)

    def read(self, content: bytes, envelope: Envelope) -> list[Message]:
        found = [message for value in _values(content, envelope) for message in _told(value, envelope)]
        return found or unknown(envelope, NOTHING)


def _values(content: bytes, envelope: Envelope) -> Iterator[Any]:
    """The query alone when nothing else comes (GET); a form; JSON."""
    if not content.strip():
        yield {} if envelope.query else Unread(NOTHING)
        return
    try:
        yield from values(content)
    except Unread as error:
        form = _form(content)
        yield form or error


def _form(content: bytes) -> dict[str, str]:
    line = content.decode("utf-8", "replace").strip()
    if not re.match(r"[\w.\[\]%-]{1,60}=", line):
        return {}
    return dict(parse_qsl(line, keep_blank_values=True))


def _told(value: Any, envelope: Envelope) -> list[Message]:
    if isinstance(value, Unread):
        return unknown(envelope, value.reason)
    if not isinstance(value, dict):
        return unknown(envelope, NOT_AN_OBJECT)
    told = {name.lower(): one for name, one in {**envelope.query, **value}.items()}
    for name, aliases in NAMES.items():
        found = next((told[one] for one in aliases if told.get(one) not in (None, "")), None)
        told.pop(name, None)
        if found is not None:
            told[name] = found
    if "data" not in told and any(one in value for one in ("data", "payload")):
        told["data"] = ""  # a frame without bytes is a frame
    try:
        return [_message(told, envelope)]
    except Unread as error:
        return unknown(envelope, error.reason, error.device)


def _message(told: Told, envelope: Envelope) -> Message:
    device = _device(told)
    time, source = envelope.at((any_instant(text(told.get("time"))), "network"))
    shared: dict[str, Any] = {"device": device, "device_source": "sigfox", "time": time, "time_source": source}
    if "data" in told:
        return _uplink(told, shared)
    if "infocode" in told or "infomessage" in told:
        code, message = text(told.get("infocode")), text(told.get("infomessage"))
        done = truth(told.get("downlinkack"))
        return Acknowledged(**shared, acknowledged=code == "0" if done is None else done, downlink=message)
    if "batt" in told or "temp" in told:
        return _status(told, shared)
    if (where := _location(told)) is not None:
        return Located(**shared, location=where)
    if "info" in told or "severity" in told:
        return Failed(**shared, code=text(told.get("severity")), description=text(told.get("info")))
    raise Unread(NOTHING, device)


def _device(told: Told) -> str:
    named = text(told.get("device")) or ""
    if TEMPLATE.fullmatch(named):
        raise Unread(
            Text(
                f"«\u00a0{named}\u00a0» : le modèle du rappel, que Sigfox n'a pas rempli",
                f"“{named}”: the callback's template, which Sigfox has not filled in",
            )
        )
    if not IDENTIFIER.fullmatch(named):
        raise Unread(
            Text(f"«\u00a0{named[:40]}\u00a0» n'est pas un appareil Sigfox", f"“{named[:40]}” is no Sigfox device")
        )
    return named.upper()


def _uplink(told: Told, shared: dict[str, Any]) -> Uplink:
    device = shared["device"]
    try:
        payload = hexadecimal(text(told["data"]))
    except Unread as error:
        raise Unread(error.reason, device) from error
    if len(payload) > MOST_BYTES:
        raise Unread(Text("plus de 12 octets dans une trame Sigfox", "more than 12 bytes in a Sigfox frame"), device)
    return Uplink(
        **shared,
        payload=payload,
        frame_counter=_sequence(told.get("seqnumber")),
        confirmed=truth(told.get("ack")),
        gateways=_heard(told),
        location=_location(told, computed_only=True),
        tags={} if (lqi := text(told.get("lqi"))) is None else {"lqi": lqi},
    )


def _sequence(value: Any) -> int | None:
    """A number; some callbacks hold it as four hexadecimal digits (`007c`)."""
    if isinstance(value, str) and re.fullmatch(r"0[0-9a-fA-F]{3}|[0-9a-fA-F]*[a-fA-F][0-9a-fA-F]*", value):
        found: int | None = int(value[:8], 16)
    else:
        found = integer(value)
    return found if found is not None and 0 <= found < 2**31 else None


def _heard(told: Told) -> tuple[Hearing, ...]:
    duplicates = _inner(told.get("duplicates"))
    if isinstance(duplicates, list) and duplicates:
        found = [loosely(one, Duplicate) for one in duplicates if isinstance(one, dict)]
        return tuple(Hearing(id=one.bs_id or one.station, rssi=finite(one.rssi), snr=finite(one.snr)) for one in found)
    rssi, snr = number(told.get("rssi")), number(told.get("snr"))
    station = text(told.get("station"))
    if station is None and rssi is None and snr is None:
        return ()
    where = position(number(told.get("lng")), number(told.get("lat")))
    if where is None:
        return (Hearing(id=station, rssi=rssi, snr=snr),)
    rough = A_DEGREE if where.longitude.is_integer() and where.latitude.is_integer() else None
    return (
        Hearing(id=station, rssi=rssi, snr=snr, longitude=where.longitude, latitude=where.latitude, accuracy=rough),
    )


def _location(told: Told, *, computed_only: bool = False) -> Position | None:
    """`computedLocation`; in GEOLOC, `lat`, `lng` and `radius` of the device may stand alone."""
    computed = _inner(told.get("computedlocation"))
    if isinstance(computed, dict):
        one = loosely(computed, Computed)
        return position(one.lng, one.lat, None, one.radius, one.source)
    if computed_only and "radius" not in told:
        return None
    x, y, radius = (number(told.get(name)) for name in ("lng", "lat", "radius"))
    return position(x, y, None, radius, text(told.get("source")))


def _inner(value: Any) -> Any:
    """Objects that a template put between quotes are JSON in a text."""
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return value
    return inner(value)


def _status(told: Told, shared: dict[str, Any]) -> Status:
    """`batt` is in volts, `temp` in degrees Celsius: the battery's share is not told."""
    detail = {name: found for name in ("batt", "temp") if (found := number(told.get(name))) is not None}
    return Status(**shared, detail=detail)


CONNECTOR = Sigfox()
