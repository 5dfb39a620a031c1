"""Experiments as they are kept: the document, by revisions, the units it names, and what of them is to be read."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta
from sqlalchemy import func, insert, select
from sqlalchemy.engine import Row

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction, new_key
from beffroi.errors import Conflict, Fault, Invalid, NotFound, Text
from beffroi.pooling import reach
from beffroi.pooling.cost_models import Revision
from beffroi.pooling.deeds import Deed, columns, surely
from beffroi.pooling.tables import experiment
from beffroi.pooling.trying.document import Experiment, cycle, faults
from beffroi.pooling.trying.effect import Group, MeasuredEffect, Period
from beffroi.pooling.trying.gathering import Stretch, ToRead, UnitAsked
from beffroi.registry import kinds, series, structures, tables, visibility
from beffroi.registry.model import ObservedProperty
from beffroi.registry.things import in_chunks

NOUN = Text("expérimentation", "experiment")
MEASURABLE = ("number", "counter", "boolean")
THINGS = {"asset": tables.asset, "device": tables.device}
State = Literal["planned", "before", "between", "after", "to-decide"]


class ExperimentChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`after`: the revision that was read before, 0 for the first."""

    document: Experiment
    after: Annotated[int, Meta(ge=0)] = 0


class Unit(msgspec.Struct, frozen=True):
    """One that was named, as it was called then."""

    key: str
    name: str
    owner: str
    group: Group


class ExperimentName(msgspec.Struct, frozen=True):
    """`state`: where it is by its dates, a decision aside; `cycle`: beside 18 months to two years. `overdue`: whether
    the day by which to decide is past."""

    key: str
    revision: int
    name: str
    service: str
    observed_property: str
    hypothesis: str
    state: State
    cycle: Literal["short", "usual", "long"]
    decide_by: date
    overdue: bool
    cohort: int
    comparison: int
    example: bool
    made: Deed


class KeptExperiment(msgspec.Struct, frozen=True):
    about: ExperimentName
    document: Experiment
    units: list[Unit]


def put(scope: Scope, tx: Transaction, key: str | None, change: ExperimentChange, *, now: datetime) -> KeptExperiment:
    """A new experiment, or a new revision of one, for the structure's editors."""
    document = change.document
    reach.require_whole(scope, tx, Right.EDIT, NOUN, key or document.service, document.service)
    last = None if key is None else _row(tx, key)
    if last is not None and not reach.whole(scope, tx, last.service, Right.EDIT):
        raise NotFound(NOUN, key)
    revision = 0 if last is None else last.revision
    if revision != change.after:
        raise Conflict(
            Text(
                f"La version {revision} a été faite entre-temps : relisez-la.",
                f"Revision {revision} was made meanwhile: read it again.",
            )
        )
    units = _checked(scope, tx, document)
    key = key or new_key("exp")
    row = {
        "key": key,
        "revision": revision + 1,
        "service": document.service,
        "name": document.name,
        "document": msgspec.json.encode(document).decode(),
        "units": msgspec.json.encode(units).decode(),
        "members": sorted({one.owner for one in units}),
        **columns("made", scope, now),
    }
    tx.execute(insert(experiment).values(row))
    detail = {"revision": revision + 1, "name": document.name}
    audit.record(scope, tx, "experiment.put", now=now, subject=key, detail=detail)
    return _kept(_row(tx, key), today(scope, tx, now))


def get(scope: Scope, tx: Transaction, key: str, revision: int | None = None, *, now: datetime) -> KeptExperiment:
    """For the structure's people, and those of its members, who see their own units and the document."""
    row = _row(tx, key, revision)
    kept = _kept(row, today(scope, tx, now))
    mine = reach.members(scope, row.service)
    if not reach.whole(scope, tx, row.service):
        if not mine & set(row.members):
            raise NotFound(NOUN, key)
        own = [one for one in kept.units if one.owner in mine]
        named = {one.key for one in own}
        document = msgspec.structs.replace(
            kept.document,
            cohort=[one for one in kept.document.cohort if str(one) in named],
            comparison=[one for one in kept.document.comparison if str(one) in named],
            cost_note="",
        )
        return KeptExperiment(kept.about, document, own)
    return kept


