"""The return: of a collectivité and a year, what it paid, would have paid alone, what it got, and beside whom.

Others are shown only where both agreed to be compared: whoever compares is compared.
"""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import msgspec
from sqlalchemy import insert, select, update

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction
from beffroi.errors import NotFound, Text
from beffroi.pooling import accounting, cost_models, entered, metered, reach, savings
from beffroi.pooling.accounting import Used
from beffroi.pooling.cost_models import KeptModel
from beffroi.pooling.deeds import Deed, columns, surely
from beffroi.pooling.entered import UsageEntry
from beffroi.pooling.metered import UsageMonth, UsageQuery
from beffroi.pooling.metering import Figures
from beffroi.pooling.savings import Saving, SavingQuery, Total
from beffroi.pooling.statements import Basis
from beffroi.pooling.tables import comparison
from beffroi.registry import structures
from beffroi.registry.model import Collectivity

NOUN = Text("retour", "return")
SIMILAR = 2.0
"""times as many inhabitants, or as few"""
AT_MOST = 6
"""others shown"""
NOTHING = Figures(0, 0, 0, 0)


class ServiceReturn(msgspec.Struct, frozen=True):
    """`paid`: by the statement on `basis`, actual once every month of the year is closed; `alone`: what it would pay by
    itself. `got`: over closed months, whose figures are in `months`."""

    service: str
    name: str
    basis: Basis
    paid: Decimal
    alone: Decimal
    example: bool
    got: Figures
    months: list[UsageMonth]
    entered: list[UsageEntry]
    used: list[Used]


class Peer(msgspec.Struct, frozen=True):
    """One that is similar and agreed to be compared, or the member itself."""

    member: str
    population: int
    paid: Decimal
    alone: Decimal
    got: Figures


class Return(msgspec.Struct, frozen=True):
    """`closed`: the months of the year that were counted. `saved`: what was measured not to be used any more, `savings`
    behind it. `agreed`: since when the member agrees to be compared."""

    member: str
    year: int
    paid: Decimal
    alone: Decimal
    got: Figures
    closed: list[str]
    services: list[ServiceReturn]
    saved: list[Total]
    savings: list[Saving]
    agreed: Deed | None
    peers: list[Peer]


class Consent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the member agrees to be compared, from now on."""

    agrees: bool


class _Sums(NamedTuple):
    paid: Decimal
    alone: Decimal
    got: Figures


def of(scope: Scope, tx: Transaction, member: str, year: int) -> Return:
    """For the member's own people and the structure's."""
    reach.require_member(scope, tx, member)
    who = structures.collectivity(scope, tx, member)
    services = _services(scope, tx, member, year)
    mine = _sums(services)
    agreed = consent(tx, member)
    measured = savings.find(scope, tx, SavingQuery(member=member, year=year))
    return Return(
        member=member,
        year=year,
        paid=mine.paid,
        alone=mine.alone,
        got=mine.got,
        closed=[metered.told(month) for month in metered.closed(tx, year)],
        services=services,
        saved=savings.totals(measured),
        savings=measured,
        agreed=agreed,
        peers=_peers(tx, who, year) if agreed is not None else [],
    )


def years(scope: Scope, tx: Transaction, member: str) -> list[int]:
    """Those of which there is something to tell, the last first."""
    reach.require_member(scope, tx, member)
    system = Scope.system("return")
    paid = {one.year for one in cost_models.every(system, tx) if member in _members(one)}
    saved = {one.year for one in savings.find(scope, tx, SavingQuery(member=member))}
    return sorted(paid | saved, reverse=True)


def consent(tx: Transaction, member: str) -> Deed | None:
    asked = select(comparison).where(comparison.c.member == member, comparison.c.ended_at.is_(None))
    row = tx.execute(asked).one_or_none()
    return None if row is None else surely("agreed", row)


def agree(scope: Scope, tx: Transaction, member: str, wanted: Consent, *, now: datetime) -> Deed | None:
    """For the member's administrators alone."""
    scope.require(Right.ADMINISTER, member)
    structures.collectivity(scope, tx, member)
    held = consent(tx, member)
    if wanted.agrees == (held is not None):
        return held
    if wanted.agrees:
        tx.execute(insert(comparison).values(member=member, **columns("agreed", scope, now)))
    else:
        still = (comparison.c.member == member, comparison.c.ended_at.is_(None))
        tx.execute(update(comparison).where(*still).values(**columns("ended", scope, now)))
    action = "comparison.agree" if wanted.agrees else "comparison.end"
    audit.record(scope, tx, action, now=now, owner=member, subject=member)
    return consent(tx, member)


