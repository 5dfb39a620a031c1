"""Figures kept by day beside settled files: the same as those of the observations, whatever comes late."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.observations import Aggregate, EmbeddedRecord, Windows, batch_of, totals
from beffroi.observations.slices import DAYS, Slices
from tests.observations.builders import an_aggregation
from tests.trials import tried

START = datetime(2024, 3, 20, tzinfo=UTC)
FUNCTIONS = ("mean", "min", "max", "sum", "count", "first", "last", "delta")
NAMES = tuple(Aggregate(name) for name in FUNCTIONS)
MONTHS = Windows.whole([1, 2])


def a_record(folder: Path, **options: Any) -> EmbeddedRecord:
    return EmbeddedRecord(folder, memory_mib=256, time_zone="Europe/Paris", settle_after=None, **options)


def a_walk(days: int, step: timedelta = timedelta(minutes=37), series: int = 1, seed: int = 1) -> pa.Table:
    """With nulls that are texts, and falls."""
    chance = np.random.default_rng(seed)
    rows = int(timedelta(days=days) / step)
    value = (np.arange(rows) % 500 + chance.integers(0, 9, rows) / 8).tolist()
    words = chance.random(rows) < 0.05
    return batch_of(
        {
            "series": [series] * rows,
            "time": [START + number * step for number in range(rows)],
            "value": [None if word else one for one, word in zip(value, words, strict=True)],
            "text": ["en panne" if word else None for word in words],
        }
    )


def by(unit: str, record: EmbeddedRecord, windows: Windows = MONTHS, **given: Any) -> list[dict[str, Any]]:
    span = {"start": START, "end": START + timedelta(days=60), "time_zone": "Europe/Paris"} | given
    asked = an_aggregation(unit=unit, aggregates=NAMES, **span)
    return record.aggregate(windows, asked).to_pylist()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty days around a change of clock and of month, in files of days and of a month; the last days recent."""
    record = a_record(tmp_path_factory.mktemp("settled"))
    record.append(a_walk(40))
    record.append(a_walk(40, timedelta(hours=7), series=2, seed=2))
    record.settle(until=START + timedelta(days=38))
    record.compact(until=START + timedelta(days=15))
    record.close()
    return record.folder


@pytest.fixture
def settled(made: Path, tmp_path: Path) -> EmbeddedRecord:
    """A copy of `made`."""
    return a_record(Path(shutil.copytree(made, tmp_path / "record")))


def alone(record: EmbeddedRecord) -> EmbeddedRecord:
    """The same record, read by DuckDB from the observations themselves: its territory lies elsewhere."""
    record.close()
    return EmbeddedRecord(record.folder, memory_mib=256, time_zone="Indian/Reunion", settle_after=None, few=0)


@pytest.mark.parametrize("few", [64, 0], ids=["of few series", "of many"])
@pytest.mark.parametrize("unit", ["hour", "day", "week", "month", "year"])
@pytest.mark.parametrize(
    "windows",
    [
        MONTHS,
        Windows.of([(1, START + timedelta(days=2, hours=5), START + timedelta(days=21, minutes=1))]),
        Windows.of([(1, None, START + timedelta(days=4)), (1, START + timedelta(days=6), None)]),
    ],
    ids=["all", "within days", "two"],
)
def test_they_are_those_of_the_observations(settled: EmbeddedRecord, unit: str, windows: Windows, few: int) -> None:
    settled.close()
    settled = a_record(settled.folder, few=few)
    starts = (START, START + timedelta(days=1, hours=23), START + timedelta(days=9, hours=3))
    found = [by(unit, settled, windows, start=start) for start in starts]
    other = alone(settled)
    for start, one in zip(starts, found, strict=True):
        assert close_to(one, by(unit, other, windows, start=start))
    other.close()


