"""Why no plan can be: a few rules that cannot all be kept, whereas leaving any one of them out would do.

Source: Junker, *QuickXplain: preferred explanations and relaxations for over-constrained problems*, AAAI 2004. Rules
are taken by groups that a person can name (an obligation, a precedence, a year's budget, a skill, a choice). That all
action has to start and end within the plan, and an action's own window, are not rules but facts.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from beffroi.pooling.programme.formulation import Formulation
from beffroi.pooling.programme.prepared import Prepared
from beffroi.pooling.programme.rules import Group, Rule, groups
from beffroi.pooling.programme.solving import feasible

KEPT_LONGEST: tuple[Rule, ...] = ("obligation", "alternatives", "precedence", "staff", "budget", "forbid", "pin")
"""where several sets clash, the one is told that has the latter of these"""
EACH = 10.0
"""seconds, of one question"""


@dataclass(frozen=True)
class Clash:
    """`groups` cannot all be kept. `minimal`: proven that without any one of them a plan can be."""

    groups: list[Group]
    minimal: bool


class _Undecided(Exception):
    pass


def clash(prepared: Prepared, *, seconds: float, told: Callable[[int], None] | None = None) -> Clash | None:
    """None where a plan can be. `told` how many questions have been asked."""
    everything = sorted(groups(prepared), key=lambda group: KEPT_LONGEST.index(group.rule))
    until = time.monotonic() + seconds
    asked = 0

    def possible(kept: Sequence[Group]) -> bool:
        nonlocal asked
        asked += 1
        if told is not None:
            told(asked)
        left = min(EACH, until - time.monotonic())
        without = set(everything) - set(kept)
        found = feasible(Formulation(prepared, without=without, worth=False).model, seconds=left) if left > 0 else None
        if found is None:
            raise _Undecided
        return found

    if possible(everything):
        return None
    search = _Search(possible, everything)
    try:
        found = search.among([], [], everything)
        return Clash(sorted(found, key=everything.index), minimal=True)
    except _Undecided:
        return Clash(search.known, minimal=False)


class _Search:
    """`known`: the least set known to clash."""

    def __init__(self, possible: Callable[[Sequence[Group]], bool], everything: list[Group]) -> None:
        self.possible, self.known = possible, everything

    def among(self, kept: list[Group], added: list[Group], left: list[Group]) -> list[Group]:
        """Those of `left` that clash together with `kept`, of which `added` are the last to have come."""
        if added and not self.possible(kept):
            self.known = kept
            return []
        if len(left) == 1:
            return left
        half = len(left) // 2
        first, second = left[:half], left[half:]
        of_second = self.among([*kept, *first], first, second)
        of_first = self.among([*kept, *of_second], of_second, first)
        return [*of_first, *of_second]
