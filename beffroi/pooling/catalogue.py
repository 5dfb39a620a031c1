"""What the structure and its neighbours offer, where, and what is offered twice on the same ground."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import combinations
from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Row

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction
from beffroi.errors import Conflict, Fault, Invalid, NotFound, Text
from beffroi.pooling import reach
from beffroi.pooling.deeds import Deed, columns, surely, told
from beffroi.pooling.tables import catalogue_entry
from beffroi.registry import kinds, structures
from beffroi.registry.fields import TRIMMED, Key, Known, Name, untimely
from beffroi.registry.kinds import KindQuery
from beffroi.registry.referential import REFERENTIAL
from beffroi.registry.tables import adhesion, membership

NOUN = Text("offre du catalogue", "entry of the catalogue")
MOST_NAMED = 12
"""communes of an overlap that are named"""
Line = Annotated[str, Meta(max_length=300, pattern=f"^$(?!\\n)|{TRIMMED}")]


class NewOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What another structure offers. `area`: keys of the referential, communes, EPCI, départements or régions; `price`
    in words; `source`: where it was read."""

    provider: Name
    service: Known
    name: Name
    area: Annotated[list[Key], Meta(min_length=1, max_length=500)]
    since: date | None = None
    price: Line = ""
    source: Line = ""
    example: bool = False


class Offer(msgspec.Struct, frozen=True):
    id: int
    provider: str
    service: str
    name: str
    area: list[str]
    communes: int
    since: date | None
    price: str
    source: str
    example: bool
    entered: Deed
    withdrawn: Deed | None


class OwnService(msgspec.Struct, frozen=True):
    """A service that the structure offers, to how many members, and since when the first has it."""

    service: str
    members: int
    since: date | None


class Overlap(msgspec.Struct, frozen=True):
    """The same service offered twice: by whom, on how many communes of the same, a few of them by name. An `id` is an
    entry's; None is the structure itself."""

    service: str
    providers: tuple[str, str]
    ids: tuple[int | None, int | None]
    communes: int
    names: list[str]


class Catalogue(msgspec.Struct, frozen=True):
    provider: str
    own: list[OwnService]
    entries: list[Offer]
    overlaps: list[Overlap]


def enter(scope: Scope, tx: Transaction, new: Sequence[NewOffer], *, now: datetime) -> list[Offer]:
    """All or none, for the structure's editors."""
    reach.require_whole(scope, tx, Right.EDIT, NOUN, "")
    faults = [fault for place, one in enumerate(new) for fault in faults_of(tx, one, f"[{place}]")]
    if faults:
        raise Invalid.of(faults)
    found = []
    for one in new:
        row = {**msgspec.structs.asdict(one), **columns("entered", scope, now)}
        id_ = int(tx.execute(insert(catalogue_entry).returning(catalogue_entry.c.id), row).scalar_one())
        audit.record(scope, tx, "catalogue.enter", now=now, subject=str(id_), detail={"provider": one.provider})
        found.append(_get(tx, id_))
    return found


def withdraw(scope: Scope, tx: Transaction, id_: int, *, now: datetime) -> Offer:
    reach.require_some(scope, tx, NOUN, id_)
    found = _get(tx, id_)
    reach.require_whole(scope, tx, Right.EDIT, NOUN, id_)
    if found.withdrawn is not None:
        raise Conflict(Text("Déjà retirée.", "Withdrawn already."))
    tx.execute(update(catalogue_entry).where(catalogue_entry.c.id == id_).values(**columns("withdrawn", scope, now)))
    audit.record(scope, tx, "catalogue.withdraw", now=now, subject=str(id_))
    return _get(tx, id_)


def read(scope: Scope, tx: Transaction) -> Catalogue:
    """For everybody with a role in the structure or in a member."""
    reach.require_some(scope, tx, NOUN, "")
    structure = structures.get(scope, tx)
    table = catalogue_entry
    rows = tx.execute(select(table).where(table.c.withdrawn_at.is_(None)).order_by(table.c.service, table.c.provider))
    entries = [_entry(row) for row in rows]
    own = _own(scope, tx)
    mine = communes_of(tx.execute(select(membership.c.member).where(membership.c.until.is_(None))).scalars())
    return Catalogue(structure.name, own, entries, _overlaps(structure.name, own, mine, entries))


def communes_of(keys: Iterable[str]) -> frozenset[str]:
    """Those of an area, by key; what the referential does not know is left out."""
    found: set[str] = set()
    for key in keys:
        found |= _communes(key)
    return frozenset(found)


def faults_of(tx: Transaction, new: NewOffer, where: str) -> list[Fault]:
    found = untimely(f"{where}.since", new.since)
    try:
        kinds.service(tx, new.service)
    except NotFound:
        found.append(
            Fault(f"{where}.service", Text(f"service inconnu : {new.service}", f"unknown service: {new.service}"))
        )
    for key in new.area:
        try:
            REFERENTIAL.entry(key)
        except NotFound as error:
            found.append(Fault(f"{where}.area", error.text))
    return found


def _communes(key: str) -> set[str]:
    try:
        entry = REFERENTIAL.entry(key)
    except NotFound:
        return set()
    if entry.kind == "commune":
        return {key}
    if entry.kind == "epci":
        return {one.key for one in REFERENTIAL.members(key)}
    if entry.kind == "departement":
        return {one.key for one in REFERENTIAL.of_departement(entry.code)}
    return {one.key for one in REFERENTIAL.all("commune") if one.region == entry.code}


def _own(scope: Scope, tx: Transaction) -> list[OwnService]:
    table = adhesion
    held = tx.execute(
        select(table.c.service, func.count(table.c.member.distinct()), func.min(table.c.since))
        .where(table.c.until.is_(None))
        .group_by(table.c.service)
    )
    taken = {service: (count, since) for service, count, since in held}
    offered = [one.code for one in kinds.services(scope, tx, KindQuery()).items if one.offered]
    return [OwnService(code, *taken.get(code, (0, None))) for code in offered]


def _overlaps(provider: str, own: list[OwnService], mine: frozenset[str], entries: list[Offer]) -> list[Overlap]:
    offers: list[tuple[str, str, int | None, frozenset[str]]] = [(one.service, provider, None, mine) for one in own]
    offers += [(one.service, one.provider, one.id, communes_of(one.area)) for one in entries]
    found = []
    for (service, name, id_, ground), (other_service, other, other_id, other_ground) in combinations(offers, 2):
        if service != other_service or name == other:
            continue
        if both := ground & other_ground:
            named = sorted(REFERENTIAL.entry(key).name for key in both)[:MOST_NAMED]
            found.append(Overlap(service, (name, other), (id_, other_id), len(both), named))
    return sorted(found, key=lambda one: (-one.communes, one.service, one.providers))


def _get(tx: Transaction, id_: int) -> Offer:
    row = tx.execute(select(catalogue_entry).where(catalogue_entry.c.id == id_)).one_or_none()
    if row is None:
        raise NotFound(NOUN, id_)
    return _entry(row)


def _entry(row: Row[tuple[object, ...]]) -> Offer:
    return Offer(
        row.id,
        row.provider,
        row.service,
        row.name,
        row.area,
        len(communes_of(row.area)),
        row.since,
        row.price,
        row.source,
        row.example,
        surely("entered", row),
        told("withdrawn", row),
    )
