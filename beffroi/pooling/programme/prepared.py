"""A programme with all that is known before it is optimised: windows, values and uses by action and start."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from beffroi.pooling.coalitions import Floats
from beffroi.pooling.programme.limits import Limits
from beffroi.pooling.programme.model import Programme
from beffroi.pooling.programme.worth import Worth

Starts = Mapping[int, int]
"""The quarter in which each action that is done starts, by its number."""


@dataclass(frozen=True)
class Wait:
    """`after` starts `gap` quarters after `before` does, or later."""

    before: int
    after: int
    gap: int


class Prepared:
    """What the optimisation and all who judge a plan look up. Rows of `values` and `uses` follow the window."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.worth = Worth(programme)
        self.limits = Limits(self.worth)
        self.windows = [programme.window(action) for action in programme.actions]

    @cached_property
    def values(self) -> list[Floats]:
        """Net present value and weighted score, by start."""
        return [
            np.array([self.worth.value(action, start) + self.worth.score(number, start) for start in window])
            for number, (action, window) in enumerate(zip(self.programme.actions, self.windows, strict=True))
        ]

    @cached_property
    def uses(self) -> list[Floats]:
        """Of each limit (columns), by start."""
        width = len(self.limits.capacity)
        return [
            np.array([self.limits.use(action, start) for start in window]).reshape(len(window), width)
            for action, window in zip(self.programme.actions, self.windows, strict=True)
        ]

    @cached_property
    def setups(self) -> list[list[int]]:
        """The actions of each."""
        return [self._numbers(one.actions) for one in self.programme.setups]

    @cached_property
    def setup_values(self) -> Floats:
        """By set-up and quarter: what it costs, discounted."""
        costs = np.array([one.cost for one in self.programme.setups])
        return np.outer(costs, self.worth.discount[: self.programme.quarters])

    @cached_property
    def setup_uses(self) -> list[Floats]:
        """Of each limit (columns), by quarter."""
        quarters = range(self.programme.quarters)
        width = len(self.limits.capacity)
        return [
            np.array([self.limits.set_up(one, quarter) for quarter in quarters]).reshape(len(quarters), width)
            for one in self.programme.setups
        ]

    @cached_property
    def synergies(self) -> list[list[int]]:
        return [self._numbers(one.actions) for one in self.programme.synergies]

    @cached_property
    def synergy_values(self) -> Floats:
        """By synergy and quarter, of the plan and the one after: what it gains from then to the horizon, discounted."""
        gains = np.array([one.gain for one in self.programme.synergies])
        left = np.append(self.worth.discount[:-1][::-1].cumsum()[::-1], 0.0)
        return np.outer(gains, left[: self.programme.quarters + 1])

    @cached_property
    def alternatives(self) -> list[list[int]]:
        return [self._numbers(one.actions) for one in self.programme.alternatives]

    @cached_property
    def waits(self) -> list[Wait]:
        """One a precedence, in their order."""
        number, actions = self.programme.number, self.programme.actions
        return [
            Wait(number[one.before], number[one.after], actions[number[one.before]].quarters + one.lag)
            for one in self.programme.precedences
        ]

    def service(self, number: int, start: int) -> int:
        """The quarter in which an action is in service."""
        return start + self.programme.actions[number].quarters

    def value(self, starts: Starts) -> float:
        """The objective: net present value and weighted score of a whole plan."""
        found = sum(float(self.values[one][start - self.windows[one].start]) for one, start in starts.items())
        for costs, actions in zip(self.setup_values, self.setups, strict=True):
            if begun := [starts[one] for one in actions if one in starts]:
                found -= float(costs[min(begun)])
        for gains, actions in zip(self.synergy_values, self.synergies, strict=True):
            if all(one in starts for one in actions):
                found += float(gains[max(self.service(one, starts[one]) for one in actions)])
        return found

    def used(self, starts: Starts) -> Floats:
        """Of each limit, by a whole plan."""
        found = np.zeros(len(self.limits.capacity))
        for one, start in starts.items():
            found += self.uses[one][start - self.windows[one].start]
        for uses, actions in zip(self.setup_uses, self.setups, strict=True):
            if begun := [starts[one] for one in actions if one in starts]:
                found += uses[min(begun)]
        return found

    def _numbers(self, names: list[str]) -> list[int]:
        return [self.programme.number[name] for name in names]
