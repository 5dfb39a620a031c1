"""From bits to values.

A message is one long number. In `big` order its first bit is the highest of its first byte, in `little` order the
lowest: fields of whole bytes are then big-endian, or little-endian, and any others lie as datasheets draw them.
"""

import struct
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from beffroi.acquisition.codecs.layouts.field import REST, Field, Order
from beffroi.errors import BeffroiError, Text

FLOATS = {16: ">e", 32: ">f", 64: ">d"}


class Reader:
    """Of one message, from its beginning; places are in bits."""

    def __init__(self, payload: bytes, order: Order, port: int | None) -> None:
        self._payload = payload
        self._order = order
        self._port = port
        self._size = len(payload) * 8
        self._whole: dict[Order, int] = {
            "big": int.from_bytes(payload, "big"),
            "little": int.from_bytes(payload, "little"),
        }
        self._at = 0

    def record(self, fields: list[Field], above: Mapping[str, Any] = {}) -> dict[str, Any]:
        """The values of a message or of one repetition. `above`: what was read before it begins."""
        told: dict[str, Any] = {}
        known = dict(above)
        begin = end = self._at
        for field in fields:
            if not field.holds(known, self._port):
                continue
            self._at = place_of(field, begin, self._at)
            if field.fields:
                self._repeat(field, told, known)
            elif field.optional and self._at + max(field.size, 1) > self._size:
                continue
            else:
                known[field.name] = self._value(field)
                if field.kind != "reserved":
                    told[field.name] = known[field.name]
            end = max(end, self._at)
        self._at = end
        return told

    def _repeat(self, field: Field, told: dict[str, Any], known: dict[str, Any]) -> None:
        found: list[dict[str, Any]] = []
        while self._at < self._size if field.repeat == "rest" else len(found) < times_of(field, known):
            before = self._at
            found.append(self.record(field.fields, known))
            if self._at == before:
                raise BeffroiError(
                    Text(f"octet {before // 8} : rien n'y est décrit", f"byte {before // 8}: nothing described there")
                )
        if field.name:
            told[field.name] = found
        else:
            for one in found:
                told.update(one)

    def _value(self, field: Field) -> Any:
        size = self._size - self._at if field.size == REST else field.size
        begin = self._at
        if begin + size > self._size:
            what = field.name or field.kind
            raise BeffroiError(
                Text(
                    f"le message a {len(self._payload)} octets : {what} n'y est pas entier",
                    f"the message has {len(self._payload)} bytes: {what} is not whole in it",
                )
            )
        self._at += size
        if field.kind in ("text", "bytes"):
            held = self._payload[begin // 8 : (begin + size) // 8]
            return held.hex() if field.kind == "bytes" else held.decode(errors="replace").rstrip("\0")
        return meaning(field, self._raw(begin, size, field.order or self._order), size)

    def _raw(self, begin: int, size: int, order: Order) -> int:
        shift = begin if order == "little" else self._size - begin - size
        return self._whole[order] >> shift & ((1 << size) - 1)


def times_of(field: Field, known: Mapping[str, Any]) -> int:
    """How often a group is repeated, not until the end."""
    times = known.get(field.repeat) if isinstance(field.repeat, str) else field.repeat
    return times if isinstance(times, int) else 0


def place_of(field: Field, begin: int, at: int) -> int:
    if field.byte is None and field.bit is None:
        return at
    return begin + 8 * (field.byte or 0) + (field.bit or 0)


def meaning(field: Field, raw: int, size: int) -> Any:
    """What a raw number is worth."""
    if field.kind == "float":
        value = struct.unpack(FLOATS[size], raw.to_bytes(size // 8))[0]
        return value if value == value else None
    if field.kind == "signed" and raw >> (size - 1):
        raw -= 1 << size
    if raw in field.missing:
        return None
    if str(raw) in field.words:
        return field.words[str(raw)]
    if field.kind == "boolean":
        return raw != 0
    return _scaled(raw, field)


def _scaled(raw: int, field: Field) -> int | float:
    """In decimal: 3 x 0.1 is 0.3."""
    if field.scale == 1 and field.offset == 0:
        return raw
    value = raw * Decimal(str(field.scale)) + Decimal(str(field.offset))
    return int(value) if value == value.to_integral_value() else float(value)
