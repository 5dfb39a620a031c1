"""A plan judged and all plans tried, from the words of the reference alone: nothing of the optimisation is used."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

from beffroi.pooling.programme.model import Action, Choice, Programme, Silo

Plan = dict[str, int]
"""The quarter in which each action that is done starts"""


def first_day(programme: Programme, quarter: int) -> date:
    year, number = programme.start.split("-Q")
    months = (int(number) - 1) * 3 + quarter * 3
    return date(int(year) + months // 12, months % 12 + 1, 1)


def last_day(programme: Programme, quarter: int) -> date:
    return first_day(programme, quarter + 1) - timedelta(days=1)


def label(programme: Programme, quarter: int) -> str:
    day = first_day(programme, quarter)
    return f"{day.year}-Q{(day.month + 2) // 3}"


def faults(programme: Programme, plan: Plan) -> list[tuple[str, object]]:
    """The rules that a plan breaks, by kind and number; those of its windows come as `window`."""
    actions = {one.name: one for one in programme.actions}
    found: list[tuple[str, object]] = [
        ("window", name) for name in plan if outside(programme, actions[name], plan[name])
    ]
    for number, action in enumerate(programme.actions):
        if action.obligation is not None:
            there = action.name in plan
            if not there or first_day(programme, plan[action.name] + action.quarters) > action.obligation.by:
                found.append(("obligation", number))
    found += [("pin", number) for number, one in enumerate(programme.pins) if not chosen(programme, plan, one)]
    found += [("forbid", number) for number, one in enumerate(programme.forbids) if chosen(programme, plan, one)]
    for number, one in enumerate(programme.precedences):
        if one.after in plan:
            ended = plan[one.before] + actions[one.before].quarters if one.before in plan else None
            if ended is None or plan[one.after] < ended + one.lag:
                found.append(("precedence", number))
    for number, group in enumerate(programme.alternatives):
        if len([name for name in group.actions if name in plan]) > 1:
            found.append(("alternatives", number))
    found += [("budget", number) for number in over_budget(programme, plan)]
    found += [("staff", number) for number in over_staff(programme, plan)]
    return found


def outside(programme: Programme, action: Action, start: int) -> bool:
    early = action.earliest is not None and label(programme, start) < action.earliest
    late = action.latest is not None and label(programme, start) > action.latest
    return early or late or start < 0 or start + action.quarters > programme.quarters


def chosen(programme: Programme, plan: Plan, choice: Choice) -> bool:
    if choice.action not in plan:
        return False
    return choice.start is None or label(programme, plan[choice.action]) == choice.start


def spending(programme: Programme, plan: Plan) -> list[float]:
    """Of the structure, by quarter until the horizon, less subsidies."""
    found = [0.0] * programme.horizon
    for action in programme.actions:
        if action.name not in plan:
            continue
        start = plan[action.name]
        told = action.cost if isinstance(action.cost, list) else [action.cost / action.quarters] * action.quarters
        for number, amount in enumerate(told):
            found[start + number] += amount
        for quarter in range(start + action.quarters, programme.horizon):
            found[quarter] += action.running
        for subsidy in action.subsidies:
            received = start + action.quarters + subsidy.delay
            in_time = subsidy.before is None or first_day(programme, start) <= subsidy.before
            if in_time and received < programme.horizon:
                found[received] -= subsidy.amount + subsidy.rate * sum(told) / 100
    for setup in programme.setups:
        begun = [plan[name] for name in setup.actions if name in plan]
        if begun:
            found[min(begun)] += setup.cost
    return found


def over_budget(programme: Programme, plan: Plan) -> Iterator[int]:
    """The years, in order, at whose end nothing is left: each is judged on what was left before it, below 0 or not."""
    spent = spending(programme, plan)
    left = 0.0
    for number, budget in enumerate(sorted(programme.budgets, key=lambda one: one.year)):
        quarters = [q for q in range(programme.quarters) if first_day(programme, q).year == budget.year]
        left = left * programme.carry_over / 100 + budget.amount - sum(spent[q] for q in quarters)
        if left < -1e-6 * max(budget.amount, 1.0):
            yield number


def over_staff(programme: Programme, plan: Plan) -> Iterator[int]:
    for number, staff in enumerate(programme.staff):
        for quarter in range(programme.quarters):
            needed = 0.0
            for action in programme.actions:
                if action.name not in plan:
                    continue
                step = quarter - plan[action.name]
                months = action.staff.get(staff.skill, 0.0)
                if 0 <= step < action.quarters:
                    if isinstance(months, list):
                        needed += months[step] if step < len(months) else 0.0
                    else:
                        needed += months
                elif step >= action.quarters:
                    needed += action.running_staff.get(staff.skill, 0.0)
            there = staff.months[quarter] if isinstance(staff.months, list) else staff.months
            if needed > there + 1e-6 * max(there, 1.0):
                yield number
                break


def silo_cost(programme: Programme, silo: Silo, left: int | None) -> list[float]:
    """By quarter, with the penalty, when it is left as a quarter begins; never when None."""
    found = []
    for quarter in range(programme.horizon):
        first = first_day(programme, quarter) <= silo.ends
        yearly = silo.yearly_cost if first or silo.renewed_cost is None else silo.renewed_cost
        found.append(yearly / 4 if left is None or quarter < left else 0.0)
    if left is not None and first_day(programme, left) <= silo.ends:
        penalties = [one.penalty for one in silo.exits if one.since <= first_day(programme, left)]
        found[left] += penalties[-1]
    return found


def ways_out(programme: Programme, silo: Silo, since: int) -> list[int | None]:
    """When it may be left, from a quarter on; None is never."""
    found: list[int | None] = [None]
    for quarter in range(since, programme.horizon):
        day = first_day(programme, quarter)
        if day <= silo.ends:
            if any(one.since <= day for one in silo.exits):
                found.append(quarter)
        else:
            term = next(q for q in range(-400, 400) if first_day(programme, q) > silo.ends)
            if (quarter - term) % silo.renewed_for == 0:
                found.append(quarter)
    return found


def discounted(programme: Programme, flow: list[float]) -> float:
    rate = 1 + programme.discount_rate / 100
    return sum(amount / rate ** (quarter / 4) for quarter, amount in enumerate(flow))


def gained(programme: Programme, action: Action, start: int) -> float:
    """Of the members: benefits, and contracts left at the best moment; discounted."""
    service = start + action.quarters
    flow = [sum(action.benefits.values()) if quarter >= service else 0.0 for quarter in range(programme.horizon)]
    found = discounted(programme, flow)
    for silo in programme.silos:
        if silo.name in action.replaces:
            going_on = discounted(programme, silo_cost(programme, silo, None))
            ways = ways_out(programme, silo, service)
            found += going_on - min(discounted(programme, silo_cost(programme, silo, one)) for one in ways)
    return found


def value(programme: Programme, plan: Plan, scores: dict[str, float]) -> float:
    """The objective, scores given."""
    found = -discounted(programme, spending(programme, plan))
    actions = {one.name: one for one in programme.actions}
    rate = 1 + programme.discount_rate / 100
    for name, start in plan.items():
        found += gained(programme, actions[name], start)
        found += programme.score_weight * scores.get(name, 0.0) / rate ** (start / 4)
    for synergy in programme.synergies:
        if all(name in plan for name in synergy.actions):
            together = max(plan[name] + actions[name].quarters for name in synergy.actions)
            found += discounted(
                programme, [synergy.gain if quarter >= together else 0.0 for quarter in range(programme.horizon)]
            )
    return found


def plans(programme: Programme) -> Iterator[Plan]:
    """All there are, but for windows none is kept from."""
    names = [one.name for one in programme.actions]
    ways = [[None, *range(programme.quarters - one.quarters + 1)] for one in programme.actions]
    for starts in product(*ways):
        yield {name: start for name, start in zip(names, starts, strict=True) if start is not None}


def best(programme: Programme, scores: dict[str, float]) -> tuple[Plan, float] | None:
    """None when no plan keeps every rule."""
    kept = [(plan, value(programme, plan, scores)) for plan in plans(programme) if not faults(programme, plan)]
    return max(kept, key=lambda one: one[1], default=None)


def net_flows(programme: Programme, weights: dict[str, float]) -> dict[str, float]:
    """PROMETHEE II, pair by pair, from the six shapes as Brans and Vincke draw them."""
    whole = sum(weights.values())
    found = {}
    for one in programme.actions:
        total = 0.0
        for other in programme.actions:
            if other is one:
                continue
            for criterion in programme.criteria:
                sign = 1 if criterion.direction == "max" else -1
                ahead = sign * (one.scores[criterion.name] - other.scores[criterion.name])
                wins = preferred(criterion.preference, ahead, criterion.q, criterion.p, criterion.s)
                loses = preferred(criterion.preference, -ahead, criterion.q, criterion.p, criterion.s)
                total += weights[criterion.name] / whole * (wins - loses)
        found[one.name] = total / max(len(programme.actions) - 1, 1)
    return found


def preferred(shape: str, d: float, q: float, p: float, s: float) -> float:
    if d <= 0:
        return 0.0
    if shape == "usual":
        return 1.0
    if shape == "u-shape":
        return 1.0 if d > q else 0.0
    if shape == "v-shape":
        return d / p if d < p else 1.0
    if shape == "level":
        return 0.0 if d <= q else 0.5 if d <= p else 1.0
    if shape == "linear":
        return 0.0 if d <= q else (d - q) / (p - q) if d < p else 1.0
    return float(1 - 2.718281828459045 ** (-d * d / (2 * s * s)))
