"""What is read of a repository, whichever its form."""

import re
from typing import Annotated, Any

import msgspec

from beffroi.acquisition.codecs import Routine
from beffroi.acquisition.model_codecs import NewCodec
from beffroi.errors import Text
from beffroi.registry.folding import fold
from beffroi.registry.models import NewDeviceModel

EXAMPLES = 200
"""of one codec; the most that a published one has is 94"""
RADIO = "LoRaWAN"
BLANK = re.compile(r"\s+")


class Example(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a maker says that a routine makes of an input (as TS013 writes both). `normalised`: what `normalizeUplink`
    then makes of it."""

    routine: Routine
    input: dict[str, Any]
    output: Any = None
    description: Annotated[str, msgspec.Meta(max_length=500)] = ""
    normalised: Any = None


class Published(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One model, with its codec if it has one. `said` is how its repository calls it: `dragino/lht65`."""

    said: str
    model: NewDeviceModel
    codec: NewCodec | None = None
    examples: Annotated[list[Example], msgspec.Meta(max_length=EXAMPLES)] = []


class Faulty(msgspec.Struct, frozen=True):
    """An entry, or a part of one, that could not be read. `where`: the file, from the repository's root."""

    where: str
    text: Text


def code_of(*words: str) -> str:
    """`dragino`, `LHT65N` give `dragino-lht65n`: letters, figures, dots and hyphens."""
    slugs = [re.sub(r"[^a-z0-9.]+", "-", fold(word.replace(".", "\0")).replace("\0", ".")).strip("-.") for word in words]
    return "-".join(slug for slug in slugs if slug)[:100]


def line(text: Any, longest: int = 200) -> str:
    """One line of what a person wrote, as the registry takes names."""
    plain = "".join(one if one.isprintable() else " " for one in str(text))
    return BLANK.sub(" ", plain).strip()[:longest].strip()


def told(**properties: Any) -> dict[str, str | int | float | bool | None]:
    """Of these properties, those that are known; lists as words with commas between."""
    found: dict[str, str | int | float | bool | None] = {}
    for name, value in properties.items():
        if isinstance(value, list | tuple):
            value = ", ".join(dict.fromkeys(line(one) for one in value))
        if isinstance(value, str):
            value = line(value, 500)
        if value not in (None, "") and isinstance(value, str | int | float):
            found[name] = value
    return found
