"""Who is proposed to join, when and for what: compared with trying every group on every day."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given

from beffroi.pooling.groups.proposal import ProposedGroup
from beffroi.pooling.groups.proposing import proposed
from beffroi.pooling.groups.question import Distance, Question
from beffroi.pooling.keys import Key, Part
from beffroi.pooling.tariffs import Fixed, FlatStep, PerUnit, Rate, Slices, Stepped
from tests.pooling.groups.builders import a_candidate, a_contract, a_question, cost_of, groups_of, questions, savings
from tests.pooling.groups.test_sizes import days_of

NEAR = Decimal("0.02")


def only(question: Question) -> ProposedGroup:
    (group,) = proposed(question).groups
    return group


@given(question=questions())
def test_the_first_group_saves_what_no_group_on_any_day_exceeds(question: Question) -> None:
    best = max((saved * day.years for day in days_of(question) for saved in savings(question, day).values()), default=0)
    found = proposed(question)
    assert float(found.bound) == pytest.approx(max(best, 0.0), abs=0.02)
    if best > 0.01:
        assert float(found.groups[0].net) == pytest.approx(best, abs=0.05)
    else:
        assert found.groups == []


@given(question=questions())
def test_the_critical_mass_is_the_smallest_group_that_pays_less_than_its_members_alone(question: Question) -> None:
    found = proposed(question)
    start = found.groups[0].start if found.groups else question.start
    (day,) = (one for one in days_of(question) if one.start == start)
    pays = [
        len(inside)
        for inside in groups_of(len(question.members))
        if sum(float(day.alone[one]) for one in inside) - cost_of(question, inside) > 0.005
    ]
    assert found.critical.size == (min(pays) if pays else None)
    assert found.critical.proven
    assert len(found.critical.members) == (found.critical.size or 0)


@given(question=questions())
def test_everybody_is_in_one_group_or_left_out_with_a_reason(question: Question) -> None:
    found = proposed(question)
    placed = [name for group in found.groups for name in group.names] + [one.member for one in found.left_out]
    assert sorted(placed) == sorted(one.name for one in question.members)
    assert all(one.why.fr and one.why.en for one in found.left_out)


@given(question=questions())
def test_costs_by_the_key_make_the_whole_and_a_group_said_stable_has_no_part_that_would_pay_less(
    question: Question,
) -> None:
    names = [one.name for one in question.members]
    for group in proposed(question).groups:
        assert sum(one.cost for one in group.members) == group.cost
        assert sum(one.stable_cost for one in group.members) == group.cost - group.subsidy
        paid = {names.index(one.member): float(one.cost) for one in group.members}
        alone = {names.index(one.member): float(one.alone) for one in group.members}
        gains = [
            sum(paid[one] for one in part) - min(cost_of(question, part), sum(alone[one] for one in part))
            for part in groups_of(len(names), least=1)
            if set(part) < set(paid)
        ]
        if group.stable:
            assert max(gains, default=0.0) <= 0.05
            assert group.blocking == []
        else:
            assert float(group.excess) == pytest.approx(max(gains), abs=0.05)


def test_a_contract_that_is_dear_to_leave_puts_the_group_off() -> None:
    """Two of three are free at once; the third brings more than what waiting a year loses."""
    free = [a_candidate(one, 10, alone=Decimal(700)) for one in "AB"]
    bound = a_candidate("C", 10, contract=a_contract(date(2027, 12, 31), 900, 50_000))
    group = only(a_question(*free, bound))
    assert (group.start, group.names, group.penalties) == (date(2028, 1, 1), ["A", "B", "C"], Decimal(0))


def test_a_penalty_that_pays_for_itself_is_paid() -> None:
    free = [a_candidate(one, 10, alone=Decimal(1100)) for one in "AB"]
    bound = a_candidate("C", 10, contract=a_contract(date(2029, 12, 31), 1100, 100))
    group = only(a_question(*free, bound))
    assert (group.start, group.penalties) == (date(2027, 1, 1), Decimal(100))
    assert group.net == pytest.approx(4 * Decimal(2000) - 100, abs=Decimal(10))
    (held,) = (one for one in group.members if one.member == "C")
    assert (held.penalty, held.contract_ends) == (Decimal(100), date(2029, 12, 31))


def test_who_is_still_bound_is_told_from_when_it_would_bring_something() -> None:
    free = [a_candidate(one, 10, alone=Decimal(1100)) for one in "AB"]
    bound = a_candidate("C", 10, contract=a_contract(date(2029, 6, 30), 300, 9_000))
    found = proposed(a_question(*free, bound))
    (left,) = found.left_out
    assert (left.member, left.joins, left.adds) == ("C", date(2029, 7, 1), Decimal(200))


def test_two_places_far_from_each_other_make_two_groups() -> None:
    here = [a_candidate(one, 10, longitude=-1.4, latitude=46.7) for one in "AB"]
    there = [a_candidate(one, 10, longitude=2.3, latitude=48.9) for one in "CD"]
    found = proposed(a_question(*here, *there, distance=Distance(per_km=Decimal(1), farthest=Decimal(50))))
    assert sorted(group.names for group in found.groups) == [["A", "B"], ["C", "D"]]
    assert found.groups[0].served_from in ("A", "B")


def many(count: int = 258, seed: int = 5) -> Question:
    """A département: communes of all sizes within 80 km, contracts that end here and there."""
    chance = np.random.default_rng(seed)
    members = [
        a_candidate(
            f"commune {place}",
            int(chance.integers(2, 60)),
            longitude=float(chance.uniform(-2.2, -0.8)),
            latitude=float(chance.uniform(46.3, 47.0)),
            contract=a_contract(
                date(2027 + int(chance.integers(0, 3)), int(chance.integers(1, 13)), 1),
                int(chance.integers(100, 2500)),
                int(chance.integers(0, 2000)),
            )
            if chance.random() < 0.6
            else None,
        )
        for place in range(count)
    ]
    costs = [
        Fixed(amount=Decimal(24_000)),
        Stepped(
            unit="devices",
            steps=[
                FlatStep(Decimal(4_000), Decimal(500)),
                FlatStep(Decimal(9_000), Decimal(2_500)),
                FlatStep(Decimal(16_000)),
            ],
        ),
        Slices(unit="devices", rates=[Rate(Decimal(30)), Rate(Decimal(14), Decimal(1000))]),
        PerUnit(unit="members", price=Decimal(150)),
    ]
    distance = Distance(per_km=Decimal(6), farthest=Decimal(45))
    return a_question(*members, costs=costs, sharing_key=Key((Part("devices"),)), distance=distance)


def test_a_departement_is_answered_with_a_bound() -> None:
    question = many()
    found = proposed(question)
    assert found.method == "bounded"
    first = found.groups[0]
    assert first.net > 0
    assert first.net <= found.bound + NEAR
    assert first.net >= Decimal("0.97") * found.bound
    names = [one.name for one in question.members]
    inside = tuple(names.index(name) for name in first.names)
    assert float(first.cost) == pytest.approx(cost_of(question, inside), abs=0.01)
    assert found.critical.size is not None
    assert found.critical.least is not None
    assert found.critical.least <= found.critical.size
    for one in found.critical.sizes:
        assert one.saving is None or one.bound is None or one.saving <= one.bound
