"""What becomes of observations in the end: removed when somebody asks, with a receipt; by rules, day after day."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pyarrow as pa

from beffroi.access import Scope, receipts
from beffroi.access.receipts import RemovedSeries
from beffroi.database import Database, Transaction
from beffroi.observations import FIRST, Patience, Progress, Record, Removed, Thinning, Windows, quietly
from beffroi.observations.manifest import aware
from beffroi.observations.windows import LAST
from beffroi.pipeline import forgetting
from beffroi.registry import retention
from beffroi.registry.model import Series
from beffroi.registry.retention import Rule, Ruled

BY_MONTHS = 180
"""Days from which a rule counts to the beginning of a month: so each settled month is written anew once, not daily."""
EARLIEST_HOUR = 4
"""of the local clock: rules are applied once a day, after the day before was settled"""
RULES = Scope.system("retention rules")


class Deleted(msgspec.Struct, frozen=True):
    """`receipts`: their keys, one for each collectivité whose series these are."""

    observations: int
    receipts: list[str]


class Touched(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a rule takes, or would take, of a collectivité's series: observations that go, or that become figures."""

    rule: int
    owner: str
    deed: Literal["delete", "thin"]
    observations: int
    series: int
    receipt: str | None = None


class Deed(NamedTuple):
    """What is done to many series at once: removal when there is no unit."""

    turn: int
    unit: Literal["hour", "day"] | None
    figure: Literal["mean", "last"]


@dataclass(frozen=True)
class Part:
    """What one deed does to one stretch of a series, for one rule."""

    ruled: Ruled
    start: datetime | None
    end: datetime


class Keeping:
    """For any thread. Rules are applied by one at a time."""

    def __init__(self, database: Database, record: Record, *, time_zone: str) -> None:
        self._database, self._record = database, record
        self._zone = ZoneInfo(time_zone)
        self._alone = threading.Lock()
        self._retained: Any = None
        """the local day of the last run of the rules"""

    def remove(self, scope: Scope, series: Iterable[Series], windows: Windows, *, now: datetime) -> Deleted:
        """Remove the observations of `series` in `windows` for good. The caller has seen to the right to.

        What was asked is durable before anything is removed, so that a deletion once begun is carried out.
        """
        by_owner: dict[str, list[RemovedSeries]] = defaultdict(list)
        for one in series:
            mine = windows.series == one.id
            for start, end in zip(windows.start[mine], windows.end[mine], strict=True):
                by_owner[one.owner].append(RemovedSeries(one.id, one.code, one.name, _told(start), _told(end)))
        with self._database.write() as tx:
            keys = [
                receipts.begin(tx, scope.actor, owner=owner, series=its, origin="request", deed="delete", now=now)
                for owner, its in by_owner.items()
            ]
        done = [
            self._carry_out(scope, key, its, owner, now)
            for key, (owner, its) in zip(keys, by_owner.items(), strict=True)
        ]
        return Deleted(sum(done), keys)

    def resume(self, *, now: datetime) -> None:
        """Carry out what was asked and not done when the process died; before anything new is written."""
        with self._database.read() as tx:
            begun = receipts.lacking(tx, "removed")
        for one in begun:
            if one.origin == "request":
                self._carry_out(RULES, one.key, one.series, one.owner, now, resumed=True)
            else:  # the rule goes on at its next turn, with another receipt
                self._note(one.key, {"interrupted": True}, now)

    def finish(self, *, now: datetime) -> int:
        """Have what was removed leave the disk; how many receipts are complete by that."""
        with self._alone:
            with self._database.read() as tx:
                waiting = [one for one in receipts.lacking(tx, "erased") if one.has("removed")]
            if not waiting or not (self._record.scrub() and self._database.scrub()):
                return 0
            with self._database.write() as tx:
                for one in waiting:
                    receipts.note(tx, RULES.actor, one.key, "erased", {}, now=now)
        return len(waiting)

    def turn(self, *, now: datetime) -> None:
        """What is due at `now`: rules once a day, then what was removed leaves the disk."""
        local = now.astimezone(self._zone)
        if local.hour >= EARLIEST_HOUR and self._retained != local.date():
            self.retain(now=now)
            self._retained = local.date()
        self.finish(now=now)

    def dry_run(
        self, scope: Scope, rule: Rule | None = None, *, now: datetime, patience: Patience | None = None
    ) -> list[Touched]:
        """What the rules in force would take, or `rule` where it would hold, in force or not."""
        with self._database.read() as tx:
            deeds = self._deeds(retention.ruled(scope, tx, only=rule), now)
        return [one for deed, parts in deeds for one in self._tallied(deed, parts, patience)]

    def retain(self, *, now: datetime, progress: Progress = quietly) -> list[Touched]:
        """Apply the rules in force; killed on the way, the next run does the rest."""
        with self._alone:
            with self._database.read() as tx:
                deeds = self._deeds(retention.ruled(RULES, tx), now)
            told: list[Touched] = []
            for place, (deed, parts) in enumerate(deeds):

                def advance(done: float, total: float, place: int = place) -> None:
                    progress(place + done / max(total, 1), len(deeds))

                told += self._apply(deed, parts, now, advance)
                progress(place + 1, len(deeds))
        return told

    def _carry_out(
        self, scope: Scope, key: str, series: list[RemovedSeries], owner: str, now: datetime, *, resumed: bool = False
    ) -> int:
        removed = self._record.remove(windows_of(series))
        with self._database.write() as tx:
            blanked = forgetting.forget(tx, scope.actor, owner, series, why=key, now=now)
            detail = {**_detail(removed), "quarantine": blanked, **({"resumed": True} if resumed else {})}
            receipts.note(tx, scope.actor, key, "removed", detail, now=now)
        return removed.observations

    def _note(self, key: str, detail: dict[str, Any], now: datetime) -> None:
        with self._database.write() as tx:
            receipts.note(tx, RULES.actor, key, "removed", detail, now=now)

    def _deeds(self, ruled: list[Ruled], now: datetime) -> list[tuple[Deed, list[Part]]]:
        """What is to be done, removals first. A series whose stretches are under several rules comes in several turns:
        so each observation that goes is counted for its own rule."""
        deeds: dict[Deed, list[Part]] = defaultdict(list)
        turns: dict[int, int] = defaultdict(int)
        for one in ruled:
            turn, rule = turns[one.series], one.rule
            turns[one.series] += 1
            gone = self._bound(rule.keep_days if rule.figures == "none" else rule.figures_days, now)
            start = one.since
            if gone is not None:
                _put(deeds[Deed(turn, None, "last")], one, start, gone)
                start = gone if start is None else max(start, gone)
            if rule.figures != "none" and (thinned := self._bound(rule.keep_days, now)) is not None:
                figure: Literal["mean", "last"] = "mean" if one.value_kind == "number" else "last"
                _put(deeds[Deed(turn, rule.figures, figure)], one, start, thinned)
        return sorted(
            ((deed, parts) for deed, parts in deeds.items() if parts), key=lambda one: one[0].unit is not None
        )

    def _bound(self, days: int | None, now: datetime) -> datetime | None:
        """The local midnight before which observations are older than `days`."""
        if days is None:
            return None
        day = (now.astimezone(self._zone) - timedelta(days=days)).date()
        return datetime.combine(day.replace(day=1) if days >= BY_MONTHS else day, time(), self._zone)

    def _tallied(self, deed: Deed, parts: list[Part], patience: Patience | None = None) -> Iterator[Touched]:
        windows = _windows(parts)
        tally = self._record.tally(windows, self._thinning(deed, windows), patience=patience)
        for (rule, owner), its in _by_rule(parts).items():
            observations, series = _sum(tally, its)
            if series:
                yield Touched(rule, owner, "thin" if deed.unit else "delete", observations, series)

    def _apply(self, deed: Deed, parts: list[Part], now: datetime, progress: Progress) -> list[Touched]:
        """Only what a tally finds something of has a receipt, and is done."""
        found = list(self._tallied(deed, parts))
        if not found:
            return []
        by_rule = {(rule, owner): its for (rule, owner), its in _by_rule(parts).items()}
        with self._database.write() as tx:
            keys = [self._begin(tx, one, by_rule[one.rule, one.owner], now) for one in found]
        windows = _windows([part for one in found for part in by_rule[one.rule, one.owner]])
        thinning = self._thinning(deed, windows)
        done = self._record.thin(thinning, progress) if thinning else self._record.remove(windows)
        told: list[Touched] = []
        with self._database.write() as tx:
            for one, key in zip(found, keys, strict=True):
                observations, series = _sum(done.by_series, by_rule[one.rule, one.owner])
                detail = {**_detail(done), "observations": observations, "touched_series": series, "by_series": []}
                receipts.note(tx, RULES.actor, key, "removed", detail, now=now)
                told.append(Touched(one.rule, one.owner, one.deed, observations, series, key))
        return told

    def _begin(self, tx: Transaction, one: Touched, parts: list[Part], now: datetime) -> str:
        named = [RemovedSeries(p.ruled.series, p.ruled.code, p.ruled.name, p.start, p.end) for p in parts]
        return receipts.begin(
            tx, RULES.actor, owner=one.owner, series=named, origin=f"rule:{one.rule}", deed=one.deed, now=now
        )

    def _thinning(self, deed: Deed, windows: Windows) -> Thinning | None:
        return Thinning(windows, 1, deed.unit, self._zone.key, deed.figure) if deed.unit else None


