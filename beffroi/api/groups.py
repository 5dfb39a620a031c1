"""With whom: /pooling/needs, /pooling/groups, /pooling/catalogue, /pooling/forms."""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.exceptions import HTTPException

from beffroi.access import Right
from beffroi.api.routing import Call, Routes, read_body
from beffroi.aside import aside
from beffroi.database import Page
from beffroi.errors import NotFound
from beffroi.pooling import catalogue, catalogue_file, computations, forms, gathering_needs, needs, reach
from beffroi.pooling.catalogue import Catalogue, NewOffer, Offer
from beffroi.pooling.computations import Computation
from beffroi.pooling.forms import Form
from beffroi.pooling.groups.proposal import Proposed
from beffroi.pooling.needs import KeptNeed, NeedQuery, NewNeed, Tender
from beffroi.registry import kinds, sheets
from beffroi.registry.fields import Known

routes = Routes(
    "groups", "With whom: needs, proposed groups and their critical mass, catalogues, forms of cooperation."
)
Id = Annotated[int, Meta(ge=1, le=2**53)]


class GroupQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    service: Known
    tender: Tender = ""


class GroupsFound(msgspec.Struct, frozen=True):
    """What was last proposed. `fresh`: no need was said or withdrawn since. `example`: some need is one. A member reads
    the groups it is in, by name, its own figures and totals."""

    needs: int
    fresh: bool
    example: bool
    computation: Computation | None
    proposal: Proposed | None


@routes.get("/pooling/needs")
def list_needs(call: Call, query: NeedQuery) -> Page[KeptNeed]:
    """Needs that the caller reads: the structure's people all of them, a member its own."""
    with call.reading() as tx:
        return Page(needs.find(call.scope, tx, query))


@routes.post("/pooling/needs", status=201)
def declare(call: Call, body: NewNeed) -> KeptNeed:
    """Say what a collectivité needs, instead of what it said `after`. For its editors and the structure's."""
    with call.rooms.database.write() as tx:
        return needs.declare(call.scope, tx, body, now=call.now)


@routes.delete("/pooling/needs/{id}", status=200)
def withdraw_need(call: Call, id: Id) -> KeptNeed:
    """Withdraw a need: it stays in sight, and counts no more."""
    with call.rooms.database.write() as tx:
        return needs.withdraw(call.scope, tx, id, now=call.now)


@routes.get("/pooling/groups")
def groups(call: Call, query: GroupQuery) -> GroupsFound:
    """Who should join, when, what each saves, and from how many it pays, as last computed.

    Asked with POST /pooling/computations.
    """
    with call.reading() as tx:
        kinds.service(tx, query.service)
        reach.require_some(call.scope, tx, needs.NOUN, query.service, query.service)
        whole = reach.whole(call.scope, tx, query.service)
        told = needs.of_subject(tx, query.service, query.tender)
        mine = reach.members(call.scope, query.service)
        if not whole and mine.isdisjoint(one.member for one in told):
            raise NotFound(needs.NOUN, query.service)
        done = computations.last(tx, gathering_needs.subject_of(query.service, query.tender), None)
        found: Proposed | None = None if done is None else computations.result(tx, done.key)
        revision = needs.revision(tx, query.service, query.tender)
    if found is not None and not whole:
        found = gathering_needs.for_members(found, mine)
    return GroupsFound(
        needs=len(told),
        fresh=done is not None and done.revision == revision,
        example=any(one.example for one in told),
        computation=done if whole else None,
        proposal=found,
    )


@routes.get("/pooling/catalogue")
def read_catalogue(call: Call) -> Catalogue:
    """What the structure and its neighbours offer, and what is offered twice on the same ground."""
    with call.reading() as tx:
        return catalogue.read(call.scope, tx)


@routes.post("/pooling/catalogue", status=201)
def enter(call: Call, body: NewOffer) -> Offer:
    """Enter what a neighbour offers. For the structure's editors."""
    with call.rooms.database.write() as tx:
        (made,) = catalogue.enter(call.scope, tx, [body], now=call.now)
        return made


@routes.post(
    "/pooling/catalogue/imports", status=201, consumes=(sheets.CSV, sheets.XLSX), raw_body=bytes, answer=Page[Offer]
)
async def import_catalogue(call: Call) -> Page[Offer]:
    """Enter a table of offers, all or none; every fault is told by row. For the structure's editors.

    Columns: provider, service, name, area (INSEE codes, SIREN or keys, with blanks between), since, price, source; or
    in French structure, service, nom, territoire, depuis, prix, source.
    """
    media = call.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in (sheets.CSV, sheets.XLSX):
        raise HTTPException(415)
    content = await read_body(call.request, call.rooms.upload_limit)
    return await aside(_imported, call, content, media)


@routes.delete("/pooling/catalogue/{id}", status=200)
def withdraw_entry(call: Call, id: Id) -> Offer:
    """Withdraw an entry. For the structure's editors."""
    with call.rooms.database.write() as tx:
        return catalogue.withdraw(call.scope, tx, id, now=call.now)


@routes.get("/pooling/forms")
def list_forms(call: Call) -> Page[Form]:
    """Forms of cooperation and what each demands: guidance with its sources, not legal advice."""
    with call.reading() as tx:
        reach.require_some(call.scope, tx, needs.NOUN, "")
    return Page(list(forms.forms()))


def _imported(call: Call, content: bytes, media: str) -> Page[Offer]:
    sheet = sheets.read(content, media)
    with call.rooms.database.write() as tx:
        reach.require_whole(call.scope, tx, Right.EDIT, catalogue.NOUN, "")
        told = catalogue_file.entries(call.scope, tx, sheet)
        return Page(catalogue.enter(call.scope, tx, told, now=call.now))