def close_to(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> bool:
    keys = ("series", "start", "end", "count")
    assert [[row[key] for key in keys] for row in found] == [[row[key] for key in keys] for row in expected]
    for name in FUNCTIONS:
        columns = [np.array([row[name] for row in rows], dtype=float) for rows in (found, expected)]
        np.testing.assert_allclose(*columns, rtol=1e-12, err_msg=name)
    return True


def test_what_is_kept_is_read_rather_than_the_observations(
    settled: EmbeddedRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    kept = Slices.read

    def watched(self: Slices[Any, Any, Any], blocks: Any, series: Any) -> Any:
        if self._kind is DAYS:
            read.extend(block.file.period for block in blocks)
        return kept(self, blocks, series)

    monkeypatch.setattr(Slices, "read", watched)
    by("day", settled, Windows.whole([1]))
    assert "2024-03" in read
    assert "2024-04-12" in read
    read.clear()
    by("hour", settled, Windows.whole([1]))
    assert read == []
    settled.close()


def test_hours_asked_again_are_not_read_again(settled: EmbeddedRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    for unit in ("hour", "day"):  # hours of elsewhere's days
        by(unit, settled, Windows.whole([1]), time_zone="Indian/Reunion")
    expected = by("hour", settled, Windows.whole([1]))
    monkeypatch.setattr(Slices, "_read", None)
    assert by("hour", settled, Windows.whole([1])) == expected
    late = START + timedelta(days=20, minutes=7, seconds=30)
    settled.append(batch_of({"series": [1], "time": [late], "value": [7_777.0]}))
    monkeypatch.undo()
    changed = [row for row in by("hour", settled, Windows.whole([1])) if row not in expected]
    assert [row["max"] for row in changed][:1] == [7_777.0]
    settled.close()


def test_what_is_kept_is_read_for_many_series_too(settled: EmbeddedRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    settled.close()
    record = a_record(settled.folder, few=0)
    read: list[int] = []
    kept = totals.statement

    def watched(plan: Any, visible: str, summed: Any) -> str:
        read.append(len(summed))
        return kept(plan, visible, summed)

    monkeypatch.setattr(totals, "statement", watched)
    by("day", record)
    by("hour", record)
    assert read == [len(list((record.folder / "settled").glob("*.parquet")))]
    record.close()


def test_what_comes_late_is_counted_at_once(settled: EmbeddedRecord) -> None:
    noon = START + timedelta(days=3, hours=12, seconds=1)
    before = by("day", settled)
    settled.append(batch_of({"series": [1], "time": [noon], "value": [10_000.0]}))
    after = by("day", settled)
    changed = [row["start"] for row, other in zip(after, before, strict=True) if row != other]
    assert changed == [datetime(2024, 3, 22, 23, tzinfo=UTC)]
    assert max(row["max"] for row in after) == 10_000.0
    settled.close()


def test_what_is_corrected_or_removed_is_so_at_once(settled: EmbeddedRecord) -> None:
    one = Windows.whole([1])
    first = START + timedelta(days=3)
    day = {"start": first, "end": first + timedelta(days=1)}
    settled.append(batch_of({"series": [1], "time": [START], "value": [9_999.0]}))
    assert by("day", settled, one)[0]["max"] == 9_999.0
    settled.settle(until=START + timedelta(days=38))
    assert by("day", settled, one)[0]["max"] == 9_999.0
    assert by("day", settled, one, **day) != []
    settled.delete(one.between(first, first + timedelta(days=1)))
    assert by("day", settled, one, **day) == []
    settled.close()


def test_figures_of_another_time_zone_are_not_taken_for_those_of_its_days(settled: EmbeddedRecord) -> None:
    settled.close()
    elsewhere = EmbeddedRecord(settled.folder, time_zone="Indian/Reunion", settle_after=None)
    asked = an_aggregation("count", unit="day", time_zone="Indian/Reunion", start=START, end=START + timedelta(days=60))
    found = elsewhere.aggregate(Windows.whole([1]), asked).to_pylist()
    assert sum(row["count"] for row in found) == len(a_walk(40))
    assert found[1]["start"].hour == 20
    elsewhere.close()


def test_any_tool_reads_them(settled: EmbeddedRecord) -> None:
    table = pa.concat_tables(pq.read_table(path) for path in sorted(settled.folder.glob("settled/daily/*.parquet")))
    first = table.filter(pa.compute.equal(table["series"], 2)).to_pylist()[0]
    assert first["day"] == datetime(2024, 3, 19, 23, tzinfo=UTC)
    assert first["observations"] == 4
    assert table["observations"].to_numpy().sum() > 1500
    settled.close()


def test_a_counter_that_rolls_over_is_read_from_its_readings(tmp_path: Path) -> None:
    record = a_record(tmp_path)
    times = [START + timedelta(hours=hour) for hour in (1, 2, 3, 30)]
    record.append(batch_of({"series": [1] * 4, "time": times, "value": [9_990.0, 9_999.0, 4.0, 10.0]}))
    record.settle(until=START + timedelta(days=10))
    assert sum(row["delta"] or 0 for row in by("day", record)) == 9 + 4 + 6
    assert sum(row["delta"] or 0 for row in by("day", record, rolls_over=((1, 10_000.0),))) == 9 + 5 + 6
    record.close()


@tried(200, few=8)
@given(st.lists(st.tuples(st.integers(0, 4 * 1440), st.integers(0, 50) | st.none()), min_size=1, max_size=40))
def test_growth_is_counted_across_files(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, Any]]) -> None:
    readings = dict(rows)
    batch = batch_of(
        {
            "series": [1] * len(readings),
            "time": [START + timedelta(minutes=minute) for minute in readings],
            "value": [None if one is None else float(one) for one in readings.values()],
            "text": ["-" if one is None else None for one in readings.values()],
        }
    )
    record = a_record(tmp_path_factory.mktemp("record"))
    record.append(batch)
    record.settle(until=START + timedelta(days=10))
    found = by("day", record, Windows.whole([1]))
    record.close()
    record = a_record(record.folder, few=0)
    assert close_to(found, by("day", record, Windows.whole([1])))
    record = alone(record)
    assert close_to(found, by("day", record, Windows.whole([1])))
    record.close()
