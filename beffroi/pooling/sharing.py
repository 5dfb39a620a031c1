"""Who pays, looked at from all sides: the voted key beside the methods, what is stable, and who would do better alone.

For computing apart: with all groups of a table up to 20 members, with groups searched for and proven beyond.
"""

from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from functools import partial

import msgspec
import numpy as np

from beffroi.errors import BeffroiError, Text
from beffroi.pooling import stable
from beffroi.pooling.amounts import cents, in_cents
from beffroi.pooling.changes import Change, departure_by_key, departure_by_method
from beffroi.pooling.coalitions import Floats
from beffroi.pooling.core import stability
from beffroi.pooling.games import MOST, Game
from beffroi.pooling.keys import Key, proportions
from beffroi.pooling.methods import METHODS, Method
from beffroi.pooling.programme.plan import Said
from beffroi.pooling.service_groups import Found, Groups
from beffroi.pooling.services import Service

KEY, NEAREST = "key", "nearest"
WITHIN = 1e-6
"""of the whole cost, to which a proof is brought"""
FEW = 10
"""members up to which departures are told by each method, beyond by the voted key"""
STEP = Text("parts", "shares")
Told = Callable[[Text, float, float, float | None], None]


class Sharing(msgspec.Struct, frozen=True):
    """What each pays by one method. `excess`: what the group in `blocking` would save alone, 0 at most when no group
    would; `subsidy`: what somebody else has to bring for it to be stable. `refused`: why there are no amounts."""

    method: str
    title: Said
    amounts: dict[str, Decimal]
    stable: bool
    excess: Decimal
    blocking: list[str]
    subsidy: Decimal = Decimal(0)
    refused: Said | None = None

    def of(self, members: Collection[str]) -> "Sharing":
        amounts = {name: amount for name, amount in self.amounts.items() if name in members}
        return msgspec.structs.replace(self, amounts=amounts, blocking=[])


class Departure(msgspec.Struct, frozen=True):
    """By method, how much more each of the others would pay; what the leaver paid is in `paid`."""

    member: str
    method: str
    paid: Decimal
    differences: dict[str, Decimal]


class SharesFound(msgspec.Struct, frozen=True):
    """`alone`: what each would pay by itself. The voted key comes first, then the nearest that is stable."""

    total: Decimal
    alone: dict[str, Decimal]
    sharings: list[Sharing]
    departures: list[Departure]

    def of(self, members: Collection[str]) -> "SharesFound":
        """What these members read: their own amounts, and totals."""
        return SharesFound(
            self.total,
            {name: amount for name, amount in self.alone.items() if name in members},
            [one.of(members) for one in self.sharings],
            [],
        )


def looked_at(service: Service, key: Key, told: Told) -> SharesFound:
    """`service` costs something."""
    total = cents(service.cost())
    game = service.game() if len(service.members) <= MOST else None
    steps = len(METHODS) + 3
    found: list[Sharing] = []
    for number, sharing in enumerate(_sharings(service, key, game)):
        found.append(sharing)
        told(STEP, number + 1, steps, None)
    return SharesFound(
        total=total,
        alone={one.name: cents(service.cost([one])) for one in service.members},
        sharings=found,
        departures=list(_departures(service, key, game)),
    )


def _sharings(service: Service, key: Key, game: Game | None) -> Iterator[Sharing]:
    total = float(service.cost())
    groups = None if game else Groups(service)
    wanted = np.array([float(one) for one in proportions(key, service.members)]) * total
    yield _judged(service, KEY, Text("clé votée", "voted key"), wanted, game, groups)
    ask = stable.of_table(game) if game else stable.of_service(groups or Groups(service))
    nearest = stable.nearest_stable(wanted, total, ask)
    lacking = cents(Decimal(repr(nearest.lacking)))
    title = Text("la plus proche qui soit stable", "the nearest that is stable")
    amounts = in_cents(_named(service, nearest.shares), cents(service.cost()) - lacking)
    holds = Sharing(NEAREST, Said(*title), amounts, True, Decimal(0), [], lacking)
    yield holds
    for method in METHODS.values():
        if game is not None:
            yield _by_method(service, game, method)
        elif method.name == "proportional-standalone":
            alone = np.array([float(service.cost([one])) for one in service.members])
            yield _judged(service, method.name, method.title, alone * total / alone.sum(), None, groups)


def _by_method(service: Service, game: Game, method: Method) -> Sharing:
    try:
        return _judged(service, method.name, method.title, method.share(game), game, None)
    except BeffroiError as error:
        return Sharing(method.name, Said(*method.title), {}, False, Decimal(0), [], refused=Said(*error.text))


def _judged(
    service: Service, name: str, title: Text, shares: Floats, game: Game | None, groups: Groups | None
) -> Sharing:
    total = float(service.cost())
    if game is not None:
        found = stability(game, shares)
        excess, blocking = found.excess, list(found.blocking)
    else:
        assert groups is not None
        worst = _worst(groups, shares, total)
        excess = worst.excess
        blocking = [one for one, chosen in zip(service.names, worst.members, strict=True) if chosen]
    holds = excess <= WITHIN * total
    amounts = in_cents(_named(service, shares), cents(service.cost()))
    told = cents(Decimal(repr(float(excess))))
    return Sharing(
        name, Said(*title), amounts, bool(holds), min(told, Decimal(0)) if holds else told, [] if holds else blocking
    )


def _worst(groups: Groups, shares: Floats, total: float) -> Found:
    """Searched for; proven only where the search finds no group that gains."""
    found = groups.search(shares)
    return found if found.excess > WITHIN * total else groups.prove(shares, WITHIN * total)


def _named(service: Service, shares: Floats) -> dict[str, float]:
    return dict(zip(service.names, map(float, shares), strict=True))


def _departures(service: Service, key: Key, game: Game | None) -> Iterator[Departure]:
    if len(service.members) < 2:
        return
    ways: dict[str, Callable[[str], list[Change]]] = {KEY: lambda member: departure_by_key(service, member, key)}
    if game is not None and game.count <= FEW:
        ways |= {name: partial(_by, game, method) for name, method in METHODS.items()}
    for member in service.names:
        for name, changes in ways.items():
            try:
                yield _departure(member, name, changes(member))
            except BeffroiError:  # refused with or without the member
                continue


def _by(game: Game, method: Method, member: str) -> list[Change]:
    return departure_by_method(game, member, method)


def _departure(member: str, method: str, changes: list[Change]) -> Departure:
    paid = next(one.before for one in changes if one.member == member)
    return Departure(
        member, method, paid or Decimal(0), {one.member: one.difference for one in changes if one.member != member}
    )
