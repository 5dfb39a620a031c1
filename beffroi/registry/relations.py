"""Relations: how sites, assets, devices and series hold together, through time."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import ColumnElement, Select, Table, and_, delete, insert, or_, select, update

from beffroi.access import Right, Scope, audit
from beffroi.database import Page, Transaction, page_of, reserve
from beffroi.database.paging import struct_of
from beffroi.errors import Conflict, Fault, Forbidden, Invalid, NotFound, Text
from beffroi.registry import visibility
from beffroi.registry.fields import Instant, Limit, Owner, ThingId, untimely
from beffroi.registry.model import Relation, RelationKind, Subject
from beffroi.registry.tables import asset, device, relation, series, site
from beffroi.registry.things import LIMIT, OWNER, Row, RowFault, in_chunks, unknown

TABLES: dict[Subject, Table] = {"site": site, "asset": asset, "device": device, "series": series}
ALLOWED: dict[RelationKind, tuple[tuple[Subject, Subject], ...]] = {
    "fed by": (("asset", "asset"), ("device", "asset")),
    "located in": (("site", "site"), ("asset", "site"), ("asset", "asset"), ("device", "site"), ("device", "asset")),
    "measures": (("device", "asset"), ("device", "site"), ("series", "asset"), ("series", "site")),
    "part of": (("site", "site"), ("asset", "asset"), ("device", "device")),
    "reaches": (("device", "device"), ("device", "asset")),
}
"""which sort of thing may stand at either end of each kind of relation"""
COLUMNS = [relation.c[name] for name in Relation.__struct_fields__]
NOUN = Text("relation", "relation")


class NewRelation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Belongs to the owner of its `source`. In force from `since` on, before `until`."""

    kind: RelationKind
    source_type: Subject
    source: ThingId
    target_type: Subject
    target: ThingId
    since: Instant
    until: Instant | None = None


class RelationPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Only its end changes: another relation follows."""

    until: Instant | None


class RelationQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    owner: list[Owner] | None = None
    kind: list[RelationKind] | None = None
    source_type: Subject | None = None
    source: list[ThingId] | None = None
    target_type: Subject | None = None
    target: list[ThingId] | None = None
    at: Annotated[Instant, Meta(description="Only those in force at this moment.")] | None = None
    after: str | None = None
    limit: Limit | None = None


class RelatedQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    at: Annotated[Instant, Meta(description="Only relations in force at this moment.")] | None = None


class Neighbour(msgspec.Struct, frozen=True, omit_defaults=True):
    """The thing at the other end of a relation; without code or name when it is not the reader's to see."""

    relation: Relation
    direction: Literal["out", "in"]
    type: Subject
    id: int
    code: str | None = None
    name: str | None = None


def create(scope: Scope, tx: Transaction, new: NewRelation, *, now: datetime) -> Relation:
    """Needs EDIT on the source, and to see the target. Raises `Conflict` when it holds already."""
    rows = [msgspec.structs.asdict(new)]
    found = check(scope, tx, rows)
    if wrong := [one.fault for one in found if not one.taken]:
        raise Invalid.of(wrong)
    if found:
        raise Conflict(found[0].fault.text)
    permit(scope, tx, rows)
    (id_,) = write_new(scope, tx, rows, now=now)
    return get(scope, tx, id_)


def create_many(scope: Scope, tx: Transaction, news: list[NewRelation], *, now: datetime) -> list[int]:
    """All or nothing; their ids, in the same order. Raises `Invalid` naming `[3].target` and so on."""
    rows = [msgspec.structs.asdict(new) for new in news]
    if found := check(scope, tx, rows):
        raise Invalid.of([Fault(f"[{one.row}].{one.fault.field}", one.fault.text) for one in found])
    permit(scope, tx, rows)
    return write_new(scope, tx, rows, now=now)


