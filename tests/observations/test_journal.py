"""The journal alone: what it gives back after whatever happened to its files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from beffroi.errors import Unavailable
from beffroi.observations.admission import admit
from beffroi.observations.journal import Body, Entry, Journal
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


def test_only_what_comes_after_is_replayed(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.write([entry(version) for version in (1, 2, 3, 4)])
    assert replayed(tmp_path, after=2) == [3, 4]


def test_a_torn_end_is_cut_wherever_it_is_torn(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.write([entry(1)])
        whole = segments(tmp_path)[0].stat().st_size
        journal.write([entry(2)])
    data = segments(tmp_path)[0].read_bytes()
    for size in range(whole, len(data)):
        segments(tmp_path)[0].write_bytes(data[:size])
        assert replayed(tmp_path) == [1]


def test_a_flipped_bit_costs_one_entry_wherever_it_is(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.write([entry(1)])
        damaged = segments(tmp_path)[0].stat().st_size
        journal.write([entry(2)])
    data = segments(tmp_path)[0].read_bytes()
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
