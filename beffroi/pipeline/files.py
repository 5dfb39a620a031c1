"""Files of observations taken in: opened, decoded by their mapping, refused cells set aside, the rest received."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa

from beffroi.access import Right, Scope, audit
from beffroi.acquisition.decode import Reject
from beffroi.acquisition.mapping import FLAGS, Mapping, parse
from beffroi.acquisition.parts import Part, Source
from beffroi.acquisition.stations import Directory
from beffroi.acquisition.tables import open_table, require
from beffroi.database import Database
from beffroi.errors import Fault, Invalid, Text
from beffroi.observations import SCHEMA
from beffroi.pipeline import quarantine
from beffroi.pipeline.intake import Intake, Taken
from beffroi.pipeline.pipeline import Pipeline
from beffroi.pipeline.quarantine import Quarantined
from beffroi.pipeline.zero_runs import ZeroRuns

Progress = Callable[[str, int, int], None]
"""called with a file's name, its bytes read so far, its size"""
TOLD = 100
"""faults in a report; the quarantine holds them all"""
NAME = pa.field("name", pa.int16())


class Told(msgspec.Struct, frozen=True):
    """A fault: `row` as a spreadsheet shows it, the column, what was written there, why it cannot be taken."""

    row: int
    column: str
    raw: str
    reason_fr: str
    reason_en: str


class FileReport(msgspec.Struct, frozen=True):
    """What became of a file. Cells are those the mapping asks for: `cells` = `observations` + `repeated` + `missing` +
    `quarantined`. `repeated`: another cell near it says the same series at the same time; the last one holds.
    `flagged`: observations with a quality flag. `faults`: entries in quarantine (a bad date takes its whole row along,
    told once); `first_faults` shows some. `ignored`: rows that no value's `when` asks for. `created`: series made."""

    file: str
    owner: str
    rows: int = 0
    cells: int = 0
    observations: int = 0
    repeated: int = 0
    missing: int = 0
    flagged: int = 0
    quarantined: int = 0
    ignored: int = 0
    created: int = 0
    faults: int = 0
    first_faults: list[Told] = []


class Report(msgspec.Struct, frozen=True):
    """What became of each file; with `dry_run`, what would have."""

    dry_run: bool
    files: list[FileReport]


class Replayed(msgspec.Struct, frozen=True):
    """Items that could be taken this time, the observations they gave, and those that still cannot."""

    replayed: int
    observations: int
    still_waiting: int


def ingest(
    scope: Scope,
    database: Database,
    pipeline: Pipeline,
    paths: Sequence[Path],
    mapping: Mapping,
    *,
    now: datetime,
    owner: str | None = None,
    stations: Path | None = None,
    dry_run: bool = False,
    progress: Progress = lambda file, done, size: None,
) -> Report:
    """Take `paths` in for `owner` (else the mapping's), one after the other.

    Refused cells are durable in the quarantine before the observations beside them are. Ingesting a file again
    changes nothing. Raises `Invalid` when the mapping does not fit a file, or the file cannot be read at all: then
    nothing of that file was kept.
    """
    holder = owner or mapping.series.owner
    if holder is None:
        raise Invalid("owner", Text("à qui sont ces observations ?", "whose observations are these?"))
    _require(scope, holder)
    directory = _directory(stations, mapping)
    reports = []
    for path in paths:
        file = _File(scope, database, pipeline, path, mapping, holder, directory, now, dry_run)
        reports.append(file.take_in(progress))
    return Report(dry_run, reports)


def replay(
    scope: Scope,
    database: Database,
    pipeline: Pipeline,
    id_: int,
    *,
    now: datetime,
    mapping: str | None = None,
    value: str | None = None,
) -> Replayed:
    """Try an item again, with the `mapping` mended (TOML) or the cell corrected to `value`.

    Raises `Invalid` with the reason when it still cannot be taken, `Conflict` when it no longer waits.
    """
    with database.read() as tx:
        item = quarantine.get(scope, tx, id_, Right.OPERATE)
        source = mapping or quarantine.mapping_of(tx, item.source)
    if not item.record:
        raise Invalid(
            "id",
            Text(
                "toute la ligne est illisible : corrigez-la dans le fichier, et reprenez-le",
                "the whole row is unreadable: mend it in the file, and take it in again",
            ),
        )
    if value is not None:
        item = msgspec.structs.replace(item, record={**item.record, item.column: value})
    done, still = _again(scope, database, pipeline, [item], parse(source), now)
    if still:
        raise Invalid.of([Fault(reject.column, reject.reason) for reject in still])
    return done


