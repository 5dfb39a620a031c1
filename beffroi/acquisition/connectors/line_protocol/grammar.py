"""The grammar of InfluxDB's line protocol: `measurement,tag=value field=1.5,other=2i 1700000000000000000`."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from beffroi.acquisition.messages import Value
from beffroi.errors import Text

NAME = re.compile(r"(?:[^, \t\r\n\\]|\\[^\r\n]|\\(?=[\r\n]|$))+")
"""of a measurement, in which only the comma and the space are escaped"""
PART = re.compile(r"(?:[^,= \t\r\n\\]|\\[^\r\n]|\\(?=[\r\n]|$))+")
"""a tag's key or value, or a field's key"""
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
BARE = re.compile(r"[^, \t\r\n]+")
STAMP = re.compile(r"-?\d+")
SPACES = re.compile(r"[ \t]*")
BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
REST = re.compile(r"[^\r\n]*")
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
WHOLE = re.compile(r"([+-]?\d+)([iu])")
TRUE, FALSE = ("t", "T", "true", "True", "TRUE"), ("f", "F", "false", "False", "FALSE")
BOUNDS = {"i": (-(2**63), 2**63 - 1), "u": (0, 2**64 - 1)}


class Line(NamedTuple):
    measurement: str
    tags: dict[str, str]
    fields: dict[str, Value]
    stamp: int | None


class Wrong(NamedTuple):
    """A line that breaks the grammar, and how."""

    line: str
    reason: Text


class _Broken(Exception):
    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def lines(text: str) -> Iterator[Line | Wrong]:
    """Every line but blanks and comments; a wrong one does not take the others with it."""
    at = _after(BLANK, text, 0)
    while at < len(text):
        start = at
        try:
            line, at = _line(text, at)
            yield line
        except _Broken as error:
            at = _after(REST, text, start)
            yield Wrong(text[start:at], error.reason)
        at = _after(BLANK, text, at)


def _line(text: str, at: int) -> tuple[Line, int]:
    name, at = _token(NAME, text, at, Text("mesure sans nom", "a measurement without name"))
    tags: dict[str, str] = {}
    while text[at : at + 1] == ",":
        key, value, at = _tag(text, at + 1)
        tags[key] = value
    at = _gap(text, at)
    fields: dict[str, Value] = {}
    while True:
        key, found, at = _field(text, at)
        fields[key] = found
        if text[at : at + 1] != ",":
            break
        at += 1
    stamp, at = _stamp(text, at)
    return Line(re.sub(r"\\([, ])", r"\1", name), tags, fields, stamp), at


def _tag(text: str, at: int) -> tuple[str, str, int]:
    wrong = Text("étiquette sans nom ou sans valeur", "a tag without key or value")
    key, at = _token(PART, text, at, wrong)
    at = _equals(text, at, wrong)
    value, at = _token(PART, text, at, wrong)
    return _unescaped(key), _unescaped(value), at


def _field(text: str, at: int) -> tuple[str, Value, int]:
    wrong = Text("champ sans nom ou sans valeur", "a field without key or value")
    key, at = _token(PART, text, at, wrong)
    at = _equals(text, at, wrong)
    if text[at : at + 1] == '"':
        quoted = QUOTED.match(text, at)
        if quoted is None:
            raise _Broken(Text("guillemet jamais fermé", "a quote that is never closed"))
        return _unescaped(key), re.sub(r'\\(["\\])', r"\1", quoted[1]), quoted.end()
    bare, at = _token(BARE, text, at, wrong)
    return _unescaped(key), _value(bare), at


def _value(bare: str) -> Value:
    if bare in TRUE or bare in FALSE:
        return bare in TRUE
    if whole := WHOLE.fullmatch(bare):
        least, most = BOUNDS[whole[2]]
        if len(whole[1]) < 22 and least <= int(whole[1]) <= most:
            return int(whole[1])
    elif NUMBER.fullmatch(bare) and abs(number := float(bare)) != float("inf"):
        return number
    raise _Broken(Text(f"«\u00a0{bare[:40]}\u00a0» n'est pas une valeur", f"“{bare[:40]}” is no value"))


def _stamp(text: str, at: int) -> tuple[int | None, int]:
    at = _after(SPACES, text, at)
    if at >= len(text) or text[at] in "\r\n":
        return None, at
    stamp, after = _token(STAMP, text, at, Text("date illisible", "an unreadable timestamp"))
    after = _after(SPACES, text, after)
    if (after < len(text) and text[after] not in "\r\n") or not -(2**63) <= int(stamp[:21]) < 2**63:
        raise _Broken(Text("date illisible", "an unreadable timestamp"))
    return int(stamp), after


def _token(pattern: re.Pattern[str], text: str, at: int, wrong: Text) -> tuple[str, int]:
    found = pattern.match(text, at)
    if found is None:
        raise _Broken(wrong)
    return found[0], found.end()


def _equals(text: str, at: int, wrong: Text) -> int:
    if text[at : at + 1] != "=":
        raise _Broken(wrong)
    return at + 1


def _gap(text: str, at: int) -> int:
    after = _after(SPACES, text, at)
    if after == at:
        raise _Broken(Text("aucun champ", "no field"))
    return after


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _unescaped(part: str) -> str:
    return re.sub(r"\\([,= ])", r"\1", part) if "\\" in part else part
