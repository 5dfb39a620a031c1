"""Who should join which group, and when: the group that saves most first, then the best of those that are left."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import numpy as np

from beffroi.errors import Text
from beffroi.pooling.amounts import cents, in_cents
from beffroi.pooling.coalitions import Floats
from beffroi.pooling.games import MOST
from beffroi.pooling.groups import places, starting, steadiness
from beffroi.pooling.groups.bounded import Bounded
from beffroi.pooling.groups.pool import Exact, Pool, Sizes
from beffroi.pooling.groups.proposal import (
    CriticalMass,
    GroupSize,
    GroupStart,
    Joining,
    LeftAlone,
    Proposed,
    ProposedGroup,
)
from beffroi.pooling.groups.question import Question
from beffroi.pooling.groups.starting import Day
from beffroi.pooling.keys import proportions
from beffroi.pooling.programme.plan import Said
from beffroi.pooling.service_groups import Flags

Told = Callable[[Text, float, float, float | None], None]
STEP = Text("groupes", "groups")
NOTHING = 0.005
"""euros: a smaller saving is none"""
MOST_GROUPS = 12
AGAIN = 3
"""days on which groups after the first are searched for: the best ones of the first"""
SCANNED = 12
"""prices tried to choose among days and members left; more for the first group"""


def proposed(question: Question, told: Told = lambda *_: None) -> Proposed:
    """`question` was checked."""
    return _Proposing(question, told).proposal()


class _Proposing:
    def __init__(self, question: Question, told: Told) -> None:
        self.question, self._told = question, told
        self.service = question.service
        self.far = None if question.distance is None else places.kilometres(question.members)
        travel = None
        if self.far is not None and question.distance is not None:
            travel = places.travel(self.far, question.distance)
        self.pool = Pool.of(self.service, travel)
        few = self.pool.count <= MOST
        self.search: Exact | Bounded = Exact(self.pool) if few else Bounded(self.pool)
        self.tariffs = np.array([float(self.service.cost([one])) for one in self.service.members])
        self.days = starting.days(question, self.tariffs)
        self._done, self._steps = 0, len(self.days) + 3

    def proposal(self) -> Proposed:
        everyone = np.ones(self.pool.count, dtype=bool)
        looked = [(day, self._scanned(day, everyone)) for day in self.days]
        starts = [_start(day, sizes, everyone) for day, sizes in looked]
        groups = list(self._groups(looked))
        self._step()
        critical = self._critical(groups[0][0] if groups else self.days[0])
        self._step()
        told = [self._group(day, chosen) for day, chosen in groups]
        self._step()
        return Proposed(
            name=self.question.name,
            method="exact" if isinstance(self.search, Exact) else "bounded",
            groups=told,
            left_out=list(self._left_out(groups)),
            bound=max((one.bound for one in starts), default=Decimal(0)),
            starts=starts,
            critical=critical,
        )

    def _scanned(self, day: Day, left: Flags) -> Sizes:
        self._step()
        return self._sizes(day.values, day.candidates & left, SCANNED)

    def _sizes(self, values: Floats, candidates: Flags, prices: int) -> Sizes:
        if isinstance(self.search, Exact):
            return self.search.sizes(values, candidates)
        return self.search.sizes(values, candidates, prices)

    def _groups(self, looked: list[tuple[Day, Sizes]]) -> Iterator[tuple[Day, Flags]]:
        left = np.ones(self.pool.count, dtype=bool)
        days = self.days
        if isinstance(self.search, Bounded):
            ranked = sorted(looked, key=lambda one: -one[0].years * float(one[1].found.max()))
            days = [day for day, _ in ranked[:AGAIN]]
        for number in range(MOST_GROUPS):
            day, sizes = max(looked, key=lambda one: one[0].years * float(one[1].found.max()))
            if number == 0 and isinstance(self.search, Bounded):
                more = self.search.sizes(day.values, day.candidates)
                sizes = more if more.found.max() > sizes.found.max() else sizes
            if sizes.best is None or sizes.found[sizes.best] * day.years <= NOTHING:
                return
            chosen = sizes.groups[sizes.best]
            yield day, chosen
            left = left & ~chosen
            if left.sum() < 2:
                return
            self._steps += len(days)
            looked = [(one, self._scanned(one, left)) for one in days]

    def _critical(self, day: Day) -> CriticalMass:
        everyone = np.ones(self.pool.count, dtype=bool)
        found = self.search.sizes(day.alone, everyone)
        pays = np.flatnonzero(found.found > NOTHING)
        might = np.flatnonzero(found.bound > NOTHING)
        size = int(pays[0]) if len(pays) else None
        least = int(might[0]) if len(might) else None
        return CriticalMass(
            size=size,
            least=least,
            proven=size == least,
            members=[] if size is None else self._names(found.groups[size]),
            saving=Decimal(0) if size is None else _money(float(found.found[size])),
            sizes=[
                GroupSize(one, _maybe(float(found.found[one])), _maybe(float(found.bound[one])))
                for one in range(2, self.pool.count + 1)
            ],
        )

    def _group(self, day: Day, chosen: Flags) -> ProposedGroup:
        inside = np.flatnonzero(chosen)
        place, travel = self.pool.going(chosen)
        far = np.zeros(len(inside)) if self.far is None else self.far[place, inside]
        members = [self.service.members[one] for one in inside]
        total = float(self.service.cost(members)) + travel
        wanted = np.array([float(one) for one in proportions(self.question.sharing_key, members)]) * total
        held = steadiness.looked_at(self.question, self.pool, chosen, day.alone[inside], wanted, far)
        names = self._names(chosen)
        alone = [_money(float(day.alone[one])) for one in inside]
        penalties = [_money(float(day.penalties[one])) for one in inside]
        costs = in_cents(dict(zip(names, map(float, wanted), strict=True)), _money(total))
        calm = in_cents(dict(zip(names, map(float, held.shares), strict=True)), _money(total) - _money(held.lacking))
        saving = float(day.alone[inside].sum()) - total
        return ProposedGroup(
            start=day.start,
            years=round(day.years, 2),
            served_from=None if self.far is None else self.service.names[place],
            names=names,
            members=[
                Joining(
                    member=name,
                    alone=each,
                    cost=costs[name],
                    stable_cost=calm[name],
                    saving=each - costs[name],
                    penalty=penalty,
                    contract_ends=None if (contract := self.question.members[one].contract) is None else contract.ends,
                    km=None if self.far is None else round(float(km), 1),
                )
                for one, name, each, penalty, km in zip(inside, names, alone, penalties, far, strict=True)
            ],
            alone=sum(alone, Decimal(0)),
            cost=_money(total),
            travel=_money(travel),
            saving=_money(saving),
            penalties=sum(penalties, Decimal(0)),
            net=_money(saving * day.years - float(day.penalties[inside].sum())),
            stable=held.holds,
            excess=_money(held.excess),
            blocking=[name for name, goes in zip(names, held.blocking, strict=True) if goes],
            subsidy=_money(held.lacking),
        )

    def _left_out(self, groups: list[tuple[Day, Flags]]) -> Iterator[LeftAlone]:
        taken = np.zeros(self.pool.count, dtype=bool)
        for _, chosen in groups:
            taken |= chosen
        for one in np.flatnonzero(~taken):
            yield self._why(int(one), groups[0] if groups else None)

    def _why(self, one: int, first: tuple[Day, Flags] | None) -> LeftAlone:
        name, candidate = self.service.names[one], self.question.members[one]
        if first is None:
            return LeftAlone(name, Said("aucun groupe n'économise rien", "no group saves anything"))
        day, chosen = first
        joined = chosen.copy()
        joined[one] = True
        when = starting.after(candidate)
        later = max(when, day.start) if when is not None else day.start
        if later >= self.question.until:
            return LeftAlone(name, Said("n'est pas libre avant la fin", "is not free before the end"))
        alone = starting.alone(candidate, float(self.tariffs[one]), later, self.question.until)
        adds = alone - (self.pool.cost(joined) - self.pool.cost(chosen))
        if not np.isfinite(adds):
            return LeftAlone(
                name, Said("trop loin de qui servirait le groupe", "too far from whoever would serve the group")
            )
        if adds <= NOTHING:
            return LeftAlone(
                name, Said("seule, elle paie moins que ce qu'elle ajouterait", "alone, it pays less than it would add")
            )
        if later > day.start and candidate.wished is not None and candidate.wished > day.start:
            why = Said("n'en a pas besoin avant", "does not need it before")
        elif later > day.start:
            why = Said(
                "son contrat court encore, et en sortir coûte plus",
                "its contract still runs, and leaving it costs more",
            )
        else:
            why = Said("rejoindrait un groupe déjà formé", "would join a group already made")
        return LeftAlone(name, why, later, _money(adds))

    def _names(self, chosen: Flags) -> list[str]:
        return [name for name, inside in zip(self.service.names, chosen, strict=True) if inside]

    def _step(self) -> None:
        self._done += 1
        self._told(STEP, min(self._done, self._steps), self._steps, None)


def _start(day: Day, sizes: Sizes, left: Flags) -> GroupStart:
    best = max(float(sizes.found.max()), 0.0) * day.years
    bound = max(float(sizes.bound.max()), 0.0) * day.years
    return GroupStart(day.start, int((day.candidates & left).sum()), _money(best), _money(bound))


def _money(value: float) -> Decimal:
    return cents(Decimal(repr(float(value))))


def _maybe(value: float) -> Decimal | None:
    return _money(value) if np.isfinite(value) else None
