"""Chance that repeats: every draw is a pure function of a seed and a position.

So any instant can be told alone, in any order, and the live feed goes on where history stops.
"""

from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Seeds = NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def seed_of(*words: object) -> np.uint64:
    """A seed for what `words` name, the same on every machine."""
    digest = blake2b("\x1f".join(str(word) for word in words).encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


def seeds(name: str, seed: int, count: int) -> Seeds:
    """`count` independent seeds under one name."""
    return _mixed(seed_of(name, seed), np.arange(count, dtype=np.int64))


def apart(seed: Any, name: str) -> Seeds:
    """Other seeds, one for each of `seed`, for another use of the same thing."""
    return np.asarray(np.bitwise_xor(seed, seed_of(name)), np.uint64)


def chance(seed: Any, position: Any = 0) -> Floats:
    """Uniform in [0, 1), one draw for each (seed, whole position); the two broadcast."""
    bits = _mixed(seed, position)
    np.right_shift(bits, np.uint64(11), out=bits)
    return np.asarray(bits * 2.0**-53, np.float64)


def between(seed: Any, name: str, low: float, high: float) -> Floats:
    """A constant of each thing, uniform between two bounds."""
    return low + (high - low) * chance(apart(seed, name))


def smooth(seed: Any, position: Any) -> Floats:
    """A curve through one random value in [-1, 1] at each whole position; its slope stays under 3."""
    whole = np.floor(position)
    part = position - whole
    cell = whole.astype(np.int64)
    before = chance(seed, cell)
    after = chance(seed, cell + 1)
    ease = part * part * (3 - 2 * part)
    return np.asarray(2 * (before + (after - before) * ease) - 1)


def _mixed(seed: Any, position: Any) -> Seeds:
    """The finaliser of SplitMix64 (Steele, Lea, Flood 2014)."""
    bits: Seeds = np.asarray(np.asarray(position, np.int64).view(np.uint64) * _GOLDEN + np.asarray(seed, np.uint64))
    bits = np.atleast_1d(bits)
    bits ^= bits >> np.uint64(30)
    bits *= _FIRST
    bits ^= bits >> np.uint64(27)
    bits *= _SECOND
    bits ^= bits >> np.uint64(31)
    return bits
