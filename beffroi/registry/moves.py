"""Moves: an asset or a device passes, with its series, from one collectivité to another, its history kept.

The giver's administrators propose, the receiver's accept; whoever administers both does it at once. What stays with the
giver (the site, an asset that does not move) is let go of; relations to it are ended, not forgotten.
"""

from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, and_, insert, or_, select, true, update

from beffroi.access import Right, Scope, audit
from beffroi.database import Page, Transaction, page_of
from beffroi.database.paging import struct_of
from beffroi.errors import Conflict, Fault, Invalid, NotFound, Text
from beffroi.registry import relations, things
from beffroi.registry.assets import ASSETS
from beffroi.registry.devices import DEVICES
from beffroi.registry.fields import Limit, untimely
from beffroi.registry.model import Asset, Device, Move, Subject
from beffroi.registry.series import SERIES
from beffroi.registry.tables import asset, collectivity, device, move_proposal, relation, series, tenure
from beffroi.registry.things import Noun

Movable = Literal["asset", "device"]
NOUNS: dict[Movable, Noun[Any]] = {"asset": ASSETS, "device": DEVICES}
State = Literal["proposed", "done", "refused", "withdrawn", "undone"]


class Proposal(msgspec.Struct, frozen=True, omit_defaults=True):
    """A move, waiting for the receiver or decided."""

    id: int
    subject: Movable
    thing: int
    giver: str
    receiver: str
    at: datetime
    past: Literal["former", "new", "both"]
    proposed_by: str
    proposed_at: datetime
    state: State
    decided_by: str | None = None
    decided_at: datetime | None = None


class Moved(msgspec.Struct, frozen=True):
    """What passed, by id, and who sees what was observed before `at`."""

    assets: list[int]
    devices: list[int]
    series: list[int]
    relations_ended: int
    past_seen_by: list[str]


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """`moved` is absent while the receiver has not accepted."""

    proposal: Proposal
    moved: Moved | None = None


class ProposalQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    state: State | None = None
    after: str | None = None
    limit: Limit | None = None


COLUMNS = [move_proposal.c[name] for name in Proposal.__struct_fields__]


def move(scope: Scope, tx: Transaction, subject: Movable, id_: int, asked: Move, *, now: datetime) -> Outcome:
    """Propose a move, done at once when the actor administers both sides.

    Raises `Conflict` when a code is taken at the receiver's, `Invalid` for a receiver or an instant that will not do.
    """
    thing = things.get(scope, tx, NOUNS[subject], id_)
    scope.require(Right.ADMINISTER, thing.owner, service=thing.service)
    _check(tx, thing, asked, now)
    row = {
        "subject": subject,
        "thing": id_,
        "giver": thing.owner,
        "receiver": asked.to,
        "at": asked.at,
        "past": asked.past,
        "proposed_by": scope.actor.key,
        "proposed_at": now,
        "state": "proposed",
    }
    statement = insert(move_proposal).returning(move_proposal.c.id)
    key = int(tx.execute(statement, row).scalar_one())
    _record(scope, tx, "move.propose", _read(tx, key), now)
    if scope.may(Right.ADMINISTER, asked.to, service=thing.service):
        return accept(scope, tx, key, now=now)
    return Outcome(_read(tx, key))


def accept(scope: Scope, tx: Transaction, id_: int, *, now: datetime) -> Outcome:
    """The receiver's administrators take the thing over."""
    proposal = get(scope, tx, id_)
    _require_open(proposal)
    thing = things.get(Scope.system("move"), tx, NOUNS[proposal.subject], proposal.thing)
    scope.require(Right.ADMINISTER, proposal.receiver, service=thing.service)
    if thing.owner != proposal.giver:
        raise Conflict(Text("Ceci a changé de collectivité entre-temps.", "This changed hands meanwhile."))
    moved = _do(tx, proposal, now)
    done = _decide(scope, tx, id_, "done", now)
    _record(scope, tx, "move.accept", done, now)
    return Outcome(done, moved)


def decline(scope: Scope, tx: Transaction, id_: int, *, now: datetime) -> Proposal:
    """The receiver refuses, or the giver withdraws."""
    proposal = get(scope, tx, id_)
    _require_open(proposal)
    state: State = "withdrawn" if scope.may(Right.ADMINISTER, proposal.giver) else "refused"
    decided = _decide(scope, tx, id_, state, now)
    _record(scope, tx, "move.decline", decided, now)
    return decided


