"""Buckets of time aligned on the calendar of a place, where a day may last 23 or 25 hours."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from beffroi.errors import Invalid, Text
from beffroi.observations.admission import EARLIEST, TOO_LATE

MOST_BUCKETS = 1_000_000
SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
MONDAY = 4 * DAY
"""1970-01-05, a Monday, in microseconds since 1970"""
SHORTEST = {"minute": 60 * SECOND, "hour": HOUR, "day": DAY, "week": 7 * DAY, "month": 28 * DAY, "year": 365 * DAY}
LONGEST = 100 * 366 * DAY
MONTHS = {"month": 1, "year": 12}

Instants = NDArray[np.int64]


class Stretch(NamedTuple):
    """A stretch of time under one UTC offset; all in microseconds."""

    start: int
    end: int
    offset: int


@lru_cache(maxsize=512)
def edges(start: datetime, end: datetime, every: int, unit: str, time_zone: str) -> Instants:
    """Where buckets begin, in microseconds UTC, the first at or before `start`, the last (an end only) at or after
    `end`.

    - `minute` and `hour` buckets count from local midnight and must divide a day. Up to an hour long, those of the hour
      that autumn repeats are told apart; longer ones hold both (02:00 to 04:00 lasts three hours).
    - `day` buckets go from local midnight to midnight. Several days count from 1970-01-01, weeks begin on Monday and
      several count from 1970-01-05, several months or years count from year 0 (3 months are quarters).
    - `all` is one bucket, `start` to `end`.

    Raises `Invalid`, naming the field of an `Aggregation`.
    """
    first, last = _micros("start", start), _micros("end", end)
    if not first < last:
        raise Invalid("end", Text("La fin doit venir après le début.", "The end must come after the start."))
    if unit == "all":
        return np.array([first, last], dtype=np.int64)
    _check(every, unit, last - first)
    zone = _zone(time_zone)
    lowest = _multiples(first - DAY, first - DAY, every, unit)[0]
    highest = last + DAY + every * (366 if unit == "year" else 31) * DAY
    spans = _stretches(zone, int(lowest) - 2 * DAY, int(highest))
    repeated = SHORTEST[unit] * every <= HOUR
    pieces = []
    reached = spans[0].start + spans[0].offset
    for span in spans:
        opening, closing = span.start + span.offset, span.end + span.offset
        # clocks set forward skip from `reached` to `opening`: an edge in between falls on the change itself
        begin = min(reached, opening) if repeated else reached
        local = _multiples(begin, closing, every, unit)
        local = local[(local >= begin) & (local < closing)]
        pieces.append(np.maximum(local - span.offset, span.start))
        reached = max(reached, closing)
    found = np.unique(np.concatenate(pieces))
    kept = found[np.searchsorted(found, first, side="right") - 1 : np.searchsorted(found, last, side="left") + 1]
    kept.flags.writeable = False  # whoever asks the same is given the same
    return kept


def _check(every: int, unit: str, length: int) -> None:
    if unit not in SHORTEST:
        raise Invalid("unit", Text("Cette unité n'existe pas.", "There is no such unit."))
    if every < 1:
        raise Invalid("every", Text("Il faut au moins 1.", "It must be at least 1."))
    if every * SHORTEST[unit] > LONGEST:
        raise Invalid(
            "every",
            Text(
                "Une tranche dure au plus cent ans, ou tout (all).", "A bucket lasts a hundred years at most, or all."
            ),
        )
    if unit in ("minute", "hour") and DAY % (every * SHORTEST[unit]):
        raise Invalid(
            "every",
            Text(
                "Des tranches en minutes ou en heures doivent diviser un jour ; au-delà, comptez en jours.",
                "Buckets of minutes or hours must divide a day; count longer ones in days.",
            ),
        )
    if length // (every * SHORTEST[unit]) > MOST_BUCKETS:
        raise Invalid(
            "every",
            Text(
                f"Cela fait plus de {MOST_BUCKETS} tranches : prenez-les plus longues, ou une période plus courte.",
                f"This makes more than {MOST_BUCKETS} buckets: take longer ones, or a shorter period.",
            ),
        )


def _micros(field: str, time: datetime) -> int:
    """Kept within what the record can hold."""
    if time.tzinfo is None:
        raise Invalid(field, Text("Une date sans fuseau.", "A time without zone."))
    moment = np.datetime64(time.astimezone(UTC).replace(tzinfo=None), "us")
    return int(np.clip(moment, EARLIEST, TOO_LATE).astype(np.int64))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            "time_zone",
            Text(f"Fuseau horaire inconnu : «\u00a0{name}\u00a0».", f"Unknown time zone: “{name}”."),
        ) from error


def _multiples(start: int, end: int, every: int, unit: str) -> Instants:
    """Local times (microseconds since 1970 on the local clock) where buckets begin, from the last at or before
    `start`."""
    if unit in MONTHS:
        step = every * MONTHS[unit]
        first, last = (int(np.datetime64(t, "us").astype("datetime64[M]").astype(np.int64)) for t in (start, end))
        origin = -1970 * 12
        months = np.arange((first - origin) // step * step + origin, last + step + 1, step)
        return np.asarray(months.astype("datetime64[M]").astype("datetime64[us]").astype(np.int64))
    step = every * SHORTEST[unit]
    origin = MONDAY if unit == "week" else 0
    return np.arange((start - origin) // step * step + origin, end + step, step, dtype=np.int64)


def _stretches(zone: ZoneInfo, start: int, end: int) -> list[Stretch]:
    found = []
    start = start // DAY * DAY
    offset, since = _offset(zone, start), start
    for day in range(start + DAY, end + DAY, DAY):
        if (later := _offset(zone, day)) != offset:
            change = _change(zone, day - DAY, day)
            found.append(Stretch(since, change, offset))
            offset, since = later, change
    return [*found, Stretch(since, end + DAY, offset)]


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """The instant, to the second, when the offset of `before` ends."""
    offset = _offset(zone, before)
    while after - before > SECOND:
        middle = (before + after) // 2 // SECOND * SECOND
        before, after = (middle, after) if _offset(zone, middle) == offset else (before, middle)
    return after


def _offset(zone: ZoneInfo, time: int) -> int:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time)
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)
