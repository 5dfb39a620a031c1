"""What a sharing agreement opens of the registry, counted with the conditions by which its receiver is let in."""

import msgspec
from sqlalchemy import Table, func, select

from beffroi.access import Scope, Share
from beffroi.database import Transaction
from beffroi.registry import visibility
from beffroi.registry.tables import asset, device, series


class Observed(msgspec.Struct, frozen=True):
    observed_property: str
    series: int


class Opening(msgspec.Struct, frozen=True):
    """How many things of each noun, at this moment; `observed_properties`: the series by what they observe, the most
    numerous first."""

    assets: int
    devices: int
    series: int
    observed_properties: list[Observed]


def of(scope: Scope, tx: Transaction, share: Share) -> Opening:
    """What `share` opens to whoever has nothing else. That the actor may know of it is checked by the caller."""
    alone = Scope(actor=scope.actor, shares=(share,))
    count = func.count()
    by_property = (
        select(series.c.observed_property, count)
        .where(visibility.clause(series, alone))
        .group_by(series.c.observed_property)
        .order_by(count.desc(), series.c.observed_property)
    )
    observed = [Observed(*row) for row in tx.execute(by_property)]
    return Opening(_seen(alone, tx, asset), _seen(alone, tx, device), sum(one.series for one in observed), observed)


def _seen(scope: Scope, tx: Transaction, table: Table) -> int:
    statement = select(func.count()).select_from(table).where(visibility.clause(table, scope))
    return tx.execute(statement).scalar_one()
