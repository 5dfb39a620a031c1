"""Trying before spreading: /pooling/experiments, their effect and decisions; /pooling/savings."""

import msgspec
from starlette.responses import Response

from beffroi.api.cost_models import CSV, RevisionQuery, file
from beffroi.api.routing import Call, Routes
from beffroi.database import Page
from beffroi.pooling import computations, decisions, experiments, gains, reach, savings
from beffroi.pooling.computations import Computation
from beffroi.pooling.cost_models import Revision
from beffroi.pooling.decisions import Decision, NewDecision, Way
from beffroi.pooling.experiments import ExperimentChange, ExperimentName, KeptExperiment
from beffroi.pooling.gains import Gain, GainsTaken
from beffroi.pooling.programmes import KeptProgramme
from beffroi.pooling.savings import NewSavings, Saving, SavingQuery
from beffroi.pooling.trying.effect import MeasuredEffect

routes = Routes("experiments", "Trying before spreading: experiments, what they changed, decisions, measured savings.")


class ExperimentLine(msgspec.Struct, frozen=True):
    """`decision`: the last one, None before any."""

    about: ExperimentName
    decision: Way | None


class ExperimentPage(msgspec.Struct, frozen=True):
    """`whole`: whether the caller reads all of it; `effect`: the last one computed of this revision, of which a member
    reads the groups and its own units."""

    kept: KeptExperiment
    whole: bool
    computation: Computation | None
    effect: MeasuredEffect | None
    decisions: list[Decision]
    savings: list[Saving]


@routes.get("/pooling/experiments")
def list_experiments(call: Call) -> Page[ExperimentLine]:
    """The register: experiments in which the caller reads something, the newest first."""
    with call.reading() as tx:
        decided = decisions.last(tx)
        return Page(
            [ExperimentLine(one, decided.get(one.key)) for one in experiments.every(call.scope, tx, now=call.now)]
        )


@routes.post("/pooling/experiments", status=201)
def make(call: Call, body: ExperimentChange) -> KeptExperiment:
    """Keep an experiment. For the structure's editors, of things that they see."""
    with call.rooms.database.write() as tx:
        return experiments.put(call.scope, tx, None, body, now=call.now)


@routes.get("/pooling/experiments/{key}")
def experiment(call: Call, key: str) -> ExperimentPage:
    """An experiment, its effect as last computed, what was decided and saved."""
    with call.reading() as tx:
        kept = experiments.get(call.scope, tx, key, now=call.now)
        about = kept.about
        whole = reach.whole(call.scope, tx, about.service)
        done = computations.last(tx, computations.effect_subject(about.service, key), about.revision)
        found: MeasuredEffect | None = None if done is None else computations.result(tx, done.key)
        if found is not None and not whole:
            found = experiments.for_member(found, reach.members(call.scope, about.service))
        return ExperimentPage(
            kept=kept,
            whole=whole,
            computation=done if whole else None,
            effect=found,
            decisions=decisions.of(call.scope, tx, kept),
            savings=savings.find(call.scope, tx, SavingQuery(experiment=key)),
        )


@routes.put("/pooling/experiments/{key}")
def change(call: Call, key: str, body: ExperimentChange) -> KeptExperiment:
    """Keep a new revision; those before stay, with what was decided of them. For the structure's editors."""
    with call.rooms.database.write() as tx:
        return experiments.put(call.scope, tx, key, body, now=call.now)


@routes.get("/pooling/experiments/{key}/document")
def document(call: Call, key: str, query: RevisionQuery) -> KeptExperiment:
    """An experiment as it was written, by revision."""
    with call.reading() as tx:
        return experiments.get(call.scope, tx, key, query.revision, now=call.now)


@routes.get("/pooling/experiments/{key}/revisions")
def revisions(call: Call, key: str) -> Page[Revision]:
    """The revisions of an experiment, the newest first. For the structure's people."""
    with call.reading() as tx:
        return Page(experiments.revisions(call.scope, tx, key))


@routes.post("/pooling/experiments/{key}/decisions", status=201)
def decide(call: Call, key: str, body: NewDecision) -> Decision:
    """Stop, adjust or spread, for reasons and on figures that are kept as they are. For the structure's editors."""
    with call.rooms.database.write() as tx:
        return decisions.decide(call.scope, tx, key, body, now=call.now)


@routes.post("/pooling/experiments/{key}/savings", status=201)
def measure(call: Call, key: str, body: NewSavings) -> Page[Saving]:
    """Keep what an effect saved each member, for the structure's editors.

    What was kept of this experiment is withdrawn.
    """
    with call.rooms.database.write() as tx:
        return Page(savings.measure(call.scope, tx, key, body, now=call.now))


@routes.get("/pooling/savings")
def list_savings(call: Call, query: SavingQuery) -> Page[Saving]:
    """Measured savings that the caller reads, withdrawn ones too."""
    with call.reading() as tx:
        return Page(savings.find(call.scope, tx, query))


@routes.get("/pooling/savings/{key}/rows", produces=(CSV,), answer=bytes)
def saving_rows(call: Call, key: str) -> Response:
    """The units that a saving was measured from, a row each, with why some count for nothing."""
    with call.reading() as tx:
        return file(savings.rows_as_csv(call.scope, tx, key), f"saving-{key}.csv")


@routes.post("/pooling/savings/{key}/withdrawal", status=200)
def withdraw(call: Call, key: str) -> Saving:
    """A saving that is wrong stays in sight and counts no more. For the structure's editors."""
    with call.rooms.database.write() as tx:
        return savings.withdraw(call.scope, tx, key, now=call.now)


@routes.get("/pooling/programmes/{key}/gains")
def proposed(call: Call, key: str) -> Page[Gain]:
    """What was measured of a programme's actions, beside what its document says. For the structure's people."""
    with call.reading() as tx:
        return Page(gains.proposed(call.scope, tx, key))


@routes.post("/pooling/programmes/{key}/gains", status=201)
def take(call: Call, key: str, body: GainsTaken) -> KeptProgramme:
    """A new revision of a programme, in which some actions gain what was measured. For the structure's editors."""
    with call.rooms.database.write() as tx:
        return gains.take(call.scope, tx, key, body, now=call.now)
