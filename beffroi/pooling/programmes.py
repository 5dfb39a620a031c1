"""Programmes as they are kept: the document, by revisions, and which collectivité each of its members is."""

from datetime import datetime
from typing import Annotated

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
from beffroi.pooling.programme import file
from beffroi.pooling.programme.accounts import Account, Contract
from beffroi.pooling.programme.model import Programme
from beffroi.pooling.programme.plan import Plan
from beffroi.pooling.programme.ranked import Ranking
from beffroi.pooling.tables import programme
from beffroi.registry.fields import Owner
from beffroi.registry.tables import collectivity, membership

NOUN = Text("programme", "programme")


class ProgrammeChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`after`: the revision that was read before, 0 for the first. `collectivities`: which one each member named in the
    document is; those left out are found by their names among the structure's members, where one alone has it."""

    document: Programme
    after: Annotated[int, Meta(ge=0)] = 0
    collectivities: dict[str, Owner] = {}
    example: Annotated[str, Meta(max_length=500)] | None = None


class ProgrammeName(msgspec.Struct, frozen=True, omit_defaults=True):
    """`example`: what is said where it is one."""

    key: str
    revision: int
    name: str
    start: str
    quarters: int
    actions: int
    made: Deed
    example: str | None = None


class KeptProgramme(msgspec.Struct, frozen=True):
    about: ProgrammeName
    document: Programme
    collectivities: dict[str, str]


def put(scope: Scope, tx: Transaction, key: str | None, change: ProgrammeChange, *, now: datetime) -> KeptProgramme:
    """A new programme, or a new revision of one, for the structure's people."""
    reach.require_whole(scope, tx, Right.EDIT, NOUN, key or "")
    last = 0 if key is None else _last(tx, key)
    if last != change.after:
        raise Conflict(
            Text(
                f"La version {last} a été faite entre-temps : relisez-la.",
                f"Revision {last} was made meanwhile: read it again.",
            )
        )
    file.check(change.document)
    collectivities = _collectivities(tx, change)
    key = key or new_key("prg")
    row = {
        "key": key,
        "revision": last + 1,
        "name": change.document.name,
        "document": msgspec.json.encode(change.document).decode(),
        "collectivities": collectivities,
        "example": change.example,
        **columns("made", scope, now),
    }
    tx.execute(insert(programme).values(row))
    detail = {"revision": last + 1, "name": change.document.name}
    audit.record(scope, tx, "programme.put", now=now, subject=key, detail=detail)
    return _of(tx, key)


def get(scope: Scope, tx: Transaction, key: str, revision: int | None = None) -> KeptProgramme:
    """All of it, for the structure's people."""
    found = _of(tx, key, revision)
    if not reach.whole(scope, tx):
        raise NotFound(NOUN, key)
    return found


def known(scope: Scope, tx: Transaction, key: str, revision: int | None = None) -> KeptProgramme:
    """What a member of it may know of it is the caller's to tell (see `for_member`)."""
    found = _of(tx, key, revision)
    if not (reach.whole(scope, tx) or mine(scope, found)):
        raise NotFound(NOUN, key)
    return found


def mine(scope: Scope, kept: KeptProgramme) -> set[str]:
    """The names of the members whose own people the actor is among."""
    held = reach.members(scope)
    return {name for name, key in kept.collectivities.items() if key in held}


def every(scope: Scope, tx: Transaction) -> list[ProgrammeName]:
    """The last revisions of those in which the actor reads something; the newest first."""
    newest = (
        select(programme.c.key, func.max(programme.c.revision).label("revision")).group_by(programme.c.key).subquery()
    )
    joined = (programme.c.key == newest.c.key) & (programme.c.revision == newest.c.revision)
    rows = tx.execute(select(programme).join(newest, joined).order_by(programme.c.made_at.desc())).all()
    found = [_kept(row) for row in rows]
    everything = reach.whole(scope, tx)
    return [one.about for one in found if everything or mine(scope, one)]


def revisions(scope: Scope, tx: Transaction, key: str) -> list[Revision]:
    """The newest first."""
    get(scope, tx, key)
    rows = tx.execute(select(programme).where(programme.c.key == key).order_by(programme.c.revision.desc())).all()
    return [Revision(row.revision, surely("made", row), row.name) for row in rows]


def for_member(plan: Plan, names: set[str]) -> Plan:
    """What a member sees of a plan: actions, totals, and of the accounts, contracts and opinions its own."""
    ranking = plan.ranking and msgspec.structs.replace(
        plan.ranking, opinions=[one for one in plan.ranking.opinions if set(one.members) <= names]
    )
    accounts: list[Account] = [one for one in plan.members if one.member in names]
    contracts: list[Contract] = [one for one in plan.contracts if one.member in names]
    return msgspec.structs.replace(plan, members=accounts, contracts=contracts, ranking=ranking)


def ranking_for_member(found: Ranking, names: set[str]) -> Ranking:
    opinions = [one for one in found.opinions if set(one.members) <= names]
    return msgspec.structs.replace(found, opinions=opinions)


def _collectivities(tx: Transaction, change: ProgrammeChange) -> dict[str, str]:
    names = [one.name for one in change.document.members]
    faults = [
        Fault("collectivities", Text(f"«\u00a0{name}\u00a0» n'est pas un membre", f"“{name}” is no member"))
        for name in change.collectivities
        if name not in names
    ]
    known = set(tx.execute(select(collectivity.c.key)).scalars()) if change.collectivities else set()
    faults += [
        Fault("collectivities", Text(f"collectivité inconnue : {key}", f"unknown collectivité: {key}"))
        for key in change.collectivities.values()
        if key not in known
    ]
    if faults:
        raise Invalid.of(faults)
    by_name: dict[str, list[str]] = {}
    joined = select(collectivity.c.key, collectivity.c.name).join(membership, membership.c.member == collectivity.c.key)
    for key, name in tx.execute(joined.where(collectivity.c.name.in_(names))):
        by_name.setdefault(name, []).append(key)
    alone = {name: keys[0] for name, keys in by_name.items() if len(keys) == 1}
    return alone | change.collectivities


def _last(tx: Transaction, key: str) -> int:
    found = tx.execute(select(func.max(programme.c.revision)).where(programme.c.key == key)).scalar()
    if found is None:
        raise NotFound(NOUN, key)
    return int(found)


def _of(tx: Transaction, key: str, revision: int | None = None) -> KeptProgramme:
    asked = select(programme).where(programme.c.key == key)
    if revision is not None:
        asked = asked.where(programme.c.revision == revision)
    row = tx.execute(asked.order_by(programme.c.revision.desc()).limit(1)).one_or_none()
    if row is None:
        raise NotFound(NOUN, key)
    return _kept(row)


def _kept(row: Row[tuple[object, ...]]) -> KeptProgramme:
    document = msgspec.json.decode(row.document, type=Programme)
    about = ProgrammeName(
        row.key,
        row.revision,
        row.name,
        document.start,
        document.quarters,
        len(document.actions),
        surely("made", row),
        row.example,
    )
    return KeptProgramme(about, document, row.collectivities)
