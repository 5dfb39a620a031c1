"""When a battery will have to be changed, from how it was seen to empty: told with its margin, or not at all.

The pace is the median of the slopes between any two weeks since the last change (Theil; Sen, *Estimates of the
regression coefficient based on Kendall's tau*, JASA 63 (1968)), which a cold week or a wrong reading does not bend; its
margin is Sen's, from Kendall's variance. Weeks that resemble one another make it somewhat narrow: it is a margin, and
no promise.
"""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
EMPTY = 10.0
"""per cent, at which a battery is changed"""
CHANGED = 20.0
"""points gained from a week to the next: a new battery"""
LEAST_WEEKS = 12
LEAST_DROP = 3.0
"""points, under which nothing is told from the gauge's own steps"""
LEVEL = 0.9
FURTHEST = 15 * 365
"""days: further is not told"""


CHEMISTRIES = {
    "alkaline": True,
    "lithium-iron-disulfide": False,
    "lithium-manganese-dioxide": False,
    "lithium-thionyl-chloride": False,
}
"""whether the voltage falls all along; those of lithium stay level until shortly before the end, and tell nothing"""


class Discharge(NamedTuple):
    """What is stated of a model's battery: volts when new and when spent, and whether they fall all along."""

    full: float
    empty: float
    falls: bool

    def charge(self, volts: Floats) -> Floats:
        """Per cent, in proportion."""
        return np.clip(100 * (volts - self.empty) / (self.full - self.empty), 0, 100)


class Emptying(NamedTuple):
    """`level`: the last one, in per cent, of `seen`; `pace`: points lost a day. The day at which `EMPTY` is reached,
    and between which days; `latest` None when it may be never."""

    level: float
    seen: date
    pace: float
    at: date
    earliest: date
    latest: date | None
    weeks: int


def emptying(days: Sequence[date], levels: Floats) -> Emptying | None:
    """`levels`: per cent, by weeks that rise. None when too little was seen, or nothing was lost."""
    since = _since(levels)
    level = levels[since:]
    x = np.array([one.toordinal() for one in days[since:]], np.float64)
    if len(level) < LEAST_WEEKS or float(level[:3].mean() - level[-3:].mean()) < LEAST_DROP:
        return None
    slow, pace, fast = _paces(x, level)
    if pace <= 0:
        return None
    last, now = days[-1], float(np.median(level[-3:]))
    left = max(now - EMPTY, 0.0)

    def reached(at: float) -> date | None:
        away = left / at if at > 0 else math.inf
        return last + timedelta(days=round(away)) if away <= FURTHEST else None

    at, earliest = reached(pace), reached(fast)
    if at is None or earliest is None:
        return None
    return Emptying(now, last, pace, at, earliest, reached(slow), len(level))


def life(pace: float) -> float:
    """Months from full to `EMPTY` at that pace."""
    return (100 - EMPTY) / pace / (365.2425 / 12)


def _since(levels: Floats) -> int:
    """The first week of the present battery."""
    rises = np.flatnonzero(np.diff(levels) >= CHANGED)
    return int(rises[-1]) + 1 if len(rises) else 0


def _paces(x: Floats, level: Floats) -> tuple[float, float, float]:
    """Points lost a day: at the slowest, as seen, at the fastest."""
    one, other = np.triu_indices(len(x), 1)
    slopes = np.sort((level[one] - level[other]) / (x[other] - x[one]))
    count = len(x)
    reach = NormalDist().inv_cdf((1 + LEVEL) / 2) * math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    low = int(max((len(slopes) - reach) / 2, 0))
    high = int(min((len(slopes) + reach) / 2, len(slopes) - 1))
    return float(slopes[low]), float(np.median(slopes)), float(slopes[high])
