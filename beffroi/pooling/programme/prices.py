"""What a person's choice costs: the best plan without it less the best plan with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from beffroi.pooling.programme.model import Choice, Programme
from beffroi.pooling.programme.prepared import Prepared
from beffroi.pooling.programme.solving import Effort, Solved, solve


@dataclass(frozen=True)
class Price:
    """In euros of the objective: from `low` to `high`, proven; `known`: the difference of the plans found. All None
    where no plan was found without the choice either."""

    choices: Sequence[tuple[Literal["pin", "forbid"], Choice]]
    known: float | None
    low: float | None
    high: float | None


def prices(
    programme: Programme, solved: Solved, effort: Effort, *, told: Callable[[float, float], None] | None = None
) -> list[Price]:
    """Of each choice, the others kept; then, where there are several, of all together. `told` how many are done, and of
    how many."""
    choices = _choices(programme)
    sets = [[one] for one in choices] + ([choices] if len(choices) > 1 else [])
    found = []
    for number, one in enumerate(sets):
        if told is not None:
            told(number, len(sets))
        found.append(_price(programme, solved, one, effort))
    return found


def _choices(programme: Programme) -> list[tuple[Literal["pin", "forbid"], Choice]]:
    found: list[tuple[Literal["pin", "forbid"], Choice]] = [("pin", one) for one in programme.pins]
    return found + [("forbid", one) for one in programme.forbids]


def _price(
    programme: Programme, solved: Solved, choices: list[tuple[Literal["pin", "forbid"], Choice]], effort: Effort
) -> Price:
    """The plan with the choice is one without it too: hence no price is below 0, and one begins from the other."""
    free = msgspec.structs.replace(
        programme,
        pins=[one for one in programme.pins if ("pin", one) not in choices],
        forbids=[one for one in programme.forbids if ("forbid", one) not in choices],
    )
    without = solve(Prepared(free), replace(effort, gap=min(effort.gap, 1e-4)), begin=solved.starts)
    if solved.value is None or solved.bound is None or without.value is None or without.bound is None:
        return Price(choices, None, None, None)
    return Price(
        choices,
        known=max(without.value - solved.value, 0.0),
        low=max(without.value - solved.bound, 0.0),
        high=max(without.bound - solved.value, 0.0),
    )
