"""Failures of devices: those that people record, with cause, day and what was replaced; silences to be looked at."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta
from sqlalchemy import ColumnElement, and_, exists, insert, or_, select, true, update
from sqlalchemy.engine import Row

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction, reserve
from beffroi.errors import Conflict, Fault, Invalid, NotFound, Text
from beffroi.network.health import Ward, device_health
from beffroi.pooling.buying import failing
from beffroi.pooling.buying.failing import FailureRate
from beffroi.pooling.deeds import Deed, columns, surely, told
from beffroi.pooling.tables import device_failure
from beffroi.registry import devices, visibility
from beffroi.registry.fields import Known, ThingId, untimely
from beffroi.registry.tables import device

NOUN = Text("panne", "failure")
Cause = Literal["electronics", "sensor", "radio", "water", "battery", "shock", "vandalism", "unknown"]
NOT_THE_MODELS = ("battery", "shock", "vandalism")
"""wear, of which batteries tell, and what others do to a device"""
Outcome = Literal["repaired", "replaced", "removed"]
LOOKED_AT = timedelta(days=7)
"""past its habit, after which a silence is to be looked at"""
PRESUMED = timedelta(days=30)
"""past its habit, after which a silence that nobody explained may well be a failure"""
ENOUGH, ENOUGH_YEARS = 5, 1.0
"""devices, and years of theirs, before a rate is told of a model"""
MOST_SILENCES = 500
YEAR = timedelta(days=365.2425)


class NewFailure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`ended_on` and `outcome`: both, once it is over. `part`: what was replaced."""

    device: ThingId
    failed_on: date
    cause: Cause
    ended_on: date | None = None
    outcome: Outcome | None = None
    part: Annotated[str, Meta(max_length=200)] = ""
    note: Annotated[str, Meta(max_length=2000)] = ""


class Failure(msgspec.Struct, frozen=True):
    """`code`, `name`, `model`: as the device was then. `spoke_on`: heard since, while it is not over."""

    id: int
    device: int
    owner: str
    service: str
    code: str
    name: str
    model: str | None
    failed_on: date
    cause: Cause
    ended_on: date | None
    outcome: Outcome | None
    part: str
    note: str
    spoke_on: date | None
    recorded: Deed
    withdrawn: Deed | None


class LongSilence(msgspec.Struct, frozen=True):
    """A device silent past its habit for a week or more, of which no failure is recorded."""

    device: int
    owner: str
    service: str
    code: str
    name: str
    model: str | None
    since: datetime


class FailureQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    device: ThingId | None = None
    service: Known | None = None


class FailureList(msgspec.Struct, frozen=True):
    """`silences`: the longest first, `silent` in all."""

    failures: list[Failure]
    silences: list[LongSilence]
    silent: int


def record(scope: Scope, tx: Transaction, new: NewFailure, *, now: datetime) -> int:
    """Of a device that the scope operates: the id of the failure."""
    found = devices.get(scope, tx, new.device)
    visibility.require(scope, Right.OPERATE, found.owner, service=found.service)
    _check(new, now)
    (id_,) = reserve(tx, device_failure, 1)
    first_heard = tx.execute(select(device_health.c.first_heard).where(device_health.c.device == found.id)).scalar()
    row = {
        "id": id_,
        "member": found.owner,
        "service": found.service,
        "code": found.code,
        "name": found.name,
        "model": found.model,
        "seen_since": None if first_heard is None else first_heard.date(),
        **msgspec.structs.asdict(new),
        **columns("recorded", scope, now),
    }
    tx.execute(insert(device_failure).values(row))
    _keep(scope, tx, "failure.record", id_, found.owner, new, now)
    return id_


def amend(scope: Scope, tx: Transaction, id_: int, new: NewFailure, *, now: datetime) -> None:
    """Say anew what was recorded of the same device: mostly that it is over, and how."""
    row = _row(scope, tx, id_)
    if row.device != new.device:
        raise Invalid("device", Text("c'est la panne d'un autre capteur", "it is another device's failure"))
    if row.withdrawn_at is not None:
        raise Conflict(Text("Cette panne est retirée.", "This failure is withdrawn."))
    _check(new, now)
    tx.execute(update(device_failure).where(device_failure.c.id == id_).values(**msgspec.structs.asdict(new)))
    _keep(scope, tx, "failure.amend", id_, row.member, new, now)


