"""Buildings: heated before people come, warm and stuffy while they are there, cooling at night."""

from collections.abc import Callable

import numpy as np

from beffroi.demo.clock import DAY, EPOCH, HOUR, day_of, hour_of, is_holiday, is_school_break, weekday
from beffroi.demo.equipment import BATTERY, Channel, Place, Sort
from beffroi.demo.noise import Floats, Ints, apart, between, smooth
from beffroi.demo.world import Curve, Things, World, pick

USES = ("school", "town hall", "sports hall", "library")
NAMES = ("École", "Mairie", "Salle de sport", "Médiathèque")
OPENINGS: dict[str, tuple[tuple[float, float, float], ...]] = {
    # from, until, how full, on each day of the week in OPEN_DAYS
    "school": ((8.5, 12.0, 1.0), (12.0, 13.5, 0.25), (13.5, 16.5, 0.95), (16.5, 18.5, 0.2)),
    "town hall": ((8.0, 12.2, 0.8), (12.2, 13.6, 0.2), (13.6, 17.6, 0.75)),
    "sports hall": ((9.0, 12.0, 0.35), (14.0, 17.0, 0.5), (17.0, 22.0, 0.9)),
    "library": ((9.0, 12.5, 0.4), (14.0, 18.5, 0.7)),
}
OPEN_DAYS = {"school": (0, 1, 3, 4), "town hall": (0, 1, 2, 3, 4), "sports hall": range(7), "library": (1, 2, 4, 5)}
WARM, COOL = 19.8, 15.8
"""°C asked of the boiler by day and by night"""


def room_temperature(world: World, things: Things, times: Ints) -> Floats:
    """°C."""
    asked = _felt(world, things, times, HEAT)
    outdoor = world.outdoor(ease=14).at(times)
    leak = between(things.seed, "leak", 0.02, 0.09)
    people = 1.3 * _felt(world, things, times, AIR)
    comfort = between(things.seed, "comfort", -1.1, 1.3)
    wandering = 0.25 * smooth(things.seed, times / (3 * HOUR))
    heated = asked + comfort - leak * (12 - outdoor)
    return np.asarray(np.maximum(heated, outdoor + 2) + people + wandering).round(1)


def room_humidity(world: World, things: Things, times: Ints) -> Floats:
    """Relative, %."""
    people = _felt(world, things, times, AIR)
    outdoor = world.outdoor(ease=14).at(times)
    slow = 5 * smooth(things.seed, times / DAY) + 1.2 * smooth(apart(things.seed, "air"), times / HOUR)
    return (42 + 0.75 * (outdoor - 8) + 6 * people + slow + between(things.seed, "damp", -4, 6)).clip(18, 95).round(0)


def room_co2(world: World, things: Things, times: Ints) -> Floats:
    """ppm."""
    people = _felt(world, things, times, AIR)
    crowd = between(things.seed, "crowd", 250, 1150) * (1 + 0.35 * smooth(things.seed, day_of(times) + 0.5))
    opened = 1 + 0.18 * smooth(apart(things.seed, "window"), times / (0.7 * HOUR))
    return (424 + crowd * people * opened + 8 * smooth(apart(things.seed, "cell"), times / HOUR)).round(0)


def building_energy(world: World, things: Things, times: Ints) -> Floats:
    """kWh since the meter was put in: a base, people, and heating by the cold outside."""
    hours = (times - EPOCH) / HOUR
    uses = [_curve(world, use, PEOPLE) for use in USES]
    people = pick(Curve.since_epoch, uses, things.host_choice(len(USES)), times)
    heating = world.curve("heating", lambda instants: _heating(world, instants), step=HOUR).since_epoch(times)
    size = between(things.seed, "size", 0.5, 3.5)
    used = size * (0.9 * hours + 5.5 * people + 0.55 * heating)
    spread = size * 0.5 * smooth(things.seed, hours / 5)  # its slope stays under the base
    return (between(things.seed, "index", 2_000, 200_000) + used + spread).round(1)


def _heating(world: World, times: Ints) -> Floats:
    """Degrees missing outside, more of them made up by day."""
    by_day = np.where((hour_of(times) > 5) & (hour_of(times) < 19), 1.4, 0.6)
    return np.asarray((16 - world.outdoor(ease=14).at(times)).clip(0) * by_day)


def _open(use: str, days: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    closed = is_holiday(days) | (is_school_break(days) if use == "school" else False)
    return np.isin(weekday(days), OPEN_DAYS[use]) & ~closed


def _crowd(use: str, times: Ints) -> Floats:
    """How full, 0 to 1."""
    hour, is_open = hour_of(times), _open(use, day_of(times))
    full = sum(part * ((hour >= start) & (hour < end)) for start, end, part in OPENINGS[use])
    return np.where(is_open, full, 0.0)


def _heated(use: str, times: Ints) -> Floats:
    """What the boiler is asked: two hours ahead of opening."""
    hour, is_open = hour_of(times), _open(use, day_of(times))
    start, end = OPENINGS[use][0][0] - 2.5, OPENINGS[use][-1][1] - 0.5
    return np.where(is_open & (hour >= start) & (hour < end), WARM, COOL)


Rate = Callable[[str, Ints], Floats]
HEAT: tuple[Rate, float] = (_heated, 2.2)
AIR: tuple[Rate, float] = (_crowd, 0.9)
PEOPLE: tuple[Rate, float] = (_crowd, 0.0)
"""what happens in a building, and the hours that walls, air, or nothing take to follow"""


def _curve(world: World, use: str, of: tuple[Rate, float]) -> Curve:
    rate, ease = of
    return world.curve((rate, ease, use), lambda times: rate(use, times), ease=ease)


def _felt(world: World, things: Things, times: Ints, of: tuple[Rate, float]) -> Floats:
    """At each of `times`, in the building of each thing."""
    return pick(Curve.at, [_curve(world, use, of) for use in USES], things.host_choice(len(USES)), times)


BUILDING = Place("building", "buildings", NAMES, 0.03)
ENERGY_METER = Sort(
    "energy-meter", "buildings", "building", "Bâtiment", 0.03,
    (Channel("energy", "Index d'énergie", "electrical-energy", 900, building_energy),),
    host="building", bond="located in",
)  # fmt: skip
ROOM = Sort(
    "room", "buildings", "room", "Salle", 0.12,
    (
        Channel("temperature", "Température", "temperature", 900, room_temperature),
        Channel("humidity", "Humidité", "relative-humidity", 900, room_humidity),
        Channel("co2", "CO2", "co2", 900, room_co2),
        BATTERY,
    ),
    host="energy-meter", bond="part of",
)  # fmt: skip
SORTS = (ENERGY_METER, ROOM)
PLACES = (BUILDING,)
