"""Fields as networks write them: numbers as text, times in ten ways, bytes in hexadecimal or base64. What is absent or
says nothing is None; a device or bytes that cannot be what they should are refused."""

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from beffroi.acquisition.messages import Position
from beffroi.errors import Text

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = 2000
"""a year before this is a clock that was never set, or a zero written as a date"""
EUI = re.compile(r"[0-9A-F]{16}")
SEPARATORS = re.compile(r"[\s:\-]")
DIGITS = re.compile(r"[0-9A-Fa-f]+")
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?\s*(Z|z|UTC|[+-]\d\d(?::?\d\d)?)?")
RATE = re.compile(r"SF\s*(\d{1,2})[\s_-]*(?:BW\s*(\d{2,3}(?:\.\d+)?))?", re.IGNORECASE)


class Unread(Exception):
    """A message that is not what it should be; `device` when that much could be read."""

    def __init__(self, reason: Text, device: str | None = None) -> None:
        super().__init__(reason.en)
        self.reason, self.device = reason, device


def eui(value: str | None) -> str:
    """A DevEUI in hexadecimal, with or without separators, or in base64, as upper-case digits."""
    if not value:
        raise Unread(Text("aucun identifiant d'appareil (DevEUI)", "no identifier of a device (DevEUI)"))
    digits = value.upper()
    if EUI.fullmatch(digits):
        return digits
    digits = SEPARATORS.sub("", digits).removeprefix("0X")
    if EUI.fullmatch(digits):
        return digits
    try:
        found = base64_bytes(value)
    except Unread:
        found = b""
    if len(found) != 8:
        raise Unread(Text(f"«\u00a0{value[:40]}\u00a0» n'est pas un DevEUI", f"“{value[:40]}” is no DevEUI"))
    return found.hex().upper()


def maybe_eui(value: str | None) -> str | None:
    try:
        return eui(value)
    except Unread:
        return None


def address(value: str | None) -> str | None:
    """A DevAddr, in hexadecimal or base64, as 8 upper-case digits."""
    if not value:
        return None
    digits = SEPARATORS.sub("", value)
    if len(digits) != 8 or not DIGITS.fullmatch(digits):
        try:
            digits = base64_bytes(value).hex()
        except Unread:
            return None
    return digits.upper() if len(digits) == 8 else None


def hexadecimal(value: str | None) -> bytes:
    """Nothing for what is absent."""
    try:
        return bytes.fromhex(value) if value else b""
    except ValueError:
        pass
    try:
        return bytes.fromhex(SEPARATORS.sub("", value or "").lower().removeprefix("0x"))
    except ValueError as error:
        raise Unread(_not_bytes(value, "hexadécimal", "hexadecimal")) from error


def base64_bytes(value: str | None) -> bytes:
    """With or without padding, in either alphabet, broken over lines; nothing for what is absent."""
    try:
        return binascii.a2b_base64(value, strict_mode=True) if value else b""
    except ValueError:
        pass
    try:
        plain = re.sub(r"\s", "", value or "").replace("-", "+").replace("_", "/").rstrip("=")
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except ValueError as error:
        raise Unread(_not_bytes(value, "base64", "base64")) from error


def instant(value: str | None) -> datetime | None:
    """RFC 3339 and its kin, cut to the microsecond; without an offset, UTC."""
    if not value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return _moment(value)
    if found.year < EARLIEST:
        return None
    return found if found.tzinfo is UTC else _utc(found)


def _moment(value: str) -> datetime | None:
    parts = MOMENT.fullmatch(value.strip())
    if parts is None:
        return None
    day, clock, fraction, offset = parts.groups()
    offset = "+00:00" if offset in (None, "Z", "z", "UTC") else offset
    try:
        found = datetime.fromisoformat(f"{day}T{clock}{f'.{fraction[:6]:0<6}' if fraction else ''}{offset}")
    except ValueError:
        return None
    return _utc(found) if found.year >= EARLIEST else None


def _utc(found: datetime) -> datetime | None:
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        return None


def since_1970(value: float | None) -> datetime | None:
    """A count of seconds, milliseconds, microseconds or nanoseconds: its size tells which, from 2000 to 2255."""
    if value is None or not 9e8 < value < 9e18:
        return None
    per_second = 1 if value < 9e9 else 10**3 if value < 9e12 else 10**6 if value < 9e15 else 10**9
    if isinstance(value, float) and not value.is_integer():
        return EPOCH + timedelta(microseconds=round(value * 10**6 / per_second))
    return EPOCH + timedelta(microseconds=int(value) * 10**6 // per_second)


def any_instant(value: str | None) -> datetime | None:
    """A count since 1970 as text, or a date."""
    if value and re.fullmatch(r"\s*\d{9,19}(?:\.\d*)?\s*", value):
        return since_1970(float(value) if "." in value else int(value))
    return instant(value)


def finite(value: float | None) -> float | None:
    """Not the NaN nor the infinity that numbers told as text may be."""
    return value if value is not None and -1e12 < value < 1e12 else None


def counter(value: int | None) -> int | None:
    return value if value is not None and 0 <= value < 2**32 else None


def port(value: int | None) -> int | None:
    return value if value is not None and 0 <= value <= 255 else None


def spreading_factor(value: int | None) -> int | None:
    return value if value is not None and 5 <= value <= 12 else None


def hertz(value: float | None) -> int | None:
    """Of Hz, kHz or MHz."""
    value = finite(value)
    if value is None or value <= 0:
        return None
    return round(value * (1_000_000 if value < 10_000 else 1_000 if value < 10_000_000 else 1))


def bandwidth(value: float | None) -> int | None:
    """In Hz, of Hz or kHz."""
    value = finite(value)
    return None if value is None or value <= 0 else round(value if value > 5_000 else value * 1_000)


def rate(value: str | None) -> tuple[int | None, int | None]:
    """(spreading factor, bandwidth in Hz) of `SF9 BW125 4/5`, `SF12BW125`, `7`."""
    found = RATE.search(value) if value else None
    if found:
        wide = float(found[2]) if found[2] else None
        return spreading_factor(int(found[1])), bandwidth(wide)
    return (spreading_factor(int(value)) if value and re.fullmatch(r"\d{1,2}", value) else None), None


def place(longitude: float | None, latitude: float | None) -> tuple[float | None, float | None]:
    """Both or neither; the point 0, 0, by which many say nothing, is neither."""
    if longitude is None or latitude is None or (longitude == 0 and latitude == 0):
        return None, None
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else (None, None)


def position(
    longitude: float | None,
    latitude: float | None,
    altitude: float | None = None,
    accuracy: float | None = None,
    source: str | None = None,
) -> Position | None:
    x, y = place(longitude, latitude)
    if x is None or y is None:
        return None
    radius = finite(accuracy)
    return Position(longitude=x, latitude=y, altitude=finite(altitude), accuracy=radius or None, source=source or None)


def battery(level: float | None) -> float | None:
    """Per cent, of DevStatusAns (LoRaWAN 1.0.4, 5.5): 1 to 254; 0 is external power, 255 says that it cannot tell."""
    return round((level - 1) / 253 * 100, 1) if level is not None and 1 <= level <= 254 else None


def _not_bytes(value: Any, fr: str, en: str) -> Text:
    shown = str(value)[:40]
    return Text(
        f"«\u00a0{shown}\u00a0» : des octets étaient attendus, en {fr}", f"“{shown}”: bytes were expected, in {en}"
    )
