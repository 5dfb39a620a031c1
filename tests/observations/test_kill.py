"""A process killed at any moment while it appends, settles, merges, deletes, scrubs, thins and backs up: nothing
acknowledged is lost, nothing comes twice or in part, no backup begun is taken for one made."""

import random
import shutil
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from beffroi.observations import EmbeddedRecord, Windows
from tests.observations.builders import START, a_batch, rows_of
from tests.observations.lives import (
    BACKUPS,
    REMOVED,
    SPAN,
    STEP,
    THINNED,
    WIDTH,
    WRITERS,
    a_busy_life,
    a_thinning_life,
)
from tests.observations.nursery import Nursery, a_nursery, waited_for

EVERYTHING = Windows.whole([*(writer * 1000 + each for writer in range(WRITERS) for each in range(WIDTH)), REMOVED])
LIVES_OF_A_FOLDER, MOST = 12, 8
WORDS = ("kills", "acknowledged", "lost", "twice", "deleted", "back", "backups", "unfinished", "settled")
"""what is counted: kills, observations (`back`: deleted and there again), backups that opened or were never made"""
DAY = 1440
"""minutes"""
DAYS, EACH = 12, 48
"""thinned, and readings in each"""


class Diary(NamedTuple):
    """What a life said before it was killed."""

    wrote: dict[int, int]
    """for each writer the last place acknowledged; all before it were"""
    added: int
    removed: int
    backing: dict[int, list[int]]
    backed: set[int]

    @classmethod
    def read(cls, path: Path) -> "Diary":
        said = path.read_text()
        diary = cls(dict.fromkeys(range(WRITERS), -1), -1, -1, {}, set())
        for line in said[: said.rfind("\n")].split("\n"):
            word, *rest = line.split()
            numbers = [int(each) for each in rest]
            if word == "wrote":
                diary.wrote[numbers[0]] = numbers[1]
            elif word in ("added", "removed"):
                diary = diary._replace(**{word: numbers[0]})
            elif word == "backing":
                diary.backing[numbers[0]] = numbers[1:]
            elif word == "backed":
                diary.backed.add(numbers[0])
            else:
                assert word == "open", said
        return diary


