"""What processes do whose disk fails under them: each asserts what must hold, and ends with 0 when it does."""

import errno
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from beffroi.errors import Unavailable
from beffroi.observations import EmbeddedRecord, Quality, Windows, batch_of
from tests.observations.builders import a_batch, at, everything, rows_of
from tests.observations.faults import CHANGES, Deed, Faults
from tests.observations.lives import tell

DAY = 1440
"""minutes"""
CORRECTED = int(Quality.CORRECTED)
Rows = dict[tuple[int, int], tuple[float, int]]
"""By series and minute, value and quality."""


def opened(folder: Path, **options: Any) -> EmbeddedRecord:
    return EmbeddedRecord(folder, memory_mib=128, linger=timedelta(0), settle_after=None, **options)


def done(work: Callable[[], object]) -> bool:
    """Whether it was; what is refused is refused as *Unavailable*, and nothing else."""
    try:
        work()
    except Unavailable:
        return False
    return True


def until_done(work: Callable[[], object], seconds: float = 10) -> None:
    """As whoever is told *Unavailable* does: again and again."""
    beyond = time.monotonic() + seconds
    while not done(work):
        assert time.monotonic() < beyond, "does not recover"
        time.sleep(0.05)


class Story:
    """A record through all that changes it, and what it must hold."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.record = opened(folder / "record")
        self.backups = 0
        self.kept: Rows = {}
        self.refused: Rows = {}
        self.doubtful: set[tuple[int, int]] = set()
        """deleted, but not acknowledged: they may be there or not"""

    def append(self, *rows: tuple[int, int, float], batch_id: str | None = None) -> None:
        new = {
            (series, minute): (value, CORRECTED if (series, minute) in self.kept else 0)
            for series, minute, value in rows
        }
        if done(lambda: self.record.append(a_batch(*rows), batch_id=batch_id)):
            self.kept |= new
        else:
            self.refused |= new

    def delete(self, series: int, start: int, end: int) -> None:
        gone = {key for key in self.kept if key[0] == series and start <= key[1] < end}
        if done(lambda: self.record.delete(Windows.of([(series, at(start), at(end))]))):
            self.kept = {key: row for key, row in self.kept.items() if key not in gone}
        else:
            self.doubtful |= gone

    def everything_once(self) -> None:
        self.append(*((series, series, float(series)) for series in range(1, 7)))
        self.append(*((series, DAY + series, float(series)) for series in range(1, 7)), batch_id="b")
        done(lambda: self.record.settle(until=at(2 * DAY)))
        self.append((1, 1, 11.0), (1, 9, 9.0))
        done(lambda: self.record.settle(until=at(2 * DAY)))
        done(lambda: self.record.compact(until=at(40 * DAY)))
        self.delete(2, 0, DAY)
        self.append((7, 2 * DAY, 7.0))
        done(self.record.scrub)
        self.delete(7, 3 * DAY, 4 * DAY)
        self.backups += 1
        done(lambda: self.record.backup_to(self.folder / f"backup {self.backups}"))

    def check(self, record: EmbeddedRecord | None = None) -> None:
        found = {(row[0], int(row[1])): (row[2], row[3]) for row in everything(record or self.record)}
        assert len(everything(record or self.record)) == len(found), "twice"
        for key in self.doubtful - set(found):
            self.kept.pop(key, None)
        assert found == self.kept, (found, self.kept)
        greatest = {series: minute for series, minute in sorted(found)}
        latest = (record or self.record).latest(Windows.whole(list(range(10))))
        assert [(row[0], row[1]) for row in rows_of(latest)] == sorted(greatest.items())

    def check_recovered(self) -> None:
        """Whatever was refused before is done at the latest after the applier's next try."""
        until_done(self.check)
        self.append((8, 0, 8.0))
        assert (8, 0) in self.kept, "appends recover at once"
        until_done(lambda: self.record.settle(until=at(2 * DAY)))
        until_done(lambda: self.record.compact(until=at(40 * DAY)))
        self.check()
        until_done(lambda: self.record.delete(Windows.whole([6])))
        self.kept = {key: row for key, row in self.kept.items() if key[0] != 6}
        until_done(self.record.scrub)
        until_done(lambda: self.record.backup_to(self.folder / "later backup"))
        self.check()
        self.record.close()
        for name in ("record", "later backup"):
            record = opened(self.folder / name)
            self.check(record)
            assert record.verify() == []
            self.check_no_litter(record)
            record.close()

    def check_no_litter(self, record: EmbeddedRecord) -> None:
        listed = {part.name for file in record._settled.manifest.files for part in file.parts}
        folder = record.folder / "settled"
        present = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        assert present == listed | {"manifest.json"}
        assert not list(self.folder.rglob("*.partial*"))
        assert len(list(record.folder.glob("record*.duckdb"))) == 1


