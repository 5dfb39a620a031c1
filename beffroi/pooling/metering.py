"""What a collectivité used of each service in a month, counted from the registry and the record: to the row.

A row is one device on one day of the territory's calendar on which the record holds something of it: that day it was in
service. A device that said nothing that day costs nobody anything. Series without a device (files taken in) have rows
of their own, which count observations and no device. Messages are observations of `radio-message`; the others are what
`observations` counts. What a device measured belongs to who had it then, also after it was handed over and whoever may
read it since: an instant that several held is the first holder's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import chain
from time import monotonic
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sqlalchemy import func, select

from beffroi.database import Database, Transaction
from beffroi.observations import Aggregate, Aggregation, Record, Windows
from beffroi.registry.tables import device, series, tenure
from beffroi.registry.things import in_chunks

MESSAGES = "radio-message"
TOGETHER = 1_000
"""series counted at once: those of a whole département would keep everybody waiting, and need much memory"""
CALMLY = 24
"""times as long as some took to count, before the next: a month closes once, and of a hundred charts the four that come
meanwhile may take longer"""
READ_TOGETHER = 10_000
"""series of which it is asked what they are of"""
ROWS_AT_ONCE = 2_000
"""read again together"""
ROWS = pa.schema(
    [
        pa.field("day", pa.date32()),
        pa.field("device", pa.int64()),
        pa.field("series", pa.int64()),
        pa.field("code", pa.string()),
        pa.field("name", pa.string()),
        pa.field("messages", pa.int64()),
        pa.field("observations", pa.int64()),
    ]
)
"""Of one owner, service and month; `series` where there is no device. `code` and `name` as they were when counted. By
day, of so many devices after so many others."""


class Figures(msgspec.Struct, frozen=True):
    """`devices`: how many were in service on some day; `device_days`: on how many days each, all together."""

    devices: int
    device_days: int
    messages: int
    observations: int


class Usage(NamedTuple):
    """`rows`: as `ROWS`, packed."""

    service: str
    figures: Figures
    rows: bytes


class _Held(NamedTuple):
    """Some of the series of an owner, all of a device's among them, as columns in the order of series; `subject`: the
    device, or the negative of a series without one. `windows`: when they were the owner's."""

    series: "Integers"
    service: NDArray[np.str_]
    subject: "Integers"
    messages: NDArray[np.bool_]
    code: pa.Array
    name: pa.Array
    windows: Windows


NOTHING = Figures(0, 0, 0, 0)
Integers = NDArray[np.int64]
Stretch = tuple[int, datetime | None, datetime | None]


class Tenure(NamedTuple):
    owner: str
    since: datetime | None
    until: datetime | None


def owners(tx: Transaction) -> list[str]:
    """Who holds or held some series."""
    return sorted(tx.execute(select(tenure.c.owner).distinct()).scalars())


Rest = Callable[[float], object]
"""given the seconds for which others are let through; raises to end the count"""


def at_once(seconds: float) -> None:
    """No rest: somebody waits for the count."""


def counted(
    database: Database, record: Record, owner: str, month: date, time_zone: str, *, rest: Rest = at_once
) -> list[Usage]:
    """By service, in the order of their codes. Services of which nothing came are absent."""
    start, end = bounds(month, time_zone)
    aggregation = Aggregation(start, end, 1, "day", time_zone, (Aggregate("count"),))
    found: dict[str, _Sum] = {}
    begun = monotonic()
    with database.read() as tx:
        theirs, shared = _by_subject(tx, owner), _shared(tx, owner)
    for some in theirs:
        with database.read() as tx:  # no longer: what is written meanwhile could not be put in its place
            held = _held(tx, owner, some, shared)
        if held is None:
            continue
        table = record.aggregate(held.windows.between(start, end), aggregation)
        for service, rows in _by_service(table, held, ZoneInfo(time_zone)):
            found.setdefault(service, _Sum()).add(rows)
        rest(CALMLY * (monotonic() - begun))
        begun = monotonic()
    return [Usage(service, *one.told()) for service, one in sorted(found.items())]


