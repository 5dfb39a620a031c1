"""Programmes with defaults, and small ones made at random."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from beffroi.pooling.programme.model import (
    Action,
    Alternatives,
    Budget,
    Choice,
    Criterion,
    Exit,
    Member,
    Obligation,
    Precedence,
    Programme,
    SetUp,
    Silo,
    Staff,
    Subsidy,
    Synergy,
)

SHAPES = ("usual", "u-shape", "v-shape", "level", "linear", "gaussian")
QUARTERS = ("2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4")


def an_action(name: str = "A", **changes: Any) -> Action:
    """Worth 30 a quarter to the member M, for 100."""
    told: dict[str, Any] = {"scores": {}, "cost": 100.0, "benefits": {"M": 30.0}}
    return Action(name=name, **{**told, **changes})


def a_programme(*actions: Action, **changes: Any) -> Programme:
    """Four quarters, valued over eight."""
    told: dict[str, Any] = {
        "name": "essai",
        "start": "2027-Q1",
        "quarters": 4,
        "valued_quarters": 8,
        "members": [Member(name="M"), Member(name="N", share=3.0)],
    }
    return Programme(actions=list(actions), **{**told, **changes})


def a_silo(name: str = "S", **changes: Any) -> Silo:
    told: dict[str, Any] = {"service": "eau", "member": "M", "yearly_cost": 80.0, "ends": date(2027, 6, 30)}
    return Silo(name=name, **{**told, **changes})


def days(first: int = 2026, last: int = 2028) -> st.SearchStrategy[date]:
    return st.dates(date(first, 1, 1), date(last, 12, 31))


@st.composite
def criteria(draw: st.DrawFn) -> list[Criterion]:
    found = []
    for number in range(draw(st.integers(1, 3))):
        q = draw(st.integers(0, 3))
        found.append(
            Criterion(
                name=f"C{number}",
                weight=float(draw(st.integers(1, 5))),
                direction=draw(st.sampled_from(("max", "min"))),
                preference=draw(st.sampled_from(SHAPES)),
                q=float(q),
                p=float(q + draw(st.integers(1, 4))),
                s=float(draw(st.integers(1, 4))),
            )
        )
    return found


@st.composite
def silos(draw: st.DrawFn, name: str, quarters: int) -> Silo:
    leaving = sorted(draw(st.sets(days(2026, 2027), max_size=2)))
    return Silo(
        name=name,
        service="eau",
        member=draw(st.sampled_from("MN")),
        yearly_cost=float(draw(st.integers(0, 40)) * 10),
        ends=draw(days()),
        exits=[Exit(since=day, penalty=float(draw(st.integers(0, 20)) * 10)) for day in leaving],
        renewed_cost=draw(st.none() | st.integers(0, 40).map(lambda one: one * 10.0)),
        renewed_for=draw(st.integers(1, 4)),
    )


@st.composite
def actions(draw: st.DrawFn, name: str, criteria: list[Criterion], silos: list[Silo], quarters: int) -> Action:
    length = draw(st.integers(1, 2))
    cost = draw(
        st.integers(0, 20).map(lambda one: one * 10.0) | st.lists(st.integers(0, 100).map(float), max_size=length)
    )
    total = sum(cost) if isinstance(cost, list) else cost
    return Action(
        name=name,
        scores={one.name: float(draw(st.integers(0, 8))) for one in criteria},
        quarters=length,
        cost=cost,
        running=float(draw(st.integers(0, 5))),
        staff=draw(st.just({}) | st.just({"sig": [2.0]}) | st.integers(0, 3).map(lambda one: {"sig": float(one)})),
        running_staff=draw(st.just({}) | st.just({"sig": 0.5})),
        benefits=draw(st.dictionaries(st.sampled_from("MN"), st.integers(-10, 40).map(float))),
        replaces=[one.name for one in silos],
        subsidies=[
            Subsidy(source="DETR", rate=float(rate), delay=draw(st.integers(0, 3)), before=draw(st.none() | days()))
            for rate in draw(st.lists(st.integers(0, 40), max_size=1))
            if total
        ],
        earliest=draw(st.none() | st.sampled_from(QUARTERS[:2])),
        latest=draw(st.none() | st.sampled_from(QUARTERS[1:])),
        obligation=draw(st.none() | st.none() | st.builds(Obligation, by=days(2027, 2028), reason=st.just("loi"))),
    )


@st.composite
def programmes(draw: st.DrawFn, most: int = 3) -> Programme:
    """Of up to three actions and four quarters, with a bit of everything: some have no plan at all."""
    quarters = draw(st.integers(2, 4))
    judged = draw(criteria())
    count = draw(st.integers(1, most))
    names = [f"A{number}" for number in range(count)]
    contracts = [draw(silos(f"S{number}", quarters)) for number in range(draw(st.integers(0, count)))]
    made = [draw(actions(name, judged, contracts[number : number + 1], quarters)) for number, name in enumerate(names)]
    pairs = [(before, after) for number, before in enumerate(names) for after in names[number + 1 :]]
    some = st.lists(st.sampled_from(names), min_size=2, max_size=3, unique=True) if count > 1 else st.nothing()
    limited = draw(st.booleans())
    start = draw(st.sampled_from(("2026-Q4", "2027-Q1", "2027-Q1")))
    planned = (["2026-Q4"] if start == "2026-Q4" else []) + list(QUARTERS)
    choices = st.builds(Choice, action=st.sampled_from(names), start=st.none() | st.sampled_from(planned[:quarters]))
    years = (2026, 2027) if start == "2026-Q4" else (2027,)
    return Programme(
        name="essai",
        start=start,
        quarters=quarters,
        valued_quarters=draw(st.integers(quarters, 8)),
        discount_rate=draw(st.sampled_from((0.0, 3.0, 40.0))),
        score_weight=draw(st.sampled_from((0.0, 50.0))),
        criteria=judged,
        members=[Member(name="M"), Member(name="N", share=3.0)],
        silos=contracts,
        actions=made,
        setups=[
            SetUp(name=f"U{number}", cost=float(draw(st.integers(0, 10)) * 10), actions=draw(some))
            for number in range(draw(st.integers(0, 2)) if count > 1 else 0)
        ],
        synergies=[
            Synergy(actions=draw(some), gain=float(draw(st.integers(0, 30))))
            for _ in range(draw(st.integers(0, 2)) if count > 1 else 0)
        ],
        precedences=[
            Precedence(before=before, after=after, lag=draw(st.integers(0, 1)))
            for before, after in draw(
                st.lists(st.sampled_from(pairs), max_size=2, unique=True) if pairs else st.just([])
            )
        ],
        alternatives=[Alternatives(actions=draw(some))] if count > 1 and draw(st.integers(0, 3)) == 0 else [],
        budgets=[Budget(year=year, amount=float(draw(st.integers(0, 30)) * 10)) for year in years] if limited else [],
        carry_over=float(draw(st.sampled_from((0, 50, 100)))),
        staff=[Staff(skill="sig", months=draw(st.sampled_from((1.0, 2.0, 3.0, 5.0))))],
        pins=draw(st.lists(choices, max_size=1)) if draw(st.integers(0, 3)) == 0 else [],
        forbids=draw(st.lists(choices, max_size=1)) if draw(st.integers(0, 3)) == 0 else [],
    )
