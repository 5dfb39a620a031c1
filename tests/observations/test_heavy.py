"""Heavy questions: ended when nobody waits for them any more, a few at a time, and in nobody's way."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from beffroi.errors import Invalid, Unavailable
from beffroi.observations import Aggregate, EmbeddedRecord, Patience, Windows, batch_of
from beffroi.observations.lanes import MOST_STREAMS, MOST_WAITING, NICE, Lanes, Turn
from beffroi.observations.patience import Late, Left
from tests.observations.builders import START, a_batch, an_aggregation, everything

ENDLESS = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3"
"""hours of work"""
MANY = Windows.whole(range(200))
"""more than are read without the engine"""
SOON = 0.2


@contextmanager
def a_record(folder: Path, **options: Any) -> Iterator[EmbeddedRecord]:
    given = {"memory_mib": 256, "settle_after": None} | options
    with closing(EmbeddedRecord(folder / "record", **given)) as record:
        yield record


def rows(count: int, series: int = 200) -> pa.Table:
    """Of `series` in turn, one each second, none like another."""
    place = np.arange(count)
    times = np.datetime64(START.replace(tzinfo=None), "us") + place.astype("m8[s]")
    value = np.random.default_rng(1).random(count)
    return batch_of({"series": place % series, "time": pa.array(times).cast(pa.timestamp("us", "UTC")), "value": value})


@pytest.fixture
def record(tmp_path: Path) -> Iterator[EmbeddedRecord]:
    with a_record(tmp_path) as made:
        made.append(rows(1000))
        yield made


def busy(record: EmbeddedRecord, patience: Patience, started: threading.Event | None = None) -> int:
    """Ask something endless of the engine that `record` reads by, in one of its lanes."""

    def question(turn: Turn) -> int:
        with closing(record._recent.cursor()) as cursor, turn.watching(cursor.interrupt):
            if started is not None:
                started.set()
            return int(cursor.execute(ENDLESS).fetchall()[0][0])

    return record._lanes.ask(question, patience)


@contextmanager
def filled_lanes(record: EmbeddedRecord) -> Iterator[list[Future[int]]]:
    """Both lanes at work for hours; left at the end."""
    patience, started = Patience(), [threading.Event(), threading.Event()]
    with ThreadPoolExecutor(2) as askers:
        asked = [askers.submit(busy, record, patience, one) for one in started]
        for one in started:
            one.wait()
        try:
            yield asked
        finally:
            patience.leave()


def until(true: Callable[[], bool]) -> None:
    for _ in range(60_000):
        if true():
            return
        time.sleep(0.001)
    pytest.fail("it never comes")


# one question


def test_what_takes_too_long_is_ended_and_says_so(record: EmbeddedRecord) -> None:
    with pytest.raises(Late, match=r"more than 0.2 s: ask for a shorter period"):
        busy(record, Patience(SOON))
    assert record.stats().heavy.late == 1


def test_the_lane_is_free_after_what_took_too_long(record: EmbeddedRecord) -> None:
    for _ in range(3):
        with pytest.raises(Late):
            busy(record, Patience(SOON))
    assert record.read(MANY, patience=Patience()).read_all().num_rows == 1000


def test_what_nobody_waits_for_is_ended(record: EmbeddedRecord) -> None:
    with filled_lanes(record) as asked:
        pass
    assert [type(one.exception()) for one in asked] == [Left, Left]
    heavy = record.stats().heavy
    assert (heavy.running, heavy.left) == (0, 2)


def test_a_reader_gone_before_it_asks_is_not_answered(record: EmbeddedRecord) -> None:
    patience = Patience()
    patience.leave()
    with pytest.raises(Left):
        busy(record, patience)


@pytest.mark.parametrize("ask", ["read", "aggregate", "latest", "tally"])
def test_whatever_people_ask_of_the_engine_takes_its_turn(record: EmbeddedRecord, ask: str) -> None:
    asked = {
        "read": lambda patience: record.read(MANY, patience=patience).read_all(),
        "aggregate": lambda patience: record.aggregate(MANY, an_aggregation("delta"), patience=patience),
        "latest": lambda patience: record.latest(MANY.between(None, START.replace(second=10)), patience=patience),
        "tally": lambda patience: record.tally(MANY, patience=patience),
    }[ask]
    assert asked(Patience()).num_rows
    with filled_lanes(record), pytest.raises(Late, match="were before this one"):
        asked(Patience(SOON))


def test_what_the_platform_asks_itself_waits_for_nobody(record: EmbeddedRecord) -> None:
    with filled_lanes(record):
        assert record.read(MANY).read_all().num_rows == 1000
        assert record.tally(MANY).num_rows == 200


# several


def test_with_both_lanes_at_work_light_readers_and_writers_are_answered(record: EmbeddedRecord) -> None:
    with filled_lanes(record):
        assert record.stats().heavy.running == 2
        record.append(a_batch((1, 600, 7.0)))
        assert everything(record, 1, patience=Patience())[-1][2] == 7.0
        assert record.aggregate(Windows.whole([1]), an_aggregation("max"), patience=Patience()).num_rows
        assert record.latest(MANY, patience=Patience()).num_rows == 200


def test_the_third_waits_for_its_turn_and_is_answered(record: EmbeddedRecord) -> None:
    with ThreadPoolExecutor(1) as third:
        with filled_lanes(record):
            asked = third.submit(lambda: record.read(MANY, patience=Patience()).read_all())
            until(lambda: record.stats().heavy.waiting == 1)
            assert not asked.done()
        assert asked.result().num_rows == 1000


def test_too_many_waiting_are_refused_at_once(record: EmbeddedRecord) -> None:
    patience = Patience()
    with ThreadPoolExecutor(MOST_WAITING) as others, filled_lanes(record):
        for _ in range(MOST_WAITING):
            others.submit(busy, record, patience)
        until(lambda: record.stats().heavy.waiting == MOST_WAITING)
        with pytest.raises(Unavailable, match="waiting already"):
            record.read(MANY, patience=Patience()).read_all()
        patience.leave()
    assert record.stats().heavy.refused == 1


def test_a_reading_under_way_holds_no_lane_and_waits_for_none(tmp_path: Path) -> None:
    with a_record(tmp_path) as record:
        record.append(rows(200_000))
        reader = record.read(MANY, patience=Patience())
        read = reader.read_next_batch().num_rows
        assert (record.stats().heavy.running, record.stats().heavy.streams) == (0, 1)
        with filled_lanes(record):
            read += sum(batch.num_rows for batch in reader)
        assert read == 200_000
        assert record.stats().heavy.streams == 0


def test_too_many_readings_under_way_are_refused(tmp_path: Path) -> None:
    with a_record(tmp_path) as record:
        record.append(rows(200_000))
        readers = [record.read(MANY, patience=Patience()) for _ in range(MOST_STREAMS)]
        for reader in readers:
            reader.read_next_batch()
        with pytest.raises(Unavailable, match="large readings are under way"):
            record.read(MANY, patience=Patience()).read_all()
        del reader
        readers.clear()
        assert record.read(MANY, patience=Patience()).read_all().num_rows == 200_000


def test_a_reading_ends_when_its_reader_leaves_between_two_batches(tmp_path: Path) -> None:
    with a_record(tmp_path) as record:
        record.append(rows(200_000))
        patience = Patience()
        reader = record.read(MANY, patience=patience)
        reader.read_next_batch()
        patience.leave()
        with pytest.raises(Left):
            reader.read_all()
        assert record.stats().heavy.streams == 0


def test_closing_the_record_ends_what_is_asked(tmp_path: Path) -> None:
    started = threading.Event()
    with ThreadPoolExecutor(1) as asker:
        with a_record(tmp_path) as record:
            asked = asker.submit(busy, record, Patience(), started)
            started.wait()
        assert asked.exception() is not None


# memory


def test_what_needs_more_memory_and_disk_than_allowed_is_refused_and_others_go_on(tmp_path: Path) -> None:
    with a_record(tmp_path, memory_mib=64, spill_mib=1) as record:
        for part in range(4):
            record.append(rows(1_000_000).set_column(0, "series", pa.array(np.arange(1_000_000) % 200 + 200 * part)))
        record.settle()
        asked = an_aggregation(unit="all", end=START.replace(year=2025), aggregates=(Aggregate("quantile", 0.5),))
        everyone = Windows.whole(range(800))
        with pytest.raises(Unavailable, match="more memory than allowed"):
            record.aggregate(everyone, asked, patience=Patience())
        with pytest.raises(Unavailable, match="more memory than allowed"):
            record.read(everyone, patience=Patience()).read_all()
        assert len(everything(record, 1, patience=Patience())) == 5000
        record.append(a_batch((1, 600_000, 7.0)))
        assert record.read(Windows.whole(range(100)), limit=10, patience=Patience()).read_all().num_rows == 10


@pytest.mark.parametrize("fill", ["none", "null"])
@pytest.mark.parametrize("series", [[1], range(200)])
def test_figures_of_more_rows_than_asked_for_are_refused(record: EmbeddedRecord, series: list[int], fill: str) -> None:
    asked = an_aggregation("mean", unit="minute", every=1, fill=fill)
    windows = Windows.whole(series)
    count = record.aggregate(windows, asked).num_rows
    assert record.aggregate(windows, asked, most=count).num_rows == count
    with pytest.raises(Invalid):
        record.aggregate(windows, asked, most=count - 1)


# interrupts


def test_an_interrupt_hits_nothing_but_what_is_watched() -> None:
    """A hundred readers whose patience ends at any moment, while another reads on with cursors of the same database."""
    with closing(duckdb.connect()) as connection, closing(connection.cursor()) as patient:
        lanes, stop = Lanes(2), threading.Event()

        def hasty(place: int) -> str:
            def question(turn: Turn) -> int:
                with closing(connection.cursor()) as cursor, turn.watching(cursor.interrupt):
                    return sum(cursor.execute("SELECT 1").fetchall()[0][0] for _ in range(50))

            try:
                return str(lanes.ask(question, Patience(place / 20_000)))
            except Unavailable as error:
                return type(error).__name__

        def unhurried() -> int:
            asked = 0
            while not stop.is_set():
                assert patient.execute("SELECT sum(range) FROM range(20000)").fetchall() == [(199990000,)]
                asked += 1
            return asked

        with ThreadPoolExecutor(1) as alone, ThreadPoolExecutor(4) as many:
            reading = alone.submit(unhurried)
            answers = set(many.map(hasty, range(200)))
            stop.set()
            assert reading.result() > 0
        lanes.close()
        assert answers <= {"50", "Late"}


def test_an_interrupt_between_two_statements_ends_the_second() -> None:
    """DuckDB forgets it: it is said again."""
    with closing(duckdb.connect()) as connection:
        lanes, said = Lanes(1), threading.Event()

        def question(turn: Turn) -> int:
            with closing(connection.cursor()) as cursor:

                def interrupt() -> None:
                    cursor.interrupt()
                    said.set()

                with turn.watching(interrupt):
                    cursor.execute("SELECT 1").fetchall()
                    said.wait()
                    return int(cursor.execute(ENDLESS).fetchall()[0][0])

        with pytest.raises(Late):
            lanes.ask(question, Patience(SOON))
        lanes.close()


def test_a_turn_that_is_over_begins_nothing_more() -> None:
    turn = Turn()
    turn.end()
    with pytest.raises(Unavailable), turn.watching(lambda: None):
        pytest.fail("begun")


def test_a_cut_for_the_file_to_be_opened_anew_still_ends_a_heavy_question(record: EmbeddedRecord) -> None:
    started = threading.Event()
    with ThreadPoolExecutor(1) as asker:
        asked = asker.submit(busy, record, Patience(), started)
        started.wait()
        cursors = list(record._recent.streams._cursors)
        while not asked.done():  # a cut is said once; the statement may not have begun
            for cursor in cursors:
                record._recent.streams.note(cursor)
            record._recent.streams.cut()
            time.sleep(0.001)
        assert isinstance(asked.exception(), duckdb.InterruptException)


# processors


def test_heavy_threads_give_way_and_light_ones_do_not(record: EmbeddedRecord) -> None:
    nice = record._lanes.ask(lambda turn: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()), Patience())
    assert nice == NICE
    light = [record._committer.thread, record._applier.thread, threading.current_thread()]
    assert [os.getpriority(os.PRIO_PROCESS, one.native_id or 0) for one in light] == [0, 0, 0]


def test_the_engines_own_threads_give_way(tmp_path: Path) -> None:
    before = {task.name for task in Path("/proc/self/task").iterdir()}
    with a_record(tmp_path, threads=4):
        known = {str(thread.native_id) for thread in threading.enumerate()}
        own = [int(task.name) for task in Path("/proc/self/task").iterdir() if task.name not in before | known]
        assert [os.getpriority(os.PRIO_PROCESS, one) for one in own].count(NICE) >= 3
