"""What every engine behind `Record` does. A new engine joins `builders.ENGINES`."""

import re
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from beffroi.errors import Invalid, Unavailable
from beffroi.observations import SCHEMA, Quality, Record, Thinning, Windows, batch_of
from tests.observations.builders import (
    START,
    Engine,
    a_batch,
    an_aggregation,
    at,
    buckets_of,
    everything,
    rows_of,
)

CORRECTED = int(Quality.CORRECTED)
DAY = 1440
"""minutes"""
SUMMARISED = int(Quality.SUMMARISED)
PAUSE = 0.002
"""seconds between two reads of who reads all the while, so that the others have their turn"""
MARKS = re.compile(b"Valtin|Ducrocq|Kerbrat|Ollivier")


def test_what_is_acknowledged_is_read_at_once(record: Record) -> None:
    record.append(a_batch((1, 0, 1.5), (2, 0, 2.5)))
    assert everything(record) == [(1, 0, 1.5, 0), (2, 0, 2.5, 0)]


def test_a_read_has_the_schema_of_a_batch(record: Record) -> None:
    record.append(a_batch())
    assert record.read(Windows.whole([1])).read_all().schema == SCHEMA


def test_every_kind_of_observation_is_kept(record: Record) -> None:
    given = batch_of(
        {
            "series": [1, 2, 3, 4],
            "time": [START] * 4,
            "value": [21.5, 1.0, None, None],
            "text": [None, None, "en panne", None],
            "longitude": [None, None, None, -1.4267],
            "latitude": [None, None, None, 46.6705],
        }
    )
    record.append(given)
    assert record.read(Windows.whole([1, 2, 3, 4])).read_all().equals(given)
    assert record.latest(Windows.whole([1, 2, 3, 4])).equals(given)


NOTHING: dict[str, Any] = {"value": None, "text": None, "longitude": None, "latitude": None}
KINDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "number": ({"value": 21.5}, {"value": -3.25}),
    "counter": ({"value": 9_999.999}, {"value": 4_294_967_296.0}),
    "boolean": ({"value": 1.0}, {"value": 0.0}),
    "enumeration": ({"text": "on"}, {"text": "off"}),
    "text": ({"text": "Niveau « haut », vanne 3"}, {"text": ""}),
    "position": ({"longitude": -1.4267, "latitude": 46.6705}, {"longitude": -1.4267, "latitude": 46.6706}),
}
"""of each kind of values, one and another"""
each_kind = pytest.mark.parametrize(("one", "other"), KINDS.values(), ids=list(KINDS))


def observed(*rows: tuple[int, float, dict[str, Any]]) -> pa.Table:
    """Rows of (series, minute, what is observed)."""
    whole = [NOTHING | contents for _, _, contents in rows]
    columns = {name: [row[name] for row in whole] for name in NOTHING}
    return a_batch(*((series, minute, None) for series, minute, _ in rows), **columns)


def contents_of(table: pa.Table) -> list[tuple[dict[str, Any], int]]:
    """What is observed, and the quality."""
    return [
        ({name: row[name] for name in NOTHING if row[name] is not None}, row["quality"]) for row in table.to_pylist()
    ]


@each_kind
def test_any_kind_is_read_as_it_was_written(record: Record, one: dict[str, Any], other: dict[str, Any]) -> None:
    ack = record.append(observed((1, 0, one), (1, DAY, other), (2, 0, one)))
    assert ack.rows == 3
    assert contents_of(record.read(Windows.whole([1])).read_all()) == [(one, 0), (other, 0)]
    newest_first = record.read(Windows.whole([1]), newest_first=True, limit=1).read_all()
    assert contents_of(newest_first) == [(other, 0)]
    assert contents_of(record.latest(Windows.whole([1, 2]))) == [(other, 0), (one, 0)]


@each_kind
def test_any_kind_is_corrected_and_stays_so(record: Record, one: dict[str, Any], other: dict[str, Any]) -> None:
    record.append(observed((1, 0, one), (1, DAY, one)))
    for contents in (one, other, other):
        record.append(observed((1, DAY, contents)))
    record.append(observed((1, 2 * DAY, one)))
    assert contents_of(record.read(Windows.whole([1])).read_all()) == [(one, 0), (other, CORRECTED), (one, 0)]
    record.delete(Windows.of([(1, at(2 * DAY), None)]))
    assert contents_of(record.latest(Windows.whole([1]))) == [(other, CORRECTED)]
    record.append(observed((1, DAY, one)))
    assert contents_of(record.latest(Windows.whole([1]))) == [(one, CORRECTED)]


