"""What sites, assets, devices and series have in common: an owner, a code, references, and the same deeds.

A list of new things is checked by columns, every fault of every row being found, before any is written.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
from sqlalchemy import Column, ColumnElement, Select, Table, and_, bindparam, exists, func, insert, or_, select, update
from sqlalchemy import delete as sql_delete

from beffroi.access import Right, Scope, audit
from beffroi.database import Page, Transaction, page_of, reserve
from beffroi.database.paging import struct_of
from beffroi.errors import BeffroiError, Conflict, Fault, Forbidden, Invalid, NotFound, Text
from beffroi.registry import visibility
from beffroi.registry.folding import fold
from beffroi.registry.tables import collectivity, photo, relation

T = TypeVar("T", bound=msgspec.Struct)
Row = dict[str, Any]
Written = Callable[[Scope, Transaction, list[Row], datetime], None]
CHUNK = 5000
"""values in one IN (…), well under what the engines take"""
LIMIT = 100
"""rows of a page unless asked otherwise"""
TOLD = 400
"""bytes of a field's change that the audit trail tells"""


class RowFault(NamedTuple):
    """One fault in a list of rows. `taken`: not wrong by itself, but the code is another's already."""

    row: int
    fault: Fault
    taken: bool = False


@dataclass(frozen=True)
class Reference:
    """A column naming rows elsewhere: words of an open list (`code`), or things of the same owner (`id`)."""

    column: str
    table: Table
    noun: Text

    @property
    def key(self) -> Column[Any]:
        return self.table.c.id if self.owned else self.table.c[next(iter(self.table.primary_key.columns)).name]

    @property
    def owned(self) -> bool:
        return "id" in self.table.c and "owner" in self.table.c


@dataclass(frozen=True)
class Filter:
    """A parameter of queries that is no column: its condition, and what its values must name."""

    condition: Callable[[Any], ColumnElement[bool]]
    reference: Reference | None = None


OWNER = Reference("owner", collectivity, Text("collectivité", "collectivity"))


@dataclass(frozen=True)
class Noun(Generic[T]):
    """How one kind of thing differs from the others.

    `complete` fills derived columns and may find faults; `wrote` does what goes with new rows, `rewrote` with changed
    ones; `used_by` are the columns that keep a thing from being removed; `filters` are the parameters of queries that
    are not columns.
    """

    text: Text
    table: Table
    type: type[T]
    references: tuple[Reference, ...]
    complete: Callable[[Transaction, list[Row]], Iterator[RowFault]]
    used_by: tuple[Column[Any], ...] = ()
    filters: Mapping[str, "Filter"] = field(default_factory=dict)
    wrote: "Written" = lambda scope, tx, rows, now: None
    rewrote: "Written" = lambda scope, tx, rows, now: None

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def columns(self) -> list[Column[Any]]:
        return [self.table.c[name] for name in self.type.__struct_fields__]


def get(scope: Scope, tx: Transaction, noun: Noun[T], id_: int, right: Right = Right.READ) -> T:
    """Raises `NotFound` when it cannot be seen, `Forbidden` when it is seen without `right`."""
    mine = select(*noun.columns).where(noun.table.c.id == id_)
    row = tx.execute(mine.where(visibility.clause(noun.table, scope))).mappings().one_or_none()
    if row is None:
        raise NotFound(noun.text, id_)
    if right > Right.READ and not tx.execute(mine.where(visibility.clause(noun.table, scope, right))).first():
        raise Forbidden(
            Text(
                "Vous voyez ceci, mais vos droits n'y permettent pas cela.",
                "You see this, but may not do that with it.",
            )
        )
    return struct_of(row, noun.type)


def find(scope: Scope, tx: Transaction, noun: Noun[T], query: Any) -> Page[T]:
    """A page of what `query` asks among what `scope` sees, by id."""
    return page_of(
        tx,
        matching(scope, tx, noun, query),
        noun.type,
        key=noun.table.c.id,
        after=query.after,
        limit=query.limit or LIMIT,
    )


def count(scope: Scope, tx: Transaction, noun: Noun[Any], query: Any) -> int:
    """How many `query` asks, its `after` and `limit` left aside."""
    asked = matching(scope, tx, noun, query).with_only_columns(noun.table.c.id).subquery()
    return int(tx.execute(select(func.count()).select_from(asked)).scalar_one())


