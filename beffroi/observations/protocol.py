"""What any engine behind the record promises. The semantics hold for an embedded engine as for a cluster."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, datetime
from math import nan
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import pyarrow as pa

from beffroi.observations.batch import NAMES, Few
from beffroi.observations.patience import Patience
from beffroi.observations.tracks import Track
from beffroi.observations.windows import Windows

Function = Literal["mean", "min", "max", "sum", "count", "first", "last", "delta", "quantile"]
Progress = Callable[[float, float], None]
"""told how much is done, and of how much"""
Fill = Literal["none", "null", "previous", "linear", "zero"]

MOST_FIGURES = 20_000_000
"""rows of one answer, which is in memory as a whole"""


def quietly(done: float, total: float) -> None:
    """A progress that nobody follows."""


@dataclass(frozen=True)
class Ack:
    """The batch is durable. `rows` counts distinct (series, time): what came twice in the batch counts once.
    `batch_id` is the sender's, or the version when it gave none."""

    batch_id: str
    version: int
    rows: int


@dataclass(frozen=True)
class Aggregate:
    """One figure of a bucket: of its numbers, save `count`, which counts observations of any kind.

    - `quantile` (0 to 1, with the function of that name) is exact, linear between the two nearest values.
    - `delta` is a counter's growth: the sum of the rises from each reading to the next, each rise counted in the bucket
      of the later reading, so from the last reading before the bucket on, also when that one is before the
      aggregation's start. Nothing is counted from one window of a series to the next, and a bucket whose only reading
      has none before it has no growth (null). A fall from `before` to `value` is a reset to 0: the new reading counts
      whole. But of a series that rolls over at M (`Aggregation.rolls_over`) it counts `value + M - before`, provided
      that both readings are within [0, M) and that this growth is at most M / 2.
    """

    function: Function
    quantile: float | None = None

    @property
    def name(self) -> str:
        """The column's name: `mean`, `p95` for a quantile of 0.95, `p99.9`."""
        return self.function if self.quantile is None else f"p{self.quantile * 100:g}"


@dataclass(frozen=True)
class Aggregation:
    """Buckets over `[start, end)` by `every` of `unit`, aligned on the calendar of `time_zone` (a day may last 23 or 25
    hours), as `buckets.edges` says; observations before `start` or from `end` on are left out of the first and last.

    `fill` is for the empty buckets that touch a window, where `count` is always 0: `none` leaves them out, `null` and
    `zero` say what they are, `previous` repeats the bucket before, `linear` draws a line between the starts of the two
    around. Neither of these reaches before the first bucket known, and `linear` stops at the last.
    """

    start: datetime
    end: datetime
    every: int
    unit: Literal["minute", "hour", "day", "week", "month", "year", "all"]
    time_zone: str
    aggregates: tuple[Aggregate, ...]
    fill: Fill = "none"
    reject: int = 0
    """quality bits: an observation with any of them is left out"""
    rolls_over: tuple[tuple[int, float], ...] = ()
    """of the series whose index rolls over, each once and in order: at which value it begins again at 0"""


@dataclass(frozen=True)
class Heavy:
    """Questions too large to be answered from memory: how many run, wait for their turn, are being read piece by piece;
    and since the record is open, how many were refused for want of room, took too long, or lost their reader."""

    running: int = 0
    waiting: int = 0
    streams: int = 0
    refused: int = 0
    late: int = 0
    left: int = 0


@dataclass(frozen=True)
class RecordStats:
    series: int
    observations: int
    bytes_on_disk: int
    waiting: int
    """acknowledged rows still to be carried from the journal into the engine"""
    first: datetime | None
    last: datetime | None
    settled: int = 0
    """rows in files that no longer change"""
    settled_bytes: int = 0
    daily_bytes: int = 0
    """of figures kept beside them"""
    heavy: Heavy = Heavy()

    @property
    def bytes_each(self) -> float:
        """On disk, of an observation in such files, with what is kept beside them; NaN of none."""
        return (self.settled_bytes + self.daily_bytes) / self.settled if self.settled else nan


@dataclass(frozen=True)
class Thinning:
    """What remains of the observations in `windows`: one in each bucket of `every` `unit` (hours, or one day) of the
    calendar of `time_zone`, flagged `Quality.SUMMARISED`.

    - `mean`: the mean of the bucket's numbers, at the bucket's start (or its window's, if that is later); where there
      is no number, as `last`.
    - `last`: the observation of greatest time, at its own time: a counter's growth stays what it was.

    Observations that are out of range, frozen or doubtful count only where there is no other; the figure has the flags
    of those that counted. A bucket that holds a summarised observation alone is left as it is, so that doing it again
    changes nothing. What is summarised already counts as one observation: a mean of means is not weighted.
    """

    windows: Windows
    every: int
    unit: Literal["hour", "day"]
    time_zone: str
    figure: Literal["mean", "last"]