@each_kind
def test_any_kind_is_there_after_a_restart(
    engine: Engine, tmp_path: Path, one: dict[str, Any], other: dict[str, Any]
) -> None:
    record = engine.open(tmp_path)
    record.append(observed((1, 0, one), (1, 1, one)))
    record.append(observed((1, 1, other)))
    record.close()
    record = engine.open(tmp_path)
    assert contents_of(record.read(Windows.whole([1])).read_all()) == [(one, 0), (other, CORRECTED)]
    assert contents_of(record.latest(Windows.whole([1]))) == [(other, CORRECTED)]
    record.close()


@each_kind
def test_any_kind_is_counted_and_only_numbers_are_figures(
    record: Record, one: dict[str, Any], other: dict[str, Any]
) -> None:
    record.append(observed((1, 0, one), (1, 10, other), (1, 70, one)))
    found = record.aggregate(Windows.whole([1]), an_aggregation("count", "first", "last", "max"))
    first, last = one.get("value"), other.get("value")
    greatest = None if first is None or last is None else max(first, last)
    assert buckets_of(found, "count", "first", "last", "max") == [
        (1, 0, 2, first, last, greatest),
        (1, 60, 1, first, first, first),
    ]


def test_the_figures_of_a_boolean_say_how_often_it_was_true(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0), (1, 10, 0.0), (1, 20, 1.0), (1, 30, 1.0)))
    found = record.aggregate(Windows.whole([1]), an_aggregation("first", "last", "count", "sum", "mean"))
    assert buckets_of(found, "first", "last", "count", "sum", "mean") == [(1, 0, 1.0, 1.0, 4, 3.0, 0.75)]


def test_rows_come_by_series_then_time_whatever_their_arrival(record: Record) -> None:
    record.append(a_batch((2, 5, 1.0), (1, 7, 2.0)))
    record.append(a_batch((1, 3, 3.0), (2, 1, 4.0)))
    assert [row[:2] for row in everything(record)] == [(1, 3), (1, 7), (2, 1), (2, 5)]


def test_the_acknowledgement_counts_a_double_once(record: Record) -> None:
    ack = record.append(a_batch((1, 0, 1.0), (1, 0, 2.0), (1, 1, 3.0)), batch_id="a")
    assert (ack.batch_id, ack.rows) == ("a", 2)


def test_the_last_row_of_a_double_wins_without_a_trace(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0), (2, 0, 5.0), (1, 0, 2.0)))
    assert everything(record) == [(1, 0, 2.0, 0), (2, 0, 5.0, 0)]


def test_versions_grow(record: Record) -> None:
    assert record.append(a_batch()).version < record.append(a_batch((1, 1, 1.0))).version


def test_a_rewrite_wins_and_is_flagged(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0), (1, 1, 1.0)))
    record.append(a_batch((1, 0, 2.0)))
    assert everything(record) == [(1, 0, 2.0, CORRECTED), (1, 1, 1.0, 0)]


def test_writing_the_same_again_leaves_no_trace(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0)))
    record.append(a_batch((1, 0, 1.0)))
    assert everything(record) == [(1, 0, 1.0, 0)]


def test_a_correction_stays_known_once_written_back(record: Record) -> None:
    for value in (1.0, 2.0, 1.0, 1.0):
        record.append(a_batch((1, 0, value)))
    assert everything(record) == [(1, 0, 1.0, CORRECTED)]


def test_a_rewrite_may_change_the_quality_alone(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0), quality=[int(Quality.DOUBTFUL)]))
    record.append(a_batch((1, 0, 1.0), quality=[int(Quality.ESTIMATED)]))
    assert everything(record) == [(1, 0, 1.0, int(Quality.ESTIMATED))]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"text": ["on"]}, {"text": ["off"]}),
        ({"text": ["on"]}, {"value": [1.0], "text": [None]}),
        ({"longitude": [1.0], "latitude": [2.0]}, {"longitude": [1.0], "latitude": [3.0]}),
    ],
    ids=["text", "kind", "position"],
)
def test_a_rewrite_of_any_kind_is_flagged(record: Record, before: dict, after: dict) -> None:
    for columns in (before, after):
        record.append(a_batch((1, 0, None), **columns))
    assert everything(record)[0][3] == CORRECTED
    assert rows_of(record.latest(Windows.whole([1])))[0][3] == CORRECTED


