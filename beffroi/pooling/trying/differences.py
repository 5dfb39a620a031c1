"""By how much more a cohort moved than a comparison group: difference in differences, on one change a unit.

Each unit comes to one figure before and one after, so that days that resemble one another count once (Bertrand, Duflo
and Mullainathan, *How much should we trust differences-in-differences estimates?*, QJE 119 (2004), section IV.C). The
interval is Welch's, of two groups that need not vary alike (Welch, Biometrika 34 (1947); freedom as Satterthwaite,
Biometrics Bulletin 2 (1946)). Beside it, how often chance alone would part the groups so: permutations of the units, on
Welch's statistic (Janssen, Statistics & Probability Letters 36 (1997); Chung and Romano, Annals of Statistics 41
(2013)).
"""

import math
from itertools import combinations

import msgspec
import numpy as np
from numpy.typing import NDArray

from beffroi.pooling.trying import student

Floats = NDArray[np.float64]
LEVEL = 0.95
LEAST_UNITS = 4
"""in each group: with three in each, the most unequal of all 20 splits comes by chance more than once in 20"""
EXACT = 20_000
"""splits, up to which all are tried"""
DRAWN = 9_999
AT_ONCE = 2_000_000
"""figures of splits in memory"""
NEAR = 1e-9
"""relative: less is rounding"""


class Difference(msgspec.Struct, frozen=True):
    """In the figures' unit. `freedom`: of Student's t, None where nothing varies. `chance`: the share of splits of the
    units at least as far apart."""

    effect: float
    low: float
    high: float
    freedom: float | None
    chance: float


def difference(cohort: Floats, comparison: Floats, level: float = LEVEL, seed: int = 0) -> Difference:
    """Of each unit's change. Both groups have `LEAST_UNITS` at least."""
    effect = float(cohort.mean() - comparison.mean())
    parts = [float(one.var(ddof=1)) / len(one) for one in (cohort, comparison)]
    error = math.sqrt(sum(parts))
    scale = float(np.abs(np.concatenate([cohort, comparison])).max())
    if error <= NEAR * scale:
        return Difference(effect, effect, effect, None, chance(cohort, comparison, seed))
    freedom = sum(parts) ** 2 / sum(
        part * part / (len(one) - 1) for part, one in zip(parts, (cohort, comparison), strict=True)
    )
    reach = student.quantile((1 + level) / 2, freedom) * error
    return Difference(effect, effect - reach, effect + reach, freedom, chance(cohort, comparison, seed))


def chance(cohort: Floats, comparison: Floats, seed: int = 0) -> float:
    """All splits where they are few; otherwise some, drawn from `seed`, and the one seen (Phipson and Smyth,
    Statistical Applications in Genetics and Molecular Biology 9 (2010))."""
    both = np.concatenate([cohort, comparison])
    both = both / (float(np.abs(both).max()) or 1.0)
    count, taken = len(both), len(cohort)
    seen = float(_apart(both[None, :], taken)[0])
    least = seen - NEAR * max(1.0, seen)
    if math.comb(count, taken) <= EXACT:
        places = np.array(list(combinations(range(count), taken)))
        chosen = np.zeros((len(places), count), bool)
        np.put_along_axis(chosen, places, True, axis=1)
        order = np.argsort(~chosen, axis=1, kind="stable")
        return float((_apart(both[order], taken) >= least).mean())
    random, further, left = np.random.default_rng(seed), 1, DRAWN
    while left:
        some = min(left, max(1, AT_ONCE // count))
        further += int((_apart(random.permuted(np.tile(both, (some, 1)), axis=1), taken) >= least).sum())
        left -= some
    return further / (DRAWN + 1)


def _apart(splits: Floats, taken: int) -> Floats:
    """Welch's statistic of each row, its first `taken` against the others, without sign."""
    one, other = splits[:, :taken], splits[:, taken:]
    error = np.sqrt(one.var(axis=1, ddof=1) / one.shape[1] + other.var(axis=1, ddof=1) / other.shape[1])
    apart = np.abs(one.mean(axis=1) - other.mean(axis=1))
    apart = np.where(apart <= NEAR, 0.0, apart)
    return np.asarray(apart / np.maximum(error, NEAR))