def get(scope: Scope, tx: Transaction, id_: int) -> Relation:
    seen = select(*COLUMNS).where(relation.c.id == id_, visibility.clause(relation, scope))
    row = tx.execute(seen).mappings().one_or_none()
    if row is None:
        raise NotFound(NOUN, id_)
    return struct_of(row, Relation)


def find(scope: Scope, tx: Transaction, query: RelationQuery) -> Page[Relation]:
    """Raises `Invalid` for an unknown owner."""
    statement = _matching(scope, tx, query)
    return page_of(tx, statement, Relation, key=relation.c.id, after=query.after, limit=query.limit or LIMIT)


def every(scope: Scope, tx: Transaction, query: RelationQuery) -> Iterator[Relation]:
    """All that the query asks, its `after` and `limit` left aside."""
    for row in tx.execute(_matching(scope, tx, query).order_by(relation.c.id)).mappings():
        yield struct_of(row, Relation)


def _matching(scope: Scope, tx: Transaction, query: RelationQuery) -> Select[Any]:
    if late := untimely("at", query.at):
        raise Invalid.of(late)
    if query.owner and (missing := unknown(scope, tx, OWNER, list(query.owner))):
        raise Invalid("owner", Text(f"inconnu : {', '.join(missing)}", f"unknown: {', '.join(missing)}"))
    return select(*COLUMNS).where(and_(visibility.clause(relation, scope), *_asked(query)))


def change(scope: Scope, tx: Transaction, id_: int, patch: RelationPatch, *, now: datetime) -> Relation:
    """End it, or have it go on."""
    found = _editable(scope, tx, id_)
    if late := untimely("until", patch.until):
        raise Invalid.of(late)
    if patch.until is not None and patch.until <= found.since:
        raise Invalid("until", Text("doit suivre le début", "must come after its beginning"))
    tx.execute(update(relation).where(relation.c.id == id_).values(until=patch.until))
    detail = {"until": patch.until}
    audit.record(scope, tx, "relation.change", now=now, owner=found.owner, subject=str(id_), detail=detail)
    return get(scope, tx, id_)


def remove(scope: Scope, tx: Transaction, id_: int, *, now: datetime) -> None:
    """For what was never true; what is true no more is ended instead, by `change`."""
    found = _editable(scope, tx, id_)
    tx.execute(delete(relation).where(relation.c.id == id_))
    audit.record(scope, tx, "relation.remove", now=now, owner=found.owner, subject=str(id_))


def neighbours(
    scope: Scope, tx: Transaction, type_: Subject, id_: int, *, at: datetime | None = None
) -> list[Neighbour]:
    """What is related to a thing that the caller has checked to be visible, in either direction, by relation."""
    if late := untimely("at", at):
        raise Invalid.of(late)
    ends = or_(
        and_(relation.c.source_type == type_, relation.c.source == id_),
        and_(relation.c.target_type == type_, relation.c.target == id_),
    )
    statement = select(*COLUMNS).where(ends, visibility.clause(relation, scope), *_at(at)).order_by(relation.c.id)
    found = [struct_of(row, Relation) for row in tx.execute(statement).mappings()]
    others: list[tuple[Relation, Literal["out", "in"], Subject, int]] = [
        (one, "out", one.target_type, one.target)
        if (one.source_type, one.source) == (type_, id_)
        else (one, "in", one.source_type, one.source)
        for one in found
    ]
    known = _named(scope, tx, [(other, key) for _, _, other, key in others])
    return [
        Neighbour(one, direction, other, key, *known.get((other, key), (None, None)))
        for one, direction, other, key in others
    ]


