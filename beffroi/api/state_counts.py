"""How many devices are in each state: by columns, a département's in one go, what `device_states` tells one by one."""

from datetime import timedelta
from typing import Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from beffroi.api.routing import Call
from beffroi.api.territory import opened
from beffroi.network.health import Fared
from beffroi.observations import Windows
from beffroi.registry import rosters
from beffroi.registry import series as registry_series
from beffroi.registry.devices import DeviceQuery
from beffroi.registry.rosters import Borne, Roster

State = Literal["speaking", "silent", "never", "unwatched"]
Asked = Literal["speaking", "silent", "never", "unwatched", "low-battery"]
WORDS: tuple[State, ...] = ("speaking", "silent", "never", "unwatched")
SPEAKING, SILENT, NEVER, UNWATCHED = range(4)

LOW_BATTERY = 20.0
"""per cent"""
BATTERY = "battery"
"""the observed property of what is left of a battery"""
LONG = timedelta(days=1)
"""without a word, for a device whose habit is not known"""
NOTHING = -np.inf
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


def count(call: Call, query: DeviceQuery, asked: frozenset[Asked] | None) -> tuple[StateCounts, list[str]]:
    """Of the devices that the query asks and that are in one of the states `asked`; and whose they are."""
    with call.reading() as tx:
        roster = rosters.roster(call.scope, tx, query)
        borne = rosters.borne(call.scope, tx, roster, BATTERY)
        visible = opened(registry_series.stretches(call.scope, tx))
    mine = np.isin(visible.series, borne.series)
    heard = _heard(call, roster, borne, Windows(visible.series[mine], visible.start[mine], visible.end[mine]))
    states, low = _states(roster, heard, call.rooms.ward.columns(roster.devices), call.now.timestamp())
    kept = _answering(states, low, asked)
    told = np.bincount(states[kept], minlength=len(WORDS)).tolist()
    owners = [roster.owners[rank] for rank in np.unique(roster.owner[kept])]
    counts = StateCounts(
        devices=int(kept.sum()),
        speaking=told[SPEAKING],
        silent=told[SILENT],
        never=told[NEVER],
        low_battery=int(low[kept].sum()),
    )
    return counts, owners


def _heard(call: Call, roster: Roster, borne: Borne, windows: Windows) -> Heard:
    newest = call.rooms.record.latest(windows, patience=call.patience)
    order = np.argsort(borne.series)
    at = order[np.searchsorted(borne.series, newest["series"].to_numpy(), sorter=order)]
    rows, times = borne.row[at], newest["time"].cast("int64").to_numpy() / SECOND
    latest = np.full(len(roster.devices), NOTHING)
    np.maximum.at(latest, rows, times)
    values = newest["value"].to_numpy(zero_copy_only=False).astype(np.float64)
    told = borne.is_asked[at] & ~np.isnan(values)
    last = np.lexsort((values[told], times[told]))  # the newest comes last, and stays
    battery = np.full(len(roster.devices), np.nan)
    battery[rows[told][last]] = values[told][last]
    return Heard(latest, battery)


def _states(roster: Roster, heard: Heard, fared: Fared, now: float) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Each one's state, and whether its battery is low."""
    latest, battery = heard.latest.copy(), heard.battery.copy()
    due = np.full(len(latest), np.nan)
    latest[fared.row] = np.maximum(latest[fared.row], fared.last_heard)
    battery[fared.row] = np.where(np.isnan(battery[fared.row]), fared.battery, battery[fared.row])
    due[fared.row] = fared.due
    silent = np.where(np.isnan(due), now - latest > LONG.total_seconds(), now > due)
    states = np.where(silent, SILENT, SPEAKING)
    states[latest == NOTHING] = NEVER
    states[(latest == NOTHING) & roster.gateway] = UNWATCHED
    return states.astype(np.int64), battery < LOW_BATTERY


def _answering(states: NDArray[np.int64], low: NDArray[np.bool_], asked: frozenset[Asked] | None) -> NDArray[np.bool_]:
    if asked is None:
        return np.ones(len(states), bool)
    wanted = np.isin(states, [rank for rank, word in enumerate(WORDS) if word in asked])
    return wanted | (low & ("low-battery" in asked))
