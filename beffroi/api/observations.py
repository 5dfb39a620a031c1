"""Observations in and out: written whole or not at all, read through the windows that the caller's scope opens."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import numpy as np
import pyarrow as pa
from starlette.exceptions import HTTPException
from starlette.responses import Response

from beffroi.access import Right, audit
from beffroi.api import formats
from beffroi.api.encodings import compress, decompress, preferred
from beffroi.api.ingestion import Stored
from beffroi.api.negotiation import accepted
from beffroi.api.routing import Call, Routes, read_body
from beffroi.api.sending import Sent, begun
from beffroi.aside import aside
from beffroi.errors import Fault, Invalid, NotFound, Text
from beffroi.observations import SCHEMA, Ack, Aggregate, Aggregation, Windows, one_batch
from beffroi.pipeline.keeping import Deleted
from beffroi.registry import series as registry_series
from beffroi.registry.fields import ThingId
from beffroi.registry.model import Series
from beffroi.registry.series import SeriesQuery, SeriesSelection, Visible
from beffroi.registry.things import in_chunks

routes = Routes("observations", "Values of series through time: written, read, aggregated, watched live.")

Moment = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^\d{4}-\d{2}-\d{2}([Tt ][\d:.]+([Zz]|[+ -]\d{2}:\d{2}))?$",
        description="An instant in RFC 3339, or a date: its midnight in the territory's time zone.",
    ),
]
Reject = Annotated[
    int, msgspec.Meta(ge=0, le=65535, description="Quality bits: observations with any of them are left out.")
]


class RangeQuery(SeriesSelection, frozen=True, forbid_unknown_fields=True, kw_only=True):
    start: Moment | None = None
    end: Moment | None = None
    order: Annotated[Literal["time", "-time"], msgspec.Meta(description="Within each series.")] = "time"
    reject: Reject = 0
    limit: (
        Annotated[int, msgspec.Meta(ge=1, le=1_000_000, description="Rows; 10,000 in JSON when not said.")] | None
    ) = None
    after: Annotated[str, msgspec.Meta(description="The `next` of the part before.")] | None = None


class LatestQuery(SeriesSelection, frozen=True, forbid_unknown_fields=True, kw_only=True):
    start: Moment | None = None
    end: Moment | None = None


class AggregateQuery(SeriesSelection, frozen=True, forbid_unknown_fields=True, kw_only=True):
    start: Moment
    end: Moment
    every: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^(all|[1-9]\d{0,3}(min|h|d|w|mo|y))$",
            description="Length of a bucket on the local calendar: `15min`, `1h`, `1d`, `1w`, `1mo`, `1y`, or `all`.",
        ),
    ]
    functions: Annotated[
        list[str],
        msgspec.Meta(
            description="`mean` `min` `max` `sum` `count` `first` `last` `delta`, quantiles as `p95` or `p99.9`."
        ),
    ] = msgspec.field(default_factory=lambda: ["mean"])
    time_zone: Annotated[str, msgspec.Meta(description="IANA name; the territory's when not said.")] | None = None
    fill: Annotated[
        Literal["none", "null", "previous", "linear", "zero"], msgspec.Meta(description="What empty buckets become.")
    ] = "none"
    reject: Reject = 0


class DeleteQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    series: Annotated[list[ThingId], msgspec.Meta(min_length=1, max_length=1000)]
    start: Moment | None = None
    end: Moment | None = None


class ObservationPage(msgspec.Struct, frozen=True, omit_defaults=True):
    items: list[formats.Observation]
    next: str | None = None


MOST_ROWS = {
    formats.ROWS: 200_000,
    formats.COLUMNS: 1_000_000,
    formats.XLSX: formats.SHEET_ROWS,
    **dict.fromkeys(formats.STREAMS, 5_000_000),
}
"""of the latest and of figures, by format: they are in memory as a whole before they are sent"""


WHOLE: dict[str, int | None] = {**dict.fromkeys(formats.STREAMS), formats.XLSX: formats.SHEET_ROWS}
"""rows given by format when no limit is said: all that are sent while they are read, or as many as a sheet holds"""


@routes.post("/observations", consumes=tuple(formats.PARSERS), raw_body=formats.Given)
async def write(call: Call) -> Stored:
    """Store observations: durable and readable at once when this answers.

    JSON rows or columns, CSV, Arrow IPC or Parquet, by `Content-Type`; gzip or zstd by `Content-Encoding`. The batch
    is taken whole or not at all. Sending the same (series, time) again corrects it. With an `Idempotency-Key`, a retry
    is safe.
    """
    content, media = await _content(call)
    key = call.request.headers.get("idempotency-key")
    async with call.rooms.turns.writing():
        qualified, flagged, stored = await aside(_begin, call, content, media, key)
    ack = await asyncio.wrap_future(stored)
    call.rooms.pipeline.live.publish(qualified)
    call.rooms.views.note(call.scope, "observations.write", owner=None, subject="observations", now=call.now)
    return Stored(key or ack.batch_id, ack.rows, flagged)


def _begin(call: Call, content: bytes, media: str, key: str | None) -> tuple[pa.RecordBatch, int, Future[Ack]]:
    batch = formats.parse(content, media)
    if len(batch) > call.rooms.batch_limit:
        raise HTTPException(413)
    batch_id = f"{call.scope.actor.key}:{key}" if key else None
    return call.rooms.pipeline.begin(call.scope, one_batch(batch), now=call.now, batch_id=batch_id)


async def _content(call: Call) -> tuple[bytes, str]:
    media = call.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in formats.PARSERS:
        raise HTTPException(415)
    content = await read_body(call.request, call.rooms.upload_limit)
    encoding = call.request.headers.get("content-encoding", "").strip().lower()
    return decompress(content, encoding, limit=call.rooms.upload_limit), media


@routes.get("/observations", produces=formats.PRODUCED, answer=ObservationPage, short=True)
def read(call: Call, query: RangeQuery) -> Response:
    """Observations in the order of (series, time).

    The format follows `Accept`. JSON comes in parts (`next`); CSV, Arrow, Parquet and XLSX come whole without `limit`.
    """
    media = accepted(call.request, formats.PRODUCED)
    windows = visible(call, query).between(*_span(call, query.start, query.end))
    newest_first = query.order == "-time"
    if query.after is not None:
        windows = _after(windows, query.after, newest_first=newest_first)
    limit = query.limit or WHOLE.get(media, 10_000)
    if media == formats.COLUMNS and not newest_first and limit is not None:
        told = call.rooms.record.few(windows, reject=query.reject)
        if told and sum(len(track) for _, track in told) <= limit:
            return _sent(call, media, formats.tracks_json(told), {})
    reader = call.rooms.record.read(
        windows,
        limit=None if limit is None else limit + 1,
        newest_first=newest_first,
        reject=query.reject,
        patience=call.patience,
    )
    if limit is None:
        return _streamed(call, media, begun(reader), SCHEMA, {})
    table = reader.read_all()
    if media == formats.XLSX and query.limit is None and len(table) > limit:
        raise _too_many(limit)
    following = _cursor(table, limit)
    headers = {"Link": f'<{call.request.url.include_query_params(after=following)}>; rel="next"'} if following else {}
    return _answered(call, media, table.slice(0, limit), following, headers)


@routes.get("/observations/latest", produces=formats.PRODUCED, answer=ObservationPage)
def latest(call: Call, query: LatestQuery) -> Response:
    """The newest observation of each series, by phenomenon time."""
    media = accepted(call.request, formats.PRODUCED)
    windows = visible(call, query).between(*_span(call, query.start, query.end))
    table = call.rooms.record.latest(windows, patience=call.patience)
    if len(table) > (most := MOST_ROWS[media]):
        raise _too_many(most)
    return _answered(call, media, table, None, {})


def _too_many(most: int) -> Invalid:
    return Invalid(
        "series",
        Text(
            f"plus de {most} lignes : demandez moins de séries, ou un autre format (CSV, Arrow, Parquet)",
            f"more than {most} rows: ask for fewer series, or another format (CSV, Arrow, Parquet)",
        ),
    )


@routes.get(
    "/observations/aggregate",
    produces=formats.PRODUCED,
    answer=dict[str, list[float | int | str | None]],
    short=True,
)
def aggregate(call: Call, query: AggregateQuery) -> Response:
    """Figures by buckets of the local calendar: a day lasts 23 or 25 hours when the clocks change.

    One row a series and bucket: `series`, `start`, `end`, then a column a function.
    """
    media = accepted(call.request, formats.PRODUCED)
    start, end = _span(call, query.start, query.end)
    assert start is not None
    assert end is not None
    every, unit = _bucket(query.every)
    aggregation = Aggregation(
        start, end, every, unit, _zone(call, query.time_zone), _aggregates(query.functions), query.fill, query.reject
    )
    _bound_buckets(aggregation)
    rows = _visible_rows(call, query)
    aggregation = replace(aggregation, rolls_over=registry_series.rollovers(rows))
    table = call.rooms.record.aggregate(_windows(rows), aggregation, most=MOST_ROWS[media], patience=call.patience)
    return _answered(call, media, table, None, {})


@routes.delete("/observations", answer=Deleted)
def delete(call: Call, query: DeleteQuery) -> Deleted:
    """Remove observations for good: nobody reads them any more when this answers.

    Only an administrator of the series' owner may. The deed stays in the audit trail; the receipt tells when their
    bytes have left every file.
    """
    windows = visible(call, SeriesSelection(series=query.series)).between(*_span(call, query.start, query.end))
    series: list[Series] = []
    with call.writing() as tx:
        for one in dict.fromkeys(query.series):
            series.append(registry_series.get(call.scope, tx, one))
            owner = series[-1].owner
            call.scope.require(Right.ADMINISTER, owner)
            audit.record(
                call.scope, tx, "observations.delete", owner=owner, subject=f"series:{one}", now=call.now,
                detail={"start": str(query.start), "end": str(query.end)},
            )  # fmt: skip
    return call.rooms.keeping.remove(call.scope, series, windows, now=call.now)


def visible(call: Call, selection: SeriesSelection) -> Windows:
    """The windows the caller's scope opens onto a selection, the view noted in the audit trail.

    Raises `NotFound` naming a series asked by id that is not the caller's to see.
    """
    return _windows(_visible_rows(call, selection))


def _windows(rows: list[Visible]) -> Windows:
    return Windows.of([(row.series, row.since, row.until) for row in rows])


def _visible_rows(call: Call, selection: SeriesSelection) -> list[Visible]:
    """As `visible`, before they are joined."""
    wanted = SeriesSelection(**{name: getattr(selection, name) for name in SeriesSelection.__struct_fields__})
    with call.reading() as tx:
        rows = registry_series.windows(call.scope, tx, wanted)
    if selection.series is not None:
        seen = {row.series for row in rows}
        for one in selection.series:
            if one not in seen:
                raise NotFound(Text("série", "series"), one)
    for owner in sorted({row.owner for row in rows}):
        call.rooms.views.note(call.scope, "observations.read", owner=owner, subject="observations", now=call.now)
    return rows


def _span(call: Call, start: Moment | None, end: Moment | None) -> tuple[datetime | None, datetime | None]:
    first, last = (_moment(call, name, given) for name, given in (("start", start), ("end", end)))
    if first is not None and last is not None and first >= last:
        raise Invalid("end", Text("la fin doit suivre le début", "the end must come after the start"))
    return first, last


def _moment(call: Call, name: str, given: Moment | None) -> datetime | None:
    if given is None:
        return None
    try:
        if len(given) == 10:
            told = datetime.combine(date.fromisoformat(given), time(), ZoneInfo(call.rooms.time_zone))
        else:  # the `+` of a zone arrives as a space when its sender forgot to encode it
            told = datetime.fromisoformat(f"{given[:10]}T{given[11:].replace(' ', '+')}")
        return told.astimezone(UTC)  # the first day of all and the last may have no such instant
    except (ValueError, OverflowError) as error:
        raise Invalid(name, Text("cette date n'existe pas", "there is no such date")) from error


UNITS: dict[str, Literal["minute", "hour", "day", "week", "month", "year", "all"]] = {
    "min": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
    "mo": "month",
    "y": "year",
}
SHORTEST = {"minute": 60, "hour": 3600, "day": 23 * 3600, "week": 167 * 3600, "month": 28 * 86400, "year": 365 * 86400}
BUCKETS_LIMIT = 100_000


def _bucket(every: str) -> tuple[int, Literal["minute", "hour", "day", "week", "month", "year", "all"]]:
    if every == "all":
        return 1, "all"
    found = re.fullmatch(r"(\d+)(\D+)", every)
    assert found
    return int(found[1]), UNITS[found[2]]


def _bound_buckets(aggregation: Aggregation) -> None:
    if aggregation.unit == "all":
        return
    length = SHORTEST[aggregation.unit] * aggregation.every
    if (aggregation.end - aggregation.start) / timedelta(seconds=length) > BUCKETS_LIMIT:
        raise Invalid(
            "every",
            Text(
                f"plus de {BUCKETS_LIMIT} intervalles : allongez-les ou réduisez la période",
                f"more than {BUCKETS_LIMIT} buckets: make them longer or the period shorter",
            ),
        )


def _zone(call: Call, name: str | None) -> str:
    if name is None:
        return call.rooms.time_zone
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("time_zone", Text(f"fuseau inconnu : {name}", f"unknown time zone: {name}")) from error
    return name


FUNCTIONS: tuple[Literal["mean", "min", "max", "sum", "count", "first", "last", "delta"], ...] = (
    "mean",
    "min",
    "max",
    "sum",
    "count",
    "first",
    "last",
    "delta",
)


def _aggregates(names: list[str]) -> tuple[Aggregate, ...]:
    aggregates: dict[str, Aggregate] = {}
    faults = []
    for name in names:
        if name in FUNCTIONS:
            aggregates[name] = Aggregate(name)
        elif (found := re.fullmatch(r"p(\d{1,3}(?:\.\d{1,4})?)", name)) and float(found[1]) <= 100:
            aggregate = Aggregate("quantile", float(found[1]) / 100)
            aggregates[aggregate.name] = aggregate
        else:
            known = ", ".join(FUNCTIONS)
            faults.append(
                Fault(
                    "functions",
                    Text(
                        f"«\u00a0{name}\u00a0» n'existe pas ; admises : {known}, p0 à p100",
                        f"there is no “{name}”; allowed: {known}, p0 to p100",
                    ),
                )
            )
    if faults:
        raise Invalid.of(faults)
    return tuple(aggregates.values())


def _cursor(table: pa.Table, limit: int) -> str | None:
    if len(table) <= limit:
        return None
    last = table.slice(limit - 1, 1)
    return f"{last['series'][0].as_py()}.{last['time'].cast(pa.int64())[0].as_py()}"


def _after(windows: Windows, cursor: str, *, newest_first: bool) -> Windows:
    """What remains of `windows` once everything up to the row that `cursor` names was read."""
    found = re.fullmatch(r"(\d{1,18})\.(-?\d{1,18})", cursor)
    if not found:
        raise Invalid(
            "after", Text("ce curseur n'est pas l'un de ceux rendus", "this cursor is none of those that were given")
        )
    series, moment = int(found[1]), np.datetime64(int(found[2]), "us")
    here = windows.series == series
    if newest_first:
        start, end = windows.start, np.where(here, np.minimum(windows.end, moment), windows.end)
    else:
        start = np.where(here, np.maximum(windows.start, moment + np.timedelta64(1, "us")), windows.start)
        end = windows.end
    kept = (windows.series >= series) & (start < end)
    return Windows(windows.series[kept], start[kept], end[kept])


def _answered(call: Call, media: str, table: pa.Table, following: str | None, headers: dict[str, str]) -> Response:
    if media in formats.STREAMS:
        return _streamed(call, media, iter(table.to_batches()), table.schema, headers)
    if media == formats.XLSX:
        return _sheet(call, table, headers)
    write_json = formats.rows_json if media == formats.ROWS else formats.columns_json
    return _sent(call, media, write_json(table, following), headers)


def _sent(call: Call, media: str, content: bytes, headers: dict[str, str]) -> Response:
    encoding = preferred(call.request)
    if encoding is not None:
        content = b"".join(compress(iter([content]), encoding))
        headers = {**headers, "Content-Encoding": encoding}
    return Response(content, headers={**headers, "Vary": "Accept, Accept-Encoding"}, media_type=media)


def _sheet(call: Call, table: pa.Table, headers: dict[str, str]) -> Response:
    """The names are those of what the caller sees."""
    ids = table["series"].unique().to_pylist()
    with call.reading() as tx:
        parts = (registry_series.every(call.scope, tx, SeriesQuery(series=some)) for some in in_chunks(ids))
        names = {one.id: one.name for part in parts for one in part}
    content = formats.xlsx_file(table, names)
    given = {**headers, "Content-Disposition": "attachment; filename=observations.xlsx", "Vary": "Accept"}
    return Response(content, headers=given, media_type=formats.XLSX)


def _streamed(
    call: Call, media: str, batches: Iterator[pa.RecordBatch], schema: pa.Schema, headers: dict[str, str]
) -> Response:
    return _streamed_parts(call, media, formats.STREAMS[media](batches, schema), headers)


def _streamed_parts(call: Call, media: str, parts: Iterator[bytes], headers: dict[str, str]) -> Response:
    encoding = preferred(call.request)
    if encoding is not None and media != formats.PARQUET:
        parts = compress(parts, encoding)
        headers = {**headers, "Content-Encoding": encoding}
    kind = f"{media}; charset=utf-8; header=present" if media == formats.CSV else media
    return Sent(
        parts,
        call.patience,
        call.rooms.query_seconds,
        headers={**headers, "Vary": "Accept, Accept-Encoding"},
        media_type=kind,
    )
