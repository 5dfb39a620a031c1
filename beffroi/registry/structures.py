"""The structure that operates the instance, its members, and the collectivités they are."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy import insert, select, update

from beffroi.access import Scope, audit
from beffroi.database import Page, Transaction, page_of
from beffroi.database.paging import struct_of
from beffroi.errors import Conflict, Fault, Invalid, NotFound, Text
from beffroi.registry import adhesions, kinds, tables
from beffroi.registry.fields import Key, Limit, Name, untimely
from beffroi.registry.folding import fold
from beffroi.registry.geography import Commune
from beffroi.registry.model import Collectivity, CollectivityKind, Entry, Membership, Structure, StructureForm
from beffroi.registry.referential import REFERENTIAL
from beffroi.registry.things import Row, in_chunks

Siren = Annotated[str, Meta(pattern=r"^\d{9}$")]
COLUMNS = [tables.collectivity.c[name] for name in Collectivity.__struct_fields__]
FROM_ENTRY = [name for name in Collectivity.__struct_fields__ if name in Entry.__struct_fields__]


class NewStructure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`entry`: its key in the referential when it has one (an EPCI, a département); a syndicate or SPL has none."""

    form: StructureForm
    name: Name
    siren: Siren | None = None
    time_zone: str = "Europe/Paris"
    since: date | None = None
    entry: Key | None = None
    simulated: bool = False


class CollectivityQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    kind: CollectivityKind | None = None
    departement: str | None = None
    epci: Key | None = None
    q: Annotated[str, Meta(min_length=1, max_length=100)] | None = None
    after: str | None = None
    limit: Limit | None = None


class MemberQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    after: str | None = None
    limit: Limit | None = None


def init(scope: Scope, tx: Transaction, new: NewStructure, *, now: datetime) -> Structure:
    """Make the structure, its own collectivity and the packaged open lists. An instance has one structure."""
    scope.require_instance()
    if key(tx) is not None:
        raise Conflict(Text("Cette instance a déjà sa structure.", "This instance has its structure already."))
    kinds.seed(tx)
    if new.entry is not None:
        (own,) = _insert_entries(tx, [new.entry], simulated=new.simulated)
    else:
        own = f"structure-{new.siren or re.sub(' +', '-', fold(new.name))[:40].strip('-')}"
        row: Row = {"key": own, "kind": "structure", "code": own.removeprefix("structure-"), "name": new.name}
        row |= {"siren": new.siren, "simulated": new.simulated, "folded": fold(new.name)}
        tx.execute(insert(tables.collectivity), row)
    made = Structure(own, new.form, new.name, new.siren, new.time_zone, new.since)
    tx.execute(insert(tables.structure).values(msgspec.structs.asdict(made)))
    audit.record(scope, tx, "structure.create", now=now, subject=own)
    return made


def key(tx: Transaction) -> str | None:
    """The structure's collectivity; None before `init`."""
    return tx.execute(select(tables.structure.c.key)).scalar()


def get(scope: Scope, tx: Transaction) -> Structure:
    """Raises `NotFound` before `init`."""
    row = tx.execute(select(tables.structure)).mappings().one_or_none()
    if row is None:
        raise NotFound(Text("structure", "structure"), "—")
    return struct_of(row, Structure)


def enrol(
    scope: Scope, tx: Transaction, keys: Iterable[str], since: date, *, now: datetime, simulated: bool = False
) -> list[str]:
    """Make members of collectivités of the referential; those that are already stay as they are. The new members' keys.

    Raises `Invalid` naming the keys that the referential does not have.
    """
    scope.require_instance()
    if late := untimely("since", since):
        raise Invalid.of(late)
    asked = list(dict.fromkeys(keys))
    there = _present(tx, asked)
    _insert_entries(tx, [one for one in asked if one not in there], simulated=simulated)
    held = {row.member: row.until for row in tx.execute(select(tables.membership))}
    joined = [one for one in asked if one not in held]
    again = [one for one in asked if held.get(one) is not None]
    if joined:
        tx.execute(insert(tables.membership), [{"member": one, "since": since} for one in joined])
    if again:
        back = tables.membership.c.member.in_(again)
        tx.execute(update(tables.membership).where(back).values(since=since, until=None))
    for one in (*joined, *again):
        audit.record(scope, tx, "membership.begin", now=now, owner=one, subject=one, detail={"since": since})
    return [*joined, *again]


