"""A batch: an Arrow table of observations, the one shape in which they travel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntFlag
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any

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
INT64 = pa.int64()
FEW = 256
"""rows that cost less as lists than as columns"""
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


@dataclass(eq=False)
class Few:
    """Some observations without place, as lists of one length: what comes by small posts is looked at at less cost than
    as columns. `time` in microseconds since 1970; all as `SCHEMA` says, or `batch` raises `OverflowError`.

    It goes as it is from the door to the journal, and becomes columns when someone reads, or when many have come.
    """

    series: Sequence[int]
    time: Sequence[int]
    value: Sequence[float | None]
    quality: Sequence[int]
    text: Sequence[str | None] | None = None

    def __len__(self) -> int:
        return len(self.series)

    @property
    def num_rows(self) -> int:
        return len(self.series)

    @cached_property
    def batch(self) -> pa.RecordBatch:
        words, *places = _nothing(len(self))
        arrays = [
            pa.array(self.series, INT64),
            pa.array(self.time, INT64).view(SCHEMA.field(TIME).type),
            pa.array(self.value, SCHEMA.field(VALUE).type),
            words if self.text is None else pa.array(self.text, SCHEMA.field(TEXT).type),
            *places,
            pa.array(self.quality, SCHEMA.field(QUALITY).type),
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def columns(batch: pa.RecordBatch | Few) -> pa.RecordBatch:
    """As `SCHEMA`."""
    return batch.batch if isinstance(batch, Few) else batch


def end_to_end(some: Sequence[Few]) -> Few:
    """In one piece."""
    if len(some) == 1:
        return some[0]
    texts = [one.text or [None] * len(one) for one in some] if any(one.text for one in some) else None
    return Few(
        list(chain.from_iterable(one.series for one in some)),
        list(chain.from_iterable(one.time for one in some)),
        list(chain.from_iterable(one.value for one in some)),
        list(chain.from_iterable(one.quality for one in some)),
        None if texts is None else list(chain.from_iterable(texts)),
    )


def microseconds(time: datetime) -> int:
    """Since 1970."""
    return (time - EPOCH) // MICROSECOND


@lru_cache(64)
def _nothing(length: int) -> list[pa.Array]:
    return [pa.nulls(length, SCHEMA.field(place).type) for place in (TEXT, LONGITUDE, LATITUDE)]


def observations(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Columns as the engine gives them, as `SCHEMA`."""
    arrays = [batch.column(field.name).cast(field.type) for field in SCHEMA]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)
