"""Closed days as files: what is in them, who writes them when, and what is left when writing them fails."""

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from beffroi.errors import Unavailable
from beffroi.observations import EmbeddedRecord, Quality, Windows, batch_of
from beffroi.observations.manifest import Period
from beffroi.observations.recent import Recent
from beffroi.observations.settled import FOLDER
from tests.observations.builders import a_batch, an_aggregation, at, buckets_of, everything, rows_of
from tests.observations.test_conformance import contents_of, each_kind, observed
from tests.observations.test_embedded import no_file_beyond

CORRECTED = int(Quality.CORRECTED)
DAY = 1440
"""minutes"""


def opened(folder: Path, **options: Any) -> EmbeddedRecord:
    return EmbeddedRecord(folder, memory_mib=256, **({"linger": timedelta(0), "settle_after": None} | options))


def files(folder: Path) -> list[str]:
    """The periods that have a file, whether the manifest knows it or not."""
    return sorted(path.name.partition(".")[0] for path in (folder / FOLDER).glob("*.parquet*"))


def manifest(folder: Path) -> Any:
    return json.loads((folder / FOLDER / "manifest.json").read_text())


def failing(*given: Any) -> Any:
    raise OSError(5, "Input/output error")


@pytest.fixture
def record(tmp_path: Path) -> Any:
    record = opened(tmp_path)
    yield record
    record.close()


def in_the_table(record: EmbeddedRecord) -> int:
    stats = record.stats()
    return stats.observations - stats.settled


# settling


def test_each_closed_day_has_a_file_of_its_own(record: EmbeddedRecord, tmp_path: Path) -> None:
    record.append(a_batch((1, 0, 1.0), (1, DAY - 1, 2.0), (1, DAY, 3.0), (1, 2 * DAY, 4.0)))
    assert record.settle(until=at(2 * DAY)) == 2
    assert files(tmp_path) == ["2024-01-01", "2024-01-02"]
    assert in_the_table(record) == 1
    assert [row[1] for row in everything(record)] == [0, DAY - 1, DAY, 2 * DAY]


def test_a_day_under_way_is_not_settled(record: EmbeddedRecord) -> None:
    record.append(a_batch((1, 0, 1.0)))
    assert record.settle(until=at(DAY - 1)) == 0
    assert record.settle(until=at(DAY)) == 1


def test_settling_again_writes_nothing(record: EmbeddedRecord) -> None:
    record.append(a_batch())
    assert (record.settle(), record.settle()) == (1, 0)


