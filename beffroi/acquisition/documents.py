"""Documents as networks send them, as typed structs: at once when they are as documented, field by field when not."""

import json
import math
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from beffroi.acquisition.fields import Unread
from beffroi.errors import Text

T = TypeVar("T")
D = TypeVar("D", bound=msgspec.Struct)
NOT_JSON = Text("ce n'est pas du JSON", "this is not JSON")
NOT_AN_OBJECT = Text("un objet JSON était attendu", "a JSON object was expected")
TOO_DEEP = Text("JSON trop profond", "JSON too deep")
EMPTY = Text("vide", "empty")
BOM = b"\xef\xbb\xbf"
DEEPEST = 60
"""levels: deeper ones are nobody's, and would be followed by recursion here and wherever a message is written"""
MARKS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
WORDS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}


def values(content: bytes) -> Iterator[Any]:
    """All that a content holds: a value, those of a list, one a line or one behind the other. NaN and infinities, which
    are no JSON, are None. Raises `Unread` where the JSON ends."""
    content = content.removeprefix(BOM).strip()
    if not content:
        raise Unread(EMPTY)
    refuse_deep(content)
    try:
        found = [msgspec.json.decode(content)]
    except ValueError:  # of msgspec and of what is no UTF-8
        yield from _one_after_another(content)
        return
    yield from _flat(found)


def refuse_deep(content: bytes) -> None:
    """Raises `Unread`. Most contents have fewer brackets than the levels allowed: counting them is enough."""
    if content.count(b"{") + content.count(b"[") <= DEEPEST:
        return
    level = 0
    for mark in MARKS.finditer(content):
        first = content[mark.start()]
        level += 1 if first in b"{[" else -1 if first in b"}]" else 0
        if level > DEEPEST:
            raise Unread(TOO_DEEP)


def inner(told: str | None) -> Any:
    """JSON within a text; None when it is none."""
    if not told:
        return None
    try:
        content = told.encode("utf-8", "replace")
        refuse_deep(content)
        return msgspec.json.decode(content)
    except (ValueError, Unread):
        return None


def _one_after_another(content: bytes) -> Iterator[Any]:
    text = content.decode("utf-8", "replace")
    decoder = json.JSONDecoder()
    place = 0
    while place < len(text):
        if text[place].isspace() or (place and text[place] == ","):
            place += 1
            continue
        try:
            value, place = decoder.raw_decode(text, place)
            value = _clean(value)
        except ValueError as error:
            raise Unread(NOT_JSON) from error
        yield from _flat([value])


def _flat(found: list[Any]) -> Iterator[Any]:
    for value in found:
        if isinstance(value, list):
            yield from value or [None]
        else:
            yield value


def _clean(value: Any) -> Any:
    """Without what JSON cannot hold: NaN, infinities, halves of characters."""
    if isinstance(value, dict):
        return {_clean(name): _clean(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def loosely(value: dict[str, Any], kind: type[D]) -> D:
    """`value` as a struct, numbers told as text and the like put right; a field that cannot be is as if absent."""
    told = {}
    for name, given, fit in _plan(kind):
        found = fit(value.get(given))
        if found is not None:
            told[name] = found
    return kind(**told)


Fit = Callable[[Any], Any]


@cache
def _plan(kind: type[msgspec.Struct]) -> tuple[tuple[str, str, Fit], ...]:
    return tuple((one.name, one.encode_name, _fit(one.type)) for one in msgspec.structs.fields(kind))


def _fit(kind: Any) -> Fit:
    options = [one for one in get_args(kind) if one is not type(None)]
    origin = get_origin(kind)
    if origin is list:
        return _list_of(_fit(options[0]))
    if origin is dict:
        return _dict_of(_fit(options[1]))
    if options:  # X | None, list[X] | X | None
        return _fit(options[0])
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return lambda value: loosely(value, kind) if isinstance(value, dict) else None
    simple: dict[Any, Fit] = {str: text, int: integer, float: number, bool: truth}
    return simple.get(kind, lambda value: value)


def _list_of(fit: Fit) -> Fit:
    """A single thing stands for a list of one: XML and some JSON do not tell them apart."""

    def fitted(value: Any) -> list[Any] | None:
        if value is None:
            return None
        found = map(fit, value if isinstance(value, list) else [value])
        return [one for one in found if one is not None]

    return fitted


def _dict_of(fit: Fit) -> Fit:
    def fitted(value: Any) -> dict[str, Any] | None:
        if not isinstance(value, dict):
            return None
        told = {name: fit(inner) for name, inner in value.items()}
        return {name: inner for name, inner in told.items() if inner is not None}

    return fitted


def several(value: list[T] | T | None) -> list[T]:
    """Those of a list, the one that stands for a list of one, or none."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        found = float(value.strip().replace(",", ".") if isinstance(value, str) else value)
    except (ValueError, TypeError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def integer(value: Any) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lstrip("+-").isdecimal() and len(value) < 30:
        return int(value)
    found = number(value)
    return int(found) if found is not None and found == int(found) else None


def truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return WORDS.get(str(value).strip().lower()) if isinstance(value, int | str) else None


def text(value: Any) -> str | None:
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e30 else None