def get(scope: Scope, tx: Transaction, id_: int) -> Proposal:
    """For the administrators of either side."""
    statement = select(*COLUMNS).where(move_proposal.c.id == id_, _visible(scope))
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(Text("transfert", "move"), id_)
    return struct_of(row, Proposal)


def find(scope: Scope, tx: Transaction, query: ProposalQuery) -> Page[Proposal]:
    statement = select(*COLUMNS).where(_visible(scope))
    if query.state is not None:
        statement = statement.where(move_proposal.c.state == query.state)
    return page_of(tx, statement, Proposal, key=move_proposal.c.id, after=query.after, limit=query.limit or 100)


def _visible(scope: Scope) -> ColumnElement[bool]:
    if scope.everything:
        return true()
    administered = scope.owners(Right.ADMINISTER) if scope.services is None else frozenset[str]()
    return or_(move_proposal.c.giver.in_(administered), move_proposal.c.receiver.in_(administered))


def _check(tx: Transaction, thing: Asset | Device, asked: Move, now: datetime) -> None:
    faults = untimely("at", asked.at)
    if asked.at.tzinfo is None:
        faults.append(Fault("at", Text("sans fuseau horaire", "without a time zone")))
    elif asked.at > now:
        faults.append(Fault("at", Text("est à venir", "is yet to come")))
    if asked.to == thing.owner:
        faults.append(Fault("to", Text("est déjà son propriétaire", "is its owner already")))
    elif not tx.execute(select(collectivity.c.key).where(collectivity.c.key == asked.to)).first():
        faults.append(Fault("to", Text(f"collectivité inconnue : {asked.to}", f"unknown collectivity: {asked.to}")))
    if faults:
        raise Invalid.of(faults)


def _require_open(proposal: Proposal) -> None:
    if proposal.state != "proposed":
        raise Conflict(Text("Ce transfert est déjà décidé.", "This move is decided already."))


def _read(tx: Transaction, id_: int) -> Proposal:
    return get(Scope.system("move"), tx, id_)


def _decide(scope: Scope, tx: Transaction, id_: int, state: State, now: datetime) -> Proposal:
    decision = {"state": state, "decided_by": scope.actor.key, "decided_at": now}
    tx.execute(update(move_proposal).where(move_proposal.c.id == id_).values(decision))
    return _read(tx, id_)


def _record(scope: Scope, tx: Transaction, action: str, proposal: Proposal, now: datetime) -> None:
    """On both sides' trails."""
    detail = {
        "thing": f"{proposal.subject}:{proposal.thing}",
        "giver": proposal.giver,
        "receiver": proposal.receiver,
        "at": proposal.at,
        "past": proposal.past,
    }
    for owner in (proposal.giver, proposal.receiver):
        audit.record(scope, tx, action, now=now, owner=owner, subject=str(proposal.id), detail=detail)


def passing(tx: Transaction, subject: Movable, id_: int) -> dict[Subject, list[int]]:
    """What passes with a thing, by id: the devices attached to an asset, the series of either."""
    assets = [id_] if subject == "asset" else []
    devices = [id_] if subject == "device" else _ids(tx, device.c.id, device.c.asset.in_(assets))
    alone = and_(series.c.asset.in_(assets), series.c.device.is_(None))
    its_series = _ids(tx, series.c.id, or_(series.c.device.in_(devices), alone))
    return {"asset": assets, "device": devices, "series": its_series}


def note_undone(scope: Scope, tx: Transaction, id_: int, *, now: datetime) -> None:
    """What passed is back: `moving_back` did it."""
    undone = _decide(scope, tx, id_, "undone", now)
    _record(scope, tx, "move.undo", undone, now)


def _do(tx: Transaction, proposal: Proposal, now: datetime) -> Moved:
    moved = passing(tx, proposal.subject, proposal.thing)
    assets, devices, its_series = moved["asset"], moved["device"], moved["series"]
    _check_codes(tx, proposal.receiver, moved)
    _let_go(tx, proposal.receiver, moved)
    _hand_tenure(tx, proposal, its_series)
    ended = _end_relations(tx, proposal, moved, now)
    seen_by = {"former": [proposal.giver], "new": [proposal.receiver], "both": [proposal.giver, proposal.receiver]}
    return Moved(assets, devices, its_series, ended, seen_by[proposal.past])


