"""What brings messages by itself: the one shape of those that listen and those that fetch, and the state they tell."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from beffroi.acquisition.connections import Connection
from beffroi.acquisition.ways import Bounds, Credentials
from beffroi.api.inbox import Inbox
from beffroi.database import Database
from beffroi.errors import Text

AT_ONCE = 4
"""looks of one owner's connections at a time"""
UNKNOWN_FAULT = Text(
    "Un message n'a pas pu être pris : voyez le journal.", "A message could not be taken: see the log."
)


@dataclass
class State:
    """Of a connection where Beffroi begins, since the instance began. `connected`: it listens, or its last look went
    well; `since`: connected, or cut when `connected` is false. `status`: of the last HTTP answer. `error`: the last,
    which may be mended; `failures`: in a row, up to now. `next_try_at`: when it tries again, or looks again."""

    connected: bool = False
    since: datetime | None = None
    messages: int = 0
    latest_at: datetime | None = None
    looked_at: datetime | None = None
    documents: int = 0
    status: int | None = None
    failures: int = 0
    error: Text | None = None
    error_at: datetime | None = None
    next_try_at: datetime | None = None

    def told(self, *, connected: bool) -> None:
        if self.connected != connected or self.since is None:
            self.connected, self.since = connected, datetime.now(UTC)

    def failed(self, text: Text) -> None:
        self.error, self.error_at = text, datetime.now(UTC)
        self.failures += 1
        self.told(connected=False)

    def looked(self, status: int | None, error: Text | None) -> None:
        self.status, self.looked_at = status, datetime.now(UTC)
        if error is not None:
            self.failed(error)
        else:
            self.failures = 0
            self.told(connected=True)

    def waits(self, seconds: float) -> None:
        self.next_try_at = datetime.now(UTC) + timedelta(seconds=seconds)


@dataclass
class Backoff:
    """How long to wait after a failure: doubled each time up to `longest`, and drawn from the upper half so that not
    all come back at once."""

    first: float
    longest: float

    def __post_init__(self) -> None:
        self._next = self.first

    def reset(self) -> None:
        self._next = self.first

    def wait(self) -> float:
        seconds = self._next * random.uniform(0.5, 1)
        self._next = min(2 * self._next, self.longest)
        return seconds


@dataclass(frozen=True)
class Around:
    """What every feed uses."""

    inbox: Inbox
    database: Database
    bounds: Bounds
    lanes: "defaultdict[str, asyncio.Semaphore]" = field(
        default_factory=lambda: defaultdict(lambda: asyncio.Semaphore(AT_ONCE))
    )
    """by owner: none keeps the others waiting"""


class Feed(Protocol):
    """One connection, kept going until it is closed. Belongs to one event loop."""

    @property
    def connection(self) -> Connection: ...

    @property
    def credentials(self) -> Credentials: ...

    def hurry(self) -> None:
        """Look now, where looks are taken; where one listens, nothing."""
        ...

    async def close(self, *, forgotten: bool = False) -> None:
        """`forgotten`: the connection is ended, and the other side need not wait for it."""
        ...


Open = Callable[[Connection, Credentials, State, Around], Feed]
