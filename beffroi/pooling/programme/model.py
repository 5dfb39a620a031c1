"""A programme as its file says it: criteria, members, contracts in force, candidate actions, limits and choices."""

from datetime import date
from functools import cached_property
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from beffroi.pooling.programme.calendar import Calendar

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Quarter = Annotated[str, Meta(pattern=r"^[0-9]{4}-Q[1-4]$", description="`2027-Q1`")]
Amount = Annotated[float, Meta(ge=0, le=1e12)]
Number = Annotated[float, Meta(ge=-1e12, le=1e12)]
Percent = Annotated[float, Meta(ge=0, le=100)]
Count = Annotated[int, Meta(ge=0, le=400)]
Some = Annotated[int, Meta(ge=1, le=400)]
Shape = Literal["usual", "u-shape", "v-shape", "level", "linear", "gaussian"]
Kind = Literal["service", "extension", "network", "skill"]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`note`: for readers; nothing is made of it."""

    note: str = ""


class Criterion(Part, frozen=True):
    """`q`: the difference up to which two actions are equal; `p`: from which one is wholly preferred; `s`: the
    Gaussian's inflection. `side`: of the need (demand) or of what can be delivered (supply)."""

    name: Name
    weight: Amount
    direction: Literal["max", "min"] = "max"
    side: Literal["demand", "supply"] = "demand"
    preference: Shape = "usual"
    q: Amount = 0.0
    p: Amount = 0.0
    s: Amount = 0.0


class Member(Part, frozen=True):
    """A collectivité. `weights`: its own, by criterion; the programme's where it says nothing. `voices`: in the group's
    ranking. `share`: of costs, in proportion, where an action says nothing else."""

    name: Name
    weights: dict[str, Amount] = {}
    voices: Amount = 1.0
    share: Amount = 1.0


class Exit(Part, frozen=True):
    """Leaving from this day on costs `penalty`."""

    since: date = msgspec.field(name="from")
    penalty: Amount


class Silo(Part, frozen=True):
    """A member's contract in force. `ends`: its last day. `exits`: what leaving before costs; not possible earlier than
    the first of them, nor at all without. Where nothing replaces it, it is renewed by `renewed_for` quarters at
    `renewed_cost`, and left between two of these terms only."""

    name: Name
    service: Name
    member: Name
    yearly_cost: Amount
    ends: date
    exits: list[Exit] = []
    renewed_cost: Amount | None = None
    renewed_for: Some = 1


class Subsidy(Part, frozen=True):
    """An `amount`, or a `rate` in percent of the action's cost, received `delay` quarters after the work; `before`:
    only if the work starts on that day at the latest."""

    source: Name
    amount: Amount = 0.0
    rate: Percent = 0.0
    delay: Count = 0
    before: date | None = None


class Obligation(Part, frozen=True):
    """In service on that day at the latest."""

    by: date
    reason: Name


class Action(Part, frozen=True):
    """`quarters` of work, then in service. `cost`: of the work, spread evenly or by quarter. `running`: each quarter in
    service. `staff`: person-months by skill, each quarter of work, or by quarter of it; `running_staff`: each quarter
    in service. `benefits`: what each quarter in service is worth to each member, beside the contracts it `replaces`.
    `shares`: of its costs, in proportion. `offered_by`: a structure that offers the same already."""

    name: Name
    scores: dict[str, Number]
    kind: Kind = "service"
    service: str = ""
    quarters: Some = 1
    cost: Amount | list[Amount] = 0.0
    running: Amount = 0.0
    staff: dict[str, Amount | list[Amount]] = {}
    running_staff: dict[str, Amount] = {}
    benefits: dict[str, Number] = {}
    shares: dict[str, Amount] = {}
    replaces: list[str] = []
    subsidies: list[Subsidy] = []
    earliest: Quarter | None = None
    latest: Quarter | None = None
    obligation: Obligation | None = None
    offered_by: str = ""

    @property
    def spending(self) -> list[float]:
        """By quarter of work."""
        if isinstance(self.cost, list):
            return [*self.cost, *[0.0] * (self.quarters - len(self.cost))]
        return [self.cost / self.quarters] * self.quarters

    def months(self, skill: str) -> list[float]:
        """By quarter of work."""
        told = self.staff.get(skill, 0.0)
        return [*told, *[0.0] * (self.quarters - len(told))] if isinstance(told, list) else [told] * self.quarters