def test_a_known_batch_id_is_acknowledged_and_not_written_again(record: Record) -> None:
    first = record.append(a_batch((1, 0, 1.0)), batch_id="a")
    record.append(a_batch((1, 0, 2.0)), batch_id="b")
    assert record.append(a_batch((1, 0, 1.0)), batch_id="a") == first
    assert everything(record) == [(1, 0, 2.0, CORRECTED)]


def test_a_batch_id_is_known_after_a_restart(engine: Engine, tmp_path: Path) -> None:
    record = engine.open(tmp_path)
    first = record.append(a_batch((1, 0, 1.0)), batch_id="a")
    record.close()
    record = engine.open(tmp_path)
    assert record.append(a_batch((1, 0, 9.0)), batch_id="a") == first
    assert everything(record) == [(1, 0, 1.0, 0)]
    record.close()


def test_an_empty_batch_is_acknowledged(record: Record) -> None:
    assert record.append(SCHEMA.empty_table()).rows == 0
    record.append(a_batch())
    assert everything(record) == [(1, 0, 1.0, 0)]


# windows


def test_nothing_outside_a_window_is_read(record: Record) -> None:
    record.append(a_batch(*((series, minute, 1.0) for series in (1, 2) for minute in range(10))))
    windows = Windows.of([(1, at(2), at(4)), (1, at(6), at(7)), (3, None, None)])
    assert [row[:2] for row in rows_of(record.read(windows))] == [(1, 2), (1, 3), (1, 6)]


def test_without_windows_nothing_is_read(record: Record) -> None:
    record.append(a_batch())
    nothing = Windows.of([])
    assert rows_of(record.read(nothing)) == []
    assert record.latest(nothing).num_rows == 0
    assert record.aggregate(nothing, an_aggregation(fill="zero")).num_rows == 0
    assert record.delete(nothing) == 0


def test_the_newest_may_come_first_within_each_series(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0), (1, 1, 2.0), (2, 0, 3.0)))
    assert [row[:2] for row in everything(record, newest_first=True)] == [(1, 1), (1, 0), (2, 0)]


def test_the_limit_counts_over_all_series(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0), (2, 0, 2.0), (3, 0, 3.0)))
    assert [row[0] for row in everything(record, limit=2)] == [1, 2]


def test_rejected_qualities_are_left_out(record: Record) -> None:
    doubtful, frozen = int(Quality.DOUBTFUL), int(Quality.FROZEN)
    record.append(a_batch((1, 0, 1.0), (1, 1, 2.0), (1, 2, 3.0), quality=[0, doubtful | 1, frozen]))
    assert [row[1] for row in everything(record, reject=doubtful)] == [0, 2]
    found = record.aggregate(Windows.whole([1]), an_aggregation("count", "sum", reject=doubtful | frozen))
    assert buckets_of(found, "count", "sum") == [(1, 0, 1, 1.0)]


# latest


def test_the_latest_is_of_greatest_time_not_arrival(record: Record) -> None:
    record.append(a_batch((1, 5, 1.0)))
    record.append(a_batch((1, 3, 2.0)))
    assert rows_of(record.latest(Windows.whole([1, 2]))) == [(1, 5, 1.0, 0)]


def test_the_latest_stays_within_its_window(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0), (1, 5, 2.0), (1, 9, 3.0), (2, 0, 4.0)))
    windows = Windows.of([(1, at(0), at(2)), (1, at(4), at(6)), (2, at(1), None)])
    assert rows_of(record.latest(windows)) == [(1, 5, 2.0, 0)]


def test_the_latest_is_right_after_a_restart(engine: Engine, tmp_path: Path) -> None:
    record = engine.open(tmp_path)
    record.append(a_batch((1, 5, 1.0), (2, 0, 8.0)))
    record.append(a_batch((1, 5, 2.0), (1, 4, 3.0)))
    record.close()
    record = engine.open(tmp_path)
    assert rows_of(record.latest(Windows.whole([1, 2]))) == [(1, 5, 2.0, CORRECTED), (2, 0, 8.0, 0)]
    record.close()


def test_the_latest_after_a_deletion_is_the_one_before(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0), (1, 5, 2.0), (2, 5, 3.0)))
    record.delete(Windows.of([(1, at(5), None), (2, None, None)]))
    assert rows_of(record.latest(Windows.whole([1, 2]))) == [(1, 0, 1.0, 0)]


# deleting


