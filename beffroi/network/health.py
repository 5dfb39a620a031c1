"""How the devices of a network fare: frames heard and lost, signal, battery, what was doubtful of their values, and
their own habit of speaking, by which silence is known."""

import statistics
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import JSON, BigInteger, Column, Float, Integer, Table, delete, insert, select

from beffroi.access import Scope
from beffroi.database import Database, Transaction, Utc, metadata
from beffroi.registry import devices
from beffroi.registry.devices import DeviceQuery
from beffroi.registry.tables import Id
from beffroi.registry.things import in_chunks

INTERVALS_KEPT = 24
LEAST_LEARNED = 3
"""intervals before a habit is known"""
MISSED = 3
"""times its usual interval, after which a device is silent"""
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
)
"""`intervals`: the last ones between two messages, in seconds. No foreign key: written behind, a device may be gone."""


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
        longest = sorted(self.intervals)[int(len(self.intervals) * 0.9)]
        return max(MISSED * period, 1.5 * longest)


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


class Fared(NamedTuple):
    """`row`: in the ids asked. Times in seconds of the Unix era; `due`: silent after that, NaN for no known habit."""

    row: NDArray[np.int64]
    last_heard: NDArray[np.float64]
    due: NDArray[np.float64]
    battery: NDArray[np.float64]


class Ward:
    """The health of devices, in memory as they speak, written behind: what a crash takes is some seconds of counts, and
    never an observation."""

    def __init__(self, database: Database) -> None:
        self._database, self._lock = database, threading.Lock()
        self._known: dict[int, Health] = {}
        self._changed: set[int] = set()
        self._due: dict[int, tuple[datetime, float]] = {}
        self._whole = False
        """whether all that is stored is in memory"""

    def of(self, device_ids: Iterable[int], now: datetime) -> dict[int, Health]:
        """To be changed under `changing`."""
        asked = set(device_ids)
        if missing := [one for one in asked if one not in self._known]:  # a difference would look at all that is known
            with self._database.read() as tx:
                found = {one.device: one for one in _stored(tx, missing)}
            for one in missing:
                self._known.setdefault(one, found.get(one) or Health(device=one, first_heard=now, last_heard=FIRST))
        self._changed |= asked
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
                rows = [msgspec.to_builtins(self._known[one], builtin_types=(datetime,)) for one in some]
            with self._database.write() as tx:
                tx.execute(delete(device_health).where(device_health.c.device.in_(some)))
                tx.execute(insert(device_health), rows)

    def columns(self, ids: NDArray[np.int64]) -> "Fared":
        """Of those of `ids`, which rise, that ever spoke: what is counted of them, by columns. What was read stays in
        memory, as what speaks does."""
        self._read_in()
        with self._lock:
            known = [(row, self._known[one]) for row, one in enumerate(ids.tolist()) if one in self._known]
            spoke = [(row, one) for row, one in known if one.frames]
            due = [self._due_of(one) for _, one in spoke]
            battery = [np.nan if one.battery is None else one.battery for _, one in spoke]
            last = [one.last_heard.timestamp() for _, one in spoke]
        return Fared(np.array([row for row, _ in spoke], np.int64), np.array(last), np.array(due), np.array(battery))

    def _read_in(self) -> None:
        """Once: what is not in memory after that has never spoken, or does so through `of`."""
        if self._whole:
            return
        with self._database.read() as tx:
            rows = tx.execute(select(device_health)).mappings().all()
        with self._lock:
            for row in rows:
                self._known.setdefault(row["device"], Health(**row))
            self._whole = True

    def _due_of(self, one: Health) -> float:
        """When it is silent if it has not spoken by then, in seconds; NaN while its habit is not known."""
        told = self._due.get(one.device)
        if told is None or told[0] != one.last_heard:
            due = np.nan if (patience := one.patience) is None else one.last_heard.timestamp() + patience
            told = self._due[one.device] = (one.last_heard, due)
        return told[1]

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


FIRST = datetime.fromisoformat("1900-01-01T00:00:00+00:00")


def _stored(tx: Transaction, ids: Iterable[int]) -> list[Health]:
    found = []
    for some in in_chunks(ids):
        rows = tx.execute(select(device_health).where(device_health.c.device.in_(some))).mappings()
        found += [Health(**row) for row in rows]
    return found
