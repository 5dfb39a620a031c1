"""What is told of a plan: accounts that add up, prices, reasons."""

from datetime import date

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from beffroi.pooling.programme import planning
from beffroi.pooling.programme.accounts import accounts
from beffroi.pooling.programme.building import built, polished
from beffroi.pooling.programme.model import (
    Alternatives,
    Budget,
    Choice,
    Exit,
    Precedence,
    Programme,
    SetUp,
    Staff,
    Subsidy,
    Synergy,
)
from beffroi.pooling.programme.plan import Plan
from beffroi.pooling.programme.prepared import Prepared
from beffroi.pooling.programme.rules import broken
from beffroi.pooling.programme.solving import Effort, solve
from benchmarks.programmes import a_programme as a_random_programme
from tests.pooling.programme import by_hand
from tests.pooling.programme.builders import a_programme, a_silo, an_action, programmes
from tests.pooling.programme.test_solving import EXACT
from tests.trials import tried


def planned(programme: Programme) -> Plan:
    return planning.planned(programme, EXACT)


@tried(150)
@given(programme=programmes())
def test_what_members_gain_is_what_the_plan_is_worth(programme: Programme) -> None:
    plan = planned(programme)
    assume(plan.money is not None)
    assert sum(one.discounted.gain for one in plan.members) == pytest.approx(plan.money, abs=0.2)
    paid = sum(one.paid.gain for one in plan.members)
    assert paid == pytest.approx(sum(one.cash + one.benefits for one in plan.cash), abs=0.2)


@tried(150)
@given(programme=programmes())
def test_budgets_and_cash_are_those_counted_by_hand(programme: Programme) -> None:
    plan = planned(programme)
    assume(plan.money is not None)
    starts = {one.action: programme.calendar.number(one.start) for one in plan.actions}
    spent = by_hand.spending(programme, starts)
    assert [one.works + one.setups + one.running - one.subsidies for one in plan.cash] == pytest.approx(spent, abs=0.05)
    assert all(one.left >= -0.01 for one in plan.budgets)
    assert all(used <= there + 0.01 for one in plan.staff for used, there in zip(one.used, one.available, strict=True))


@tried(100)
@given(programme=programmes(), scale=st.sampled_from((0.001, 37.0, 1e5)))
def test_the_plan_follows_the_unit_of_money(programme: Programme, scale: float) -> None:
    found = solve(Prepared(programme), EXACT)
    other = solve(Prepared(scaled(programme, scale)), EXACT)
    assert other.status == found.status
    if found.value is not None and other.value is not None:
        assert other.value / scale == pytest.approx(found.value, abs=1e-3)


def scaled(programme: Programme, scale: float) -> Programme:
    money = {"cost", "running", "amount", "gain", "penalty", "yearly_cost", "renewed_cost", "score_weight"}

    def told(value: object, name: str = "") -> object:
        if isinstance(value, dict):
            inside = "benefits" if name == "benefits" else ""
            return {key: told(one, inside or key) for key, one in value.items()}
        if isinstance(value, list):
            return [told(one, name) for one in value]
        return value * scale if isinstance(value, float) and name in money | {"benefits"} else value

    return msgspec.convert(told(msgspec.to_builtins(programme)), Programme)


@tried(150)
@given(programme=programmes(most=2), data=st.data())
def test_a_choice_costs_what_the_best_plans_with_and_without_it_differ_by(
    programme: Programme, data: st.DataObject
) -> None:
    free = msgspec.structs.replace(programme, pins=[], forbids=[])
    action = data.draw(st.sampled_from([one.name for one in free.actions]))
    rule = data.draw(st.sampled_from(("pins", "forbids")))
    bound = msgspec.structs.replace(free, **{rule: [Choice(action=action)]})
    scores = by_hand.net_flows(free, {one.name: one.weight for one in free.criteria})
    without, given = by_hand.best(free, scores), by_hand.best(bound, scores)
    assume(without is not None and given is not None)
    assert without is not None
    assert given is not None
    (price,) = planned(bound).prices
    assert price.known is not None
    assert price.low is not None
    assert price.high is not None
    assert 0 <= price.low <= price.known + 0.01 <= price.high + 0.02
    assert price.known == pytest.approx(without[1] - given[1], abs=0.02)


def test_several_choices_have_a_price_each_and_one_together() -> None:
    programme = a_programme(
        an_action("A"),
        an_action("B", benefits={"M": 40.0}),
        pins=[Choice(action="A", start="2027-Q3")],
        forbids=[Choice(action="B")],
    )
    told = planned(programme).prices
    assert [(one.choices, one.known) for one in told] == [
        (["+A=2027-Q3"], 60.0),
        (["-B"], 180.0),
        (["+A=2027-Q3", "-B"], 240.0),
    ]


@tried(150)
@given(programme=programmes())
def test_a_plan_that_is_built_keeps_every_rule_and_none_is_made_worse(programme: Programme) -> None:
    prepared = Prepared(programme)
    found = built(prepared, seconds=5.0)
    if found is None:
        return
    assert broken(prepared, found) == []
    better = polished(prepared, found)
    assert broken(prepared, better) == []
    assert prepared.value(better) >= prepared.value(found)