def required(scope: Scope, tx: Transaction, key: str, right: Right, *, now: datetime) -> KeptExperiment:
    """For the structure's people with `right`."""
    row = _row(tx, key)
    if not reach.whole(scope, tx, row.service) and not reach.members(scope, row.service) & set(row.members):
        raise NotFound(NOUN, key)
    reach.require_whole(scope, tx, right, NOUN, key, row.service)
    return _kept(row, today(scope, tx, now))


def every(scope: Scope, tx: Transaction, *, now: datetime) -> list[ExperimentName]:
    """The last revisions of those in which the actor reads something; the newest first."""
    newest = select(experiment.c.key, func.max(experiment.c.revision).label("revision")).group_by(experiment.c.key)
    last = newest.subquery()
    joined = (experiment.c.key == last.c.key) & (experiment.c.revision == last.c.revision)
    rows = tx.execute(select(experiment).join(last, joined).order_by(experiment.c.made_at.desc())).all()
    day = today(scope, tx, now)
    return [
        _kept(row, day).about
        for row in rows
        if reach.whole(scope, tx, row.service) or reach.members(scope, row.service) & set(row.members)
    ]


def revisions(scope: Scope, tx: Transaction, key: str) -> list[Revision]:
    """The newest first; for the structure's people."""
    last = _row(tx, key)
    if not reach.whole(scope, tx, last.service):
        raise NotFound(NOUN, key)
    rows = tx.execute(select(experiment).where(experiment.c.key == key).order_by(experiment.c.revision.desc()))
    return [Revision(row.revision, surely("made", row), row.name) for row in rows]


def for_member(found: MeasuredEffect, members: frozenset[str]) -> MeasuredEffect:
    """What a member sees of an effect: figures of the groups, and of the units its own."""
    return msgspec.structs.replace(found, rows=[one for one in found.rows if one.owner in members])


def today(scope: Scope, tx: Transaction, now: datetime) -> date:
    """The territory's."""
    return now.astimezone(ZoneInfo(structures.get(scope, tx).time_zone)).date()


def to_read(scope: Scope, tx: Transaction, kept: KeptExperiment, *, now: datetime) -> ToRead:
    """The series that the actor may read of each unit: of the property, in its own unit; over days that have ended.

    Raises `Invalid` while no day of the period after has.
    """
    document = kept.document
    yesterday = today(scope, tx, now) - timedelta(days=1)
    if yesterday < document.after.first:
        said = Text("aucun jour de la période d'après n'est encore fini", "no day of the period after has ended yet")
        raise Invalid("after", said)
    observed = kinds.observed_property(tx, document.observed_property)
    of = _series_of(scope, tx, document, observed)
    visible = series.windows(scope, tx, series.SeriesSelection(series=sorted(of))) if of else []
    held: dict[str, list[Stretch]] = defaultdict(list)
    for one in visible:
        unit = one.owner if document.by == "collectivity" else of[one.series]
        held[unit].append(Stretch(one.series, one.since, one.until))
    units = [UnitAsked(one.key, one.name, one.owner, one.group, held.get(one.key, [])) for one in kept.units]
    return ToRead(
        way="growth" if observed.value_kind == "counter" else "mean",
        unit=observed.unit,
        units=units,
        rolls_over=list(series.rollovers(visible)),
        before=document.before,
        after=Period(document.after.first, min(document.after.last, yesterday)),
        over=yesterday >= document.after.last,
        time_zone=structures.get(scope, tx).time_zone,
        unseen=sum(1 for one in units if not one.series),
    )


