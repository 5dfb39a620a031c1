"""Which form of codec a file holds."""

from pathlib import Path

from beffroi.acquisition.codecs.model import CodecRef, Form
from beffroi.errors import Invalid, Text

CAYENNE = "cayenne-lpp"
"""is named rather than read"""
FORMS: dict[str, Form] = {".toml": "layout", ".json": "layout"}
"""by the end of the name; all else is JavaScript"""


def codec_at(path: str, owner: str = "") -> CodecRef:
    """Raises `Invalid` when there is no such file, or no text in it."""
    if path == CAYENNE:
        return CodecRef.of(owner, "", "cayenne-lpp")
    try:
        source = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        why = error.strerror
        raise Invalid(path, Text(f"ne peut pas être lu : {why}", f"cannot be read: {why}")) from error
    except ValueError as error:
        raise Invalid(path, Text("n'est pas un texte en UTF-8", "is no text in UTF-8")) from error
    return CodecRef.of(owner, source, FORMS.get(Path(path).suffix.lower(), "javascript"))
