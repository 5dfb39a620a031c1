"""Devices and their series as columns: what is counted over hundreds of thousands of them is not read one by one."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, ColumnElement, Select, String, cast, func, select

from beffroi.access import Scope
from beffroi.database import Transaction
from beffroi.registry import things, visibility
from beffroi.registry.devices import DEVICES, DeviceQuery
from beffroi.registry.tables import device, series

Ids = NDArray[np.int64]


class Roster(NamedTuple):
    """`devices` rise; `gateway` and `owner` (a rank in `owners`) are theirs."""

    devices: Ids
    gateway: NDArray[np.bool_]
    owner: Ids
    owners: list[str]

    def replaced(self, devices: Ids, by: "Roster") -> "Roster":
        """With `by`, which is of some of `devices`, in the place of what was of them."""
        kept = ~np.isin(self.devices, devices)
        owners = sorted({*self.owners, *by.owners})
        rank = [np.array([owners.index(one) for one in roster.owners], np.int64) for roster in (self, by)]
        at = np.searchsorted(self.devices[kept], by.devices)
        return Roster(
            np.insert(self.devices[kept], at, by.devices),
            np.insert(self.gateway[kept], at, by.gateway),
            np.insert(rank[0][self.owner[kept]], at, rank[1][by.owner]),
            owners,
        )


class Borne(NamedTuple):
    """Series of devices; `row` is the device's in the roster. `is_asked`: they observe the property asked."""

    series: Ids
    row: Ids
    is_asked: NDArray[np.bool_]


def roster(scope: Scope, tx: Transaction, query: DeviceQuery, *, among: Iterable[int] | None = None) -> Roster:
    """All that the query asks among the devices that `scope` sees, its `after` and `limit` left aside; `among`: of
    these alone."""
    is_gateway = device.c.kind == "gateway"
    wanted = (visibility.clause(device, scope), *things.conditions(scope, tx, DEVICES, query))
    asked = select(device.c.owner, is_gateway, _joined(device.c.id)).where(*wanted)
    found = _of(tx, asked.group_by(device.c.owner, is_gateway), device.c.id, among)
    groups = [(owner, bool(gateway), _numbers(ids)) for owner, gateway, ids in found]
    owners = sorted({owner for owner, _, _ in groups})
    lengths = [len(ids) for _, _, ids in groups]
    ids = np.concatenate([np.empty(0, np.int64), *(ids for _, _, ids in groups)])
    order = np.argsort(ids)
    gateway = np.repeat(np.array([one for _, one, _ in groups], bool), lengths)
    ranks = np.repeat(np.array([owners.index(owner) for owner, _, _ in groups], np.int64), lengths)
    return Roster(ids[order], gateway[order], ranks[order], owners)


def borne(
    scope: Scope, tx: Transaction, known: Roster, observed_property: str, *, among: Iterable[int] | None = None
) -> Borne:
    """The series of the roster's devices that `scope` sees; `among`: of these series alone. They rise."""
    is_asked = series.c.observed_property == observed_property
    asked = select(is_asked.label("is_asked"), _joined(series.c.id), _joined(series.c.device))
    seen = asked.where(series.c.device.is_not(None), visibility.clause(series, scope)).group_by(is_asked)
    found = _of(tx, seen, series.c.id, among)
    groups = [(bool(one), _numbers(ids), _numbers(devices)) for one, ids, devices in found]
    ids = np.concatenate([np.empty(0, np.int64), *(ids for _, ids, _ in groups)])
    devices = np.concatenate([np.empty(0, np.int64), *(devices for _, _, devices in groups)])
    flags = np.repeat(np.array([one for one, _, _ in groups], bool), [len(ids) for _, ids, _ in groups])
    rows = np.searchsorted(known.devices, devices)
    inside = rows < len(known.devices)
    inside[inside] = known.devices[rows[inside]] == devices[inside]
    ids, rows, flags = ids[inside], rows[inside], flags[inside]
    order = np.argsort(ids)
    return Borne(ids[order], rows[order], flags[order])


class Touched(NamedTuple):
    """What changes of the registry may have changed for somebody's eyes."""

    devices: set[int]
    series: set[int]


def touched(tx: Transaction, changed: Mapping[str, set[int]]) -> Touched:
    """From the things that changed, by noun: who sees a device or a series may hang on an asset of another."""
    hanging = _ids(tx, select(device.c.id), device.c.asset, changed.get("asset", set()))
    devices = changed.get("device", set()) | hanging
    theirs = _ids(tx, select(series.c.id), series.c.device, devices)
    of_assets = _ids(tx, select(series.c.id), series.c.asset, changed.get("asset", set()))
    return Touched(devices, changed.get("series", set()) | theirs | of_assets)


def _ids(tx: Transaction, asked: Select[int], column: Column[int], values: set[int]) -> set[int]:
    return {id_ for some in things.in_chunks(values) for id_ in tx.execute(asked.where(column.in_(some))).scalars()}


def _of(tx: Transaction, asked: Any, column: Column[int], among: Iterable[int] | None) -> list[Any]:
    if among is None:
        return list(tx.execute(asked))
    return [row for some in things.in_chunks(among) for row in tx.execute(asked.where(column.in_(some)))]


def _joined(column: Column[int]) -> ColumnElement[str]:
    return func.aggregate_strings(cast(column, String), ",")


def _numbers(joined: str) -> Ids:
    return np.array(joined.split(","), np.int64)
