"""How the devices of a network fare: frames heard and lost, signal, battery, what was doubtful of their values, and
their own habit of speaking, by which silence is known."""

import statistics
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from math import isnan
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    Float,
    Integer,
    String,
    Table,
    cast,
    delete,
    extract,
    func,
    select,
)

from beffroi.access import Scope
from beffroi.database import Database, Inserted, Transaction, Utc, metadata
from beffroi.network.faring import Fared, Faring
from beffroi.registry import devices
from beffroi.registry.devices import DeviceQuery
from beffroi.registry.tables import Id
from beffroi.registry.things import in_chunks

INTERVALS_KEPT = 24
LEAST_LEARNED = 3
"""intervals before a habit is known"""
MISSED = 3
"""times its usual interval, after which a device is silent"""
LATE, LATER = 0.9, 1.5
"""of an irregular device: the share of its intervals that are shorter than a long one, and how many times that one"""
WRAP = 65_536
"""where a counter of 16 bits begins again"""
LOST_AT_ONCE = 1000
"""a counter that is further ahead was restarted or set, and tells nothing of losses"""

device_health = Table(
    "device_health",
    metadata,
    Column("device", Id, primary_key=True, autoincrement=False),
    Column("first_heard", Utc, nullable=False),
    Column("last_heard", Utc, nullable=False),
    Column("frames", BigInteger, nullable=False),
    Column("lost", BigInteger, nullable=False),
    Column("again", BigInteger, nullable=False),
    Column("restarts", Integer, nullable=False),
    Column("counter", BigInteger),
    Column("rssi", Float),
    Column("snr", Float),
    Column("battery", Float),
    Column("flags", JSON, nullable=False),
    Column("intervals", JSON, nullable=False),
    Column("due", Float),
)
"""`intervals`: the last ones between two messages, in seconds; `due`: that of `Fared`, which they tell, for whoever
counts. No foreign key: written behind, a device may be gone."""


class Health(msgspec.Struct, kw_only=True):
    """Of one device, as it is kept. `again`: frames delivered more than once. `flags`: values by flag."""

    device: int
    first_heard: datetime
    last_heard: datetime
    frames: int = 0
    lost: int = 0
    again: int = 0
    restarts: int = 0
    counter: int | None = None
    rssi: float | None = None
    snr: float | None = None
    battery: float | None = None
    flags: dict[str, int] = {}
    intervals: list[float] = []

    def heard(self, at: datetime) -> bool:
        """A message of `at`; whether it is in its turn: one that comes late says nothing of habits."""
        if at <= self.last_heard:
            return False
        if self.frames:
            interval = (at - self.last_heard) / timedelta(seconds=1)
            self.intervals = [*self.intervals, round(interval, 1)][-INTERVALS_KEPT:]
        self.last_heard = at
        return True

    def counted(self, counter: int | None, *, in_turn: bool) -> None:
        """One frame more, of this number; those between it and the one before were lost, until they come late."""
        self.frames += 1
        if counter is None:
            return
        if not in_turn:
            self.lost = max(self.lost - 1, 0)
            return
        if self.counter is not None:
            gap = counter - self.counter
            gap += WRAP if gap <= LOST_AT_ONCE - WRAP else 0
            if 0 < gap <= LOST_AT_ONCE:
                self.lost += gap - 1
            elif gap:
                self.restarts += 1
        self.counter = counter

    @property
    def period(self) -> float | None:
        """Seconds between two messages, as is its habit; None while it is not known."""
        return statistics.median(self.intervals) if len(self.intervals) >= LEAST_LEARNED else None

    def silent_at(self, now: datetime) -> bool:
        """It missed several turns: of its usual interval, and of the longest of late when it is irregular."""
        patience = self.patience
        return patience is not None and now - self.last_heard > timedelta(seconds=patience)

    @property
    def patience(self) -> float | None:
        """Seconds without a word after which it is silent; None while its habit is not known."""
        if (period := self.period) is None:
            return None
        longest = sorted(self.intervals)[int(len(self.intervals) * LATE)]
        return max(MISSED * period, LATER * longest)


