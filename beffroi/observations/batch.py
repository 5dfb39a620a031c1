"""A batch: an Arrow table of observations, the one shape in which they travel."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import IntFlag
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

SCHEMA = pa.schema(
    [
        pa.field("series", pa.int64(), nullable=False),
        pa.field("time", pa.timestamp("us", "UTC"), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("text", pa.string()),
        pa.field("longitude", pa.float64()),
        pa.field("latitude", pa.float64()),
        pa.field("quality", pa.uint16(), nullable=False),
    ]
)
"""`time` is phenomenon time. `value` holds numbers, counters and booleans (0 or 1); `text` holds texts and
enumerations; `longitude`, `latitude` (WGS 84) hold positions. `quality` is a set of `Quality` bits, 0 for good."""
SERIES, TIME, VALUE, TEXT, LONGITUDE, LATITUDE, QUALITY = range(len(SCHEMA))
"""where each column is"""
NAMES = tuple(SCHEMA.names[1:])
"""the columns of an observation, its series aside"""


class Quality(IntFlag):
    """What is known against an observation. An observation without any flag is good."""

    OUT_OF_RANGE = 1
    """outside what the series says is plausible"""
    FROZEN = 2
    """the sensor repeats itself too long"""
    LATE = 4
    """arrived long after it was made"""
    OUT_OF_ORDER = 8
    """arrived after a later one of its series"""
    CORRECTED = 16
    """written again with another value"""
    ESTIMATED = 32
    """not measured: computed or filled in"""
    BELOW_DETECTION = 64
    """a trace, less than the instrument can tell"""
    DOUBTFUL = 128
    """its producer doubts it"""
    SIMULATED = 256
    """made up for a demonstration"""
    SUMMARISED = 512
    """stands for several: what a retention rule left of an hour or a day (see `thinning`)"""
    JUMP = 1024
    """changes faster than such a thing does"""


def batch_of(columns: Mapping[str, Any]) -> pa.Table:
    """A batch from columns (lists, numpy or Arrow arrays) of one length; those left out are null, `quality` 0.

    Raises `pyarrow.ArrowInvalid` or `ArrowTypeError` when a column cannot be taken as `SCHEMA` says.
    """
    length = len(columns["series"])
    arrays = []
    for field in SCHEMA:
        given = columns.get(field.name)
        if given is None:
            array = pa.nulls(length, field.type) if field.nullable else pa.repeat(pa.scalar(0, field.type), length)
        elif isinstance(given, pa.Array | pa.ChunkedArray):
            array = given if given.type == field.type else given.cast(field.type)
        else:
            array = pa.array(given, field.type)
        arrays.append(array)
    return pa.table(arrays, schema=SCHEMA)


def batch_of_lists(
    series: Sequence[int],
    time: Sequence[datetime],
    value: Sequence[float | None],
    quality: Sequence[int],
    text: Sequence[str | None] | None = None,
) -> pa.RecordBatch:
    """A batch of observations without place, of one length each; for a few rows, at a third of the cost of
    `batch_of`. Raises `OverflowError`."""
    words, *places = _nothing(len(series))
    arrays = [
        pa.array(np.array(series, np.int64)),
        pa.array(np.array([(one - EPOCH) // MICROSECOND for one in time], np.int64)).view(SCHEMA.field(TIME).type),
        pa.array(np.array(value, np.float64), from_pandas=True),
        words if text is None else pa.array(text, pa.string()),
        *places,
        pa.array(np.array(quality, np.uint16)),
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


@lru_cache(64)
def _nothing(length: int) -> list[pa.Array]:
    return [pa.nulls(length, SCHEMA.field(place).type) for place in (TEXT, LONGITUDE, LATITUDE)]


def observations(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Columns as the engine gives them, as `SCHEMA`."""
    arrays = [batch.column(field.name).cast(field.type) for field in SCHEMA]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)
