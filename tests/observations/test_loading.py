"""A whole day loaded straight into a settled file."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from beffroi.errors import Conflict, Invalid
from beffroi.observations import EmbeddedRecord, Quality, Windows, batch_of

DAY = date(2024, 5, 6)
MIDNIGHT = np.datetime64("2024-05-06T00:00:00", "us")


@pytest.fixture
def record(tmp_path: Path) -> Iterator[EmbeddedRecord]:
    opened = EmbeddedRecord(tmp_path, settle_after=None)
    yield opened
    opened.close()


def hourly(series: range, *, value: float = 0.0, first: int = 0) -> pa.Table:
    """24 readings of each, sorted."""
    ids = np.repeat(np.array(series), 24)
    times = np.tile(MIDNIGHT + np.arange(first, first + 24) * np.timedelta64(1, "h"), len(series))
    return batch_of({"series": ids, "time": times, "value": value + np.arange(len(ids), dtype=float)})


def everything(record: EmbeddedRecord) -> pa.Table:
    return record.read(Windows.whole(range(100))).read_all()


def test_what_was_loaded_is_read_as_if_it_had_been_sent(record: EmbeddedRecord, tmp_path: Path) -> None:
    assert record.load(DAY, [hourly(range(1, 5)), hourly(range(5, 9))], about=192) == 192
    sender = EmbeddedRecord(tmp_path / "other", settle_after=None)
    sender.append(hourly(range(1, 5)))
    sender.append(hourly(range(5, 9)))
    assert everything(record).equals(everything(sender))
    assert record.latest(Windows.whole(range(100))).equals(sender.latest(Windows.whole(range(100))))
    assert record.stats().settled == 192
    sender.close()


def test_what_was_loaded_is_there_after_a_restart(record: EmbeddedRecord, tmp_path: Path) -> None:
    record.load(DAY, [hourly(range(1, 5))], about=96)
    before = everything(record)
    record.close()
    again = EmbeddedRecord(tmp_path, settle_after=None)
    assert everything(again).equals(before)
    assert len(again.latest(Windows.whole(range(100)))) == 4
    assert again.verify() == []
    again.close()


def test_a_day_that_is_there_is_not_loaded_over(record: EmbeddedRecord) -> None:
    record.append(hourly(range(1, 2)))
    with pytest.raises(Conflict):
        record.load(DAY, [hourly(range(5, 9))], about=96)
    record.settle(until=datetime(2024, 5, 7, tzinfo=UTC))
    with pytest.raises(Conflict):
        record.load(DAY, [hourly(range(5, 9))], about=96)
    assert len(everything(record)) == 24


@pytest.mark.parametrize(
    "batches",
    [
        [hourly(range(5, 9)), hourly(range(1, 5))],
        [hourly(range(1, 5)), hourly(range(4, 6))],
        [hourly(range(1, 5)).slice(0, 40), hourly(range(1, 5)).slice(39)],
        [hourly(range(1, 5), first=1)],
        [hourly(range(1, 5), first=-1)],
        [hourly(range(1, 5)).take([3, 2, 1])],
    ],
)
def test_rows_unsorted_or_of_another_day_are_refused_whole(record: EmbeddedRecord, batches: list[pa.Table]) -> None:
    with pytest.raises(Invalid):
        record.load(DAY, batches, about=96)
    assert len(everything(record)) == 0
    assert [path for path in (record.folder / "settled").rglob("*") if path.is_file()] == []
    assert record.load(DAY, [hourly(range(1, 5))], about=96) == 96


def test_what_is_written_later_in_a_loaded_day_wins_and_says_so(record: EmbeddedRecord) -> None:
    record.load(DAY, [hourly(range(1, 5))], about=96)
    record.append(hourly(range(1, 2), value=1000))
    kept = everything(record)
    assert len(kept) == 96
    assert (kept["value"].to_numpy()[:24] >= 1000).all()
    assert set(kept["quality"].to_pylist()[:24]) == {int(Quality.CORRECTED)}
    assert set(kept["quality"].to_pylist()[24:]) == {0}


def test_what_is_written_while_a_day_is_loaded_is_kept(record: EmbeddedRecord) -> None:
    def batches() -> Iterator[pa.Table]:
        yield hourly(range(1, 5))
        record.append(hourly(range(50, 51)))
        yield hourly(range(5, 9))

    record.load(DAY, batches(), about=192)
    assert len(everything(record)) == 9 * 24


def test_an_empty_day_leaves_nothing(record: EmbeddedRecord) -> None:
    assert record.load(DAY, [], about=10) == 0
    assert len(everything(record)) == 0
