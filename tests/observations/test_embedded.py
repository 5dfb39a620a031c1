"""The embedded engine when its files, its disk or its process fail."""

import resource
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from beffroi.errors import Conflict, Unavailable
from beffroi.observations import EmbeddedRecord, Windows
from beffroi.observations.admission import admit
from beffroi.observations.journal import Body, Entry, Journal
from tests.observations.builders import a_batch, an_aggregation, at, buckets_of, everything, hasty, lingering


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """As on a full disk: whoever writes past `size` bytes of a file gets an error, after what still fits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def left_behind(folder: Path, *values: float) -> None:
    """A journal as a process leaves it that died before its table had anything: one entry a value, a minute apart."""
    journal = Journal(folder / "journal")
    for version, value in enumerate(values, start=1):
        batch = admit(a_batch((1, version, value)))
        journal.write([Entry(version, "", batch, Body.of(batch))])
    journal.close(0)


def test_what_a_dead_process_left_is_found(tmp_path: Path) -> None:
    left_behind(tmp_path, 1.0, 2.0)
    record = lingering(tmp_path)
    assert everything(record) == [(1, 1, 1.0, 0), (1, 2, 2.0, 0)]
    assert record.append(a_batch((1, 9, 9.0))).version == 3
    record.close()


def test_a_torn_tail_is_cut_and_the_rest_kept(tmp_path: Path) -> None:
    left_behind(tmp_path, 1.0, 2.0, 3.0)
    (segment,) = (tmp_path / "journal").glob("*.journal")
    segment.write_bytes(segment.read_bytes()[:-5])
    for _ in range(2):
        record = hasty(tmp_path)
        assert everything(record) == [(1, 1, 1.0, 0), (1, 2, 2.0, 0)]
        record.close()


def test_a_journal_applied_already_is_not_applied_again(tmp_path: Path) -> None:
    """As when the process dies after the table's commit and before the segment is removed."""
    left_behind(tmp_path, 1.0, 2.0)
    (segment,) = (tmp_path / "journal").glob("*.journal")
    kept = segment.read_bytes()
    record = hasty(tmp_path)
    record.delete(Windows.of([(1, at(1), at(2))]))
    record.close()
    segment.write_bytes(kept)
    record = hasty(tmp_path)
    assert everything(record) == [(1, 2, 2.0, 0)]
    record.close()


def test_closing_leaves_nothing_in_the_journal(tmp_path: Path) -> None:
    record = lingering(tmp_path)
    record.append(a_batch())
    assert record.stats().waiting == 1
    record.close()
    assert not list((tmp_path / "journal").glob("*.journal"))


def test_closing_twice_is_closing_once(tmp_path: Path) -> None:
    record = hasty(tmp_path)
    record.close()
    record.close()


def test_a_folder_is_open_once(tmp_path: Path) -> None:
    record = hasty(tmp_path)
    with pytest.raises(Unavailable):
        hasty(tmp_path)
    record.close()
    hasty(tmp_path).close()


def test_a_backup_is_never_written_over(tmp_path: Path) -> None:
    record = hasty(tmp_path / "record")
    record.backup_to(tmp_path / "backup")
    with pytest.raises(Conflict):
        record.backup_to(tmp_path / "backup")
    record.close()


@pytest.mark.parametrize("opened", [lingering, hasty], ids=["the journal fills up", "the table too"])
def test_a_full_disk_refuses_and_loses_nothing(tmp_path: Path, opened: type[EmbeddedRecord]) -> None:
    record = opened(tmp_path)
    kept, refused = [], 0
    with no_file_beyond(20_000):
        for minute in range(60):
            try:
                record.append(a_batch(*((series, minute, 1.0) for series in range(10))))
                kept.append(minute)
            except Unavailable:
                refused += 1
        assert refused
        assert kept
        assert sorted({row[1] for row in everything(record)}) == kept
    record.append(a_batch((1, 100, 1.0)))
    assert sorted({row[1] for row in everything(record)}) == [*kept, 100]
    record.close()
    record = hasty(tmp_path)
    assert [row[1] for row in everything(record, 1)] == [*kept, 100]
    assert record.stats().observations == 10 * len(kept) + 1
    record.close()


