"""Files that rot: which one is told, all others go on, and that one taken back from a backup mends it."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from beffroi.errors import Unavailable
from beffroi.observations import EmbeddedRecord, Thinning, Windows, settled
from tests.observations.builders import a_batch, an_aggregation, at, everything
from tests.observations.failing_lives import opened
from tests.observations.test_journal import entry, replayed, segments
from tests.observations.test_journal import opened as journal_opened

DAY = 1440
"""minutes"""


def flipped(place: float) -> Callable[[bytes], bytes]:
    return lambda data: flipped_at(data, int(place * (len(data) - 1)))


def flipped_at(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ (1 << place % 8)]) + data[place + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes] | None] = {
    "cut short": lambda data: data[: len(data) // 2],
    "a page of zeros": lambda data: data[:100] + bytes(len(data) // 2) + data[100 + len(data) // 2 :],
    "a byte of the data": flipped(0.2),
    "a byte of the footer": flipped(0.97),
    "missing": None,
}


@pytest.fixture
def three_days(tmp_path: Path) -> Iterator[EmbeddedRecord]:
    """Each settled; the first in `first_file` is to be damaged."""
    record = opened(tmp_path / "record")
    for day in range(3):
        record.append(
            a_batch(*((series, day * DAY + minute, series / 7) for series in range(200) for minute in (0, 1)))
        )
    record.settle(until=at(3 * DAY))
    yield record
    record.close()


def first_file(record: EmbeddedRecord) -> Path:
    return next((record.folder / "settled").glob("2024-01-01.*"))


def spoil(path: Path, damage: Callable[[bytes], bytes] | None) -> None:
    """In place of the file, so that a copy by a hard link stays whole."""
    whole = path.read_bytes()
    path.unlink()
    if damage is not None:
        path.write_bytes(damage(whole))


@pytest.mark.parametrize("reopened", [False, True], ids=["while open", "at the start"])
@pytest.mark.parametrize("name", DAMAGES)
def test_one_damaged_file_harms_its_day_alone_until_it_is_taken_back(
    three_days: EmbeddedRecord, tmp_path: Path, name: str, reopened: bool
) -> None:
    record = three_days
    before = everything(record, 5)
    record.backup_to(tmp_path / "backup")
    damaged = first_file(record)
    spoil(damaged, DAMAGES[name])
    if reopened:
        record.close()
        record = opened(record.folder)
    assert [damage.name for damage in record.verify()] == [damaged.name]
    record.append(a_batch((5, 3 * DAY, 1.0), (5, 2, 2.0)))
    with pytest.raises(Unavailable):
        record.settle(until=at(4 * DAY))
    with pytest.raises(Unavailable):
        record.compact(until=at(40 * DAY))
    with pytest.raises(Unavailable):
        record.delete(Windows.of([(5, at(0), at(1))]))
    with pytest.raises(Unavailable):
        record.thin(Thinning(Windows.whole([5]).between(None, at(DAY)), 1, "day", "UTC", "mean"))
    assert sorted(path.name[:10] for path in (record.folder / "settled").glob("*.parquet") if path != damaged) == [
        "2024-01-02",
        "2024-01-03",
        "2024-01-04",
    ], "the others settle, and nothing is written from what is damaged"
    later = Windows.whole([5]).between(at(DAY), None)
    assert sum(batch.num_rows for batch in record.read(later)) == 5
    damaged.write_bytes((tmp_path / "backup" / "settled" / damaged.name).read_bytes())
    assert record.verify() == []
    record.settle(until=at(4 * DAY))
    assert record.compact(until=at(40 * DAY)) == 1
    assert sorted(row[1:] for row in everything(record, 5)) == sorted(
        [*(row[1:] for row in before), (2, 2.0, 0), (3 * DAY, 1.0, 0)]
    )
    record.close()


def test_a_file_cut_short_where_it_lies_is_unavailable_until_it_is_whole_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it was read: the reader that is kept open for the next one finds it so."""
    monkeypatch.setattr(settled, "GROUP_ROWS", (100, 200))
    with contextlib.closing(opened(tmp_path / "record")) as record:
        record.append(a_batch(*((series, minute, series / 7) for series in range(200) for minute in (0, 1))))
        record.settle(until=at(DAY))
        assert len(everything(record, 5)) == 2
        path = first_file(record)
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 8])
        with pytest.raises(Unavailable):
            everything(record, 190)
        path.write_bytes(whole)
        assert len(everything(record, 190)) == 2


