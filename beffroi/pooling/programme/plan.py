"""The plan as it is told: the document that the command prints, and that the page shows."""

from typing import Literal

import msgspec

from beffroi.errors import Text
from beffroi.pooling.programme import ranking, rules
from beffroi.pooling.programme.accounts import Account, Contract, Quarter, Skill, Year, accounts, cents
from beffroi.pooling.programme.clashes import Clash
from beffroi.pooling.programme.left_out import LeftOut, Reason, left_out
from beffroi.pooling.programme.model import Kind
from beffroi.pooling.programme.prepared import Prepared
from beffroi.pooling.programme.prices import Price
from beffroi.pooling.programme.ranked import Ranking, ranked
from beffroi.pooling.programme.rules import Rule
from beffroi.pooling.programme.said import percent
from beffroi.pooling.programme.solving import Solved, Status


class Said(msgspec.Struct, frozen=True):
    """In both languages."""

    fr: str
    en: str


class Planned(msgspec.Struct, frozen=True):
    """`work`: the quarters of it; `in_service`: since when. `value`: net present, of this action alone, in euros;
    `score`: of the ranking, at its worth."""

    action: str
    kind: Kind
    service: str
    start: str
    work: int
    in_service: str
    cost: float
    value: float
    score: float
    place: int | None
    offered_by: str


class Omitted(msgspec.Struct, frozen=True):
    """`would_gain`: what it would add to the objective at best, were it let in."""

    action: str
    reason: Reason
    why: Said
    would_gain: float | None
    place: int | None


class Paid(msgspec.Struct, frozen=True):
    """The price of a choice, or of all together, in euros of the objective: between `low` and `high`, proven; `known`
    is the difference of the plans found."""

    choices: list[str]
    known: float | None
    low: float | None
    high: float | None


class Contradiction(msgspec.Struct, frozen=True):
    rule: Rule
    about: str
    why: Said


class Plan(msgspec.Struct, frozen=True):
    """`value`: the objective, `money` and `score` together; `bound`: no plan has more, proven; `gap`: the part of the
    bound by which the plan is short of it at most. `clashes`: rules that cannot all be kept; `minimal`: proven that
    without any one of them a plan can be."""

    programme: str
    start: str
    quarters: int
    valued_quarters: int
    discount_rate: float
    score_weight: float
    status: Status
    value: float | None
    money: float | None
    score: float | None
    bound: float | None
    gap: float | None
    seconds: float
    actions: list[Planned]
    left_out: list[Omitted]
    prices: list[Paid]
    clashes: list[Contradiction]
    minimal: bool | None
    cash: list[Quarter]
    budgets: list[Year]
    staff: list[Skill]
    members: list[Account]
    contracts: list[Contract]
    ranking: Ranking | None
    warnings: list[Said]


def told(prepared: Prepared, solved: Solved, prices: list[Price], clash: Clash | None) -> Plan:
    programme = prepared.programme
    starts = solved.starts
    found = None if starts is None else accounts(prepared, starts)
    score = None if starts is None else sum(prepared.worth.score(one, start) for one, start in starts.items())
    return Plan(
        programme=programme.name,
        start=programme.start,
        quarters=programme.quarters,
        valued_quarters=programme.horizon,
        discount_rate=programme.discount_rate,
        score_weight=programme.score_weight,
        status=solved.status,
        value=_cents(solved.value),
        money=None if solved.value is None or score is None else cents(solved.value - score),
        score=_cents(score),
        bound=_cents(solved.bound),
        gap=None if solved.gap is None else round(solved.gap, 6),
        seconds=round(solved.seconds, 2),
        actions=_planned(prepared, solved),
        left_out=[] if starts is None else [_omitted(prepared, one) for one in left_out(prepared, starts)],
        prices=[_paid(prepared, one) for one in prices],
        clashes=[] if clash is None else [_contradiction(prepared, one) for one in clash.groups],
        minimal=None if clash is None else clash.minimal,
        cash=[] if found is None else found.cash,
        budgets=[] if found is None else found.budgets,
        staff=[] if found is None else found.staff,
        members=[] if found is None else found.members,
        contracts=[] if found is None else found.contracts,
        ranking=ranked(programme) if programme.criteria else None,
        warnings=[Said(*one) for one in _warnings(prepared, solved)],
    )