def test_an_engine_that_cannot_write_leaves_the_journal_to_acknowledge(tmp_path: Path) -> None:
    """The table's file is full and the journal's is not: readers see all, and the table gets it once it can."""
    record = hasty(tmp_path / "record")
    record.append(a_batch(*((series, 0, 1.0) for series in range(5000))))
    record.delete(Windows.whole([9999]))
    with no_file_beyond((tmp_path / "record" / "record.duckdb.wal").stat().st_size + 100):
        for minute in range(1, 4):
            record.append(a_batch(*((series, minute, 1.0) for series in range(20))))
        time.sleep(0.2)
        with pytest.raises(Unavailable):
            record.delete(Windows.whole([0]))
        assert everything(record, 0) == [(0, minute, 1.0, 0) for minute in range(4)]
        assert record.stats().waiting == 60
    assert record.delete(Windows.whole([0])) == 4
    assert record.stats().waiting == 0
    without = shutil.ignore_patterns("*.journal")
    copy = hasty(shutil.copytree(tmp_path / "record", tmp_path / "as after a power cut", ignore=without))
    for each in (record, copy):
        assert each.stats().observations == 4999 + 3 * 19
        each.close()


def test_closing_on_a_full_disk_leaves_the_journal_to_the_next(tmp_path: Path) -> None:
    record = lingering(tmp_path)
    record.append(a_batch())
    with no_file_beyond(100):
        record.close()
    record = hasty(tmp_path)
    assert everything(record) == [(1, 0, 1.0, 0)]
    record.close()


def test_what_its_sender_gave_up_on_may_be_left_out(tmp_path: Path) -> None:
    """A future cancelled in the queue never comes back as an error to others."""
    record = hasty(tmp_path)
    futures = [record.submit(a_batch((1, minute, 1.0))) for minute in range(200)]
    cancelled = [future.cancel() for future in futures[100:]]
    kept = [minute for minute in range(200) if minute < 100 or not cancelled[minute - 100]]
    for minute in kept:
        futures[minute].result()
    assert [row[1] for row in everything(record)] == kept
    record.close()


def test_a_read_beyond_the_memory_allowed_is_refused_or_spills(tmp_path: Path) -> None:
    record = EmbeddedRecord(tmp_path, memory_mib=64)
    for minute in range(40):
        record.append(a_batch(*((series, minute, float(series)) for series in range(20_000))))
    asked = an_aggregation("mean", start=at(0), end=at(60))
    found = buckets_of(record.aggregate(Windows.whole(list(range(20_000))), asked), "mean")
    assert found == [(series, 0, float(series)) for series in range(20_000)]
    assert sum(batch.num_rows for batch in record.read(Windows.whole(list(range(20_000))))) == 800_000
    record.close()


def test_many_submitters_get_each_their_own_acknowledgement(tmp_path: Path) -> None:
    record = lingering(tmp_path)
    acks: dict[int, str] = {}

    def submit(series: int) -> None:
        for minute in range(20):
            acks[series * 100 + minute] = record.append(
                a_batch((series, minute, 1.0)), batch_id=f"{series}-{minute}"
            ).batch_id

    threads = [threading.Thread(target=submit, args=(series,)) for series in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert acks == {series * 100 + minute: f"{series}-{minute}" for series in range(10) for minute in range(20)}
    assert len(everything(record)) == 200
    record.close()


def test_who_began_before_the_table_was_renewed_may_go_on_asking(tmp_path: Path) -> None:
    record = hasty(tmp_path)
    record.append(a_batch((1, 0, 1.0), (2, 0, 2.0)))
    record.remove(Windows.whole([3]))  # all is in the table by then
    with record._opener.view(Windows.whole([1, 2])) as view:
        assert record.remove(Windows.whole([1])).observations == 1
        assert record.scrub()
        question = f"{view.visible} SELECT count(*) FROM visible"
        assert [view.cursor.sql(question).fetchall()[0][0] for _ in range(2)] == [2, 2]
        assert [row[0] for row in everything(record)] == [2]
    assert [path.name for path in tmp_path.rglob("record*.duckdb")] == ["record.000000001.duckdb"]
    record.close()
