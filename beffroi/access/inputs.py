"""What may be written in a field: shared by the inputs of access."""

import unicodedata
from datetime import datetime
from typing import Annotated

import msgspec

from beffroi.errors import Invalid, Text

Name = Annotated[
    str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")
]
Email = Annotated[
    str, msgspec.Meta(min_length=3, max_length=254, pattern=r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+$")
]
Prose = Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"^[^\x00]*[^\x00-\x20][^\x00]*$")]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Token = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=1000)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


def folded(email: str) -> str:
    """The form under which two spellings of one address are equal."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def dated(field: str, at: datetime) -> datetime:
    """`at`, unless its year is one that no engine or time zone can be trusted with."""
    if not 1900 <= at.year < 3000:
        raise Invalid(
            field,
            Text("date hors de ce que la plateforme sait tenir (1900 à 2999)", "date out of range (1900 to 2999)"),
        )
    return at
