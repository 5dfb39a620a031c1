"""Keys: shares by what each member is or uses, mixed, and held between a floor and a cap.

A key is voted and written in the statutes or an agreement; it is a proportion, not a computation on groups.
"""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from beffroi.errors import Invalid, Text
from beffroi.pooling.amounts import largest_remainder
from beffroi.pooling.services import Member
from beffroi.pooling.tariffs import MEMBERS

EQUAL = MEMBERS
"""the equal part: each member counts for 1"""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`by`: a quantity (population, fiscal potential, devices, consumption…), or `members` for equal parts."""

    by: str
    weight: Decimal = Decimal(1)


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`floor` and `cap`: of any member's share, in percent of the whole."""

    parts: tuple[Part, ...]
    floor: Decimal = Decimal(0)
    cap: Decimal = Decimal(100)


def by(quantity: str) -> Key:
    return Key((Part(quantity),))


def proportions(key: Key, members: Sequence[Member]) -> list[Decimal]:
    """Of the whole, in the order of members; they make 1. Raises `Invalid`."""
    weights = sum((part.weight for part in key.parts), Decimal(0))
    if any(part.weight < 0 for part in key.parts) or weights <= 0:
        raise Invalid("parts", Text("poids positifs attendus", "expected positive weights"))
    mixed = [Decimal(0)] * len(members)
    for part in key.parts:
        amounts = [_amount(part.by, member) for member in members]
        whole = sum(amounts, Decimal(0))
        if whole <= 0:
            raise Invalid(part.by, Text("aucun membre n'en a", "no member has any"))
        mixed = [one + amount / whole * part.weight / weights for one, amount in zip(mixed, amounts, strict=True)]
    return _held(mixed, key.floor / 100, key.cap / 100)


def shares(key: Key, members: Sequence[Member], amount: Decimal) -> dict[str, Decimal]:
    """`amount`, whole cents, by member, to the cent."""
    found = largest_remainder(amount, proportions(key, members))
    return {member.name: share for member, share in zip(members, found, strict=True)}


def _amount(quantity: str, member: Member) -> Decimal:
    return Decimal(1) if quantity == EQUAL else member.quantities.get(quantity, Decimal(0))


def _held(wanted: list[Decimal], floor: Decimal, cap: Decimal) -> list[Decimal]:
    """What is over the cap or short of the floor is spread over the others in proportion, until all hold: the factor by
    which the others are multiplied is found by fixing, at each turn, the side that weighs more."""
    count = len(wanted)
    if not 0 <= floor <= cap or floor * count > 1 or cap * count < 1:
        raise Invalid(
            "cap",
            Text(
                f"impossible à {count} : plancher de {floor:.2%}, plafond de {cap:.2%}",
                f"impossible with {count}: a floor of {floor:.2%} and a cap of {cap:.2%}",
            ),
        )
    fixed: dict[int, Decimal] = {}
    while True:
        spread = _spread(wanted, fixed)
        over = {one: cap for one, share in spread.items() if share > cap}
        under = {one: floor for one, share in spread.items() if share < floor}
        if not over and not under:
            return [fixed[one] if one in fixed else spread[one] for one in range(count)]
        excess = sum((spread[one] - cap for one in over), Decimal(0))
        lack = sum((floor - spread[one] for one in under), Decimal(0))
        fixed |= over if excess >= lack else under


def _spread(wanted: list[Decimal], fixed: dict[int, Decimal]) -> dict[int, Decimal]:
    """What the fixed ones leave, to the others in proportion; equally where they should have nothing."""
    others = {one: share for one, share in enumerate(wanted) if one not in fixed}
    left, whole = 1 - sum(fixed.values(), Decimal(0)), sum(others.values(), Decimal(0))
    if whole == 0:
        return {one: left / len(others) for one in others}
    return {one: share * left / whole for one, share in others.items()}