def test_a_flipped_bit_is_found_wherever_it_is(three_days: EmbeddedRecord) -> None:
    path = first_file(three_days)
    data = path.read_bytes()
    for place in range(len(data)):
        path.write_bytes(flipped_at(data, place))
        assert [damage.name for damage in three_days.verify()] == [path.name], place
    path.write_bytes(data)
    assert three_days.verify() == []


@pytest.mark.parametrize("damaged", ["observations", "figures by day"])
def test_no_flipped_bit_is_read_of_few_series(tmp_path: Path, damaged: str) -> None:
    """Of pages: what a file says of itself is not checked but by `verify`."""
    record = opened(tmp_path, slices_mib=0)
    record.append(a_batch(*((series, minute, series / 7 + minute) for series in range(50) for minute in range(40))))
    record.settle(until=at(DAY))
    folder = record.folder / "settled"
    path = next((folder if damaged == "observations" else folder / "daily").glob("*.parquet"))
    figures = an_aggregation("sum", "min", "max", every=1, unit="day", end=at(DAY))

    def answers() -> object:
        if damaged == "observations":
            return everything(record, *range(50))
        return record.aggregate(Windows.whole(list(range(50))), figures).to_pylist()

    whole, data = answers(), path.read_bytes()
    silent = []
    refused = 0
    for place in pages_of(path):
        path.write_bytes(flipped_at(data, place))
        try:
            if answers() != whole:
                silent.append(place)
        except Unavailable as error:
            assert "damaged" in str(error)
            refused += 1
    path.write_bytes(data)
    assert silent == []
    assert refused
    assert answers() == whole
    record.close()


def pages_of(path: Path) -> list[int]:
    """Some places of the bytes of the columns."""
    group = pq.read_metadata(path).row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]
    return [
        place
        for column in columns
        for start in [column.dictionary_page_offset or column.data_page_offset]
        for place in range(start, start + column.total_compressed_size, max(1, column.total_compressed_size // 40))
    ]


@pytest.mark.parametrize("more", [[], ["settled/manifest.json"]], ids=["the table", "the manifest too"])
def test_half_a_record_is_not_taken_for_a_new_one(three_days: EmbeddedRecord, more: list[str]) -> None:
    three_days.close()
    for name in ("record.duckdb", *more):
        (three_days.folder / name).unlink()
    for _ in range(2):
        with pytest.raises(Unavailable, match="missing"):
            opened(three_days.folder)


def test_what_a_dead_backup_left_is_no_backup_and_keeps_none_from_being_made(
    three_days: EmbeddedRecord, tmp_path: Path
) -> None:
    (tmp_path / "backup.partial" / "settled").mkdir(parents=True)
    (tmp_path / "backup.partial" / "record.duckdb.wal").write_bytes(b"left")
    assert not (tmp_path / "backup").exists()
    three_days.backup_to(tmp_path / "backup")
    assert not (tmp_path / "backup.partial").exists()
    copy = opened(tmp_path / "backup")
    assert everything(copy, 5) == everything(three_days, 5)
    copy.close()


def test_damage_in_the_journal_is_told_and_what_follows_is_replayed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with journal_opened(tmp_path) as journal:
        for version in (1, 2, 3, 4):
            journal.write([entry(version)])
    (segment,) = segments(tmp_path)
    data = segment.read_bytes()
    segment.write_bytes(flipped(0.4)(data))
    with caplog.at_level(logging.ERROR):
        assert replayed(tmp_path) == [1, 3, 4]
    assert "versions 2 to 2 is lost" in caplog.text
    with journal_opened(tmp_path) as journal:
        list(journal.replay(0))
        journal.forget(4)
    assert [path.name for path in tmp_path.glob("*.damaged")] == [f"{segment.name}.damaged"], "it is put aside"
    assert not segments(tmp_path)


def test_a_clock_ahead_or_behind_settles_early_or_late_and_loses_nothing(tmp_path: Path) -> None:
    now = [at(DAY / 2)]
    record = EmbeddedRecord(tmp_path, memory_mib=128, linger=timedelta(0), settle_after=None, clock=lambda: now[0])
    written = []
    for minute, hours in ((0, 12), (1, 36), (2, -365 * 24), (3, 12), (4, 24 * 40)):
        now[0] = at(hours * 60)
        written.append(minute)
        record.append(a_batch((1, minute, float(minute))))
        assert record.settle() == (1 if hours > 24 else 0)
        record.compact()
        assert everything(record) == [(1, each, float(each), 0) for each in written]
    record.close()
