"""What the decoding of one model's messages needs: its codec, and the channels by which decoded values become
observations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from beffroi.acquisition.codecs import CodecRef
from beffroi.errors import Text
from beffroi.registry.units import SIGNIFICANT

DEPTH = 8
"""of what is decoded; deeper is not looked into"""
NORMALISED = "normalised"
"""under which `decoding` puts what normalizeUplink makes of the data"""


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
    """A value of a channel. `value`: a number, a counter, 0 or 1; `text`: a text or a word."""

    channel: Channel
    time: datetime
    value: float | None
    text: str | None


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

    @property
    def normalised(self) -> bool:
        """Whether a channel is of what the codec's normalizeUplink returns, which must then be called."""
        return any(key.startswith(f"{NORMALISED}.") for key in self.channels)

    def measured(self, data: Any, time: datetime) -> tuple[list[Measured], list[Text]]:
        """The values of `data` that have a channel, and why others of these are none. Keys without channel are not
        looked at: a model's channels are confirmed as a whole."""
        found: list[Measured] = []
        wrong: list[Text] = []
        for key, value in flat(data):
            channel = self.channels.get(key)
            if channel is None or value is None:
                continue
            one, fault = self.of_channel(channel, value, time)
            if one is not None:
                found.append(one)
            if fault is not None:
                wrong.append(fault)
        return found, wrong

    def of_channel(self, channel: Channel, value: Any, time: datetime) -> tuple[Measured | None, Text | None]:
        """A value, or why it is none."""
        one = _one(channel, value, time)
        return (one, None) if isinstance(one, Measured) else (None, one)


def flat(data: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Leaves by dotted path; items of lists by their place."""
    inner = data.items() if isinstance(data, Mapping) else enumerate(data) if isinstance(data, list) else None
    if inner is None:
        yield path, data
    elif depth < DEPTH:
        for name, value in inner:
            yield from flat(value, f"{path}.{name}" if path else str(name), depth + 1)


def _one(channel: Channel, value: Any, time: datetime) -> Measured | Text:
    match channel.value_kind:
        case "number" | "counter":
            if isinstance(value, bool) or not isinstance(value, int | float):
                return _misfit(channel, value, Text("un nombre", "a number"))
            return Measured(channel, time, channel.converted(value), None)
        case "boolean":
            if value not in (0, 1):  # True and False too
                return _misfit(channel, value, Text("vrai ou faux", "true or false"))
            return Measured(channel, time, float(value), None)
        case "enumeration":
            if value not in channel.categories:
                return _misfit(channel, value, Text("un mot de sa liste", "a word of its list"))
            return Measured(channel, time, None, str(value))
    return Measured(channel, time, None, value if isinstance(value, str) else str(value))


def _misfit(channel: Channel, value: Any, expected: Text) -> Text:
    shown = str(value)[:60]
    return Text(
        f"{channel.key} vaut «\u00a0{shown}\u00a0» ; attendu : {expected.fr}",
        f"{channel.key} is “{shown}”; expected: {expected.en}",
    )
