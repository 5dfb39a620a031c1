"""Computations that are asked, wait for their turn, are run by a process of their own, and kept with their result."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import insert, select, update
from sqlalchemy.engine import Row

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction, new_key
from beffroi.errors import Invalid, NotFound, Text, TooMany
from beffroi.pooling import accounting, cost_models, experiments, gathering_needs, needs, programmes, reach, weighings
from beffroi.pooling.cost_models import Year
from beffroi.pooling.deeds import Deed, columns, surely
from beffroi.pooling.gathering_needs import GroupsAsked
from beffroi.pooling.groups.proposal import Proposed
from beffroi.pooling.programme import file
from beffroi.pooling.programme.model import Choice
from beffroi.pooling.programme.plan import Plan, Said
from beffroi.pooling.sharing import SharesFound
from beffroi.pooling.statements import Basis
from beffroi.pooling.tables import computation
from beffroi.pooling.trying.effect import MeasuredEffect
from beffroi.pooling.trying.gathering import ToRead
from beffroi.pooling.worker import GroupsGiven, PlanGiven, SharesGiven
from beffroi.registry.fields import Known

NOUN = Text("calcul", "computation")
MOST_WAITING = 20
State = Literal["waiting", "running", "done", "failed", "cancelled"]
Kind = Literal["shares", "plan", "groups", "effect"]
RESULTS: dict[str, type] = {"shares": SharesFound, "plan": Plan, "groups": Proposed, "effect": MeasuredEffect}
OF_SERVICE = ("shares", "groups", "effect")
"""kinds whose subject begins with a service"""


class SharesAsked(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="shares"
):
    """Who pays, by each method, on one basis."""

    service: Known
    year: Year
    basis: Basis = "forecast"


class PlanAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="plan"):
    """The plan of a programme, with choices beside its own. `seconds`: to compute, at most; again for each price."""

    programme: Annotated[str, Meta(min_length=1, max_length=60)]
    pins: Annotated[list[Choice], Meta(max_length=50)] = []
    forbids: Annotated[list[Choice], Meta(max_length=50)] = []
    seconds: Annotated[float, Meta(ge=1, le=300)] = 60.0
    gap: Annotated[float, Meta(ge=0, le=50, description="Percent of the best possible at which to stop.")] = 0.01


class EffectAsked(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="effect"
):
    """What an experiment changed, from the series of its units that the asker may read."""

    experiment: Annotated[str, Meta(min_length=1, max_length=60)]


Asked = SharesAsked | PlanAsked | GroupsAsked | EffectAsked


class Progress(msgspec.Struct, frozen=True):
    """How far it is: the step, how much is done and of how much, and the gap there is by then."""

    step: Said
    done: float
    whole: float
    gap: float | None = None


class Computation(msgspec.Struct, frozen=True, omit_defaults=True):
    """`revision`: of the model or programme it looked at. `progress`: while it runs. `fault`: why it failed."""

    key: str
    request: Asked
    revision: int
    state: State
    asked: Deed
    began_at: datetime | None = None
    ended_at: datetime | None = None
    progress: Progress | None = None
    fault: Said | None = None


def ask(scope: Scope, tx: Transaction, asked: Asked, *, now: datetime) -> Computation:
    """For who may change what is pooled. Asked again while it waits or runs, it is the same."""
    subject, revision, given = _given(scope, tx, asked, now)
    request = msgspec.json.encode(asked).decode()
    table = computation
    open_ = table.c.state.in_(("waiting", "running"))
    same = (table.c.subject == subject, table.c.revision == revision, table.c.request == request, open_)
    row = tx.execute(select(table).where(*same).limit(1)).one_or_none()
    if row is not None:
        return told(row)
    if len(tx.execute(select(table.c.key).where(open_)).all()) >= MOST_WAITING:
        raise TooMany(Text("Trop de calculs attendent déjà.", "Too many computations wait already."), retry_after=60)
    key = new_key("cmp")
    values = {
        "key": key,
        "kind": asked.__struct_config__.tag,
        "subject": subject,
        "revision": revision,
        "request": request,
        "given": msgspec.json.encode(given).decode(),
        "state": "waiting",
        **columns("asked", scope, now),
    }
    tx.execute(insert(table).values(values))
    audit.record(scope, tx, "computation.ask", now=now, subject=key, detail={"of": subject, "revision": revision})
    return told(tx.execute(select(table).where(table.c.key == key)).one())


def get(scope: Scope, tx: Transaction, key: str, right: Right = Right.READ) -> Computation:
    """For the structure's people."""
    row = tx.execute(select(computation).where(computation.c.key == key)).one_or_none()
    if row is None or not reach.whole(scope, tx, _service(row)):
        raise NotFound(NOUN, key)
    reach.require_whole(scope, tx, right, NOUN, key, _service(row))
    return told(row)


def find(scope: Scope, tx: Transaction, subject: str | None = None) -> list[Computation]:
    """The last hundred, the newest first."""
    asked = select(computation).order_by(computation.c.asked_at.desc(), computation.c.key).limit(100)
    if subject is not None:
        asked = asked.where(computation.c.subject == subject)
    return [told(row) for row in tx.execute(asked) if reach.whole(scope, tx, _service(row))]


def ended(tx: Transaction, since: datetime) -> list[Computation]:
    """Those that were done or failed after `since`, the oldest first; for the program itself."""
    table = computation
    asked = select(table).where(table.c.state.in_(("done", "failed")), table.c.ended_at > since)
    return [told(row) for row in tx.execute(asked.order_by(table.c.ended_at))]


