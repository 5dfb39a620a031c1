"""The record beside a plain dictionary: whatever is done in whatever order, every read is the same."""

import contextlib
import shutil
import tempfile
from collections import Counter
from datetime import datetime
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from beffroi.observations import (
    FIRST,
    EmbeddedRecord,
    Few,
    Quality,
    Thinning,
    Windows,
    batch_of,
    instant,
    microseconds,
)
from beffroi.observations.recent import Recent
from tests.observations.builders import Engine, an_aggregation, buckets_of
from tests.observations.builders import at as since_start

CORRECTED = int(Quality.CORRECTED)
SUMMARISED = int(Quality.SUMMARISED)
REPROACHED = int(Quality.OUT_OF_RANGE | Quality.FROZEN | Quality.DOUBTFUL)
EVENING = 8 * 1440 + 23 * 60 + 54
"""the 9th of January at 23:54, so that the minutes of the model are of two days of a third of a month"""
SERIES = st.integers(0, 3)
MINUTES = st.integers(0, 12)
CONTENTS = st.one_of(
    st.sampled_from([(1.0, None, None, None), (2.5, None, None, None), (None, "on", None, None)]),
    st.sampled_from([(0.0, None, None, None), (None, None, 1.0, 2.0), (1.0, "both", 1.0, 2.0)]),
)
ROWS = st.lists(st.tuples(SERIES, MINUTES, CONTENTS, st.sampled_from([0, 0, 0, 1, 128])), min_size=1, max_size=8)
SPAN = st.tuples(st.none() | MINUTES, st.none() | MINUTES)
WINDOWS = st.lists(st.tuples(SERIES, SPAN), max_size=5)

Rows = list[tuple[int, int, tuple[Any, ...], int]]
Key = tuple[int, int]
Held = dict[Key, tuple[Any, ...]]
"""(series, minute): value, text, longitude, latitude, quality."""


def at(minute: int) -> datetime:
    return since_start(EVENING + minute)


def windows_of(rows: list[tuple[int, tuple[int | None, int | None]]]) -> Windows:
    def time(minute: int | None) -> datetime | None:
        return None if minute is None else at(minute)

    kept = [(s, a, b) for s, (a, b) in rows if a is None or b is None or a < b]
    return Windows.of([(s, time(a), time(b)) for s, a, b in kept])


def visible(held: Held, rows: list[tuple[int, tuple[int | None, int | None]]]) -> Held:
    def seen(series: int, minute: int) -> bool:
        return any(s == series and (a is None or a <= minute) and (b is None or minute < b) for s, (a, b) in rows)

    return {key: held[key] for key in sorted(held) if seen(*key)}


def plain(table: Any) -> list[tuple[Any, ...]]:
    names = ("text", "longitude", "latitude", "quality")
    return [
        (row["series"], row["time"], rounded(row["value"]), *(row[name] for name in names)) for row in table.to_pylist()
    ]


def expected(held: Held) -> list[tuple[Any, ...]]:
    return [(series, at(minute), rounded(one[0]), *one[1:]) for (series, minute), one in held.items()]


def rounded(value: float | None) -> float | None:
    """Means may differ by the order in which they were summed."""
    return None if value is None else round(value, 9)


def figure_of(rows: dict[int, tuple[Any, ...]], opening: int, figure: str) -> tuple[int, tuple[Any, ...]]:
    """What becomes of the observations of a bucket (by minute), and at which minute."""
    if len(rows) == 1 and next(iter(rows.values()))[4] & SUMMARISED:
        return next(iter(rows.items()))
    numbers = [one for one in rows.values() if one[0] is not None]
    counted = [one for one in numbers if not one[4] & REPROACHED] or numbers
    if figure == "mean" and counted:
        mean = sum(one[0] for one in counted) / len(counted)
        return opening, (mean, None, None, None, reduce(or_, (one[4] for one in counted)) | SUMMARISED)
    good = [minute for minute, one in rows.items() if not one[4] & REPROACHED]
    last = max(good or rows)
    return last, (*rows[last][:4], rows[last][4] | SUMMARISED)


def tallied(table: Any) -> dict[int, int]:
    return dict(zip(table["series"].to_pylist(), table["observations"].to_pylist(), strict=True))


def time_of(minute: int) -> np.datetime64:
    return instant(at(minute), FIRST)


class Dead(Exception):
    pass


def dying(*given: Any) -> None:
    raise Dead