class _Sum:
    """Of one service, part after part: no device is in two of them."""

    def __init__(self) -> None:
        self._figures = NOTHING
        self._sink = pa.BufferOutputStream()
        self._writer = pq.ParquetWriter(self._sink, ROWS, compression="zstd")

    def add(self, rows: pa.Table) -> None:
        self._writer.write_table(rows)
        self._figures = plus(self._figures, figures_of(rows))

    def told(self) -> tuple[Figures, bytes]:
        self._writer.close()
        return self._figures, bytes(self._sink.getvalue())


def bounds(month: date, time_zone: str) -> tuple[datetime, datetime]:
    zone = ZoneInfo(time_zone)
    return datetime.combine(month, time(), zone), datetime.combine(following(month), time(), zone)


def plus(one: Figures, other: Figures) -> Figures:
    return Figures(*(getattr(one, name) + getattr(other, name) for name in Figures.__struct_fields__))


def following(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def figures_of(rows: pa.Table) -> Figures:
    """The sums of `ROWS`, where no device is in others besides: what is told is what its rows make."""
    devices = rows["device"].drop_null()
    return Figures(
        devices=len(pc.unique(devices)),
        device_days=len(devices),
        messages=pc.sum(rows["messages"]).as_py() or 0,
        observations=pc.sum(rows["observations"]).as_py() or 0,
    )


def nothing() -> bytes:
    """No rows, packed."""
    return _Sum().told()[1]


def unpacked(content: bytes) -> Iterator[pa.RecordBatch]:
    yield from pq.ParquetFile(pa.BufferReader(content)).iter_batches(ROWS_AT_ONCE)


def _by_service(table: pa.Table, held: _Held, zone: ZoneInfo) -> Iterator[tuple[str, pa.Table]]:
    table = table.filter(pc.greater(table["count"], 0))
    if not len(table):
        return
    of = np.searchsorted(held.series, table["series"].to_numpy())
    starts, places = np.unique(table["start"].to_numpy(), return_inverse=True)
    begun = pa.array(starts.astype("M8[us]"), pa.timestamp("us", "UTC")).to_pylist()
    days = pa.array([when.astimezone(zone).date() for when in begun], pa.date32())
    counts = table["count"].to_numpy()
    services, ranks = np.unique(held.service, return_inverse=True)
    for rank, service in enumerate(services.tolist()):
        mine = ranks[of] == rank
        if mine.any():
            yield service, _rows(held, of[mine], places[mine], counts[mine], days)


def _rows(held: _Held, of: Integers, places: Integers, counts: Integers, days: pa.Array) -> pa.Table:
    """One a day and device (or series without one): columns, not loops, since a month of a département has millions."""
    known, first, ranks = np.unique(held.subject, return_index=True, return_inverse=True)
    keys, rank = np.unique(places * len(known) + ranks[of], return_inverse=True)
    place, subject = keys // len(known), known[keys % len(known)]
    messages, others = (
        np.bincount(rank, np.where(held.messages[of] == wanted, counts, 0), len(keys)).astype(np.int64)
        for wanted in (True, False)
    )
    named = pa.array(first[keys % len(known)])
    return pa.table(
        {
            "day": days.take(pa.array(place)),
            "device": pa.array(subject, mask=subject < 0),
            "series": pa.array(-subject, mask=subject > 0),
            "code": held.code.take(named),
            "name": held.name.take(named),
            "messages": messages,
            "observations": others,
        },
        schema=ROWS,
    )


def _by_subject(tx: Transaction, owner: str) -> list[Integers]:
    """The series of an owner by parts, no device in two of them, by device."""
    subject = func.coalesce(series.c.device, -series.c.id)
    asked = select(subject, series.c.id).join(tenure, tenure.c.series == series.c.id).where(tenure.c.owner == owner)
    numbers = chain.from_iterable(chain.from_iterable(tx.execute(asked).partitions(READ_TOGETHER)))
    subjects, ids = np.fromiter(numbers, np.int64).reshape(-1, 2).T
    if not len(ids):
        return []
    order = np.lexsort((ids, subjects))
    subjects, ids = subjects[order], ids[order]
    once = np.diff(ids, prepend=0) != 0  # it may have been theirs several times
    subjects, ids = subjects[once], ids[once]
    begins = np.flatnonzero(np.diff(subjects, prepend=subjects[0] - 1))
    wanted = np.searchsorted(begins, np.arange(TOGETHER, len(ids), TOGETHER))
    return np.split(ids, np.unique(begins[wanted[wanted < len(begins)]]))


def _held(tx: Transaction, owner: str, ids: Integers, shared: Mapping[int, Sequence[Tenure]]) -> _Held | None:
    """A device has its own code and name, a series without one has its. None when they are gone meanwhile."""
    asked = (
        select(
            series.c.id,
            series.c.service,
            func.coalesce(series.c.device, -series.c.id).label("subject"),
            series.c.observed_property == MESSAGES,
            func.coalesce(device.c.code, series.c.code),
            func.coalesce(device.c.name, series.c.name),
            tenure.c.since,
            tenure.c.until,
        )
        .join(tenure, tenure.c.series == series.c.id)
        .outerjoin(device, device.c.id == series.c.device)
        .where(tenure.c.owner == owner)
        .order_by(series.c.id, tenure.c.id)
    )
    rows = [row for some in in_chunks(ids.tolist()) for row in tx.execute(asked.where(series.c.id.in_(some)))]
    return _columns(rows, owner, shared) if rows else None


def _columns(rows: Sequence[Any], owner: str, shared: Mapping[int, Sequence[Tenure]]) -> _Held:
    alone = [row for row in rows if row.id not in shared]
    several = sorted({row.id for row in rows} & shared.keys())
    stretches = [(row.id, row.since, row.until) for row in alone]
    stretches += [stretch for one in several for stretch in _own(one, owner, shared[one])]
    ids, first = np.unique(np.array([row.id for row in rows], np.int64), return_index=True)
    _, services, subjects, messages, codes, names, _, _ = zip(*(rows[place] for place in first), strict=True)
    return _Held(
        ids,
        np.array(services),
        np.array(subjects, np.int64),
        np.array(messages, np.bool_),
        pa.array(codes, pa.string()),
        pa.array(names, pa.string()),
        Windows.of(stretches),
    )


def _shared(tx: Transaction, owner: str) -> dict[int, list[Tenure]]:
    """Of the owner's series that several had: all their tenures, in the order in which they were made."""
    mine = select(tenure.c.series).where(tenure.c.owner == owner)
    several = select(tenure.c.series).where(tenure.c.series.in_(mine)).group_by(tenure.c.series)
    handed = several.having(func.count() > 1)
    columns = (tenure.c.series, tenure.c.owner, tenure.c.since, tenure.c.until)
    found: dict[int, list[Tenure]] = {}
    asked = select(*columns).where(tenure.c.series.in_(handed)).order_by(tenure.c.series, tenure.c.id)
    for one, *rest in tx.execute(asked):
        found.setdefault(one, []).append(Tenure(*rest))
    return found


def _own(one: int, owner: str, tenures: Iterable[Tenure]) -> Iterator[Stretch]:
    taken: list[tuple[datetime | None, datetime | None]] = []
    for holder, since, until in tenures:
        if holder == owner:
            yield from ((one, *left) for left in _left(since, until, taken))
        taken.append((since, until))


def _left(
    since: datetime | None, until: datetime | None, taken: Iterable[tuple[datetime | None, datetime | None]]
) -> list[tuple[datetime | None, datetime | None]]:
    """What of `[since, until)` is in none of `taken`."""
    left = [(since, until)]
    for first, last in taken:
        kept: list[tuple[datetime | None, datetime | None]] = []
        for begin, end in left:
            if first is not None and (begin is None or begin < first):
                kept.append((begin, first if end is None or first < end else end))
            if last is not None and (end is None or last < end):
                kept.append((last if begin is None or begin < last else begin, end))
        left = kept
    return left
