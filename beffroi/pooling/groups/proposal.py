"""What is proposed: groups with who joins and what each saves, who is left out, and from how many it pays."""

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from beffroi.pooling.programme.plan import Said

Method = Literal["exact", "bounded"]


class Joining(msgspec.Struct, frozen=True):
    """A member of a group, by the year: what it pays by itself and by the key. `stable_cost`: by the shares nearest the
    key that nobody has a reason to leave. `penalty`: once, for a contract that still runs; `km`: from the member that
    serves the group."""

    member: str
    alone: Decimal
    cost: Decimal
    stable_cost: Decimal
    saving: Decimal
    penalty: Decimal
    contract_ends: date | None
    km: float | None


class ProposedGroup(msgspec.Struct, frozen=True):
    """From `start`, for `years`: `saving` a year, `penalties` once, `net` over all. `served_from`: a member, where
    distances count. `stable`: by the key nobody, alone or with others of the group, would pay less; else those in
    `blocking` would save `excess` a year. `subsidy`: a year, without which no sharing at all is stable. `names`: of all
    its members."""

    start: date
    years: float
    served_from: str | None
    names: list[str]
    members: list[Joining]
    alone: Decimal
    cost: Decimal
    travel: Decimal
    saving: Decimal
    penalties: Decimal
    net: Decimal
    stable: bool
    excess: Decimal
    blocking: list[str]
    subsidy: Decimal


class LeftAlone(msgspec.Struct, frozen=True):
    """In no group, and why. `joins`: the day from which it would bring the first group `adds` a year."""

    member: str
    why: Said
    joins: date | None = None
    adds: Decimal | None = None


class GroupSize(msgspec.Struct, frozen=True):
    """Of groups of one size, a year: what the best one found saves, and what none exceeds. None: no group can be."""

    size: int
    saving: Decimal | None
    bound: Decimal | None


class CriticalMass(msgspec.Struct, frozen=True):
    """From how many it pays, whoever is bound by a contract. `size`: of the smallest group found, `members`, whose
    pooled cost is under its stand-alone sum; `least`: of none smaller can it be. `proven`: they are the same."""

    size: int | None
    least: int | None
    proven: bool
    members: list[str]
    saving: Decimal
    sizes: list[GroupSize]


class GroupStart(msgspec.Struct, frozen=True):
    """A day on which the first group could begin: how many could join, what the best group would save until the end,
    net of penalties, and what none exceeds."""

    day: date
    candidates: int
    net: Decimal
    bound: Decimal


class Proposed(msgspec.Struct, frozen=True):
    """`method`: `exact`, every group was tried; `bounded`, the best was searched for and `bound` proven: no group, on
    any of the days looked at, saves more until the end. Groups after the first are made of those that are left."""

    name: str
    method: Method
    groups: list[ProposedGroup]
    left_out: list[LeftAlone]
    bound: Decimal
    starts: list[GroupStart]
    critical: CriticalMass