@dataclass(frozen=True)
class Rewritten:
    """A settled file that was replaced; `new_name` and `new_sha256` are None when nothing was left to write, `name` and
    `sha256` when it is the first of its day."""

    period: str
    name: str | None
    sha256: str | None
    new_name: str | None
    new_sha256: str | None


@dataclass(frozen=True)
class Removed:
    """What a removal, or a thinning, did. `by_series`: columns `series` and `observations` (int64), those that went;
    `figures`: how many took their place; `files`: the settled files that were written anew for it."""

    by_series: pa.Table
    figures: int = 0
    files: tuple[Rewritten, ...] = ()

    @property
    def observations(self) -> int:
        return int(np.sum(self.by_series["observations"].to_numpy()))


class Record(Protocol):
    """The record of observations.

    - A batch is atomic; a retry under the same `batch_id` is safe; no order is promised across batches.
    - The last write of a (series, time) wins and is flagged `Quality.CORRECTED` when it differs from the one before;
      doubles inside a batch are collapsed first, the last row winning. Writing the same again leaves no trace.
    - What was acknowledged is read at once, by every reader, and survives the death of the process.
    - Raises `errors.Unavailable` when nothing was kept and trying again is safe, `errors.Invalid` for a batch never
      to be taken: wrong columns, a number that is not finite, nothing observed, a time outside 1900 to 2200.
    - What is asked with a `patience` ends with it, `errors.Unavailable`, and may have to wait for its turn if it is
      heavy. Without one, whoever asks waits for ever, and before nobody: for the platform's own work.
    """

    def submit(self, batch: pa.Table | pa.RecordBatch | Few, *, batch_id: str | None = None) -> "Future[Ack]":
        """Queue a batch (of `SCHEMA`, or as `Few`); the future resolves once it is durable and readable."""
        ...

    def append(self, batch: pa.Table, *, batch_id: str | None = None) -> Ack:
        """`submit`, and wait."""
        ...

    def read(
        self,
        windows: Windows,
        *,
        limit: int | None = None,
        newest_first: bool = False,
        reject: int = 0,
        patience: Patience | None = None,
    ) -> pa.RecordBatchReader:
        """Observations within `windows` as `SCHEMA`, ordered by (series, time), times unique in a series; each
        series newest first if asked. `limit` counts rows over all series; rows with any quality bit of `reject`
        are left out. `patience` is for each batch, if it is renewed in between."""
        ...

    def few(self, windows: Windows, *, reject: int = 0) -> list[tuple[int, Track]] | None:
        """What `read` gives of all of few windows, in the same order, as numpy columns: at less cost where an engine
        has it at hand, else None."""
        ...

    def latest(self, windows: Windows, *, names: Sequence[str] = NAMES, patience: Patience | None = None) -> pa.Table:
        """The observation of greatest time of each series within its windows, ordered by series: `series`, then the
        columns of `SCHEMA` that `names` says."""
        ...

    def aggregate(
        self,
        windows: Windows,
        aggregation: Aggregation,
        *,
        most: int = MOST_FIGURES,
        patience: Patience | None = None,
    ) -> pa.Table:
        """Columns `series` int64, `start` and `end` timestamp[us, UTC] of the bucket, then one an `Aggregate`, by
        its name (`count` int64, the others float64; null where there is nothing); ordered by (series, start).
        Raises `errors.Invalid` for more than `most` rows."""
        ...

    def delete(self, windows: Windows) -> int:
        """Remove for good; how many observations went. Nobody reads them any more when this returns."""
        ...

    def remove(self, windows: Windows) -> Removed:
        """`delete`, told in full."""
        ...

    def thin(self, thinning: Thinning, progress: Progress = quietly) -> Removed:
        """Put figures in the place of observations. Killed on the way, part of the days are done, each bucket wholly or
        not at all; done again, it does the rest."""
        ...

    def tally(
        self, windows: Windows, thinning: Thinning | None = None, *, patience: Patience | None = None
    ) -> pa.Table:
        """`Removed.by_series` of what would go if `windows` were removed, or, of them, by `thinning`; nothing is
        changed."""
        ...

    def scrub(self) -> bool:
        """Have what was removed leave the disk; whether none of its bytes is in any file of the record. False while
        somebody still reads an old file: ask again later."""
        ...

    def stats(self) -> RecordStats: ...

    def settle(self, *, until: datetime | None = None) -> int:
        """Bring the days that ended by `until`, or by now, into their lasting form; how many files were written."""
        ...

    def load(self, day: date, batches: Iterable[pa.Table], *, about: int) -> int:
        """Take a whole day (of UTC) of which nothing is there; `batches` come sorted by (series, time), about so many
        rows in all. How many came; `Conflict` when something is there, `Invalid` for rows that are not as said."""
        ...

    def backup_to(self, folder: Path) -> None:
        """A consistent copy of all that was acknowledged, while readers and writers go on."""
        ...

    def close(self) -> None: ...
