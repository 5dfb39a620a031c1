"""What could not be taken, kept with the reason until someone mends it or gives it up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    and_,
    insert,
    select,
    true,
    update,
)

from beffroi.access import Right, Scope, audit
from beffroi.acquisition.decode import Reject
from beffroi.database import Page, Transaction, Utc, metadata, page_of
from beffroi.errors import Conflict, NotFound, Text
from beffroi.registry.fields import Limit, ThingId
from beffroi.registry.tables import Id, owner

State = Literal["waiting", "replayed", "discarded"]
CHUNK = 10_000

quarantine_source = Table(
    "quarantine_source",
    metadata,
    Column("id", Id, primary_key=True),
    owner(),
    Column("file", String, nullable=False),
    Column("content", String, nullable=False),
    Column("mapping", String, nullable=False),
    Column("fingerprint", String, nullable=False, unique=True),
    Column("at", Utc, nullable=False),
    Column("by", String, nullable=False),
)
"""A file read by a mapping; `content` is its SHA-256, `fingerprint` that of owner, content and mapping together."""

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Id, primary_key=True),
    owner(),
    Column("source", Id, ForeignKey("quarantine_source.id"), nullable=False),
    Column("row", Integer, nullable=False),
    Column("column", String, nullable=False),
    Column("value", String, nullable=False),
    Column("raw", String, nullable=False),
    Column("reason_fr", String, nullable=False),
    Column("reason_en", String, nullable=False),
    Column("record", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("at", Utc, nullable=False),
    Column("settled_at", Utc),
    Column("settled_by", String),
    Column("note", String),
    UniqueConstraint("source", "row", "value", "column"),
    Index("ix_quarantine_owner_state", "owner", "state", "id"),
)
"""`value`: the mapping's name for the cell, empty for a whole row. `record`: what the row said, by column."""


class Quarantined(msgspec.Struct, frozen=True, omit_defaults=True):
    """A cell, or a whole row when `value` is absent, that could not be taken. `row` is as a spreadsheet shows it."""

    id: int
    owner: str
    source: int
    file: str
    row: int
    column: str
    raw: str
    reason_fr: str
    reason_en: str
    state: State
    at: datetime
    value: str = ""
    record: dict[str, str | None] = {}
    settled_at: datetime | None = None
    settled_by: str | None = None
    note: str | None = None


class QuarantineQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`source`: one reading of one file; `file`: its name."""

    owner: str | None = None
    source: ThingId | None = None
    file: str | None = None
    state: State | None = None
    after: str | None = None
    limit: Limit = 100


def open_source(
    scope: Scope, tx: Transaction, *, owner: str, file: str, content: str, mapping: str, fingerprint: str, now: datetime
) -> int:
    """The id of this reading of a file, whether it is the first or not."""
    known = tx.execute(select(quarantine_source.c.id).where(quarantine_source.c.fingerprint == fingerprint)).scalar()
    if known is not None:
        return int(known)
    values = {"owner": owner, "file": file, "content": content, "mapping": mapping, "fingerprint": fingerprint}
    new = insert(quarantine_source).values(**values, at=now, by=scope.actor.name)
    return int(tx.execute(new.returning(quarantine_source.c.id)).scalar_one())


def put(tx: Transaction, source: int, owner: str, rejects: Sequence[Reject], *, now: datetime) -> int:
    """Keep `rejects`; those already kept of this source stay as they are. How many are new."""
    new = 0
    for start in range(0, len(rejects), CHUNK):
        some = rejects[start : start + CHUNK]
        rows = [reject.row for reject in some]
        kept_before = select(quarantine.c.row, quarantine.c.value, quarantine.c.column).where(
            quarantine.c.source == source, quarantine.c.row.between(min(rows), max(rows))
        )
        held = {tuple(row) for row in tx.execute(kept_before)}
        kept = {
            (reject.row, reject.value or "", reject.column): reject
            for reject in some
            if (reject.row, reject.value or "", reject.column) not in held
        }
        if kept:
            tx.execute(insert(quarantine), [_row(reject, source, owner, now) for reject in kept.values()])
        new += len(kept)
    return new


def supersede(scope: Scope, tx: Transaction, source: int, *, now: datetime) -> int:
    """The same file was just read whole by another mapping: what it left waiting before is settled."""
    this = tx.execute(select(quarantine_source).where(quarantine_source.c.id == source)).one()
    before = select(quarantine_source.c.id).where(
        quarantine_source.c.owner == this.owner,
        quarantine_source.c.content == this.content,
        quarantine_source.c.id != source,
    )
    statement = update(quarantine).where(quarantine.c.source.in_(before), quarantine.c.state == "waiting")
    settled = {"state": "replayed", "settled_at": now, "settled_by": scope.actor.name, "note": f"source {source}"}
    return tx.execute(statement.values(settled)).rowcount


def find(scope: Scope, tx: Transaction, query: QuarantineQuery) -> Page[Quarantined]:
    """What waits (or waited) in the collectivités that the actor reads, oldest first."""
    columns = [quarantine.c.owner, quarantine.c.source, quarantine.c.state, quarantine_source.c.file]
    asked = [column == value for column in columns if (value := getattr(query, column.name)) is not None]
    found = _seen(scope, Right.READ).where(*asked)
    return page_of(tx, found, Quarantined, key=quarantine.c.id, after=query.after, limit=query.limit)


def get(scope: Scope, tx: Transaction, id_: int, right: Right = Right.READ) -> Quarantined:
    """Raises `NotFound` for what the actor may not see, `Forbidden` for what it may only look at."""
    row = tx.execute(_seen(scope, Right.READ).where(quarantine.c.id == id_)).mappings().one_or_none()
    if row is None:
        raise NotFound(Text("mise en quarantaine", "quarantined item"), id_)
    scope.require(right, row["owner"])
    return Quarantined(**row)


def waiting(scope: Scope, tx: Transaction, source: int) -> list[Quarantined]:
    """All that waits of one reading of a file, by row; the actor must operate there."""
    statement = _seen(scope, Right.OPERATE).where(quarantine.c.source == source, quarantine.c.state == "waiting")
    rows = tx.execute(statement.order_by(quarantine.c.row)).mappings()
    return [Quarantined(**row) for row in rows]


def mapping_of(tx: Transaction, source: int) -> str:
    """The mapping a file was read by, as TOML."""
    found = tx.execute(select(quarantine_source.c.mapping).where(quarantine_source.c.id == source))
    return str(found.scalar_one())


def settle(
    scope: Scope, tx: Transaction, items: Sequence[Quarantined], state: State, *, note: str | None, now: datetime
) -> None:
    """Close items that wait. Raises `Conflict` when one no longer does."""
    ids = [item.id for item in items]
    values = {"state": state, "settled_at": now, "settled_by": scope.actor.name, "note": note}
    done = 0
    for start in range(0, len(ids), CHUNK):
        still = and_(quarantine.c.id.in_(ids[start : start + CHUNK]), quarantine.c.state == "waiting")
        done += tx.execute(update(quarantine).where(still).values(values)).rowcount
    if done != len(ids):
        raise Conflict(Text("Quelqu'un s'en est déjà occupé.", "Someone has already dealt with this."))
    verb = "replay" if state == "replayed" else "discard"
    for owner_ in dict.fromkeys(item.owner for item in items):
        first = next(item for item in items if item.owner == owner_)
        detail: dict[str, Any] = {"count": len(items), "file": first.file, "row": first.row, "note": note}
        audit.record(scope, tx, f"quarantine.{verb}", now=now, owner=owner_, subject=str(first.id), detail=detail)


def discard(scope: Scope, tx: Transaction, id_: int, reason: str, *, now: datetime) -> Quarantined:
    """Give an item up, saying why; it stays in the list."""
    settle(scope, tx, [get(scope, tx, id_, Right.OPERATE)], "discarded", note=reason, now=now)
    return get(scope, tx, id_)


def _seen(scope: Scope, right: Right) -> Any:
    """A narrowed key sees nothing here: a row that could not be read belongs to no service."""
    owners = scope.owners(right) if scope.services is None else frozenset()
    columns = [quarantine.c[name] for name in Quarantined.__struct_fields__ if name != "file"]
    return (
        select(*columns, quarantine_source.c.file)
        .join(quarantine_source, quarantine_source.c.id == quarantine.c.source)
        .where(true() if scope.everything else quarantine.c.owner.in_(owners))
    )


def _row(reject: Reject, source: int, owner_: str, now: datetime) -> dict[str, Any]:
    return {
        "owner": owner_,
        "source": source,
        "row": reject.row,
        "column": reject.column,
        "value": reject.value or "",
        "raw": reject.raw,
        "reason_fr": reject.reason.fr,
        "reason_en": reject.reason.en,
        "record": reject.record,
        "state": "waiting",
        "at": now,
    }
