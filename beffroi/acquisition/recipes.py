"""What the decoding of one model's messages needs: its codec, and the channels by which decoded values become
observations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from beffroi.acquisition.codecs import CodecRef
from beffroi.acquisition.fields import instant
from beffroi.errors import Text
from beffroi.registry.units import SIGNIFICANT

DEPTH = 8
"""of what is decoded; deeper is not looked into"""
NORMALISED = "normalised"
"""under which `decoding` puts what normalizeUplink makes of the data"""
POSITION = "position"
"""key of a place that is told at the root of the data"""
LATITUDES, LONGITUDES = ("latitude", "lat"), ("longitude", "lon", "lng", "long")


class Place(NamedTuple):
    """In degrees (WGS 84)."""

    longitude: float
    latitude: float


class Leaf(NamedTuple):
    """A decoded value by its dotted path. `time`: its own, when it has one."""

    key: str
    value: Any
    time: datetime | None = None


@dataclass(frozen=True)
class Channel:
    """One decoded value of a model. `key`: its dotted path in what the codec returns. A decoded number becomes
    `factor` times itself plus `offset`, in `unit`, the observed property's."""

    key: str
    observed_property: str
    unit: str
    value_kind: str
    low: float | None = None
    high: float | None = None
    factor: float = 1.0
    offset: float = 0.0
    categories: tuple[str, ...] = ()

    def converted(self, value: float) -> float:
        """Noise of the computation is rounded away: 3.3 V of 3300 mV, not 3.3000000000000003."""
        if self.factor == 1 and self.offset == 0:
            return float(value)
        return float(f"{value * self.factor + self.offset:.{SIGNIFICANT}g}")


class Measured(NamedTuple):
    """A value of a channel. `value`: a number, a counter, 0 or 1; `text`: a text or a word; `place`: a position."""

    channel: Channel
    time: datetime
    value: float | None = None
    text: str | None = None
    place: Place | None = None

    @property
    def shown(self) -> float | str | None:
        if self.place is not None:
            return f"{self.place.latitude}, {self.place.longitude}"
        return self.text if self.value is None else self.value


@dataclass(frozen=True)
class Recipe:
    """`codec`: None where the network decodes, or values are told as such. `ignored`: keys that a person chose to
    leave aside."""

    model: str
    codec: CodecRef | None
    channels: Mapping[str, Channel] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()

    @property
    def confirmed(self) -> bool:
        """Whether a person said what its values mean."""
        return bool(self.channels or self.ignored)

    @cached_property
    def normalised(self) -> bool:
        """Whether a channel is of what the codec's normalizeUplink returns, which must then be called."""
        return any(key.startswith(f"{NORMALISED}.") for key in self.channels)

    def measured(self, data: Any, time: datetime) -> tuple[list[Measured], list[Text]]:
        """The values of `data` that have a channel, and why others of these are none. Keys without channel are not
        looked at: a model's channels are confirmed as a whole."""
        found: list[Measured] = []
        wrong: list[Text] = []
        for key, value, own in leaves(data):
            channel = self.channels.get(key)
            if channel is None or value is None:
                continue
            one = _one(channel, value, own or time)
            if isinstance(one, Measured):
                found.append(one)
            else:
                wrong.append(one)
        found.sort(key=lambda one: one.time)
        return found, wrong

    def of_channel(self, channel: Channel, value: Any, time: datetime) -> tuple[Measured | None, Text | None]:
        """A value, or why it is none."""
        one = _one(channel, value, time)
        return (one, None) if isinstance(one, Measured) else (None, one)


def leaves(data: Any) -> list[Leaf]:
    """All values that may have a channel. Measurements that normalizeUplink tells of several moments (TS013: each may
    have its `time`) go by the same keys, each at its time."""
    moments = _moments(data[NORMALISED]) if isinstance(data, dict) and NORMALISED in data else []
    found: list[Leaf] = []
    if not moments:
        _flatten(found, data)
        return found
    _flatten(found, {name: value for name, value in data.items() if name != NORMALISED})
    for time, measurement in moments:
        told: list[Leaf] = []
        _flatten(told, {name: value for name, value in measurement.items() if name != "time"}, NORMALISED, 1)
        found += [leaf._replace(time=time) for leaf in told]
    return found


def _moments(normalised: Any) -> list[tuple[datetime | None, Mapping[str, Any]]]:
    """None of what is told of several things at one moment, which their places in the list tell apart."""
    listed = normalised if isinstance(normalised, list) else [normalised]
    if not all(isinstance(one, dict) for one in listed):
        return []
    found = [(_instant(one.get("time")), one) for one in listed]
    return found if len({time for time, _ in found}) == len(found) else []


def _instant(told: Any) -> datetime | None:
    return instant(told) if isinstance(told, str) else None


def _flatten(found: list[Leaf], data: Any, path: str = "", depth: int = 0) -> None:
    """Leaves by dotted path; items of lists by their place. What has a latitude and a longitude is a place besides."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else None
    if inner is None:
        found.append(Leaf(path, data))
    elif depth < DEPTH:
        if isinstance(data, dict) and (place := _place(data)) is not None:
            found.append(Leaf(path or POSITION, place))
        for name, value in inner:
            key = f"{path}.{name}" if path else str(name)
            if isinstance(value, dict | list):
                _flatten(found, value, key, depth + 1)
            else:
                found.append(Leaf(key, value))


def _place(data: Mapping[str, Any]) -> Place | None:
    """None for 0, 0 too, which receivers tell until they know where they are."""
    if data.keys().isdisjoint(LATITUDES):
        return None
    latitude, longitude = (
        next((data[name] for name in names if name in data), None) for names in (LATITUDES, LONGITUDES)
    )
    numbers = [one for one in (latitude, longitude) if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(numbers) < 2 or not (abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180) or numbers == [0, 0]:
        return None
    return Place(float(numbers[1]), float(numbers[0]))


def _one(channel: Channel, value: Any, time: datetime) -> Measured | Text:
    match channel.value_kind:
        case "number" | "counter":
            if isinstance(value, bool) or not isinstance(value, int | float):
                return _misfit(channel, value, Text("un nombre", "a number"))
            return Measured(channel, time, channel.converted(value))
        case "boolean":
            if value not in (0, 1):  # True and False too
                return _misfit(channel, value, Text("vrai ou faux", "true or false"))
            return Measured(channel, time, float(value))
        case "enumeration":
            if value not in channel.categories:
                return _misfit(channel, value, Text("un mot de sa liste", "a word of its list"))
            return Measured(channel, time, text=str(value))
        case "position":
            if not isinstance(value, Place):
                return _misfit(channel, value, Text("une latitude et une longitude", "a latitude and a longitude"))
            return Measured(channel, time, place=value)
    return Measured(channel, time, text=value if isinstance(value, str) else str(value))


def _misfit(channel: Channel, value: Any, expected: Text) -> Text:
    shown = str(value)[:60]
    return Text(
        f"{channel.key} vaut «\u00a0{shown}\u00a0» ; attendu : {expected.fr}",
        f"{channel.key} is “{shown}”; expected: {expected.en}",
    )
