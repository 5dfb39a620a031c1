"""What a scope sees, as columns and windows onto the record; remembered, and changed as the registry changes."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from beffroi.access import Scope
from beffroi.database import Transaction
from beffroi.observations import FIRST, LAST, Windows, instant
from beffroi.registry import revision, rosters, things
from beffroi.registry import series as registry_series
from beffroi.registry.devices import DEVICES, DeviceQuery
from beffroi.registry.rosters import Borne, Roster
from beffroi.registry.series import Stretch

BATTERY = "battery"
"""the observed property of what is left of a battery"""
MOST_ROWS = 2_000_000
"""devices, series and windows remembered, about 20 bytes each"""


class Seen(NamedTuple):
    """What a scope sees of the devices that a query asks, and of their series. `borne` rises by series."""

    roster: Roster
    borne: Borne
    windows: Windows

    @property
    def rows(self) -> int:
        return len(self.roster.devices) + len(self.borne.series) + len(self.windows)


class Held(NamedTuple):
    """What was seen when the registry was at `number`."""

    number: int
    seen: Seen


class Remembered:
    """Who sees which devices: read from the registry once, then what changes of it is followed."""

    def __init__(self) -> None:
        self._finding, self._held = threading.Lock(), OrderedDict[bytes, Held]()

    def devices(self, scope: Scope, tx: Transaction, query: DeviceQuery) -> Seen:
        """As `tx` reads it. Raises `Invalid` as `devices.find`."""
        things.conditions(scope, tx, DEVICES, query)
        now, key = revision.number(tx), _key(scope, query)
        if (held := self._held.get(key)) and held.number == now:
            return held.seen
        with self._finding:  # who waits finds what the first one found
            held = self._held.get(key)
            if held and held.number == now:
                return held.seen
            changed = revision.since(tx, held.number) if held else None
            found = (
                _seen(scope, tx, query)
                if held is None or changed is None
                else _after(scope, tx, query, held.seen, changed)
            )
            if held is None or held.number < now:
                self._keep(key, Held(now, found))
            return found

    def _keep(self, key: bytes, found: Held) -> None:
        held = self._held.copy()
        held[key] = found
        held.move_to_end(key)
        while len(held) > 1 and sum(one.seen.rows for one in held.values()) > MOST_ROWS:
            held.popitem(last=False)
        self._held = held


def _key(scope: Scope, query: DeviceQuery) -> bytes:
    """What the answer depends on: what may be seen, whoever sees it, and what is asked."""
    rights = sorted(scope.rights.items())
    services = None if scope.services is None else sorted(scope.services)
    asked = msgspec.structs.replace(query, after=None, limit=None)
    return msgspec.msgpack.encode((scope.everything, rights, scope.shares, services, asked), order="deterministic")


def _seen(scope: Scope, tx: Transaction, query: DeviceQuery) -> Seen:
    roster = rosters.roster(scope, tx, query)
    borne = rosters.borne(scope, tx, roster, BATTERY)
    return Seen(roster, borne, _onto(borne, registry_series.stretches(scope, tx)))


def _after(scope: Scope, tx: Transaction, query: DeviceQuery, seen: Seen, changed: Mapping[str, set[int]]) -> Seen:
    """What is seen now from what was, when this changed since: the rest is not read again."""
    devices, series = rosters.touched(tx, changed)
    roster = seen.roster.replaced(_array(devices), rosters.roster(scope, tx, query, among=devices))
    again = rosters.borne(scope, tx, roster, BATTERY, among=series)
    touched = _array(series)
    kept, still = ~np.isin(seen.borne.series, touched), ~np.isin(seen.windows.series, touched)
    rows = np.searchsorted(roster.devices, seen.roster.devices[seen.borne.row[kept]])
    unchanged = Borne(seen.borne.series[kept], rows, seen.borne.is_asked[kept])
    windows, new = seen.windows, _onto(again, registry_series.stretches(scope, tx, among=series))
    at, place = (
        np.searchsorted(one, other)
        for one, other in ((unchanged.series, again.series), (windows.series[still], new.series))
    )
    return Seen(
        roster,
        Borne(*(np.insert(old, at, more) for old, more in zip(unchanged, again, strict=True))),
        Windows(
            np.insert(windows.series[still], place, new.series),
            np.insert(windows.start[still], place, new.start),
            np.insert(windows.end[still], place, new.end),
        ),
    )


def _onto(borne: Borne, stretches: Sequence[Stretch]) -> Windows:
    """Those of the visible stretches that are of the series of devices."""
    visible = opened(stretches)
    mine = np.isin(visible.series, borne.series)
    return Windows(visible.series[mine], visible.start[mine], visible.end[mine])


def _array(ids: set[int]) -> NDArray[np.int64]:
    return np.array(sorted(ids), np.int64)


def opened(visible: Sequence[Stretch]) -> Windows:
    """The windows onto what is visible."""
    if not visible:
        return Windows.whole([])
    lengths = [len(one.series) for one in visible]
    ids = np.concatenate([np.array(one.series, np.int64) for one in visible])
    since = np.repeat([instant(one.since, FIRST) for one in visible], lengths)
    until = np.repeat([instant(one.until, LAST) for one in visible], lengths)
    return Windows.joined(ids, since, until)
