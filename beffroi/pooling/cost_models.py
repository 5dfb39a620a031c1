"""Models of cost as they are kept: of a service and a year, its tariffs, its members, the voted key; by revisions."""

from datetime import date, datetime
from decimal import Decimal, DecimalException
from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy import func, insert, select
from sqlalchemy.engine import Row

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction
from beffroi.errors import Conflict, Fault, Invalid, NotFound, Text
from beffroi.pooling import reach, services
from beffroi.pooling.amounts import cents
from beffroi.pooling.deeds import Deed, columns, surely
from beffroi.pooling.entries import Accounts
from beffroi.pooling.investments import Investment
from beffroi.pooling.keys import Key, proportions
from beffroi.pooling.services import Service
from beffroi.pooling.tables import cost_model
from beffroi.pooling.tariffs import Tariff
from beffroi.registry import kinds
from beffroi.registry.fields import Name, Owner
from beffroi.registry.tables import collectivity

NOUN = Text("modèle de coûts", "model of costs")
POPULATION = "population"
Year = Annotated[int, Meta(ge=2000, le=2999)]
Unit = Annotated[str, Meta(min_length=1, max_length=60)]


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member, and what it is expected to have and use in the year. Its `population` is the registry's unless said."""

    member: Owner
    quantities: dict[Unit, Decimal] = {}


class CostModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`sharing_key`: as voted on `voted_on` by `act`, where it was. `example`: says so where the figures are no real
    ones."""

    name: Name
    costs: Annotated[list[Tariff | Investment], Meta(min_length=1, max_length=200)]
    sharing_key: Key
    members: Annotated[list[Expected], Meta(min_length=1, max_length=1000)]
    voted_on: date | None = None
    act: Annotated[str, Meta(max_length=200)] = ""
    accounts: Accounts | None = None
    note: Annotated[str, Meta(max_length=2000)] = ""
    example: bool = False


class ModelChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`after`: the revision that was read before, 0 for the first: what changed meanwhile is not written over."""

    model: CostModel
    after: Annotated[int, Meta(ge=0)]


class KeptModel(msgspec.Struct, frozen=True):
    service: str
    year: int
    revision: int
    made: Deed
    model: CostModel


class Revision(msgspec.Struct, frozen=True):
    """`detail`: what distinguishes it for readers."""

    revision: int
    made: Deed
    detail: str


class ModelName(msgspec.Struct, frozen=True):
    """What every member of a model may know of it."""

    service: str
    year: int
    revision: int
    name: str
    members: int
    voted_on: date | None
    act: str
    example: bool


def put(scope: Scope, tx: Transaction, service: str, year: int, change: ModelChange, *, now: datetime) -> KeptModel:
    """A new revision. Raises `Invalid` naming what cannot be, `Conflict` when another was made meanwhile."""
    kinds.service(tx, service)
    reach.require_whole(scope, tx, Right.EDIT, NOUN, f"{service} {year}", service)
    last = _last(tx, service, year)
    if last != change.after:
        raise Conflict(
            Text(
                f"La version {last} a été faite entre-temps : relisez-la.",
                f"Revision {last} was made meanwhile: read it again.",
            )
        )
    _check(tx, change.model)
    document = msgspec.json.encode(change.model, order="deterministic").decode()
    place = {"service": service, "year": year, "revision": last + 1}
    tx.execute(insert(cost_model).values(**place, document=document, **columns("made", scope, now)))
    audit.record(
        scope, tx, "cost-model.put", now=now, owner=None, subject=f"{service} {year}", detail={"revision": last + 1}
    )
    return _of(tx, service, year, last + 1)


def get(scope: Scope, tx: Transaction, service: str, year: int, revision: int | None = None) -> KeptModel:
    """All of it, for the structure's people; the last revision by default."""
    if not reach.whole(scope, tx, service):
        raise NotFound(NOUN, f"{service} {year}")
    return _of(tx, service, year, revision)


def newest(scope: Scope, tx: Transaction, service: str) -> KeptModel:
    """Of the last year there is, for the structure's people."""
    year = tx.execute(select(func.max(cost_model.c.year)).where(cost_model.c.service == service)).scalar()
    if year is None:
        raise NotFound(NOUN, service)
    return get(scope, tx, service, year)


def seen(scope: Scope, tx: Transaction, service: str, year: int) -> KeptModel:
    """For telling the structure's people all of it, and those of its members what is theirs."""
    found = _of(tx, service, year)
    if not (reach.whole(scope, tx, service) or _among(scope, found)):
        raise NotFound(NOUN, f"{service} {year}")
    return found


