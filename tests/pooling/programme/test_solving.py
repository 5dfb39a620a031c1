"""The plan found is the best of all there are."""

import pytest
from hypothesis import given

from beffroi.pooling.programme import file
from beffroi.pooling.programme.model import Programme
from beffroi.pooling.programme.prepared import Prepared
from beffroi.pooling.programme.solving import Effort, Solved, solve
from tests.pooling.programme import by_hand
from tests.pooling.programme.builders import programmes
from tests.trials import tried

EXACT = Effort(seconds=20.0, gap=0.0, threads=1)


def solved(programme: Programme) -> tuple[Prepared, Solved]:
    file.check(programme)
    prepared = Prepared(programme)
    return prepared, solve(prepared, EXACT)


def named(programme: Programme, found: Solved) -> by_hand.Plan:
    return {programme.actions[number].name: start for number, start in (found.starts or {}).items()}


def scores_of(programme: Programme) -> dict[str, float]:
    """Of the group: no member of these programmes weighs in its own way."""
    return by_hand.net_flows(programme, {one.name: one.weight for one in programme.criteria})


@tried(400)
@given(programme=programmes())
def test_the_plan_is_the_best_of_all(programme: Programme) -> None:
    _, found = solved(programme)
    best = by_hand.best(programme, scores_of(programme))
    if best is None:
        assert (found.status, found.starts) == ("infeasible", None)
        return
    plan = named(programme, found)
    assert by_hand.faults(programme, plan) == []
    assert found.status == "optimal"
    assert found.value == pytest.approx(best[1], abs=1e-4)
    assert by_hand.value(programme, plan, scores_of(programme)) == pytest.approx(found.value, abs=1e-6)
    assert found.bound is not None
    assert found.bound >= best[1] - 1e-4
