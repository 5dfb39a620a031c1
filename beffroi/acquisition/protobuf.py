"""Protocol Buffers on the wire, read and written by a table of field numbers, as what their JSON would be (proto3).

The published package of ChirpStack's messages brings gRPC, OpenTelemetry and 44 MB; the wire format has four shapes.
"""

import base64
import struct
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from beffroi.acquisition.fields import EPOCH, Unread
from beffroi.errors import Text

VARINT, FIXED64, DELIMITED, FIXED32 = 0, 1, 2, 5
DEEPEST = 40


class Field(NamedTuple):
    """`kind`: `uint`, `int`, `bool`, `float`, `double`, `text`, `base64`, `hex`, `time`, `struct`, `map`, `message`
    (of `table`), `enum` (of `words`)."""

    name: str
    kind: str
    table: "Table | None" = None
    repeated: bool = False
    words: Mapping[int, str] = {}


Table = dict[int, Field]
NOT_PROTOBUF = Text("ni JSON ni Protobuf", "neither JSON nor Protobuf")


class NotProtobuf(Unread):
    def __init__(self) -> None:
        super().__init__(NOT_PROTOBUF)


def decoded(content: bytes, table: Table, depth: int = 0) -> dict[str, Any]:
    """Fields whose number the table lacks are left out, as a newer sender may add some. Raises `NotProtobuf`."""
    if depth > DEEPEST:
        raise NotProtobuf
    found: dict[str, Any] = {}
    for number, wire, raw in _parts(content):
        field = table.get(number)
        if field is None:
            continue
        if field.repeated and wire == DELIMITED and field.kind not in ("map", "message", "text", "base64", "hex"):
            raise NotProtobuf  # packed numbers: none of these tables has any
        value = _value(field, wire, raw, depth)
        if field.kind == "map":
            found.setdefault(field.name, {}).update(value)
        elif field.repeated:
            found.setdefault(field.name, []).append(value)
        else:
            found[field.name] = value
    return found


def _parts(content: bytes) -> Iterator[tuple[int, int, Any]]:
    at, end = 0, len(content)
    while at < end:
        key, at = _varint(content, at)
        number, wire = key >> 3, key & 7
        if wire == VARINT:
            value, at = _varint(content, at)
            yield number, wire, value
            continue
        if wire == DELIMITED:
            length, at = _varint(content, at)
        elif wire in (FIXED32, FIXED64):
            length = 4 if wire == FIXED32 else 8
        else:
            raise NotProtobuf
        if number == 0 or at + length > end:
            raise NotProtobuf
        yield number, wire, content[at : at + length]
        at += length


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(content) and shift < 70:
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at
        shift += 7
    raise NotProtobuf


WIRES = {"uint": VARINT, "int": VARINT, "bool": VARINT, "enum": VARINT, "float": FIXED32, "double": FIXED64}


def _value(field: Field, wire: int, raw: Any, depth: int) -> Any:
    if wire != WIRES.get(field.kind, DELIMITED):
        raise NotProtobuf
    if field.kind in ("uint", "int", "bool", "enum"):
        return _whole(field, raw)
    if field.kind in ("float", "double"):
        return struct.unpack("<f" if field.kind == "float" else "<d", raw)[0]
    if field.kind == "text":
        return _text(raw)
    if field.kind in ("base64", "hex"):
        return raw.hex() if field.kind == "hex" else base64.b64encode(raw).decode()
    if field.kind == "time":
        return _time(raw)
    if field.kind == "map":
        entry = decoded(raw, {1: Field("key", "text"), 2: Field("value", "text")}, depth + 1)
        return {entry.get("key", ""): entry.get("value", "")}
    if field.kind == "struct":
        return _struct(raw, depth + 1)
    assert field.table is not None
    return decoded(raw, field.table, depth + 1)


def _whole(field: Field, raw: int) -> Any:
    if field.kind == "bool":
        return raw != 0
    if field.kind == "enum":
        return field.words.get(raw, raw)
    return raw - 2**64 if field.kind == "int" and raw >= 2**63 else raw


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise NotProtobuf from error


def _time(raw: bytes) -> str | None:
    """google.protobuf.Timestamp."""
    told = decoded(raw, {1: Field("seconds", "int"), 2: Field("nanos", "int")})
    try:
        at = EPOCH + timedelta(seconds=told.get("seconds", 0), microseconds=told.get("nanos", 0) // 1000)
    except OverflowError:
        return None
    return at.isoformat()


VALUE: Table = {
    2: Field("number", "double"),
    3: Field("text", "text"),
    4: Field("truth", "bool"),
    5: Field("struct", "struct"),
    6: Field("list", "base64"),
}


def _struct(raw: bytes, depth: int) -> dict[str, Any]:
    """google.protobuf.Struct: a JSON object."""
    entries = decoded(raw, {1: Field("fields", "message", _ENTRY, repeated=True)}, depth)
    return {
        one.get("key", ""): _any(base64.b64decode(one.get("value", "")), depth + 1) for one in entries.get("fields", [])
    }


def _any(raw: bytes, depth: int) -> Any:
    told = decoded(raw, VALUE, depth)
    if "list" in told:
        inner = decoded(base64.b64decode(told["list"]), {1: Field("values", "base64", repeated=True)}, depth + 1)
        return [_any(base64.b64decode(one), depth + 1) for one in inner.get("values", [])]
    return next(iter(told.values()), None)


_ENTRY: Table = {1: Field("key", "text"), 2: Field("value", "base64")}


def encoded(told: Mapping[str, Any], table: Table) -> bytes:
    """The other way, of the fields that `told` has: what is 0, false or empty is left out, as proto3 does. A `time` is
    a datetime here, an `enum` its word."""
    return b"".join(
        _written(number, field, one)
        for number, field in table.items()
        if (value := told.get(field.name))
        for one in (value if field.repeated else [value])
    )


def _written(number: int, field: Field, value: Any) -> bytes:
    if field.kind in ("uint", "int", "bool", "enum"):
        words = {word: whole for whole, word in field.words.items()}
        whole = int(words.get(value, value) if field.kind == "enum" else value)
        return b"" if whole == 0 else _varied(number << 3 | VARINT) + _varied(whole & 0xFFFFFFFFFFFFFFFF)
    if field.kind == "map":
        entry: Table = {1: Field("key", "text"), 2: Field("value", "text")}
        pairs = ({"key": key, "value": one} for key, one in value.items())
        return b"".join(_delimited(number, encoded(pair, entry)) for pair in pairs)
    return _delimited(number, _content(field, value))


def _content(field: Field, value: Any) -> bytes:
    if field.kind == "text":
        return str(value).encode()
    if field.kind == "base64":
        return base64.b64decode(value)
    if field.kind == "time":
        since = value - EPOCH
        moment: Table = {1: Field("seconds", "int"), 2: Field("nanos", "int")}
        return encoded({"seconds": since // timedelta(seconds=1), "nanos": since.microseconds * 1000}, moment)
    assert field.kind == "message" and field.table is not None, field.kind
    return encoded(value, field.table)


def _delimited(number: int, content: bytes) -> bytes:
    return _varied(number << 3 | DELIMITED) + _varied(len(content)) + content


def _varied(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