def withdraw(scope: Scope, tx: Transaction, id_: int, *, now: datetime) -> None:
    """What was recorded by mistake stays in sight and counts no more."""
    row = _row(scope, tx, id_)
    if row.withdrawn_at is None:
        tx.execute(update(device_failure).where(device_failure.c.id == id_).values(**columns("withdrawn", scope, now)))
        audit.record(scope, tx, "failure.withdraw", now=now, owner=row.member, subject=f"device:{row.device}")


def find(scope: Scope, tx: Transaction, ward: Ward, query: FailureQuery, *, now: datetime) -> FailureList:
    """The newest first, of the owners in whom the actor has a role, and of devices that it operates: an agreement to
    read shares measures, not what is said of them. Then who is silent now, of devices that it sees."""
    asked = select(device_failure).where(_seen(scope)).order_by(device_failure.c.failed_on.desc(), device_failure.c.id)
    for name, value in (("device", query.device), ("service", query.service)):
        if value is not None:
            asked = asked.where(device_failure.c[name] == value)
    rows = tx.execute(asked).all()
    heard = ward.columns(np.array([row.device for row in rows], np.int64)).last_heard
    last = {row.device: seconds for row, seconds in zip(rows, heard.tolist(), strict=True)}
    silences = _silences(scope, tx, ward, query, now)
    return FailureList([_failure(row, last) for row in rows], silences[:MOST_SILENCES], len(silences))


def by_model(tx: Transaction, ward: Ward, *, now: datetime) -> dict[str, FailureRate]:
    """Of models of which enough devices were seen for long enough, whosever they are: nothing else is told of them."""
    held = tx.execute(select(device.c.id, device.c.model).where(device.c.model.is_not(None))).all()
    ids = np.array([row.id for row in held], np.int64)
    fared = ward.columns(ids)
    since = _first_heard(tx)
    days: dict[str, float] = defaultdict(float)
    counted: Counter[str] = Counter()
    presumed: Counter[str] = Counter()
    failed, known = _failed(tx, set(ids.tolist()))
    for row, last_heard, due in zip(held, fared.last_heard.tolist(), fared.due.tolist(), strict=True):
        if (first := since.get(row.id)) is None or not np.isfinite(last_heard):
            continue
        silent = due < now.timestamp()
        end = datetime.fromtimestamp(last_heard, UTC) if silent else now
        days[row.model] += max((end - first) / timedelta(days=1), 0.0)
        counted[row.model] += 1
        presumed[row.model] += due + PRESUMED.total_seconds() < now.timestamp() and row.id not in known
    failures: Counter[str] = Counter()
    for model, cause, gone_days in failed:
        failures[model] += cause not in NOT_THE_MODELS
        if gone_days is not None:
            days[model] += gone_days
            counted[model] += 1
    years = {model: one / (YEAR / timedelta(days=1)) for model, one in days.items()}
    return {
        model: failing.rate(failures[model], years[model], presumed[model])
        for model in counted
        if counted[model] >= ENOUGH and years[model] >= ENOUGH_YEARS
    }


def _failed(tx: Transaction, there: set[int]) -> tuple[list[tuple[str, str, float | None]], set[int]]:
    """Of each failure: model, cause, and the days that a device that is gone had been heard; and of which devices."""
    rows = tx.execute(select(device_failure).where(device_failure.c.withdrawn_at.is_(None))).all()
    found, gone = list[tuple[str, str, float | None]](), set[int]()
    for row in sorted(rows, key=lambda one: one.failed_on, reverse=True):
        days = None
        if row.device not in there and row.device not in gone and row.seen_since is not None:
            gone.add(row.device)
            days = float(max((row.failed_on - row.seen_since).days, 0))
        if row.model is not None:
            found.append((row.model, row.cause, days))
    return found, {row.device for row in rows if row.ended_on is None}


def _first_heard(tx: Transaction) -> dict[int, datetime]:
    asked = select(device_health.c.device, device_health.c.first_heard).where(device_health.c.frames > 0)
    return {int(id_): first for id_, first in tx.execute(asked)}


