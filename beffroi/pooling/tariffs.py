"""What a service costs a group, by what the group uses: the kinds of tariffs that suppliers and syndicates apply.

Each is a function of one quantity, made of straight pieces. Where two pieces meet at different amounts, the cheaper
holds: a capacity of 1,000 includes the thousandth, a discount from 1,000 begins with it. Nothing used, nothing paid.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import NamedTuple

import msgspec

from beffroi.errors import Fault, Invalid, Text

MEMBERS = "members"
"""the quantity of which each member counts for 1"""
ENDLESS = Decimal("Infinity")


class Piece(NamedTuple):
    """Of quantities from `low` to `high`, both included: `base` + `slope` x quantity."""

    low: Decimal
    high: Decimal
    base: Decimal
    slope: Decimal


NOTHING = Piece(Decimal(0), Decimal(0), Decimal(0), Decimal(0))


class Charge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """`vat`: in percent, the VAT that the payer bears; amounts are without it."""

    name: str = ""
    vat: Decimal = Decimal(0)

    @property
    def taxed(self) -> Decimal:
        return 1 + self.vat / 100

    def faults(self) -> Iterable[Text]:
        """What is wrong with it, besides negative amounts."""
        return ()


class Fixed(Charge, frozen=True, tag="fixed"):
    """Paid once, whoever belongs to the group."""

    amount: Decimal
    unit = MEMBERS

    def pieces(self) -> list[Piece]:
        return [NOTHING, Piece(Decimal(1), ENDLESS, self.amount * self.taxed, Decimal(0))]


class PerUnit(Charge, frozen=True, tag="per-unit"):
    """So much a member, a device, a message, an hour of watch, an intervention."""

    unit: str
    price: Decimal

    def pieces(self) -> list[Piece]:
        return [Piece(Decimal(0), ENDLESS, Decimal(0), self.price * self.taxed)]


class FlatStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`up_to`: included; the last step has none."""

    amount: Decimal
    up_to: Decimal | None = None


class Stepped(Charge, frozen=True, tag="stepped"):
    """A flat amount by size: the first step that is large enough."""

    unit: str
    steps: list[FlatStep]

    def pieces(self) -> list[Piece]:
        ends = [ENDLESS if step.up_to is None else step.up_to for step in self.steps]
        lows = [Decimal(0), *ends]
        found = [
            Piece(low, high, step.amount * self.taxed, Decimal(0))
            for low, high, step in zip(lows, ends, self.steps, strict=False)
        ]
        return [NOTHING, *found]

    def faults(self) -> Iterable[Text]:
        ends = [ENDLESS if step.up_to is None else step.up_to for step in self.steps]
        if not ends or ends[-1] != ENDLESS:
            yield Text("la dernière marche n'a pas de limite", "the last step has no limit")
        if any(low >= high for low, high in pairwise([Decimal(0), *ends])):
            yield Text("limites croissantes attendues", "expected increasing limits")
        if any(one.amount > other.amount for one, other in pairwise(self.steps)):
            yield Text("montants croissants attendus", "expected increasing amounts")


class Packs(Charge, frozen=True, tag="packs"):
    """By whole packs: 100 licences, a gateway for 500 devices."""

    unit: str
    size: Decimal
    price: Decimal

    def packs(self, quantity: Decimal) -> Decimal:
        return (quantity / self.size).to_integral_value(ROUND_CEILING)

    def faults(self) -> Iterable[Text]:
        if self.size <= 0:
            yield Text("taille positive attendue", "expected a positive size")


class Rate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"since": "from"}):
    """The price from this quantity on."""

    price: Decimal
    since: Decimal = Decimal(0)


class Rates(Charge, frozen=True):
    unit: str
    rates: list[Rate]

    def _spans(self) -> list[tuple[Decimal, Decimal, Decimal]]:
        ends = [*(rate.since for rate in self.rates[1:]), ENDLESS]
        return [(rate.since, end, rate.price * self.taxed) for rate, end in zip(self.rates, ends, strict=True)]

    def faults(self) -> Iterable[Text]:
        if not self.rates or self.rates[0].since != 0:
            yield Text("le premier prix vaut à partir de 0", "the first price is from 0")
        if any(one.since >= other.since for one, other in pairwise(self.rates)):
            yield Text("seuils croissants attendus", "expected increasing thresholds")


class Slices(Rates, frozen=True, tag="slices"):
    """Each unit at the price of its slice."""

    def pieces(self) -> list[Piece]:
        found, before = [], Decimal(0)
        for low, high, price in self._spans():
            found.append(Piece(low, high, before - price * low, price))
            before += (high - low) * price if high != ENDLESS else Decimal(0)
        return found


class AllUnits(Rates, frozen=True, tag="all-units"):
    """All units at the price that the quantity reaches. At a threshold, the lower of its two prices."""

    def pieces(self) -> list[Piece]:
        return [Piece(low, high, Decimal(0), price) for low, high, price in self._spans()]

    def faults(self) -> Iterable[Text]:
        yield from super().faults()
        if any(one.price < other.price for one, other in pairwise(self.rates)):
            yield Text("prix décroissants attendus", "expected decreasing prices")


Tariff = Fixed | PerUnit | Stepped | Packs | Slices | AllUnits


def cost(tariff: Tariff, quantity: Decimal) -> Decimal:
    """What a group that uses `quantity` pays, exactly."""
    if isinstance(tariff, Packs):
        return tariff.packs(quantity) * tariff.price * tariff.taxed
    return min(piece.base + piece.slope * quantity for piece in tariff.pieces() if piece.low <= quantity <= piece.high)


def check(charges: Sequence[Charge]) -> None:
    found = [
        Fault(f"costs[{number}]", text)
        for number, charge in enumerate(charges)
        for text in (*charge.faults(), *_negative(charge))
    ]
    if found:
        raise Invalid.of(found)


def _negative(tariff: Charge) -> Iterable[Text]:
    amounts = [tariff.vat]
    match tariff:
        case Fixed():
            amounts.append(tariff.amount)
        case PerUnit() | Packs():
            amounts.append(tariff.price)
        case Stepped():
            amounts += [step.amount for step in tariff.steps]
        case Slices() | AllUnits():
            amounts += [rate.price for rate in tariff.rates]
    if any(not amount.is_finite() or amount < 0 for amount in amounts):
        yield Text("montants finis, au moins 0, attendus", "expected finite amounts, 0 at least")