def test_deleting_says_how_many_went(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0), (1, 1, 2.0), (2, 0, 3.0)))
    assert record.delete(Windows.of([(1, at(1), None), (2, None, None), (3, None, None)])) == 2
    assert everything(record) == [(1, 0, 1.0, 0)]


def test_what_was_deleted_does_not_come_back(engine: Engine, tmp_path: Path) -> None:
    record = engine.open(tmp_path)
    record.append(a_batch((1, 0, 1.0), (2, 0, 2.0)))
    record.delete(Windows.whole([1]))
    record.close()
    record = engine.open(tmp_path)
    assert everything(record) == [(2, 0, 2.0, 0)]
    record.close()


def test_what_is_written_after_a_deletion_is_new(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0)))
    record.delete(Windows.whole([1]))
    record.append(a_batch((1, 0, 2.0)))
    assert everything(record) == [(1, 0, 2.0, 0)]


def test_a_removal_says_what_went_of_which_series(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0), (1, 1, 2.0), (2, 0, 3.0), (3, 0, 4.0)))
    assert record.tally(Windows.whole([1, 2])).to_pydict() == {"series": [1, 2], "observations": [2, 1]}
    removed = record.remove(Windows.whole([1, 2]))
    assert removed.by_series.to_pydict() == {"series": [1, 2], "observations": [2, 1]}
    assert everything(record) == [(3, 0, 4.0, 0)]


def test_once_scrubbed_no_file_holds_what_was_removed(record: Record, tmp_path: Path) -> None:
    for minute in range(3):
        record.append(a_batch((1, minute, None), text=["Valtin-Ducrocq"]))
    record.append(a_batch((1, 1, None), text=["Kerbrat-Ollivier"]))
    record.append(a_batch((2, 0, None), text=["kept"]))
    record.remove(Windows.whole([1]))
    assert record.scrub()
    record.append(a_batch((2, 1, None), text=["kept"]))
    held = [path.name for path in tmp_path.rglob("*") if path.is_file() and MARKS.search(path.read_bytes())]
    assert held == []
    assert [row[:2] for row in everything(record)] == [(2, 0), (2, 1)]


def test_a_scrubbed_record_opens_again(engine: Engine, tmp_path: Path) -> None:
    record = engine.open(tmp_path)
    record.append(a_batch((1, 0, 1.0), (2, 0, 2.0)), batch_id="a")
    record.remove(Windows.whole([1]))
    for _ in range(2):
        assert record.scrub()
    record.append(a_batch((2, 1, 3.0)))
    record.close()
    record = engine.open(tmp_path)
    record.append(a_batch((1, 0, 1.0)), batch_id="a")
    assert everything(record) == [(2, 0, 2.0, 0), (2, 1, 3.0, 0)]
    record.close()


def test_readers_and_writers_go_on_while_the_record_is_scrubbed(record: Record, soak: bool) -> None:
    minutes = 40 if soak else 12
    done = threading.Event()
    seen: list[int] = []

    def read() -> None:
        while not done.wait(PAUSE):
            seen.append(len(everything(record, 1)))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for minute in range(minutes):
            record.append(a_batch((1, minute, 1.0), (2, minute, 1.0)))
            if minute % 10 == 5:
                record.remove(Windows.whole([2]))
                record.scrub()
    finally:
        done.set()
        reader.join()
    assert seen == sorted(seen)
    assert len(everything(record, 1)) == minutes


# thinning


def thinning(figure: Any = "mean", *series: int, **given: Any) -> Thinning:
    options = {"windows": Windows.whole(list(series) or [1]), "every": 1, "unit": "hour", "time_zone": "Europe/Paris"}
    return Thinning(**(options | given), figure=figure)


def test_an_hour_becomes_its_mean_at_its_start(record: Record) -> None:
    record.append(a_batch((1, 5, 1.0), (1, 50, 4.0), (1, 60, 9.0), (2, 5, 7.0)))
    removed = record.thin(thinning())
    assert (removed.observations, removed.figures) == (3, 2)
    assert everything(record) == [(1, 0, 2.5, SUMMARISED), (1, 60, 9.0, SUMMARISED), (2, 5, 7.0, 0)]


def test_a_day_is_that_of_the_time_zone_and_may_lie_in_two_files(record: Record) -> None:
    record.append(a_batch((1, -60, 1.0), (1, 0, 3.0), (1, 22 * 60 + 59, 5.0), (1, 23 * 60, 8.0)))
    record.thin(thinning(unit="day"))
    assert everything(record) == [(1, -60, 3.0, SUMMARISED), (1, 23 * 60, 8.0, SUMMARISED)]


