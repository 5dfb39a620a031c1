"""Rules of retention: /retention-rules."""

import msgspec

from beffroi.access import Right, Scope
from beffroi.api.routing import Call, Routes
from beffroi.database import Page
from beffroi.pipeline.keeping import Touched
from beffroi.registry import retention
from beffroi.registry.fields import ThingId
from beffroi.registry.retention import NewRule, Rule, RulePatch, RuleQuery

routes = Routes(
    "retention", "How long observations are kept, by kind of series, and what they become. Default: always."
)


class Effect(msgspec.Struct, frozen=True):
    """What applying a rule at this moment would take: `observations` of `series` series, by deed and collectivité."""

    observations: int
    series: int
    touched: list[Touched]


@routes.get("/retention-rules")
def list_rules(call: Call, query: RuleQuery) -> Page[Rule]:
    """The structure's rules, and those of the collectivités one reads; those that ended too with `current=false`."""
    with call.reading() as tx:
        return retention.find(call.scope, tx, query)


@routes.post("/retention-rules", status=201)
def create(call: Call, body: NewRule) -> Rule:
    """Without `owner`, for the series of all: administrators of the structure. Else for those of the collectivité.

    It is applied at the next daily turn: look first, with a dry run.
    """
    with call.writing() as tx:
        return retention.create(call.scope, tx, body, now=call.now)


@routes.post("/retention-rules/dry-run")
def try_new(call: Call, body: NewRule) -> Effect:
    """What a rule would take if it were in force, instead of one for the same series. Nothing is changed."""
    with call.reading() as tx:
        rule = retention.draft(call.scope, tx, body, now=call.now)
    return _effect(call, rule)


@routes.get("/retention-rules/{id}")
def rule(call: Call, id: ThingId) -> Rule:
    """One rule."""
    with call.reading() as tx:
        return retention.get(call.scope, tx, id)


@routes.get("/retention-rules/{id}/dry-run")
def try_(call: Call, id: ThingId) -> Effect:
    """What applying the rule now would take. For those who may change it."""
    with call.reading() as tx:
        found = retention.get(call.scope, tx, id)
    if found.owner is None:
        call.scope.require_instance()
    else:
        call.scope.require(Right.ADMINISTER, found.owner)
    return _effect(call, found)


@routes.patch("/retention-rules/{id}")
def change(call: Call, id: ThingId, body: RulePatch) -> Rule:
    """Change how long, what remains or why. What is gone does not come back."""
    with call.writing() as tx:
        return retention.change(call.scope, tx, id, body, now=call.now)


@routes.delete("/retention-rules/{id}", status=200)
def end(call: Call, id: ThingId) -> Rule:
    """End it: from now on it removes nothing."""
    with call.writing() as tx:
        return retention.end(call.scope, tx, id, now=call.now)


def _effect(call: Call, rule: Rule) -> Effect:
    """The structure's rule is counted over all collectivités, whose administrators' eyes see no more than counts."""
    scope = call.scope if rule.owner else Scope.system("dry run of a retention rule")
    touched = call.rooms.keeping.dry_run(scope, rule, now=call.now, patience=call.patience)
    return Effect(sum(one.observations for one in touched), sum(one.series for one in touched), touched)
