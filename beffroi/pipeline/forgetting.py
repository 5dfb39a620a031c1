"""What the quarantine holds of observations that were removed: its raw copies go with them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import select, update

from beffroi.access import Actor
from beffroi.access.receipts import RemovedSeries
from beffroi.acquisition.mapping import Mapping, parse
from beffroi.acquisition.times import instants
from beffroi.database import Transaction
from beffroi.observations import FIRST, instant
from beffroi.observations.windows import LAST
from beffroi.pipeline.quarantine import quarantine, quarantine_source

CHUNK = 5_000


def forget(
    tx: Transaction, actor: Actor, owner: str, removed: Sequence[RemovedSeries], *, why: str, now: datetime
) -> dict[str, int]:
    """Blank what `owner`'s quarantine holds of `removed`: `blanked` items, those whose date cannot be read among them;
    `unknown` ones, wholly unreadable, may be of anything and are left."""
    stretches: dict[str, list[tuple[np.datetime64, np.datetime64]]] = {}
    for one in removed:
        stretches.setdefault(one.code, []).append((instant(one.start, FIRST), instant(one.end, LAST)))
    told = {"blanked": 0, "unknown": 0}
    sources = select(quarantine_source.c.id, quarantine_source.c.mapping).where(quarantine_source.c.owner == owner)
    for source in tx.execute(sources).all():
        mapping, last = parse(source.mapping), 0
        while items := _some(tx, source.id, last):
            last = items[-1].id
            told["unknown"] += sum(1 for item in items if not item.record and item.raw)
            _blank(tx, _concerned(items, mapping, stretches), why, actor, now)
            told["blanked"] += len(_concerned(items, mapping, stretches))
    return told


def _some(tx: Transaction, source: int, after: int) -> Sequence[Any]:
    columns = (quarantine.c.id, quarantine.c.value, quarantine.c.record, quarantine.c.raw)
    statement = select(*columns).where(quarantine.c.source == source, quarantine.c.id > after)
    return tx.execute(statement.order_by(quarantine.c.id).limit(CHUNK)).all()


def _concerned(
    items: Sequence[Any], mapping: Mapping, stretches: dict[str, list[tuple[np.datetime64, np.datetime64]]]
) -> list[int]:
    """The items that name one of these series, at a time within or not to be read."""
    found: set[int] = set()
    for value in dict.fromkeys(item.value for item in items):
        some = [item for item in items if item.value == value and item.record]
        names = [value] if value in mapping.values else list(mapping.values)
        wanted = {one for name in names for one in (*mapping.columns(name), *mapping.code(name).fields)}
        columns = {one: pa.array([item.record.get(one) for item in some], pa.string()) for one in wanted}
        read = instants(columns, mapping.time) if some else None
        for name in names if read else ():
            assert read is not None
            codes = mapping.code(name).fill(columns, len(some)).to_pylist()
            for place, code in enumerate(codes):
                spans = stretches.get(code or "", [])
                if spans and (place in read.faults or _within(read.utc[place], spans)):
                    found.add(some[place].id)
    return sorted(found)


def _within(time: np.datetime64, spans: Iterable[tuple[np.datetime64, np.datetime64]]) -> bool:
    return any(start <= time < end for start, end in spans)


def _blank(tx: Transaction, ids: list[int], why: str, actor: Actor, now: datetime) -> None:
    for start in range(0, len(ids), 500):
        some = quarantine.c.id.in_(ids[start : start + 500])
        tx.execute(update(quarantine).where(some).values(raw="", record={}))
        settled = {"state": "discarded", "settled_at": now, "settled_by": actor.name, "note": why}
        tx.execute(update(quarantine).where(some, quarantine.c.state == "waiting").values(settled))
