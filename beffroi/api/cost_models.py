"""Who pays for what is pooled: /pooling/models, their shares, statements and budgetary entries."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.responses import Response

from beffroi.api.routing import Call, Routes
from beffroi.database import Page, Transaction
from beffroi.errors import Invalid, Text
from beffroi.pooling import accounting, computations, cost_models, entries, reach, statements
from beffroi.pooling.accounting import Drawn, Used
from beffroi.pooling.cost_models import Expected, KeptModel, ModelChange, ModelName, Revision, Year
from beffroi.pooling.keys import Key
from beffroi.pooling.sharing import SharesFound
from beffroi.pooling.statements import Basis, Statement
from beffroi.registry import structures
from beffroi.registry.fields import Known, Owner

routes = Routes("pooling", "What is pooled: who pays and by which key, statements of account, budgetary entries.")

CSV = "text/csv"
MARK = "\ufeff"
"""the byte order mark, by which a spreadsheet knows UTF-8"""


class ModelsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    year: Year | None = None


class RevisionQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    revision: Annotated[int, Meta(ge=1)] | None = None


class BasisQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    basis: Basis = "forecast"


class StatementQuery(BasisQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    service: Known
    year: Year
    member: Owner | None = None


class MemberPart(msgspec.Struct, frozen=True):
    """What a member pays, and would pay by itself."""

    member: str
    amount: Decimal
    alone: Decimal


class ModelLine(msgspec.Struct, frozen=True):
    """Of a year, as forecast. `alone`: what all members would pay, each by itself, for the structure's people; `mine`:
    the parts of the members whose people the caller is among."""

    about: ModelName
    total: Decimal
    alone: Decimal | None
    mine: list[MemberPart]


class StatementLine(msgspec.Struct, frozen=True):
    """`share`: of `total`, before rounding to cents."""

    cost: str
    total: Decimal
    share: Decimal
    amount: Decimal


class MemberStatement(msgspec.Struct, frozen=True):
    """`alone`: what it would pay by itself, in a full year. `used`: the quantities behind."""

    member: str
    amount: Decimal
    alone: Decimal
    lines: list[StatementLine]
    used: list[Used]


class StatementPage(msgspec.Struct, frozen=True):
    """Those that the caller reads; `total` and `members` are of all. `months`: closed ones that were counted, of the
    year. `forecast`: by member, what the forecast statement asks."""

    name: str
    service: str
    year: int
    basis: Basis
    revision: int
    total: Decimal
    members: int
    sharing_key: Key
    voted_on: date | None
    act: str
    months: list[str]
    example: bool
    items: list[MemberStatement]
    forecast: dict[str, Decimal]


class MemberShares(msgspec.Struct, frozen=True):
    """The last computation of shares that is done, `computation`, as far as the caller reads it: everything for the
    structure; its own amounts, what it would pay alone, and totals for a member."""

    computation: computations.Computation | None
    found: SharesFound | None


class MemberChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of the two."""

    leaving: Owner | None = None
    arriving: Expected | None = None
    basis: Basis = "forecast"


class ShareChange(msgspec.Struct, frozen=True):
    """None where the member is not there."""

    member: str
    before: Decimal | None
    after: Decimal | None
    difference: Decimal


@routes.get("/pooling/models")
def list_models(call: Call, query: ModelsQuery) -> Page[ModelLine]:
    """Models of cost in which the caller reads something, as last changed."""
    with call.reading() as tx:
        return Page([_line(call, tx, one) for one in cost_models.every(call.scope, tx, query.year)])


@routes.get("/pooling/models/{service}/{year}")
def model(call: Call, service: str, year: Year, query: RevisionQuery) -> KeptModel:
    """A model of cost: tariffs, members, the voted key. For the structure's people."""
    with call.reading() as tx:
        return cost_models.get(call.scope, tx, service, year, query.revision)


@routes.put("/pooling/models/{service}/{year}")
def put_model(call: Call, service: str, year: Year, body: ModelChange) -> KeptModel:
    """Keep a new revision; those before stay. For the structure's editors."""
    with call.rooms.database.write() as tx:
        return cost_models.put(call.scope, tx, service, year, body, now=call.now)


@routes.get("/pooling/models/{service}/{year}/revisions")
def revisions(call: Call, service: str, year: Year) -> Page[Revision]:
    """The revisions of a model, the newest first."""
    with call.reading() as tx:
        return Page(cost_models.revisions(call.scope, tx, service, year))


@routes.get("/pooling/models/{service}/{year}/shares")
def shares(call: Call, service: str, year: Year, query: BasisQuery) -> MemberShares:
    """Shares by the voted key beside each method, what is stable, and who would do better alone, as last computed.

    Asked with POST /pooling/computations. A member reads its own amounts and totals.
    """
    with call.reading() as tx:
        drawn = _drawn(call, tx, service, year, query.basis)
        subject = computations.shares_subject(service, year, query.basis)
        done = computations.last(tx, subject, drawn.kept.revision)
        if done is None:
            return MemberShares(None, None)
        found: SharesFound = computations.result(tx, done.key)
        if reach.whole(call.scope, tx, service):
            return MemberShares(done, found)
        return MemberShares(None, found.of(reach.members(call.scope, service)))


