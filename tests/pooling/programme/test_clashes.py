"""What cannot be is told, with nothing in it that could be left out."""

from datetime import date
from itertools import combinations

import msgspec
from hypothesis import given

from beffroi.pooling.programme import file, rules
from beffroi.pooling.programme.clashes import clash
from beffroi.pooling.programme.model import (
    Alternatives,
    Budget,
    Choice,
    Obligation,
    Precedence,
    Programme,
    Staff,
)
from beffroi.pooling.programme.prepared import Prepared
from beffroi.pooling.programme.rules import Group
from tests.pooling.programme import by_hand
from tests.pooling.programme.builders import a_programme, an_action, programmes
from tests.trials import tried

LAW = Obligation(by=date(2027, 7, 1), reason="loi")


def kept_together(programme: Programme, groups: set[tuple[str, object]]) -> bool:
    """Whether some plan breaks none of these rules, whatever others it breaks."""
    return any(
        not groups & set(broken) and not any(rule == "window" for rule, _ in broken)
        for broken in (by_hand.faults(programme, plan) for plan in by_hand.plans(programme))
    )


def found(programme: Programme) -> list[Group] | None:
    file.check(programme)
    told = clash(Prepared(programme), seconds=60)
    if told is None:
        return None
    assert told.minimal
    return told.groups


@tried(300)
@given(programme=programmes())
def test_what_clashes_cannot_be_and_could_without_any_one_of_it(programme: Programme) -> None:
    groups = found(programme)
    if groups is None:
        assert kept_together(programme, {(one.rule, one.number) for one in rules.groups(Prepared(programme))})
        return
    named = {(one.rule, one.number) for one in groups}
    assert not kept_together(programme, named)
    for fewer in combinations(named, len(named) - 1):
        assert kept_together(programme, set(fewer))


def test_an_obligation_and_a_budget_clash_and_nothing_else_is_told() -> None:
    programme = a_programme(
        an_action("A", obligation=LAW),
        an_action("B", cost=5.0),
        budgets=[Budget(year=2027, amount=50.0)],
        staff=[Staff(skill="sig", months=1.0)],
        precedences=[Precedence(before="A", after="B")],
    )
    groups = found(programme)
    assert groups == [Group("obligation", 0), Group("budget", 0)]
    assert [rules.said(Prepared(programme), one).en for one in groups] == [
        "“A” has to be in service on 2027-07-01 (loi)",
        "the budget of 2027 (€50)",
    ]


def test_an_obligation_that_no_work_can_meet_clashes_alone() -> None:
    programme = a_programme(an_action("A", quarters=3, obligation=LAW), pins=[Choice(action="A")])
    assert found(programme) == [Group("obligation", 0)]


def test_precedences_of_an_obliged_action_are_told_along_the_whole_way() -> None:
    programme = a_programme(
        an_action("A", quarters=2),
        an_action("B"),
        an_action("C", obligation=LAW),
        precedences=[Precedence(before="A", after="B"), Precedence(before="B", after="C")],
    )
    assert found(programme) == [Group("obligation", 2), Group("precedence", 0), Group("precedence", 1)]


def test_pinned_rivals_clash_with_their_being_alternatives() -> None:
    programme = a_programme(
        an_action("A"),
        an_action("B"),
        alternatives=[Alternatives(actions=["A", "B"])],
        pins=[Choice(action="A"), Choice(action="B", start="2027-Q2")],
    )
    groups = found(programme)
    assert groups == [Group("alternatives", 0), Group("pin", 0), Group("pin", 1)]
    assert [rules.said(Prepared(programme), one).fr for one in groups] == [
        "une seule de\u00a0: A, B",
        "«\u00a0A\u00a0» imposée",
        "«\u00a0B\u00a0» imposée au T2\u00a02027",
    ]


def test_what_can_be_has_no_clash() -> None:
    programme = a_programme(an_action("A", obligation=LAW), budgets=[Budget(year=2027, amount=100.0)])
    assert found(programme) is None
    assert found(msgspec.structs.replace(programme, budgets=[Budget(year=2027, amount=99.0)])) is not None