def _silences(scope: Scope, tx: Transaction, ward: Ward, query: FailureQuery, now: datetime) -> list[LongSilence]:
    names = ("id", "owner", "service", "code", "name", "model")
    asked = select(*(device.c[name] for name in names)).where(visibility.clause(device, scope))
    for column, value in ((device.c.id, query.device), (device.c.service, query.service)):
        if value is not None:
            asked = asked.where(column == value)
    rows = tx.execute(asked.order_by(device.c.id)).all()
    fared = ward.columns(np.array([row.id for row in rows], np.int64))
    open_ = select(device_failure.c.device).where(
        device_failure.c.withdrawn_at.is_(None), device_failure.c.ended_on.is_(None)
    )
    explained = set(tx.execute(open_).scalars())
    late = np.flatnonzero(fared.due + LOOKED_AT.total_seconds() < now.timestamp()).tolist()
    found = [_silence(rows[place], float(fared.last_heard[place])) for place in late if rows[place].id not in explained]
    return sorted(found, key=lambda one: (one.since, one.device))


def _silence(row: Row[tuple[object, ...]], seconds: float) -> LongSilence:
    since = datetime.fromtimestamp(seconds, UTC)
    return LongSilence(row.id, row.owner, row.service, row.code, row.name, row.model, since)


def _check(new: NewFailure, now: datetime) -> None:
    """Raises `Invalid` naming all that is wrong."""
    found = untimely("failed_on", new.failed_on) + untimely("ended_on", new.ended_on)
    tomorrow = now.date() + timedelta(days=1)  # a territory's day may have begun before UTC's
    if new.failed_on > tomorrow:
        found.append(Fault("failed_on", Text("encore à venir", "yet to come")))
    if (new.ended_on is None) != (new.outcome is None):
        said = Text("le jour et l'issue vont ensemble", "the day and the outcome go together")
        found.append(Fault("outcome" if new.outcome is None else "ended_on", said))
    if new.ended_on is not None and not new.failed_on <= new.ended_on <= tomorrow:
        found.append(Fault("ended_on", Text("entre la panne et aujourd'hui", "between the failure and today")))
    if found:
        raise Invalid.of(found)


def _keep(scope: Scope, tx: Transaction, what: str, id_: int, owner: str, new: NewFailure, now: datetime) -> None:
    detail = {"failure": id_, "cause": new.cause, "failed_on": new.failed_on.isoformat()}
    if new.outcome is not None and new.ended_on is not None:
        detail |= {"outcome": new.outcome, "ended_on": new.ended_on.isoformat(), "part": new.part}
    audit.record(scope, tx, what, now=now, owner=owner, subject=f"device:{new.device}", detail=detail)


def _seen(scope: Scope) -> ColumnElement[bool]:
    if scope.everything:
        return true()
    mine: ColumnElement[bool] = device_failure.c.member.in_(scope.owners(Right.READ))
    if scope.services is not None:
        mine = and_(mine, device_failure.c.service.in_(scope.services))
    same = and_(device.c.id == device_failure.c.device, device.c.owner == device_failure.c.member)
    return or_(mine, exists().where(same, visibility.clause(device, scope, Right.OPERATE)))


def _row(scope: Scope, tx: Transaction, id_: int) -> Row[tuple[object, ...]]:
    """Of a failure that the scope sees, of who it operates for."""
    row = tx.execute(select(device_failure).where(device_failure.c.id == id_, _seen(scope))).one_or_none()
    if row is None:
        raise NotFound(NOUN, id_)
    visibility.require(scope, Right.OPERATE, row.member, service=row.service)
    return row


def _failure(row: Row[tuple[object, ...]], last: dict[int, float]) -> Failure:
    heard = last.get(row.device, -np.inf)
    spoke = datetime.fromtimestamp(heard, UTC).date() if np.isfinite(heard) else None
    return Failure(
        id=row.id,
        device=row.device,
        owner=row.member,
        service=row.service,
        code=row.code,
        name=row.name,
        model=row.model,
        failed_on=row.failed_on,
        cause=row.cause,
        ended_on=row.ended_on,
        outcome=row.outcome,
        part=row.part,
        note=row.note,
        spoke_on=spoke if spoke is not None and row.ended_on is None and spoke > row.failed_on else None,
        recorded=surely("recorded", row),
        withdrawn=told("withdrawn", row),
    )
