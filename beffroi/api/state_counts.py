"""How many devices are in each state: by columns, a département's in one go, what `device_states` tells one by one."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.api.seen import Seen
from beffroi.network.faring import NOTHING, Fared
from beffroi.network.health import Ward
from beffroi.observations import Patience, Record
from beffroi.registry.rosters import Borne, Roster

State = Literal["speaking", "silent", "never", "unwatched"]
Asked = Literal["speaking", "silent", "never", "unwatched", "low-battery"]
WORDS: tuple[State, ...] = ("speaking", "silent", "never", "unwatched")
SPEAKING, SILENT, NEVER, UNWATCHED = range(4)

LOW_BATTERY = 20.0
"""per cent"""
LONG = timedelta(days=1)
"""without a word, for a device whose habit is not known"""
NEWEST = ("time", "value")
SECOND = 1_000_000
"""microseconds"""


class StateCounts(msgspec.Struct, frozen=True):
    devices: int
    speaking: int
    silent: int
    never: int
    low_battery: int


class Heard(NamedTuple):
    """Of each device of a roster: the newest time, in seconds, and the newest battery; nothing is NOTHING and NaN."""

    latest: NDArray[np.float64]
    battery: NDArray[np.float64]


def count(
    seen: Seen, record: Record, ward: Ward, asked: frozenset[Asked] | None, *, now: datetime, patience: Patience
) -> tuple[StateCounts, list[str]]:
    """Of the devices seen, those that are in one of the states `asked`; and whose they are."""
    roster = seen.roster
    heard = _heard(seen, record.latest(seen.windows, names=NEWEST, patience=patience))
    states, low = _states(roster, heard, ward.columns(roster.devices), now.timestamp())
    kept = _answering(states, low, asked)
    told = np.bincount(states[kept], minlength=len(WORDS)).tolist()
    present = np.bincount(roster.owner[kept], minlength=len(roster.owners))
    owners = [owner for owner, devices in zip(roster.owners, present.tolist(), strict=True) if devices]
    counts = StateCounts(
        devices=int(kept.sum()),
        speaking=told[SPEAKING],
        silent=told[SILENT],
        never=told[NEVER],
        low_battery=int(low[kept].sum()),
    )
    return counts, owners


def _heard(seen: Seen, newest: pa.Table) -> Heard:
    borne = _told_of(seen.borne, newest["series"].to_numpy())
    rows, times = borne.row, newest["time"].cast("int64").to_numpy() / SECOND
    latest = np.full(len(seen.roster.devices), NOTHING)
    np.maximum.at(latest, rows, times)
    values = newest["value"].to_numpy(zero_copy_only=False).astype(np.float64)
    told = borne.is_asked & ~np.isnan(values)
    last = np.argsort(times[told], kind="stable")  # the newest comes last, and stays
    battery = np.full(len(latest), np.nan)
    battery[rows[told][last]] = values[told][last]
    return Heard(latest, battery)


def _told_of(borne: Borne, series: NDArray[np.int64]) -> Borne:
    """Of those borne, these; both rise."""
    if len(series) == len(borne.series):
        return borne
    at = np.searchsorted(borne.series, series)
    return Borne(series, borne.row[at], borne.is_asked[at])


def _states(roster: Roster, heard: Heard, fared: Fared, now: float) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Each one's state, and whether its battery is low."""
    latest = np.maximum(heard.latest, fared.last_heard)
    battery = np.where(np.isnan(heard.battery), fared.battery, heard.battery)
    states = np.where(now > _due(latest, fared), SILENT, SPEAKING)
    nothing = latest == NOTHING
    states[nothing] = np.where(roster.gateway[nothing], UNWATCHED, NEVER)
    return states, battery < LOW_BATTERY


def _due(latest: NDArray[np.float64], fared: Fared) -> NDArray[np.float64]:
    """When each one is silent if nothing more is heard of it."""
    return np.where(np.isnan(fared.due), latest + LONG.total_seconds(), fared.due)


def fallen_silent(seen: Seen, record: Record, ward: Ward, since: datetime, now: datetime) -> dict[str, list[int]]:
    """By owner, the devices that are silent since some moment after `since`."""
    roster = seen.roster
    fared = ward.columns(roster.devices)
    heard = _heard(seen, record.latest(seen.windows, names=NEWEST))
    due = _due(np.maximum(heard.latest, fared.last_heard), fared)
    fallen = (due >= since.timestamp()) & (due < now.timestamp())
    ranks = np.unique(roster.owner[fallen])
    return {roster.owners[rank]: roster.devices[fallen & (roster.owner == rank)].tolist() for rank in ranks}


def _answering(states: NDArray[np.int64], low: NDArray[np.bool_], asked: frozenset[Asked] | None) -> NDArray[np.bool_]:
    if asked is None:
        return np.ones(len(states), bool)
    wanted = np.isin(states, [rank for rank, word in enumerate(WORDS) if word in asked])
    return wanted | (low & ("low-battery" in asked))
