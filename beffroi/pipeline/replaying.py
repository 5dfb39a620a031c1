"""Messages tried again: those that are held, once what they lacked is there; those stored, by another codec."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from beffroi.access import Right, Scope
from beffroi.acquisition import connections
from beffroi.acquisition.connections import Connection
from beffroi.acquisition.connector import Envelope
from beffroi.acquisition.messages import Measurements, Uplink
from beffroi.database import Database
from beffroi.errors import Conflict, Text
from beffroi.observations import Progress, Windows, quietly
from beffroi.pipeline import held
from beffroi.pipeline.addressing import MESSAGES
from beffroi.pipeline.fates import Delivery, Fate
from beffroi.pipeline.held import Waiting, Which
from beffroi.pipeline.pipeline import Pipeline
from beffroi.pipeline.reception import Reception
from beffroi.pipeline.rows import EPOCH, read_back
from beffroi.registry import series
from beffroi.registry.series import SeriesSelection

TOGETHER = 1000
"""messages tried at once"""


class Replay(msgspec.Struct, frozen=True):
    """`replayed` are stored now; `waiting` still lack something, and say what; `observations` of both."""

    replayed: int
    waiting: int
    observations: int


class Redecoded(msgspec.Struct, frozen=True):
    """`held`: those that the codec of now fails on; what they gave before stays."""

    messages: int
    observations: int
    held: int


def replay(
    scope: Scope,
    database: Database,
    reception: Reception,
    which: Which,
    *,
    now: datetime,
    progress: Progress = quietly,
) -> Replay:
    """Try again what waits, in the order of the times it tells. What is stored leaves the waiting, once."""
    replayed = observations = done = 0
    with database.read() as tx:
        total = held.count(scope, tx, which)
        parts = held.in_order(scope, tx, which, by=TOGETHER)
        for some in parts:
            settled, values = _again(scope, database, reception, some, now)
            replayed, observations, done = replayed + settled, observations + values, done + len(some)
            progress(done, total)
    if replayed:
        with database.write() as tx:
            held.record(scope, tx, "replay", which, replayed, now)
    return Replay(replayed, total - replayed, observations)


def _again(
    scope: Scope, database: Database, reception: Reception, some: list[Waiting], now: datetime
) -> tuple[int, int]:
    with database.read() as tx:
        known = connections.by_key(tx, {one.connection for one in some})
    fates = {one.id: _fates(reception, one, known[one.connection]) for one in some if one.connection in known}
    reception.take([fate for each in fates.values() for fate in each], now=now)
    stored = [id_ for id_, each in fates.items() if not any(fate.cause for fate in each)]
    with database.write() as tx:
        settled = held.settle(scope, tx, stored, "replayed", note=None, now=now)
    return settled, sum(len(fate.values) for each in fates.values() for fate in each)


def _fates(reception: Reception, one: Waiting, connection: Connection) -> list[Fate]:
    if one.message is not None:
        return [Fate(connection, one.message, one.received_at)]
    told = one.envelope or {}
    envelope = Envelope(
        one.received_at,
        told.get("transport", "http"),
        told.get("topic", ""),
        told.get("query", {}),
        {},
        told.get("content_type", ""),
    )
    return reception.read(Delivery(connection, one.content or b"", envelope))


def redecode(
    scope: Scope,
    database: Database,
    pipeline: Pipeline,
    reception: Reception,
    devices: list[int],
    *,
    since: datetime | None,
    until: datetime | None,
    now: datetime,
    progress: Progress = quietly,
) -> Redecoded:
    """What these devices sent from `since` to before `until`, decoded by the codec and channels of now; observations
    are written over. The actor must be allowed to write there."""
    messages = observations = failed = 0
    for fates in _stored(scope, database, pipeline, devices, since, until, progress):
        reception.take(fates, now=now, afresh=True)
        messages += len(fates)
        observations += sum(len(fate.values) for fate in fates)
        failed += sum(fate.cause is not None for fate in fates)
    return Redecoded(messages, observations, failed)


def _stored(
    scope: Scope,
    database: Database,
    pipeline: Pipeline,
    devices: list[int],
    since: datetime | None,
    until: datetime | None,
    progress: Progress,
) -> Iterator[list[Fate]]:
    """Series by series, each in the order of time."""
    selection = SeriesSelection(device=devices, observed_property=[MESSAGES])
    with database.read() as tx:
        stretches = series.windows(scope, tx, selection)
        writable = series.writable(scope, tx, [one.series for one in stretches])
        if lacking := sorted({one.series for one in stretches} - writable.keys()):
            series.get(scope, tx, lacking[0], Right.OPERATE)
            raise Conflict(Text("Série à un autre propriétaire.", "The series has another owner."))
    owners = {one.series: one.owner for one in stretches}
    ways = {owner: _of_owner(owner) for owner in owners.values()}
    windows = Windows.of([(one.series, one.since, one.until) for one in stretches]).between(since, until)
    places = {one: place for place, one in enumerate(sorted(owners))}
    for batch in pipeline.record.read(windows):
        told = zip(batch["series"].to_pylist(), batch["text"].to_pylist(), batch["time"].to_pylist(), strict=True)
        fates = [Fate(ways[owners[one]], read_back(text), time) for one, text, time in told]
        fates = [fate for fate in fates if isinstance(fate.message, Uplink | Measurements)]
        for start in range(0, len(fates), TOGETHER):
            yield fates[start : start + TOGETHER]
        if batch.num_rows:
            progress(places[batch["series"][-1].as_py()] + 1, len(places))


def _of_owner(owner: str) -> Connection:
    """What is stored is taken as if it came by a connection of the owner's."""
    return Connection(
        key="",
        owner=owner,
        kind="",
        name="",
        transport="http",
        settings=connections.Reading(),
        made_at=EPOCH,
        made_by="",
    )
