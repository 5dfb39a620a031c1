"""InfluxDB line protocol, as Telegraf and many gateways write it: values already decoded, a line a moment."""

from datetime import datetime, timedelta
from functools import cached_property

from beffroi.acquisition.connector import Envelope, Manifest, manifest_of, unknown
from beffroi.acquisition.connectors.line_protocol.grammar import Line, Wrong, lines
from beffroi.acquisition.documents import BOM, EMPTY
from beffroi.acquisition.fields import EARLIEST, EPOCH, EUI, since_1970
from beffroi.acquisition.messages import DeviceSource, Measurements, Message
from beffroi.errors import Text

PRECISIONS = {
    "n": 1,
    "ns": 1,
    "nanosecond": 1,
    "u": 10**3,
    "us": 10**3,
    "µ": 10**3,
    "µs": 10**3,
    "microsecond": 10**3,
    "ms": 10**6,
    "millisecond": 10**6,
    "s": 10**9,
    "second": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
"""nanoseconds, of the address's `precision`"""
DEVICE_TAGS = (
    "device",
    "dev_eui",
    "devEui",
    "devEUI",
    "deveui",
    "device_id",
    "deviceId",
    "sensor_id",
    "sensor",
    "host",
)
"""the tags that name the device, looked for in this order; `?device_tag=` names another"""


class LineProtocol:
    kind = "line-protocol"

    @cached_property
    def manifest(self) -> Manifest:
        return manifest_of(__name__)

    def read(self, content: bytes, envelope: Envelope) -> list[Message]:
        text = content.removeprefix(BOM).decode("utf-8", "replace")
        found = [message for line in lines(text) for message in _told(line, envelope)]
        return found or unknown(envelope, EMPTY)


def _told(line: Line | Wrong, envelope: Envelope) -> list[Message]:
    if isinstance(line, Wrong):
        shown = line.line[:60]
        reason = Text(f"{line.reason.fr} : «\u00a0{shown}\u00a0»", f"{line.reason.en}: “{shown}”")
        return unknown(envelope, reason)
    device, source = _device(line, envelope)
    time, clock = envelope.at((_time(line.stamp, envelope.query.get("precision")), "network"))
    return [
        Measurements(
            device=device,
            device_source=source,
            time=time,
            time_source=clock,
            values=line.fields,
            measurement=line.measurement,
            tags=line.tags,
        )
    ]


def _device(line: Line, envelope: Envelope) -> tuple[str, DeviceSource]:
    """Without a tag that names it, what line protocol calls a series: the measurement and its tags in order."""
    asked = envelope.query.get("device_tag")
    for name in (asked,) if asked else DEVICE_TAGS:
        if value := line.tags.get(name):
            return (value.upper(), "eui") if EUI.fullmatch(value.upper()) else (value, "name")
    return ",".join([line.measurement, *(f"{key}={value}" for key, value in sorted(line.tags.items()))]), "series"


def _time(stamp: int | None, precision: str | None) -> datetime | None:
    """Nanoseconds unless said; a count that would be decades past as such tells by its size what it counts."""
    if stamp is None:
        return None
    unit = PRECISIONS.get(precision or "ns")
    try:
        found = EPOCH + timedelta(microseconds=stamp * (unit or 1) // 1000)
    except OverflowError:
        return None
    guess = precision is None or unit is None
    return since_1970(stamp) if guess and found.year < EARLIEST else found


CONNECTOR = LineProtocol()
