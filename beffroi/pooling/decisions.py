"""What was decided of an experiment: stop, adjust or spread; by whom, why, and on which figures, kept as they were."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import insert, select
from sqlalchemy.engine import Row

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction
from beffroi.errors import Conflict, Text
from beffroi.pooling import computations, experiments, reach
from beffroi.pooling.deeds import Deed, columns, surely
from beffroi.pooling.tables import experiment_decision
from beffroi.pooling.trying.effect import MeasuredEffect

Way = Literal["stop", "adjust", "spread"]


class NewDecision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`computation`: the one whose figures it is based on."""

    decision: Way
    reasons: Annotated[str, Meta(min_length=1, max_length=5000)]
    computation: Annotated[str, Meta(min_length=1, max_length=60)]


class Decision(msgspec.Struct, frozen=True):
    """`figures`: those it was based on. `revision`: of the experiment, that they are of."""

    id: int
    decision: Way
    reasons: str
    revision: int
    computation: str
    figures: MeasuredEffect
    decided: Deed


def decide(scope: Scope, tx: Transaction, key: str, new: NewDecision, *, now: datetime) -> Decision:
    """For the structure's editors. A decision is not written over: another one follows it."""
    kept = experiments.required(scope, tx, key, Right.EDIT, now=now)
    found = measured(scope, tx, kept, new.computation)
    row = {
        "experiment": key,
        "revision": kept.about.revision,
        "decision": new.decision,
        "reasons": new.reasons,
        "computation": new.computation,
        "figures": msgspec.json.encode(found).decode(),
        **columns("decided", scope, now),
    }
    id_ = int(tx.execute(insert(experiment_decision).returning(experiment_decision.c.id), row).scalar_one())
    detail = {"decision": new.decision, "computation": new.computation}
    audit.record(scope, tx, "experiment.decide", now=now, subject=key, detail=detail)
    return _decision(tx.execute(select(experiment_decision).where(experiment_decision.c.id == id_)).one())


def measured(scope: Scope, tx: Transaction, kept: experiments.KeptExperiment, computation: str) -> MeasuredEffect:
    """The effect that a computation found of an experiment's last revision. Raises `Conflict` when it is of another."""
    asked = computations.get(scope, tx, computation)
    request = asked.request
    mine = isinstance(request, computations.EffectAsked) and request.experiment == kept.about.key
    if not mine or asked.revision != kept.about.revision or asked.state != "done":
        raise Conflict(
            Text(
                "Ce calcul n'est pas celui de l'expérimentation telle qu'elle est : mesurez de nouveau.",
                "This computation is not of the experiment as it is: measure again.",
            )
        )
    found: MeasuredEffect = computations.result(tx, computation)
    return found


def of(scope: Scope, tx: Transaction, kept: experiments.KeptExperiment) -> list[Decision]:
    """The newest first; who reads the experiment was looked at. A member sees its own units in the figures."""
    table = experiment_decision
    rows = tx.execute(select(table).where(table.c.experiment == kept.about.key).order_by(table.c.id.desc()))
    found = [_decision(row) for row in rows]
    service = kept.about.service
    if reach.whole(scope, tx, service):
        return found
    mine = reach.members(scope, service)
    return [msgspec.structs.replace(one, figures=experiments.for_member(one.figures, mine)) for one in found]


def last(tx: Transaction) -> dict[str, Way]:
    """Of each experiment that has one."""
    table = experiment_decision
    rows = tx.execute(select(table.c.experiment, table.c.decision).order_by(table.c.id))
    return {key: decision for key, decision in rows}


def _decision(row: Row[tuple[object, ...]]) -> Decision:
    return Decision(
        id=row.id,
        decision=row.decision,
        reasons=row.reasons,
        revision=row.revision,
        computation=row.computation,
        figures=msgspec.json.decode(row.figures, type=MeasuredEffect),
        decided=surely("decided", row),
    )
