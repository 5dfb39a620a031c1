"""Amounts of accounts: exact, in cents, and shares that make the whole to the cent."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
MOST = Decimal(10**15)
"""of any quantity or amount that is entered"""


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def largest_remainder(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`amount`, whole cents, in proportion to `weights`: rounded down, then a cent more to those who lost most by it;
    of equals, the first. Weights are at least 0 and one is above."""
    whole = sum(weights, Decimal(0))
    exact = [amount * weight / whole for weight in weights]
    shares = [one.quantize(CENT, ROUND_DOWN) for one in exact]
    left = int((amount - sum(shares, Decimal(0))) / CENT)
    step = CENT if left >= 0 else -CENT
    order = sorted(range(len(shares)), key=lambda index: (-abs(exact[index] - shares[index]), index))
    for index in order[: abs(left)]:
        shares[index] += step
    return shares


def in_cents(shares: Mapping[str, float], amount: Decimal) -> dict[str, Decimal]:
    """Shares computed in floating point as amounts of accounts that make `amount` to the cent."""
    exact = {name: Decimal(repr(float(share))) for name, share in shares.items()}
    found = {name: share.quantize(CENT, ROUND_DOWN) for name, share in exact.items()}
    left = int((amount - sum(found.values(), Decimal(0))) / CENT)
    order = sorted(found, key=lambda name: exact[name] - found[name], reverse=left > 0)
    for position in range(abs(left)):
        found[order[position % len(order)]] += CENT if left > 0 else -CENT
    return found