def everything_counted(folder: str) -> None:
    """Its diary: how many deeds of the disk all that takes."""
    faults, story = Faults.here(), Story(Path(folder))
    faults.fail(CHANGES, folder, after=10**6)
    story.everything_once()
    tell(faults.seen)


def everything_while_failing(folder: str, error: str, after: str, times: str, *more: str) -> None:
    """From the deed `after` on, `times` of them fail, or all. With `checkpoints`, the table's file is written at each
    commit."""
    faults, story = Faults.here(), Story(Path(folder))
    if "checkpoints" in more:
        story.record._recent.cursor().execute("SET GLOBAL checkpoint_threshold = '1KB'")
    faults.fail(CHANGES, folder, getattr(errno, error), after=int(after), times=int(times))
    story.everything_once()
    if "checkpoints" in more and times == "0":
        done(story.check)  # a table that has to be opened anew waits for the disk: it mends its journal first
    else:
        story.check()
    faults.mend()
    story.check_recovered()


def one_kind_of_file_failing(folder: str, deeds: str, pattern: str, error: str) -> None:
    """While it lasts, readers see all that was acknowledged, and each kind of work is done or refused."""
    faults, story = Faults.here(), Story(Path(folder))
    story.append((1, 0, 1.0), (2, 0, 2.0))
    done(lambda: story.record.settle(until=at(DAY)))
    story.append((1, DAY, 3.0))
    faults.fail(Deed(int(deeds)), pattern, getattr(errno, error))
    story.everything_once()
    story.check()
    assert faults.seen
    faults.mend()
    story.check_recovered()


def a_reader_while_the_table_is_opened_anew(folder: str) -> None:
    """One that takes its time is cut, keeps nobody waiting, and begins again."""
    faults, record = Faults.here(), opened(Path(folder))
    whole = list(range(120_000))
    record.append(a_batch(*((series, 0, 1.0) for series in whole)))
    record.delete(Windows.whole([999_999]))
    slow = record.read(Windows.whole(whole))
    assert slow.read_next_batch().num_rows
    with faults.failing(Deed.SYNC, "duckdb.wal"):
        record.append(a_batch((1, 1, 2.0)))
        until_done(lambda: everything(record, 1))
        assert not done(lambda: record.delete(Windows.whole([2])))
        until_done(lambda: everything(record, 1))
        assert len(everything(record, 1)) == 2
        assert not done(lambda: sum(batch.num_rows for batch in slow))
    until_done(lambda: record.delete(Windows.whole([2])))
    assert sum(batch.num_rows for batch in record.read(Windows.whole(whole))) == len(whole)
    record.close()


def refused_by_a_dying_disk(folder: str) -> None:
    """What is refused cannot be cut off again; then the process dies."""
    faults, record = Faults.here(), opened(Path(folder))
    record.append(a_batch((1, 0, 1.0)))
    faults.fail(Deed.SYNC | Deed.TRUNCATE, "/journal")
    for minute in (1, 2):
        assert not done(lambda minute=minute: record.append(a_batch((1, minute, 2.0))))
    os.kill(os.getpid(), signal.SIGKILL)


def a_jumping_clock(folder: str) -> None:
    """Forward a day, back a year, forward ten, while the record settles by itself."""
    faults = Faults.here()
    every = timedelta(milliseconds=5)
    record = EmbeddedRecord(Path(folder), memory_mib=128, linger=timedelta(0), settle_every=every)
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    versions = []
    for turn, days in enumerate((0, 1, -365, 3650, -3650, 0)):
        faults.jump(days * 86_400)
        assert abs(datetime.now(UTC) - today - timedelta(days=days)) < timedelta(days=2)
        times = [today - timedelta(days=day) + timedelta(minutes=turn) for day in range(40)]
        values = {"series": [1] * len(times), "time": times, "value": [float(turn)] * len(times)}
        versions.append(record.append(batch_of(values), batch_id=f"turn {turn}").version)
        assert record.append(batch_of(values), batch_id=f"turn {turn}").version == versions[-1]
        time.sleep(0.3)
        assert len(everything(record, 1)) == 40 * (turn + 1)
    assert versions == sorted(set(versions))
    record.settle(until=today)
    assert record.verify() == []
    record.close()
    faults.jump(0)
    record = EmbeddedRecord(Path(folder), memory_mib=128)
    found = everything(record, 1)
    assert len(found) == len({row[:2] for row in found}) == 240
    assert record.stats().settled >= 39 * 6
    record.close()
