"""What any JSON means, declared: where the device, the time, and the values or the frame are.

Expressions are JMESPath: it has a specification with a conformance suite, one small pure-Python package without
dependencies kept by the makers of the AWS tools, and it always ends: no loops, no recursion, no functions of one's own,
which matters for expressions that people of many collectivités write. JSONata can compute, and can also run for ever;
its Python port is young and ten times larger. What JMESPath cannot do (scales, units) is said on the series.
"""

import tomllib
from functools import cached_property
from typing import Any, Literal

import jmespath
import msgspec
from jmespath.exceptions import JMESPathError

from beffroi.acquisition.documents import integer, number, text
from beffroi.acquisition.fields import (
    EUI,
    Unread,
    any_instant,
    base64_bytes,
    counter,
    hexadecimal,
    maybe_eui,
    port,
)
from beffroi.acquisition.messages import Hearing, Value
from beffroi.errors import Invalid, Text


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """JMESPath expressions. `items`: the records in a document, the document itself when not said. With `payload`, a
    record is a frame, whose bytes are written in `encoding`; else `values` are measurements by name, and every plain
    value of the record that is not said to be something else when `values` is not said."""

    device: str
    items: str | None = None
    time: str | None = None
    name: str | None = None
    measurement: str | None = None
    values: dict[str, str] | None = None
    payload: str | None = None
    encoding: Literal["hex", "base64"] = "hex"
    port: str | None = None
    frame_counter: str | None = None
    gateway: str | None = None
    rssi: str | None = None
    snr: str | None = None

    @cached_property
    def compiled(self) -> dict[str, Any]:
        """Raises `Invalid` for what is no JMESPath."""
        said = {name: getattr(self, name) for name in EXPRESSIONS}
        said |= {f"values.{name}": one for name, one in (self.values or {}).items()}
        return {name: _compiled(name, one) for name, one in said.items() if one is not None}

    def find(self, name: str, record: Any) -> Any:
        expression = self.compiled.get(name)
        try:
            return None if expression is None else expression.search(record)
        except JMESPathError as error:
            raise Unread(Text(f"{name} : {error}", f"{name}: {error}")) from error


EXPRESSIONS = tuple(one.name for one in msgspec.structs.fields(Mapping) if one.name not in ("values", "encoding"))
PLAIN = Mapping(
    device="device || device_id || deviceId || dev_eui || devEui || devEUI || DevEUI || sensor_id || sensor || id",
    time="time || timestamp || ts || date",
)
"""of flat objects, when nothing is said"""
PLAIN_NAMES = frozenset(
    [
        "device",
        "device_id",
        "deviceId",
        "dev_eui",
        "devEui",
        "devEUI",
        "DevEUI",
        "sensor_id",
        "sensor",
        "id",
        "time",
        "timestamp",
        "ts",
        "date",
    ]
)


def parse(content: str) -> Mapping:
    """A mapping in TOML. Raises `Invalid`."""
    try:
        found = msgspec.convert(tomllib.loads(content), Mapping)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Invalid("mapping", Text(f"correspondance illisible : {error}", f"unreadable mapping: {error}")) from error
    assert found.compiled
    return found


def _compiled(name: str, expression: str) -> Any:
    try:
        return jmespath.compile(expression)
    except JMESPathError as error:
        raise Invalid(name, Text(f"ce n'est pas du JMESPath : {error}", f"this is not JMESPath: {error}")) from error


def device_of(mapping: Mapping, record: Any) -> tuple[str, bool]:
    """And whether it is a DevEUI."""
    named = text(mapping.find("device", record))
    if named is None:
        raise Unread(Text("aucun appareil", "no device"))
    return (named.upper(), True) if EUI.fullmatch(named.upper()) else (named, False)


def time_of(mapping: Mapping, record: Any) -> Any:
    return any_instant(text(mapping.find("time", record)))


def values_of(mapping: Mapping, record: Any) -> dict[str, Value]:
    if mapping.values is not None:
        found = {name: mapping.find(f"values.{name}", record) for name in mapping.values}
    else:
        taken = PLAIN_NAMES if mapping is PLAIN else _taken(mapping)
        found = {name: one for name, one in record.items() if name not in taken} if isinstance(record, dict) else {}
    return {name: one for name, one in found.items() if isinstance(one, bool | int | float | str)}


def _taken(mapping: Mapping) -> set[str]:
    return {getattr(mapping, name) for name in EXPRESSIONS if getattr(mapping, name)}


def frame_of(mapping: Mapping, record: Any) -> dict[str, Any]:
    """The fields of an uplink but its device and time."""
    told = text(mapping.find("payload", record))
    rssi, snr = number(mapping.find("rssi", record)), number(mapping.find("snr", record))
    gateway = text(mapping.find("gateway", record))
    heard = (Hearing(id=gateway, eui=maybe_eui(gateway), rssi=rssi, snr=snr),)
    return {
        "payload": hexadecimal(told) if mapping.encoding == "hex" else base64_bytes(told),
        "port": port(integer(mapping.find("port", record))),
        "frame_counter": counter(integer(mapping.find("frame_counter", record))),
        "gateways": () if (gateway, rssi, snr) == (None, None, None) else heard,
    }