class Kept(NamedTuple):
    """What a record holds: for each (generation, writer) how many rows at each place, and the places of the series
    that is deleted from."""

    rows: dict[tuple[int, int], "np.ndarray[tuple[int], np.dtype[np.int64]]"]
    removed: dict[int, set[int]]
    twice: int

    @classmethod
    def of(cls, record: EmbeddedRecord) -> "Kept":
        table = record.read(EVERYTHING).read_all()
        series = table["series"].to_numpy()
        minutes = (table["time"].to_numpy() - np.datetime64(START.replace(tzinfo=None), "us")) // np.timedelta64(1, "m")
        generations, places = minutes // SPAN, minutes % SPAN // STEP
        twice = len(series) - len(np.unique(np.column_stack((series, minutes)), axis=0))
        twice += record.stats().observations - len(series)
        assert not table["quality"].to_numpy().any()
        lasting = series != REMOVED
        assert (table["value"].to_numpy() == places)[lasting].all()
        rows = {
            (generation, writer): np.bincount(places[(generations == generation) & (series // 1000 == writer)])
            for generation in set(generations.tolist())
            for writer in range(WRITERS)
        }
        removed: dict[int, set[int]] = {}
        for generation, place in zip(generations[~lasting].tolist(), places[~lasting].tolist(), strict=True):
            removed.setdefault(generation, set()).add(place)
        return cls(rows, removed, twice)

    def lost(self, generation: int, wrote: dict[int, int], *, more: int) -> int:
        """How many acknowledged observations are not here. What was under way may be here, whole, up to `more`
        batches of each writer."""
        lost = 0
        for writer, last in wrote.items():
            counts = self.rows.get((generation, writer), np.zeros(0, dtype=np.int64))
            assert set(counts.tolist()) <= {0, WIDTH}, "a batch is kept whole or not at all"
            lost += WIDTH * int((np.pad(counts, (0, SPAN))[: last + 1] == 0).sum())
            assert len(counts) <= last + 1 + more
        return lost


class Backups:
    """Of one generation: those that are made open and hold what was acknowledged before they began."""

    def __init__(self, folder: Path, generation: int, diary: Diary) -> None:
        self.lost = self.opened = self.unfinished = 0
        assert not diary.backed or (folder / BACKUPS / f"{generation}-{max(diary.backed)}").exists()
        for path in (folder / BACKUPS).glob(f"{generation}-*"):
            if path.suffix == ".partial":
                self.unfinished += 1
                continue
            record = EmbeddedRecord(path, memory_mib=128, settle_after=None)
            assert record.verify() == []
            wrote = dict(enumerate(diary.backing[int(path.name.partition("-")[2])]))
            self.lost += Kept.of(record).lost(generation, wrote, more=SPAN)
            self.opened += 1
            record.close()


def a_folder_of_lives(nursery: Nursery, folder: Path, seed: int) -> Counter[str]:
    """Kill as many lives as a folder has, each on what the one before left; what came of it, counted."""
    chance, diaries, told = random.Random(seed), [], Counter[str]()
    folder.mkdir()
    for generation in range(LIVES_OF_A_FOLDER):
        path = folder / f"{generation}.diary"
        life = nursery.begin(a_busy_life, path, folder, generation)
        waited_for(path, "open")
        time.sleep(chance.uniform(0.01, 1.2))
        assert nursery.end(life, kill=True) == -9, path.read_text()
        diary = Diary.read(path)
        backups = Backups(folder, generation, diary)
        told += Counter(kills=1, backups=backups.opened, unfinished=backups.unfinished, lost=backups.lost)
        shutil.rmtree(folder / BACKUPS, ignore_errors=True)
        diaries.append(diary)
    record = EmbeddedRecord(folder / "record", settle_after=None)
    kept = Kept.of(record)
    for generation, diary in enumerate(diaries):
        told["acknowledged"] += WIDTH * sum(last + 1 for last in diary.wrote.values())
        told["lost"] += kept.lost(generation, diary.wrote, more=1)
        told["deleted"] += diary.removed + 1
        left = kept.removed.get(generation, set())
        told["back"] += len(left & set(range(diary.removed + 1)))
        told["lost"] += len(set(range(diary.removed + 2, diary.added + 1)) - left)
        assert left <= set(range(diary.added + 2))
    told["twice"] += kept.twice
    assert record.verify() == []
    told["settled"] += record.stats().settled
    record.close()
    shutil.rmtree(folder)
    return told


@pytest.mark.timeout(7200)
def test_nothing_acknowledged_dies_with_the_process(
    tmp_path: Path, soak: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    lanes, folders = (4, 42) if soak else (2, 2)

    def a_lane(lane: int) -> Counter[str]:
        told = Counter[str]()
        with a_nursery() as nursery:
            for number in range(lane, max(folders, lane + 1), lanes):
                told += a_folder_of_lives(nursery, tmp_path / str(number), number)
        return told

    with ThreadPoolExecutor(lanes) as lanes_at_once:
        told = sum(lanes_at_once.map(a_lane, range(lanes)), Counter[str]())
    while (
        not (told["deleted"] and told["settled"]) and folders < MOST
    ):  # on a machine under load, few lives come so far
        told += a_lane(folders)
        folders += 1
    with capsys.disabled():
        sys.stdout.write("\n" + ", ".join(f"{word} {told[word]}" for word in WORDS) + "\n")
    assert (told["lost"], told["twice"], told["back"]) == (0, 0, 0)
    assert told["kills"] == folders * LIVES_OF_A_FOLDER
    assert told["acknowledged"]
    assert told["deleted"]
    assert told["settled"]


@pytest.mark.timeout(7200)
def test_a_day_is_whole_or_a_figure_whenever_thinning_dies(tmp_path: Path, soak: bool) -> None:
    """Days of Paris, which lie in two files: of each, either every reading is there or its mean alone."""
    chance = random.Random(2024)
    folder = tmp_path / "record"
    record = EmbeddedRecord(folder, settle_after=None)
    first = -60
    rows = [(series, first + 30 * step, float(step)) for series in THINNED for step in range(DAYS * EACH)]
    record.append(a_batch(*rows))
    record.settle()
    record.close()
    whole = {day: [float(day * EACH + step) for step in range(EACH)] for day in range(DAYS)}
    means = {day: [sum(values) / EACH] for day, values in whole.items()}
    with a_nursery() as nursery:
        for number in range(200 if soak else 5):
            diary = tmp_path / f"{number}.diary"
            life = nursery.begin(a_thinning_life, diary, folder)
            waited_for(diary, "open")
            time.sleep(chance.uniform(0.0, 0.4))
            assert nursery.end(life, kill=True) in (-9, 0)
            found = thinned_days(folder, first)
            assert set(found) == {(series, day) for series in THINNED for day in range(DAYS)}
            assert [key for key, values in found.items() if values not in (whole[key[1]], means[key[1]])] == []
        life = nursery.begin(a_thinning_life, tmp_path / "last.diary", folder)
        assert nursery.end(life, kill=False) == 0
    assert thinned_days(folder, first) == {(series, day): means[day] for series in THINNED for day in range(DAYS)}


def thinned_days(folder: Path, first: int) -> dict[tuple[int, int], list[float]]:
    """What is held of each series and day, the days counted from minute `first`."""
    record = EmbeddedRecord(folder, settle_after=None)
    found: dict[tuple[int, int], list[float]] = {}
    for series, minute, value, _ in rows_of(record.read(Windows.whole(list(THINNED)))):
        found.setdefault((series, int(minute - first) // DAY), []).append(value)
    assert record.verify() == []
    record.close()
    return found
