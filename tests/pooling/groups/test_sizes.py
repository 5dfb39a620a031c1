"""The best group of every size, beside trying them all; and what is said to be exceeded by none."""

import numpy as np
import pytest
from hypothesis import given

from beffroi.pooling.groups import starting
from beffroi.pooling.groups.bounded import Bounded
from beffroi.pooling.groups.pool import Exact
from beffroi.pooling.groups.question import Question
from tests.pooling.groups.builders import cost_of, flags, groups_of, pool_of, questions, savings


def days_of(question: Question) -> list[starting.Day]:
    tariffs = np.array([float(question.service.cost([one])) for one in question.service.members])
    return starting.days(question, tariffs)


def best_of(question: Question, day: starting.Day) -> dict[int, float]:
    found: dict[int, float] = {}
    for inside, saved in savings(question, day).items():
        found[len(inside)] = max(found.get(len(inside), -np.inf), saved)
    return found


@given(question=questions())
def test_what_a_group_costs_is_what_its_definition_says(question: Question) -> None:
    pool, count = pool_of(question), len(question.members)
    table = pool.table()
    for inside in groups_of(count, least=1):
        expected = cost_of(question, inside)
        assert pool.cost(flags(inside, count)) == pytest.approx(expected)
        assert table[sum(1 << one for one in inside)] == pytest.approx(expected)


@given(question=questions(most=7))
def test_the_best_of_every_size_is_that_of_trying_all(question: Question) -> None:
    search = Exact(pool_of(question))
    for day in days_of(question):
        found = search.sizes(day.values, day.candidates)
        for size, saved in best_of(question, day).items():
            assert found.found[size] == pytest.approx(saved)
            if np.isfinite(saved):
                chosen = tuple(int(one) for one in np.flatnonzero(found.groups[size]))
                assert savings(question, day)[chosen] == pytest.approx(saved)


@given(question=questions(most=8))
def test_where_groups_are_searched_for_the_truth_is_between_what_is_found_and_the_bound(question: Question) -> None:
    search = Bounded(pool_of(question))
    for day in days_of(question):
        found, every = search.sizes(day.values, day.candidates), savings(question, day)
        for size, saved in best_of(question, day).items():
            near = 1e-6 * (1 + abs(saved)) if np.isfinite(saved) else 0.0
            assert found.found[size] <= saved + near
            assert found.bound[size] >= saved - near
            if size in found.groups:
                chosen = tuple(int(one) for one in np.flatnonzero(found.groups[size]))
                assert len(chosen) == size
                assert every[chosen] == pytest.approx(float(found.found[size]))
