"""Observations as bytes and back: the formats by media type, the same in both directions.

| media type | shape |
|---|---|
| `application/json` | rows: `[{"series": 1, "time": "…", "value": 2.5}, …]`; in: columns too; out: `{"items": [...]}` |
| `application/vnd.beffroi.columns+json` | columns: `{"series": [1], "time": ["…"], "value": [2.5]}` |
| `text/csv` | header line, comma, UTF-8, times in RFC 3339 |
| `application/vnd.apache.arrow.stream` | Arrow IPC stream |
| `application/vnd.apache.parquet` | Parquet |
| `application/vnd.openxmlformats-officedocument.spreadsheetml.sheet` | XLSX, out only: times in UTC, as dates |
"""

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.ipc as pa_ipc
import pyarrow.parquet as pa_parquet

from beffroi.api.problems import fault_of
from beffroi.errors import Fault, Invalid, Text
from beffroi.observations import FEW, SCHEMA, Few, Track, batch_of, columns_together, microseconds, one_batch
from beffroi.observations.admission import LARGEST, MOST_QUALITY
from beffroi.registry import sheets

ROWS = "application/json"
COLUMNS = "application/vnd.beffroi.columns+json"
CSV = "text/csv"
ARROW = "application/vnd.apache.arrow.stream"
PARQUET = "application/vnd.apache.parquet"
XLSX = sheets.XLSX
ARRAYS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z
SHEET_ROWS = 1_048_575
"""of a sheet, under its header: what spreadsheets open"""


class Observation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One observation: `value` (a number, or true/false), `text` (also for enumerations), or both coordinates."""

    series: int
    time: datetime
    value: float | bool | None = None
    text: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    quality: int = 0


class Columns(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Observations by columns of one length; `time` may be one instant for all."""

    series: list[int]
    time: list[datetime] | datetime
    value: list[float | bool | None] | None = None
    text: list[str | None] | None = None
    longitude: list[float | None] | None = None
    latitude: list[float | None] | None = None
    quality: list[int] | None = None


Given = list[Observation] | Columns
GIVEN_DECODER = msgspec.json.Decoder(Given)
ROWS_DECODER = msgspec.json.Decoder(list[Observation])


def parse(content: bytes, media: str) -> pa.Table:
    """A batch from the body of a request of type `media` (one of the table above).

    Raises `Invalid` naming the row, column or byte at fault.
    """
    table = PARSERS[media](content)
    if table["time"].null_count or table["series"].null_count or table["quality"].null_count:
        raise Invalid(
            "series, time, quality",
            Text("ces colonnes ne peuvent être vides", "these columns may not be empty"),
        )
    return table


def _from_json(content: bytes) -> pa.Table:
    try:
        given = GIVEN_DECODER.decode(content)
    except msgspec.ValidationError as error:
        raise Invalid.of([fault_of(error)]) from error
    if isinstance(given, list):
        return _from_rows(given)
    columns: dict[str, Any] = {
        name: column for name in SCHEMA.names if (column := getattr(given, name)) is not None and name != "time"
    }
    length = len(given.series)
    times = [given.time] if isinstance(given.time, datetime) else given.time
    _require_zones(times)
    if isinstance(given.time, datetime):
        columns["time"] = pa.repeat(pa.scalar(given.time, SCHEMA.field("time").type), length)
    else:
        columns["time"] = given.time
    for name, column in columns.items():
        if len(column) != length:
            raise Invalid(
                name,
                Text(
                    f"{len(column)} éléments, alors que «\u00a0series\u00a0» en a {length}",
                    f"{len(column)} elements, while “series” has {length}",
                ),
            )
    return _batch(columns)


def parse_rows(content: bytes) -> list[Observation] | None:
    """The observations of a JSON body when it holds rows, checked as `parse` does; None when it holds columns."""
    if content.lstrip()[:1] != b"[":
        return None
    try:
        rows = ROWS_DECODER.decode(content)
    except msgspec.ValidationError as error:
        raise Invalid.of([fault_of(error)]) from error
    _require_zones([row.time for row in rows])
    return rows


def batch_of_rows(rows: list[Observation]) -> pa.RecordBatch | Few:
    """A batch of checked rows."""
    if len(rows) <= FEW and all(map(_is_plain, rows)):
        return Few(
            [row.series for row in rows],
            [microseconds(row.time) for row in rows],
            [None if row.value is None else float(row.value) for row in rows],
            [row.quality for row in rows],
        )
    columns: dict[str, Any] = {name: [getattr(row, name) for row in rows] for name in SCHEMA.names}
    given = {
        name: column
        for name, column in columns.items()
        if name in ("series", "time") or any(cell is not None for cell in column)
    }
    return one_batch(_batch(given))


def _is_plain(row: Observation) -> bool:
    """Whether a number, or nothing, within what the columns hold."""
    return (
        row.text is None
        and row.longitude is None
        and row.latitude is None
        and 0 <= row.series <= LARGEST
        and 0 <= row.quality <= MOST_QUALITY
    )


