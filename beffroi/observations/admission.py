"""What may enter the record: the shape of a batch, checked as columns, and its doubles collapsed."""

from collections.abc import Callable
from itertools import repeat
from math import isfinite
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.errors import Fault, Invalid, Text
from beffroi.observations.batch import INT64, LATITUDE, LONGITUDE, QUALITY, SCHEMA, SERIES, TIME, VALUE, Few

MOST_ROWS = 1_000_000
EARLIEST = np.datetime64("1900-01-01T00:00:00", "us")
TOO_LATE = np.datetime64("2200-01-01T00:00:00", "us")

FIRST_INSTANT = int(EARLIEST.astype(np.int64))
LAST_INSTANT = int(TOO_LATE.astype(np.int64))

LARGEST, MOST_QUALITY = 2**63 - 1, 2**16 - 1

Mask = NDArray[np.bool_]


class Rule(NamedTuple):
    """`broken` tells, for each row, whether the rule is."""

    field: str
    broken: Callable[[pa.RecordBatch], Mask]
    text: Text


def admit(batch: pa.Table | pa.RecordBatch) -> pa.RecordBatch:
    """The batch in one piece, each (series, time) once: the last row of a double wins. Raises `Invalid`.

    An observation holds something: a number, a text or a position, the position whole. Numbers are finite; a reading
    that is missing is no observation. Times go from 1900 to 2200.
    """
    whole = _whole(batch)
    if not _plainly_sound(whole):
        faults = [fault for rule in RULES if (fault := _fault(rule, whole)) is not None]
        if faults:
            raise Invalid.of(faults)
    return _without_doubles(whole)


def is_sound(few: Few) -> bool:
    """Whether `admit` would take these as they are: the common case, soon told."""
    for value, word in zip(few.value, few.text or repeat(None), strict=False):
        if word is None if value is None else not isfinite(value):
            return False
    return (
        0 < len(few) <= MOST_ROWS
        and min(few.series) >= 0
        and max(few.series) <= LARGEST
        and min(few.quality) >= 0
        and max(few.quality) <= MOST_QUALITY
        and min(few.time) >= FIRST_INSTANT
        and max(few.time) < LAST_INSTANT
        and len(set(zip(few.series, few.time, strict=True))) == len(few)
    )


def _whole(batch: pa.Table | pa.RecordBatch) -> pa.RecordBatch:
    if not batch.schema.equals(SCHEMA):
        batch = _cast(batch)
    if batch.num_rows > MOST_ROWS:
        raise Invalid(
            "batch",
            Text(
                f"Un lot compte au plus {MOST_ROWS} observations : envoyez-le en plusieurs fois.",
                f"A batch holds at most {MOST_ROWS} observations: send it in several.",
            ),
        )
    try:
        batch.validate(full=True)
    except pa.ArrowInvalid as error:
        raise Invalid("batch", Text("Ces colonnes Arrow sont abîmées.", "These Arrow columns are damaged.")) from error
    for place in (SERIES, TIME, QUALITY):
        if batch.column(place).null_count:
            name = SCHEMA.names[place]
            raise Invalid(name, Text("Cette colonne ne peut pas être vide.", "This column cannot be empty."))
    return one_batch(batch)


def _cast(batch: pa.Table | pa.RecordBatch) -> pa.Table:
    """Columns of the right names and types, whatever is said of them besides (metadata, nullable or not)."""
    if batch.schema.names != SCHEMA.names or batch.schema.types != SCHEMA.types:
        expected = ", ".join(f"{field.name} {field.type}" for field in SCHEMA)
        raise Invalid("batch", Text(f"Les colonnes attendues sont : {expected}.", f"The columns must be: {expected}."))
    return pa.table(batch.columns, schema=SCHEMA)


def one_batch(table: pa.Table | pa.RecordBatch) -> pa.RecordBatch:
    """Rows of `SCHEMA` in one piece, copied only when they were in several."""
    if isinstance(table, pa.RecordBatch):
        return table
    batches = table.to_batches()
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches) if batches else NONE


NONE = pa.RecordBatch.from_arrays([pa.nulls(0, field.type) for field in SCHEMA], schema=SCHEMA)


def _plainly_sound(batch: pa.RecordBatch) -> bool:
    """Whether these are numbers and texts without more, and sound: the common case, told at a tenth of the cost of
    `RULES`."""
    rows = batch.num_rows
    if not rows or batch.column(LONGITUDE).null_count < rows or batch.column(LATITUDE).null_count < rows:
        return False
    if batch.column(SERIES).to_numpy().min() < 0:
        return False
    times = instants(batch)
    if times.min() < FIRST_INSTANT or times.max() >= LAST_INSTANT:
        return False
    value = batch.column(VALUE)
    finite = np.isfinite(value.to_numpy(zero_copy_only=False))  # what is null is not
    if rows - np.count_nonzero(finite) != value.null_count:
        return False
    return value.null_count == 0 or not (_null(batch, "text") & ~finite).any()