def check(scope: Scope, tx: Transaction, rows: list[Row], *, ids: list[int | None] | None = None) -> list[RowFault]:
    """Every fault of every row; fills `owner`. `ids`: the rows' own, for those that exist already."""
    found = []
    for index, row in enumerate(rows):
        late = [*untimely("since", row["since"]), *untimely("until", row["until"])]
        found += [RowFault(index, fault) for fault in late]
        if (row["source_type"], row["target_type"]) not in ALLOWED[row["kind"]]:
            pairs = ", ".join(f"{source} → {target}" for source, target in ALLOWED[row["kind"]])
            said = Text(f"«\u00a0{row['kind']}\u00a0» relie : {pairs}", f"“{row['kind']}” relates: {pairs}")
            found.append(RowFault(index, Fault("kind", said)))
        if (row["source_type"], row["source"]) == (row["target_type"], row["target"]):
            found.append(RowFault(index, Fault("target", Text("c'est la source elle-même", "is the source itself"))))
        if row["until"] is not None and row["until"] <= row["since"]:
            found.append(
                RowFault(index, Fault("until", Text("doit suivre «\u00a0since\u00a0»", "must follow “since”")))
            )
    owners = _fill_owners(scope, tx, rows)
    for end in ("source", "target"):
        for index, row in enumerate(rows):
            if (row[f"{end}_type"], row[end]) not in owners:
                said = Text(f"rien de tel, ou pas pour vous : {row[end]}", f"no such thing, or not yours: {row[end]}")
                found.append(RowFault(index, Fault(end, said)))
    return [*found, *_overlaps(tx, rows, ids)]


def permit(scope: Scope, tx: Transaction, rows: list[Row]) -> None:
    """Raises `Forbidden` when a source is seen but may not be edited."""
    if refused := refusals(scope, tx, rows):
        raise Forbidden(Text(f"Vous ne pouvez pas modifier : {refused[0]}.", f"You may not edit: {refused[0]}."))


def refusals(scope: Scope, tx: Transaction, rows: list[Row]) -> list[tuple[Subject, int]]:
    """The sources that may not be edited."""
    editable: set[tuple[Subject, int]] = set()
    for type_, ids in _by_type([(row["source_type"], row["source"]) for row in rows]).items():
        table = TABLES[type_]
        for some in in_chunks(ids):
            mine = select(table.c.id).where(table.c.id.in_(some), visibility.clause(table, scope, Right.EDIT))
            editable |= {(type_, int(id_)) for id_ in tx.execute(mine).scalars()}
    return [end for end in dict.fromkeys((row["source_type"], row["source"]) for row in rows) if end not in editable]


def write_new(scope: Scope, tx: Transaction, rows: list[Row], *, now: datetime) -> list[int]:
    if not rows:
        return []
    ids = reserve(tx, relation, len(rows))
    names = [column.name for column in COLUMNS if column.name != "id"]
    kept = [{"id": id_} | {name: row[name] for name in names} for row, id_ in zip(rows, ids, strict=True)]
    tx.execute(insert(relation), kept)
    counts: dict[str, list[int]] = defaultdict(list)
    for row, id_ in zip(rows, ids, strict=True):
        counts[row["owner"]].append(id_)
    for owner, its in counts.items():
        detail = {} if len(its) == 1 else {"count": len(its), "last": its[-1]}
        audit.record(scope, tx, "relation.create", now=now, owner=owner, subject=str(its[0]), detail=detail)
    return ids


def write_changed(scope: Scope, tx: Transaction, rows: list[Row], *, now: datetime) -> None:
    """Rows hold their `id`; only their end is rewritten."""
    for row in rows:
        change(scope, tx, row["id"], RelationPatch(until=row["until"]), now=now)


def identity(row: Row) -> tuple[Any, ...]:
    """What makes two relations the same: their ends and their beginning."""
    return (*_key(row), row["since"])


def existing(tx: Transaction, identities: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], int]:
    """The ids of those that are there."""
    asked, held = set(identities), dict[tuple[Any, ...], int]()
    for row in _from_sources(tx, [(one[1], one[2]) for one in identities]):
        if (one := identity(row)) in asked:
            held[one] = row["id"]
    return held


