"""How often devices of a model fail: failures a device-year, with the interval that so few or so many allow.

The interval is exact for a count that follows Poisson's law (Garwood, *Fiducial limits for the Poisson distribution*,
Biometrika 28 (1936)): with no failure seen it still reaches above 0.
"""

import math

import msgspec

LEVEL = 0.9
HALVINGS = 60


class FailureRate(msgspec.Struct, frozen=True):
    """`failures`: of the model's own doing, in `device_years` seen; a hundred devices in a year, between `low` and
    `high` at 90 %. `presumed`: devices silent for long, of which nobody said why; they count for nothing else."""

    failures: int
    device_years: float
    per_hundred: float
    low: float
    high: float
    presumed: int


def rate(failures: int, device_years: float, presumed: int) -> FailureRate:
    """Of more than no device-year."""
    low, high = limits(failures)
    of_hundred = 100 / device_years
    return FailureRate(failures, device_years, failures * of_hundred, low * of_hundred, high * of_hundred, presumed)


def limits(count: int, level: float = LEVEL) -> tuple[float, float]:
    """Between which means a count is not a rare one."""
    tail = (1 - level) / 2
    low = 0.0 if count == 0 else _mean_where(count - 1, 1 - tail)
    return low, _mean_where(count, tail)


def _mean_where(count: int, chance: float) -> float:
    """The mean at which `count` or fewer come with `chance`, which falls as the mean rises."""
    low, high = 0.0, count + 10 * math.sqrt(count + 1) + 10
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(count, middle) > chance else (low, middle)
    return (low + high) / 2


def _at_most(count: int, mean: float) -> float:
    if mean == 0:
        return 1.0
    logs = [one * math.log(mean) - mean - math.lgamma(one + 1) for one in range(count + 1)]
    return math.fsum(math.exp(one) for one in logs)
