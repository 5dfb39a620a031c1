"""Parking: spaces taken and left through the day; more people on market mornings, nobody at night."""

import numpy as np

from beffroi.demo.clock import HOUR, by_hour, day_of, hour_of, is_holiday, weekday
from beffroi.demo.equipment import BATTERY, Channel, Place, Sort
from beffroi.demo.noise import Floats, Ints, apart, between, chance, smooth
from beffroi.demo.world import Things, World

DEMAND = np.array([
    0.1, 0.09, 0.08, 0.08, 0.08, 0.1, 0.16, 0.33, 0.58, 0.74, 0.82, 0.8,
    0.66, 0.55, 0.6, 0.68, 0.72, 0.7, 0.62, 0.48, 0.34, 0.24, 0.17, 0.13,
    0.1,
])  # fmt: skip
"""part of the spaces taken on a working day, from 0 to 24 h"""
SUNDAY = np.array([
    0.13, 0.12, 0.11, 0.1, 0.1, 0.1, 0.11, 0.13, 0.18, 0.3, 0.42, 0.46,
    0.38, 0.26, 0.24, 0.26, 0.28, 0.27, 0.24, 0.21, 0.18, 0.16, 0.14, 0.13,
    0.13,
])  # fmt: skip


def occupied(world: World, things: Things, times: Ints) -> Floats:
    """1 when a vehicle is there."""
    stay = between(things.seed, "stay", 0.4, 2.6) * HOUR
    visit = ((times + chance(things.seed) * stay) // stay).astype(np.int64)
    return np.where(chance(apart(things.seed, "visit"), visit) < _demand(things, times), 1.0, 0.0)


def _demand(things: Things, times: Ints) -> Floats:
    """Part of the spaces of a car park that are taken."""
    days, hour = day_of(times), hour_of(times)
    resting = (weekday(days) == 6) | is_holiday(days)
    usual = np.where(resting, by_hour(hour, SUNDAY), by_hour(hour, DEMAND))
    market = np.floor(between(things.town_seed, "market", 1, 7))
    crowd = np.where((weekday(days) == market) & (hour > 7.5) & (hour < 13.5), 0.3, 0.0)
    favour = between(things.host_seed, "favour", 0.65, 1.1) * (1 + 0.12 * smooth(things.host_seed, days + 0.5))
    return np.asarray((usual * favour + crowd).clip(0.02, 0.98))


CAR_PARK = Place("car-park", "parking", ("Parking du marché", "Parking de la gare", "Place de l'église"), 0.006)
SPACE = Sort(
    "space", "parking", "parking-space", "Place", 0.11,
    (Channel("occupied", "Occupation", "occupancy", 300, occupied, heartbeat=12), BATTERY),
    host="car-park", bond="located in",
)  # fmt: skip
SORTS = (SPACE,)
PLACES = (CAR_PARK,)
