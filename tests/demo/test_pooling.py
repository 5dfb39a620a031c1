"""The demonstration pools, as an example that says it is one."""

from beffroi.access import Scope
from beffroi.network.health import Ward
from beffroi.pooling import (
    accounting,
    catalogue,
    computations,
    cost_models,
    experiments,
    failures,
    lent,
    needs,
    programmes,
    purchases,
    skills,
)
from beffroi.pooling.failures import FailureQuery
from beffroi.pooling.gathering_needs import GroupsAsked, question_of
from beffroi.pooling.groups.proposing import proposed
from beffroi.pooling.needs import NeedQuery
from tests.demo.conftest import NOW, Demonstration

SCOPE = Scope.system("test")


def test_every_model_and_programme_says_that_it_is_an_example(demonstration: Demonstration) -> None:
    with demonstration.instance.rooms.database.read() as tx:
        models = cost_models.every(SCOPE, tx)
        (programme,) = programmes.every(SCOPE, tx)
    assert {one.service for one in models} == {"lighting", "waste", "environment"}
    assert {one.year for one in models} == {2026, 2027}
    assert all(one.model.example for one in models)
    assert programme.example


def test_each_service_costs_less_together_than_each_alone(demonstration: Demonstration) -> None:
    with demonstration.instance.rooms.database.read() as tx:
        for kept in cost_models.every(SCOPE, tx):
            drawn = accounting.drawn(tx, kept, "forecast")
            paid = sum(one.amount for one in accounting.of_all(drawn))
            alone = sum(accounting.alone(drawn, one.member) for one in kept.model.members)
            assert 0 < paid < alone / 2, kept.service


def test_the_programme_names_real_members_and_its_plan_waits_to_be_computed(demonstration: Demonstration) -> None:
    with demonstration.instance.rooms.database.read() as tx:
        (about,) = programmes.every(SCOPE, tx)
        kept = programmes.get(SCOPE, tx, about.key)
        asked = computations.find(SCOPE, tx)
    assert set(kept.collectivities) == {one.name for one in kept.document.members}
    assert {one.state for one in asked} == {"waiting"}
    assert len([one for one in asked if isinstance(one.request, computations.PlanAsked)]) == 1


def test_the_experiment_says_that_it_is_simulated_and_waits_to_be_measured(demonstration: Demonstration) -> None:
    with demonstration.instance.rooms.database.read() as tx:
        (about,) = experiments.every(SCOPE, tx, now=NOW)
        kept = experiments.get(SCOPE, tx, about.key, now=NOW)
        asked = computations.find(SCOPE, tx, computations.effect_subject("lighting", about.key))
    assert (about.example, about.state, about.cycle) == (True, "to-decide", "usual")
    assert (about.cohort, about.comparison) == (8, 8)
    assert "simulées" in kept.document.note
    assert [one.state for one in asked] == ["waiting"]


def test_the_group_purchase_is_an_example_that_may_be_allotted(demonstration: Demonstration) -> None:
    with demonstration.instance.rooms.database.read() as tx:
        held = purchases.every(SCOPE, tx, now=NOW)
        (one,) = (each for each in held if not each.document.criteria)
        found = purchases.proposed(SCOPE, tx, one.key, now=NOW)
    assert all(each.document.example and each.state == "open" for each in held)
    assert all(one.quantities.values())
    assert {line.lot for line in found.lines} == {lot.name for lot in one.document.lots}


def test_failures_say_that_they_are_made_up_and_are_over(demonstration: Demonstration) -> None:
    with demonstration.instance.rooms.database.read() as tx:
        found = failures.find(SCOPE, tx, Ward(demonstration.instance.rooms.database), FailureQuery(), now=NOW)
    assert len({one.service for one in found.failures}) >= 3
    assert all("inventée" in one.note and one.model and one.ended_on for one in found.failures)


def test_needs_offers_and_skills_say_that_they_are_examples(demonstration: Demonstration) -> None:
    with demonstration.instance.rooms.database.read() as tx:
        told = needs.find(SCOPE, tx, NeedQuery())
        read = catalogue.read(SCOPE, tx)
        offers = skills.offers(SCOPE, tx)
        (moved,) = lent.of_year(SCOPE, tx, NOW.year)
    assert told
    assert all(one.example for one in told)
    assert read.entries
    assert all(one.example for one in read.entries)
    assert read.overlaps
    assert [one.example for one in offers] == [True]
    assert moved.carried


def test_the_groups_of_the_example_pay_from_some_number_on(demonstration: Demonstration) -> None:
    with demonstration.instance.rooms.database.read() as tx:
        (asked,) = (one.request for one in computations.find(SCOPE, tx) if isinstance(one.request, GroupsAsked))
        found = proposed(question_of(SCOPE, tx, asked))
    assert found.groups
    assert found.groups[0].net > 0
    assert (found.critical.size or 0) > 2
