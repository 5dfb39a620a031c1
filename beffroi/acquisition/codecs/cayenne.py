"""Cayenne LPP: channel, type, value, again and again.

Types are those of myDevices' Cayenne Low Power Payload and of the wider table that its open libraries share; they are
numbered as IPSO's smart objects less 3,200. Values are named as The Things Stack names them: `temperature_3`.
"""

from typing import Any, NamedTuple

from beffroi.errors import BeffroiError, Text


class Kind(NamedTuple):
    """A value of `size` bytes and, when `parts` has names, several of them; divided by what `per` says."""

    name: str
    size: int
    per: tuple[int, ...] = (1,)
    signed: bool = False
    parts: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        return self.size * max(len(self.parts), 1)


XYZ = ("x", "y", "z")
KINDS = {
    0: Kind("digital_in", 1),
    1: Kind("digital_out", 1),
    2: Kind("analog_in", 2, (100,), signed=True),
    3: Kind("analog_out", 2, (100,), signed=True),
    100: Kind("generic_sensor", 4),
    101: Kind("luminosity", 2),
    102: Kind("presence", 1),
    103: Kind("temperature", 2, (10,), signed=True),
    104: Kind("relative_humidity", 1, (2,)),
    113: Kind("accelerometer", 2, (1000,) * 3, signed=True, parts=XYZ),
    115: Kind("barometric_pressure", 2, (10,)),
    116: Kind("voltage", 2, (100,)),
    117: Kind("current", 2, (1000,)),
    118: Kind("frequency", 4),
    120: Kind("percentage", 1),
    121: Kind("altitude", 2, signed=True),
    125: Kind("concentration", 2),
    128: Kind("power", 2),
    130: Kind("distance", 4, (1000,)),
    131: Kind("energy", 4, (1000,)),
    132: Kind("direction", 2),
    133: Kind("time", 4),
    134: Kind("gyrometer", 2, (100,) * 3, signed=True, parts=XYZ),
    135: Kind("colour", 1, (1,) * 3, parts=("r", "g", "b")),
    136: Kind("gps", 3, (10_000, 10_000, 100), signed=True, parts=("latitude", "longitude", "altitude")),
    142: Kind("switch", 1),
}
NUMBERS = {kind.name: number for number, kind in KINDS.items()}


def decode(payload: bytes, port: int | None) -> dict[str, Any]:
    """By `name_channel`; of a channel and type told twice, the last. Raises `BeffroiError`."""
    del port  # the format is the same on every one
    data: dict[str, Any] = {}
    at = 0
    while at < len(payload):
        kind = KINDS.get(payload[at + 1]) if at + 1 < len(payload) else None
        if kind is None:
            what = "" if at + 1 >= len(payload) else f" {payload[at + 1]}"
            raise _at(at, f"type{what} inconnu", f"unknown type{what}")
        value = payload[at + 2 : at + 2 + kind.length]
        if len(value) < kind.length:
            raise _at(at, f"{kind.name} est coupé", f"{kind.name} is cut short")
        data[f"{kind.name}_{payload[at]}"] = _value(kind, value)
        at += 2 + kind.length
    return data


def encode(data: Any, port: int | None) -> tuple[bytes, int | None]:
    """What `decode` reads back. Raises `BeffroiError`."""
    if not isinstance(data, dict):
        raise BeffroiError(Text("un objet est attendu", "an object is expected"))
    return b"".join(_written(key, value) for key, value in data.items()), port


def _value(kind: Kind, value: bytes) -> Any:
    numbers = [
        _scaled(int.from_bytes(value[place * kind.size : (place + 1) * kind.size], signed=kind.signed), per)
        for place, per in enumerate(kind.per)
    ]
    return dict(zip(kind.parts, numbers, strict=True)) if kind.parts else numbers[0]


def _scaled(raw: int, per: int) -> int | float:
    return raw // per if raw % per == 0 else raw / per


def _written(key: str, value: Any) -> bytes:
    name, _, channel = key.rpartition("_")
    if name not in NUMBERS or not channel.isdecimal() or int(channel) > 255:
        raise BeffroiError(Text(f"{key} n'est pas type_canal", f"{key} is no type_channel"))
    kind = KINDS[NUMBERS[name]]
    try:
        values = [value[part] for part in kind.parts] if kind.parts else [value]
        numbers = [
            round(one * per).to_bytes(kind.size, signed=kind.signed) for one, per in zip(values, kind.per, strict=True)
        ]
    except (TypeError, KeyError, ValueError, OverflowError):
        raise BeffroiError(Text(f"{key} ne peut être écrit", f"{key} cannot be written")) from None
    return bytes([int(channel), NUMBERS[name]]) + b"".join(numbers)


def _at(place: int, fr: str, en: str) -> BeffroiError:
    return BeffroiError(Text(f"octet {place} : {fr}", f"byte {place}: {en}"))