class Comparison(RuleBasedStateMachine):
    engine: Engine
    record: EmbeddedRecord

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.record = self.engine.open(self.folder)
        self.held: Held = {}

    @rule(rows=ROWS)
    def append(self, rows: Rows) -> None:
        contents = [row[2] for row in rows]
        names = ("value", "text", "longitude", "latitude")
        self.record.append(
            batch_of(
                {"series": [row[0] for row in rows], "time": [at(row[1]) for row in rows]}
                | {name: [one[place] for one in contents] for place, name in enumerate(names)}
                | {"quality": [row[3] for row in rows]}
            )
        )
        self._hold(rows)

    @rule(rows=st.lists(ROWS, min_size=1, max_size=4))
    def append_some_few(self, rows: list[Rows]) -> None:
        """What comes by small posts, one after another, and is not looked at in between."""
        for some in rows:
            if placeless := [row for row in some if row[2][2] is None]:
                series, minutes, contents, quality = zip(*placeless, strict=True)
                value, text, *_ = zip(*contents, strict=True)
                self.record.submit(Few(series, [microseconds(at(m)) for m in minutes], value, quality, text)).result()
                self._hold(placeless)

    def _hold(self, rows: Rows) -> None:
        for key, (observed, quality) in {(s, m): (c, q) for s, m, c, q in rows}.items():
            before = self.held.get(key)
            if before is not None:
                quality |= CORRECTED if before[:4] != observed else before[4] & CORRECTED
            self.held[key] = (*observed, quality)

    @rule(rows=WINDOWS)
    def delete(self, rows: list[Any]) -> None:
        gone = visible(self.held, rows)
        assert tallied(self.record.tally(windows_of(rows))) == Counter(series for series, _ in gone)
        assert self.record.delete(windows_of(rows)) == len(gone)
        self.held = {key: contents for key, contents in self.held.items() if key not in gone}

    @rule(
        rows=WINDOWS,
        unit=st.sampled_from([("hour", 60), ("day", 1440)]),
        zone=st.sampled_from([("UTC", 0), ("Europe/Paris", 60)]),
        figure=st.sampled_from(["mean", "last"]),
    )
    def thin(self, rows: list[Any], unit: tuple[Any, int], zone: tuple[str, int], figure: Any) -> None:
        windows = windows_of(rows)
        thinning = Thinning(windows, 1, unit[0], zone[0], figure)
        gone, come, length, shift = set[Key](), Held(), unit[1], zone[1] + EVENING
        for series, start, end in zip(windows.series, windows.start, windows.end, strict=True):
            inside = {m: one for (s, m), one in sorted(self.held.items()) if s == series and start <= time_of(m) < end}
            openings = {minute: (minute + shift) // length * length - shift for minute in inside}
            for opening in set(openings.values()):
                bucket = {minute: one for minute, one in inside.items() if openings[minute] == opening}
                first = max(opening, int((start - time_of(0)) // np.timedelta64(1, "m")))
                minute, made = figure_of(bucket, first, figure)
                if bucket != {minute: made} or not made[4] & SUMMARISED:
                    gone |= {(series, minute) for minute in bucket}
                    come[series, minute] = made
        assert tallied(self.record.tally(windows, thinning)) == Counter(series for series, _ in gone)
        done = self.record.thin(thinning)
        assert (tallied(done.by_series), done.figures) == (Counter(series for series, _ in gone), len(come))
        self.held = {key: one for key, one in self.held.items() if key not in gone} | come

    @rule()
    def scrub(self) -> None:
        assert self.record.scrub()

    @rule()
    def let_the_tail_go(self) -> None:
        assert self.record.delete(Windows.whole([99])) == 0

    @rule(minute=st.sampled_from([6, 10_000]))
    def settle(self, minute: int) -> None:
        """The first day, or both."""
        self.record.settle(until=at(minute))

    @rule(until=st.sampled_from([since_start(10 * 1440), None]))
    def merge(self, until: datetime | None) -> None:
        """By ten days, or by month."""
        self.record.compact(until=until)

    @rule()
    def die_while_settling(self) -> None:
        """After the files are swapped, before what they hold leaves the table."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Recent, "forget", dying)
            with contextlib.suppress(Dead):
                self.record.settle()

    @rule()
    def restart(self) -> None:
        self.record.close()
        self.record = self.engine.open(self.folder)

    @rule(rows=WINDOWS, reject=st.sampled_from([0, 16, 129]), limit=st.none() | st.integers(0, 5))
    def read(self, rows: list[Any], reject: int, limit: int | None) -> None:
        wanted = {key: one for key, one in visible(self.held, rows).items() if not one[4] & reject}
        found = self.record.read(windows_of(rows), reject=reject, limit=limit).read_all()
        assert plain(found) == expected(wanted)[:limit]

    @rule(rows=WINDOWS)
    def read_newest_first(self, rows: list[Any]) -> None:
        wanted = sorted(visible(self.held, rows).items(), key=lambda item: (item[0][0], -item[0][1]))
        assert plain(self.record.read(windows_of(rows), newest_first=True).read_all()) == expected(dict(wanted))

    @rule(rows=WINDOWS)
    def latest(self, rows: list[Any]) -> None:
        wanted = {key[0]: (key, one) for key, one in visible(self.held, rows).items()}
        assert plain(self.record.latest(windows_of(rows))) == expected(dict(wanted.values()))

    @rule(rows=WINDOWS, start=MINUTES, every=st.sampled_from([1, 3, 5]))
    def aggregate(self, rows: list[Any], start: int, every: int) -> None:
        wanted: dict[Key, list[float | None]] = {}
        for (series, minute), one in visible(self.held, rows).items():
            if start <= minute < start + 6:
                wanted.setdefault((series, (EVENING + minute) // every * every), []).append(one[0])
        found = self.record.aggregate(
            windows_of(rows),
            an_aggregation("count", "sum", "last", start=at(start), end=at(start + 6), every=every, unit="minute"),
        )
        figures = [
            (*key, rounded(total), rounded(last)) for *key, total, last in buckets_of(found, "count", "sum", "last")
        ]
        assert figures == [
            (*key, len(values), rounded(sum(numbers)) if numbers else None, rounded(numbers[-1]) if numbers else None)
            for key, values in wanted.items()
            for numbers in [[value for value in values if value is not None]]
        ]

    @invariant()
    def holds_as_many(self) -> None:
        if hasattr(self, "record"):
            stats = self.record.stats()
            assert (stats.observations, stats.series) == (len(self.held), len({key[0] for key in self.held}))

    def teardown(self) -> None:
        if hasattr(self, "record"):
            self.record.close()
            shutil.rmtree(self.folder)


def test_the_record_is_a_dictionary_by_series_and_time(engine: Engine, soak: bool) -> None:
    machine = type("Compared", (Comparison,), {"engine": engine})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=1000 if soak else 8,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


pytestmark = pytest.mark.timeout(3600)
