"""Fields as networks write them: numbers as text, times in ten ways, bytes in hexadecimal or base64. What is absent or
says nothing is None; what cannot be what it should be is refused."""

import base64
import binascii
import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from beffroi.errors import Text

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EUI = re.compile(r"[0-9A-F]{16}")
NOT_HEX = re.compile(r"[\s:\-]")
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d+))?\s*(Z|z|[+-]\d\d:?\d\d)?")


class Unread(Exception):
    """A message that is not what it should be; `device` when that much could be read."""

    def __init__(self, reason: Text, device: str | None = None) -> None:
        super().__init__(reason.en)
        self.reason, self.device = reason, device


def at(value: Any, *path: str | int) -> Any:
    """What lies at `path`; None where the path ends early."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, or the one object that stands for a list of one."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def number(value: Any) -> float | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def integer(value: Any) -> int | None:
    found = number(value)
    return int(found) if found is not None and found == int(found) and abs(found) < 2**53 else None


def text(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None


def eui(value: Any) -> str:
    """A DevEUI in hexadecimal, with or without separators, or in base64, as upper-case digits."""
    if not isinstance(value, str) or not value.strip():
        raise Unread(Text("pas d'identifiant d'appareil (DevEUI)", "no identifier of a device (DevEUI)"))
    digits = NOT_HEX.sub("", value).upper().removeprefix("0X")
    if EUI.fullmatch(digits):
        return digits
    try:
        found = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if len(found) == 8:
        return found.hex().upper()
    raise Unread(Text(f"«\u00a0{value[:40]}\u00a0» n'est pas un DevEUI", f"“{value[:40]}” is no DevEUI"))


def hexadecimal(value: Any) -> bytes:
    """Nothing for what is absent."""
    if value is None or value == "":
        return b""
    try:
        return bytes.fromhex(NOT_HEX.sub("", value))
    except (TypeError, ValueError) as error:
        raise Unread(_not_bytes(value, "hexadécimal", "hexadecimal")) from error


def base64_bytes(value: Any) -> bytes:
    """With or without padding, in either alphabet; nothing for what is absent."""
    if value is None or value == "":
        return b""
    try:
        plain = value.replace("-", "+").replace("_", "/").rstrip("=\n\r ")
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (AttributeError, binascii.Error, ValueError) as error:
        raise Unread(_not_bytes(value, "base64", "base64")) from error


def moment(value: Any) -> datetime | None:
    """RFC 3339, to the microsecond; without an offset, UTC. The year 1, by which some say nothing, is None."""
    found = MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    day, clock, fraction, offset = found.groups()
    offset = "+00:00" if offset in (None, "Z", "z") else offset
    try:
        told = datetime.fromisoformat(f"{day}T{clock}.{(fraction or '0')[:6]:0<6}{offset}")
        return told.astimezone(UTC) if told.year > 1 else None
    except (ValueError, OverflowError):
        return None


def since_1970(value: Any, *, per_second: int) -> datetime | None:
    """A count of seconds, or of `per_second` parts of one."""
    found = integer(value) if not isinstance(value, str) or value.isdigit() else None
    if found is None and per_second == 1 and (seconds := number(value)) is not None:
        found, per_second = round(seconds * 1_000_000), 1_000_000
    if not found or found < 0:
        return None
    try:
        return EPOCH + timedelta(microseconds=found * 1_000_000 // per_second)
    except OverflowError:
        return None


def spreading_factor(value: Any) -> int | None:
    """Of `SF9 BW125 4/5`, `SF12BW125`, `7`."""
    found = re.match(r"\s*(?:SF)?(\d{1,2})", value) if isinstance(value, str) else None
    told = int(found[1]) if found else integer(value)
    return told if told is not None and 5 <= told <= 12 else None


def bandwidth(value: Any) -> int | None:
    """In Hz, of `SF9 BW125 4/5`."""
    found = re.search(r"BW(\d+)", value) if isinstance(value, str) else None
    return int(found[1]) * 1000 if found else None


def position(value: Any, longitude: str = "longitude", latitude: str = "latitude") -> tuple[float | None, float | None]:
    """(longitude, latitude), both or neither; the point 0, 0, by which some say nothing, is neither."""
    x, y = number(at(value, longitude)), number(at(value, latitude))
    if x is None or y is None or (x == 0 and y == 0) or abs(x) > 180 or abs(y) > 90:
        return None, None
    return x, y


def _not_bytes(value: Any, fr: str, en: str) -> Text:
    shown = str(value)[:40]
    return Text(
        f"«\u00a0{shown}\u00a0» : des octets étaient attendus, en {fr}", f"“{shown}”: bytes were expected, in {en}"
    )
