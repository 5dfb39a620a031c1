"""Where assets stand, light enough for a map to hold a territory's: nothing else is told of them."""

from typing import NamedTuple

import msgspec
from sqlalchemy import and_, func, select

from beffroi.access import Scope
from beffroi.database import Transaction
from beffroi.registry import tables, things, visibility
from beffroi.registry.assets import ASSETS
from beffroi.registry.fields import Box, Known, Owner

DECIMALS = 5
"""of a degree: about a metre"""
MOST = 100_000
"""places in one answer"""


class PositionQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    owner: list[Owner] | None = None
    service: list[Known] | None = None
    kind: list[Known] | None = None
    bbox: Box | None = None


class Position(NamedTuple):
    id: int
    owner: str
    service: str
    kind: str
    longitude: float
    latitude: float


class Bearer(NamedTuple):
    """The device, and the asset, that a series tells of: its own asset, else its device's."""

    series: int
    owner: str
    device: int | None
    asset: int | None


def positions(scope: Scope, tx: Transaction, query: PositionQuery, *, most: int = MOST) -> list[Position]:
    """Of the assets that are somewhere, by id; none at all when they are more than `most`.

    Raises `Invalid` when the query names an owner, a service or a kind that is not.
    """
    table = tables.asset
    placed = table.c.longitude.is_not(None)
    wanted = (visibility.clause(table, scope), placed, *things.conditions(scope, tx, ASSETS, query))
    columns = [table.c[name] for name in Position._fields]
    found = tx.execute(select(*columns).where(*wanted).order_by(table.c.id).limit(most + 1)).all()
    return [Position(*row) for row in found] if len(found) <= most else []


def counts(scope: Scope, tx: Transaction) -> dict[str, int]:
    """How many assets are somewhere, by service; services of none are absent."""
    table = tables.asset
    seen = (visibility.clause(table, scope), table.c.longitude.is_not(None))
    asked = select(table.c.service, func.count()).where(*seen).group_by(table.c.service)
    return {service: count for service, count in tx.execute(asked)}


def observed(scope: Scope, tx: Transaction) -> list[str]:
    """The codes of the properties of which `scope` sees a series."""
    table = tables.series
    asked = select(table.c.observed_property).where(visibility.clause(table, scope)).distinct()
    return sorted(tx.execute(asked).scalars())


def bearers(scope: Scope, tx: Transaction) -> list[Bearer]:
    """Of every series that `scope` sees, in the order of ids; the devices and assets it does not see are left out."""
    series, device, asset = tables.series, tables.device, tables.asset
    of_device = and_(series.c.device == device.c.id, visibility.clause(device, scope))
    told_of = and_(asset.c.id == func.coalesce(series.c.asset, device.c.asset), visibility.clause(asset, scope))
    statement = (
        select(series.c.id, series.c.owner, device.c.id, asset.c.id)
        .select_from(series.outerjoin(device, of_device).outerjoin(asset, told_of))
        .where(visibility.clause(series, scope))
        .order_by(series.c.id)
    )
    return [Bearer(*row) for row in tx.execute(statement)]
