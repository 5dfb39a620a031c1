"""From a kept model to what each owes: the quantities, where each comes from, and the statements drawn up from them."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec
from sqlalchemy import func, select

from beffroi.database import Transaction
from beffroi.errors import Invalid, NotFound, Text
from beffroi.pooling import changes, entries, lent, metered, metering, statements
from beffroi.pooling.amounts import cents
from beffroi.pooling.cost_models import POPULATION, CostModel, Expected, KeptModel, populations
from beffroi.pooling.entered import METERED
from beffroi.pooling.entries import BudgetEntry, Kind
from beffroi.pooling.lent import Moved
from beffroi.pooling.services import Member, Service
from beffroi.pooling.statements import Basis, Statement
from beffroi.pooling.tables import usage_entry, usage_month
from beffroi.registry.tables import collectivity

Source = Literal["expected", "registry", "metered", "entered"]
KINDS: dict[str, Kind] = {"commune": "commune", "epci": "group", "departement": "department", "region": "region"}
"""of third parties, by the kind of the collectivité"""


class Used(msgspec.Struct, frozen=True):
    """A quantity that a statement is drawn up from. `expected`: said in the model; `registry`: the population;
    `metered`: counted by Beffroi over closed months; `entered`: by hand."""

    unit: str
    quantity: Decimal
    source: Source


class MemberUse(NamedTuple):
    member: str
    used: list[Used]


class Drawn(NamedTuple):
    """A service with quantities on one basis. `months`: closed ones that were counted, twelve in a whole year. `moved`:
    between members, for hours that one lent another."""

    kept: KeptModel
    basis: Basis
    service: Service
    used: dict[str, list[Used]]
    months: list[date]
    moved: list[Moved]


def drawn(tx: Transaction, kept: KeptModel, basis: Basis) -> Drawn:
    """`forecast`: as the model expects. `actual`: what was metered and entered, in place of what was expected of the
    same unit; as far as months are closed."""
    inhabitants = populations(tx, [one.member for one in kept.model.members])
    months = metered.closed(tx, kept.year) if basis == "actual" else []
    counted = _metered(tx, kept, months) if months else {}
    by_hand = _entered(tx, kept) if basis == "actual" else {}
    used = {
        one.member: _used(one, inhabitants.get(one.member), counted.get(one.member, {}), by_hand.get(one.member, {}))
        for one in kept.model.members
    }
    if months:
        _say_nothing_used(kept.model, used)
    members = [Member(name, {one.unit: one.quantity for one in its}) for name, its in used.items()]
    service = Service(members=members, costs=kept.model.costs, name=kept.model.name)
    moved = lent.moved(tx, kept.service, kept.year, frozenset(used)) if basis == "actual" else []
    return Drawn(kept, basis, service, used, months, moved)


def of_all(one: Drawn) -> list[Statement]:
    """Hours lent are lines of the two, which make nothing together."""
    found = statements.drawn_up(one.service, one.kept.model.sharing_key, one.kept.year, one.basis)
    return [statements.with_lines(each, _moved(one, each.member)) for each in found]


def _moved(one: Drawn, member: str) -> list[statements.Line]:
    whole = Decimal(1)
    owed = [
        statements.Line(each.label, each.amount, whole, each.amount) for each in one.moved if each.borrower == member
    ]
    back = [
        statements.Line(each.label, each.amount, -whole, -each.amount) for each in one.moved if each.lender == member
    ]
    return [*owed, *back]


def of_one(one: Drawn, member: str) -> Statement:
    for statement in of_all(one):
        if statement.member == member:
            return statement
    raise NotFound(Text("membre", "member"), member)


def alone(one: Drawn, member: str) -> Decimal:
    """What the member would pay by itself for what it uses: of a full year."""
    (mine,) = (each for each in one.service.members if each.name == member)
    return cents(one.service.cost([mine]))


def booked(tx: Transaction, one: Drawn, drawn_up: list[Statement], structure: str) -> list[BudgetEntry]:
    """Budgetary entries, in which everybody is named."""
    table = collectivity
    asked = [structure, *(each.member for each in drawn_up)]
    rows = tx.execute(select(table.c.key, table.c.name, table.c.kind).where(table.c.key.in_(asked))).all()
    names = {row.key: row.name for row in rows}
    kinds = {row.name: KINDS.get(row.kind, "other") for row in rows}
    named = [msgspec.structs.replace(each, member=names.get(each.member, each.member)) for each in drawn_up]
    return entries.entries(named, names.get(structure, structure), kinds, one.kept.model.accounts)


def leaving(one: Drawn, member: str) -> list[changes.Change]:
    """What the departure of a member changes for each, by the voted key."""
    if len(one.service.members) < 2:
        raise Invalid("leaving", Text("personne ne resterait", "nobody would remain"))
    if member not in one.service.names:
        raise Invalid("leaving", Text("n'est pas membre", "is no member"))
    return changes.departure_by_key(one.service, member, one.kept.model.sharing_key)


def arriving(one: Drawn, newcomer: Member) -> list[changes.Change]:
    """What the arrival of a member changes for each, by the voted key."""
    if newcomer.name in one.service.names:
        raise Invalid("arriving", Text("est déjà membre", "is a member already"))
    after = msgspec.structs.replace(one.service, members=[*one.service.members, newcomer])
    found = changes.departure_by_key(after, newcomer.name, one.kept.model.sharing_key)
    return [changes.Change(each.member, each.after, each.before) for each in found]


def newcomer(tx: Transaction, expected: Expected) -> Member:
    inhabitants = populations(tx, [expected.member])
    return Member(
        expected.member, {one.unit: one.quantity for one in _used(expected, inhabitants.get(expected.member), {}, {})}
    )


def _used(
    expected: Expected, inhabitants: Decimal | None, counted: dict[str, Decimal], by_hand: dict[str, Decimal]
) -> list[Used]:
    found = {} if inhabitants is None else {POPULATION: Used(POPULATION, inhabitants, "registry")}
    sources: tuple[tuple[Source, dict[str, Decimal]], ...] = (
        ("expected", expected.quantities),
        ("metered", counted),
        ("entered", by_hand),
    )
    for source, quantities in sources:
        found |= {unit: Used(unit, quantity, source) for unit, quantity in quantities.items()}
    return list(found.values())


def _say_nothing_used(model: CostModel, used: dict[str, list[Used]]) -> None:
    """Of what Beffroi counts, who has no closed month used nothing, whatever was expected."""
    for its in used.values():
        for place, one in enumerate(its):
            if one.unit in METERED and one.source == "expected":
                its[place] = Used(one.unit, Decimal(0), "metered")


def _metered(tx: Transaction, kept: KeptModel, months: list[date]) -> dict[str, dict[str, Decimal]]:
    """By member and unit, over closed months. `devices`: those in service on an average day."""
    table = usage_month
    members = [one.member for one in kept.model.members]
    newest = (
        select(table.c.owner, table.c.month, func.max(table.c.revision).label("revision"))
        .where(table.c.service == kept.service, table.c.month.in_(months), table.c.owner.in_(members))
        .group_by(table.c.owner, table.c.month)
        .subquery()
    )
    same = [table.c[name] == newest.c[name] for name in ("owner", "month", "revision")]
    asked = select(
        table.c.owner,
        *(func.sum(table.c[name]).label(name) for name in ("device_days", "messages", "observations")),
    ).join(newest, same[0] & same[1] & same[2])
    days = sum((metering.following(month) - month).days for month in months)
    return {
        row.owner: {
            "devices": Decimal(int(row.device_days)) / days,
            "device-days": Decimal(int(row.device_days)),
            "messages": Decimal(int(row.messages)),
            "observations": Decimal(int(row.observations)),
        }
        for row in tx.execute(asked.where(table.c.service == kept.service).group_by(table.c.owner))
    }


def _entered(tx: Transaction, kept: KeptModel) -> dict[str, dict[str, Decimal]]:
    table = usage_entry
    asked = select(table.c.member, table.c.unit, table.c.quantity).where(
        table.c.service == kept.service,
        table.c.month.between(date(kept.year, 1, 1), date(kept.year, 12, 31)),
        table.c.withdrawn_at.is_(None),
    )
    found: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in tx.execute(asked):
        found[row.member][row.unit] += Decimal(row.quantity)
    return found
