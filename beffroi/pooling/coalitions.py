"""Coalitions as bit masks: member i is bit i, and the 2^n coalitions are the indices of one array."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def sums(values: NDArray[np.generic]) -> NDArray[np.generic]:
    """The sum of `values` over the members of every coalition, of the same type as `values`."""
    found = np.zeros(1 << len(values), dtype=values.dtype)
    for member, value in enumerate(values):
        bit = 1 << member
        found[bit : 2 * bit] = found[:bit] + value
    return found


def paid(shares: Floats) -> Floats:
    """What every coalition pays together."""
    return sums(shares)  # type: ignore[return-value]


def sizes(count: int) -> NDArray[np.int64]:
    """How many members every coalition of `count` members has."""
    return sums(np.ones(count, dtype=np.int64))  # type: ignore[return-value]


def with_member(values: Floats, member: int) -> Floats:
    """`values` of the coalitions that have the member, in the order of `without_member`."""
    return values.reshape(-1, 2, 1 << member)[:, 1, :]


def without_member(values: Floats, member: int) -> Floats:
    return values.reshape(-1, 2, 1 << member)[:, 0, :]


def rows(masks: NDArray[np.int64], count: int) -> Floats:
    """Each coalition as a row of 0 and 1, a column a member."""
    found: Floats = ((masks[:, None] >> np.arange(count)) & 1).astype(np.float64)
    return found


def members(mask: int) -> list[int]:
    return [bit for bit in range(mask.bit_length()) if mask >> bit & 1]


def first_of(masks: NDArray[np.int64]) -> int:
    """The coalition to name where several are equal: the fewest members, then the earliest in the players' order."""
    return min(map(int, masks), key=lambda mask: (mask.bit_count(), members(mask)))
