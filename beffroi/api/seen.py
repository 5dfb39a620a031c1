"""What a scope sees, as columns and windows onto the record; remembered for as long as the registry stays as it is."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

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


class Remembered:
    """Who sees which devices, for as long as the registry stays as it is: read from it once, counted many times."""

    def __init__(self) -> None:
        self._finding, self._held = threading.Lock(), OrderedDict[bytes, Seen]()
        self._revision = -1

    def devices(self, scope: Scope, tx: Transaction, query: DeviceQuery) -> Seen:
        """As `tx` reads it. Raises `Invalid` as `devices.find`."""
        things.conditions(scope, tx, DEVICES, query)
        now, key = revision.number(tx), _key(scope, query)
        if now == self._revision and (held := self._held.get(key)):
            return held
        with self._finding:  # who waits finds what the first one found
            if now == self._revision and (held := self._held.get(key)):
                return held
            found = _seen(scope, tx, query)
            self._keep(now, key, found)
            return found

    def _keep(self, now: int, key: bytes, found: Seen) -> None:
        if now < self._revision:
            return
        held = self._held.copy() if now == self._revision else OrderedDict[bytes, Seen]()
        held[key] = found
        while len(held) > 1 and sum(one.rows for one in held.values()) > MOST_ROWS:
            held.popitem(last=False)
        self._revision, self._held = now, held


def _key(scope: Scope, query: DeviceQuery) -> bytes:
    """What the answer depends on: what may be seen, whoever sees it, and what is asked."""
    rights = sorted(scope.rights.items())
    services = None if scope.services is None else sorted(scope.services)
    asked = msgspec.structs.replace(query, after=None, limit=None)
    return msgspec.msgpack.encode((scope.everything, rights, scope.shares, services, asked), order="deterministic")


def _seen(scope: Scope, tx: Transaction, query: DeviceQuery) -> Seen:
    roster = rosters.roster(scope, tx, query)
    borne = rosters.borne(scope, tx, roster, BATTERY)
    visible = opened(registry_series.stretches(scope, tx))
    mine = np.isin(visible.series, borne.series)
    order = np.argsort(borne.series)
    return Seen(
        roster,
        Borne(borne.series[order], borne.row[order], borne.is_asked[order]),
        Windows(visible.series[mine], visible.start[mine], visible.end[mine]),
    )


def opened(visible: Sequence[Stretch]) -> Windows:
    """The windows onto what is visible."""
    if not visible:
        return Windows.whole([])
    lengths = [len(one.series) for one in visible]
    ids = np.concatenate([np.array(one.series, np.int64) for one in visible])
    since = np.repeat([instant(one.since, FIRST) for one in visible], lengths)
    until = np.repeat([instant(one.until, LAST) for one in visible], lengths)
    return Windows.joined(ids, since, until)