def windows_of(series: Iterable[RemovedSeries]) -> Windows:
    return Windows.of([(one.id, one.start, one.end) for one in series])


def _put(parts: list[Part], one: Ruled, start: datetime | None, bound: datetime) -> None:
    end = bound if one.until is None else min(one.until, bound)
    if start is None or start < end:
        parts.append(Part(one, start, end))


def _windows(parts: Iterable[Part]) -> Windows:
    return Windows.of([(part.ruled.series, part.start, part.end) for part in parts])


def _by_rule(parts: Iterable[Part]) -> dict[tuple[int, str], list[Part]]:
    found: dict[tuple[int, str], list[Part]] = defaultdict(list)
    for part in parts:
        found[part.ruled.rule.id, part.ruled.owner].append(part)
    return found


def _sum(tally: pa.Table, parts: Iterable[Part]) -> tuple[int, int]:
    """Observations and series of `tally` that are of `parts`."""
    mine = np.isin(tally["series"].to_numpy(), np.array([part.ruled.series for part in parts], dtype=np.int64))
    return int(tally["observations"].to_numpy()[mine].sum()), int(mine.sum())


def _detail(removed: Removed) -> dict[str, Any]:
    return {
        "observations": removed.observations,
        "figures": removed.figures,
        "by_series": [list(row.values()) for row in removed.by_series.to_pylist()],
        "files": [
            {
                "period": file.period,
                "before": {"name": file.name, "sha256": file.sha256},
                "after": {"name": file.new_name, "sha256": file.new_sha256},
            }
            for file in removed.files
        ],
    }


def _told(bound: np.datetime64) -> datetime | None:
    if bound in (FIRST, LAST):
        return None
    return aware(bound)