def leave(scope: Scope, tx: Transaction, member: str, until: date, *, now: datetime) -> Membership:
    """End a membership on `until`, the first day without it, and with it its adhesions and what they give.

    Its things and people stay: leaving is the member's own affair, nothing is taken from it.
    """
    scope.require_instance()
    found = membership(scope, tx, member)
    if late := untimely("until", until):
        raise Invalid.of(late)
    if until < found.since:
        raise Invalid("until", Text("précède l'entrée", "comes before it began"))
    tx.execute(update(tables.membership).where(tables.membership.c.member == member).values(until=until))
    adhesions.end_all(scope, tx, member, until, now=now)
    audit.record(scope, tx, "membership.end", now=now, owner=member, subject=member, detail={"until": until})
    return membership(scope, tx, member)


def membership(scope: Scope, tx: Transaction, member: str) -> Membership:
    statement = select(tables.membership).where(tables.membership.c.member == member)
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(Text("membre", "member"), member)
    return struct_of(row, Membership)


def memberships(scope: Scope, tx: Transaction, query: MemberQuery) -> Page[Membership]:
    table = tables.membership
    return page_of(tx, select(table), Membership, key=table.c.member, after=query.after, limit=query.limit or 100)


def collectivity(scope: Scope, tx: Transaction, key_: str) -> Collectivity:
    """A collectivité of this instance. Which they are is public, as the referential is; what they own is not."""
    row = tx.execute(select(*COLUMNS).where(tables.collectivity.c.key == key_)).mappings().one_or_none()
    if row is None:
        raise NotFound(Text("collectivité", "collectivity"), key_)
    return struct_of(row, Collectivity)


def collectivities(scope: Scope, tx: Transaction, query: CollectivityQuery) -> Page[Collectivity]:
    statement = select(*COLUMNS)
    for name in ("kind", "departement", "epci"):
        if (value := getattr(query, name)) is not None:
            statement = statement.where(tables.collectivity.c[name] == value)
    for word in fold(query.q or "").split():
        statement = statement.where(tables.collectivity.c.folded.contains(word, autoescape=True))
    return page_of(
        tx, statement, Collectivity, key=tables.collectivity.c.key, after=query.after, limit=query.limit or 100
    )


def communes(tx: Transaction) -> list[Commune]:
    """Those of this instance, which is public, as a map needs them."""
    table = tables.collectivity
    columns = (table.c.key, table.c.departement, table.c.longitude, table.c.latitude)
    asked = select(*columns).where(table.c.kind == "commune", table.c.departement.is_not(None)).order_by(table.c.key)
    return [
        Commune(key, departement, None if longitude is None else (longitude, latitude))
        for key, departement, longitude, latitude in tx.execute(asked)
    ]


def locate(scope: Scope, tx: Transaction, places: Mapping[str, tuple[float, float]], *, now: datetime) -> None:
    """Say where collectivités are: longitude, latitude of a point (their centre, the town hall…)."""
    scope.require_instance()
    table = tables.collectivity
    for key_, (longitude, latitude) in places.items():
        tx.execute(update(table).where(table.c.key == key_).values(longitude=longitude, latitude=latitude))
    audit.record(scope, tx, "collectivity.locate", now=now, detail={"count": len(places)})


def _present(tx: Transaction, keys: list[str]) -> set[str]:
    column = tables.collectivity.c.key
    return {one for some in in_chunks(keys) for one in tx.execute(select(column).where(column.in_(some))).scalars()}


def _insert_entries(tx: Transaction, keys: list[str], *, simulated: bool) -> list[str]:
    rows, faults = [], []
    for one in keys:
        try:
            entry = REFERENTIAL.entry(one)
        except NotFound as error:
            faults.append(Fault("keys", error.text))
            continue
        row = {name: getattr(entry, name) for name in FROM_ENTRY}
        rows.append(row | {"simulated": simulated, "folded": fold(f"{entry.name} {entry.code}")})
    if faults:
        raise Invalid.of(faults)
    if rows:
        tx.execute(insert(tables.collectivity), rows)
    return keys