def _fault(rule: Rule, batch: pa.RecordBatch) -> Fault | None:
    rows = np.flatnonzero(rule.broken(batch))
    if not len(rows):
        return None
    more = Text(f" ({len(rows)} lignes)", f" ({len(rows)} rows)") if len(rows) > 1 else Text("", "")
    return Fault(f"{rule.field}[{rows[0]}]", Text(rule.text.fr + more.fr, rule.text.en + more.en))


def _null(batch: pa.RecordBatch, name: str) -> Mask:
    column = batch.column(name)
    if column.null_count == 0:
        return np.zeros(batch.num_rows, dtype=bool)
    return np.asarray(column.is_null().to_numpy(zero_copy_only=False), dtype=bool)


def _beyond(name: str, bound: float) -> Callable[[pa.RecordBatch], Mask]:
    """Not within ±bound, nor finite; null is well."""

    def broken(batch: pa.RecordBatch) -> Mask:
        column = batch.column(name)
        if column.null_count == batch.num_rows:
            return np.zeros(batch.num_rows, dtype=bool)
        within = np.abs(column.to_numpy(zero_copy_only=False)) <= bound
        return np.asarray(~within if column.null_count == 0 else ~within & ~_null(batch, name))

    return broken


def _times_out_of_reach(batch: pa.RecordBatch) -> Mask:
    times = instants(batch)
    return np.asarray((times < FIRST_INSTANT) | (times >= LAST_INSTANT))


def _nothing_observed(batch: pa.RecordBatch) -> Mask:
    if batch.column("value").null_count == 0:
        return np.zeros(batch.num_rows, dtype=bool)
    return _null(batch, "value") & _null(batch, "text") & _null(batch, "longitude") & _null(batch, "latitude")


RULES = (
    Rule(
        "series",
        lambda batch: np.asarray(batch.column("series").to_numpy() < 0),
        Text("Un numéro de série n'est pas négatif", "The number of a series is not negative"),
    ),
    Rule(
        "time",
        _times_out_of_reach,
        Text("L'instant doit être entre 1900 et 2200", "The time must lie between 1900 and 2200"),
    ),
    Rule(
        "value",
        _beyond("value", float(np.finfo(np.float64).max)),
        Text("La valeur doit être un nombre fini", "The value must be a finite number"),
    ),
    Rule(
        "longitude",
        _beyond("longitude", 180),
        Text("La longitude va de -180 à 180 degrés", "A longitude goes from -180 to 180 degrees"),
    ),
    Rule(
        "latitude",
        _beyond("latitude", 90),
        Text("La latitude va de -90 à 90 degrés", "A latitude goes from -90 to 90 degrees"),
    ),
    Rule(
        "longitude",
        lambda batch: _null(batch, "longitude") != _null(batch, "latitude"),
        Text("Une position a une longitude et une latitude", "A position has a longitude and a latitude"),
    ),
    Rule(
        "value",
        _nothing_observed,
        Text(
            "Cette observation ne contient rien : ni nombre, ni texte, ni position",
            "This observation holds nothing: no number, text or position",
        ),
    ),
)


def instants(batch: pa.RecordBatch) -> NDArray[np.int64]:
    """The times of a batch, in microseconds since 1970, without a copy."""
    times: NDArray[np.int64] = batch.column(TIME).view(INT64).to_numpy()
    return times


def _without_doubles(batch: pa.RecordBatch) -> pa.RecordBatch:
    series, times = batch.column(SERIES).to_numpy(), instants(batch)
    if len(series) < 2 or (series[1:] > series[:-1]).all() or strictly_rising(series, times):
        return batch
    order, again = doubles(series, times)
    if not again.any():
        return batch
    # a stable sort keeps arrival order among equals: the last of each run is the one to keep
    last = np.append(~again, True)
    return batch.take(pa.array(np.sort(order[last])))


def strictly_rising(series: NDArray[np.int64], times: NDArray[np.int64]) -> bool:
    """Whether the rows are sorted by (series, time), each once."""
    same = series[1:] == series[:-1]
    return bool(((series[1:] > series[:-1]) | (same & (times[1:] > times[:-1]))).all())


def doubles(series: NDArray[np.int64], times: NDArray[np.int64]) -> tuple[NDArray[np.intp], Mask]:
    """The order that sorts the rows by (series, time, arrival), and for each but the last whether the next is
    its double."""
    order = np.lexsort((times, series))
    first, second = order[:-1], order[1:]
    return order, np.asarray((series[first] == series[second]) & (times[first] == times[second]))
