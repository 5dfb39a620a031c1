"""Where assets stand, by columns and light enough for a map to hold a territory's: nothing else is told of them."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import and_, func, select

from beffroi.access import Scope
from beffroi.database import Transaction
from beffroi.registry import tables, things, visibility
from beffroi.registry.assets import ASSETS
from beffroi.registry.fields import Box, Known, Owner

SCALE = 100_000
"""parts of a degree: about a metre"""
MOST = 100_000
"""places in one answer"""


class PositionQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    owner: list[Owner] | None = None
    service: list[Known] | None = None
    kind: list[Known] | None = None
    bbox: Box | None = None


class Positions(msgspec.Struct, frozen=True):
    """A row an asset that has a place, by id. `kind` and `owner` point into `kinds` and `owners`; `longitude` and
    `latitude` are in hundred-thousandths of a degree (WGS 84).

    `total` may be more than 100,000: no row is then given, and a smaller area or fewer services are to be asked.
    """

    total: int
    kinds: list[str]
    owners: list[str]
    id: list[int]
    kind: list[int]
    owner: list[int]
    longitude: list[int]
    latitude: list[int]


class Bearer(NamedTuple):
    """The device, and the asset, that a series tells of: its own asset, else its device's."""

    series: int
    owner: str
    device: int | None
    asset: int | None


def positions(scope: Scope, tx: Transaction, query: PositionQuery, *, most: int = MOST) -> Positions:
    """Raises `Invalid` when the query names an owner, a service or a kind that is not."""
    table = tables.asset
    wanted = (
        visibility.clause(table, scope),
        table.c.longitude.is_not(None),
        *things.conditions(scope, tx, ASSETS, query),
    )
    total = tx.execute(select(func.count()).select_from(table).where(*wanted)).scalar_one()
    if not 0 < total <= most:
        return Positions(total, [], [], [], [], [], [], [])
    columns = (table.c.id, table.c.kind, table.c.owner, table.c.longitude, table.c.latitude)
    rows = tx.execute(select(*columns).where(*wanted).order_by(table.c.id)).all()
    ids, kinds, owners, longitudes, latitudes = zip(*rows, strict=True)
    kind_words, kind_ranks = _ranked(kinds)
    owner_words, owner_ranks = _ranked(owners)
    return Positions(
        total,
        kind_words,
        owner_words,
        list(ids),
        kind_ranks,
        owner_ranks,
        [round(degrees * SCALE) for degrees in longitudes],
        [round(degrees * SCALE) for degrees in latitudes],
    )


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


def _ranked(words: Sequence[str]) -> tuple[list[str], list[int]]:
    """The different words in order, and the place of each of `words` among them."""
    known = sorted(set(words))
    ranks = {word: rank for rank, word in enumerate(known)}
    return known, [ranks[word] for word in words]
