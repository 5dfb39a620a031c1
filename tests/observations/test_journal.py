"""The journal alone: what it gives back after whatever happened to its files."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from beffroi.errors import Unavailable
from beffroi.observations import Few
from beffroi.observations.admission import admit
from beffroi.observations.journal import AHEAD, Body, Entry, Journal
from tests.observations.builders import a_batch


def entry(version: int, *, batch_id: str = "", rows: int = 1) -> Entry:
    batch = admit(a_batch(*((1, version + row / 1000, float(version)) for row in range(rows))))
    return Entry(version, batch_id, batch, Body.of(batch))


@contextmanager
def opened(folder: Path, **options: int) -> Iterator[Journal]:
    journal = Journal(folder, **options)
    yield journal
    journal.close(0)


def replayed(folder: Path, *, after: int = 0) -> list[int]:
    with opened(folder) as journal:
        return [entry.version for entry in journal.replay(after)]


def segments(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.journal"))


def test_what_was_written_is_replayed_as_it_was(tmp_path: Path) -> None:
    batch = admit(
        a_batch((1, 0, 1.5), (2, 0, None), (3, 0, None), text=[None, "é", None], longitude=[None, None, 1.0])
        .drop_columns(["latitude"])
        .add_column(5, "latitude", [[None, None, 2.0]])
    )
    with opened(tmp_path) as journal:
        journal.write([Entry(7, "été", batch, Body.of(batch))])
    with opened(tmp_path) as journal:
        (found,) = journal.replay(0)
    assert (found.version, found.batch_id) == (7, "été")
    assert found.batch.equals(batch)


@pytest.mark.parametrize("text", [None, [None, "é", ""]])
def test_a_few_are_replayed_as_they_were(tmp_path: Path, text: list[str | None] | None) -> None:
    few = Few([1, 2**63 - 1, 3], [-5, 0, 2**60], [1.5, None if text else 0.0, 1e300], [0, 65_535, 256], text)
    with opened(tmp_path) as journal:
        journal.write([Entry(7, "été", few, Body.of(few)), entry(8)])
    with opened(tmp_path) as journal:
        found, after = journal.replay(0)
    assert (found.version, found.batch_id, after.version) == (7, "été", 8)
    assert isinstance(found.batch, Few)
    assert found.batch.batch.equals(few.batch)


def test_only_what_comes_after_is_replayed(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.write([entry(version) for version in (1, 2, 3, 4)])
    assert replayed(tmp_path, after=2) == [3, 4]


def written(folder: Path, *entries: Entry) -> bytes:
    """The segment that holds them."""
    with opened(folder) as journal:
        for one in entries:
            journal.write([one])
    return segments(folder)[0].read_bytes()


def test_a_torn_end_is_cut_wherever_it_is_torn(tmp_path: Path) -> None:
    whole = len(written(tmp_path / "other", entry(1)))
    data = written(tmp_path, entry(1), entry(2))
    for size in range(whole, len(data)):
        segments(tmp_path)[0].write_bytes(data[:size])
        assert replayed(tmp_path) == [1]


def test_a_flipped_bit_costs_one_entry_wherever_it_is(tmp_path: Path) -> None:
    damaged = len(written(tmp_path / "other", entry(1)))
    data = written(tmp_path, entry(1), entry(2))
    for place in range(damaged):
        flipped = data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]
        segments(tmp_path)[0].write_bytes(flipped)
        assert replayed(tmp_path) == [2], place


def test_a_hole_of_zeros_at_the_end_is_no_entry(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.write([entry(1)])
    with segments(tmp_path)[0].open("ab") as file:
        file.write(bytes(4096))
    assert replayed(tmp_path) == [1]


def test_room_is_laid_out_ahead_of_what_is_written(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with opened(tmp_path / "journal") as journal:
        sizes = set()
        for version in (1, 2, 3):
            journal.write([entry(version)])
            sizes.add(segments(tmp_path / "journal")[0].stat().st_size)
        shutil.copytree(tmp_path / "journal", tmp_path / "killed")
    assert len(sizes) == 1
    assert replayed(tmp_path / "killed") == [1, 2, 3]
    assert not caplog.records


def test_a_segment_that_is_closed_holds_entries_and_no_more(tmp_path: Path) -> None:
    data = written(tmp_path, entry(1), entry(2))
    assert len(data) == 2 * len(written(tmp_path / "other", entry(1)))


def test_entries_beyond_the_room_that_was_laid_out_are_replayed(tmp_path: Path) -> None:
    entries = [entry(version, rows=2000) for version in range(1, 60)]
    data = written(tmp_path, *entries)
    assert len(data) > 2 * AHEAD
    assert replayed(tmp_path) == list(range(1, 60))


def test_a_disk_that_has_no_room_to_lay_out_takes_what_it_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.pwrite

    def full(file: int, data: bytes, start: int) -> int:
        if len(data) == AHEAD:
            raise OSError(28, "No space left on device")
        return real(file, data, start)

    monkeypatch.setattr(os, "pwrite", full)
    written(tmp_path, entry(1), entry(2))
    assert replayed(tmp_path) == [1, 2]


def test_what_begins_after_a_torn_first_write_stays_when_the_torn_one_is_forgotten(tmp_path: Path) -> None:
    data = written(tmp_path, entry(1))
    segments(tmp_path)[0].write_bytes(data[:-1])
    with opened(tmp_path) as journal:
        assert not list(journal.replay(0))
        journal.write([entry(1)])
        journal.forget(0)
    assert replayed(tmp_path) == [1]


def test_segments_go_once_they_are_no_longer_needed(tmp_path: Path) -> None:
    with opened(tmp_path, segment_bytes=1) as journal:
        for version in (1, 2, 3):
            journal.write([entry(version)])
        journal.forget(2)
        assert [path.name for path in segments(tmp_path)] == [f"{3:020d}.journal"]
    assert replayed(tmp_path) == [3]


def test_the_segments_replayed_go_too(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.write([entry(1)])
    with opened(tmp_path) as journal:
        list(journal.replay(0))
        journal.forget(0)
        assert segments(tmp_path)
        journal.forget(1)
        assert not segments(tmp_path)


@pytest.mark.parametrize("written", [0, 1])
def test_a_failed_fsync_leaves_nothing_of_what_was_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    def fail(file: int) -> None:
        raise OSError(5, "Input/output error")

    with opened(tmp_path) as journal:
        for version in range(1, written + 1):
            journal.write([entry(version)])
        with monkeypatch.context() as patch:
            patch.setattr(os, "fdatasync", fail)
            with pytest.raises(OSError, match="Input"):
                journal.write([entry(8), entry(9)])
        journal.write([entry(10)])
        journal.forget(9)
    assert replayed(tmp_path) == [10]


def test_nothing_is_taken_while_what_was_refused_cannot_be_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(file: int, *size: int) -> None:
        raise OSError(5, "Input/output error")

    with opened(tmp_path) as journal:
        journal.write([entry(1)])
        with monkeypatch.context() as patch:
            patch.setattr(os, "fdatasync", fail)
            patch.setattr(os, "ftruncate", fail)
            for _ in range(2):
                with pytest.raises(OSError, match="Input"):
                    journal.write([entry(2)])
        journal.write([entry(3)])
    assert replayed(tmp_path) == [1, 3]


def test_a_journal_is_open_once(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(Unavailable):
        Journal(tmp_path)
    Journal(tmp_path).close(0)