def every(scope: Scope, tx: Transaction, noun: Noun[T], query: Any) -> Iterator[T]:
    """All that `query` asks, its `after` and `limit` left aside, by id."""
    statement = matching(scope, tx, noun, query).order_by(noun.table.c.id)
    for row in tx.execute(statement).mappings():
        yield struct_of(row, noun.type)


def matching(scope: Scope, tx: Transaction, noun: Noun[Any], query: Any) -> Select[Any]:
    wanted = conditions(scope, tx, noun, query)
    return select(*noun.columns).where(visibility.clause(noun.table, scope), *wanted)


def conditions(scope: Scope, tx: Transaction, noun: Noun[Any], query: Any) -> list[ColumnElement[bool]]:
    """What the query asks, whoever sees it.

    Raises `Invalid` when it names an owner, word or thing that is not, or not for this scope.
    """
    table, faults = noun.table, []
    wanted: list[ColumnElement[bool]] = []
    references = {one.column: one for one in (OWNER, *noun.references)}
    references |= {one.reference.column: one.reference for one in noun.filters.values() if one.reference}
    for name in query.__struct_fields__:
        value = getattr(query, name)
        if value is None or name in ("after", "limit"):
            continue
        if name in references and (missing := unknown(scope, tx, references[name], _listed(value))):
            faults.append(_unknown_fault(name, references[name].noun, missing))
        elif name in noun.filters:
            wanted.append(noun.filters[name].condition(_listed(value)))
        elif name == "q":
            wanted += [table.c.folded.contains(word, autoescape=True) for word in fold(value).split()]
        elif name == "bbox":
            wanted.append(_within(table, value))
        else:
            wanted.append(table.c[name].in_(value) if isinstance(value, list) else table.c[name] == value)
    if faults:
        raise Invalid.of(faults)
    return wanted


def create(scope: Scope, tx: Transaction, noun: Noun[T], new: msgspec.Struct, *, now: datetime) -> T:
    """Raises `Conflict` when the code is taken, `Invalid` naming every field at fault."""
    rows = [msgspec.structs.asdict(new)]
    found = check(scope, tx, noun, rows)
    permit(scope, rows)
    _raise_single(found)
    (id_,) = write_new(scope, tx, noun, rows, now=now)
    return get(scope, tx, noun, id_)


def create_many(
    scope: Scope, tx: Transaction, noun: Noun[Any], news: Sequence[msgspec.Struct], *, now: datetime
) -> list[int]:
    """Thousands at once, all or nothing; their ids, in the same order. Raises `Invalid` naming `[3].code` and so on."""
    rows = [msgspec.structs.asdict(new) for new in news]
    found = check(scope, tx, noun, rows)
    permit(scope, rows)
    if found:
        raise Invalid.of([Fault(f"[{one.row}].{one.fault.field}", one.fault.text) for one in found])
    return write_new(scope, tx, noun, rows, now=now)


def change(scope: Scope, tx: Transaction, noun: Noun[T], id_: int, patch: msgspec.Struct, *, now: datetime) -> T:
    """Overlay the fields that `patch` sets. A change that would put the thing out of the actor's reach is refused."""
    before = get(scope, tx, noun, id_, Right.EDIT)
    given = {name: value for name, value in msgspec.structs.asdict(patch).items() if value is not msgspec.UNSET}
    row = overlaid(msgspec.structs.asdict(before), given)
    _raise_single(check(scope, tx, noun, [row], ids=[id_]))
    write_changed(scope, tx, noun, [row], now=now, changed=_differences(msgspec.structs.asdict(before), row))
    return get(scope, tx, noun, id_, Right.EDIT)


def remove(scope: Scope, tx: Transaction, noun: Noun[Any], id_: int, *, now: datetime) -> None:
    """Raises `Conflict` when other things still name it."""
    gone = get(scope, tx, noun, id_, Right.EDIT)
    users = [column.table.name for column in noun.used_by if tx.execute(select(exists().where(column == id_))).scalar()]
    ends = or_(
        and_(relation.c.source_type == noun.name, relation.c.source == id_),
        and_(relation.c.target_type == noun.name, relation.c.target == id_),
    )
    if tx.execute(select(exists().where(ends))).scalar():
        users.append("relation")
    if users:
        listed = ", ".join(dict.fromkeys(users))
        raise Conflict(Text(f"Encore utilisé par : {listed}.", f"Still used by: {listed}."))
    tx.execute(sql_delete(photo).where(photo.c.subject_type == noun.name, photo.c.subject == id_))
    tx.execute(sql_delete(noun.table).where(noun.table.c.id == id_))
    audit.record(
        scope, tx, f"{noun.name}.remove", now=now, owner=gone.owner, subject=str(id_), detail={"code": gone.code}
    )