def result(tx: Transaction, key: str) -> Any:
    """What was found, of `RESULTS`; who reads it was looked at. Raises `NotFound` before it is done."""
    row = tx.execute(select(computation).where(computation.c.key == key)).one_or_none()
    if row is None or row.result is None:
        raise NotFound(NOUN, key)
    return msgspec.json.decode(row.result, type=RESULTS[row.kind])


def last(tx: Transaction, subject: str, revision: int | None, *, plain: bool = False) -> Computation | None:
    """The newest that is done, of one revision or of any. `plain`: without choices of a person's."""
    table = computation
    same = [table.c.subject == subject, table.c.state == "done"]
    if revision is not None:
        same.append(table.c.revision == revision)
    for row in tx.execute(select(table).where(*same).order_by(table.c.ended_at.desc())):
        found = told(row)
        chosen = isinstance(found.request, PlanAsked) and (found.request.pins or found.request.forbids)
        if not (plain and chosen):
            return found
    return None


def next_waiting(tx: Transaction) -> tuple[str, Kind, str] | None:
    """Its key, its kind, and what its process is given; of an effect, what is to be read for it first."""
    asked = select(computation.c.key, computation.c.kind, computation.c.given).where(computation.c.state == "waiting")
    row = tx.execute(asked.order_by(computation.c.asked_at, computation.c.key).limit(1)).one_or_none()
    return None if row is None else (row.key, row.kind, row.given)


def begin(tx: Transaction, key: str, *, now: datetime) -> bool:
    """Whether it still waited."""
    waiting = (computation.c.key == key, computation.c.state == "waiting")
    done = tx.execute(update(computation).where(*waiting).values(state="running", began_at=now))
    return bool(done.rowcount)


def end(
    tx: Transaction, key: str, state: State, *, now: datetime, result: str | None = None, fault: Text | None = None
) -> None:
    """Unless it was cancelled meanwhile."""
    running = (computation.c.key == key, computation.c.state == "running")
    said = None if fault is None else fault._asdict()
    tx.execute(update(computation).where(*running).values(state=state, ended_at=now, result=result, fault=said))


def cancel(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> Computation:
    """Nothing of it is kept; what has ended stays as it is."""
    found = get(scope, tx, key, Right.EDIT)
    if found.state in ("waiting", "running"):
        tx.execute(update(computation).where(computation.c.key == key).values(state="cancelled", ended_at=now))
        audit.record(scope, tx, "computation.cancel", now=now, subject=key)
    return get(scope, tx, key)


def resume(tx: Transaction) -> None:
    """What was under way when the program stopped begins again."""
    tx.execute(update(computation).where(computation.c.state == "running").values(state="waiting", began_at=None))


def shares_subject(service: str, year: int, basis: Basis) -> str:
    return f"{service} {year} {basis}"


def effect_subject(service: str, experiment: str) -> str:
    return f"{service} {experiment}"


def told(row: Row[tuple[object, ...]]) -> Computation:
    return Computation(
        key=row.key,
        request=msgspec.json.decode(row.request, type=Asked),
        revision=row.revision,
        state=row.state,
        asked=surely("asked", row),
        began_at=row.began_at,
        ended_at=row.ended_at,
        fault=None if row.fault is None else Said(**row.fault),
    )


def _service(row: Row[tuple[object, ...]]) -> str | None:
    """A plan is of no service."""
    return row.subject.split(" ", 1)[0] if row.kind in OF_SERVICE else None


def _given(
    scope: Scope, tx: Transaction, asked: Asked, now: datetime
) -> tuple[str, int, SharesGiven | PlanGiven | GroupsGiven | ToRead]:
    if isinstance(asked, EffectAsked):
        experiment = experiments.required(scope, tx, asked.experiment, Right.EDIT, now=now)
        about = experiment.about
        subject = effect_subject(about.service, about.key)
        return subject, about.revision, experiments.to_read(scope, tx, experiment, now=now)
    if isinstance(asked, SharesAsked):
        reach.require_whole(scope, tx, Right.EDIT, cost_models.NOUN, asked.service, asked.service)
        kept = cost_models.get(scope, tx, asked.service, asked.year)
        drawn = accounting.drawn(tx, kept, asked.basis)
        if drawn.service.cost() <= 0:
            raise Invalid("costs", Text("rien à répartir", "nothing to share"))
        subject = shares_subject(asked.service, asked.year, asked.basis)
        return subject, kept.revision, SharesGiven(service=drawn.service, sharing_key=kept.model.sharing_key)
    if isinstance(asked, GroupsAsked):
        reach.require_whole(scope, tx, Right.EDIT, needs.NOUN, asked.service, asked.service)
        made = gathering_needs.question_of(scope, tx, asked)
        subject = gathering_needs.subject_of(asked.service, asked.tender)
        return subject, needs.revision(tx, asked.service, asked.tender), GroupsGiven(question=made)
    reach.require_whole(scope, tx, Right.EDIT, programmes.NOUN, asked.programme)
    programme = programmes.get(scope, tx, asked.programme)
    document = weighings.heard(tx, programme)
    faults = [
        fault
        for name, choices in (("pins", asked.pins), ("forbids", asked.forbids))
        for place, one in enumerate(choices)
        for fault in file.choice_faults(document, one, f"{name}[{place}]")
    ]
    if faults:
        raise Invalid.of(faults)
    chosen = msgspec.structs.replace(
        document, pins=[*document.pins, *asked.pins], forbids=[*document.forbids, *asked.forbids]
    )
    given = PlanGiven(programme=chosen, seconds=asked.seconds, gap=asked.gap / 100)
    return asked.programme, programme.about.revision, given
