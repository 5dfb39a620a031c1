"""A programme that cannot be is refused with what is wrong, where."""

import json
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from beffroi.errors import Invalid
from beffroi.pooling.programme import file
from beffroi.pooling.programme.model import Alternatives, Choice, Criterion, Precedence, Programme, SetUp, Subsidy
from tests.docs.pages import ROOT
from tests.pooling.programme.builders import a_programme, a_silo, an_action
from tests.pooling.programme.whole import WHOLE

EXAMPLE = ROOT / "examples/programmes/vendee.json"


def document(**changes: Any) -> bytes:
    action = {"name": "A", "scores": {}}
    return json.dumps({"name": "essai", "start": "2027-Q1", "quarters": 4, "actions": [action], **changes}).encode()


def faults(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as told:
        file.read(content)
    return [(fault.field, fault.text.en) for fault in told.value.faults]


def test_the_example_is_read_and_says_that_it_is_one() -> None:
    programme = file.read(EXAMPLE.read_bytes())
    assert (len(programme.actions), programme.quarters) == (15, 12)
    assert "(exemple)" in programme.name


def test_a_byte_order_mark_is_no_fault() -> None:
    assert file.read(b"\xef\xbb\xbf" + document()).name == "essai"


@pytest.mark.parametrize(
    "pairs", [[("A", "A")], [("A", "B"), ("B", "A")], [("A", "B"), ("B", "C"), ("C", "A"), ("A", "D")]]
)
def test_a_circle_of_precedences_is_told_along_its_way(pairs: list[tuple[str, str]]) -> None:
    programme = a_programme(
        *(an_action(name) for name in "ABCD"),
        precedences=[Precedence(before=before, after=after) for before, after in pairs],
    )
    with pytest.raises(Invalid) as told:
        file.check(programme)
    (fault,) = told.value.faults
    assert fault.field == "precedences"
    way = fault.text.en.removeprefix("go round in a circle: ").split(" → ")
    assert way[0] == way[-1]
    assert set(pairwise(way)) <= set(pairs)


@pytest.mark.parametrize(
    ("changes", "where", "why"),
    [
        ({"quarters": 0}, "programme", "Expected `int` >= 1 - at `$.quarters`"),
        ({"start": "2027"}, "programme", "matching regex"),
        ({"colour": 1}, "programme", "unknown field `colour`"),
        ({"actions": []}, "actions", "expected one action at least"),
        ({"actions": [{"name": "A", "scores": {}}] * 2}, "actions", "“A” named 2 times"),
        ({"actions": [{"name": "A", "scores": {}, "cost": -1}]}, "programme", ">= 0.0 - at `$.actions[0].cost`"),
        ({"actions": [{"name": "A", "scores": {}, "cost": [1, 2]}]}, "actions[0].cost", "longer than the work"),
        ({"actions": [{"name": "A", "scores": {"X": 1}}]}, "actions[0].scores", "unknown criterion: “X”"),
        ({"actions": [{"name": "A", "scores": {}, "staff": {"X": 1}}]}, "actions[0].staff", "unknown skill: “X”"),
        ({"actions": [{"name": "A", "scores": {}, "replaces": ["X"]}]}, "actions[0].replaces", "unknown contract: “X”"),
        ({"criteria": [{"name": "C", "weight": 1}]}, "actions[0].scores", "no score for “C”"),
        ({"criteria": [{"name": "C", "weight": 0}]}, "criteria", "every weight is 0"),
        ({"budgets": [{"year": 2030, "amount": 1}]}, "budgets", "2030: outside the plan"),
        ({"quarters": 5, "budgets": [{"year": 2027, "amount": 1}]}, "budgets", "no budget for 2028"),
        ({"staff": [{"skill": "sig", "months": [1]}]}, "staff[0].months", "expected one number a quarter"),
        ({"valued_quarters": 2}, "valued_quarters", "as many as `quarters` at least"),
        ({"pins": [{"action": "Z"}]}, "pins[0].action", "unknown action: “Z”"),
        ({"forbids": [{"action": "A", "start": "2031-Q1"}]}, "forbids[0].start", "2031-Q1: outside the plan"),
        ({"precedences": [{"before": "A", "after": "Z"}]}, "precedences[0]", "unknown action: “Z”"),
    ],
)
def test_what_is_wrong_is_told_where_it_is(changes: dict[str, Any], where: str, why: str) -> None:
    assert any(field == where and why in text for field, text in faults(document(**changes)))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"name": NaN}'])
def test_what_is_no_programme_is_told(content: bytes) -> None:
    assert [field for field, _ in faults(content)] == ["programme"]


@pytest.mark.parametrize(
    "criterion",
    [
        Criterion(name="C", weight=1, preference="v-shape"),
        Criterion(name="C", weight=1, preference="level", q=2, p=2),
        Criterion(name="C", weight=1, preference="linear", q=3, p=2),
        Criterion(name="C", weight=1, preference="gaussian"),
    ],
)
def test_a_shape_without_its_thresholds_is_refused(criterion: Criterion) -> None:
    with pytest.raises(Invalid) as told:
        file.check(a_programme(an_action(scores={"C": 1.0}), criteria=[criterion]))
    assert told.value.faults[0].field == "criteria[0]"


def test_a_contract_that_two_actions_replace_has_to_be_said_alternative() -> None:
    programme = a_programme(an_action("A", replaces=["S"]), an_action("B", replaces=["S"]), silos=[a_silo()])
    with pytest.raises(Invalid, match="say that they are `alternatives`"):
        file.check(programme)
    file.check(
        a_programme(
            an_action("A", replaces=["S"]),
            an_action("B", replaces=["S"]),
            silos=[a_silo()],
            alternatives=[Alternatives(actions=["A", "B"])],
        )
    )


def test_subsidies_beyond_the_cost_are_refused() -> None:
    given = [Subsidy(source="DETR", rate=60), Subsidy(source="FEDER", amount=50.0)]
    with pytest.raises(Invalid, match="exceed the cost"):
        file.check(a_programme(an_action(subsidies=given)))


def test_many_faults_are_told_by_the_first_ones_and_counted() -> None:
    programme = a_programme(
        an_action(), setups=[SetUp(name=f"U{number}", cost=1, actions=["Z"]) for number in range(30)]
    )
    with pytest.raises(Invalid) as told:
        file.check(programme)
    assert len(told.value.faults) == file.SHOWN + 1
    assert told.value.faults[-1].text.en == "and 10 more faults"


def test_a_choice_of_an_action_that_is_not_there_is_told() -> None:
    programme = a_programme(an_action())
    told = list(file.choice_faults(programme, Choice(action="Z"), "--pin"))
    assert [(one.field, one.text.en) for one in told] == [("--pin.action", "unknown action: “Z”")]


def test_the_whole_programme_says_all_that_a_programme_may_say() -> None:
    read = file.read(json.dumps(WHOLE).encode())
    unsaid = _unsaid(read)
    assert unsaid == set()


def _unsaid(whole: Programme) -> set[str]:
    """Fields, by struct, that nothing in it gives another value than the default."""
    seen: set[str] = set()
    every: set[str] = set()

    def look(value: object) -> None:
        if isinstance(value, list):
            for one in value:
                look(one)
        if not isinstance(value, msgspec.Struct):
            return
        for field in msgspec.structs.fields(value):
            told = getattr(value, field.name)
            default = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
            every.add(f"{type(value).__name__}.{field.name}")
            if told != default:
                seen.add(f"{type(value).__name__}.{field.name}")
            look(told)

    look(whole)
    return every - seen
