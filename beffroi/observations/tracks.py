"""Observations of one series as numpy columns: what a reader of few series is given without asking the engine."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.observations.admission import instants
from beffroi.observations.batch import LATITUDE, LONGITUDE, QUALITY, SCHEMA, TEXT, VALUE, Quality


@dataclass(frozen=True)
class Track:
    """One length each, in the order of `time` (microseconds since 1970). Numbers of the record are finite: NaN stands
    for null. `text`, `longitude`, `latitude` are None when there is none at all."""

    time: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint16]
    text: NDArray[np.object_] | None = None
    longitude: NDArray[np.float64] | None = None
    latitude: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.time)

    def rows(self, chosen: Any) -> "Track":
        """By a slice, a mask or places."""
        more = (None if column is None else column[chosen] for column in (self.text, self.longitude, self.latitude))
        return Track(self.time[chosen], self.value[chosen], self.quality[chosen], *more)

    def within(self, start: int, end: int) -> "Track":
        first, beyond = self.time.searchsorted((start, end))
        return self if first == 0 and beyond == len(self.time) else self.rows(slice(first, beyond))

    def accepted(self, reject: int) -> "Track":
        """Without what has any of these quality bits."""
        if not reject:
            return self
        kept = (self.quality & np.uint16(reject)) == 0
        return self if kept.all() else self.rows(kept)

    def own(self) -> "Track":
        """The same, holding on to nothing larger that it was cut from."""
        more: tuple[Any, ...] = (self.text, self.longitude, self.latitude)
        copied = (None if column is None else column.copy() for column in more)
        return Track(self.time.copy(), self.value.copy(), self.quality.copy(), *copied)

    @property
    def bytes(self) -> int:
        """About what it takes in memory."""
        words = 0 if self.text is None else 50 * len(self)
        places = 0 if self.longitude is None else 16 * len(self)
        return 18 * len(self) + words + places + 500


CORRECTED = np.uint16(Quality.CORRECTED)
NOTHING = Track(np.empty(0, np.int64), np.empty(0, np.float64), np.empty(0, np.uint16))


def joined(tracks: Sequence[Track]) -> Track:
    """Several of one series as one, in the order of time. Where a time comes again, the later of the tracks or rows
    wins, flagged as corrected if it ever changed."""
    kept = [track for track in tracks if len(track)]
    if not kept:
        return NOTHING
    one = kept[0] if len(kept) == 1 else _end_to_end(kept)
    steps = np.diff(one.time)
    if len(steps) and steps.min() <= 0:
        one = one.rows(np.argsort(one.time, kind="stable"))
        again = np.diff(one.time) == 0
        if again.any():
            return _written_over(one, again)
    return one


def _written_over(one: Track, again: NDArray[np.bool_]) -> Track:
    """`again`: of each row but the first, whether it writes over the one before."""
    differs = np.append(False, again & _differ(one.rows(slice(None, -1)), one.rows(slice(1, None))))
    marked = differs | ((one.quality & CORRECTED) != 0)
    corrected = np.logical_or.reduceat(marked, np.flatnonzero(np.append(True, ~again)))
    last = one.rows(np.append(~again, True))
    return replace(last, quality=np.where(corrected, last.quality | CORRECTED, last.quality))


def _differ(one: Track, other: Track) -> NDArray[np.bool_]:
    """Whether the rows of two of one length observe something else."""
    found = np.zeros(len(one), dtype=np.bool_)
    for name in ("value", "longitude", "latitude"):
        before, after = getattr(one, name), getattr(other, name)
        if before is not None and after is not None:
            found |= (before != after) & ~(np.isnan(before) & np.isnan(after))
    if one.text is not None and other.text is not None:
        found |= one.text != other.text
    return found


def as_batch(tracks: Sequence[tuple[int, Track]], *, newest_first: bool = False) -> pa.RecordBatch:
    """As `SCHEMA`: tracks in the order of (series, time), each with its series, which may come several times."""
    if newest_first:
        tracks = [(series, track.rows(slice(None, None, -1))) for series, track in _later_first(tracks)]
    columns = columns_together(tracks)
    arrays = [_array(columns.get(field.name), field, len(columns["series"])) for field in SCHEMA]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def columns_together(tracks: Sequence[tuple[int, Track]]) -> dict[str, NDArray[Any]]:
    """The columns of `SCHEMA` that hold anything, of tracks end to end, each with its series."""
    held = [track for _, track in tracks]
    one = held[0] if len(held) == 1 else _end_to_end(held)
    series = np.repeat(np.array([each for each, _ in tracks], dtype=np.int64), [len(track) for track in held])
    columns = {"series": series, **vars(one), "time": one.time.view("M8[us]")}
    return {name: columns[name] for name in SCHEMA.names if columns[name] is not None}


def _later_first(tracks: Sequence[tuple[int, Track]]) -> list[tuple[int, Track]]:
    return sorted(reversed(tracks), key=lambda each: each[0])


def columns_of(batch: pa.RecordBatch) -> Track:
    """Of a batch; columns wholly null are left out."""
    rows = batch.num_rows
    besides = (batch.column(TEXT), batch.column(LONGITUDE), batch.column(LATITUDE))
    return Track(
        instants(batch),
        batch.column(VALUE).to_numpy(zero_copy_only=False),
        batch.column(QUALITY).to_numpy(),
        *(None if one.null_count == rows else one.to_numpy(zero_copy_only=False) for one in besides),
    )


def _end_to_end(tracks: Sequence[Track]) -> Track:
    def column(name: str, nothing: Any) -> Any:
        columns = [getattr(track, name) for track in tracks]
        if all(one is None for one in columns):
            return None
        filled = (np.full(len(t), nothing) if one is None else one for one, t in zip(columns, tracks, strict=True))
        return np.concatenate(list(filled))

    return Track(
        *(np.concatenate([getattr(track, name) for track in tracks]) for name in ("time", "value", "quality")),
        *(column(name, nothing) for name, nothing in (("text", None), ("longitude", np.nan), ("latitude", np.nan))),
    )


def _array(column: NDArray[Any] | None, field: pa.Field, length: int) -> pa.Array:
    if column is None:
        return pa.nulls(length, field.type)
    return pa.array(column, field.type, from_pandas=field.name != "series")