class SetUp(Part, frozen=True):
    """Spent once, in the quarter in which the first of its actions starts."""

    name: Name
    cost: Amount
    actions: Annotated[list[str], Meta(min_length=1)]


class Synergy(Part, frozen=True):
    """Gained each quarter in which all its actions are in service; by the members in proportion to `shares`."""

    actions: Annotated[list[str], Meta(min_length=2)]
    gain: Amount
    shares: dict[str, Amount] = {}


class Precedence(Part, frozen=True):
    """`after` starts `lag` quarters after the work of `before` has ended, or later; never without it."""

    before: Name
    after: Name
    lag: Count = 0


class Alternatives(Part, frozen=True):
    """One of these actions at most."""

    actions: Annotated[list[str], Meta(min_length=2)]


class Budget(Part, frozen=True):
    """What the structure may spend in a calendar year (work, set-up, running), beside subsidies received and what is
    carried over."""

    year: int
    amount: Amount


class Staff(Part, frozen=True):
    """Person-months there are each quarter, or by quarter."""

    skill: Name
    months: Amount | list[Amount]


class Choice(Part, frozen=True):
    """A person's: of an action at all, or of its start in this quarter."""

    action: Name
    start: Quarter | None = None


class Programme(Part, frozen=True, dict=True):
    """`quarters`: of the plan, within which all work ends; `valued_quarters`: over which gains and costs are counted,
    as many at least. `discount_rate`: percent a year. `score_weight`: what one point of net flow is worth, in euros.
    `carry_over`: percent of a year's unspent budget that the next one has."""

    name: Name
    start: Quarter
    quarters: Annotated[int, Meta(ge=1, le=40)]
    actions: list[Action]
    valued_quarters: Annotated[int, Meta(ge=1, le=400)] | None = None
    discount_rate: Percent = 0.0
    score_weight: Amount = 0.0
    criteria: list[Criterion] = []
    members: list[Member] = []
    silos: list[Silo] = []
    setups: list[SetUp] = []
    synergies: list[Synergy] = []
    precedences: list[Precedence] = []
    alternatives: list[Alternatives] = []
    budgets: list[Budget] = []
    carry_over: Percent = 100.0
    staff: list[Staff] = []
    pins: list[Choice] = []
    forbids: list[Choice] = []

    @property
    def horizon(self) -> int:
        return self.valued_quarters or self.quarters

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar.beginning(self.start)

    @cached_property
    def number(self) -> dict[str, int]:
        """Of each action."""
        return {action.name: number for number, action in enumerate(self.actions)}

    def window(self, action: Action) -> range:
        """The quarters in which its work may start."""
        first = 0 if action.earliest is None else max(self.calendar.number(action.earliest), 0)
        last = self.quarters - action.quarters
        if action.latest is not None:
            last = min(last, self.calendar.number(action.latest))
        return range(first, last + 1)

    def must_start_by(self, action: Action) -> int | None:
        """The last start that honours its obligation; below 0 when none does."""
        if action.obligation is None:
            return None
        return self.calendar.holding(action.obligation.by) - action.quarters

    def shares_of(self, given: dict[str, float]) -> dict[str, float]:
        """Of the whole, by member; those of the members by default."""
        told = given or {member.name: member.share for member in self.members}
        whole = sum(told.values())
        return {name: share / whole for name, share in told.items() if share} if whole else {}
