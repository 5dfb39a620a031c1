"""What may be written in the fields of the registry's inputs."""

from typing import Annotated

from msgspec import Meta

from beffroi.registry.model import Properties

Code = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=100,
        pattern=r"^[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$",
        description="What the owner calls it; unique within its kind of thing and owner.",
    ),
]
Name = Annotated[
    str, Meta(min_length=1, max_length=200, pattern=r"^[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$")
]
Word = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
"""A word to be added to an open list: `lighting-cabinet`."""
Known = Annotated[str, Meta(min_length=1, max_length=60)]
"""A word that an open list must hold already."""
Key = Annotated[str, Meta(min_length=1, max_length=60)]
"""A collectivity's, or an entry's of the referential: `commune-85191`."""
Owner = Annotated[str, Meta(min_length=1, max_length=60, description="Key of a collectivity: `commune-85191`.")]
Unit = Annotated[str, Meta(max_length=30, description="A symbol that pint reads; empty for none.")]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
ThingId = Annotated[int, Meta(ge=1, le=2**53)]
Limit = Annotated[int, Meta(ge=1, le=1000)]
Search = Annotated[str, Meta(min_length=1, max_length=100)]
Box = Annotated[
    list[float], Meta(min_length=4, max_length=4, description="West, south, east, north, in degrees (WGS 84).")
]
Extras = Annotated[Properties, Meta(max_length=100, description="Free properties: text, numbers, yes or no.")]
