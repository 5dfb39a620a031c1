"""The latest values kept for the next start: never more trusted than they deserve."""

from datetime import timedelta
from pathlib import Path

import pytest

from beffroi.observations import EmbeddedRecord, Windows
from beffroi.observations.reading import Reader
from beffroi.observations.snapshot import NAME
from tests.observations.builders import START, a_batch, at, rows_of

DAY = 1440


def a_record(folder: Path) -> EmbeddedRecord:
    return EmbeddedRecord(folder, memory_mib=256, settle_after=None)


def latest(record: EmbeddedRecord) -> list[tuple]:
    return [row[:3] for row in rows_of(record.latest(Windows.whole([1, 2, 3])))]


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """A record left with a settled day and something recent."""
    record = a_record(tmp_path)
    record.append(a_batch((1, 0, 1.0), (2, 5, 2.0)))
    record.settle(until=START + timedelta(days=1))
    record.append(a_batch((1, DAY, 3.0)))
    record.close()
    return tmp_path


def test_a_start_does_not_look_into_files(left: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Reader, "newest")
    record = a_record(left)
    assert latest(record) == [(1, DAY, 3.0), (2, 5, 2.0)]
    record.close()


@pytest.mark.parametrize("damage", ["gone", "torn", "flipped", "empty"])
def test_without_it_or_with_a_damaged_one_the_files_are_looked_into(left: Path, damage: str) -> None:
    path = left / NAME
    content = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    else:
        content[len(content) // 2] ^= 1
        path.write_bytes({"torn": content[:-9], "flipped": content, "empty": b""}[damage])
    record = a_record(left)
    assert latest(record) == [(1, DAY, 3.0), (2, 5, 2.0)]
    record.close()


def test_what_was_written_after_it_is_known(left: Path) -> None:
    kept = (left / NAME).read_bytes()
    record = a_record(left)
    record.append(a_batch((1, DAY, 4.0), (3, 7, 9.0)))
    record.close()
    (left / NAME).write_bytes(kept)  # as if the process had died
    record = a_record(left)
    assert latest(record) == [(1, DAY, 4.0), (2, 5, 2.0), (3, 7, 9.0)]
    record.close()


def test_one_from_before_days_were_settled_is_not_trusted(left: Path) -> None:
    kept = (left / NAME).read_bytes()
    record = a_record(left)
    record.append(a_batch((2, DAY + 1, 7.0)))
    record.settle(until=START + timedelta(days=2))
    record.close()
    (left / NAME).write_bytes(kept)
    record = a_record(left)
    assert latest(record) == [(1, DAY, 3.0), (2, DAY + 1, 7.0)]
    record.close()


def test_it_is_gone_before_anything_is_removed(left: Path) -> None:
    record = a_record(left)
    record.append(a_batch((3, DAY + 2, 1.0)))
    record.delete(Windows.of([(3, None, None), (1, at(DAY), None)]))
    assert not (left / NAME).exists()
    assert latest(record) == [(1, 0, 1.0), (2, 5, 2.0)]
    record.close()
    record = a_record(left)
    assert latest(record) == [(1, 0, 1.0), (2, 5, 2.0)]
    record.close()