def _from_sources(tx: Transaction, sources: list[tuple[Subject, int]]) -> Iterator[Row]:
    """The relations of these sources, whoever asks: by type and id, as they are indexed."""
    for type_, ids in _by_type(sources).items():
        for some in in_chunks(ids):
            of_these = select(*COLUMNS).where(relation.c.source_type == type_, relation.c.source.in_(some))
            yield from (dict(row) for row in tx.execute(of_these).mappings())


def _asked(query: RelationQuery) -> Iterator[ColumnElement[bool]]:
    for name in ("owner", "kind", "source", "target"):
        if (values := getattr(query, name)) is not None:
            yield relation.c[name].in_(values)
    for name in ("source_type", "target_type"):
        if (value := getattr(query, name)) is not None:
            yield relation.c[name] == value
    yield from _at(query.at)


def _at(at: datetime | None) -> Iterator[ColumnElement[bool]]:
    if at is not None:
        yield relation.c.since <= at
        yield or_(relation.c.until.is_(None), relation.c.until > at)


def _editable(scope: Scope, tx: Transaction, id_: int) -> Relation:
    found = get(scope, tx, id_)
    mine = select(relation.c.id).where(relation.c.id == id_, visibility.clause(relation, scope, Right.EDIT))
    if not tx.execute(mine).first():
        raise Forbidden(
            Text("Vous voyez cette relation sans pouvoir la modifier.", "You see it, but may not change it.")
        )
    return found


def _by_type(ends: list[tuple[Subject, int]]) -> dict[Subject, set[int]]:
    grouped: dict[Subject, set[int]] = defaultdict(set)
    for type_, id_ in ends:
        grouped[type_].add(id_)
    return grouped


def _named(
    scope: Scope, tx: Transaction, ends: list[tuple[Subject, int]]
) -> dict[tuple[Subject, int], tuple[str, str]]:
    """Code and name of those that are visible."""
    known: dict[tuple[Subject, int], tuple[str, str]] = {}
    for type_, ids in _by_type(ends).items():
        table = TABLES[type_]
        for some in in_chunks(ids):
            seen = select(table.c.id, table.c.code, table.c.name).where(
                table.c.id.in_(some), visibility.clause(table, scope)
            )
            known |= {(type_, row.id): (row.code, row.name) for row in tx.execute(seen)}
    return known


def _fill_owners(scope: Scope, tx: Transaction, rows: list[Row]) -> dict[tuple[Subject, int], str]:
    """The owner of each visible end; a relation's is that of its source."""
    ends = [(row[f"{end}_type"], row[end]) for row in rows for end in ("source", "target")]
    owners: dict[tuple[Subject, int], str] = {}
    for type_, ids in _by_type(ends).items():
        table = TABLES[type_]
        for some in in_chunks(ids):
            seen = select(table.c.id, table.c.owner).where(table.c.id.in_(some), visibility.clause(table, scope))
            owners |= {(type_, row.id): row.owner for row in tx.execute(seen)}
    for row in rows:
        row["owner"] = owners.get((row["source_type"], row["source"]))
    return owners


def _key(row: Any) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("kind", "source_type", "source", "target_type", "target"))


def _overlaps(tx: Transaction, rows: list[Row], ids: list[int | None] | None) -> Iterator[RowFault]:
    """The same relation may hold again later, not twice at once."""
    held: dict[tuple[Any, ...], list[tuple[int | None, Row]]] = defaultdict(list)
    for there in _from_sources(tx, [(row["source_type"], row["source"]) for row in rows]):
        held[_key(there)].append((there["id"], there))
    rewritten = set(ids or ())
    for index, row in enumerate(rows):
        for id_, other in held[_key(row)]:
            if id_ is not None and id_ in rewritten:
                continue
            starts_before = other["until"] is None or row["since"] < other["until"]
            if starts_before and (row["until"] is None or other["since"] < row["until"]):
                said = Text("cette relation existe déjà sur cette période", "this relation holds already at that time")
                yield RowFault(index, Fault("since", said), taken=id_ is not None)
                break
        held[_key(row)].append((None, row))
