"""A figure measured, the machine it was measured on, and how a run is asked."""

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import msgspec


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """`beside`: limits and peers, by name, measured in the same run on the same machine, in the same unit. `reach`:
    what is asked of this work."""

    work: str
    value: float
    unit: str
    beside: dict[str, float] = {}
    reach: float | None = None
    note: str = ""

    @property
    def more_is_better(self) -> bool:
        """Of rates; of times and sizes, less is."""
        return self.unit.endswith("/s")

    def times_better(self, value: float) -> float:
        """How many times better than asked `value` is, its own or a peer's: below 1, worse. There is a `reach`."""
        assert self.reach is not None
        return value / self.reach if self.more_is_better else self.reach / value


class Machine(msgspec.Struct, frozen=True):
    processor: str
    cores: int
    memory_gib: float
    system: str
    python: str
    libraries: dict[str, str]


@dataclass(frozen=True)
class Run:
    """`quick`: fewer days and shorter loads, said in the notes. `say`: told what goes on."""

    quick: bool
    say: Callable[[str], None]


def this_machine() -> Machine:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=round(memory / 2**30, 1),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        libraries={name: version(name) for name in ("duckdb", "pyarrow", "numpy")},
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def said(value: float) -> str:
    """Three figures are enough."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def median_ms(work: Callable[[], object], *, times: int) -> float:
    """The median of `times` runs, after one to warm up."""
    work()
    return statistics.median(seconds(work) for _ in range(times)) * 1000


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@contextmanager
def folder() -> Iterator[Path]:
    """On the disk of the checkout: the system's temporary folder may be memory. Peers that may not run as root go
    through it to folders of their own."""
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent, prefix=".bench-") as name:
        Path(name).chmod(0o711)
        yield Path(name)
