"""The groups of constraints that a programme sets, each of which can be named to a person, and left out."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from beffroi.errors import Text
from beffroi.pooling.programme.prepared import Prepared, Starts
from beffroi.pooling.programme.said import day, euros

Rule = Literal["obligation", "pin", "forbid", "precedence", "alternatives", "budget", "staff"]


@dataclass(frozen=True)
class Group:
    """`rule` and its number among those of its kind; of budgets, the number of the year; of staff, that of the
    skill."""

    rule: Rule
    number: int


def groups(prepared: Prepared) -> list[Group]:
    programme = prepared.programme
    obligations = [number for number, action in enumerate(programme.actions) if action.obligation]
    counts: tuple[tuple[Rule, Collection[int]], ...] = (
        ("obligation", obligations),
        ("pin", range(len(programme.pins))),
        ("forbid", range(len(programme.forbids))),
        ("precedence", range(len(programme.precedences))),
        ("alternatives", range(len(programme.alternatives))),
        ("budget", range(len(prepared.limits.years))),
        ("staff", range(len(programme.staff))),
    )
    return [Group(rule, number) for rule, numbers in counts for number in numbers]


def broken(prepared: Prepared, starts: Starts) -> list[Group]:
    """Those that a plan does not keep."""
    return [group for group in groups(prepared) if not kept(prepared, starts, group)]


def kept(prepared: Prepared, starts: Starts, group: Group) -> bool:
    programme, number = prepared.programme, group.number
    if group.rule == "obligation":
        last = programme.must_start_by(programme.actions[number])
        return last is None or (number in starts and starts[number] <= last)
    if group.rule in ("pin", "forbid"):
        choice = (programme.pins if group.rule == "pin" else programme.forbids)[number]
        chosen = starts.get(programme.number[choice.action])
        there = chosen is not None if choice.start is None else chosen == programme.calendar.number(choice.start)
        return there == (group.rule == "pin")
    if group.rule == "precedence":
        wait = prepared.waits[number]
        if wait.after not in starts:
            return True
        return wait.before in starts and starts[wait.after] >= starts[wait.before] + wait.gap
    if group.rule == "alternatives":
        return sum(one in starts for one in prepared.alternatives[number]) <= 1
    return _within(prepared, starts, group)


def _within(prepared: Prepared, starts: Starts, group: Group) -> bool:
    limits = prepared.limits
    over = prepared.used(starts) > limits.capacity + limits.tolerance
    return not any(over[row] for row in rows(prepared, group))


def rows(prepared: Prepared, group: Group) -> range:
    """Those of a year's budget or of a skill, among the limits."""
    if group.rule == "budget":
        return range(group.number, group.number + 1)
    quarters = prepared.programme.quarters
    first = len(prepared.limits.years) + group.number * quarters
    return range(first, first + quarters)


def said(prepared: Prepared, group: Group) -> Text:
    """In words."""
    programme, calendar = prepared.programme, prepared.programme.calendar
    if group.rule == "obligation":
        action = programme.actions[group.number]
        assert action.obligation is not None
        by, why = action.obligation.by, action.obligation.reason
        return Text(
            f"«\u00a0{action.name}\u00a0» doit être en service le {day(by, 'fr')} ({why})",
            f"“{action.name}” has to be in service on {day(by, 'en')} ({why})",
        )
    if group.rule in ("pin", "forbid"):
        return _chosen(prepared, group)
    if group.rule == "precedence":
        one = programme.precedences[group.number]
        many = "s" if one.lag > 1 else ""
        wait = Text(f", plus {one.lag} trimestre{many}", f", and {one.lag} quarter{many}")
        lag = wait if one.lag else Text("", "")
        return Text(
            f"«\u00a0{one.after}\u00a0» commence après la fin des travaux de «\u00a0{one.before}\u00a0»{lag.fr}",
            f"“{one.after}” starts after the work of “{one.before}” has ended{lag.en}",
        )
    if group.rule == "alternatives":
        names = programme.alternatives[group.number].actions
        return Text(f"une seule de\u00a0: {', '.join(names)}", f"one only of: {', '.join(names)}")
    if group.rule == "budget":
        year = prepared.limits.years[group.number]
        amount = next(one.amount for one in programme.budgets if one.year == year)
        carried = len(prepared.limits.years) > 1 and group.number > 0 and programme.carry_over > 0
        more = Text(" et ce qui est reporté", " and what is carried over") if carried else Text("", "")
        return Text(
            f"le budget {year} ({euros(amount, 'fr')}{more.fr})",
            f"the budget of {year} ({euros(amount, 'en')}{more.en})",
        )
    skill = programme.staff[group.number].skill
    first, last = calendar.name(0), calendar.name(programme.quarters - 1)
    return Text(
        f"les mois d'agents «\u00a0{skill}\u00a0» disponibles de {first} à {last}",
        f"the months of staff “{skill}” there are from {first} to {last}",
    )


def _chosen(prepared: Prepared, group: Group) -> Text:
    programme = prepared.programme
    choice = (programme.pins if group.rule == "pin" else programme.forbids)[group.number]
    when = Text("", "")
    if choice.start is not None:
        quarter = programme.calendar.number(choice.start)
        when = Text(f" au {programme.calendar.said(quarter, 'fr')}", f" in {programme.calendar.said(quarter, 'en')}")
    if group.rule == "pin":
        return Text(f"«\u00a0{choice.action}\u00a0» imposée{when.fr}", f"“{choice.action}” pinned{when.en}")
    return Text(f"«\u00a0{choice.action}\u00a0» interdite{when.fr}", f"“{choice.action}” forbidden{when.en}")