def test_a_contract_is_left_when_that_costs_least() -> None:
    """From the second quarter leaving saves 20 a quarter; its penalty of 50 until the end of June is not worth it."""
    silo = a_silo(ends=date(2027, 9, 30), exits=[Exit(since=date(2026, 1, 1), penalty=50.0)])
    plan = planned(a_programme(an_action("A", replaces=["S"]), silos=[silo]))
    (contract,) = plan.contracts
    assert (contract.left, contract.penalty, contract.saved) == ("2027-Q4", 0.0, 100.0)
    early = msgspec.structs.replace(silo, exits=[Exit(since=date(2026, 1, 1), penalty=30.0)])
    (contract,) = planned(a_programme(an_action("A", replaces=["S"]), silos=[early])).contracts
    assert (contract.left, contract.penalty, contract.saved) == ("2027-Q2", 30.0, 140.0)


def test_a_contract_just_renewed_waits_for_its_next_term() -> None:
    silo = a_silo(ends=date(2027, 3, 31), renewed_for=4)
    later = an_action("A", replaces=["S"], earliest="2027-Q2")
    (contract,) = planned(a_programme(later, silos=[silo])).contracts
    assert contract.left == "2028-Q2"


def test_costs_are_shared_by_the_key_of_the_action_and_set_up_by_its_actions() -> None:
    programme = a_programme(
        an_action("A", shares={"M": 1.0}),
        an_action("B", benefits={"N": 50.0}),
        setups=[SetUp(name="U", cost=40.0, actions=["A", "B"])],
        synergies=[Synergy(actions=["A", "B"], gain=8.0, shares={"N": 1.0})],
    )
    first, second = planned(programme).members
    assert (first.member, first.paid.works, first.paid.setups, first.paid.benefits) == ("M", 125.0, 25.0, 210.0)
    assert (second.member, second.paid.works, second.paid.setups, second.paid.benefits) == ("N", 75.0, 15.0, 406.0)


def test_subsidies_that_come_too_late_are_not_counted() -> None:
    given = [Subsidy(source="DETR", rate=50.0, before=date(2027, 6, 30))]
    plan = planned(a_programme(an_action("A", subsidies=given, earliest="2027-Q3")))
    assert sum(one.subsidies for one in plan.cash) == 0.0
    plan = planned(a_programme(an_action("A", subsidies=given, earliest="2027-Q2")))
    assert sum(one.subsidies for one in plan.cash) == 50.0


@pytest.mark.parametrize(
    ("changes", "reason", "why"),
    [
        ({"forbids": [Choice(action="A")]}, "forbidden", "forbidden"),
        ({"budgets": [Budget(year=2027, amount=10.0)]}, "budget", "the budget of 2027 would not suffice"),
        ({"staff": [Staff(skill="sig", months=1.0)]}, "staff", "the staff “sig” would not suffice"),
        ({"alternatives": [Alternatives(actions=["A", "B"])]}, "alternative", "its alternative is chosen: B"),
        ({"precedences": [Precedence(before="C", after="A", lag=9)]}, "waits", "waits for what is left out: C"),
    ],
)
def test_what_is_left_out_is_told_with_its_reason(changes: dict[str, object], reason: str, why: str) -> None:
    told = {"staff": [Staff(skill="sig", months=9.0)], **changes}
    plan = planned(
        a_programme(
            an_action("A", staff={"sig": 2.0}),
            an_action("B", cost=1.0, benefits={"M": 90.0}),
            an_action("C", benefits={"M": 1.0}),
            **told,
        )
    )
    (found,) = [one for one in plan.left_out if one.action == "A"]
    assert found.reason == reason
    assert why in found.why.en


def test_an_action_that_loses_is_told_by_how_much() -> None:
    (found,) = planned(a_programme(an_action("A", benefits={"M": 10.0}))).left_out
    assert (found.reason, found.would_gain) == ("worth", -30.0)
    assert found.why.en == "by itself, would cost €30 more than it brings"


def test_an_action_that_does_not_fit_in_is_told() -> None:
    (found,) = planned(a_programme(an_action("A", quarters=5))).left_out
    assert found.reason == "too long"


def test_what_another_structure_offers_is_warned_of() -> None:
    plan = planned(a_programme(an_action("A", offered_by="Syndicat voisin")))
    assert [one.en for one in plan.warnings] == ["“A” would duplicate: Syndicat voisin offers it already"]


def test_what_is_carried_over_pays_for_the_next_year() -> None:
    programme = a_programme(
        an_action("A", cost=150.0, earliest="2028-Q1", benefits={"M": 200.0}),
        quarters=8,
        valued_quarters=12,
        budgets=[Budget(year=2027, amount=100.0), Budget(year=2028, amount=100.0)],
        carry_over=50.0,
    )
    plan = planned(programme)
    assert [(one.year, one.carried, one.spent, one.left) for one in plan.budgets] == [
        (2027, 0.0, 0.0, 100.0),
        (2028, 50.0, 150.0, 0.0),
    ]
    assert planned(msgspec.structs.replace(programme, carry_over=40.0)).actions == []


def test_a_large_programme_is_within_its_bound_and_keeps_every_rule() -> None:
    programme = a_random_programme(40, seed=3)
    prepared = Prepared(programme)
    found = solve(prepared, Effort(seconds=20.0, gap=0.02))
    assert found.starts is not None
    assert found.value is not None
    assert found.gap is not None
    assert 0 <= found.gap <= 0.02
    plan = {programme.actions[number].name: start for number, start in found.starts.items()}
    assert by_hand.faults(programme, plan) == []
    scores = dict(zip([one.name for one in programme.actions], prepared.worth.scores, strict=True))
    assert by_hand.value(programme, plan, scores) == pytest.approx(found.value, rel=1e-9)
    whole = accounts(prepared, found.starts).cash
    assert np.isclose(whole[-1].cumulative, sum(one.cash for one in whole), atol=1.0)
