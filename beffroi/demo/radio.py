"""What gets lost on the way: frames, days of silent devices, a gateway down for some hours."""

import numpy as np
from numpy.typing import NDArray

from beffroi.demo.clock import DAY, HOUR
from beffroi.demo.noise import Ints, apart, chance, seed_of
from beffroi.demo.world import Things, World

SILENT_CYCLE = 20 * DAY
OUTAGE_CYCLE = 14 * DAY


def heard(world: World, things: Things, times: Ints) -> NDArray[np.bool_]:
    """Whether what `things` told at `times` arrived."""
    arrived = ~_silent(things, times)
    if (things.gateway < 0).all():
        return arrived
    lossy = 0.004 + 0.05 * (things.distance / 25).clip(0, 1) ** 2
    arrived &= chance(apart(things.seed, "lost"), times) >= lossy
    return np.asarray(arrived & ~((things.alone > 0) & gateway_down(world, things.gateway, times)))


def gateway_down(world: World, gateway: Ints, times: Ints) -> NDArray[np.bool_]:
    """One gateway a fortnight goes down, for three to ten hours."""
    seed = seed_of("outage", world.seed)
    turn, since = np.divmod(times, OUTAGE_CYCLE)
    which = (chance(seed, turn) * world.gateways).astype(np.int64)
    begins = (0.1 + 0.8 * chance(apart(seed, "begins"), turn)) * OUTAGE_CYCLE
    length = (3 + 7 * chance(apart(seed, "length"), turn)) * HOUR
    return np.asarray((gateway == which) & (since >= begins) & (since < begins + length))


def _silent(things: Things, times: Ints) -> NDArray[np.bool_]:
    """In twenty days one device in thirty falls silent, for six hours to six days."""
    turn, since = np.divmod(times + (chance(things.seed) * SILENT_CYCLE).astype(np.int64), SILENT_CYCLE)
    falls = chance(apart(things.seed, "silent"), turn) < 1 / 30
    length = (0.25 + 5.75 * chance(apart(things.seed, "for"), turn)) * DAY
    return np.asarray(falls & (since < length))
