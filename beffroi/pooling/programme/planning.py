"""From a programme to its plan: solved, its choices priced, its clashes found."""

from collections.abc import Callable

from beffroi.errors import Text
from beffroi.pooling.programme.clashes import clash
from beffroi.pooling.programme.model import Programme
from beffroi.pooling.programme.plan import Plan
from beffroi.pooling.programme.plan import told as document
from beffroi.pooling.programme.prepared import Prepared
from beffroi.pooling.programme.prices import prices as priced
from beffroi.pooling.programme.solving import Effort, solve

Told = Callable[[Text, float, float, float | None], None]
"""Told the step, how much of it is done and of how much, and the gap there is."""
PLAN = Text("plan", "plan")
PRICES = Text("prix des choix", "prices of choices")
CLASH = Text("ce qui ne va pas ensemble", "what clashes")


def planned(programme: Programme, effort: Effort, *, prices: bool = True, told: Told | None = None) -> Plan:
    """`prices`: of pins and forbids, each with as much effort again."""
    prepared = Prepared(programme)

    def heard(seconds: float, gap: float | None) -> None:
        if told is not None:
            told(PLAN, seconds, effort.seconds, gap)

    def asked(done: float, whole: float) -> None:
        if told is not None:
            told(PRICES, done, whole, None)

    def questioned(count: int) -> None:
        if told is not None:
            told(CLASH, count, max(count + 1, 40), None)

    solved = solve(prepared, effort, told=heard)
    costs = priced(programme, solved, effort, told=asked) if prices and solved.starts is not None else []
    why = clash(prepared, seconds=effort.seconds, told=questioned) if solved.status == "infeasible" else None
    return document(prepared, solved, costs, why)