def _models(tx: Transaction, year: int, member: str) -> list[KeptModel]:
    system = Scope.system("return")
    return [one for one in cost_models.every(system, tx, year) if member in _members(one)]


def _members(kept: KeptModel) -> set[str]:
    return {one.member for one in kept.model.members}


def _services(scope: Scope, tx: Transaction, member: str, year: int) -> list[ServiceReturn]:
    paid = [_service(scope, tx, kept, member) for kept in _models(tx, year, member)]
    used = metered.months(scope, tx, UsageQuery(year=year, owner=member))
    return paid + _free(used, {one.service for one in paid})


def _service(scope: Scope, tx: Transaction, kept: KeptModel, member: str) -> ServiceReturn:
    whole = len(metered.closed(tx, kept.year)) == 12
    drawn = accounting.drawn(tx, kept, "actual" if whole else "forecast")
    query = UsageQuery(year=kept.year, owner=member, service=kept.service)
    months = metered.months(scope, tx, query)
    return ServiceReturn(
        service=kept.service,
        name=kept.model.name,
        basis=drawn.basis,
        paid=accounting.of_one(drawn, member).amount,
        alone=accounting.alone(drawn, member),
        example=kept.model.example,
        got=_together(months),
        months=months,
        entered=entered.find(scope, tx, query),
        used=drawn.used[member],
    )


def _free(used: list[UsageMonth], paid_for: set[str]) -> list[ServiceReturn]:
    """Services that it uses and for which no model asks anything."""
    found = []
    for service in sorted({one.service for one in used} - paid_for):
        months = [one for one in used if one.service == service]
        nothing = Decimal(0)
        found.append(ServiceReturn(service, "", "actual", nothing, nothing, False, _together(months), months, [], []))
    return found


def _together(months: list[UsageMonth]) -> Figures:
    """`devices`: the most of any month; the others are sums."""
    return Figures(
        devices=max((one.figures.devices for one in months), default=0),
        device_days=sum(one.figures.device_days for one in months),
        messages=sum(one.figures.messages for one in months),
        observations=sum(one.figures.observations for one in months),
    )


def _sums(services: list[ServiceReturn]) -> _Sums:
    got = Figures(*(sum(getattr(one.got, name) for one in services) for name in Figures.__struct_fields__))
    zero = Decimal(0)
    return _Sums(sum((one.paid for one in services), zero), sum((one.alone for one in services), zero), got)


def _peers(tx: Transaction, who: Collectivity, year: int) -> list[Peer]:
    """Of the same kind, with at most twice or half the inhabitants; the nearest first, the member before all."""
    if not who.population:
        return []
    system = Scope.system("comparison")
    table = comparison
    agreeing = set(tx.execute(select(table.c.member).where(table.c.ended_at.is_(None))).scalars())
    near = []
    for key in agreeing - {who.key}:
        try:
            other = structures.collectivity(system, tx, key)
        except NotFound:
            continue
        if other.kind == who.kind and other.population and _near(other.population, who.population):
            near.append(other)
    mine = who.population
    near.sort(key=lambda one: (abs((one.population or 0) - mine), one.key))
    found = []
    for one in (who, *near[:AT_MOST]):
        sums = _sums(_services(system, tx, one.key, year))
        if sums.alone or one is who:
            found.append(Peer(one.key, one.population or 0, sums.paid, sums.alone, sums.got))
    return found if len(found) > 1 else []


def _near(one: int, other: int) -> bool:
    return max(one, other) <= SIMILAR * min(one, other)
