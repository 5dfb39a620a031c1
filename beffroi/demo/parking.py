"""Parking: spaces taken and left through the day; more people on market mornings, nobody at night."""

import numpy as np

from beffroi.demo.clock import HOUR, day_of, hour_of, is_holiday, weekday
from beffroi.demo.equipment import BATTERY, Channel, Place, Sort
from beffroi.demo.noise import Floats, Ints, apart, between, chance, smooth
from beffroi.demo.world import Things, World

DEMAND = np.array(
    [.10, .09, .08, .08, .08, .10, .16, .33, .58, .74, .82, .80, .66, .55, .60, .68, .72, .70, .62, .48, .34, .24, .17, .13, .10]
)  # fmt: skip
"""part of the spaces taken on a working day, from 0 to 24 h"""
SUNDAY = np.array(
    [.13, .12, .11, .10, .10, .10, .11, .13, .18, .30, .42, .46, .38, .26, .24, .26, .28, .27, .24, .21, .18, .16, .14, .13, .13]
)  # fmt: skip


def occupied(world: World, things: Things, times: Ints) -> Floats:
    """1 when a vehicle is there."""
    stay = between(things.seed, "stay", 0.4, 2.6) * HOUR
    visit = ((times + chance(things.seed) * stay) // stay).astype(np.int64)
    return np.where(chance(apart(things.seed, "visit"), visit) < _demand(things, times), 1.0, 0.0)


def _demand(things: Things, times: Ints) -> Floats:
    """Part of the spaces of a car park that are taken."""
    days, hour = day_of(times), hour_of(times)
    resting = (weekday(days) == 6) | is_holiday(days)
    usual = np.where(resting, np.interp(hour, range(25), SUNDAY), np.interp(hour, range(25), DEMAND))
    market = np.floor(between(things.town_seed, "market", 1, 7))
    crowd = np.where((weekday(days) == market) & (hour > 7.5) & (hour < 13.5), 0.3, 0.0)
    favour = between(things.host_seed, "favour", 0.65, 1.1) * (1 + 0.12 * smooth(things.host_seed, days + 0.5))
    return (usual * favour + crowd).clip(0.02, 0.98)


CAR_PARK = Place("car-park", "parking", ("Parking du marché", "Parking de la gare", "Place de l'église"), 0.006)
SPACE = Sort(
    "space", "parking", "parking-space", "Place", "demo-parking", 0.11,
    (Channel("occupied", "Occupation", "occupancy", 300, occupied, heartbeat=12), BATTERY),
    host="car-park", bond="located in",
)  # fmt: skip
SORTS = (SPACE,)
PLACES = (CAR_PARK,)