def _cents(amount: float | None) -> float | None:
    return None if amount is None else cents(amount)


def _places(prepared: Prepared) -> list[int | None]:
    if not prepared.programme.criteria:
        return [None] * len(prepared.programme.actions)
    return [*ranking.places(prepared.worth.scores)]


def _planned(prepared: Prepared, solved: Solved) -> list[Planned]:
    """In the order of their start, then of the programme."""
    programme, calendar, places = prepared.programme, prepared.programme.calendar, _places(prepared)
    found = []
    for number, start in sorted((solved.starts or {}).items(), key=lambda one: (one[1], one[0])):
        action = programme.actions[number]
        found.append(
            Planned(
                action=action.name,
                kind=action.kind,
                service=action.service,
                start=calendar.name(start),
                work=action.quarters,
                in_service=calendar.name(prepared.service(number, start)),
                cost=cents(sum(action.spending)),
                value=cents(prepared.worth.value(action, start)),
                score=cents(prepared.worth.score(number, start)),
                place=places[number],
                offered_by=action.offered_by,
            )
        )
    return found


def _omitted(prepared: Prepared, one: LeftOut) -> Omitted:
    return Omitted(
        action=prepared.programme.actions[one.action].name,
        reason=one.reason,
        why=Said(*one.text),
        would_gain=_cents(one.gains),
        place=_places(prepared)[one.action],
    )


def _paid(prepared: Prepared, one: Price) -> Paid:
    signs: dict[Literal["pin", "forbid"], str] = {"pin": "+", "forbid": "-"}
    named = [
        f"{signs[rule]}{choice.action}" + (f"={choice.start}" if choice.start else "") for rule, choice in one.choices
    ]
    return Paid(named, _cents(one.known), _cents(one.low), _cents(one.high))


def _contradiction(prepared: Prepared, group: rules.Group) -> Contradiction:
    return Contradiction(group.rule, _about(prepared, group), Said(*rules.said(prepared, group)))


def _about(prepared: Prepared, group: rules.Group) -> str:
    programme, number = prepared.programme, group.number
    names = {
        "obligation": lambda: programme.actions[number].name,
        "pin": lambda: programme.pins[number].action,
        "forbid": lambda: programme.forbids[number].action,
        "precedence": lambda: f"{programme.precedences[number].before} → {programme.precedences[number].after}",
        "alternatives": lambda: ", ".join(programme.alternatives[number].actions),
        "budget": lambda: str(prepared.limits.years[number]),
        "staff": lambda: programme.staff[number].skill,
    }
    return names[group.rule]()


def _warnings(prepared: Prepared, solved: Solved) -> list[Text]:
    programme, found = prepared.programme, []
    for number in sorted(solved.starts or ()):
        action = programme.actions[number]
        if action.offered_by:
            found.append(
                Text(
                    f"«\u00a0{action.name}\u00a0» ferait double emploi\u00a0: {action.offered_by} l'offre déjà",
                    f"“{action.name}” would duplicate: {action.offered_by} offers it already",
                )
            )
    if solved.status == "time limit" and solved.gap is not None:
        found.append(
            Text(
                f"le temps est écoulé\u00a0: ce plan est à {percent(solved.gap, 'fr')} au plus du meilleur possible",
                f"time is up: this plan is within {percent(solved.gap, 'en')} of the best possible",
            )
        )
    if solved.status == "unknown":
        found.append(Text("le temps n'a pas suffi pour trouver un plan", "the time was too short to find a plan"))
    if programme.actions and not programme.members:
        found.append(Text("aucun membre\u00a0: personne ne paie", "no members: nobody pays"))
    return found