def _from_rows(rows: list[Observation]) -> pa.Table:
    _require_zones([row.time for row in rows])
    batch = batch_of_rows(rows)
    return pa.Table.from_batches([batch.batch if isinstance(batch, Few) else batch])


def _require_zones(times: list[datetime]) -> None:
    for number, time in enumerate(times):
        if time.tzinfo is None:
            raise Invalid(
                f"time[{number}]",
                Text(
                    "heure sans fuseau : ajoutez «\u00a0Z\u00a0» ou «\u00a0+02:00\u00a0»",
                    "time without zone: add “Z” or “+02:00”",
                ),
            )


def _batch(columns: dict[str, Any]) -> pa.Table:
    if "value" in columns:
        columns["value"] = _numbers(columns["value"])
    try:
        return batch_of(columns)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
        raise Invalid("body", Text(f"valeur hors limites ({error})", f"value out of bounds ({error})")) from error


def _numbers(values: list[float | bool | None]) -> pa.Array:
    """True and false become 1 and 0, whatever they are mixed with."""
    try:
        return pa.array(values, pa.float64())
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if value is None else float(value) for value in values], pa.float64())


def _from_csv(content: bytes) -> pa.Table:
    options = pa_csv.ConvertOptions(
        column_types={**{field.name: field.type for field in SCHEMA}, "value": pa.string(), "time": pa.string()},
        null_values=[""],
        strings_can_be_null=True,
        timestamp_parsers=[pa_csv.ISO8601],
    )
    try:
        table = pa_csv.read_csv(io.BytesIO(content), convert_options=options)
    except (pa.ArrowInvalid, pa.ArrowKeyError) as error:
        raise Invalid("body", Text(f"CSV illisible : {error}", f"unreadable CSV: {error}")) from error
    _require_columns(table.column_names)
    columns: dict[str, Any] = {name: table[name] for name in table.column_names}
    columns["time"] = _parsed(table["time"], "time", datetime)
    if "value" in columns:
        columns["value"] = _parsed(table["value"], "value", float | bool | None)
    return _checked(columns)


def _parsed(column: pa.ChunkedArray, name: str, type_: Any) -> pa.Array:
    """A text column as `type_`, the row at fault named (the header is row 1)."""
    try:
        plain = pc.cast(column, SCHEMA.field(name).type) if name == "value" else None
        if plain is not None:
            return plain
    except pa.ArrowInvalid:
        pass  # true and false among the numbers, or a fault: told below, row by row
    parsed = []
    for number, raw in enumerate(column.to_pylist(), start=2):
        try:
            value = msgspec.convert(raw, type_, strict=False)
        except msgspec.ValidationError as error:
            raise Invalid.of([fault_of(error, within=f"row {number}.{name}")]) from error
        if isinstance(value, datetime):
            _require_zones([value])
        parsed.append(float(value) if isinstance(value, bool) else value)
    return pa.array(parsed, SCHEMA.field(name).type)


def _from_arrow(content: bytes) -> pa.Table:
    source = pa.BufferReader(content)
    try:
        reader = pa_ipc.open_file(source) if content[:6] == b"ARROW1" else pa_ipc.open_stream(source)
        table = reader.read_all()
        table.validate(full=True)
    except (pa.ArrowInvalid, OSError) as error:
        raise Invalid("body", Text(f"Arrow illisible : {error}", f"unreadable Arrow: {error}")) from error
    return _from_table(table)


def _from_parquet(content: bytes) -> pa.Table:
    try:
        table = pa_parquet.read_table(pa.BufferReader(content))
    except (pa.ArrowInvalid, OSError) as error:
        raise Invalid("body", Text(f"Parquet illisible : {error}", f"unreadable Parquet: {error}")) from error
    return _from_table(table)


def _from_table(table: pa.Table) -> pa.Table:
    _require_columns(table.column_names)
    if not pa.types.is_timestamp(table["time"].type) or table["time"].type.tz is None:
        raise Invalid("time", Text("colonne de type timestamp avec fuseau attendue", "expected: timestamp with zone"))
    return _checked({name: table[name].combine_chunks() for name in table.column_names})


def _checked(columns: dict[str, Any]) -> pa.Table:
    if "quality" in columns:
        columns["quality"] = pc.fill_null(columns["quality"], 0)
    try:
        return batch_of(columns)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise Invalid("body", Text(f"type de colonne inattendu : {error}", f"unexpected type: {error}")) from error


def _require_columns(names: list[str]) -> None:
    faults = [
        Fault(name, Text("colonne obligatoire manquante", "missing required column"))
        for name in ("series", "time")
        if name not in names
    ]
    known = ", ".join(SCHEMA.names)
    faults += [
        Fault(name, Text(f"colonne inconnue ; admises : {known}", f"unknown column; allowed: {known}"))
        for name in names
        if name not in SCHEMA.names
    ]
    if len(set(names)) != len(names):
        faults.append(Fault("header", Text("colonne en double", "duplicate column")))
    if faults:
        raise Invalid.of(faults)


PARSERS: dict[str, Callable[[bytes], pa.Table]] = {
    ROWS: _from_json,
    COLUMNS: _from_json,
    CSV: _from_csv,
    ARROW: _from_arrow,
    "application/vnd.apache.arrow.file": _from_arrow,
    PARQUET: _from_parquet,
}


