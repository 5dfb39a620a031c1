"""The words of which makers form the keys of decoded messages (vocabulary.toml)."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

FILE = Path(__file__).with_name("vocabulary.toml")
PARTS = re.compile(r"(?:mV|mA|kWh|kW|kPa|hPa|dBA?|Wh)(?![a-z])|[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")
"""BatV, TempC_SHT, batteryVoltage_mV, co2, battery2"""
FINE = re.compile(r"pm[ _.]?(1|2|4)[ _.p]([05])", re.I)
NUMBERED = re.compile(r"([a-z]+)([0-9]+)")


class Normalised(msgspec.Struct, frozen=True):
    property: str
    unit: str


class Unspoken(msgspec.Struct, frozen=True):
    """A unit that is supposed where none is told: for values from `low` to `high`, one of them at least `reaches`."""

    unit: str
    low: float
    high: float
    reaches: float | None = None
    whole: bool = False

    def fits(self, values: list[float]) -> bool:
        return (
            all(self.low <= value <= self.high for value in values)
            and (self.reaches is None or any(value >= self.reaches for value in values))
            and (not self.whole or all(float(value).is_integer() for value in values))
        )


class Entry(msgspec.Struct, frozen=True):
    code: str
    names: tuple[str, ...]
    unspoken: tuple[Unspoken, ...] = ()


class Silent(msgspec.Struct, frozen=True):
    words: list[str]


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    normalised: dict[str, Normalised]
    spellings: dict[str, list[str]]
    units: dict[str, list[str]]
    silent: Silent
    property: list[Entry]


class Reading(NamedTuple):
    """What a key may be. `unit`: None when it tells none."""

    entry: Entry
    unit: str | None


class Vocabulary:
    def __init__(self, file: File) -> None:
        self.normalised = file.normalised
        self._spellings = {other: words.split() for words, others in file.spellings.items() for other in others}
        self._units = {word: unit for unit, words in file.units.items() for word in words}
        self._silent = frozenset(file.silent.words)
        self._named = [(frozenset(name.split()), entry) for entry in file.property for name in entry.names]
        self._known = {word for words, _ in self._named for word in words} | {*self._spellings, *self._units}
        self._known |= self._silent

    def words(self, key: str) -> list[str]:
        """Of a key, in the vocabulary's own spelling: `TempC_SHT` gives temperature, c, sht."""
        found: list[str] = []
        for part in PARTS.findall(_without_accents(FINE.sub(_fine, key))):
            word = part.lower()
            numbered = NUMBERED.fullmatch(word)
            pieces = [word] if numbered is None or word in self._known else [*numbered.groups()]
            for piece in pieces:
                found += self._spellings.get(piece, [piece])
        return found

    def readings(self, key: str) -> list[Reading]:
        """Those that account for every word of it, of the longest names."""
        words = self.words(key)
        found = [
            (len(name), Reading(entry, unit))
            for name, entry in self._named
            if name <= {*words}
            for unit in self._rest([word for word in words if word not in name])
        ]
        longest = max((length for length, _ in found), default=0)
        return list(dict.fromkeys(reading for length, reading in found if length == longest))

    def _rest(self, words: list[str]) -> Iterator[str | None]:
        """The unit that the words beside a name tell, or None; nothing when they tell something else."""
        told = [word for word in words if word not in self._silent and not word.isdigit()]
        if not told:
            yield None
        elif len(told) == 1 and told[0] in self._units:
            yield self._units[told[0]]


@cache
def packaged() -> Vocabulary:
    return Vocabulary(msgspec.convert(tomllib.loads(FILE.read_text("utf-8")), File))


def _without_accents(key: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", key) if not unicodedata.combining(one))


def _fine(found: re.Match[str]) -> str:
    return " pm" + found[1] + (found[2] if found[2] != "0" else "") + " "
