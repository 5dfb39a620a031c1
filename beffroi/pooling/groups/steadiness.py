"""Whether a group holds together by a key, and the nearest shares by which it does.

Anybody may stay alone, and any part of the group may pool by itself. Up to 20 members every part is tried, each served
from the best placed of its members; beyond, parts are searched for and proven, served from where the whole is.
"""

from dataclasses import dataclass
from decimal import Decimal

import msgspec
import numpy as np

from beffroi.pooling import stable
from beffroi.pooling.coalitions import Floats, sums
from beffroi.pooling.games import MOST, Game
from beffroi.pooling.groups.pool import Pool
from beffroi.pooling.groups.question import KILOMETRES, Question
from beffroi.pooling.service_groups import Flags, Groups
from beffroi.pooling.services import Member, Service
from beffroi.pooling.stable import WITHIN, Ask, Worst
from beffroi.pooling.tariffs import PerUnit


@dataclass(frozen=True, eq=False)
class Steadiness:
    """`excess`: what the members marked in `blocking` would save by going; `shares`: nearest the key, that hold with
    `lacking` a year from elsewhere."""

    excess: float
    blocking: Flags
    shares: Floats
    lacking: float

    @property
    def holds(self) -> bool:
        return not self.blocking.any()


def looked_at(question: Question, pool: Pool, chosen: Flags, alone: Floats, wanted: Floats, far: Floats) -> Steadiness:
    """`alone`, `wanted`: of the members of the group, in its order; `far`: kilometres from where it is served."""
    total = float(wanted.sum())
    if total <= 0:
        return Steadiness(0.0, np.zeros(len(wanted), dtype=bool), wanted, 0.0)
    small = int(chosen.sum()) <= MOST
    ask = _tried(question, pool, chosen, alone) if small else _searched(question, chosen, alone, far)
    worst = ask(wanted, WITHIN * total, True)
    found = stable.nearest_stable(wanted, total, ask)
    holds = worst.excess <= WITHIN * total
    blocking = np.zeros(len(wanted), dtype=bool) if holds else worst.members.astype(bool)
    return Steadiness(0.0 if holds else worst.excess, blocking, found.shares, found.lacking)


def _tried(question: Question, pool: Pool, chosen: Flags, alone: Floats) -> Ask:
    costs = pool.only(chosen).table()
    apart = np.asarray(sums(alone), dtype=np.float64)
    costs[:-1] = np.minimum(costs, apart)[:-1]
    names = tuple(one.name for one, inside in zip(question.members, chosen, strict=True) if inside)
    return stable.of_table(Game(names, costs))


def _searched(question: Question, chosen: Flags, alone: Floats, far: Floats) -> Ask:
    asked = stable.of_service(Groups(_served(question, chosen, far)))

    def ask(shares: Floats, enough: float, proving: bool) -> Worst:
        over = shares - alone
        if over.max() > enough:
            marked = np.zeros(len(shares))
            marked[int(over.argmax())] = 1.0
            return Worst(marked, float(over.max()), float(alone[int(over.argmax())]), np.inf)
        found = asked(shares, enough, proving)
        return (
            found
            if found.excess >= over.max()
            else Worst(found.members, found.excess, found.cost, max(found.bound, float(over.max())))
        )

    return ask


def _served(question: Question, chosen: Flags, far: Floats) -> Service:
    """The group's service, in which travel is one more quantity."""
    inside = [one for one, kept in zip(question.service.members, chosen, strict=True) if kept]
    service = msgspec.structs.replace(question.service, members=inside)
    if question.distance is None or not question.distance.per_km:
        return service
    members = [
        Member(one.name, {**one.quantities, KILOMETRES: Decimal(repr(float(km)))})
        for one, km in zip(inside, far, strict=True)
    ]
    going = PerUnit(name=KILOMETRES, unit=KILOMETRES, price=question.distance.per_km)
    return Service(members=members, costs=[*service.costs, going], name=service.name)
