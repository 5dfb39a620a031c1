"""Environment: weather stations, the air of the streets, and noise."""

import numpy as np

from beffroi.demo.clock import DAY, HOUR, by_hour, day_of, hour_of, weekday
from beffroi.demo.equipment import BATTERY, Channel, Sort
from beffroi.demo.noise import Floats, Ints, apart, between, seed_of, smooth
from beffroi.demo.world import Things, World

TRAFFIC = np.array([
    0.12, 0.08, 0.06, 0.06, 0.1, 0.25, 0.55, 0.95, 1.0, 0.75, 0.68, 0.74,
    0.85, 0.8, 0.76, 0.8, 0.95, 1.1, 1.0, 0.7, 0.48, 0.36, 0.28, 0.2,
    0.12,
])  # fmt: skip
"""vehicles, part of the busiest hour of the morning, from 0 to 24 h"""
TEN_MINUTES, QUARTER = 600, 900


def temperature(world: World, things: Things, times: Ints) -> Floats:
    """°C."""
    wandering = 0.3 * smooth(things.seed, times / HOUR) + between(things.seed, "here", -0.6, 0.6)
    return (world.weather.temperature(times, things.longitude, things.latitude) + wandering).round(1)


def humidity(world: World, things: Things, times: Ints) -> Floats:
    """%."""
    wandering = 2 * smooth(apart(things.seed, "air"), times / (2 * HOUR))
    return (world.weather.humidity(times, things.longitude) + wandering).clip(10, 100).round(0)


def pressure(world: World, things: Things, times: Ints) -> Floats:
    """hPa."""
    return (world.weather.pressure(times, things.longitude) + between(things.seed, "cell", -0.5, 0.5)).round(1)


def rain(world: World, things: Things, times: Ints) -> Floats:
    """mm fallen in the ten minutes before."""
    rate = world.weather.rain(times - TEN_MINUTES // 2, things.longitude, things.latitude)
    uneven = 1 + 0.5 * smooth(apart(things.seed, "drops"), times / TEN_MINUTES)
    return (rate * uneven * TEN_MINUTES / HOUR).round(1)


def wind_speed(world: World, things: Things, times: Ints) -> Floats:
    """m/s."""
    gusts = 1 + 0.2 * smooth(apart(things.seed, "gusts"), times / TEN_MINUTES)
    return (world.weather.wind(times, things.longitude) * gusts * between(things.seed, "open", 0.6, 1.1)).round(1)


def wind_direction(world: World, things: Things, times: Ints) -> Floats:
    """Degrees clockwise from north, where the wind comes from."""
    turning = 14 * smooth(apart(things.seed, "turns"), times / TEN_MINUTES)
    return ((world.weather.wind_from(times, things.longitude) + turning) % 360).round(0) % 360


def no2(world: World, things: Things, times: Ints) -> Floats:
    """µg/m³: the traffic's, carried off by the wind."""
    uneven = 1 + 0.3 * smooth(things.seed, times / HOUR)
    street = between(things.seed, "street", 14, 34) * _bustle(things)
    return np.asarray(4 + street * _traffic(times) * uneven * _stale(world, things, times)).clip(0.5).round(1)


def pm10(world: World, things: Things, times: Ints) -> Floats:
    """µg/m³: the traffic's and, on cold evenings, the wood fires'."""
    hour = hour_of(times)
    cold = (14 - world.outdoor(ease=14).at(times)).clip(0) / 10
    fires = 13 * cold * np.exp(-(((hour - 21 + 12) % 24 - 12) ** 2) / 8)
    far = 4 * smooth(seed_of("dust", world.seed), times / DAY)
    uneven = 1 + 0.2 * smooth(apart(things.seed, "dust"), times / HOUR)
    street = 7 * _traffic(times) * _bustle(things)
    return np.asarray((9 + far + (street + fires) * _stale(world, things, times)) * uneven).clip(1).round(1)


def noise_level(world: World, things: Things, times: Ints) -> Floats:
    """dB(A), equivalent over a quarter of an hour."""
    loudest = between(things.seed, "loud", 56, 67) + 3 * (_bustle(things) - 1)
    passing = 2.2 * smooth(things.seed, times / QUARTER) + 1.0 * smooth(apart(things.seed, "hour"), times / HOUR)
    rainy = 2.5 * (world.weather.rain(times, things.longitude, things.latitude) > 0.5)
    return np.asarray(loudest + 12 * np.log10(_traffic(times)) + passing + rainy).clip(32, 95).round(1)


def _traffic(times: Ints) -> Floats:
    day = weekday(day_of(times))
    late = np.where(day >= 5, 2.0, 0.0)
    part = np.where(day == 6, 0.5, np.where(day == 5, 0.75, 1.0))
    return np.asarray(by_hour((hour_of(times) - late) % 24, TRAFFIC) * part)


def _bustle(things: Things) -> Floats:
    """About 0.6 in a village, 1.5 in the largest towns."""
    return np.asarray(0.6 + 0.25 * np.log10(things.population.clip(500) / 500) ** 1.5)


def _stale(world: World, things: Things, times: Ints) -> Floats:
    """How little the wind renews the air."""
    return np.asarray(2.6 / (1 + world.weather.wind(times, things.longitude) / 2.2))


STATION = Sort(
    "weather", "environment", "weather-station", "Station météo", 0.01,
    (
        Channel("temperature", "Température", "temperature", TEN_MINUTES, temperature),
        Channel("humidity", "Humidité", "relative-humidity", TEN_MINUTES, humidity),
        Channel("pressure", "Pression", "sea-level-pressure", TEN_MINUTES, pressure),
        Channel("rain", "Pluie", "rain", TEN_MINUTES, rain),
        Channel("wind", "Vent", "wind-speed", TEN_MINUTES, wind_speed),
        Channel("wind-from", "Direction du vent", "wind-direction", TEN_MINUTES, wind_direction),
        BATTERY,
    ),
    owner="epci",
)  # fmt: skip
AIR = Sort(
    "air", "environment", "air-station", "Capteur d'air", 0.01,
    (Channel("no2", "NO2", "no2", QUARTER, no2), Channel("pm10", "PM10", "pm10", QUARTER, pm10)),
    owner="epci",
)  # fmt: skip
NOISE = Sort(
    "noise", "environment", "noise-station", "Sonomètre", 0.02,
    (Channel("level", "Niveau sonore", "noise", QUARTER, noise_level), BATTERY),
    owner="epci",
)  # fmt: skip
SORTS = (STATION, AIR, NOISE)
PLACES = ()