class DeviceHealth(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a device fares. `loss`: share of frames lost. `period`: its usual interval, in seconds. `flags`: how many of
    its values carry each."""

    device: int
    owner: str
    code: str
    first_heard: datetime
    last_heard: datetime
    frames: int
    lost: int
    again: int
    restarts: int
    silent: bool
    loss: float | None = None
    period: float | None = None
    rssi: float | None = None
    snr: float | None = None
    battery: float | None = None
    flags: dict[str, int] = {}


class Ward:
    """The health of devices, in memory as they speak, written behind: what a crash takes is some seconds of counts, and
    never an observation."""

    def __init__(self, database: Database) -> None:
        self._database, self._lock = database, threading.Lock()
        self._known: dict[int, Health] = {}
        self._changed: set[int] = set()
        self._faring, self._outrun = Faring(), set[int]()
        """`_outrun`: those whose health is ahead of their columns"""
        self._whole = False
        """whether all that is stored is in the columns"""

    def of(self, device_ids: Iterable[int], now: datetime) -> dict[int, Health]:
        """To be changed under `changing`."""
        asked = set(device_ids)
        if missing := [one for one in asked if one not in self._known]:  # a difference would look at all that is known
            with self._database.read() as tx:
                found = {one.device: one for one in _stored(tx, missing)}
            for one in missing:
                self._known.setdefault(one, found.get(one) or Health(device=one, first_heard=now, last_heard=FIRST))
        self._changed |= asked
        if self._whole:
            self._outrun |= asked
        return {one: self._known[one] for one in asked}

    def lacks(self, device_ids: Iterable[int]) -> bool:
        """Whether `of` would have to look in the database."""
        return any(one not in self._known for one in device_ids)

    @property
    def changing(self) -> threading.Lock:
        return self._lock

    def flush(self) -> None:
        with self._lock:
            changed, self._changed = self._changed, set()
        for some in in_chunks(changed):
            with self._lock:  # a short time each: whoever takes messages in waits for it
                known = [self._known[one] for one in some]
                kept = [msgspec.structs.replace(one, flags=dict(one.flags)) for one in known]
            rows = list(_rows(kept))
            with self._database.write() as tx:
                tx.execute(delete(device_health).where(device_health.c.device.in_(some)))
                INSERTED.rows(tx, rows)

    def columns(self, ids: NDArray[np.int64]) -> Fared:
        """How each of `ids` fares, by columns that follow what is heard."""
        self._read_in()
        with self._lock:
            self._take_in([self._known[one] for one in self._outrun])
            self._outrun.clear()
            return self._faring.of(ids)

    def _read_in(self) -> None:
        """Once: what was heard before the program started."""
        if self._whole:
            return
        kept = device_health.c
        columns = (kept.device, extract("epoch", kept.last_heard), kept.due, kept.battery)
        with self._database.read() as tx:
            told = tx.execute(select(*map(_joined, columns)).where(kept.frames > 0)).one()
        with self._lock:
            if told[0] is not None:
                ids, *fared = (np.array(one.split(","), np.float64) for one in told)
                self._faring.put(ids.astype(np.int64), *fared)
            self._outrun |= self._known.keys()
            self._whole = True

    def _take_in(self, some: Sequence[Health]) -> None:
        spoke = [one for one in some if one.frames]
        last_heard = np.array([one.last_heard.timestamp() for one in spoke])
        self._faring.put(
            np.array([one.device for one in spoke], np.int64),
            last_heard,
            last_heard + patience_of([one.intervals for one in spoke]),
            np.array([np.nan if one.battery is None else one.battery for one in spoke]),
        )

    def seen(self, scope: Scope, tx: Transaction, query: DeviceQuery, *, now: datetime) -> list[DeviceHealth]:
        """Of the devices that the scope sees and that ever spoke."""
        shown: list[DeviceHealth] = []
        found = {one.id: one for one in devices.every(scope, tx, query)}
        with self._lock:
            known = {one: msgspec.structs.replace(self._known[one]) for one in found if one in self._known}
        known |= {one.device: one for one in _stored(tx, found.keys() - known.keys())}
        for id_, device in found.items():
            health = known.get(id_)
            if health is None or not health.frames:
                continue
            told: dict[str, Any] = {
                name: getattr(health, name)
                for name in (
                    "first_heard",
                    "last_heard",
                    "frames",
                    "lost",
                    "again",
                    "restarts",
                    "rssi",
                    "snr",
                    "battery",
                )
            }
            loss = health.lost / (health.lost + health.frames) if health.counter is not None else None
            shown.append(
                DeviceHealth(
                    device=id_,
                    owner=device.owner,
                    code=device.code,
                    silent=health.silent_at(now),
                    loss=loss,
                    period=health.period,
                    flags=health.flags,
                    **told,
                )
            )
        return shown


def patience_of(intervals: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """`Health.patience` of each device from the intervals of each; NaN while a habit is not known."""
    counts = np.array([len(one) for one in intervals], np.int64)
    rows = np.arange(len(counts))
    told = np.full((len(counts), INTERVALS_KEPT), np.inf)
    told[np.arange(INTERVALS_KEPT) < counts[:, None]] = [seconds for one in intervals for seconds in one]
    told.sort(axis=1)
    median = (told[rows, (counts - 1) // 2] + told[rows, counts // 2]) / 2
    longest = told[rows, (counts * LATE).astype(np.int64)]
    return np.where(counts < LEAST_LEARNED, np.nan, np.maximum(MISSED * median, LATER * longest))


FIRST = datetime.fromisoformat("1900-01-01T00:00:00+00:00")


def _stored(tx: Transaction, ids: Iterable[int]) -> list[Health]:
    found = []
    for some in in_chunks(ids):
        rows = tx.execute(select(*_KEPT).where(device_health.c.device.in_(some))).mappings()
        found += [Health(**row) for row in rows]
    return found


def _joined(column: ColumnElement[Any]) -> ColumnElement[str]:
    """A column in one text: hundreds of thousands of rows are not read one by one."""
    return func.aggregate_strings(func.coalesce(cast(column, String), "nan"), ",")


_KEPT = [device_health.c[name] for name in Health.__struct_fields__]
INSERTED = Inserted(device_health, (*Health.__struct_fields__, "due"))


def _rows(some: Sequence[Health]) -> Iterator[tuple[Any, ...]]:
    """As `INSERTED` takes them."""
    for one, patience in zip(some, patience_of([one.intervals for one in some]).tolist(), strict=True):
        due = None if isnan(patience) else one.last_heard.timestamp() + patience
        yield *msgspec.structs.astuple(one), due
