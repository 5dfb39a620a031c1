"""Which files the settled observations are in: `manifest.json`, replaced whole and at once."""

import os
from datetime import UTC, datetime
from functools import cache, cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from beffroi.errors import Text, Unavailable
from beffroi.observations.journal import sync_folder

NAME = "manifest.json"
FORMAT_VERSION: Literal[3] = 3
"""version 1 had no figures by day, version 2 plain numbers alone, sorted by series and time throughout"""
PENTAD = 5
"""days that lie together in a file"""


class Period(msgspec.Struct, frozen=True, order=True):
    """A day (`2024-01-05`), a third of a month (`2024-01-01_10`, `2024-01-11_20`, `2024-01-21_31`) or a month
    (`2024-01`) of UTC."""

    name: str

    @classmethod
    def of_day(cls, day: int) -> "Period":
        """The day that begins `day` days after 1970-01-01."""
        return cls(str(np.datetime64(day, "D")))

    @property
    def month(self) -> "Period":
        return Period(self.name[:MONTH])

    @property
    def third(self) -> "Period":
        """Of its month; of a whole month, the first."""
        month = self.name[:MONTH]
        first = min((int(self.name[MONTH + 1 : MONTH + 3] or 1) - 1) // 10, 2) * 10 + 1
        last = first + 9 if first < 21 else int(str(_bounds(month)[1] - np.timedelta64(1, "D"))[8:10])
        return Period(f"{month}-{first:02d}_{last:02d}")

    @property
    def start(self) -> np.datetime64:
        return _bounds(self.name)[0]

    @property
    def end(self) -> np.datetime64:
        """Exclusive."""
        return _bounds(self.name)[1]

    @property
    def pentads(self) -> tuple[tuple[np.datetime64, np.datetime64], ...]:
        """Its days by five, counted from the first of the month: where each begins and ends. A month's last has three
        to six days."""
        month = _bounds(self.month.name)[0]
        firsts = [month + np.timedelta64(PENTAD * number, "D") for number in range(1, 6)]
        bounds = [self.start, *(first for first in firsts if self.start < first < self.end), self.end]
        return tuple(pairwise(bounds))


MONTH = len("2024-01")


@cache
def _bounds(period: str) -> tuple[np.datetime64, np.datetime64]:
    first, _, last = period.partition("_")
    end = np.datetime64(f"{first[:MONTH]}-{last}" if last else first) + 1
    return np.datetime64(first).astype("M8[us]"), end.astype("M8[us]")


class Daily(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A file of figures by day of `time_zone`, of what a settled file holds. `pentads` as of a `File`."""

    name: str
    time_zone: str
    rows: int
    bytes: int
    sha256: str
    pentads: tuple[int, ...] = ()


class Block(NamedTuple):
    """What lies together in a settled file, sorted by series and time: its days by five, or all its days. Times are in
    microseconds since 1970."""

    file: "File"
    number: int
    start: int
    end: int
    first: int
    last: int
    """of the times that it may hold, inclusive"""
    rows_of_a_series: float
    """about"""

    @property
    def key(self) -> tuple[str, int]:
        """As none other's."""
        return self.file.name, self.number

    def groups(self, pentads: tuple[int, ...], all_groups: int) -> range:
        """Its row groups, in a file that has so many of each pentad."""
        if not pentads:
            return range(all_groups)
        ends = list(accumulate(pentads, initial=0))
        return range(ends[self.number], ends[self.number + 1])


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, dict=True):
    """A settled file: the observations of `period`, all of them but those written since version `captured`.

    `decimal`: numbers are digits over a divisor, where they can. `pentads`: how many row groups each five days of the
    period have; none of a file that is sorted throughout.
    """

    name: str
    period: str
    rows: int
    first_series: int
    last_series: int
    first_time: datetime
    last_time: datetime
    captured: int
    bytes: int
    sha256: str
    daily: Daily | None = None
    decimal: bool = False
    pentads: tuple[int, ...] = ()

    @property
    def parts(self) -> "tuple[File | Daily, ...]":
        """The files that this is, each with its name, bytes and checksum."""
        return (self,) if self.daily is None else (self, self.daily)

    @property
    def covers(self) -> Period:
        return Period(self.period)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """In the order of time."""
        bounds = self.covers.pentads if self.pentads else ((self.covers.start, self.covers.end),)
        first, last = (_micros(np.datetime64(time.replace(tzinfo=None))) for time in (self.first_time, self.last_time))
        each = self.rows / (self.last_series - self.first_series + 1) / len(bounds)
        found = []
        for number, (start, end) in enumerate(bounds):
            opens, closes = _micros(start), _micros(end)
            found.append(Block(self, number, opens, closes, max(opens, first), min(closes - 1, last), each))
        return tuple(found)


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """`generation` grows with every replacement. No two files cover the same day; they are in the order of time."""

    generation: int = 0
    files: tuple[File, ...] = ()
    format: Literal["beffroi-settled"] = "beffroi-settled"
    format_version: Literal[1, 2, 3] = FORMAT_VERSION

    def within(self, start: np.datetime64, end: np.datetime64) -> tuple[File, ...]:
        """The files of which some day lies between `start` and `end`."""
        starts, ends = self._bounds
        return self.files[int(ends.searchsorted(start, side="right")) : int(starts.searchsorted(end, side="left"))]

    @cached_property
    def _bounds(self) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
        """Of each file."""
        starts, ends = ([getattr(file.covers, end) for file in self.files] for end in ("start", "end"))
        return np.array(starts, dtype="M8[us]"), np.array(ends, dtype="M8[us]")

    def period_of(self, day: int) -> Period:
        """Where that day is, or is to be, settled: in the third or the month that it was merged into."""
        wanted = Period.of_day(day)
        around = (file.covers for file in self.files if file.covers.start <= wanted.start < file.covers.end)
        return next(around, wanted)

    def replaced(self, generation: int, gone: tuple[File, ...], come: tuple[File, ...]) -> "Manifest":
        left = [file for file in self.files if file not in gone]
        return Manifest(generation, tuple(sorted((*left, *come), key=lambda file: file.period)))


def _micros(time: np.datetime64) -> int:
    return int(time.astype("M8[us]").astype(np.int64))


def load(folder: Path) -> Manifest:
    """An empty one when there is none. Raises `Unavailable` for one that cannot be read."""
    path = folder / NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        return Manifest()
    except (OSError, msgspec.DecodeError) as error:
        raise Unavailable(
            Text(
                f"{path} est illisible : reprenez-le d'une sauvegarde.",
                f"{path} cannot be read: take it back from a backup.",
            )
        ) from error


def save(folder: Path, manifest: Manifest) -> None:
    """On disk once this returns. Raises `OSError`: then either the one before or this one is found later."""
    partial = folder / f"{NAME}.partial"
    with partial.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        file.flush()
        os.fsync(file.fileno())
    partial.rename(folder / NAME)
    sync_folder(folder)


def aware(time: np.datetime64) -> datetime:
    moment: datetime = time.astype("M8[us]").item()
    return moment.replace(tzinfo=UTC)
