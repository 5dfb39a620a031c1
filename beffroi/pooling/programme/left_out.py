"""Why an action is not in a plan."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from beffroi.errors import Text
from beffroi.pooling.coalitions import Floats
from beffroi.pooling.programme.building import Building
from beffroi.pooling.programme.limits import Limit
from beffroi.pooling.programme.prepared import Prepared, Starts
from beffroi.pooling.programme.said import euros

Reason = Literal["forbidden", "too long", "waits", "alternative", "worth", "budget", "staff", "time"]

Whole = NDArray[np.int_]


@dataclass(frozen=True)
class LeftOut:
    """`gains`: what it would add to the objective at best, were it let in."""

    action: int
    reason: Reason
    text: Text
    gains: float | None = None
    limits: list[Limit] = field(default_factory=list)


def left_out(prepared: Prepared, starts: Starts) -> list[LeftOut]:
    plan = Building(prepared)
    plan.restore(starts)
    return [_why(plan, number) for number in range(len(prepared.programme.actions)) if number not in starts]


def _why(plan: Building, number: int) -> LeftOut:
    prepared = plan.prepared
    names = [action.name for action in prepared.programme.actions]
    if not prepared.windows[number]:
        return LeftOut(number, "too long", Text("ses travaux ne tiennent pas dans le plan", "its work does not fit in"))
    if not plan.allowed[number].any():
        return LeftOut(number, "forbidden", Text("interdite", "forbidden"))
    rivals = ", ".join(names[one] for one in sorted(plan.rivals[number]) if one in plan.starts)
    if rivals:
        told = Text(f"l'alternative est choisie\u00a0: {rivals}", f"its alternative is chosen: {rivals}")
        return LeftOut(number, "alternative", told)
    lacking = dict.fromkeys(names[wait.before] for wait in plan.before[number] if wait.before not in plan.starts)
    if lacking:
        named = ", ".join(lacking)
        told = Text(f"attend ce qui n'est pas retenu\u00a0: {named}", f"waits for what is left out: {named}")
        return LeftOut(number, "waits", told)
    return _weighed(plan, number)


def _weighed(plan: Building, number: int) -> LeftOut:
    """Against what it would bring and what it would use."""
    prepared = plan.prepared
    values, possible = plan.options(number)
    starts = np.arange(prepared.windows[number].start, prepared.windows[number].stop)
    reached = plan.allowed[number].copy()
    for wait in plan.before[number]:
        reached &= starts >= plan.starts[wait.before] + wait.gap
    if not reached.any():
        return LeftOut(number, "waits", Text("ce qu'elle attend finit trop tard", "what it waits for ends too late"))
    best = float(values[reached].max())
    if best <= 0:
        told = Text(
            f"à elle seule, coûterait {euros(-best, 'fr')} de plus qu'elle n'apporte",
            f"by itself, would cost {euros(-best, 'en')} more than it brings",
        )
        return LeftOut(number, "worth", told, best)
    if (possible & (values > 0)).any():
        return LeftOut(number, "time", Text("le temps de calcul a manqué", "the time to compute was too short"), best)
    return _bounded(plan, number, starts, np.where(reached, values, -np.inf))


def _bounded(plan: Building, number: int, starts: Whole, values: Floats) -> LeftOut:
    """By the limits that its best start would exceed."""
    prepared, chosen = plan.prepared, int(values.argmax())
    over = plan.used + plan.with_setups(number)[chosen] - plan.capacity
    limits = [prepared.limits.names[row] for row in np.flatnonzero(over > 0)]
    years = [str(one.year) for one in limits if one.year is not None]
    skills = list(dict.fromkeys(one.skill for one in limits if one.skill is not None))
    calendar, quarter = prepared.programme.calendar, int(starts[chosen])
    best = float(values[chosen])
    when = Text(calendar.said(quarter, "fr"), calendar.said(quarter, "en"))
    parts = [*_years(years), *([_skills(skills)] if skills else [])]
    if not parts:
        return LeftOut(number, "time", Text("le temps de calcul a manqué", "the time to compute was too short"), best)
    told = Text(
        f"au {when.fr}, {' et '.join(part.fr for part in parts)} n'y suffiraient pas\u00a0; "
        "le plan en fait meilleur usage",
        f"in {when.en}, {' and '.join(part.en for part in parts)} would not suffice; the plan uses them better",
    )
    return LeftOut(number, "budget" if years else "staff", told, best, limits)


def _years(years: list[str]) -> list[Text]:
    if not years:
        return []
    named = ", ".join(years)
    if len(years) == 1:
        return [Text(f"le budget {named}", f"the budget of {named}")]
    return [Text(f"les budgets {named}", f"the budgets of {named}")]


def _skills(skills: list[str]) -> Text:
    french, english = "\u00a0», «\u00a0".join(skills), "”, “".join(skills)
    return Text(f"les agents «\u00a0{french}\u00a0»", f"the staff “{english}”")
