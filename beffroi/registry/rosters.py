"""Devices and their series as columns: what is counted over hundreds of thousands of them is not read one by one."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, ColumnElement, String, cast, func, select

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


class Borne(NamedTuple):
    """Series of devices; `row` is the device's in the roster. `is_asked`: they observe the property asked."""

    series: Ids
    row: Ids
    is_asked: NDArray[np.bool_]


def roster(scope: Scope, tx: Transaction, query: DeviceQuery) -> Roster:
    """All that the query asks among the devices that `scope` sees, its `after` and `limit` left aside."""
    is_gateway = device.c.kind == "gateway"
    wanted = (visibility.clause(device, scope), *things.conditions(scope, tx, DEVICES, query))
    asked = select(device.c.owner, is_gateway, _joined(device.c.id)).where(*wanted)
    found = tx.execute(asked.group_by(device.c.owner, is_gateway))
    groups = [(owner, bool(gateway), _numbers(ids)) for owner, gateway, ids in found]
    owners = sorted({owner for owner, _, _ in groups})
    lengths = [len(ids) for _, _, ids in groups]
    ids = np.concatenate([np.empty(0, np.int64), *(ids for _, _, ids in groups)])
    order = np.argsort(ids)
    gateway = np.repeat(np.array([one for _, one, _ in groups], bool), lengths)
    ranks = np.repeat(np.array([owners.index(owner) for owner, _, _ in groups], np.int64), lengths)
    return Roster(ids[order], gateway[order], ranks[order], owners)


def borne(scope: Scope, tx: Transaction, known: Roster, observed_property: str) -> Borne:
    """The series of the roster's devices that `scope` sees."""
    is_asked = series.c.observed_property == observed_property
    asked = select(is_asked.label("is_asked"), _joined(series.c.id), _joined(series.c.device))
    seen = asked.where(series.c.device.is_not(None), visibility.clause(series, scope)).group_by(is_asked)
    groups = [(bool(one), _numbers(ids), _numbers(devices)) for one, ids, devices in tx.execute(seen)]
    ids = np.concatenate([np.empty(0, np.int64), *(ids for _, ids, _ in groups)])
    devices = np.concatenate([np.empty(0, np.int64), *(devices for _, _, devices in groups)])
    flags = np.repeat(np.array([one for one, _, _ in groups], bool), [len(ids) for _, ids, _ in groups])
    rows = np.searchsorted(known.devices, devices)
    inside = rows < len(known.devices)
    inside[inside] = known.devices[rows[inside]] == devices[inside]
    return Borne(ids[inside], rows[inside], flags[inside])


def _joined(column: Column[int]) -> ColumnElement[str]:
    return func.aggregate_strings(cast(column, String), ",")


def _numbers(joined: str) -> Ids:
    return np.array(joined.split(","), np.int64)
