"""Who saw what: reads noted in the audit trail without writing a line at each."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from beffroi.access import audit
from beffroi.access.scope import Actor, Scope
from beffroi.database import Database

Seen = tuple[Actor, str, str | None, str]


@dataclass
class _Tally:
    first: datetime
    again: int = 0


class _Line(NamedTuple):
    seen: Seen
    at: datetime
    detail: dict[str, Any] | None = None


class Views:
    """A buffer of reads. The first sight of a subject is written at the next `flush`; the same actor seeing the same
    subject again within `interval` only counts, and the count is written once `interval` is over.

    The application calls `flush` about every second and `close` at the end: a crash loses at most the first sights of
    the last second, and counts of repeats. At most `bound` of them are held; past that, `note` writes them itself, and
    raises when it cannot: nothing more is shown that could not be noted.
    """

    def __init__(self, database: Database, *, interval: timedelta = timedelta(minutes=10), bound: int = 10_000) -> None:
        self.database = database
        self.interval = interval
        self.bound = bound
        self._lock = threading.Lock()
        self._tallies: dict[Seen, _Tally] = {}
        self._waiting: list[_Line] = []

    def note(
        self, scope: Scope, action: str, owner: str | None, subject: str, now: datetime, *, times: int = 1
    ) -> None:
        """The actor saw `subject` of `owner`, so many times; `action` is `noun.read` or the like."""
        seen = (scope.actor, action, owner, subject)
        if max(len(self._tallies), len(self._waiting)) >= self.bound:
            self.close(now)
        with self._lock:
            tally = self._tallies.get(seen)
            if tally is not None and now < tally.first + self.interval:
                tally.again += times
                return
            if tally is not None:
                self._settle(seen, now)
            self._tallies[seen] = _Tally(now, times - 1)
            self._waiting.append(_Line(seen, now))

    def flush(self, now: datetime) -> int:
        """Write first sights, and the repeats whose interval is over, in one transaction; how many lines."""
        with self._lock:
            for seen in [one for one, tally in self._tallies.items() if now >= tally.first + self.interval]:
                self._settle(seen, now)
        return self._write()

    def close(self, now: datetime) -> int:
        """Write all that is held."""
        with self._lock:
            for seen in list(self._tallies):
                self._settle(seen, now)
        return self._write()

    def _settle(self, seen: Seen, now: datetime) -> None:
        tally = self._tallies.pop(seen)
        if tally.again:
            self._waiting.append(_Line(seen, now, {"again": tally.again, "since": tally.first}))

    def _write(self) -> int:
        with self._lock:
            lines, self._waiting = self._waiting, []
        if not lines:
            return 0
        try:
            with self.database.write() as tx:
                for line in lines:
                    actor, action, owner, subject = line.seen
                    audit.append(tx, actor, action, now=line.at, owner=owner, subject=subject, detail=line.detail)
        except Exception:
            with self._lock:
                self._waiting = lines + self._waiting
            raise
        return len(lines)