def overlaid(before: Row, given: Row) -> Row:
    """`before` with `given` over it; another point, given alone, replaces the geometry the former was taken from."""
    row = before | given
    elsewhere = any(name in given and given[name] != before[name] for name in ("longitude", "latitude"))
    if elsewhere and given.get("geometry") is None and "geometry" in row:
        row["geometry"] = None
    return row


def permit(scope: Scope, rows: Iterable[Row]) -> None:
    """Raise the first refusal among the owners and services of completed rows."""
    for error in refusals(scope, rows).values():
        raise error


def refusals(scope: Scope, rows: Iterable[Row]) -> dict[tuple[str, str | None], BeffroiError]:
    """Why things of each (owner, service) may not be edited."""
    refused: dict[tuple[str, str | None], BeffroiError] = {}
    for owner, service in dict.fromkeys((row["owner"], row.get("service")) for row in rows):
        try:
            visibility.require(scope, Right.EDIT, owner, service=service)
        except BeffroiError as error:
            refused[owner, service] = error
    return refused


def check(
    scope: Scope, tx: Transaction, noun: Noun[Any], rows: list[Row], *, ids: Sequence[int | None] | None = None
) -> list[RowFault]:
    """Every fault of every row; fills derived columns in place. `ids`: the rows' own, when they exist already."""
    return [
        *noun.complete(tx, rows),
        *(fault for one in (OWNER, *noun.references) for fault in _check_reference(scope, tx, one, rows)),
        *_check_codes(tx, noun, rows, ids),
    ]


def write_new(scope: Scope, tx: Transaction, noun: Noun[Any], rows: list[Row], *, now: datetime) -> list[int]:
    if not rows:
        return []
    ids = reserve(tx, noun.table, len(rows))
    written = [row | {"id": id_} for row, id_ in zip(rows, ids, strict=True)]
    tx.execute(insert(noun.table), [one | {"id": id_} for one, id_ in zip(_stored(noun, rows), ids, strict=True)])
    noun.wrote(scope, tx, written, now)
    _record(scope, tx, f"{noun.name}.create", written, now)
    return ids


def write_changed(
    scope: Scope, tx: Transaction, noun: Noun[Any], rows: list[Row], *, now: datetime, changed: Row | None = None
) -> None:
    """Rows hold their `id`. `changed`: what to say in the trail of an only one."""
    if not rows:
        return
    statement = update(noun.table).where(noun.table.c.id == bindparam("its_id"))
    tx.execute(statement, [one | {"its_id": row["id"]} for one, row in zip(_stored(noun, rows), rows, strict=True)])
    noun.rewrote(scope, tx, rows, now)
    _record(scope, tx, f"{noun.name}.change", rows, now, **({"changed": changed} if changed else {}))


def lacking(field_: str) -> Fault:
    return Fault(field_, Text("champ obligatoire manquant", "missing required field"))


def in_chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    listed = list(values)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))


def _stored(noun: Noun[Any], rows: list[Row]) -> Iterator[Row]:
    """As the table keeps them, but for their `id`; all rows have the same fields."""
    names = [column.name for column in noun.columns if column.name in rows[0] and column.name != "id"]
    for row in rows:
        kept = {name: row[name] for name in names}
        kept["folded"] = fold(f"{row['name']} {row['code']}")
        yield kept


def _differences(before: Row, after: Row) -> Row:
    """Each field that differs, as it was and as it is; nothing of what is long, as an outline."""
    pairs = {name: [value, after[name]] for name, value in before.items() if after[name] != value}
    return {name: pair if len(msgspec.json.encode(pair)) <= TOLD else [] for name, pair in pairs.items()}


def _record(scope: Scope, tx: Transaction, action: str, rows: list[Row], now: datetime, **more: Any) -> None:
    """One line an owner, whatever the number of rows."""
    owners: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        owners[row["owner"]].append(row)
    for owner, held in owners.items():
        detail = {"code": held[0]["code"]} if len(held) == 1 else {"count": len(held), "last": held[-1]["id"]}
        audit.record(scope, tx, action, now=now, owner=owner, subject=str(held[0]["id"]), detail=detail | more)


def _raise_single(found: list[RowFault]) -> None:
    if wrong := [one.fault for one in found if not one.taken]:
        raise Invalid.of(wrong)
    for one in found:
        raise Conflict(one.fault.text)


