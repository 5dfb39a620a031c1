"""What an action brings and costs, by the quarter in which it starts.

All that follows from one action alone is known before any optimisation: the contracts it replaces are left at the
quarter that costs least, subsidies that come too late are lost. What depends on two actions or more (set-up, synergies)
is not here.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from beffroi.pooling.coalitions import Floats
from beffroi.pooling.programme import ranking
from beffroi.pooling.programme.model import Action, Programme, Silo


@dataclass(frozen=True, eq=False)
class Leaving:
    """Of a contract, once what replaces it is in service: by quarter, what is no longer paid, and the penalty. `at`:
    the quarter it is left; the horizon when never."""

    at: int
    saved: Floats
    penalty: Floats


@dataclass(frozen=True, eq=False)
class Flows:
    """Of one action from one start, in euros by quarter: `works`, `running` and `subsidies` of the structure;
    `benefits`, `saved` and `penalties` of members, all together."""

    works: Floats
    running: Floats
    subsidies: Floats
    benefits: Floats
    saved: Floats
    penalties: Floats

    @property
    def spent(self) -> Floats:
        """By the structure."""
        found: Floats = self.works + self.running - self.subsidies
        return found

    @property
    def net(self) -> Floats:
        found: Floats = self.benefits + self.saved - self.penalties - self.spent
        return found


class Worth:
    """Of the actions of a programme; each is computed once."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.horizon = programme.horizon
        self.discount: Floats = (1 + programme.discount_rate / 100) ** (-np.arange(self.horizon + 1) / 4)
        """of a sum at the beginning of each quarter"""
        self._silos = {silo.name: silo for silo in programme.silos}
        self._leavings: dict[tuple[str, int], Leaving] = {}

    @cached_property
    def scores(self) -> Floats:
        """Of each action: the group's net flow."""
        if not self.programme.criteria:
            return np.zeros(len(self.programme.actions))
        found: Floats = ranking.flows(self.programme).net @ ranking.group_weights(self.programme)
        return found

    def flows(self, action: Action, start: int) -> Flows:
        works, running, subsidies, benefits, saved, penalties = np.zeros((6, self.horizon))
        service = start + action.quarters
        works[start:service] = action.spending
        running[service:] = action.running
        benefits[service:] = sum(action.benefits.values())
        for at, amount in self.grants(action, start):
            subsidies[at] += amount
        for name in action.replaces:
            leaving = self.leaving(self._silos[name], service)
            saved += leaving.saved
            penalties += leaving.penalty
        return Flows(works, running, subsidies, benefits, saved, penalties)

    def grants(self, action: Action, start: int) -> list[tuple[int, float]]:
        """Subsidies: when, within the horizon, and how much."""
        found = []
        for one in action.subsidies:
            at = start + action.quarters + one.delay
            on_time = one.before is None or start <= self.programme.calendar.holding(one.before)
            if on_time and at < self.horizon:
                found.append((at, one.amount + one.rate / 100 * sum(action.spending)))
        return found

    def value(self, action: Action, start: int) -> float:
        """Net present value, without the score."""
        return float(self.flows(action, start).net @ self.discount[: self.horizon])

    def score(self, number: int, start: int) -> float:
        """The weighted score of the ranking, in euros: the net flow at its worth, discounted from the start."""
        return float(self.programme.score_weight * self.scores[number] * self.discount[start])

    def continuing(self, silo: Silo) -> Floats:
        """What a contract costs each quarter where nothing replaces it."""
        after = self.programme.calendar.after(silo.ends)
        renewed = silo.yearly_cost if silo.renewed_cost is None else silo.renewed_cost
        quarters = np.arange(self.horizon)
        found: Floats = np.where(quarters < after, silo.yearly_cost, renewed) / 4
        return found

    def leaving(self, silo: Silo, service: int) -> Leaving:
        """At the quarter, from `service` on, that costs least; of equals, the first."""
        key = (silo.name, service)
        if key not in self._leavings:
            self._leavings[key] = self._best_leaving(silo, service)
        return self._leavings[key]

    def _best_leaving(self, silo: Silo, service: int) -> Leaving:
        costs = self.continuing(silo)
        saving = np.append((costs * self.discount[:-1])[::-1].cumsum()[::-1], 0.0)
        best, chosen, owed = 0.0, self.horizon, 0.0
        for quarter in range(service, self.horizon):
            penalty = self._penalty(silo, quarter)
            if penalty is None:
                continue
            worth = float(saving[quarter] - penalty * self.discount[quarter])
            if worth > best:
                best, chosen, owed = worth, quarter, penalty
        saved, penalties = np.zeros((2, self.horizon))
        saved[chosen:] = costs[chosen:]
        if chosen < self.horizon:
            penalties[chosen] = owed
        return Leaving(chosen, saved, penalties)

    def _penalty(self, silo: Silo, quarter: int) -> float | None:
        """Of leaving when a quarter begins; None when that cannot be."""
        calendar = self.programme.calendar
        after = calendar.after(silo.ends)
        if quarter >= after:
            return 0.0 if (quarter - after) % silo.renewed_for == 0 else None
        allowed = [exit_.penalty for exit_ in silo.exits if calendar.since(exit_.since) <= quarter]
        return allowed[-1] if allowed else None
