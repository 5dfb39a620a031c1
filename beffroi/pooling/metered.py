"""Months of use as they are kept: counted once the month has ended, counted again when asked, each count kept."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
import pyarrow as pa
from msgspec import Meta
from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Row

from beffroi.access import Right, Scope, audit
from beffroi.database import Database, Transaction
from beffroi.errors import Invalid, NotFound, Text
from beffroi.observations import Record
from beffroi.pooling import metering, reach
from beffroi.pooling.deeds import Deed, columns, surely
from beffroi.pooling.metering import Figures, Rest
from beffroi.pooling.statements import text
from beffroi.pooling.tables import closed_month, usage_month
from beffroi.registry.fields import Known, Owner

NOUN = Text("mois d'usage", "month of use")
SYSTEM = Scope.system("metering")
CLOSED_AFTER = timedelta(hours=6)
"""the month's end: what networks deliver late is counted too"""
AT_MOST = 24
"""months back that an instance counts by itself"""
Month = Annotated[str, Meta(pattern=r"^(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])$(?!\n)", description="`2026-10`")]


class UsageQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    year: Annotated[int, Meta(ge=1900, le=2999)]
    owner: Owner | None = None
    service: Known | None = None


class UsageRowsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`revision`: the last one by default."""

    owner: Owner
    service: Known
    month: Month
    revision: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None


class Recount(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    owner: Owner
    month: Month


class Count(msgspec.Struct, frozen=True):
    """One count of a month. `counted`: by whom and when; the program itself when the month closed."""

    revision: int
    figures: Figures
    counted: Deed


class UsageMonth(msgspec.Struct, frozen=True, omit_defaults=True):
    """`before`: counts that the last one corrected, the newest first. `so_far`: counted while the month goes on, and
    kept nowhere."""

    owner: str
    service: str
    month: str
    figures: Figures
    revision: int = 0
    counted: Deed | None = None
    before: list[Count] = []
    so_far: bool = False


def months(scope: Scope, tx: Transaction, query: UsageQuery) -> list[UsageMonth]:
    """The closed months of a year that the actor reads, by owner, service and month."""
    table = usage_month
    asked = select(*(column for column in table.c if column.name != "rows")).where(
        table.c.month >= date(query.year, 1, 1),
        table.c.month <= date(query.year, 12, 31),
        reach.clause(scope, tx, table.c.owner, table.c.service),
    )
    for name in ("owner", "service"):
        if (value := getattr(query, name)) is not None:
            asked = asked.where(table.c[name] == value)
    order = (table.c.owner, table.c.service, table.c.month, table.c.revision.desc())
    found: dict[tuple[str, str, date], list[Count]] = {}
    for row in tx.execute(asked.order_by(*order)):
        found.setdefault((row.owner, row.service, row.month), []).append(_count(row))
    return [_month(*place, counts) for place, counts in found.items()]


def so_far(database: Database, record: Record, owner: str, now: datetime, time_zone: str) -> list[UsageMonth]:
    """The month that goes on, of one owner; who reads it was looked at."""
    month = now.astimezone(ZoneInfo(time_zone)).date().replace(day=1)
    return [
        UsageMonth(owner, one.service, told(month), one.figures, so_far=True)
        for one in metering.counted(database, record, owner, month, time_zone)
    ]


def rows(scope: Scope, tx: Transaction, query: UsageRowsQuery) -> Iterator[pa.RecordBatch]:
    """The rows of a closed month, as `metering.ROWS`. Raises `NotFound` when there is none for the actor."""
    table = usage_month
    asked = select(table.c.rows).where(
        table.c.owner == query.owner,
        table.c.service == query.service,
        table.c.month == day_of(query.month),
        reach.clause(scope, tx, table.c.owner, table.c.service),
    )
    if query.revision is not None:
        asked = asked.where(table.c.revision == query.revision)
    content = tx.execute(asked.order_by(table.c.revision.desc()).limit(1)).scalar()
    if content is None:
        raise NotFound(NOUN, f"{query.owner} {query.service} {query.month}")
    return metering.unpacked(content)


def as_csv(found: Iterable[pa.RecordBatch]) -> Iterator[str]:
    """Piece by piece: a month of a département has millions of rows."""
    yield _csv([metering.ROWS.names])
    for batch in found:
        yield _csv(["" if value is None else text(value) for value in row.values()] for row in batch.to_pylist())


def _csv(lines: Iterable[Iterable[object]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows(lines)
    return file.getvalue()


def closed(tx: Transaction, year: int) -> list[date]:
    """The months of a year of which everybody's usage was counted."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    asked = select(closed_month.c.month).where(closed_month.c.month.between(first, last))
    return sorted(tx.execute(asked).scalars())