def _check_reference(scope: Scope, tx: Transaction, reference: Reference, rows: list[Row]) -> Iterator[RowFault]:
    named = defaultdict(list)
    for index, row in enumerate(rows):
        if row.get(reference.column) is not None:
            named[row[reference.column]].append(index)
    owners = _owners(scope, tx, reference, named)
    for value, indexes in named.items():
        for index in indexes:
            if value not in owners:
                yield RowFault(index, _unknown_fault(reference.column, reference.noun, [value]))
            elif reference.owned and owners[value] != rows[index]["owner"]:
                said = Text(f"n'appartient pas à {rows[index]['owner']}", f"does not belong to {rows[index]['owner']}")
                yield RowFault(index, Fault(reference.column, said))


def _owners(scope: Scope, tx: Transaction, reference: Reference, values: Iterable[Any]) -> dict[Any, str | None]:
    """Those of `values` that exist for this scope, each with its owner (None for a word of an open list)."""
    known: dict[Any, str | None] = {}
    for some in in_chunks(values):
        if reference.owned:
            seen = visibility.clause(reference.table, scope)
            statement = select(reference.key, reference.table.c.owner).where(reference.key.in_(some), seen)
            known |= {key: owner for key, owner in tx.execute(statement)}
        else:
            known |= dict.fromkeys(tx.execute(select(reference.key).where(reference.key.in_(some))).scalars())
    return known


def _check_codes(
    tx: Transaction, noun: Noun[Any], rows: list[Row], ids: Sequence[int | None] | None
) -> Iterator[RowFault]:
    keys = [(row["owner"], row["code"]) for row in rows]
    held = existing(tx, noun, keys)
    for index, key in enumerate(keys):
        if key in held and (ids is None or held[key] != ids[index]):
            said = Text(
                f"code déjà pris dans {key[0]} : «\u00a0{key[1]}\u00a0»", f"code already taken in {key[0]}: “{key[1]}”"
            )
            yield RowFault(index, Fault("code", said), taken=True)
    times = Counter(keys)
    seen: dict[tuple[str, str], int] = {}
    for index, key in enumerate(keys):
        if times[key] > 1 and key in seen:
            said = Text("code déjà donné plus haut", "code already given above")
            yield RowFault(index, Fault("code", said))
        seen.setdefault(key, index)


def existing(tx: Transaction, noun: Noun[Any], keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The ids of those (owner, code) already there, whoever asks."""
    table, held = noun.table, dict[tuple[str, str], int]()
    by_owner: dict[str, set[str]] = defaultdict(set)
    for owner, code in keys:
        by_owner[owner].add(code)
    for owner, codes in by_owner.items():
        for some in in_chunks(codes):
            statement = select(table.c.code, table.c.id).where(table.c.owner == owner, table.c.code.in_(some))
            held |= {(owner, code): int(id_) for code, id_ in tx.execute(statement)}
    return held


def existing_visible(
    scope: Scope, tx: Transaction, noun: Noun[Any], keys: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """As `existing`, of those that `scope` sees."""
    held = existing(tx, noun, keys)
    seen = names_of(scope, tx, noun, held.values())
    return {key: id_ for key, id_ in held.items() if id_ in seen}


def names_of(scope: Scope, tx: Transaction, noun: Noun[Any], ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """The owner and code of those of `ids` that `scope` sees."""
    table, names = noun.table, dict[int, tuple[str, str]]()
    for some in in_chunks(ids):
        seen = select(table.c.id, table.c.owner, table.c.code).where(
            table.c.id.in_(some), visibility.clause(table, scope)
        )
        names |= {row.id: (row.owner, row.code) for row in tx.execute(seen)}
    return names


def unknown(scope: Scope, tx: Transaction, reference: Reference, values: list[Any]) -> list[Any]:
    known = _owners(scope, tx, reference, values)
    return [value for value in values if value not in known]


def _unknown_fault(column: str, noun: Text, values: list[Any]) -> Fault:
    listed = ", ".join(str(value) for value in values)
    return Fault(
        column,
        Text(
            f"rien de tel, ou pas pour vous : «\u00a0{listed}\u00a0»",
            f"no such {noun.en}, or not yours to see: “{listed}”",
        ),
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _within(table: Table, box: list[float]) -> ColumnElement[bool]:
    """`box` may cross the antimeridian, its west then greater than its east."""
    west, south, east, north = box
    longitudes = (table.c.longitude >= west, table.c.longitude <= east)
    return and_(table.c.latitude.between(south, north), and_(*longitudes) if west <= east else or_(*longitudes))