def replay_all(
    scope: Scope, database: Database, pipeline: Pipeline, source: int, *, now: datetime, mapping: str | None = None
) -> Replayed:
    """Try again all that waits of one reading of a file, with the `mapping` mended (TOML)."""
    with database.read() as tx:
        items = quarantine.waiting(scope, tx, source)
        text = mapping or (quarantine.mapping_of(tx, source) if items else "")
    readable = [item for item in items if item.record]
    if not readable:
        return Replayed(0, 0, len(items))
    done, _ = _again(scope, database, pipeline, readable, parse(text), now)
    return msgspec.structs.replace(done, still_waiting=len(items) - done.replayed)


class _File:
    """One file on its way in."""

    def __init__(
        self,
        scope: Scope,
        database: Database,
        pipeline: Pipeline,
        path: Path,
        mapping: Mapping,
        owner: str,
        directory: Directory | None,
        now: datetime,
        dry_run: bool,
    ) -> None:
        self.scope, self.database, self.pipeline = scope, database, pipeline
        self.path, self.mapping, self.owner = path, mapping, owner
        self.directory, self.now, self.dry_run = directory, now, dry_run
        self.intake = Intake(scope, database, mapping, owner, now, dry_run)
        self.schema = SCHEMA.append(NAME)
        self.runs = [
            (ZeroRuns(rule.zero_run, FLAGS[rule.flag], self.schema), _places(mapping, rule.values))
            for rule in mapping.quality
            if rule.zero_run
        ]
        self.sent = 0
        self.source: int | None = None
        self.report = FileReport(path.name, owner)

    def take_in(self, progress: Progress) -> FileReport:
        source = open_table(self.path, self.mapping.format)
        size = self.path.stat().st_size
        self.content = _digest(self.path)
        self.fingerprint = hashlib.sha256(
            "\0".join([self.owner, self.content, self.mapping.source]).encode()
        ).hexdigest()
        for part in self._parts(source):
            taken = self.intake.take(part)
            self._refuse_all_strayed(taken)
            self._count(part, taken)
            self._set_aside(taken.rejects)
            self._send(self._doubted(taken))
            progress(self.path.name, int(part.done * size), size)
        self._send(self._still_held())
        progress(self.path.name, size, size)
        self._close()
        return msgspec.structs.replace(self.report, created=self.intake.created)

    def _parts(self, source: Source) -> Iterator[Part]:
        wanted = self.mapping.columns()
        joined = set(self.directory.names) - set(source.columns) if self.directory else set()
        own = [name for name in wanted if name not in joined]
        require(source, own)
        for part in source.parts(own):
            yield self.directory.joined(part, wanted) if self.directory else part

    def _refuse_all_strayed(self, taken: Taken) -> None:
        """When no series of the beginning can take anything, the mapping is at fault, not the cells."""
        if self.report.rows == 0 and taken.strays and not len(taken.batch):
            reasons = dict.fromkeys(reject.reason for reject in taken.strays)
            raise Invalid.of([Fault("series.code", reason) for reason in list(reasons)[:20]])

    def _count(self, part: Part, taken: Taken) -> None:
        before = self.report
        told = [Told(r.row, r.column, r.raw, *r.reason) for r in taken.rejects[: TOLD - len(before.first_faults)]]
        self.report = msgspec.structs.replace(
            before,
            rows=before.rows + len(part),
            cells=before.cells + taken.read,
            missing=before.missing + taken.missing,
            quarantined=before.quarantined + taken.rejected,
            ignored=before.ignored + taken.ignored,
            faults=before.faults + len(taken.rejects),
            first_faults=[*before.first_faults, *told],
        )

    def _set_aside(self, rejects: list[Reject]) -> None:
        if self.dry_run:
            return
        with self.database.write() as tx:
            if self.source is None:
                self.source = quarantine.open_source(
                    self.scope,
                    tx,
                    owner=self.owner,
                    file=self.path.name,
                    content=self.content,
                    mapping=self.mapping.source,
                    fingerprint=self.fingerprint,
                    now=self.now,
                )
            quarantine.put(tx, self.source, self.owner, rejects, now=self.now)

    def _doubted(self, taken: Taken) -> pa.Table:
        """The batch, less the zeros held back until the next part says how long they last."""
        batch = taken.batch.append_column(NAME, pa.array(taken.names))
        for runs, places in self.runs:
            batch = _through(runs.push, batch, places)
        return batch

    def _still_held(self) -> pa.Table:
        batch = self.schema.empty_table()
        for runs, places in self.runs:
            batch = pa.concat_tables([_through(runs.push, batch, places), runs.flush()])
        return batch

    def _send(self, batch: pa.Table) -> None:
        if not len(batch):
            return
        rows = batch.select(SCHEMA.names)
        if self.dry_run:
            stored = rows.group_by(["series", "time"]).aggregate([]).num_rows
            flagged = int(np.count_nonzero(rows["quality"].to_numpy()))
        else:
            batch_id = f"file-{self.fingerprint[:40]}-{self.sent}"
            received = self.pipeline.receive(self.scope, rows, batch_id=batch_id, now=self.now)
            stored, flagged = received.rows, received.flagged
        self.sent += 1
        self.report = msgspec.structs.replace(
            self.report,
            observations=self.report.observations + stored,
            repeated=self.report.repeated + len(rows) - stored,
            flagged=self.report.flagged + flagged,
        )

    def _close(self) -> None:
        """The whole file is in: settle what another reading of it left waiting, and note the deed."""
        if self.dry_run or self.source is None:
            return
        with self.database.write() as tx:
            quarantine.supersede(self.scope, tx, self.source, now=self.now)
            detail = {
                "file": self.path.name,
                "observations": self.report.observations,
                "quarantined": self.report.quarantined,
            }
            subject = str(self.source)
            audit.record(self.scope, tx, "file.ingest", now=self.now, owner=self.owner, subject=subject, detail=detail)