def _ids(tx: Transaction, column: ColumnElement[int], condition: ColumnElement[bool]) -> list[int]:
    return [int(id_) for id_ in tx.execute(select(column).where(condition).order_by(column)).scalars()]


def _check_codes(tx: Transaction, receiver: str, moved: dict[Subject, list[int]]) -> None:
    for noun in (ASSETS, DEVICES, SERIES):
        table = noun.table
        codes = tx.execute(select(table.c.code).where(table.c.id.in_(moved[table.name]))).scalars()  # type: ignore[index]
        if taken := things.existing(tx, noun, [(receiver, code) for code in codes]):
            listed = ", ".join(code for _, code in taken)
            raise Conflict(
                Text(f"Codes déjà pris dans {receiver} : {listed}.", f"Codes already taken in {receiver}: {listed}.")
            )


def _let_go(tx: Transaction, receiver: str, moved: dict[Subject, list[int]]) -> None:
    """Change the owner, and drop what is left behind."""
    assets, devices, its_series = moved["asset"], moved["device"], moved["series"]
    tx.execute(update(asset).where(asset.c.id.in_(assets)).values(owner=receiver, site=None))
    tx.execute(update(device).where(device.c.id.in_(devices)).values(owner=receiver, site=None))
    tx.execute(update(device).where(device.c.id.in_(devices), device.c.asset.not_in(assets)).values(asset=None))
    tx.execute(update(series).where(series.c.id.in_(its_series)).values(owner=receiver))
    tx.execute(update(series).where(series.c.id.in_(its_series), series.c.asset.not_in(assets)).values(asset=None))
    tx.execute(update(series).where(series.c.id.not_in(its_series), series.c.asset.in_(assets)).values(asset=None))


def _hand_tenure(tx: Transaction, proposal: Proposal, its_series: list[int]) -> None:
    """Rewrite who sees which stretch; stretches of owners before the giver stay theirs."""
    held = and_(tenure.c.series.in_(its_series), tenure.c.owner == proposal.giver)
    present = and_(held, tenure.c.until.is_(None))
    if proposal.past == "new":
        tx.execute(update(tenure).where(held).values(owner=proposal.receiver))
        return
    rows = tx.execute(select(tenure.c.series, tenure.c.since, tenure.c.until).where(held)).mappings().all()
    if any(row["since"] is not None and row["since"] >= proposal.at for row in rows if row["until"] is None):
        raise Invalid("at", Text("le donneur ne l'avait pas encore", "the giver did not have it yet"))
    if proposal.past == "both":
        given = [{**row, "owner": proposal.receiver} for row in rows]
    else:
        given = [{"series": one, "owner": proposal.receiver, "since": proposal.at} for one in its_series]
    tx.execute(update(tenure).where(present).values(until=proposal.at))
    if given:
        tx.execute(insert(tenure), given)


def _end_relations(tx: Transaction, proposal: Proposal, moved: dict[Subject, list[int]], now: datetime) -> int:
    """End relations to what the giver keeps; the others go on, the receiver's when it has their source."""
    ended = 0
    going_on = or_(relation.c.until.is_(None), relation.c.until > proposal.at)
    touching = or_(
        *(
            and_(relation.c[f"{end}_type"] == type_, relation.c[end].in_(ids))
            for end in ("source", "target")
            for type_, ids in moved.items()
        )
    )
    for row in tx.execute(select(relation).where(touching, going_on)).all():
        source_moved = row.source in moved.get(row.source_type, ())
        target_moved = row.target in moved.get(row.target_type, ())
        kept = (row.target_type, row.target) if source_moved else (row.source_type, row.source)
        mine = relation.c.id == row.id
        if not (source_moved and target_moved) and _owner(tx, *kept) == proposal.giver:
            tx.execute(update(relation).where(mine).values(until=proposal.at if row.since < proposal.at else now))
            ended += 1
        elif source_moved:
            tx.execute(update(relation).where(mine).values(owner=proposal.receiver))
    return ended


def _owner(tx: Transaction, type_: Subject, id_: int) -> str | None:
    table = relations.TABLES[type_]
    return tx.execute(select(table.c.owner).where(table.c.id == id_)).scalar()
