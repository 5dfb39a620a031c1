"""Lighting: cabinets feed lamps from dusk to dawn, dimmed or cut in the middle of the night as each commune chose."""

from collections.abc import Callable
from functools import partial

import numpy as np

from beffroi.demo.clock import DAY, EPOCH, HOUR, hour_of
from beffroi.demo.equipment import Channel, Sort
from beffroi.demo.noise import Floats, Ints, apart, between, chance, smooth
from beffroi.demo.sky import LONGITUDE, elevation
from beffroi.demo.world import Curve, Things, World, pick

DARK = -3.5
"""degrees of the sun under which the lamps are lit"""
NIGHTS = ((0.0, 0.0, 1.0), (22.5, 5.5, 0.5), (23.0, 6.0, 0.0))
"""what a commune may choose: from that hour to that hour, that part of the light"""
STATES = ("éteint", "réduit", "allumé", "défaut")
STANDBY = 12.0
"""watts of a cabinet by day"""
FAULT_CYCLE = 45 * DAY


def lit(world: World, things: Things, times: Ints) -> Floats:
    """Part of the full light, 0 to 1."""
    return _read(world, things, times, Curve.at)


def cabinet_power(world: World, things: Things, times: Ints) -> Floats:
    """W."""
    unsteady = 1 + 0.012 * smooth(things.seed, times / HOUR)
    return ((_load(things) * lit(world, things, times) + STANDBY) * unsteady).round(0)


def cabinet_energy(world: World, things: Things, times: Ints) -> Floats:
    """kWh since the meter was put in."""
    hours = _read(world, things, times, Curve.since_epoch)
    used = (_load(things) * hours + STANDBY * (times - EPOCH) / HOUR) / 1000
    return (between(things.seed, "index", 500, 30_000) + used).round(2)


def cabinet_state(world: World, things: Things, times: Ints) -> Floats:
    return _state(lit(world, things, times))


def lamp_power(world: World, things: Things, times: Ints) -> Floats:
    """W."""
    watts = _lamp_watts(things) * (1 + 0.02 * smooth(things.seed, times / (6 * HOUR)))
    power = watts * _lamp_lit(world, things, times) * ~_broken(things, times)
    return power.round(1)


def lamp_state(world: World, things: Things, times: Ints) -> Floats:
    return np.where(_broken(things, times), 3.0, _state(_lamp_lit(world, things, times)))


def _lamp_lit(world: World, things: Things, times: Ints) -> Floats:
    """A lamp follows its cabinet."""
    return lit(world, things.as_hosts(), times)


def _state(level: Floats) -> Floats:
    return np.where(level < 0.05, 0.0, np.where(level < 0.75, 1.0, 2.0))


def _load(things: Things) -> Floats:
    """W of all the lamps of a cabinet: 15 to 60 lamps of some 40 W."""
    return np.round(between(things.seed, "lamps", 15, 60)) * between(things.seed, "watts each", 32, 52)


def _lamp_watts(things: Things) -> Floats:
    return np.asarray([28.0, 36.0, 48.0, 60.0])[(chance(apart(things.seed, "model")) * 4).astype(np.int64)]


def _broken(things: Things, times: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """One lamp in sixteen breaks down in a month and a half, and waits two to twelve days for someone to come."""
    turn, since = np.divmod(times + (chance(things.seed) * FAULT_CYCLE).astype(np.int64), FAULT_CYCLE)
    breaks = chance(apart(things.seed, "breaks"), turn) < 1 / 16
    wait = (2 + 10 * chance(apart(things.seed, "wait"), turn)) * DAY
    return np.asarray(breaks & (since < wait))


def _read(world: World, things: Things, times: Ints, how: Callable[[Curve, Ints], Floats]) -> Floats:
    # A clock or a cell is never quite right, and the sun sets four minutes later each degree westward.
    late = between(things.seed, "cell", -300, 300) - (things.longitude - LONGITUDE) * 240
    curves = [world.curve(("lit", night), partial(_level, night), step=300) for night in NIGHTS]
    return pick(how, curves, things.town_choice("night", len(NIGHTS)), times - late.astype(np.int64))


def _level(night: tuple[float, float, float], times: Ints) -> Floats:
    start, end, part = night
    hour = hour_of(times)
    quiet = ((hour >= start) | (hour < end)) if start else np.zeros(hour.shape, bool)
    return np.where(elevation(times) < DARK, np.where(quiet, part, 1.0), 0.0)


CABINET = Sort(
    "cabinet", "lighting", "lighting-cabinet", "Armoire", 0.07,
    (
        Channel("energy", "Index d'énergie", "electrical-energy", 900, cabinet_energy),
        Channel("power", "Puissance", "electrical-power", 900, cabinet_power),
        Channel("state", "État", "lamp-state", 300, cabinet_state, STATES, heartbeat=72),
    ),
    radio=False,
)  # fmt: skip
LAMP = Sort(
    "lamp", "lighting", "lamp", "Point lumineux", 0.20,
    (
        Channel("power", "Puissance", "electrical-power", 1800, lamp_power),
        Channel("state", "État", "lamp-state", 600, lamp_state, STATES, heartbeat=36),
    ),
    host="cabinet", bond="fed by",
)  # fmt: skip
SORTS = (CABINET, LAMP)
PLACES = ()
