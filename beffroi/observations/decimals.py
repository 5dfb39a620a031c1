"""Numbers as decimals: whole numbers over a power of ten. Most sensors tell a few decimals, which take half the room of
doubles that way, and are written five times as soon."""

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


def numbers(rows: pa.RecordBatch | pa.Table) -> NDArray[np.float64]:
    """What `columns` took apart, from those of its columns that are there; NaN for null."""
    there = rows.schema.names
    value = _plain(rows.column("value")) if "value" in there else np.full(rows.num_rows, np.nan)
    if "digits" not in there:
        return value
    told = _plain(rows.column("digits")) / _plain(rows.column("divisor"))
    return np.where(np.isnan(told), value, told) if "value" in there else told


def _plain(column: pa.Array | pa.ChunkedArray) -> NDArray[Any]:
    """Null as NaN."""
    if isinstance(column, pa.ChunkedArray):
        return np.asarray(column.to_numpy())
    return np.asarray(column.to_numpy(zero_copy_only=False))