def recount(
    scope: Scope, database: Database, record: Record, asked: Recount, time_zone: str, *, now: datetime
) -> list[UsageMonth]:
    """Count a closed month of an owner again, for the structure's people: what differs is a new revision."""
    month = day_of(asked.month)
    with database.read() as tx:
        reach.require_whole(scope, tx, Right.OPERATE, NOUN, asked.month)
        if month not in closed(tx, month.year):
            raise Invalid("month", Text("mois pas encore clos", "this month is not closed yet"))
    found = {one.service: one for one in metering.counted(database, record, asked.owner, month, time_zone)}
    query = UsageQuery(year=month.year, owner=asked.owner)
    with database.write() as tx:
        before = {one.service: one for one in months(scope, tx, query) if one.month == asked.month}
        for service in sorted(before.keys() | found.keys()):
            usage = found.get(service) or metering.Usage(service, metering.NOTHING, metering.nothing())
            known = before.get(service)
            if known is None or known.figures != usage.figures:
                _keep(tx, scope, asked.owner, month, usage, (known.revision if known else 0) + 1, now)
                detail = {"service": service, "month": asked.month}
                audit.record(scope, tx, "usage.recount", now=now, owner=asked.owner, subject=service, detail=detail)
        return [one for one in months(scope, tx, query) if one.month == asked.month]


def turn(database: Database, record: Record, time_zone: str, *, now: datetime, rest: Rest = metering.at_once) -> int:
    """Close the months that have ended: how many were. Ended on the way, the next turn does what is left."""
    with database.read() as tx:
        waiting = list(_waiting(tx, record, time_zone, now))
    for month in waiting:
        _close(database, record, month, time_zone, now, rest)
    return len(waiting)


def told(month: date) -> str:
    return f"{month:%Y-%m}"


def day_of(month: str) -> date:
    return date(int(month[:4]), int(month[5:]), 1)


def _waiting(tx: Transaction, record: Record, time_zone: str, now: datetime) -> Iterator[date]:
    going_on = (now - CLOSED_AFTER).astimezone(ZoneInfo(time_zone)).date().replace(day=1)
    done = set(tx.execute(select(closed_month.c.month)).scalars())
    if going_on > date(1900, 1, 1) and _before(going_on) in done:
        return
    first = record.stats().first
    if first is None:
        return
    month = max(first.astimezone(ZoneInfo(time_zone)).date().replace(day=1), _back(going_on, AT_MOST))
    while month < going_on:
        if month not in done:
            yield month
        month = metering.following(month)


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _back(month: date, count: int) -> date:
    for _ in range(count):
        month = _before(month)
    return month


def _close(database: Database, record: Record, month: date, time_zone: str, now: datetime, rest: Rest) -> None:
    last = record.stats().last
    with database.read() as tx:
        everyone = [] if last is None or last < metering.bounds(month, time_zone)[0] else metering.owners(tx)
        there = set(tx.execute(select(usage_month.c.owner).where(usage_month.c.month == month)).scalars())
    for owner in everyone:
        if owner in there:
            continue
        found = metering.counted(database, record, owner, month, time_zone, rest=rest)
        with database.write() as tx:
            for usage in found:
                _keep(tx, SYSTEM, owner, month, usage, 1, now)
    with database.write() as tx:
        tx.execute(delete(closed_month).where(closed_month.c.month == month))
        tx.execute(insert(closed_month).values(month=month, closed_at=now))
        count = tx.execute(select(func.count()).where(usage_month.c.month == month)).scalar_one()
        audit.record(SYSTEM, tx, "usage.close", now=now, subject=told(month), detail={"counts": count})


def _keep(
    tx: Transaction, scope: Scope, owner: str, month: date, usage: metering.Usage, revision: int, now: datetime
) -> None:
    figures = msgspec.structs.asdict(usage.figures)
    place = {"owner": owner, "service": usage.service, "month": month, "revision": revision}
    tx.execute(insert(usage_month).values(**place, **figures, rows=usage.rows, **columns("counted", scope, now)))


def _count(row: Row[tuple[object, ...]]) -> Count:
    figures = Figures(row.devices, row.device_days, row.messages, row.observations)
    return Count(row.revision, figures, surely("counted", row))


def _month(owner: str, service: str, month: date, counts: list[Count]) -> UsageMonth:
    last, *before = counts
    return UsageMonth(owner, service, told(month), last.figures, last.revision, last.counted, before)
