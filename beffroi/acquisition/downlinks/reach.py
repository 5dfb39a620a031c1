"""By which connection each device is heard, learned from its messages, in memory, and written behind."""

import threading
from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import delete, select

from beffroi.acquisition.downlinks.model import reach
from beffroi.database import Database, Inserted, Transaction
from beffroi.registry.things import in_chunks

KEPT = 1_000_000


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """`application`, `name`: of the device, as its network calls them."""

    device: int
    connection: str
    application: str | None = None
    name: str | None = None
    heard_at: datetime


class Reach:
    """Safe from any thread. What a crash takes is learned again from the next message."""

    def __init__(self, database: Database) -> None:
        self._database, self._lock = database, threading.Lock()
        self._known: dict[int, Reached] = {}
        self._changed: dict[int, Reached] = {}

    def note(self, heard: Iterable[Reached]) -> None:
        with self._lock:
            for one in heard:
                before = self._known.get(one.device)
                if before is not None and one.heard_at < before.heard_at:
                    continue
                if before is None and len(self._known) >= KEPT:
                    self._known.clear()
                self._known[one.device] = one
                if before is None or _where(before) != _where(one):
                    self._changed[one.device] = one

    def flush(self) -> None:
        with self._lock:
            changed, self._changed = self._changed, {}
        if not changed:
            return
        with self._database.write() as tx:
            for some in in_chunks(changed):
                tx.execute(delete(reach).where(reach.c.device.in_(some)))
            INSERTED.rows(tx, map(msgspec.structs.astuple, changed.values()))


INSERTED = Inserted(reach, Reached.__struct_fields__)


def _where(one: Reached) -> tuple[str, str | None, str | None]:
    return one.connection, one.application, one.name


def reached(tx: Transaction, device: int) -> Reached | None:
    row = tx.execute(select(reach).where(reach.c.device == device)).mappings().one_or_none()
    return None if row is None else Reached(**row)
