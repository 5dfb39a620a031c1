"""From values to bits: what `reading` reads back."""

import math
import struct
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from beffroi.acquisition.codecs.layouts.field import REST, Field, Order
from beffroi.acquisition.codecs.layouts.reading import FLOATS, place_of, times_of
from beffroi.errors import BeffroiError, Text


class Piece(NamedTuple):
    at: int
    size: int
    raw: int
    order: Order


class Writer:
    """Of one message; places are in bits."""

    def __init__(self, order: Order, port: int | None) -> None:
        self._order = order
        self._port = port
        self._pieces: list[Piece] = []
        self._at = self._end = 0

    def record(self, fields: list[Field], data: Mapping[str, Any], above: Mapping[str, Any] = {}) -> None:
        """A message or one repetition."""
        known = {**above, **data}
        begin = end = self._at
        for field in fields:
            if not field.holds(known, self._port):
                continue
            if field.optional and field.name not in data:
                continue
            self._at = place_of(field, begin, self._at)
            if field.fields:
                self._repeat(field, data, known)
            else:
                known[field.name] = self._value(field, _told(field, fields, data))
            end = max(end, self._at)
        self._at = end
        self._end = max(self._end, end)

    def payload(self) -> bytes:
        length = -(-self._end // 8)
        whole: dict[Order, int] = {"big": 0, "little": 0}
        for at, size, raw, order in self._pieces:
            whole[order] |= raw << (at if order == "little" else 8 * length - at - size)
        little = int.from_bytes(whole["little"].to_bytes(length, "little"), "big")
        return (whole["big"] | little).to_bytes(length, "big")

    def _repeat(self, field: Field, data: Mapping[str, Any], known: dict[str, Any]) -> None:
        if not field.name:
            raise BeffroiError(Text("un groupe sans nom ne s'écrit pas", "a group without name cannot be written"))
        members = data.get(field.name)
        if not isinstance(members, list) or not all(isinstance(one, dict) for one in members):
            raise _unfit(field, members)
        if field.repeat != "rest" and times_of(field, known) != len(members):
            raise _unfit(field, members)
        for one in members:
            self.record(field.fields, one, known)

    def _value(self, field: Field, value: Any) -> Any:
        """Written; returned as it will be read."""
        if field.kind in ("text", "bytes"):
            held = _held(field, value)
            size, raw, order = len(held) * 8, int.from_bytes(held, "big"), "big"
        else:
            size, raw, order = field.size, _raw(field, value), field.order or self._order
        self._pieces.append(Piece(self._at, size, raw, order))  # type: ignore[arg-type]
        self._at += size
        return value


def _told(field: Field, beside: list[Field], data: Mapping[str, Any]) -> Any:
    """The value of a field; of one that counts a group, its length; of what is reserved, 0."""
    if field.name in data:
        return data[field.name]
    for other in beside:
        if field.name and other.repeat == field.name and isinstance(data.get(other.name), list):
            return len(data[other.name])
    if field.kind == "reserved" and not field.name:
        return 0
    raise BeffroiError(Text(f"{field.name} manque", f"{field.name} is missing"))


def _held(field: Field, value: Any) -> bytes:
    try:
        held = value.encode() if field.kind == "text" else bytes.fromhex(value)
    except (AttributeError, TypeError, ValueError):
        raise _unfit(field, value) from None
    size = len(held) if field.size == REST else field.size // 8
    if len(held) > size or (field.kind == "bytes" and len(held) < size):
        raise _unfit(field, value)
    return held.ljust(size, b"\0")


def _raw(field: Field, value: Any) -> int:
    """As an unsigned number of the field's size."""
    try:
        if field.kind == "float":
            number = math.nan if value is None else float(value)
            return int.from_bytes(struct.pack(FLOATS[field.size], number), "big")
        raw = _integer(field, value)
    except (TypeError, ValueError, OverflowError, InvalidOperation, IndexError, StopIteration, struct.error):
        raise _unfit(field, value) from None
    low, high = (-1 << field.size - 1, 1 << field.size - 1) if field.kind == "signed" else (0, 1 << field.size)
    if not low <= raw < high:
        raise _unfit(field, value)
    return raw & ((1 << field.size) - 1)


def _integer(field: Field, value: Any) -> int:
    if value is None:
        return field.missing[0]
    if isinstance(value, str):
        return next(int(raw) for raw, word in field.words.items() if word == value)
    return round((Decimal(str(+value)) - Decimal(str(field.offset))) / Decimal(str(field.scale)))


def _unfit(field: Field, value: Any) -> BeffroiError:
    told = repr(value)[:100]
    return BeffroiError(Text(f"{field.name} ne peut être écrit : {told}", f"{field.name} cannot be written: {told}"))
