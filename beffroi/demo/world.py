"""What all simulated equipment shares: the weather, and curves of time tabulated once."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np

from beffroi.demo.clock import DAY, EPOCH, HOUR
from beffroi.demo.noise import Floats, Ints, Seeds, apart, chance
from beffroi.demo.sky import LATITUDE, LONGITUDE, Weather

AHEAD = 40 * DAY


class Curve:
    """A function of time, tabulated every `step` seconds since `EPOCH`, as far as it is asked for.

    `ease` hours smooth it: each value becomes a mean of those before, the older the lighter (what walls do to heat).
    """

    def __init__(self, rate: Callable[[Ints], Floats], *, step: int, ease: float = 0) -> None:
        self._rate = rate
        self._step = step
        self._ease = ease
        self._table = _Table(np.empty(0), np.empty(0))
        self._tabulating = Lock()

    def at(self, times: Ints) -> Floats:
        table, whole, part = self._looked_up(times)
        before = table.values[whole]
        return np.asarray(before + (table.values[whole + 1] - before) * part)

    def since_epoch(self, times: Ints) -> Floats:
        """Its integral, in units times hours; never decreases when the function is not negative."""
        table, whole, part = self._looked_up(times)
        before = table.values[whole]
        inside = part * (before + (table.values[whole + 1] - before) * part / 2)
        return np.asarray((table.sums[whole] + inside) * self._step / HOUR)

    def _looked_up(self, times: Ints) -> tuple["_Table", Ints, Floats]:
        """A table that reaches far enough, the row of each time, and the part of a step after it. Before `EPOCH` time
        stands still."""
        since = np.maximum(np.asarray(times) - EPOCH, 0)
        whole = since // self._step
        return self._reaching(int(whole.max(initial=0)) + 2), whole, (since - whole * self._step) / self._step

    def _reaching(self, rows: int) -> "_Table":
        with self._tabulating:
            if rows > len(self._table.values):
                self._table = self._tabulated(rows + AHEAD // self._step)
            return self._table

    def _tabulated(self, rows: int) -> "_Table":
        lead = math.ceil(6 * self._ease * HOUR / self._step)
        values = self._rate(EPOCH + np.arange(-lead, rows, dtype=np.int64) * self._step)
        if lead:
            weights = np.exp(-np.arange(lead + 1) * self._step / HOUR / self._ease)
            values = np.convolve(values, weights / weights.sum(), mode="valid")
        return _Table(values, np.concatenate([[0.0], np.cumsum((values[1:] + values[:-1]) / 2)]))


@dataclass(frozen=True)
class _Table:
    values: Floats
    sums: Floats


class World:
    """The seed, how many gateways there are, the weather, and the curves already tabulated."""

    def __init__(self, seed: int, *, gateways: int) -> None:
        self.seed = seed
        self.gateways = gateways
        self.weather = Weather(seed)
        self._curves: dict[object, Curve] = {}

    def curve(self, key: object, rate: Callable[[Ints], Floats], *, step: int = 900, ease: float = 0) -> Curve:
        """The curve known by `key`, made of `rate` when asked for the first time."""
        if key not in self._curves:
            self._curves.setdefault(key, Curve(rate, step=step, ease=ease))
        return self._curves[key]

    def outdoor(self, *, ease: float) -> Curve:
        """Temperature (°C) in the middle of the territory."""
        return self.curve(("outdoor", ease), self._in_the_middle, step=HOUR, ease=ease)

    def _in_the_middle(self, times: Ints) -> Floats:
        return self.weather.temperature(times, *_MIDDLE)


_MIDDLE = (np.array(LONGITUDE), np.array(LATITUDE))


@dataclass(frozen=True)
class Things:
    """Equipment of one sort, as columns, one row a thing.

    For computing, every column is shaped (rows, 1) and times are shaped (rows, instants).
    """

    seed: Seeds
    host_seed: Seeds
    """of what it depends on in the end: the cabinet of a lamp, the building of a room; its own otherwise"""
    town_seed: Seeds
    """of the commune where it stands"""
    longitude: Floats
    latitude: Floats
    population: Floats
    """of that commune"""
    gateway: Ints
    """row of the gateway that hears it best, -1 for none"""
    distance: Floats
    """km to that gateway"""
    alone: Floats
    """1 when no other gateway hears it"""

    def __len__(self) -> int:
        return len(self.seed)

    def rows(self, chosen: Ints | slice) -> "Things":
        return Things(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def upright(self) -> "Things":
        return Things(*(getattr(self, name).reshape(-1, 1) for name in self.__dataclass_fields__))

    def as_hosts(self) -> "Things":
        """The same rows, seen as what they depend on."""
        return replace(self, seed=self.host_seed)

    def host_choice(self, count: int) -> Ints:
        """Which of `count` uses the host of each has."""
        return np.asarray(chance(apart(self.host_seed, "use")) * count, np.int64)

    def town_choice(self, name: str, count: int) -> Ints:
        """Which of `count` ways the commune of each chose."""
        return np.asarray(chance(apart(self.town_seed, name)) * count, np.int64)


def pick(how: Callable[[Curve, Ints], Floats], curves: Sequence[Curve], choice: Ints, times: Ints) -> Floats:
    """`how` (`Curve.at`, `Curve.since_epoch`) of one curve a row: that of `curves` which `choice`, (rows, 1), says."""
    found = np.empty(np.broadcast_shapes(times.shape, choice.shape))
    every = np.broadcast_to(times, found.shape)
    for number, curve in enumerate(curves):
        rows = choice.ravel() == number
        if rows.any():
            found[rows] = how(curve, every[rows])
    return found
