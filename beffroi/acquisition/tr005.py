"""The text of the QR code on a LoRaWAN device (LoRa Alliance TR005, LoRaWAN Device Identification QR Codes)."""

import re
from typing import NamedTuple

from beffroi.errors import Invalid, Text

PREFIX, SCHEMA = "LW", "D0"
EUI = re.compile(r"[0-9A-F]{16}")
PROFILE = re.compile(r"[0-9A-F]{8}")
CHECKSUM = re.compile(r"[0-9A-F]{4}")
FIELDS = {"O": "owner token", "S": "serial number", "P": "proprietary", "C": "checksum"}
"""by the letter each begins with; each at most once"""
LONGEST = 500


class Label(NamedTuple):
    """EUIs and the rest in upper case hexadecimal. `vendor` and `profile`: the two halves of the ProfileID. The owner
    token, with which whoever has the device claims it, is a secret: not kept. The checksum's value is not verified."""

    join_eui: str
    dev_eui: str
    vendor: str
    profile: str
    serial: str | None = None
    proprietary: str | None = None


def parse(text: str) -> Label:
    """Raises `Invalid` that says what is wrong with `label`."""
    given = text.strip()
    parts = given.split(":")
    if len(given) > LONGEST or parts[0].upper() != PREFIX:
        raise _wrong("commence par «\u00a0LW:\u00a0» dans TR005", "begins with “LW:” in TR005")
    if len(parts) < 2 or parts[1].upper() != SCHEMA:
        told = parts[1][:20] if len(parts) > 1 else ""
        raise _wrong(f"schéma inconnu «\u00a0{told}\u00a0», D0 attendu", f"unknown schema “{told}”, D0 expected")
    if len(parts) < 5:
        raise _wrong("JoinEUI, DevEUI et ProfileID sont attendus", "JoinEUI, DevEUI and ProfileID are expected")
    join_eui, dev_eui, profile = (part.upper() for part in parts[2:5])
    _require(EUI, join_eui, "JoinEUI", 16)
    _require(EUI, dev_eui, "DevEUI", 16)
    _require(PROFILE, profile, "ProfileID", 8)
    more = _optional(parts[5:])
    if "C" in more:
        _require(CHECKSUM, more["C"].upper(), "CheckSum", 4)
    return Label(join_eui, dev_eui, profile[:4], profile[4:], more.get("S"), more.get("P"))


def _optional(parts: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in parts:
        letter, value = part[:1].upper(), part[1:]
        if letter not in FIELDS:
            raise _wrong(f"champ inconnu «\u00a0{part[:20]}\u00a0»", f"unknown field “{part[:20]}”")
        if letter in found:
            raise _wrong(f"champ {letter} donné deux fois", f"field {letter} given twice")
        found[letter] = value
    return {letter: value for letter, value in found.items() if value}


def _require(pattern: re.Pattern[str], value: str, name: str, digits: int) -> None:
    if not pattern.fullmatch(value):
        raise _wrong(
            f"{name} : {digits} chiffres hexadécimaux attendus, «\u00a0{value[:40]}\u00a0» donné",
            f"{name}: {digits} hexadecimal digits expected, “{value[:40]}” given",
        )


def _wrong(fr: str, en: str) -> Invalid:
    return Invalid("label", Text(fr, en))