def test_the_last_of_a_counter_stays_at_its_time_and_its_growth_what_it_was(record: Record) -> None:
    record.append(a_batch(*((1, 10 * step, float(step)) for step in range(13))))
    asked = an_aggregation("delta", start=at(60))
    before = buckets_of(record.aggregate(Windows.whole([1]), asked), "delta")
    record.thin(thinning("last"))
    assert [row[:3] for row in everything(record)] == [(1, 50, 5.0), (1, 110, 11.0), (1, 120, 12.0)]
    assert buckets_of(record.aggregate(Windows.whole([1]), asked), "delta") == before


def test_words_and_positions_keep_their_last(record: Record) -> None:
    record.append(a_batch((1, 0, None), (1, 1, None), text=["on", "off"]))
    record.append(a_batch((2, 0, None), (2, 1, None), longitude=[1.0, 2.0], latitude=[46.0, 47.0]))
    record.thin(thinning("mean", 1, 2))
    found = record.read(Windows.whole([1, 2])).read_all()
    assert (found["text"].to_pylist(), found["longitude"].to_pylist()) == (["off", None], [None, 2.0])


def test_what_is_reproached_counts_only_where_there_is_nothing_else(record: Record) -> None:
    frozen, late = int(Quality.FROZEN), int(Quality.LATE)
    record.append(a_batch((1, 0, 1.0), (1, 1, 99.0), (1, 2, 3.0), (1, 60, 7.0), quality=[late, frozen, 0, frozen]))
    record.thin(thinning())
    assert everything(record) == [(1, 0, 2.0, SUMMARISED | late), (1, 60, 7.0, SUMMARISED | frozen)]


def test_thinning_again_changes_nothing(record: Record) -> None:
    record.append(a_batch((1, 5, 1.0), (1, 50, 4.0)))
    record.thin(thinning())
    again = record.thin(thinning())
    assert (again.observations, again.figures, again.files) == (0, 0, ())


def test_figures_of_hours_become_figures_of_days(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0), (1, 1, 3.0), (1, 60, 6.0)))
    record.thin(thinning(time_zone="UTC"))
    record.thin(thinning(time_zone="UTC", unit="day"))
    assert everything(record) == [(1, 0, 4.0, SUMMARISED)]


def test_only_windows_are_thinned(record: Record) -> None:
    record.append(a_batch(*((1, 10 * step, float(step)) for step in range(6))))
    record.thin(thinning(windows=Windows.of([(1, at(15), at(45))])))
    assert everything(record) == [(1, 0, 0.0, 0), (1, 10, 1.0, 0), (1, 15, 3.0, SUMMARISED), (1, 50, 5.0, 0)]


def test_a_tally_tells_what_thinning_would_take(record: Record) -> None:
    record.append(a_batch((1, 5, 1.0), (1, 50, 4.0), (1, 60, 4.0)))
    record.thin(thinning(windows=Windows.of([(1, at(0), at(60))])))
    record.append(a_batch((1, 70, 4.0)))
    assert record.tally(Windows.whole([1]), thinning()).to_pydict() == {"series": [1], "observations": [2]}


def test_the_latest_is_the_figure_once_it_is_thinned(record: Record) -> None:
    record.append(a_batch((1, 5, 1.0), (1, 50, 4.0)))
    record.thin(thinning())
    assert rows_of(record.latest(Windows.whole([1]))) == [(1, 0, 2.5, SUMMARISED)]


def test_what_comes_for_a_thinned_hour_is_kept_beside_the_figure(record: Record) -> None:
    record.append(a_batch((1, 5, 1.0), (1, 50, 4.0)))
    record.thin(thinning())
    record.append(a_batch((1, 10, 5.0)))
    assert everything(record) == [(1, 0, 2.5, SUMMARISED), (1, 10, 5.0, 0)]


def test_thinning_survives_a_restart(engine: Engine, tmp_path: Path) -> None:
    record = engine.open(tmp_path)
    record.append(a_batch((1, 5, 1.0), (1, 50, 4.0)))
    record.thin(thinning())
    record.close()
    record = engine.open(tmp_path)
    assert everything(record) == [(1, 0, 2.5, SUMMARISED)]
    record.close()


# refusing


def test_an_invalid_batch_leaves_nothing(record: Record) -> None:
    with pytest.raises(Invalid):
        record.append(a_batch((1, 0, 1.0), (1, 1, float("nan"))))
    assert everything(record) == []


