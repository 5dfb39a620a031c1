"""What the arrival or the departure of a member changes for each."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from beffroi.pooling.amounts import cents, in_cents
from beffroi.pooling.games import Game
from beffroi.pooling.keys import Key, shares
from beffroi.pooling.methods import Method
from beffroi.pooling.services import Service


class Change(msgspec.Struct, frozen=True):
    """None where the member is not there."""

    member: str
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal:
        return (self.after or Decimal(0)) - (self.before or Decimal(0))


def between(before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> list[Change]:
    """In the order of before, then who arrived."""
    names = [*before, *(name for name in after if name not in before)]
    return [Change(name, before.get(name), after.get(name)) for name in names]


def departure_by_method(game: Game, leaving: str, method: Method) -> list[Change]:
    """Read the other way, its arrival. Costs are as they are: what the leaver still owes is not in them."""
    return between(_allocated(game, method), _allocated(game.without(leaving), method))


def departure_by_key(service: Service, leaving: str, key: Key) -> list[Change]:
    return between(_keyed(service, key), _keyed(service.without(leaving), key))


def _allocated(game: Game, method: Method) -> dict[str, Decimal]:
    found = dict(zip(game.players, map(float, method.share(game)), strict=True))
    return in_cents(found, cents(Decimal(repr(game.total))))


def _keyed(service: Service, key: Key) -> dict[str, Decimal]:
    return shares(key, service.members, cents(service.cost()))
