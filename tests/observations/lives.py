"""What the processes do that are killed: append, settle, merge, delete, scrub and back up at once, and say what
was acknowledged; or thin."""

import os
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from beffroi.observations import EmbeddedRecord, Thinning, Windows
from tests.observations.builders import a_batch, a_few, at

WRITERS, WIDTH = 3, 25
SPAN, STEP = 10**5, 30
"""minutes of a generation, and from one batch to the next"""
REMOVED, KEPT = 900_000, 2
"""the series that is deleted from, and how many of its observations are left meanwhile"""
BACKUPS = "backups"
THINNED = (1, 2)


def tell(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def a_busy_life(folder: str, generation: str) -> None:
    """Until it is killed. Its diary: `open`; `wrote <writer> <place>`, `added <place>` and `removed <place>` once
    acknowledged; `backing <number> <last place of each writer>` before a backup begins and `backed <number>` after."""
    record = EmbeddedRecord(Path(folder) / "record", memory_mib=128, settle_after=None)
    tell("open")
    life = Life(record, Path(folder) / BACKUPS, int(generation), [-1] * WRITERS)
    writing = [(life.write, (writer,)) for writer in range(WRITERS)]
    for work, given in (*writing, (life.remove, ()), (life.settle, ()), (life.scrub, ()), (life.back_up, ())):
        threading.Thread(target=work, args=given).start()
    threading.Event().wait()


def a_thinning_life(folder: str) -> None:
    """Until it is done: its days are then figures. Its diary: `open`."""
    record = EmbeddedRecord(Path(folder), memory_mib=128, settle_after=None)
    tell("open")
    record.thin(Thinning(Windows.whole(THINNED), 1, "day", "Europe/Paris", "mean"))
    record.scrub()
    record.close()


@dataclass
class Life:
    """What its threads do, each for ever."""

    record: EmbeddedRecord
    backups: Path
    born: int
    acknowledged: list[int]

    def minute(self, place: int) -> int:
        return self.born * SPAN + place * STEP

    def write(self, writer: int) -> None:
        for place in range(SPAN // STEP):
            rows = [(writer * 1000 + each, self.minute(place), float(place)) for each in range(WIDTH)]
            batch = a_few(*rows) if place % 2 else a_batch(*rows)
            self.record.submit(batch, batch_id=f"{self.born}-{writer}-{place}" if place % 3 else None).result()
            tell("wrote", writer, place)
            self.acknowledged[writer] = place
            if place % 10 == 9:  # the same again, which must leave no trace
                self.record.append(a_batch(*rows))

    def remove(self) -> None:
        for place in range(SPAN // STEP):
            self.record.append(a_batch((REMOVED, self.minute(place), 1.0)))
            tell("added", place)
            if place >= KEPT:
                start = self.minute(place - KEPT)
                self.record.delete(Windows.of([(REMOVED, at(start), at(start + STEP))]))
                tell("removed", place - KEPT)

    def settle(self) -> None:
        while True:
            self.record.settle(until=at(self.minute(SPAN // STEP)))
            self.record.compact(until=at(self.minute(SPAN // STEP)))
            time.sleep(0.02)  # lets deleting have its turn

    def scrub(self) -> None:
        while True:
            time.sleep(0.3)  # lets deleting have its turn
            self.record.scrub()

    def back_up(self) -> None:
        for number in range(SPAN):
            tell("backing", number, *self.acknowledged)
            self.record.backup_to(self.backups / f"{self.born}-{number}")
            tell("backed", number)
            if number:
                before = (self.backups / f"{self.born}-{number - 1}").rename(self.backups / "going")
                shutil.rmtree(before)
            time.sleep(0.05)  # lets settling and deleting have their turn
