"""What a collectivité used of each service in a month, counted from the registry and the record: to the row.

A row is one device on one day of the territory's calendar on which the record holds something of it: that day it was in
service. A device that said nothing that day costs nobody anything. Series without a device (files taken in) have rows
of their own, which count observations and no device. Messages are observations of `radio-message`; the others are what
`observations` counts. What a device measured belongs to who had it then, also after it was handed over and whoever may
read it since: an instant that several held is the first holder's.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sqlalchemy import func, select

from beffroi.database import Transaction
from beffroi.observations import Aggregate, Aggregation, Record, Windows
from beffroi.registry.tables import device, series, tenure

MESSAGES = "radio-message"
TOGETHER = 20_000
"""series counted in one question to the record: those of a whole département need more memory than one may take"""
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
"""Of one owner, service and month; `series` where there is no device. `code` and `name` as they were when counted."""


class Figures(msgspec.Struct, frozen=True):
    """`devices`: how many were in service on some day; `device_days`: on how many days each, all together."""

    devices: int
    device_days: int
    messages: int
    observations: int


class Usage(NamedTuple):
    service: str
    figures: Figures
    rows: pa.Table


class _Held(NamedTuple):
    series: int
    service: str
    device: int | None
    messages: bool
    code: str
    name: str


Integers = NDArray[np.int64]
Stretch = tuple[int, datetime | None, datetime | None]


class Tenure(NamedTuple):
    owner: str
    since: datetime | None
    until: datetime | None


def owners(tx: Transaction) -> list[str]:
    """Who holds or held some series."""
    return sorted(tx.execute(select(tenure.c.owner).distinct()).scalars())


def counted(tx: Transaction, record: Record, owner: str, month: date, time_zone: str) -> list[Usage]:
    """By service, in the order of their codes. Services of which nothing came are absent."""
    held = _held(tx, owner)
    windows = Windows.of(_stretches(tx, owner))
    start, end = bounds(month, time_zone)
    aggregation = Aggregation(start, end, 1, "day", time_zone, (Aggregate("count"),))
    parts = [record.aggregate(part, aggregation) for part in windows.between(start, end).parts(TOGETHER)]
    table = pa.concat_tables(part for part in parts if len(part)) if any(map(len, parts)) else None
    if table is None:
        return []
    return list(_by_service(table, held, ZoneInfo(time_zone)))


def bounds(month: date, time_zone: str) -> tuple[datetime, datetime]:
    zone = ZoneInfo(time_zone)
    return datetime.combine(month, time(), zone), datetime.combine(following(month), time(), zone)


def following(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def figures_of(rows: pa.Table) -> Figures:
    """The sums of `ROWS`: what is told is what its rows make."""
    devices = rows["device"].drop_null()
    return Figures(
        devices=len(pc.unique(devices)),
        device_days=len(devices),
        messages=pc.sum(rows["messages"]).as_py() or 0,
        observations=pc.sum(rows["observations"]).as_py() or 0,
    )


def packed(rows: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd")
    return bytes(sink.getvalue())


def unpacked(content: bytes) -> pa.Table:
    return pq.read_table(pa.BufferReader(content), schema=ROWS)


def _by_service(table: pa.Table, held: Sequence[_Held], zone: ZoneInfo) -> Iterator[Usage]:
    """`held`: in the order of series."""
    of = np.searchsorted(np.array([one.series for one in held], np.int64), table["series"].to_numpy())
    starts, places = np.unique(table["start"].to_numpy(), return_inverse=True)
    begun = pa.array(starts.astype("M8[us]"), pa.timestamp("us", "UTC")).to_pylist()
    days = pa.array([when.astimezone(zone).date() for when in begun], pa.date32())
    counts = table["count"].to_numpy()
    services, ranks = np.unique([one.service for one in held], return_inverse=True)
    for rank, service in enumerate(services.tolist()):
        mine = (ranks[of] == rank) & (counts > 0)
        if mine.any():
            made = _rows(held, of[mine], places[mine], counts[mine], days)
            yield Usage(service, figures_of(made), made)


def _rows(held: Sequence[_Held], of: Integers, places: Integers, counts: Integers, days: pa.Array) -> pa.Table:
    """One a day and device (or series without one): columns, not loops, since a month of a département has millions."""
    subjects = np.array([-one.series if one.device is None else one.device for one in held], np.int64)
    known, first, ranks = np.unique(subjects, return_index=True, return_inverse=True)
    keys, rank = np.unique(places * len(known) + ranks[of], return_inverse=True)
    place, subject = keys // len(known), known[keys % len(known)]
    are_messages = np.array([one.messages for one in held], bool)[of]
    messages, others = (
        np.bincount(rank, np.where(are_messages == wanted, counts, 0), len(keys)).astype(np.int64)
        for wanted in (True, False)
    )
    named = pa.array(first[keys % len(known)])
    codes, names = (pa.array([getattr(one, name) for one in held]).take(named) for name in ("code", "name"))
    return pa.table(
        {
            "day": days.take(pa.array(place)),
            "device": pa.array(subject, mask=subject < 0),
            "series": pa.array(-subject, mask=subject > 0),
            "code": codes,
            "name": names,
            "messages": messages,
            "observations": others,
        },
        schema=ROWS,
    )


def _held(tx: Transaction, owner: str) -> list[_Held]:
    """In the order of series; a device has its own code and name, a series without one has its."""
    mine = select(tenure.c.series).where(tenure.c.owner == owner)
    asked = (
        select(
            series.c.id,
            series.c.service,
            series.c.device,
            series.c.observed_property,
            series.c.code,
            series.c.name,
            device.c.code.label("device_code"),
            device.c.name.label("device_name"),
        )
        .outerjoin(device, device.c.id == series.c.device)
        .where(series.c.id.in_(mine))
        .order_by(series.c.id)
    )
    return [
        _Held(
            row.id,
            row.service,
            row.device,
            row.observed_property == MESSAGES,
            row.device_code or row.code,
            row.device_name or row.name,
        )
        for row in tx.execute(asked)
    ]


def _stretches(tx: Transaction, owner: str) -> list[Stretch]:
    """When `owner` had each of its series: what nobody before it had."""
    asked = select(tenure.c.series, tenure.c.since, tenure.c.until).where(tenure.c.owner == owner)
    ids = tx.execute(asked.order_by(tenure.c.series, tenure.c.id)).all()
    shared = _shared(tx, owner)
    simple = [(row.series, row.since, row.until) for row in ids if row.series not in shared]
    return [*simple, *(stretch for one in sorted(shared) for stretch in _own(one, owner, shared[one]))]


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
