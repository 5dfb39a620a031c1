"""How the silos describe their sorts of equipment: what stands where, and what it tells."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from beffroi.demo.clock import DAY, HOUR
from beffroi.demo.noise import Floats, Ints, apart, between, smooth
from beffroi.demo.world import Things, World

Evolve = Callable[[World, Things, Ints], Floats]


@dataclass(frozen=True)
class Channel:
    """A property told every `period` seconds; or, with `heartbeat`, on change and at least every `heartbeat` periods.

    `value` gives, for things shaped (rows, 1) and times shaped (rows, instants), numbers of that last shape: for an
    enumeration, ranks in `words`.
    """

    code: str
    name: str
    observed_property: str
    period: int
    value: Evolve
    words: tuple[str, ...] = ()
    heartbeat: int = 1


@dataclass(frozen=True)
class Sort:
    """A sort of equipment: one asset and its device. `share` is its part of all the devices.

    `host` names the sort of place or equipment it depends on; `bond` is the relation of its asset to the host's.
    """

    code: str
    service: str
    asset_kind: str
    asset_name: str
    share: float
    channels: tuple[Channel, ...]
    owner: Literal["commune", "epci"] = "commune"
    host: str | None = None
    bond: Literal["fed by", "located in", "part of"] | None = None
    radio: bool = True
    """reaches gateways; otherwise it has a line or a subscription of its own"""
    tells_signal: bool = True

    @property
    def told(self) -> tuple[Channel, ...]:
        """Its channels and, by radio, how well it is heard."""
        return (*self.channels, SIGNAL) if self.radio and self.tells_signal else self.channels


@dataclass(frozen=True)
class Place:
    """A sort of site without equipment of its own. `share` as for devices."""

    code: str
    service: str
    names: tuple[str, ...]
    share: float


def battery_level(world: World, things: Things, times: Ints) -> Floats:
    """%: falls for three to ten years, then someone changes the battery."""
    lifetime = between(things.seed, "lifetime", 1100, 3600)
    age = (times / DAY + between(things.seed, "put in", 0, 3600)) % lifetime / lifetime
    worn = 100 * (1 - age**1.3) + 0.6 * smooth(things.seed, times / DAY / 3)
    return worn.clip(1, 100).round(0)


def signal_strength(world: World, things: Things, times: Ints) -> Floats:
    """dBm at the nearest gateway: by its distance, and by the walls in between."""
    walls = between(things.seed, "walls", 0, 14) + 3 * smooth(apart(things.seed, "signal"), times / DAY * 4)
    return np.asarray(-72 - 26 * np.log10(things.distance.clip(0.2) * 2) - walls).clip(-137, -45).round(0)


BATTERY = Channel("battery", "Pile", "battery", DAY, battery_level)
SIGNAL = Channel("signal", "Signal radio", "signal-strength", 6 * HOUR, signal_strength)
