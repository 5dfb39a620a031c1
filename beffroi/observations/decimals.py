"""Numbers as decimals: whole numbers over a power of ten. Most sensors tell a few decimals, which take half the room of
doubles that way, and are written five times as soon."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.observations.sums import runs

POWERS = 10 ** np.arange(10)
"""up to nine decimals"""
EXACT = 2.0**53
"""whole numbers below it are told apart by doubles"""


def columns(series: NDArray[np.int64], value: NDArray[np.float64]) -> dict[str, pa.Array]:
    """`digits`, `divisor` and `value` of numbers (NaN for null), those of a series together.

    `digits / divisor` is the very double that was given; one that no decimal tells stays in `value`. A series has one
    divisor, of as many decimals as it needs.
    """
    places = _places(value)
    opens = runs(series)
    most = np.maximum.reduceat(places, opens) if len(opens) else places
    divisor = POWERS[np.maximum(np.repeat(most, np.diff(np.append(opens, len(series)))), 0)]
    within = np.where(places >= 0, value, 0.0)
    digits = np.rint(within * divisor)
    told = (places >= 0) & (np.abs(digits) < EXACT) & (digits / divisor == within)
    digits[~told] = 0
    return {
        "digits": pa.array(digits.astype(np.int64), mask=~told),
        "divisor": pa.array(divisor, mask=~told),
        "value": pa.array(value, mask=told | np.isnan(value)),
    }


def _places(value: NDArray[np.float64]) -> NDArray[np.int8]:
    """How many decimals tell each exactly; -1 where none do."""
    found = np.full(len(value), -1, np.int8)
    # a negative zero is no whole number
    left = np.flatnonzero((np.abs(value) < EXACT) & ((value != 0) | ~np.signbit(value)))
    for places, power in enumerate(POWERS):
        rest = value[left]
        digits = np.rint(rest * power)
        exact = (digits / power == rest) & (np.abs(digits) < EXACT)
        found[left[exact]] = places
        left = left[~exact]
        if not len(left):
            break
    return found


def numbers(columns: Mapping[str, NDArray[Any]], length: int) -> NDArray[np.float64]:
    """What `columns` took apart, from those of its columns that are there (as `plain` gives them); NaN for null."""
    value = columns.get("value")
    if "digits" not in columns:
        return np.full(length, np.nan) if value is None else value
    told = columns["digits"] / columns["divisor"]
    return told if value is None else np.where(np.isnan(told), value, told)


def plain(column: pa.ChunkedArray) -> NDArray[Any]:
    """Null as NaN; without a copy where there is none and all is in one piece."""
    return np.asarray(column.chunk(0).to_numpy(zero_copy_only=False) if column.num_chunks == 1 else column.to_numpy())
