"""Which channels a model's decoded values could have, for a person to confirm: by their keys, the units told beside
them, and the values themselves. For what may be two things nothing is proposed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from beffroi.acquisition import vocabulary
from beffroi.acquisition.recipes import NORMALISED, POSITION, Place, leaves
from beffroi.acquisition.vocabulary import Reading, Unspoken
from beffroi.errors import Invalid, Language, Text
from beffroi.registry import units
from beffroi.registry.model import ObservedProperty

SHOWN = 3
"""values of a key"""
UNIT_KEYS = ("unit", "units", "Unit")
INVERSE = re.compile(r"[⋅·.* ]?([A-Za-z]+)[⁻](¹|²|³)")
POWERS = {"¹": "", "²": "²", "³": "³"}

Confidence = Literal["certain", "likely"]


class ProposedChannel(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A key of decoded messages, some values of it, and what is proposed for it, if anything. `certain`: the key is a
    published name, or tells its unit; `likely`: the unit is supposed by the values."""

    key: str
    values: list[Any]
    observed_property: str | None = None
    unit: str | None = None
    confidence: Confidence | None = None
    why: str = ""


class _Meant(msgspec.Struct, frozen=True):
    property: str
    unit: str
    confidence: Confidence
    why: Text


NOT_UNDERSTOOD = Text("aucune lecture de tous ses mots", "no reading of all its words")
IN_A_LIST = Text("dans une liste : sa place peut changer", "in a list: its place may change")
A_PLACE = Text("une latitude et une longitude", "a latitude and a longitude")
SEVERAL = Text("plusieurs lectures possibles", "several possible readings")
MISFIT = Text("les valeurs ne vont pas avec ce que dit la clé", "the values do not go with what the key says")
NO_UNIT = Text("l'unité n'est pas dite et se devine mal", "the unit is not told, and a guess would be poor")
TWICE = Text("le nom normalisé dit déjà cela", "the normalised name tells it already")


def proposed(
    samples: Iterable[Any], known: Mapping[str, ObservedProperty], language: Language = "en"
) -> list[ProposedChannel]:
    """For each key of `samples`, decoded messages of one model. `known`: the instance's observed properties."""
    values, told = _gathered(samples)
    found = {key: _meant(key, some, told.get(key), known) for key, some in values.items()}
    normalised = {
        one.property for key, one in found.items() if isinstance(one, _Meant) and key.startswith(f"{NORMALISED}.")
    }
    return [
        _proposal(key, values[key], one, language)
        if isinstance(one, Text) or key.startswith(f"{NORMALISED}.") or one.property not in normalised
        else _proposal(key, values[key], TWICE, language)
        for key, one in sorted(found.items())
    ]


def _proposal(key: str, values: list[Any], meant: _Meant | Text, language: Language) -> ProposedChannel:
    shown = list({str(value): value for value in values}.values())[:SHOWN]
    if isinstance(meant, Text):
        return ProposedChannel(key=key, values=shown, why=meant.said(language))
    return ProposedChannel(
        key=key,
        values=shown,
        observed_property=meant.property,
        unit=meant.unit,
        confidence=meant.confidence,
        why=meant.why.said(language),
    )


def _gathered(samples: Iterable[Any]) -> tuple[dict[str, list[Any]], dict[str, str]]:
    """Values by key, and the unit that stands beside some: `{"value": 21, "unit": "°C"}`."""
    values: dict[str, list[Any]] = {}
    told: dict[str, str] = {}
    for sample in samples:
        for key, value, _ in leaves(sample):
            if value is not None:
                values.setdefault(key, []).append(value)
            before, _, last = key.rpartition(".")
            if last in UNIT_KEYS and before and isinstance(value, str):
                told[f"{before}.value"] = value
    return values, told


def _meant(key: str, values: list[Any], told: str | None, known: Mapping[str, ObservedProperty]) -> _Meant | Text:
    if any(part.isdigit() for part in key.split(".")):
        return IN_A_LIST
    if all(isinstance(value, Place) for value in values):
        return _Meant(POSITION, "", "certain", A_PLACE) if POSITION in known else NOT_UNDERSTOOD
    words = vocabulary.packaged()
    if key.startswith(f"{NORMALISED}."):
        one = words.normalised.get(key.removeprefix(f"{NORMALISED}."))
        if one is None or one.property not in known:
            return NOT_UNDERSTOOD
        why = Text("nom normalisé publié", "a published normalised name")
        return _Meant(one.property, one.unit, "certain", why)
    readings = [one for one in words.readings(key) if one.entry.code in known]
    found = list(
        {
            (one.property, one.unit): one
            for reading in readings
            for one in _fitting(reading, values, told, known[reading.entry.code])
        }.values()
    )
    if len(found) == 1:
        return found[0]
    return SEVERAL if found else _why_none(readings, values, known)


def _why_none(readings: list[Reading], values: list[Any], known: Mapping[str, ObservedProperty]) -> Text:
    if not readings:
        return NOT_UNDERSTOOD
    numbers = [_numbers(values, known[reading.entry.code].value_kind) for reading in readings]
    return NO_UNIT if any(some is not None for some in numbers) else MISFIT


def _fitting(reading: Reading, values: list[Any], told: str | None, known: ObservedProperty) -> Iterator[_Meant]:
    numbers = _numbers(values, known.value_kind)
    if numbers is None:
        return
    unit = reading.unit if told is None else _readable(told)
    if known.value_kind == "boolean":
        if unit is None:
            yield _Meant(reading.entry.code, "", "likely", Text("la clé", "the key"))
    elif unit is not None:
        if _plausible(numbers, unit, known):
            why = Text(f"la clé et son unité, {unit}", f"the key and its unit, {unit}")
            yield _Meant(reading.entry.code, unit, "certain", why)
    else:
        for one in reading.entry.unspoken:
            if one.fits(numbers):
                yield _Meant(reading.entry.code, one.unit, "likely", _supposed(one))


def _supposed(one: Unspoken) -> Text:
    if not one.unit:
        return Text("la clé et les valeurs", "the key and the values")
    return Text(
        f"la clé ; unité supposée d'après les valeurs : {one.unit}", f"the key; unit supposed by the values: {one.unit}"
    )


def _numbers(values: list[Any], kind: str) -> list[float] | None:
    """None when some value cannot be one of this kind."""
    if kind == "boolean":  # a 1 alone may be followed by a 2
        seen = {*map(str, values)}
        fits = all(isinstance(value, bool) for value in values) or seen == {"0", "1"}
        return [float(value) for value in values] if fits else None
    if kind not in ("number", "counter"):
        return None
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in values):
        return None
    return [float(value) for value in values]


def _plausible(numbers: list[float], unit: str, known: ObservedProperty) -> bool:
    """Most of them, once converted: examples hold what sensors send when they fail, too."""
    try:
        conversion = units.conversion(unit, known.unit)
    except Invalid:
        return False
    converted = [value * conversion.factor + conversion.offset for value in numbers]
    good = sum(
        (known.low is None or value >= known.low) and (known.high is None or value <= known.high) for value in converted
    )
    return good * 2 > len(converted)


def _readable(unit: str) -> str:
    """`m⋅s⁻¹` as `m/s`."""
    return INVERSE.sub(lambda found: f"/{found[1]}{POWERS[found[2]]}", unit).strip()[:30]