def test_progress_is_told(record: EmbeddedRecord) -> None:
    told: list[tuple[float, float]] = []
    record.append(a_batch((1, 0, 1.0), (1, DAY, 1.0)))
    record.settle(lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_times_before_1970_settle_in_their_own_day(record: EmbeddedRecord, tmp_path: Path) -> None:
    time = np.array(["1969-12-31T23:59:59.999999", "1905-02-03T00:00:00"], "M8[us]")
    record.append(batch_of({"series": [1, 1], "time": pa.array(time, pa.timestamp("us", "UTC")), "value": [1.0, 2.0]}))
    record.settle()
    assert files(tmp_path) == ["1905-02-03", "1969-12-31"]
    assert record.stats().observations == 2


def test_what_is_late_joins_its_settled_day(record: EmbeddedRecord, tmp_path: Path) -> None:
    record.append(a_batch((1, 0, 1.0), (2, 0, 1.0)))
    record.settle()
    record.append(a_batch((1, 5, 2.0)))
    record.settle()
    assert files(tmp_path) == ["2024-01-01"]
    assert in_the_table(record) == 0
    assert everything(record) == [(1, 0, 1.0, 0), (1, 5, 2.0, 0), (2, 0, 1.0, 0)]


def test_a_settled_observation_is_corrected_wherever_the_correction_is(record: EmbeddedRecord) -> None:
    record.append(a_batch((1, 0, 1.0), (1, 1, 1.0)))
    record.settle()
    record.append(a_batch((1, 0, 2.0)))
    expected = [(1, 0, 2.0, CORRECTED), (1, 1, 1.0, 0)]
    assert everything(record) == expected
    record.settle()
    assert everything(record) == expected


def test_a_settled_observation_written_again_the_same_has_no_trace(record: EmbeddedRecord) -> None:
    record.append(a_batch((1, 0, 1.0)))
    record.settle()
    record.append(a_batch((1, 0, 1.0)))
    assert everything(record) == [(1, 0, 1.0, 0)]
    assert record.stats().observations == 1


def test_a_correction_is_known_when_the_first_value_comes_back_after_settling(record: EmbeddedRecord) -> None:
    for value in (1.0, 2.0, 1.0):
        record.append(a_batch((1, 0, value)))
        record.settle()
    record.append(a_batch((1, 0, 1.0)))
    assert everything(record) == [(1, 0, 1.0, CORRECTED)]


def test_figures_span_files_and_table(record: EmbeddedRecord) -> None:
    record.append(a_batch((1, 0, 1.0), (1, 60, 2.0)))
    record.settle()
    record.append(a_batch((1, 30, 5.0), (1, 60, 4.0)))
    found = record.aggregate(Windows.whole([1]), an_aggregation("mean", "count"))
    assert buckets_of(found, "mean", "count") == [(1, 0, 3.0, 2), (1, 60, 4.0, 1)]


def test_a_counter_grows_from_its_last_settled_reading(record: EmbeddedRecord) -> None:
    record.append(a_batch((1, 0, 10.0)))
    record.settle()
    record.append(a_batch((1, DAY + 1, 14.0)))
    found = record.aggregate(Windows.whole([1]), an_aggregation("delta", start=at(DAY), end=at(DAY + 60)))
    assert buckets_of(found, "delta") == [(1, DAY, 4.0)]


@pytest.mark.parametrize("settled_first", [True, False], ids=["settled, then recent", "recent, then settled"])
def test_a_counter_rolls_over_between_what_is_settled_and_what_is_not(
    record: EmbeddedRecord, settled_first: bool
) -> None:
    before, after = a_batch((1, DAY - 1, 9990.0)), a_batch((1, DAY + 1, 5.0), (1, DAY + 2, 8.0))
    record.append(before if settled_first else after)
    record.settle()
    record.append(after if settled_first else before)
    assert in_the_table(record) == (2 if settled_first else 1)
    asked = an_aggregation("delta", start=at(DAY), end=at(DAY + 60), rolls_over=((1, 10_000.0),))
    assert buckets_of(record.aggregate(Windows.whole([1]), asked), "delta") == [(1, DAY, 18.0)]


def test_a_roll_over_is_told_again_when_a_settled_reading_is_corrected(record: EmbeddedRecord) -> None:
    record.append(a_batch((1, 0, 9990.0), (1, DAY, 5.0)))
    record.settle()
    asked = an_aggregation("delta", start=at(0), end=at(2 * DAY), unit="day", rolls_over=((1, 10_000.0),))
    assert buckets_of(record.aggregate(Windows.whole([1]), asked), "delta") == [(1, 0, None), (1, DAY, 15.0)]
    record.append(a_batch((1, 0, 9995.0)))
    for settle in (lambda: 0, record.settle, record.compact):
        settle()
        assert buckets_of(record.aggregate(Windows.whole([1]), asked), "delta") == [(1, 0, None), (1, DAY, 10.0)]


@each_kind
def test_any_kind_settles_and_merges_as_it_was(
    record: EmbeddedRecord, tmp_path: Path, one: dict[str, Any], other: dict[str, Any]
) -> None:
    record.append(observed((1, 0, one), (1, 1, one), (1, DAY, other), (2, 0, other)))
    record.append(observed((1, 1, other)))
    windows = Windows.whole([1, 2])
    expected = [(one, 0), (other, CORRECTED), (other, 0), (other, 0)]
    for settle, periods in ((record.settle, ["2024-01-01", "2024-01-02"]), (record.compact, ["2024-01"])):
        settle()
        assert files(tmp_path) == periods
        assert in_the_table(record) == 0
        assert contents_of(record.read(windows).read_all()) == expected
        assert contents_of(record.latest(windows)) == [(other, 0), (other, 0)]
    record.append(observed((1, 0, other), (1, DAY, other)))
    record.settle()
    assert in_the_table(record) == 0
    assert contents_of(record.read(windows).read_all()) == [(other, CORRECTED), *expected[1:]]


def test_days_settle_by_themselves(tmp_path: Path) -> None:
    record = opened(tmp_path, settle_after=timedelta(0), settle_every=timedelta(milliseconds=1))
    record.append(a_batch())
    while in_the_table(record):
        pass
    assert everything(record) == [(1, 0, 1.0, 0)]
    record.close()


def test_a_little_that_is_late_is_not_worth_writing_a_file_unasked(tmp_path: Path) -> None:
    record = opened(tmp_path)
    record.append(a_batch(*((series, 0, 1.0) for series in range(2000))))
    record.settle()
    record.append(a_batch((1, 1, 2.0)))
    record.close()
    record = opened(tmp_path, settle_after=timedelta(0), settle_every=timedelta(milliseconds=1))
    record.append(a_batch((1, 40 * DAY, 3.0)))
    while in_the_table(record) != 1:
        pass
    assert files(tmp_path) == ["2024-01-01", "2024-02-10"]
    assert everything(record, 1) == [(1, 0, 1.0, 0), (1, 1, 2.0, 0), (1, 40 * DAY, 3.0, 0)]
    record.close()


# months


def test_the_days_of_a_month_merge(record: EmbeddedRecord, tmp_path: Path) -> None:
    record.append(a_batch(*((series, day * DAY, float(day)) for series in (1, 2) for day in range(40))))
    record.settle()
    before = everything(record)
    assert record.compact(until=at(31 * DAY)) == 1
    assert files(tmp_path)[0] == "2024-01"
    assert len(files(tmp_path)) == 1 + 9
    assert record.compact(until=at(31 * DAY)) == 0
    assert everything(record) == before


def test_the_days_of_a_month_under_way_merge_by_ten(record: EmbeddedRecord, tmp_path: Path) -> None:
    record.append(a_batch(*((series, day * DAY, float(day)) for series in (1, 2) for day in range(31))))
    record.settle()
    before = everything(record)
    assert record.compact(until=at(20 * DAY)) == 2
    assert files(tmp_path)[:3] == ["2024-01-01_10", "2024-01-11_20", "2024-01-21"]
    assert everything(record) == before
    record.append(a_batch((1, 10 * DAY, 99.0), (3, 5 * DAY, 1.0)))
    assert record.settle() == 2
    assert files(tmp_path)[:3] == ["2024-01-01_10", "2024-01-11_20", "2024-01-21"]
    assert record.compact(until=at(20 * DAY)) == 0
    assert record.compact(until=at(31 * DAY)) == 1
    assert files(tmp_path) == ["2024-01"]
    assert [row for row in everything(record, 1, 3) if row[2] in (99.0, 1.0) and row[1] != DAY] == [
        (1, 10 * DAY, 99.0, CORRECTED),
        (3, 5 * DAY, 1.0, 0),
    ]


@pytest.mark.parametrize(
    ("day", "third", "days"),
    [
        ("2024-01-01", "2024-01-01_10", 10),
        ("2024-01-10", "2024-01-01_10", 10),
        ("2024-01-11", "2024-01-11_20", 10),
        ("2024-01-31", "2024-01-21_31", 11),
        ("2024-02-29", "2024-02-21_29", 9),
        ("2023-02-21", "2023-02-21_28", 8),
        ("2024-01-11_20", "2024-01-11_20", 10),
    ],
)
def test_a_third_of_a_month_is_ten_days_or_what_is_left(day: str, third: str, days: int) -> None:
    found = Period(day).third
    assert found.name == third
    assert found.end - found.start == np.timedelta64(days, "D")
    assert Period(third).month.name == day[:7]


def test_what_is_late_joins_its_merged_month(record: EmbeddedRecord, tmp_path: Path) -> None:
    record.append(a_batch((1, 0, 1.0), (1, DAY, 2.0)))
    record.settle()
    record.compact()
    record.append(a_batch((1, 3 * DAY, 3.0), (1, 0, 4.0)))
    assert record.settle() == 1
    assert files(tmp_path) == ["2024-01"]
    assert everything(record) == [(1, 0, 4.0, CORRECTED), (1, DAY, 2.0, 0), (1, 3 * DAY, 3.0, 0)]


def test_more_than_is_sorted_at_once_is_sorted_by_pieces(
    record: EmbeddedRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("beffroi.observations.settling.SORTED_ROWS", 100)
    record.append(a_batch(*((series, minute, float(series)) for minute in range(20) for series in range(50))))
    record.append(a_batch(*((series, DAY, 1.0) for series in range(50))))
    before = everything(record, *range(50))
    record.settle()
    record.compact()
    assert everything(record, *range(50)) == before
    (path,) = (tmp_path / FOLDER).glob("*.parquet")
    assert (
        pq.read_table(path).to_pylist()
        == pq.read_table(path).sort_by([("series", "ascending"), ("time", "ascending")]).to_pylist()
    )


# deleting, keeping, opening again


def test_what_is_deleted_is_in_no_file(record: EmbeddedRecord, tmp_path: Path) -> None:
    record.append(a_batch((1, 0, 111.0), (1, 1, 222.0), (2, 0, 333.0), (1, DAY, 444.0)))
    record.settle()
    record.append(a_batch((1, 1, 223.0), (1, 2, 555.0)))
    assert record.delete(Windows.of([(1, at(1), None)])) == 3
    assert everything(record) == [(1, 0, 111.0, 0), (2, 0, 333.0, 0)]
    assert files(tmp_path) == ["2024-01-01"]
    (path,) = (tmp_path / FOLDER).glob("*.parquet")
    assert pq.read_table(path)["digits"].to_pylist() == [111, 333]


def test_the_latest_after_a_deletion_may_be_a_settled_one(record: EmbeddedRecord) -> None:
    record.append(a_batch((1, 0, 1.0)))
    record.settle()
    record.append(a_batch((1, DAY, 2.0)))
    record.delete(Windows.of([(1, at(1), None)]))
    assert rows_of(record.latest(Windows.whole([1]))) == [(1, 0, 1.0, 0)]


def test_a_file_that_is_being_read_stays_until_its_reader_is_done(record: EmbeddedRecord, tmp_path: Path) -> None:
    rows = 60_000
    record.append(a_batch(*((series, 0, 1.0) for series in range(rows))))
    record.settle()
    reader = record.read(Windows.whole(list(range(rows))))
    seen = reader.read_next_batch().num_rows
    record.delete(Windows.whole(list(range(10, rows))))
    assert files(tmp_path) == ["2024-01-01", "2024-01-01"]
    assert seen + sum(batch.num_rows for batch in reader) == rows
    assert files(tmp_path) == ["2024-01-01"]


def test_the_latest_of_every_series_is_found_again_in_files_and_table(tmp_path: Path) -> None:
    record = opened(tmp_path)
    record.append(a_batch((1, 0, 1.0), (2, 0, 2.0), (3, 0, 3.0), (2, DAY, 4.0), (4, -3 * DAY, 8.0)))
    record.settle()
    record.append(a_batch((1, 0, 5.0), (3, 9 * DAY, 6.0)))
    record.close()
    record = opened(tmp_path)
    assert rows_of(record.latest(Windows.whole([1, 2, 3, 4]))) == [
        (1, 0, 5.0, CORRECTED),
        (2, DAY, 4.0, 0),
        (3, 9 * DAY, 6.0, 0),
        (4, -3 * DAY, 8.0, 0),
    ]
    record.close()


def test_a_backup_is_whole_whatever_settles_after(record: EmbeddedRecord, tmp_path: Path) -> None:
    record.append(a_batch((1, 0, 1.0), (1, DAY, 2.0)))
    record.settle(until=at(DAY))
    record.append(a_batch((1, 1, 3.0)))
    before = everything(record)
    record.backup_to(tmp_path / "backup")
    record.delete(Windows.whole([1]))
    copy = opened(tmp_path / "backup")
    assert everything(copy) == before
    assert copy.verify() == []
    copy.close()


def test_a_settled_folder_older_than_the_table_is_refused(tmp_path: Path) -> None:
    record = opened(tmp_path)
    record.append(a_batch())
    record.settle()
    record.close()
    path = tmp_path / FOLDER / "manifest.json"
    kept = path.read_bytes()
    path.unlink()
    for _ in range(2):
        with pytest.raises(Unavailable, match="older"):
            opened(tmp_path)
    path.write_bytes(kept)
    record = opened(tmp_path)
    assert everything(record) == [(1, 0, 1.0, 0)]
    record.close()


# failing


def test_dying_between_the_swap_and_the_table_counts_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = opened(tmp_path)
    record.append(a_batch((1, 0, 1.0), (2, 0, 1.0)))
    record.append(a_batch((1, 0, 2.0)))
    expected = everything(record)
    with monkeypatch.context() as patch:
        patch.setattr(Recent, "forget", failing)
        with pytest.raises(OSError, match="Input"):
            record.settle()
    for _ in range(2):
        assert everything(record) == expected
        assert record.stats().observations == 2
        record.close()
        record = opened(tmp_path)
    assert record.settle() == 1
    assert everything(record) == expected
    assert in_the_table(record) == 0
    record.close()


@pytest.mark.parametrize("nth", range(4), ids=["the file", "its name", "the manifest", "its name too"])
@pytest.mark.parametrize("work", [EmbeddedRecord.settle, EmbeddedRecord.compact], ids=["settling", "merging"])
def test_a_failing_fsync_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int, work: Callable[[EmbeddedRecord], int]
) -> None:
    record = opened(tmp_path)
    record.append(a_batch((1, 0, 1.0), (1, DAY, 2.0)))
    if work is EmbeddedRecord.compact:
        record.settle()
    expected = everything(record)
    calls = iter(range(100))
    real = os.fsync
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda file: failing() if next(calls) == nth else real(file))
        with pytest.raises(Unavailable):
            work(record)
    assert everything(record) == expected
    record.close()
    record = opened(tmp_path)
    assert everything(record) == expected
    assert record.verify() == []
    record.settle()
    record.compact()
    assert everything(record) == expected
    assert files(tmp_path) == ["2024-01"]
    record.close()


