"""A disk that is really full: what cannot be kept is refused in plain words, what was acknowledged is there, and all
goes on by itself once there is room."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from beffroi.errors import Unavailable
from beffroi.observations import EmbeddedRecord, Windows
from tests.disks import Disk
from tests.observations.builders import a_batch, at, everything
from tests.observations.failing_lives import until_done

DAY = 1440
"""minutes"""


def opened(disk: Disk, **options: Any) -> EmbeddedRecord:
    given: dict[str, Any] = {"memory_mib": 128, "linger": timedelta(0), "settle_after": None}
    return EmbeddedRecord(disk.folder / "record", **(given | options))


def readings(minute: int) -> Any:
    values = np.random.default_rng(minute).normal(size=500)
    return a_batch(*((series, minute, float(value)) for series, value in enumerate(values)))


def minutes_of(record: EmbeddedRecord) -> list[int]:
    return [int(row[1]) for row in everything(record, 0)]


def filled(record: EmbeddedRecord, disk: Disk, *, start: int = 0, room: int = 200_000) -> list[int]:
    """The minutes acknowledged, the disk being filled but for some room, until none is taken."""
    disk.fill(but=room)
    kept = []
    for minute in range(start, start + 1000):
        try:
            record.append(readings(minute))
        except Unavailable as error:
            assert "disk full" in error.text.en
            return kept
        kept.append(minute)
    raise AssertionError("never full")


def test_what_does_not_fit_is_refused_and_all_else_is_there(disk: Disk) -> None:
    record = opened(disk)
    record.append(readings(0))
    kept = [0, *filled(record, disk, start=1)]
    assert minutes_of(record) == kept
    assert record.stats().observations == 500 * len(kept)
    disk.free()
    until_done(lambda: record.append(readings(5000)))
    assert minutes_of(record) == [*kept, 5000]
    record.close()
    record = opened(disk)
    assert minutes_of(record) == [*kept, 5000]
    record.close()


def test_files_and_backups_are_refused_without_litter_and_done_once_there_is_room(disk: Disk) -> None:
    record = opened(disk)
    for minute in (*range(10), DAY, 2 * DAY):
        record.append(readings(minute))
    record.settle(until=at(2 * DAY))
    record.append(readings(11))
    before = minutes_of(record)
    disk.fill()
    files = sorted((disk.folder / "record" / "settled").iterdir())
    for work in (
        lambda: record.settle(),
        lambda: record.compact(),
        lambda: record.backup_to(disk.folder / "backup"),
        lambda: record.delete(Windows.of([(0, at(5), at(6))])),
    ):
        with pytest.raises(Unavailable):
            work()
        assert minutes_of(record) == before
        assert sorted((disk.folder / "record" / "settled").iterdir()) == files
        assert {path.name for path in disk.folder.iterdir()} <= {"record", "ballast", "lost+found"}
    disk.free()
    until_done(lambda: record.settle(until=at(3 * DAY)))
    until_done(lambda: record.compact(until=at(40 * DAY)))
    until_done(lambda: record.backup_to(disk.folder / "backup"))
    until_done(lambda: record.delete(Windows.of([(0, at(5), at(6))])))
    assert minutes_of(record) == [minute for minute in before if minute != 5]
    assert record.verify() == []
    record.close()


@pytest.mark.parametrize("linger", [timedelta(0), timedelta(seconds=60)], ids=["from the table", "from the journal"])
def test_a_record_opens_on_a_full_disk_to_be_read(disk: Disk, linger: timedelta) -> None:
    record = opened(disk, linger=linger)
    kept = filled(record, disk)
    disk.fill()
    record.close()
    disk.fill()
    record = opened(disk)
    assert minutes_of(record) == kept
    for _ in range(3):
        with pytest.raises(Unavailable):
            record.append(readings(5000))
    assert minutes_of(record) == kept
    disk.free()
    until_done(lambda: record.append(readings(5001)))
    until_done(lambda: record.delete(Windows.whole([1])))
    assert minutes_of(record) == [*kept, 5001]
    record.close()
    record = opened(disk)
    assert minutes_of(record) == [*kept, 5001]
    record.close()
