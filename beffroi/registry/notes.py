"""Notes on assets and devices: what a colleague must know, with who wrote it and when."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import Column, ColumnElement, ForeignKey, String, Table, and_, delete, insert, select

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction, Utc, metadata, reserve
from beffroi.database.paging import struct_of
from beffroi.errors import Forbidden, NotFound, Text
from beffroi.registry import things
from beffroi.registry.assets import ASSETS
from beffroi.registry.devices import DEVICES
from beffroi.registry.tables import Id
from beffroi.registry.things import Noun

Noted = Literal["asset", "device"]
NOUNS: dict[Noted, Noun[msgspec.Struct]] = {"asset": ASSETS, "device": DEVICES}  # type: ignore[dict-item]

note = Table(
    "note",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subject_type", String, nullable=False),
    Column("subject", Id, nullable=False, index=True),
    Column("owner", String, ForeignKey("collectivity.key"), nullable=False),
    Column("text", String, nullable=False),
    Column("by", String, nullable=False),
    Column("by_name", String, nullable=False),
    Column("at", Utc, nullable=False),
    sqlite_autoincrement=True,
)
"""`owner`: whose thing it was when it was written: notes do not go with a thing that passes to another."""


class Note(msgspec.Struct, frozen=True):
    """`by_name`: as its author was called then."""

    id: int
    text: str
    by: str
    by_name: str
    at: datetime


class NewNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: Annotated[str, Meta(min_length=1, max_length=4000, pattern=r"\S")]


COLUMNS = [note.c[name] for name in Note.__struct_fields__]


def of(scope: Scope, tx: Transaction, type_: Noted, id_: int) -> list[Note]:
    """The newest first, of those written for the collectivités where the actor has a role: an agreement shares
    measures, not what is said of them."""
    things.get(scope, tx, NOUNS[type_], id_)
    asked = select(*COLUMNS).where(_on(type_, id_)).order_by(note.c.id.desc())
    if not scope.everything:
        asked = asked.where(note.c.owner.in_(scope.owners(Right.READ)))
    return [struct_of(row, Note) for row in tx.execute(asked).mappings()]


def write(scope: Scope, tx: Transaction, type_: Noted, id_: int, new: NewNote, *, now: datetime) -> Note:
    """For who may change the owner's things."""
    owner = _owner(things.get(scope, tx, NOUNS[type_], id_))
    _require(scope, Right.EDIT, owner)
    (made,) = reserve(tx, note, 1)
    written = Note(made, new.text.strip(), scope.actor.key, scope.actor.name, now)
    place = {"subject_type": type_, "subject": id_, "owner": owner}
    tx.execute(insert(note).values(**place, **msgspec.structs.asdict(written)))
    audit.record(scope, tx, "note.write", now=now, owner=owner, subject=f"{type_}:{id_}")
    return written


def remove(scope: Scope, tx: Transaction, type_: Noted, id_: int, note_id: int, *, now: datetime) -> None:
    """For its author, and for the owner's administrators."""
    things.get(scope, tx, NOUNS[type_], id_)
    wanted = and_(_on(type_, id_), note.c.id == note_id)
    row = tx.execute(select(note.c.by, note.c.owner).where(wanted)).one_or_none()
    if row is None or not (scope.everything or row.owner in scope.rights):
        raise NotFound(Text("note", "note"), note_id)
    _require(scope, Right.EDIT if row.by == scope.actor.key else Right.ADMINISTER, row.owner)
    tx.execute(delete(note).where(wanted))
    audit.record(scope, tx, "note.remove", now=now, owner=row.owner, subject=f"{type_}:{id_}")


def _on(type_: Noted, id_: int) -> ColumnElement[bool]:
    return and_(note.c.subject_type == type_, note.c.subject == id_)


def _require(scope: Scope, right: Right, owner: str) -> None:
    """By a role in the owner, and by a key that is not narrowed."""
    if not scope.everything and owner not in scope.rights:
        raise Forbidden(
            Text(
                "Les notes sont l'affaire de la collectivité à qui est cet objet.",
                "Notes are for the collectivité whose thing it is.",
            )
        )
    scope.require(right, owner)


def _owner(thing: msgspec.Struct) -> str:
    owner: str = thing.owner  # type: ignore[attr-defined]
    return owner
