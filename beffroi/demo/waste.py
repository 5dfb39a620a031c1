"""Waste: containers fill by day, faster at week-ends, and rounds empty them."""

import numpy as np

from beffroi.demo.clock import DAY, HOUR, by_hour, local, weekday
from beffroi.demo.equipment import BATTERY, Channel, Sort
from beffroi.demo.noise import Floats, Ints, apart, between, chance, smooth
from beffroi.demo.world import Things, World

USE = np.array(
    [0, 0, 0, 0, 0, 0.1, 0.3, 0.8, 1.2, 1.7, 2.0, 2.0, 1.6, 1.2, 1.4, 1.7, 1.9, 2.1, 2.2, 1.7, 1.1, 0.6, 0.3, 0.1]
)
WORN = np.concatenate([[0.0], np.cumsum(USE / USE.sum())])
"""part of the day's waste brought before each hour"""
WEEKS = np.array([1, 1, 2, 3])
"""between two rounds: household waste, paper, glass"""


def fill_level(world: World, things: Things, times: Ints) -> Floats:
    """% of the container's height, by ultrasound."""
    weeks = WEEKS[(chance(apart(things.seed, "waste")) * len(WEEKS)).astype(np.int64)]
    cycle = weeks * 7 * DAY
    number, emptied = _round(things, times, cycle)
    # A round may be missed; the container is then left to overflow.
    missed = chance(apart(things.seed, "missed"), number) < 0.04
    before = _round(things, times - cycle, cycle)[1]
    since = np.where(missed, before, emptied)
    number = number - missed
    pace = between(things.seed, "pace", 0.55, 1.02) * (1 + 0.25 * smooth(apart(things.seed, "pace"), number))
    left = 3 + 5 * chance(apart(things.seed, "left"), number)
    brought = (_brought(local(times)) - _brought(local(since))) / (weeks * 7)
    echo = 1.2 * smooth(apart(things.seed, "echo"), times / HOUR)
    return np.asarray(left + 100 * pace * brought + echo).clip(0, 100).round(0)


def _round(things: Things, times: Ints, cycle: Ints) -> tuple[Ints, Ints]:
    """Number of the last round that came before `times`, and when: on its weekday, in the morning, sooner or later."""
    day = (
        np.floor(between(things.town_seed, "round", 0, 6)) * DAY
        + np.floor(between(things.seed, "turn", 0, 3)) * 7 * DAY
    )
    due = (day + between(things.seed, "route", 5.5, 11.5) * HOUR).astype(np.int64) - 3 * DAY  # 1970 began on a Thursday
    number = (local(times) - due) // cycle
    came = due + number * cycle + (3600 * smooth(apart(things.seed, "came"), number)).astype(np.int64)
    early = came > local(times)
    number = number - early
    came = np.where(early, due + number * cycle, came)
    return number, came - (local(times) - times)


def _brought(local_times: Ints) -> Floats:
    """Days' worth of waste since 1970: more on Saturdays and Sundays."""
    days, seconds = np.divmod(local_times, DAY)
    weight = np.where(weekday(days) >= 5, 1.35, 0.86)
    return np.asarray(_week(days) + weight * by_hour(seconds / HOUR, WORN))


def _week(days: Ints) -> Floats:
    """The same, at the beginning of each day."""
    weeks, rest = np.divmod(days + 3, 7)
    return np.asarray(weeks * 7.0 + np.minimum(rest, 5) * 0.86 + np.maximum(rest - 5, 0) * 1.35)


CONTAINER = Sort(
    "container", "waste", "waste-container", "Conteneur", 0.10,
    (Channel("fill", "Remplissage", "fill-level", HOUR, fill_level), BATTERY),
    owner="epci",
)  # fmt: skip
SORTS = (CONTAINER,)
PLACES = ()
