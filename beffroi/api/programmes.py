"""What to pool and when: /pooling/programmes, their ranking and plan; /pooling/computations."""

from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta
from starlette.responses import HTMLResponse, Response

from beffroi.api.cost_models import RevisionQuery
from beffroi.api.papers import PDF, PageQuery, paper
from beffroi.api.routing import Call, Routes
from beffroi.database import Page
from beffroi.errors import Invalid, NotFound, Text
from beffroi.pooling import computations, programmes, reach, weighings
from beffroi.pooling.computations import Asked, Computation, PlanAsked
from beffroi.pooling.cost_models import Revision
from beffroi.pooling.paper.council import council
from beffroi.pooling.programme import page
from beffroi.pooling.programme.plan import Plan
from beffroi.pooling.programme.ranked import Ranking, ranked
from beffroi.pooling.programmes import KeptProgramme, ProgrammeChange, ProgrammeName
from beffroi.pooling.weighings import Weighing, Weights

routes = Routes("programmes", "What to pool and when: programmes by revisions, their ranking, their plan.")


class ComputationQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`subject`: the key of a programme, or `lighting 2027 forecast`."""

    subject: Annotated[str, Meta(min_length=1, max_length=200)] | None = None


class PlanFound(msgspec.Struct, frozen=True):
    """The last plan of the last revision, without anybody's further choices; None before one was computed. `mine`: the
    members of it whose people the caller is among. `weighed_since`: members said how they weigh after it was asked."""

    about: ProgrammeName
    mine: list[str]
    whole: bool
    computation: Computation | None
    plan: Plan | None
    weighed_since: bool


@routes.get("/pooling/programmes")
def list_programmes(call: Call) -> Page[ProgrammeName]:
    """Programmes in which the caller reads something, as last changed."""
    with call.reading() as tx:
        return Page(programmes.every(call.scope, tx))


@routes.post("/pooling/programmes", status=201)
def make(call: Call, body: ProgrammeChange) -> KeptProgramme:
    """Keep a programme: its document is that of `beffroi pooling plan`. For the structure's editors."""
    with call.rooms.database.write() as tx:
        return programmes.put(call.scope, tx, None, body, now=call.now)


@routes.get("/pooling/programmes/{key}")
def programme(call: Call, key: str, query: RevisionQuery) -> KeptProgramme:
    """A programme with its document. For the structure's people."""
    with call.reading() as tx:
        return programmes.get(call.scope, tx, key, query.revision)


@routes.put("/pooling/programmes/{key}")
def change(call: Call, key: str, body: ProgrammeChange) -> KeptProgramme:
    """Keep a new revision; those before stay. For the structure's editors."""
    with call.rooms.database.write() as tx:
        return programmes.put(call.scope, tx, key, body, now=call.now)


@routes.get("/pooling/programmes/{key}/revisions")
def revisions(call: Call, key: str) -> Page[Revision]:
    """The revisions of a programme, the newest first."""
    with call.reading() as tx:
        return Page(programmes.revisions(call.scope, tx, key))


@routes.get("/pooling/programmes/{key}/ranking")
def ranking(call: Call, key: str) -> Ranking:
    """Actions in order, how far each weight may change, and how members agree."""
    with call.reading() as tx:
        kept = programmes.known(call.scope, tx, key)
        everything = reach.whole(call.scope, tx)
        if not kept.document.criteria:
            raise Invalid("criteria", Text("au moins un critère attendu", "expected one criterion at least"))
        document = weighings.heard(tx, kept)
    found = ranked(document)
    return found if everything else programmes.ranking_for_member(found, programmes.mine(call.scope, kept))


@routes.get("/pooling/programmes/{key}/weighings")
def list_weighings(call: Call, key: str) -> Page[Weighing]:
    """How each member weighs the criteria, and who said so: of all for the structure's people, its own for a member."""
    with call.reading() as tx:
        return Page(weighings.every(call.scope, tx, key))


@routes.put("/pooling/programmes/{key}/weighings/{collectivity}")
def weigh(call: Call, key: str, collectivity: str, body: Weights) -> Weighing:
    """Say how a member weighs the criteria. For its own editors.

    The ranking follows at once, a plan when it is computed again."""
    with call.rooms.database.write() as tx:
        return weighings.put(call.scope, tx, key, collectivity, body, now=call.now)