def instants(column: pa.ChunkedArray) -> list[str]:
    """UTC timestamps as RFC 3339, microseconds only when there are some."""
    moments = column.to_numpy()
    whole = not len(moments) or not np.any(moments.astype("int64") % 1_000_000)
    unit = "s" if whole else "us"
    return [f"{text}Z" for text in np.datetime_as_string(moments.astype(f"datetime64[{unit}]")).tolist()]


def _told(table: pa.Table) -> list[pa.Field]:
    """Of the columns, those that JSON tells: not those wholly empty and optional."""
    optional = ("text", "longitude", "latitude")
    return [one for one in table.schema if one.name not in optional or table[one.name].null_count < len(table)]


def _listed(table: pa.Table) -> dict[str, list[Any]]:
    """Columns as JSON tells them."""
    listed: dict[str, list[Any]] = {}
    for field in _told(table):
        column = table[field.name]
        if pa.types.is_timestamp(field.type):
            listed[field.name] = instants(column)
        else:
            listed[field.name] = column.to_pylist() if column.null_count else column.to_numpy().tolist()
    return listed


def columns_json(table: pa.Table, following: str | None = None) -> bytes:
    """Written from the arrays themselves, where NaN is null: making objects of ten thousand rows would take longer
    than reading them."""
    columns: dict[str, Any] = {}
    for field in _told(table):
        column = table[field.name]
        plain = pa.types.is_timestamp(field.type) or pa.types.is_floating(field.type)
        whole = pa.types.is_integer(field.type) and not column.null_count
        columns[field.name] = column.to_numpy() if plain or whole else column.to_pylist()
    return orjson.dumps(columns | ({"next": following} if following else {}), option=ARRAYS)


def tracks_json(tracks: Sequence[tuple[int, Track]]) -> bytes:
    """What `columns_json` writes of the same rows."""
    columns: dict[str, Any] = columns_together(tracks)
    if "text" in columns:
        columns["text"] = columns["text"].tolist()
        if all(word is None for word in columns["text"]):
            del columns["text"]
    for name in ("longitude", "latitude"):
        if name in columns and np.isnan(columns[name]).all():
            del columns[name]
    return orjson.dumps(columns, option=ARRAYS)


def rows_json(table: pa.Table, following: str | None = None) -> bytes:
    columns = _listed(table)
    names = list(columns)
    items = [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in zip(*columns.values(), strict=True)
    ]
    return msgspec.json.encode({"items": items} | ({"next": following} if following else {}))


def csv_lines(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[bytes]:
    yield (",".join(schema.names) + "\r\n").encode()
    for batch in batches:
        table = pa.Table.from_batches([batch])
        for field in table.schema:
            if pa.types.is_timestamp(field.type):
                position = table.schema.get_field_index(field.name)
                table = table.set_column(position, field.name, pa.array(instants(table[field.name]), pa.string()))
        sink = io.BytesIO()
        pa_csv.write_csv(table, sink, pa_csv.WriteOptions(include_header=False, quoting_style="needed"))
        yield sink.getvalue()


def arrow_stream(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[bytes]:
    return _written(batches, lambda sink: pa_ipc.new_stream(sink, schema))


def parquet_file(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[bytes]:
    return _written(batches, lambda sink: pa_parquet.ParquetWriter(sink, schema, compression="zstd"))


def xlsx_file(table: pa.Table, names: dict[int, str]) -> bytes:
    """With the name of each series; times are dates in UTC, as their header says: a spreadsheet knows no zone."""
    columns: dict[str, list[Any]] = {}
    for field in table.schema:
        values = table[field.name]
        if field.name == "series":
            columns["series"] = values.to_pylist()
            columns["name"] = [names.get(one, "") for one in columns["series"]]
        elif pa.types.is_timestamp(field.type):
            columns[f"{field.name} (UTC)"] = values.cast(pa.timestamp("us")).to_pylist()
        elif field.name not in ("text", "longitude", "latitude") or values.null_count < len(values):
            columns[field.name] = values.to_pylist()
    return sheets.write(XLSX, list(columns), zip(*columns.values(), strict=True))


class _Sink(io.RawIOBase):
    """Keeps what is written until it is taken, so that a file is sent while it is made."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def write(self, data: Any) -> int:
        content = bytes(data)
        self._parts.append(content)
        self._position += len(content)
        return len(content)

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def _written(batches: Iterator[pa.RecordBatch], writer: Callable[[Any], Any]) -> Iterator[bytes]:
    sink = _Sink()
    with writer(sink) as writing:
        for batch in batches:
            writing.write_batch(batch)
            if taken := sink.take():
                yield taken
    yield sink.take()


STREAMS: dict[str, Callable[[Iterator[pa.RecordBatch], pa.Schema], Iterator[bytes]]] = {
    CSV: csv_lines,
    ARROW: arrow_stream,
    PARQUET: parquet_file,
}
PRODUCED = (ROWS, COLUMNS, *STREAMS, XLSX)
