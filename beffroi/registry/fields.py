"""What may be written in the fields of the registry's inputs."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from beffroi.errors import Fault, Text
from beffroi.registry.model import Properties

PLAIN = r"^[^\x00-\x1f\x7f]+$(?!\n)"
TRIMMED = r"^[^\s\x00-\x1f\x7f\ufffe\uffff](?:[^\x00-\x1f\x7f\ufffe\uffff]*[^\s\x00-\x1f\x7f\ufffe\uffff])?$(?!\n)"
"""One line that XML can hold, no blank at either end (`$` alone would let a line feed end it)."""

Code = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=100,
        pattern=TRIMMED,
        description="What the owner calls it; unique within its kind of thing and owner.",
    ),
]
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=TRIMMED)]
Word = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$(?!\n)")]
"""A word to be added to an open list: `lighting-cabinet`."""
Known = Annotated[str, Meta(min_length=1, max_length=100, pattern=PLAIN)]
"""A word that an open list must hold already."""
Key = Annotated[str, Meta(min_length=1, max_length=60, pattern=PLAIN)]
"""A collectivity's, or an entry's of the referential: `commune-85191`."""
Owner = Annotated[
    str, Meta(min_length=1, max_length=60, pattern=PLAIN, description="Key of a collectivity: `commune-85191`.")
]
Unit = Annotated[str, Meta(max_length=30, description="A symbol that pint reads; empty for none.")]
RollsOverAt = Annotated[
    float,
    Meta(
        gt=0,
        le=2.0**64,
        description="Of a counter: where its index begins again at 0, in the series' unit. 10000 for a meter of four "
        "digits, 65536 for 16 bits. A fall is then counted as growth when that makes at most half of it.",
    ),
]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
ThingId = Annotated[int, Meta(ge=1, le=2**53)]
Instant = Annotated[datetime, Meta(tz=True)]
Limit = Annotated[int, Meta(ge=1, le=1000)]
Search = Annotated[str, Meta(min_length=1, max_length=100)]
Box = Annotated[
    list[float], Meta(min_length=4, max_length=4, description="West, south, east, north, in degrees (WGS 84).")
]
Extras = Annotated[Properties, Meta(max_length=100, description="Free properties: text, numbers, yes or no.")]


def untimely(field: str, when: date | None) -> list[Fault]:
    """A fault when a year is one that no engine or time zone can be trusted with."""
    if when is None or 1900 <= when.year < 3000:
        return []
    return [Fault(field, Text("hors de ce qui peut être tenu (1900 à 2999)", "out of range (1900 to 2999)"))]