def _series_of(scope: Scope, tx: Transaction, document: Experiment, observed: ObservedProperty) -> dict[int, str]:
    """The key of the unit of each series."""
    table, device = tables.series, tables.device
    unit = {
        "asset": func.coalesce(table.c.asset, device.c.asset),
        "device": table.c.device,
        "collectivity": table.c.owner,
    }[document.by]
    seen = (
        table.c.observed_property == observed.code,
        table.c.unit == observed.unit,
        table.c.service == document.service,
        visibility.clause(table, scope),
    )
    asked = select(table.c.id, unit).outerjoin(device, device.c.id == table.c.device).where(*seen)
    found: dict[int, str] = {}
    for some in in_chunks([*document.cohort, *document.comparison]):
        found |= {int(id_): str(key) for id_, key in tx.execute(asked.where(unit.in_(some)))}
    return found


def _checked(scope: Scope, tx: Transaction, document: Experiment) -> list[Unit]:
    """Its units, found. Raises `Invalid` naming all that is wrong."""
    found = list(faults(document))
    kinds.service(tx, document.service)
    observed = kinds.observed_property(tx, document.observed_property)
    if observed.value_kind not in MEASURABLE:
        said = Text("ne se mesure pas en nombre", "is not measured as a number")
        found.append(Fault("document.observed_property", said))
    if found:
        raise Invalid.of(found)
    groups: tuple[tuple[Group, list[int | str]], ...] = (
        ("cohort", document.cohort),
        ("comparison", document.comparison),
    )
    known = _known(scope, tx, document)
    units = []
    for group, named in groups:
        for place, one in enumerate(named):
            if one in known:
                units.append(Unit(str(one), *known[one], group))
            else:
                said = Text("rien de tel, ou pas pour vous", "no such thing, or not yours to see")
                found.append(Fault(f"document.{group}[{place}]", said))
    if found:
        raise Invalid.of(found)
    return units


def _known(scope: Scope, tx: Transaction, document: Experiment) -> dict[int | str, tuple[str, str]]:
    """Name and owner of the units that the actor sees."""
    found: dict[int | str, tuple[str, str]] = {}
    for some in in_chunks([*document.cohort, *document.comparison]):
        if document.by == "collectivity":
            table = tables.collectivity
            asked = select(table.c.key, table.c.name, table.c.key.label("owner")).where(table.c.key.in_(some))
        else:
            things = THINGS[document.by]
            asked = select(things.c.id, things.c.name, things.c.owner).where(
                things.c.id.in_(some), visibility.clause(things, scope)
            )
        found |= {key: (name, owner) for key, name, owner in tx.execute(asked)}
    return found


def _row(tx: Transaction, key: str, revision: int | None = None) -> Row[tuple[object, ...]]:
    asked = select(experiment).where(experiment.c.key == key)
    if revision is not None:
        asked = asked.where(experiment.c.revision == revision)
    row = tx.execute(asked.order_by(experiment.c.revision.desc()).limit(1)).one_or_none()
    if row is None:
        raise NotFound(NOUN, key)
    return row


def _kept(row: Row[tuple[object, ...]], today: date) -> KeptExperiment:
    document = msgspec.json.decode(row.document, type=Experiment)
    units = msgspec.json.decode(row.units, type=list[Unit])
    about = ExperimentName(
        key=row.key,
        revision=row.revision,
        name=row.name,
        service=row.service,
        observed_property=document.observed_property,
        hypothesis=document.hypothesis,
        state=_state(document, today),
        cycle=cycle(document),
        decide_by=document.decide_by,
        overdue=today > document.decide_by,
        cohort=sum(1 for one in units if one.group == "cohort"),
        comparison=sum(1 for one in units if one.group == "comparison"),
        example=document.example,
        made=surely("made", row),
    )
    return KeptExperiment(about, document, units)


def _state(document: Experiment, today: date) -> State:
    if today < document.before.first:
        return "planned"
    if today <= document.before.last:
        return "before"
    if today < document.after.first:
        return "between"
    return "after" if today <= document.after.last else "to-decide"
