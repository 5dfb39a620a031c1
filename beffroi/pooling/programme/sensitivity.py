"""How far the weight of a criterion may change before the order does.

The weight of one criterion moves from 0 to 1 and the others keep their proportions: each net flow is then a straight
line, and the order changes where two lines cross (Mareschal, *Weight stability intervals in multicriteria decision
aid*, European Journal of Operational Research 33, 1988).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from beffroi.pooling.coalitions import Floats
from beffroi.pooling.programme.ranking import DIGITS

Whole = NDArray[np.int_]


@dataclass(frozen=True)
class Interval:
    """Of the weight of a criterion, all weights making 1."""

    low: float
    high: float


@dataclass(frozen=True)
class Stability:
    """`ranking`: where the whole order is the same; `first`: where who comes first does."""

    ranking: Interval
    first: Interval


def stabilities(net: Floats, weights: Floats) -> list[Stability]:
    """One a criterion, from net flows by action and criterion, and weights that make 1."""
    return [_stability(net, weights, number) for number in range(len(weights))]


def _stability(net: Floats, weights: Floats, number: int) -> Stability:
    weight = float(weights[number])
    others = np.delete(weights, number)
    left = others.sum()
    if left <= 0 or len(net) < 2:
        return Stability(Interval(0.0, 1.0), Interval(0.0, 1.0))
    without = np.delete(net, number, axis=1) @ (others / left)
    slope = net[:, number] - without
    value = without + weight * slope
    order = np.argsort(-value.round(DIGITS), kind="stable")
    leaders = value.round(DIGITS) == value.round(DIGITS).max()
    best = int(np.flatnonzero(leaders)[0])
    rest = np.delete(np.arange(len(net)), best)
    neighbours = _until(value, slope, order[:-1], order[1:], weight)
    return Stability(neighbours, _until(value, slope, np.full(len(rest), best), rest, weight))


def _until(value: Floats, slope: Floats, upper: Whole, lower: Whole, weight: float) -> Interval:
    """As long as each of `upper` stays over its one of `lower`; where they are equal now, only while they remain so."""
    ahead = (value[upper] - value[lower]).round(DIGITS)
    closing = slope[upper] - slope[lower]
    closing[np.abs(closing) < 10.0**-DIGITS] = 0.0
    moving = closing != 0
    crossing = weight - ahead[moving] / closing[moving]
    tied = ahead[moving] == 0
    below = crossing[(closing[moving] > 0) | tied]
    above = crossing[(closing[moving] < 0) | tied]
    low = float(np.max(below, initial=0.0))
    high = float(np.min(above, initial=1.0))
    return Interval(min(max(low, 0.0), weight), max(min(high, 1.0), weight))
