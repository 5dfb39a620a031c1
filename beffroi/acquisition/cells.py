"""One column of values decoded, by its kind: which cells say nothing, which hold a value, which cannot be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from beffroi.acquisition.mapping import FLAGS, Format, Value
from beffroi.acquisition.parts import array_of, nulls, texts
from beffroi.errors import Text

Mask = NDArray[np.bool_]
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
SPACES = "\\s\u00a0\u202f"

NOT_A_NUMBER = Text("n'est pas un nombre", "is not a number")
NOT_FINITE = Text("nombre hors limites", "number out of bounds")
NOT_A_PLACE = Text("n'est pas une longitude ni une latitude", "is not a longitude or a latitude")
UNKNOWN_WORD = Text("mot que la correspondance ne connaît pas", "a word that the mapping does not know")


@dataclass
class Cells:
    """As many as rows. `missing`: the file says nothing there. `wrong`: masks of cells that cannot be, each with its
    column and reason. The others hold `value` (NaN for none), or `text`, or a position. `quality`: flags."""

    length: int
    missing: Mask
    value: NDArray[np.float64]
    quality: NDArray[np.uint16]
    text: pa.Array | None = None
    longitude: NDArray[np.float64] | None = None
    latitude: NDArray[np.float64] | None = None
    wrong: list[tuple[Mask, str, Text]] = field(default_factory=list)

    @classmethod
    def none(cls, missing: Mask) -> "Cells":
        length = len(missing)
        return cls(length, missing, np.full(length, np.nan), np.zeros(length, np.uint16))


Columns = Mapping[str, pa.Array]


def cells(columns: Columns, column: str, value: Value, format_: Format) -> Cells:
    """The cells of `column` (of two columns for a position) as `value` describes them."""
    return DECODERS[value.kind](columns, column, value, format_)


def missing_as_null(column: pa.Array, words: list[str]) -> pa.Array:
    """The column with its missing-value words null; a typed number is compared as a number."""
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        numbers = [float(word) for word in words if _is_number(word)]
        kept = column.cast(pa.float64())
        given = pc.invert(pc.or_kleene(pc.is_in(kept, pa.array(numbers, pa.float64())), pc.is_nan(kept)))
        return pc.if_else(given.fill_null(False), column, None)
    trimmed = texts(column)
    return pc.if_else(pc.is_in(trimmed, pa.array(words, pa.string())), None, trimmed)


def _numbers(columns: Columns, column: str, value: Value, format_: Format) -> Cells:
    raw = missing_as_null(columns[column], [*format_.missing, *value.missing])
    found = Cells.none(nulls(raw))
    settled = np.zeros(len(raw), np.bool_)
    if pa.types.is_string(raw.type):
        for rule in value.replace:
            if isinstance(rule.from_, str):
                mask = array_of(pc.equal(raw, rule.from_).fill_null(False))
                _replace(found, mask, rule.to, rule.quality)
                settled |= mask
    parsed, unlike = numbers(raw, format_)
    for rule in value.replace:
        if not isinstance(rule.from_, str):
            _replace(found, parsed == rule.from_, rule.to, rule.quality)
            settled |= parsed == rule.from_
    found.value = np.where(settled, found.value, parsed)
    found.wrong.append((unlike & ~settled, column, NOT_A_NUMBER))
    found.wrong.append((np.isinf(parsed) & ~settled, column, NOT_FINITE))
    return found


def numbers(raw: pa.Array, format_: Format) -> tuple[NDArray[np.float64], Mask]:
    """A column as numbers, NaN where null, and which cells are no number."""
    if pa.types.is_integer(raw.type) or pa.types.is_floating(raw.type):
        return array_of(raw.cast(pa.float64())).astype(np.float64), np.zeros(len(raw), np.bool_)
    plain = raw
    if format_.thousands:
        mark = f"[{SPACES}]" if format_.thousands.isspace() else f"[{format_.thousands}]"
        plain = pc.replace_substring_regex(plain, rf"(\d){mark}(\d{{3}})", r"\1\2")
        plain = pc.replace_substring_regex(plain, rf"(\d){mark}(\d{{3}})", r"\1\2")
    if format_.decimal == ",":
        plain = pc.replace_substring(plain, ",", ".")
    like = pc.match_substring_regex(plain, NUMBER)
    parsed = array_of(pc.if_else(like, plain, None).cast(pa.float64()))
    return parsed.astype(np.float64), array_of(pc.invert(like).fill_null(False))


def _replace(found: Cells, mask: Mask, to: float, flags: Any) -> None:
    found.value[mask] = to
    for flag in flags:
        found.quality[mask] |= np.uint16(FLAGS[flag])


def _booleans(columns: Columns, column: str, value: Value, format_: Format) -> Cells:
    raw = texts(missing_as_null(columns[column], [*format_.missing, *value.missing]))
    found = Cells.none(nulls(raw))
    known = np.zeros(len(raw), np.bool_)
    for words, said in ((value.true, 1.0), (value.false, 0.0)):
        mask = array_of(pc.is_in(raw, pa.array(words, pa.string())))
        found.value[mask] = said
        known |= mask
    found.wrong.append((~known & ~found.missing, column, UNKNOWN_WORD))
    return found


def _words(columns: Columns, column: str, value: Value, format_: Format) -> Cells:
    raw = texts(missing_as_null(columns[column], [*format_.missing, *value.missing]))
    found = Cells.none(nulls(raw))
    found.text = raw
    if value.words:
        place = pc.index_in(raw, pa.array(list(value.words), pa.string()))
        found.text = pa.array(list(value.words.values()), pa.string()).take(place)
        found.wrong.append((nulls(place) & ~found.missing, column, UNKNOWN_WORD))
    return found


def _positions(columns: Columns, column: str, value: Value, format_: Format) -> Cells:
    assert value.longitude and value.latitude
    absent = [*format_.missing, *value.missing]
    raws = {name: missing_as_null(columns[name], absent) for name in (value.longitude, value.latitude)}
    found = Cells.none(np.logical_and.reduce([nulls(raw) for raw in raws.values()]))
    for name, bound in ((value.longitude, 180), (value.latitude, 90)):
        parsed, _ = numbers(raws[name], format_)
        with np.errstate(invalid="ignore"):
            wrong = ~(np.abs(parsed) <= bound) & ~found.missing
        found.wrong.append((wrong, name, NOT_A_PLACE))
        if name == value.longitude:
            found.longitude = parsed
        else:
            found.latitude = parsed
    return found


DECODERS: dict[str, Callable[[Columns, str, Value, Format], Cells]] = {
    "number": _numbers,
    "counter": _numbers,
    "boolean": _booleans,
    "enumeration": _words,
    "text": _words,
    "position": _positions,
}


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