def _again(
    scope: Scope, database: Database, pipeline: Pipeline, items: list[Quarantined], mapping: Mapping, now: datetime
) -> tuple[Replayed, list[Reject]]:
    """Items of one reading of a file through the same steps, as rows of a table of their own. A row taken at last may
    show cells that cannot be: they wait in turn."""
    holder = items[0].owner
    intake = Intake(scope, database, mapping, holder, now)
    still: list[Reject] = []
    replayed = observations = 0
    for value in dict.fromkeys(item.value for item in items):
        some = [item for item in items if item.value == value]
        if value and value not in mapping.values:
            raise Invalid("mapping", Text(f"[values.{value}] n'y est plus", f"[values.{value}] is no longer there"))
        part = _rows_again(some, mapping, value or None)
        taken = intake.take(part, only=value or None)
        same = [reject for reject in taken.rejects if (reject.value or "") == value]
        refused = {reject.row for reject in same}
        good = [item for number, item in enumerate(some) if number not in refused]
        cells = [replace(reject, row=some[reject.row].row) for reject in taken.rejects if reject not in same]
        seal = hashlib.sha256(msgspec.json.encode([item.record for item in some]) + mapping.source.encode())
        with database.write() as tx:  # taken back if the observations are not durable
            quarantine.settle(scope, tx, good, "replayed", note=None, now=now)
            quarantine.put(tx, some[0].source, holder, cells, now=now)
            if len(taken.batch):
                batch_id = f"replay-{some[0].id}-{seal.hexdigest()[:40]}"
                observations += pipeline.receive(scope, taken.batch, batch_id=batch_id, now=now).rows
        replayed += len(good)
        still += same
    return Replayed(replayed, observations, len(items) - replayed), still


def _rows_again(items: list[Quarantined], mapping: Mapping, only: str | None) -> Part:
    """Quarantined rows as a part, numbered from 0."""
    columns = {name: pa.array([item.record.get(name) for item in items], pa.string()) for name in mapping.columns(only)}
    return Part(np.arange(len(items)), columns, 1.0)


def _require(scope: Scope, owner: str) -> None:
    """Refuse early who may write nothing there; which series, the pipeline says."""
    if not any(share.giver == owner and share.right >= Right.OPERATE for share in scope.shares):
        msgspec.structs.replace(scope, services=None).require(Right.OPERATE, owner)


def _directory(path: Path | None, mapping: Mapping) -> Directory | None:
    if mapping.stations is None:
        return None
    if path is None:
        raise Invalid("stations", Text("le fichier des stations manque", "the file of stations is missing"))
    return Directory(path, mapping.stations)


def _places(mapping: Mapping, names: list[str]) -> list[int]:
    every = list(mapping.values)
    return [every.index(name) for name in names or every]


def _through(push: Callable[[pa.Table], pa.Table], batch: pa.Table, places: list[int]) -> pa.Table:
    """`batch`, its rows of some values pushed, the others as they are."""
    concerned = np.isin(batch["name"].to_numpy(), places)
    others = batch.filter(pa.array(~concerned))
    return pa.concat_tables([others, push(batch.filter(pa.array(concerned)))])


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