@routes.post("/pooling/models/{service}/{year}/changes", status=200)
def changes(call: Call, service: str, year: Year, body: MemberChange) -> Page[ShareChange]:
    """What a departure or an arrival changes for each, by the voted key. For the structure's people."""
    if (body.leaving is None) == (body.arriving is None):
        raise Invalid("leaving", Text("un départ ou une arrivée", "a departure or an arrival"))
    with call.reading() as tx:
        drawn = accounting.drawn(tx, cost_models.get(call.scope, tx, service, year), body.basis)
        if body.arriving is not None:
            structures.collectivity(call.scope, tx, body.arriving.member)
            found = accounting.arriving(drawn, accounting.newcomer(tx, body.arriving))
        else:
            found = accounting.leaving(drawn, body.leaving or "")
    return Page([ShareChange(one.member, one.before, one.after, one.difference) for one in found])


@routes.get("/pooling/statements")
def statement_page(call: Call, query: StatementQuery) -> StatementPage:
    """Statements of account of a service and a year, forecast or actual.

    The structure's people read all of them, a member its own."""
    with call.reading() as tx:
        drawn = _drawn(call, tx, query.service, query.year, query.basis)
        asked = _asked(call, tx, drawn, query.member)
        forecast = drawn if query.basis == "forecast" else accounting.drawn(tx, drawn.kept, "forecast")
    kept, names = drawn.kept, {one.member for one in asked}
    return StatementPage(
        name=kept.model.name,
        service=query.service,
        year=query.year,
        basis=query.basis,
        revision=kept.revision,
        total=sum((one.amount for one in accounting.of_all(drawn)), Decimal(0)),
        members=len(kept.model.members),
        sharing_key=kept.model.sharing_key,
        voted_on=kept.model.voted_on,
        act=kept.model.act,
        months=[f"{month:%Y-%m}" for month in drawn.months],
        example=kept.model.example,
        items=[_told(drawn, one) for one in asked],
        forecast={one.member: one.amount for one in accounting.of_all(forecast) if one.member in names},
    )


@routes.get("/pooling/statements/csv", produces=(CSV,), answer=bytes)
def statements_csv(call: Call, query: StatementQuery) -> Response:
    """The same, a row a line."""
    with call.reading() as tx:
        drawn = _drawn(call, tx, query.service, query.year, query.basis)
        asked = _asked(call, tx, drawn, query.member)
    return file(statements.as_csv(asked), f"statements-{query.service}-{query.year}-{query.basis}.csv")


@routes.get("/pooling/entries")
def booked(call: Call, query: StatementQuery) -> Page[entries.BudgetEntry]:
    """Budgetary entries under M57: a titre and a mandat a statement.

    The accounts are the model's, or defaults; the accountant decides.
    """
    return Page(_booked(call, query))


@routes.get("/pooling/entries/csv", produces=(CSV,), answer=bytes)
def entries_csv(call: Call, query: StatementQuery) -> Response:
    """The same, a row an entry."""
    return file(entries.as_csv(_booked(call, query)), f"entries-{query.service}-{query.year}-{query.basis}.csv")


def file(content: str, name: str) -> Response:
    """As a spreadsheet opens it."""
    return Response((MARK + content).encode(), media_type=f"{CSV}; charset=utf-8", headers=attached(name))


def attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _line(call: Call, tx: Transaction, kept: KeptModel) -> ModelLine:
    drawn, mine = accounting.drawn(tx, kept, "forecast"), reach.members(call.scope, kept.service)
    parts = [
        MemberPart(one.member, one.amount, accounting.alone(drawn, one.member)) for one in accounting.of_all(drawn)
    ]
    zero = Decimal(0)
    return ModelLine(
        about=cost_models.name_of(kept),
        total=sum((one.amount for one in parts), zero),
        alone=sum((one.alone for one in parts), zero) if reach.whole(call.scope, tx, kept.service) else None,
        mine=[one for one in parts if one.member in mine],
    )


def _drawn(call: Call, tx: Transaction, service: str, year: int, basis: Basis) -> Drawn:
    """For the structure's people, and those of the model's members."""
    kept = cost_models.seen(call.scope, tx, service, year)
    return accounting.drawn(tx, kept, basis)


def _booked(call: Call, query: StatementQuery) -> list[entries.BudgetEntry]:
    with call.reading() as tx:
        drawn = _drawn(call, tx, query.service, query.year, query.basis)
        asked = _asked(call, tx, drawn, query.member)
        return accounting.booked(tx, drawn, asked, structures.key(tx) or "")


def _asked(call: Call, tx: Transaction, drawn: Drawn, member: str | None) -> list[Statement]:
    """The statements that the caller reads, of one member if asked."""
    if member is not None:
        reach.require_member(call.scope, tx, member, drawn.kept.service)
        return [accounting.of_one(drawn, member)]
    everything = reach.whole(call.scope, tx, drawn.kept.service)
    mine = reach.members(call.scope, drawn.kept.service)
    return [one for one in accounting.of_all(drawn) if everything or one.member in mine]


def _told(drawn: Drawn, one: Statement) -> MemberStatement:
    lines = [StatementLine(line.cost, line.total, line.share, line.amount) for line in one.lines]
    return MemberStatement(one.member, one.amount, accounting.alone(drawn, one.member), lines, drawn.used[one.member])
