"""Student's t: its quantiles, for intervals that few units make wide."""

import math

SMALL = 1e-300
CLOSE = 1e-14


def quantile(level: float, freedom: float) -> float:
    """The t that a share `level` (0.5 to 1) of the distribution is under. `freedom` may be a fraction."""
    if level <= 0.5:
        return 0.0
    low, high = 0.0, 1.0
    while below(high, freedom) < level and high < 1e9:
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle, freedom) < level else (low, middle)
        if high - low <= CLOSE * high:
            break
    return (low + high) / 2


def below(t: float, freedom: float) -> float:
    """The share of the distribution under `t`, at least 0."""
    return 1 - 0.5 * _beta(freedom / (freedom + t * t), freedom / 2, 0.5)


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function (DLMF 8.17.4 and 8.17.22), by Lentz's continued fraction."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    c, d, fraction = 1.0, _away(1 - (a + b) * x / (a + 1)), 1.0
    d = 1 / d
    fraction = d
    for m in range(1, 500):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / _away(1 + term * d), _away(1 + term / c)
            fraction *= d * c
        if abs(d * c - 1) < CLOSE:
            break
    return front * fraction


def _away(value: float) -> float:
    """From 0, which nothing is divided by."""
    return value if abs(value) > SMALL else SMALL
