"""Messages that could not be taken, kept with the reason until what they lacked is there, or someone gives them up."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Literal, get_args

import msgspec
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from beffroi.access import Right, Scope, audit
from beffroi.acquisition.frames import frame_key
from beffroi.acquisition.messages import Message, Uplink, written
from beffroi.database import Page, Transaction, Utc, metadata, page_of
from beffroi.errors import Text
from beffroi.registry.fields import Limit, Owner, ThingId
from beffroi.registry.tables import Id, owner
from beffroi.registry.things import in_chunks

State = Literal["waiting", "replayed", "discarded"]
Cause = Literal[
    "unread",
    "unknown-device",
    "claimed-twice",
    "unconfirmed-claim",
    "no-model",
    "no-codec",
    "codec-error",
    "no-channels",
    "misfit",
    "before-owner",
]
"""`unread`: no message is understood in what came. `claimed-twice`: several collectivités declare the device.
`unconfirmed-claim`: a member does, and the structure, whose connection heard it, did not confirm it.
`no-channels`: nobody said yet what the model's values are. `misfit`: a value that its channel or series cannot take.
`before-owner`: of a time when the device was another collectivité's."""
CAUSES: tuple[Cause, ...] = get_args(Cause)

held_message = Table(
    "held_message",
    metadata,
    Column("id", Id, primary_key=True),
    owner(),
    Column("connection", String, nullable=False),
    Column("connection_owner", String, nullable=False, index=True),
    Column("cause", String, nullable=False),
    Column("device", String, nullable=False),
    Column("model", String, nullable=False),
    Column("time", Utc, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("message", JSON),
    Column("content", LargeBinary),
    Column("envelope", JSON),
    Column("reason_fr", String, nullable=False),
    Column("reason_en", String, nullable=False),
    Column("fingerprint", String, nullable=False, unique=True),
    Column("times", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("settled_at", Utc),
    Column("settled_by", String),
    Column("note", String),
    Index("ix_held_message_state", "state", "time", "id"),
    sqlite_autoincrement=True,
)
"""`owner`: the device's when it is known, else the connection's. `message` as it was understood, or, where nothing was,
the `content` as it came and its `envelope`."""

ENCODER = msgspec.json.Encoder()
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Held(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`device`: as the network calls it, empty where it tells none. `times`: how often it was delivered."""

    id: int
    owner: str
    connection: str
    cause: Cause
    device: str
    model: str
    time: datetime
    received_at: datetime
    reason_fr: str
    reason_en: str
    times: int
    state: State
    message: dict[str, Any] | None = None
    content: str | None = None
    settled_at: datetime | None = None
    settled_by: str | None = None
    note: str | None = None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for one cause: `device` is empty where the cause is the model's. The reason is the last one's."""

    owner: str
    connection: str
    cause: Cause
    device: str
    model: str
    messages: int
    first: datetime
    last: datetime
    reason_fr: str
    reason_en: str
    gateways: list[str] = []


class HeldQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    owner: Owner | None = None
    connection: str | None = None
    cause: Cause | None = None
    device: str | None = None
    model: str | None = None
    state: State | None = None
    id: ThingId | None = None
    after: str | None = None
    limit: Limit = 100


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Those that answer all that is said; all that wait when nothing is."""

    owner: Owner | None = None
    connection: str | None = None
    cause: Cause | None = None
    device: str | None = None
    model: str | None = None
    id: ThingId | None = None


class Put(msgspec.Struct, frozen=True, kw_only=True):
    """A message to be held, or the `content` of which none was understood."""

    owner: str
    connection: str
    connection_owner: str
    cause: Cause
    reason: Text
    message: Message
    received_at: datetime
    model: str = ""
    content: bytes | None = None
    envelope: dict[str, Any] | None = None

    def fingerprint(self) -> str:
        """The same for what is delivered again."""
        told: Any = self.message
        if self.content is not None:
            told = self.content
        elif isinstance(told, Uplink):
            told = repr(frame_key(told)).encode()
        elif told.time_source == "received":
            told = ENCODER.encode(msgspec.structs.replace(told, time=EPOCH))
        else:
            told = ENCODER.encode(told)
        return sha256(self.connection_owner.encode() + b"\0" + told).hexdigest()


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed to try again."""

    id: int
    connection: str
    received_at: datetime
    message: Message | None
    content: bytes | None
    envelope: dict[str, Any] | None


def put(tx: Transaction, some: Sequence[Put]) -> None:
    """Each once, however often it is delivered; what was replayed and fails again waits again."""
    if not some:
        return
    by_print = {one.fingerprint(): one for one in some}
    known: dict[str, str] = {}
    for chunk in in_chunks(by_print):
        asked = select(held_message.c.fingerprint, held_message.c.state)
        known |= {mark: state for mark, state in tx.execute(asked.where(held_message.c.fingerprint.in_(chunk)))}
    new = [_row(one, mark) for mark, one in by_print.items() if mark not in known]
    if new:
        tx.execute(insert(held_message), new)
    for mark, state in known.items():
        one = by_print[mark]
        values: dict[str, Any] = {
            "times": held_message.c.times + 1,
            "cause": one.cause,
            "owner": one.owner,
            "model": one.model,
        }
        values |= {"reason_fr": one.reason.fr, "reason_en": one.reason.en}
        if state == "replayed":
            values |= {"state": "waiting", "settled_at": None, "settled_by": None}
        tx.execute(update(held_message).where(held_message.c.fingerprint == mark).values(values))


def find(scope: Scope, tx: Transaction, query: HeldQuery) -> Page[Held]:
    """Oldest kept first."""
    plain = ("owner", "connection", "cause", "device", "model", "state", "id")
    asked = [held_message.c[name] == value for name in plain if (value := getattr(query, name)) is not None]
    columns = [held_message.c[name] for name in Held.__struct_fields__]
    statement = select(*columns).where(_seen(scope, Right.READ), *asked)
    page = page_of(tx, statement, _Stored, key=held_message.c.id, after=query.after, limit=query.limit)
    return Page([_shown(one, scope) for one in page.items], page.next)


def groups(scope: Scope, tx: Transaction) -> list[Group]:
    """What waits, by cause: of a device as long as its model is not known, then of the model. The most first."""
    h = held_message.c
    keys = [h.owner, h.connection, h.cause, h.device, h.model]
    asked = (
        select(*keys, func.count(), func.min(h.time), func.max(h.time), func.max(h.id))
        .where(h.state == "waiting", _seen(scope, Right.READ))
        .group_by(*keys)
        .order_by(func.count().desc(), func.max(h.id))
        .limit(1000)
    )
    rows = tx.execute(asked).all()
    last: dict[int, Any] = {}
    for some in in_chunks([row[-1] for row in rows]):
        told = select(h.id, h.reason_fr, h.reason_en, h.message).where(h.id.in_(some))
        last |= {row.id: row for row in tx.execute(told)}
    return [
        Group(
            owner=row[0],
            connection=row[1],
            cause=row[2],
            device=row[3],
            model=row[4],
            messages=row[5],
            first=row[6],
            last=row[7],
            reason_fr=last[row[8]].reason_fr,
            reason_en=last[row[8]].reason_en,
            gateways=[one["id"] for one in (last[row[8]].message or {}).get("gateways", ()) if one.get("id")],
        )
        for row in rows
    ]


def by_device(scope: Scope, tx: Transaction, causes: Iterable[Cause]) -> dict[str, list[Group]]:
    """What waits for one of `causes`, by what the network calls the device, in upper case."""
    wanted, found = set(causes), dict[str, list[Group]]()
    for one in groups(scope, tx):
        if one.cause in wanted:
            found.setdefault(one.device.upper(), []).append(one)
    return found


def count(scope: Scope, tx: Transaction, which: Which) -> int:
    return int(tx.execute(select(func.count()).where(*_waiting(scope, which))).scalar_one())


def in_order(scope: Scope, tx: Transaction, which: Which, *, by: int) -> Iterator[list[Waiting]]:
    """What waits of what the actor operates, in the order of the times that the messages tell."""
    h = held_message.c
    names = [h.id, h.connection, h.received_at, h.message, h.content, h.envelope]
    ids = list(tx.execute(select(h.id).where(*_waiting(scope, which)).order_by(h.time, h.id)).scalars())
    for start in range(0, len(ids), by):
        some = ids[start : start + by]
        found = {row.id: row for row in tx.execute(select(*names).where(h.id.in_(some)))}
        yield [_to_try(found[id_]) for id_ in some]


def settle(scope: Scope, tx: Transaction, ids: Iterable[int], state: State, *, note: str | None, now: datetime) -> int:
    done = 0
    values = {"state": state, "settled_at": now, "settled_by": scope.actor.name, "note": note}
    for some in in_chunks(ids):
        chosen = update(held_message).where(held_message.c.id.in_(some), held_message.c.state == "waiting")
        done += tx.execute(chosen.values(values)).rowcount
    return done


def discard(scope: Scope, tx: Transaction, which: Which, reason: str, *, now: datetime) -> int:
    """Give them up, saying why; they stay in the list, discarded. How many."""
    ids = list(tx.execute(select(held_message.c.id).where(*_waiting(scope, which))).scalars())
    done = settle(scope, tx, ids, "discarded", note=reason, now=now)
    if done:
        record(scope, tx, "discard", which, done, now)
    return done


def record(scope: Scope, tx: Transaction, verb: str, which: Which, messages: int, now: datetime) -> None:
    said = {name: value for name, value in msgspec.structs.asdict(which).items() if value is not None}
    detail = {"messages": messages, **said}
    audit.record(scope, tx, f"messages.{verb}", now=now, owner=which.owner, subject="held", detail=detail)


class _Stored(Held, frozen=True, kw_only=True):
    content: bytes | None = None  # type: ignore[assignment]


def _shown(one: _Stored, scope: Scope) -> Held:
    """Bytes as text where they are text, else in hexadecimal."""
    values = {name: getattr(one, name) for name in Held.__struct_fields__}
    if one.message is not None:
        values["message"] = written(msgspec.convert(one.message, Message), scope.language)
    if one.content is not None:
        try:
            values["content"] = one.content.decode()
        except UnicodeDecodeError:
            values["content"] = one.content.hex()
    return Held(**values)


def _to_try(row: Any) -> Waiting:
    message = None if row.message is None else msgspec.convert(row.message, Message)
    return Waiting(
        id=row.id,
        connection=row.connection,
        received_at=row.received_at,
        message=message,
        content=row.content,
        envelope=row.envelope,
    )


def _waiting(scope: Scope, which: Which) -> list[ColumnElement[bool]]:
    said = {name: value for name, value in msgspec.structs.asdict(which).items() if value is not None}
    same = [held_message.c[name] == value for name, value in said.items()]
    return [held_message.c.state == "waiting", _seen(scope, Right.OPERATE), *same]


def _seen(scope: Scope, right: Right) -> Any:
    """By whom it is of, and by whose connection it came. A narrowed key sees none: what is not understood belongs to no
    service."""
    if scope.everything:
        return true()
    owners = scope.owners(right) if scope.services is None else frozenset()
    return or_(held_message.c.owner.in_(owners), held_message.c.connection_owner.in_(owners))


def _row(one: Put, mark: str) -> dict[str, Any]:
    kept = one.content is None
    return {
        "owner": one.owner,
        "connection": one.connection,
        "connection_owner": one.connection_owner,
        "cause": one.cause,
        "device": one.message.device or "",
        "model": one.model,
        "time": one.message.time,
        "received_at": one.received_at,
        "message": msgspec.Raw(ENCODER.encode(one.message)) if kept else None,
        "content": one.content,
        "envelope": one.envelope,
        "reason_fr": one.reason.fr,
        "reason_en": one.reason.en,
        "fingerprint": mark,
        "times": 1,
        "state": "waiting",
    }