def test_a_closed_record_takes_nothing(engine: Engine, tmp_path: Path) -> None:
    record = engine.open(tmp_path)
    record.close()
    with pytest.raises(Unavailable):
        record.append(a_batch())


# keeping


def test_stats_count_what_is_readable(record: Record) -> None:
    record.append(a_batch((1, 0, 1.0), (1, 9, 2.0), (2, 3, 3.0)))
    record.append(a_batch((1, 0, 5.0)))
    stats = record.stats()
    assert (stats.series, stats.observations, stats.first, stats.last) == (2, 3, at(0), at(9))
    assert stats.bytes_on_disk > 0


def test_stats_of_an_empty_record(record: Record) -> None:
    stats = record.stats()
    assert (stats.series, stats.observations, stats.first, stats.last, stats.waiting) == (0, 0, None, None, 0)


def test_a_backup_opens_as_a_record(engine: Engine, record: Record, tmp_path: Path) -> None:
    record.append(a_batch((1, 0, 1.0)), batch_id="a")
    record.append(a_batch((1, 0, 2.0)))
    record.backup_to(tmp_path / "backup")
    record.append(a_batch((1, 1, 3.0)))
    copy = engine.open(tmp_path / "backup")
    assert everything(copy) == [(1, 0, 2.0, CORRECTED)]
    copy.append(a_batch((1, 2, 4.0)))
    copy.append(a_batch((1, 0, 1.0)), batch_id="a")
    assert everything(copy) == [(1, 0, 2.0, CORRECTED), (1, 2, 4.0, 0)]
    copy.close()


# many at once


def test_readers_and_writers_go_on_side_by_side(record: Record, soak: bool) -> None:
    """Each writer appends whole batches of one value; a reader never sees part of one, nor less than it saw before."""
    batches, width = 40 if soak else 10, 50
    done = threading.Event()
    troubles: list[str] = []

    def write(series: int) -> None:
        for minute in range(batches):
            record.append(a_batch(*((series * 100 + each, minute, float(minute)) for each in range(width))))

    def read(series: int) -> None:
        seen = 0
        windows = Windows.whole([series * 100 + each for each in range(width)])
        while not done.wait(PAUSE):
            rows = rows_of(record.read(windows))
            if len(rows) % width or len(rows) < seen or len({row[:2] for row in rows}) != len(rows):
                troubles.append(f"{len(rows)} rows after {seen}")
            seen = len(rows)

    writers = [threading.Thread(target=write, args=(series,)) for series in (1, 2)]
    readers = [threading.Thread(target=read, args=(series,)) for series in (1, 2)]
    for thread in writers + readers:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert troubles == []
    assert record.stats().observations == 2 * batches * width


def test_backups_while_writing_hold_all_that_was_acknowledged(
    engine: Engine, record: Record, tmp_path: Path, soak: bool
) -> None:
    acknowledged = [0]
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            record.append(a_batch((1, acknowledged[0], 1.0)))
            acknowledged[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3 if soak else 2):
            before = acknowledged[0]
            record.backup_to(tmp_path / f"backup{number}")
            copy = engine.open(tmp_path / f"backup{number}")
            minutes = [row[1] for row in everything(copy)]
            copy.close()
            assert minutes == list(range(len(minutes)))
            assert len(minutes) >= before
    finally:
        done.set()
        writer.join()


def test_a_reader_left_halfway_harms_nobody(record: Record) -> None:
    record.append(a_batch(*((1, minute, 1.0) for minute in range(1000))))
    reader = record.read(Windows.whole([1]))
    reader.read_next_batch()
    del reader
    record.append(a_batch((1, 0, 2.0)))
    assert record.delete(Windows.whole([1])) == 1000


def test_a_batch_in_several_pieces_is_one(record: Record) -> None:
    record.append(pa.concat_tables([a_batch((1, 0, 1.0)), a_batch((1, 0, 2.0)), a_batch((2, 0, 3.0))]))
    assert everything(record) == [(1, 0, 2.0, 0), (2, 0, 3.0, 0)]


def test_times_are_kept_to_the_microsecond(record: Record) -> None:
    time = datetime(2024, 1, 1, 0, 0, 0, 123457, tzinfo=UTC)
    record.append(batch_of({"series": [1], "time": [time], "value": [1.0]}))
    assert record.read(Windows.whole([1])).read_all()["time"][0].as_py() == time
