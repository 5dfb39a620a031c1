"""A process killed at any moment while it appends, settles, merges, removes, scrubs and thins: nothing acknowledged is
lost, nothing comes twice or in part."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from beffroi.observations import EmbeddedRecord, Windows
from tests.observations.builders import a_batch, rows_of

WRITERS, WIDTH = 4, 25
SPAN, STEP = 10**5, 30
"""minutes of a generation, and from one batch to the next"""

CHILD = """
import sys, threading
from pathlib import Path
from beffroi.observations import EmbeddedRecord, Windows
from tests.observations.builders import a_batch, at

record = EmbeddedRecord(Path(sys.argv[1]), memory_mib=128, settle_after=None)
generation, writers, width, span, step = map(int, sys.argv[2:])
print("open", flush=True)

def write(writer):
    for minute in range(span // step):
        rows = [(writer * 1000 + each, generation * span + minute * step, float(minute)) for each in range(width)]
        ack = record.append(a_batch(*rows), batch_id=f"{generation}-{writer}-{minute}" if minute % 3 else None)
        sys.stdout.write(f"{writer} {minute}\\n")
        sys.stdout.flush()
        if minute % 10 == 9:  # the same again, which must leave no trace
            record.append(a_batch(*rows))
        if minute % 50 == 49:
            record.delete(Windows.whole([999_999]))

def settle():
    while True:
        record.settle(until=at((generation + 1) * span))
        record.compact(until=at((generation + 1) * span))

def take_away():
    while True:
        record.append(a_batch((999_998, generation * span, 1.0)))
        record.remove(Windows.whole([999_998]))
        record.scrub()

threading.Thread(target=settle).start()
threading.Thread(target=take_away).start()
for writer in range(writers):
    threading.Thread(target=write, args=(writer,)).start()
"""


THINNING = """
import sys
from pathlib import Path
from beffroi.observations import EmbeddedRecord, Thinning, Windows

record = EmbeddedRecord(Path(sys.argv[1]), memory_mib=128, settle_after=None)
print("open", flush=True)
record.thin(Thinning(Windows.whole([1, 2]), 1, "day", "Europe/Paris", "mean"))
record.scrub()
"""
DAYS, EACH = 12, 48
"""thinned, and readings in each"""


@pytest.mark.timeout(7200)
def test_a_day_is_whole_or_a_figure_whenever_thinning_dies(tmp_path: Path, soak: bool) -> None:
    """Days of Paris, which lie in two files: of each, either every reading is there or its mean alone."""
    chance = random.Random(2024)
    record = EmbeddedRecord(tmp_path, settle_after=None)
    first = -60
    rows = [(series, first + 30 * step, float(step)) for series in (1, 2) for step in range(DAYS * EACH)]
    record.append(a_batch(*rows))
    record.settle()
    record.close()
    whole = {day: [float(day * EACH + step) for step in range(EACH)] for day in range(DAYS)}
    means = {day: [sum(values) / EACH] for day, values in whole.items()}
    for _ in range(200 if soak else 5):
        run(THINNING, tmp_path, chance.uniform(0.0, 0.4))
        record = EmbeddedRecord(tmp_path, settle_after=None)
        found: dict[tuple[int, int], list[float]] = {}
        for series, minute, value, _ in rows_of(record.read(Windows.whole([1, 2]))):
            found.setdefault((series, int(minute - first) // 1440), []).append(value)
        assert record.verify() == []
        record.close()
        assert set(found) == {(series, day) for series in (1, 2) for day in range(DAYS)}
        assert [key for key, values in found.items() if values not in (whole[key[1]], means[key[1]])] == []
    run(THINNING, tmp_path, None)
    record = EmbeddedRecord(tmp_path, settle_after=None)
    assert [row[2] for row in rows_of(record.read(Windows.whole([1])))] == [mean for (mean,) in means.values()]
    record.close()


def run(program: str, folder: Path, after: float | None) -> None:
    """Run `program` on `folder` and kill it `after` seconds, or let it end."""
    arguments = [sys.executable, "-c", program, str(folder)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        if after is not None:
            time.sleep(after)
            child.send_signal(signal.SIGKILL)
    assert after is not None or child.returncode == 0


def killed(folder: Path, generation: int, after: float) -> dict[int, int]:
    """Run the child on `folder`, kill it `after` seconds; for each writer the last minute acknowledged."""
    arguments = [sys.executable, "-c", CHILD, str(folder), *map(str, (generation, WRITERS, WIDTH, SPAN, STEP))]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        time.sleep(after)
        child.send_signal(signal.SIGKILL)
        said = child.stdout.read()
    whole = said[: said.rfind("\n") + 1].split("\n")[:-1]
    last = dict.fromkeys(range(WRITERS), -1)
    for line in whole:
        writer, minute = map(int, line.split())
        last[writer] = max(last[writer], minute)
    return last


@pytest.mark.timeout(7200)
def test_nothing_acknowledged_dies_with_the_process(tmp_path: Path, soak: bool) -> None:
    chance = random.Random(2024)
    acknowledged: list[dict[int, int]] = []
    for generation in range(500 if soak else 6):
        acknowledged.append(killed(tmp_path, generation, chance.uniform(0.01, 0.8)))
    record = EmbeddedRecord(tmp_path)
    found: dict[tuple[int, int], dict[int, list[int]]] = {}
    series = [writer * 1000 + each for writer in range(WRITERS) for each in range(WIDTH)]
    for one, minute, value, quality in rows_of(record.read(Windows.whole(series))):
        generation, minute_there = divmod(int(minute), SPAN)
        minute_there //= STEP
        assert (value, quality) == (minute_there, 0)
        found.setdefault((generation, one // 1000), {}).setdefault(minute_there, []).append(one % 1000)
    assert record.verify() == []
    assert record.stats().settled
    record.close()
    for generation, last in enumerate(acknowledged):
        for writer, minute in last.items():
            minutes = found.get((generation, writer), {})
            # the batch that was under way may be there or not, whole
            assert set(range(minute + 1)) <= set(minutes) <= set(range(minute + 2)), (generation, writer)
            assert all(each == list(range(WIDTH)) for each in minutes.values())
    assert sum(minute + 1 for last in acknowledged for minute in last.values()) > 0