@routes.delete("/pooling/programmes/{key}/weighings/{collectivity}", status=200)
def unweigh(call: Call, key: str, collectivity: str) -> Weighing:
    """Take a member's own weights back: what the structure says of it holds again. For its own editors."""
    with call.rooms.database.write() as tx:
        return weighings.withdraw(call.scope, tx, key, collectivity, now=call.now)


@routes.get("/pooling/programmes/{key}/plan")
def plan(call: Call, key: str) -> PlanFound:
    """The last plan computed of the last revision: a member reads actions, totals, and its own account."""
    with call.reading() as tx:
        kept = programmes.known(call.scope, tx, key)
        everything, mine = reach.whole(call.scope, tx), programmes.mine(call.scope, kept)
        done = computations.last(tx, key, kept.about.revision, plain=True)
        found: Plan | None = None if done is None else computations.result(tx, done.key)
        later = done is not None and weighings.since(tx, key, done.asked.at)
    if found is not None and not everything:
        found = programmes.for_member(found, mine)
    return PlanFound(kept.about, sorted(mine), everything, done if everything else None, found, later)


@routes.get("/pooling/programmes/{key}/page", produces=("text/html",), answer=bytes)
def printed(call: Call, key: str, query: PageQuery) -> Response:
    """The last plan as a page to read on a screen and to print. For the structure's people."""
    kept, _, found = _planned(call, key)
    return HTMLResponse(page.page(kept.document, found, query.language))


@routes.get("/pooling/programmes/{key}/pdf", produces=(PDF,), answer=bytes)
def on_paper(call: Call, key: str, query: PageQuery) -> Response:
    """The last plan as an accessible PDF, for a council. For the structure's people."""
    kept, done, found = _planned(call, key)
    day = (done.ended_at or done.asked.at).astimezone(ZoneInfo(call.rooms.time_zone)).date()
    made = council(kept.document, found, query.language, computed=day, example=kept.about.example or "")
    return paper(made, key)


def _planned(call: Call, key: str) -> tuple[KeptProgramme, Computation, Plan]:
    with call.reading() as tx:
        kept = programmes.get(call.scope, tx, key)
        done = computations.last(tx, key, kept.about.revision, plain=True)
        if done is None:
            raise NotFound(Text("plan", "plan"), key)
        found: Plan = computations.result(tx, done.key)
    return kept, done, found


@routes.get("/pooling/computations")
def list_computations(call: Call, query: ComputationQuery) -> Page[Computation]:
    """The last hundred computations, the newest first. For the structure's people."""
    with call.reading() as tx:
        found = computations.find(call.scope, tx, query.subject)
    return Page([call.rooms.computing.with_progress(one) for one in found])


@routes.post("/pooling/computations", status=202)
def ask(call: Call, body: Asked) -> Computation:
    """Ask for shares, a plan, groups or an effect, for the structure's editors.

    One is computed at a time, by a process of its own."""
    with call.rooms.database.write() as tx:
        asked = computations.ask(call.scope, tx, body, now=call.now)
    call.rooms.computing.changed()
    return call.rooms.computing.with_progress(asked)


@routes.get("/pooling/computations/{key}")
def computation(call: Call, key: str) -> Computation:
    """How far a computation is."""
    with call.reading() as tx:
        return call.rooms.computing.with_progress(computations.get(call.scope, tx, key))


@routes.get("/pooling/computations/{key}/plan")
def computed_plan(call: Call, key: str) -> Plan:
    """The plan that a computation found, with the price of its choices. For the structure's people."""
    with call.reading() as tx:
        asked = computations.get(call.scope, tx, key)
        if not isinstance(asked.request, PlanAsked):
            raise NotFound(Text("plan", "plan"), key)
        found: Plan = computations.result(tx, key)
        return found


@routes.post("/pooling/computations/{key}/cancellation", status=200)
def cancel(call: Call, key: str) -> Computation:
    """Stop a computation: nothing of it is kept."""
    with call.rooms.database.write() as tx:
        found = computations.cancel(call.scope, tx, key, now=call.now)
    call.rooms.computing.cancelled(key)
    return found