def every(scope: Scope, tx: Transaction, year: int | None = None) -> list[KeptModel]:
    """The last revisions of those in which the actor reads something."""
    newest = (
        select(cost_model.c.service, cost_model.c.year, func.max(cost_model.c.revision).label("revision"))
        .group_by(cost_model.c.service, cost_model.c.year)
        .subquery()
    )
    same = [cost_model.c[name] == newest.c[name] for name in ("service", "year", "revision")]
    asked = select(cost_model).join(newest, same[0] & same[1] & same[2])
    if year is not None:
        asked = asked.where(cost_model.c.year == year)
    rows = tx.execute(asked.order_by(cost_model.c.year.desc(), cost_model.c.service)).all()
    found = [_kept(row) for row in rows]
    return [one for one in found if reach.whole(scope, tx, one.service) or _among(scope, one)]


def revisions(scope: Scope, tx: Transaction, service: str, year: int) -> list[Revision]:
    """The newest first."""
    get(scope, tx, service, year)
    same = (cost_model.c.service == service, cost_model.c.year == year)
    rows = tx.execute(select(cost_model).where(*same).order_by(cost_model.c.revision.desc())).all()
    return [Revision(one.revision, one.made, one.model.note) for one in map(_kept, rows)]


def name_of(kept: KeptModel) -> ModelName:
    model = kept.model
    return ModelName(
        kept.service,
        kept.year,
        kept.revision,
        model.name,
        len(model.members),
        model.voted_on,
        model.act,
        model.example,
    )


def with_population(tx: Transaction, model: CostModel) -> Service:
    """The service as it is expected: members are named by their keys."""
    return _service(model, populations(tx, [one.member for one in model.members]))


def populations(tx: Transaction, members: list[str]) -> dict[str, Decimal]:
    table = collectivity
    asked = select(table.c.key, table.c.population).where(table.c.key.in_(members))
    return {key: Decimal(population) for key, population in tx.execute(asked) if population is not None}


def _service(model: CostModel, inhabitants: dict[str, Decimal]) -> Service:
    members = [
        services.Member(one.member, {**_inhabitants(inhabitants, one.member), **one.quantities})
        for one in model.members
    ]
    return Service(members=members, costs=model.costs, name=model.name)


def _inhabitants(inhabitants: dict[str, Decimal], member: str) -> dict[str, Decimal]:
    return {POPULATION: inhabitants[member]} if member in inhabitants else {}


def _among(scope: Scope, kept: KeptModel) -> bool:
    return not reach.members(scope, kept.service).isdisjoint(one.member for one in kept.model.members)


def _last(tx: Transaction, service: str, year: int) -> int:
    same = (cost_model.c.service == service, cost_model.c.year == year)
    return tx.execute(select(func.max(cost_model.c.revision)).where(*same)).scalar() or 0


def _of(tx: Transaction, service: str, year: int, revision: int | None = None) -> KeptModel:
    asked = select(cost_model).where(cost_model.c.service == service, cost_model.c.year == year)
    if revision is not None:
        asked = asked.where(cost_model.c.revision == revision)
    row = tx.execute(asked.order_by(cost_model.c.revision.desc()).limit(1)).one_or_none()
    if row is None:
        raise NotFound(NOUN, f"{service} {year}")
    return _kept(row)


def _kept(row: Row[tuple[object, ...]]) -> KeptModel:
    model = msgspec.json.decode(row.document, type=CostModel)
    return KeptModel(row.service, row.year, row.revision, surely("made", row), model)


def _check(tx: Transaction, model: CostModel) -> None:
    asked = [one.member for one in model.members]
    known = set(tx.execute(select(collectivity.c.key).where(collectivity.c.key.in_(asked))).scalars())
    faults = [
        Fault(f"model.members[{place}].member", Text(f"collectivité inconnue : {one}", f"unknown collectivité: {one}"))
        for place, one in enumerate(asked)
        if one not in known
    ]
    if faults:
        raise Invalid.of(faults)
    service = with_population(tx, model)
    services.read(msgspec.json.encode(service))
    try:
        proportions(model.sharing_key, service.members)
        for _, amount in service.lines():
            cents(amount)
    except DecimalException as error:
        raise Invalid("model", Text("montants hors de mesure", "amounts out of measure")) from error
