"""Water: meters count draw by draw, leaks run through the night, towers fill while electricity is cheap."""

import numpy as np

from beffroi.demo.clock import DAY, EPOCH, HOUR, by_hour, day_of, hour_of, local, weekday
from beffroi.demo.equipment import BATTERY, Channel, Place, Sort
from beffroi.demo.noise import Floats, Ints, apart, between, chance, smooth
from beffroi.demo.world import Curve, Things, World

HABITS = np.array([
    0.15, 0.1, 0.08, 0.08, 0.15, 0.5, 1.6, 2.3, 1.9, 1.3, 1.1, 1.2,
    1.6, 1.3, 0.9, 0.8, 0.9, 1.2, 1.7, 2.0, 1.7, 1.2, 0.7, 0.3,
    0.15,
])  # fmt: skip
"""part of a mean hour, from 0 to 24 h"""
LEAK_CYCLE = 60 * DAY
FILLS_FROM, FILLS_UNTIL = 22.0, 6.0


def meter_volume(world: World, things: Things, times: Ints) -> Floats:
    """m³ since the meter was put in, to the litre."""
    days = _habits(world).since_epoch(times) / 24
    daily, draw = _daily_volume(things), between(things.seed, "draw", 0.012, 0.07)
    # Some days more, some less: a warp of the days whose slope stays above zero.
    draws = (days + 0.6 * smooth(things.seed, days / 2)) * daily / draw
    whole = np.floor(draws)
    begun = draws - whole > chance(apart(things.seed, "begins"), whole.astype(np.int64))
    counted = (whole + begun).astype(np.int64)
    volume = draw * (counted + 0.45 * chance(apart(things.seed, "size"), counted))
    return np.floor((between(things.seed, "index", 20, 2500) + volume + _leaked(things, times)) * 1000) / 1000


def sector_flow(world: World, things: Things, times: Ints) -> Floats:
    """m³/h towards a sector of the network: what its people draw, and what the pipes lose."""
    people = _people(things)
    unsteady = 1 + 0.10 * smooth(things.seed, times / 1200) + 0.08 * smooth(apart(things.seed, "day"), times / DAY)
    drawn = people * 0.145 / 24 * _habits(world).at(times) * unsteady
    losses = people * 0.145 / 24 * between(things.seed, "losses", 0.06, 0.30)
    burst = people * 0.145 / 24 * 0.7 * _leaking(things, times, 1 / 7)
    return np.asarray(drawn + losses + burst).round(2)


def tower_level(world: World, things: Things, times: Ints) -> Floats:
    """m of water in the tank."""
    top = between(things.seed, "top", 3.8, 6.2)
    since = local(times) / HOUR - between(things.seed, "pump", -0.7, 0.7) - FILLS_FROM
    night, hour = np.divmod(since, 24)
    filling = (FILLS_UNTIL - FILLS_FROM) % 24
    emptied = _emptied((hour - filling) / (24 - filling))
    share = np.where(hour < filling, 1 - (1 - hour / filling).clip(0) ** 1.3, 1 - emptied)
    swing = between(things.seed, "swing", 0.25, 0.5) * (1 + 0.25 * smooth(things.seed, night + (hour >= filling)))
    ripple = 0.012 * smooth(apart(things.seed, "ripple"), times / 900)
    return np.asarray(top * (0.94 - swing * (1 - share)) + ripple).round(2)


def _emptied(part: Floats) -> Floats:
    """Share of the day's water gone, from the morning until the pumps start: fast at breakfast and dinner."""
    part = part.clip(0, 1)
    return np.asarray(part + 0.055 * np.sin(4 * np.pi * part))


def _habits(world: World) -> Curve:
    """What everyone draws, as a part of the mean; later and more at week-ends."""

    def rate(times: Ints) -> Floats:
        resting = weekday(day_of(times)) >= 5
        hour = (hour_of(times) - 1.2 * resting) % 24
        return by_hour(hour, HABITS / HABITS[:24].mean()) * np.where(resting, 1.12, 0.95)

    return world.curve("water habits", rate)


def _daily_volume(things: Things) -> Floats:
    """m³: four homes in five, and now and then a farm, a school or a workshop."""
    home = 0.06 + 0.5 * chance(apart(things.seed, "home")) ** 1.5
    return np.where(chance(apart(things.seed, "use")) < 0.8, home, between(things.seed, "large", 1.2, 9.0))


def _people(things: Things) -> Floats:
    return np.asarray(things.population * between(things.seed, "sector", 0.2, 0.6)).clip(200, 9000)


def _leaked(things: Things, times: Ints) -> Floats:
    """m³ lost since `EPOCH`: one meter in fifteen leaks, again every two months, until someone closes the tap."""
    leaks = chance(apart(things.seed, "leaks")) < 1 / 15
    length = between(things.seed, "leak", 4, 25) * DAY
    begun = chance(apart(things.seed, "leak begins")) * LEAK_CYCLE
    turns, since = np.divmod(np.maximum(times - EPOCH, 0) + begun, LEAK_CYCLE)
    seconds = turns * length + np.minimum(since, length) - np.minimum(begun, length)
    return np.where(leaks, seconds / HOUR * between(things.seed, "leak rate", 0.008, 0.09), 0.0)


def _leaking(things: Things, times: Ints, share: float) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    leaks = chance(apart(things.seed, "bursts")) < share
    since = (times + (chance(apart(things.seed, "burst begins")) * LEAK_CYCLE).astype(np.int64)) % LEAK_CYCLE
    return np.asarray(leaks & (since < between(things.seed, "burst", 2, 9) * DAY))


TOWER = Place("tower", "water", ("Château d'eau",), 0.02)
METER = Sort(
    "meter", "water", "water-meter", "Compteur d'eau", 0.28,
    (Channel("volume", "Volume", "water-volume", HOUR, meter_volume), BATTERY),
)  # fmt: skip
FLOW = Sort(
    "flow", "water", "pipe", "Conduite", 0.03,
    (Channel("flow", "Débit", "flow", 900, sector_flow), BATTERY),
)  # fmt: skip
TANK = Sort(
    "tank", "water", "tank", "Réservoir", 0.02,
    (Channel("level", "Niveau", "water-level", 900, tower_level), BATTERY),
    host="tower", bond="located in",
)  # fmt: skip
SORTS = (METER, FLOW, TANK)
PLACES = (TOWER,)
