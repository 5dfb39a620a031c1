"""Reads of few series, which are nearly all: from memory and straight from row groups, without the engine."""

import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from beffroi.observations.acknowledged import Acknowledged
from beffroi.observations.aggregates import Grain, Plan
from beffroi.observations.manifest import Block, File, Manifest
from beffroi.observations.refusals import damaged
from beffroi.observations.settled import Settled
from beffroi.observations.slices import DAYS, DAYS_OF_SUMS, HOURS, OBSERVATIONS, Slices, V
from beffroi.observations.sums import Sums
from beffroi.observations.tracks import Track, joined
from beffroi.observations.windows import Windows

logger = logging.getLogger(__name__)

MOST_PIECES = 4000
"""(series, file) to look up"""
MOST_ROWS = 2_000_000
"""about; what is more is streamed by the engine"""


class Wanted(NamedTuple):
    """A window; times in microseconds since 1970."""

    series: int
    start: int
    end: int


Parts = list[Track | Sums]


class Points:
    """For any thread. What it cannot tell for sure, it leaves to the engine. Raises `Unavailable` for a file that is
    damaged."""

    def __init__(self, settled: Settled, acknowledged: Acknowledged, *, most_windows: int, most_bytes: int) -> None:
        self._settled, self._acknowledged, self._most_windows = settled, acknowledged, most_windows
        self._tracks = Slices(settled.folder, OBSERVATIONS, most_bytes=most_bytes // 2)
        self._kept: dict[Grain, Slices[Any, Any, Sums]] = {
            "hour": Slices(settled.folder, HOURS, most_bytes=most_bytes // 4),
            "day": Slices(settled.folder, DAYS, most_bytes=most_bytes // 8),
            "day of sums": Slices(settled.folder, DAYS_OF_SUMS, most_bytes=most_bytes // 8),
        }
        settled.forgetting += [self._tracks.forget, *(each.forget for each in self._kept.values())]

    def tracks(self, windows: Windows, *, reject: int = 0) -> list[tuple[int, Track]] | None:
        """For each window its series and what it holds; None when the engine must be asked."""
        if len(windows) > self._most_windows:
            return None
        wanted = _wanted(windows)
        # held from before the state is taken, so that its files stay until they are read
        with self._settled.held():
            with self._acknowledged.changed:
                manifest, recent = self._settled.manifest, self._recent(wanted)
            found = self._told(manifest, wanted, recent, reject)
        return None if found is None else list(zip(windows.series.tolist(), found, strict=True))

    def grain(self, plan: Plan) -> Grain | None:
        """Of which figures kept here what is asked may be told."""
        return plan.grain(self._settled.time_zone)

    def parts(self, windows: Windows, *, grain: Grain | None, reject: int = 0) -> list[tuple[int, Parts]] | None:
        """As `tracks`, in the order of time; figures kept by `grain` stand for what lies within whole blocks."""
        if grain is None:
            plain = self.tracks(windows, reject=reject)
            return None if plain is None else [(series, [track]) for series, track in plain]
        if len(windows) > self._most_windows:
            return None
        with self._settled.held():
            with self._acknowledged.changed:
                manifest = self._settled.manifest
                kept = [block for file in manifest.files if self._is_summed(file, grain) for block in file.blocks]
                whole = [[block for block in kept if _holds(each, block)] for each in _wanted(windows)]
                rest = [_without(each, blocks) for each, blocks in zip(_wanted(windows), whole, strict=True)]
                recent = self._recent([each for pieces in rest for each in pieces])
            tracks = self._told(manifest, [each for pieces in rest for each in pieces], recent, reject)
            summed = self._summed(_wanted(windows), whole, grain)
        if tracks is None or summed is None:
            return None
        one_by_one = iter(tracks)
        return [
            (each.series, _in_order([(piece.start, next(one_by_one)) for piece in pieces], blocks, kept_of))
            for each, pieces, blocks, kept_of in zip(_wanted(windows), rest, whole, summed, strict=True)
        ]

    def _is_summed(self, file: File, grain: Grain) -> bool:
        """Whether figures of what is in `file` tell of all there is. The caller holds the lock."""
        told = grain == "hour" or (file.daily is not None and file.daily.time_zone == self._settled.time_zone)
        return told and not self._acknowledged.days.touch(file.covers.start, file.covers.end)

    def _recent(self, wanted: Sequence[Wanted]) -> list[list[Track] | None]:
        """The caller holds the lock."""
        return [self._acknowledged.lately.of(*each) for each in wanted]

    def _told(
        self, manifest: Manifest, wanted: Sequence[Wanted], recent: Sequence[list[Track] | None], reject: int
    ) -> list[Track] | None:
        settled = None if any(tracks is None for tracks in recent) else self._from_files(manifest, wanted)
        if settled is None:
            return None
        # what is recent was written after what is settled, each day's in the order of arrival
        pieces = zip(settled, recent, strict=True)
        return [joined([*before, *(after or [])]).accepted(reject) for before, after in pieces]

    def _from_files(self, manifest: Manifest, wanted: Sequence[Wanted]) -> list[list[Track]] | None:
        spans: dict[tuple[int, int], list[int]] = {}
        for place, each in enumerate(wanted):
            spans.setdefault((each.start, each.end), []).append(place)
        found: list[list[Track]] = [[] for _ in wanted]
        for (start, end), places in spans.items():
            if start >= end:
                continue
            files = manifest.within(np.datetime64(start, "us"), np.datetime64(end, "us"))
            blocks = [block for file in files for block in file.blocks if block.start < end and start < block.end]
            series = sorted({wanted[place].series for place in places})
            read = self._read(self._tracks, blocks, series)
            if read is None:
                return None
            for place in places:
                held = read[series.index(wanted[place].series)]
                found[place] = [track.within(start, end) for track in held]
        return found

    def _summed(self, wanted: Sequence[Wanted], whole: Sequence[list[Block]], grain: Grain) -> list[list[Sums]] | None:
        found = []
        for each, blocks in zip(wanted, whole, strict=True):
            read = self._read(self._kept[grain], blocks, [each.series])
            if read is None:
                return None
            found.append(read[0])
        return found

    def _read(
        self, slices: Slices[Any, Any, V], blocks: Sequence[Block], series: Sequence[int]
    ) -> list[list[V]] | None:
        if _is_much(blocks, len(series)):
            return None
        try:
            return slices.read(blocks, series)
        except (OSError, pa.ArrowException) as error:
            logger.error("%s", error)
            if isinstance(error, OSError) and error.errno is not None:
                return None  # the engine, asked next, says it to the reader
            raise damaged() from error  # the engine checks no checksum of pages: it might read what is not so


def _wanted(windows: Windows) -> list[Wanted]:
    ends = (windows.start.astype(np.int64), windows.end.astype(np.int64))
    return [Wanted(*each) for each in zip(*(column.tolist() for column in (windows.series, *ends)), strict=True)]


def _is_much(blocks: Sequence[Block], series: int) -> bool:
    each = sum(block.rows_of_a_series for block in blocks)
    return len(blocks) * series > MOST_PIECES or each * series > MOST_ROWS


def _holds(wanted: Wanted, block: Block) -> bool:
    """Whether all that the block has, if not all that it might have, lies in a window."""
    return wanted.start <= block.first and block.last < wanted.end


def _without(wanted: Wanted, blocks: Sequence[Block]) -> list[Wanted]:
    """The stretches of a window that lie in none of some blocks, which are in the order of time."""
    starts = [wanted.start, *(block.end for block in blocks)]
    ends = [*(block.start for block in blocks), wanted.end]
    return [Wanted(wanted.series, start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def _in_order(tracks: Sequence[tuple[int, Track]], blocks: Sequence[Block], sums: Sequence[Sums]) -> Parts:
    """What `_without` cut, each with its start, and what stands for the blocks between."""
    parts: list[tuple[int, Track | Sums]] = [*tracks, *zip((block.start for block in blocks), sums, strict=True)]
    return [part for _, part in sorted(parts, key=lambda part: part[0]) if len(part)]
