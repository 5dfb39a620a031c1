"""The sky over the territory: the sun by formula, the weather by smooth noise that comes in from the sea."""

import numpy as np

from beffroi.demo.clock import DAY, HOUR, hour_of
from beffroi.demo.noise import Floats, Ints, apart, seed_of, smooth

LONGITUDE, LATITUDE = -1.43, 46.67
"""La Roche-sur-Yon"""


def elevation(times: Ints, longitude: Floats | float = LONGITUDE, latitude: Floats | float = LATITUDE) -> Floats:
    """Height of the sun in degrees (low-precision formulas of the Astronomical Almanac, good to 0.02°)."""
    days = times / DAY - 10957.5  # from noon, 1 January 2000
    anomaly = np.radians(357.528 + 0.9856003 * days)
    mean = np.radians(280.460 + 0.9856474 * days)
    ecliptic = mean + np.radians(1.915) * np.sin(anomaly) + np.radians(0.020) * np.sin(2 * anomaly)
    tilt = np.radians(23.439)
    ascension = np.arctan2(np.cos(tilt) * np.sin(ecliptic), np.cos(ecliptic))
    declination = np.arcsin(np.sin(tilt) * np.sin(ecliptic))
    sidereal = np.radians(280.46062 + 360.98564737 * days + longitude)
    height = np.sin(np.radians(latitude)) * np.sin(declination) + np.cos(np.radians(latitude)) * np.cos(
        declination
    ) * np.cos(sidereal - ascension)
    return np.asarray(np.degrees(np.arcsin(height)))


class Weather:
    """One weather for all, a little different from place to place. Takes seconds since 1970 and WGS 84 degrees."""

    def __init__(self, seed: int) -> None:
        self._seed = seed_of("weather", seed)

    def pressure(self, times: Ints, longitude: Floats) -> Floats:
        """hPa, at sea level."""
        return np.asarray(1016 + 22 * self._depression(times, longitude))

    def clouds(self, times: Ints, longitude: Floats) -> Floats:
        """Share of the sky covered, 0 to 1."""
        passing = self._noise("clouds", self._front(times, longitude) * 5)
        return np.clip(0.55 - 0.9 * self._depression(times, longitude) + 0.4 * passing, 0, 1)

    def temperature(self, times: Ints, longitude: Floats, latitude: Floats) -> Floats:
        """°C."""
        days = self._front(times, longitude)
        season = -np.cos(2 * np.pi * (times / DAY - 20.0) / 365.2425)
        swing = (2.2 + 1.3 * season) * (1.5 - self.clouds(times, longitude)) * (0.5 + 0.5 * _inland(longitude))
        daily = np.cos(2 * np.pi * (hour_of(times) - 15) / 24)
        mass = 4.2 * self._noise("air mass", days / 3.5) + 1.2 * self._noise("air", days * 2)
        here = 0.6 * self._noise("north", times / DAY) * (latitude - LATITUDE) / 0.3
        return np.asarray(12.4 + 7.0 * season + swing * daily + mass + here)

    def humidity(self, times: Ints, longitude: Floats) -> Floats:
        """Relative, %."""
        daily = np.cos(2 * np.pi * (hour_of(times) - 15) / 24)
        dry = 11 * (1.3 - self.clouds(times, longitude)) * daily
        moving = 8 * self._noise("moisture", self._front(times, longitude) * 1.5)
        wet = 14 * np.clip(self.clouds(times, longitude) - 0.7, 0, None)
        return np.clip(79 - dry + moving + wet, 25, 100)

    def rain(self, times: Ints, longitude: Floats, latitude: Floats) -> Floats:
        """mm an hour."""
        days = self._front(times, longitude)
        shower = self._noise("shower", days * 14 + 3 * (latitude - LATITUDE))
        heavy = np.clip(self.clouds(times, longitude) - 0.82, 0, None)
        return np.asarray(38 * heavy * np.clip(shower - 0.3, 0, None))

    def wind(self, times: Ints, longitude: Floats) -> Floats:
        """m/s, mean of ten minutes."""
        gusty = 1 + 0.3 * self._noise("gusts", self._front(times, longitude) * 60)
        storm = np.clip(-self._depression(times, longitude), 0, None)
        breeze = 0.8 * np.cos(2 * np.pi * (hour_of(times) - 15) / 24)
        return np.clip((3.2 + 12 * storm + breeze) * gusty * (1.35 - 0.5 * _inland(longitude)), 0, None)

    def wind_from(self, times: Ints, longitude: Floats) -> Floats:
        """Where it comes from, degrees clockwise from north: mostly the south-west."""
        days = self._front(times, longitude)
        return np.asarray((235 + 110 * self._noise("wind", days / 1.5) + 25 * self._noise("veer", days * 20)) % 360)

    def _depression(self, times: Ints, longitude: Floats) -> Floats:
        days = self._front(times, longitude)
        return 0.7 * self._noise("depression", days / 4.5) + 0.3 * self._noise("ridge", days / 1.7)

    def _front(self, times: Ints, longitude: Floats) -> Floats:
        """Days, counted later the further east: what comes from the sea takes an hour and a half a degree."""
        return np.asarray(times / DAY - (longitude - LONGITUDE) * 1.5 * HOUR / DAY)

    def _noise(self, name: str, position: Floats) -> Floats:
        return smooth(apart(self._seed, name), position)


def _inland(longitude: Floats) -> Floats:
    """0 on the islands, 1 in the bocage."""
    return np.clip((longitude + 2.2) / 1.4, 0, 1)
