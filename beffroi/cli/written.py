"""What commands of pooling read and print."""

import sys
from pathlib import Path
from typing import Any

import msgspec

from beffroi.errors import Invalid, Text

ENCODER = msgspec.json.Encoder(decimal_format="number")


def content(path: str) -> bytes:
    """Of a file, or of standard input for `-`."""
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise Invalid(
            path, Text(f"ne peut pas être lu : {error.strerror}", f"cannot be read: {error.strerror}")
        ) from error


def printed(answer: Any) -> None:
    """As JSON, on standard output."""
    sys.stdout.write(msgspec.json.format(ENCODER.encode(answer), indent=2).decode() + "\n")