def test_a_full_disk_leaves_days_in_the_table(record: EmbeddedRecord, tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    record.append(a_batch(*((series, 0, value) for series, value in enumerate(chance.normal(size=5000)))))
    record.delete(Windows.whole([9999]))
    before = everything(record, *range(5000))
    with no_file_beyond(10_000), pytest.raises(Unavailable):
        record.settle()
    assert files(tmp_path) == []
    assert everything(record, *range(5000)) == before
    assert record.settle() == 1
    assert everything(record, *range(5000)) == before


@pytest.mark.parametrize("kept", [["2024-01-01"], []], ids=["some are left", "all was deleted"])
def test_what_a_dead_settler_left_is_removed(tmp_path: Path, kept: list[str]) -> None:
    record = opened(tmp_path)
    record.append(a_batch())
    record.settle()
    if not kept:
        record.delete(Windows.whole([1]))
    record.close()
    for name in ("2024-01-02.000000009.parquet", "2024-01-03.000000010.parquet.partial", "notes.txt"):
        (tmp_path / FOLDER / name).write_bytes(b"PAR1")
    record = opened(tmp_path)
    assert files(tmp_path) == kept
    assert (tmp_path / FOLDER / "notes.txt").exists()
    assert len(everything(record)) == len(kept)
    record.close()


def test_what_was_left_before_the_first_manifest_is_removed_too(record: EmbeddedRecord, tmp_path: Path) -> None:
    record.append(a_batch((1, 0, 1.0), (2, 0, 2.0)))
    record.close()
    left = [tmp_path / FOLDER / name for name in ("2024-01-01.000000001.parquet", "daily/2024-01-01.000000001.parquet")]
    for path in left:
        path.write_bytes(b"PAR1")
    again = opened(tmp_path)
    assert not [path for path in left if path.exists()]
    assert again.verify() == []
    assert again.settle() == 1
    assert [row[0] for row in everything(again)] == [1, 2]
    again.close()


@pytest.mark.parametrize("reopened", [False, True], ids=["while open", "at the start"])
def test_a_torn_file_is_told_and_harms_nothing_else(tmp_path: Path, reopened: bool) -> None:
    record = opened(tmp_path)
    record.append(a_batch((1, 0, 1.0), (2, DAY, 2.0)))
    record.settle()
    record.append(a_batch((1, 5, 9.0)))
    torn = next((tmp_path / FOLDER).glob("2024-01-01.*"))
    whole = torn.read_bytes()
    torn.write_bytes(whole[: len(whole) // 2])
    if reopened:
        record.close()
        record = opened(tmp_path)
    record.append(a_batch((1, 5, 10.0)))
    with pytest.raises(Unavailable, match="damaged"):
        everything(record)
    day = Windows.whole([1, 2]).between(at(DAY), None)
    assert rows_of(record.read(day)) == [(2, DAY, 2.0, 0)]
    record.append(a_batch((1, 2 * DAY, 3.0)))
    assert [damage.name for damage in record.verify()] == [torn.name]
    torn.write_bytes(whole)
    assert record.verify() == []
    assert [row[1:] for row in everything(record, 1)] == [(0, 1.0, 0), (5, 10.0, CORRECTED), (2 * DAY, 3.0, 0)]
    record.close()


@pytest.mark.parametrize("place", [0, 5, 0.3, 0.5, 0.9, -1])
def test_a_flipped_byte_is_found_wherever_it_is(record: EmbeddedRecord, tmp_path: Path, place: float) -> None:
    record.append(a_batch(*((series, 0, float(series)) for series in range(100))))
    record.settle()
    (path,) = (tmp_path / FOLDER).glob("*.parquet")
    data = bytearray(path.read_bytes())
    data[place if isinstance(place, int) else int(place * len(data))] ^= 1
    path.write_bytes(data)
    assert [damage.name for damage in record.verify()] == [path.name]


def test_a_missing_file_and_an_unknown_one_are_found(record: EmbeddedRecord, tmp_path: Path) -> None:
    record.append(a_batch())
    record.settle()
    (path,) = (tmp_path / FOLDER).glob("*.parquet")
    path.rename(path.with_name("copy.parquet"))
    assert [damage.name for damage in record.verify()] == [path.name, "copy.parquet"]


def test_a_damaged_manifest_is_refused(tmp_path: Path) -> None:
    record = opened(tmp_path)
    record.append(a_batch())
    record.settle()
    record.close()
    path = tmp_path / FOLDER / "manifest.json"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(Unavailable, match="manifest"):
        opened(tmp_path)


def test_a_record_from_before_there_were_files_opens(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "record.duckdb")) as old:
        old.execute("CREATE TABLE position (version BIGINT NOT NULL); INSERT INTO position VALUES (7)")
    record = opened(tmp_path)
    assert record.append(a_batch()).version == 8
    assert record.settle() == 1
    record.close()
