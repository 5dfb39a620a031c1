"""What is asked alike of Beffroi and of its peers: which work, on how much history."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles

from benchmarks import walk

SERIES = 10_000
CONNECTIONS = (8, 64)
COLUMNS = "one value of 10,000 series a POST"
MEAN = "hourly mean of every series, a day"
BYTES = "bytes an observation"
READ = "24 h of one series"
SETTLED, LATEST = "a settled day", "the latest"
WARMING = 50
"""reads that are not counted"""

Measured = dict[str, float]
"""figures by work, in the unit of the work"""


@dataclass(frozen=True)
class Scale:
    """`posts` of 10,000 series, `singles` of one observation, `reads` of each kind."""

    days: int
    posts: int
    singles: int
    reads: int

    @property
    def ticks(self) -> int:
        """The last half-day is not settled."""
        return self.days * walk.DAY + walk.DAY // 2

    @property
    def rows(self) -> int:
        return self.ticks * SERIES

    @property
    def end(self) -> datetime:
        return walk.START + self.ticks * walk.STEP

    def read_from(self) -> dict[str, datetime]:
        """Where the 24 hours begin that are read."""
        return {SETTLED: walk.START + timedelta(days=self.days // 2), LATEST: self.end - timedelta(days=1)}


WHOLE = Scale(days=30, posts=288, singles=20_000, reads=1_000)
QUICK = Scale(days=3, posts=60, singles=4_000, reads=200)


def one_post(connections: int) -> str:
    return f"one observation a POST, {connections} connections"


def read_of(when: str, times: "list[float]") -> Measured:
    """From milliseconds."""
    return {f"{READ}, {when}, median": median(times), f"{READ}, {when}, p99": quantiles(times, n=100)[98]}
