"""The audit trail: who did and saw what, append-only, each line chained to the one before by a keyed hash.

What it proves: without the instance's secret, nobody who can write to the database can edit, remove, insert or
re-order a line, nor cut the end, without `verify` finding it. What it cannot prove: that trail and head were not put
back together as they stood at an earlier moment. Note the head that `verify` gives elsewhere to find that too.
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import String, and_, false, func, insert, or_, select, true, type_coerce, update
from sqlalchemy.exc import DBAPIError

from beffroi.access.inputs import Instant, Key, Limit, dated
from beffroi.access.scope import Actor, Right, Scope
from beffroi.access.tables import audit, audit_head
from beffroi.database import Database, Page, Transaction, struct_of
from beffroi.errors import Invalid, Text

FIRST = "0" * 64
USUAL = 100
"""lines in a page when no limit is asked"""
LOCK = 7_285_001
"""PostgreSQL's advisory lock on the end of the chain; SQLite has one writer anyway"""


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One deed. `owner`: the collectivité whose thing was seen or changed, none for the instance itself."""

    seq: int
    at: datetime
    actor_kind: Literal["person", "key", "system", "stranger"]
    actor_key: str
    actor_name: str
    action: str
    owner: str | None = None
    subject: str = ""
    detail: dict[str, Any] = {}


class Broken(msgspec.Struct, frozen=True):
    """Where the chain does not hold, and why. `seq` 0 stands for the head."""

    seq: int
    why: str


class Verified(msgspec.Struct, frozen=True):
    """`head` is the last line's hash: noted elsewhere, it also proves later that nothing was put back in time."""

    rows: int
    head: str
    broken: list[Broken]

    @property
    def whole(self) -> bool:
        return not self.broken


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines are wanted, newest first. `start` and `end` are half-open; `action` is the beginning of the word;
    `deeds` leaves out what was only seen."""

    start: Instant | None = None
    end: Instant | None = None
    actor: Key | None = None
    action: Key | None = None
    collectivity: Key | None = None
    deeds: bool = False
    after: str | None = None
    limit: Limit | None = None


def arm(database: Database, secret: bytes) -> None:
    """Give `database` the secret its trail is chained with; done once, before anything is recorded."""
    database.engine.update_execution_options(audit_secret=secret)


def secret_of(tx: Transaction) -> bytes:
    """The secret that `arm` gave."""
    secret: bytes | None = tx.get_execution_options().get("audit_secret")
    if secret is None:
        raise RuntimeError("nothing can be recorded before audit.arm(database, secret)")
    return secret


def record(
    scope: Scope,
    tx: Transaction,
    action: str,
    *,
    now: datetime,
    owner: str | None = None,
    subject: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Note a deed in the transaction that does it: both are kept, or neither.

    `action` is `noun.verb` (`agreement.make`), `subject` the thing's key. No secret goes in `detail`.
    """
    append(tx, scope.actor, action, now=now, owner=owner, subject=subject, detail=detail)


def append(
    tx: Transaction,
    actor: Actor,
    action: str,
    *,
    now: datetime,
    owner: str | None = None,
    subject: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """`record`, for an actor whose scope is gone."""
    secret = secret_of(tx)
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(LOCK)))
    head = tx.execute(select(audit_head.c.rows, audit_head.c.hash)).one_or_none()
    rows, previous = (head.rows, head.hash) if head else (0, FIRST)
    line: dict[str, Any] = {
        "seq": rows + 1,
        "at": now.astimezone(UTC),
        "actor_kind": actor.kind,
        "actor_key": actor.key,
        "actor_name": actor.name,
        "action": action,
        "owner": owner,
        "subject": subject,
        "detail": msgspec.json.encode(detail or {}, order="deterministic").decode(),
        "previous": previous,
    }
    line["hash"] = _hash(secret, line)
    tx.execute(insert(audit).values(line))
    values = {"rows": line["seq"], "hash": line["hash"], "seal": _seal(secret, line["seq"], line["hash"])}
    tx.execute(update(audit_head).values(values) if head else insert(audit_head).values(id=1, **values))


def verify(tx: Transaction, secret: bytes) -> Verified:
    """Walk the whole trail and say where it does not hold."""
    broken: list[Broken] = []
    rows, previous, expected = 0, FIRST, 1
    try:
        lines = select(audit, type_coerce(audit.c.at, String).label("written")).order_by(audit.c.seq)
        for row in tx.execute(lines).yield_per(1000).mappings():
            seq = row["seq"]
            if seq != expected:
                broken.append(Broken(seq, "a line is missing before this one"))
            elif row["previous"] != previous:
                broken.append(Broken(seq, "does not follow the line before"))
            if _hash(secret, dict(row)) != row["hash"] or not _as_written(row["written"], row["at"]):
                broken.append(Broken(seq, "was changed"))
            rows, previous, expected = rows + 1, row["hash"], seq + 1
    except (TypeError, ValueError, DBAPIError):
        broken.append(Broken(expected, "this line, or one of the thousand after it, is unreadable"))
    head = tx.execute(select(audit_head)).one_or_none()
    if head is None:
        if rows:
            broken.append(Broken(0, "the head is missing"))
    elif _seal(secret, head.rows, head.hash) != head.seal:
        broken.append(Broken(0, "the head was changed"))
    elif (head.rows, head.hash) != (rows, previous):
        broken.append(Broken(0, f"the head tells of {head.rows} lines, the trail has {rows} or ends otherwise"))
    return Verified(rows, previous, broken)


def find(scope: Scope, tx: Transaction, question: Question) -> Page[Line]:
    """Lines the actor may read, newest first: its own deeds, those on the collectivités it administers and, for
    administrators of the instance, those on no collectivité."""
    wanted = [
        audit.c.at >= dated("start", question.start) if question.start else true(),
        audit.c.at < dated("end", question.end) if question.end else true(),
        audit.c.actor_key == question.actor if question.actor else true(),
        audit.c.action.startswith(question.action, autoescape=True) if question.action else true(),
        audit.c.owner == question.collectivity if question.collectivity else true(),
        audit.c.action.not_like("%.read") if question.deeds else true(),
        audit.c.seq < _cursor(question.after) if question.after is not None else true(),
    ]
    own = and_(audit.c.actor_kind == scope.actor.kind, audit.c.actor_key == scope.actor.key)
    visible = or_(
        true() if scope.everything else own,
        audit.c.owner.in_(scope.owners(Right.ADMINISTER)) if scope.services is None else false(),
        audit.c.owner.is_(None) if scope.instance else false(),
    )
    columns = [audit.c[name] for name in Line.__struct_fields__]
    limit = question.limit or USUAL
    statement = select(*columns).where(visible, *wanted).order_by(audit.c.seq.desc()).limit(limit + 1)
    rows = tx.execute(statement).mappings().all()
    lines = [_line(row) for row in rows[:limit]]
    return Page(lines, str(lines[-1].seq) if len(rows) > limit else None)


def since(tx: Transaction, seq: int, actions: Collection[str]) -> list[Line]:
    """The lines of these words after line `seq`, the oldest first; for the program itself."""
    columns = [audit.c[name] for name in Line.__struct_fields__]
    asked = select(*columns).where(audit.c.seq > seq, audit.c.action.in_(actions)).order_by(audit.c.seq)
    return [_line(row) for row in tx.execute(asked).mappings()]


def length(tx: Transaction) -> int:
    """The number of the last line."""
    return tx.execute(select(audit_head.c.rows)).scalar() or 0


def _line(row: Mapping[Any, Any]) -> Line:
    return struct_of({**row, "detail": msgspec.json.decode(row["detail"])}, Line)


def _cursor(after: str) -> int:
    if not after.isascii() or not after.isdigit() or len(after) > 18:
        raise Invalid(
            "after",
            Text(
                "Ce curseur n'est pas l'un de ceux rendus dans «\u00a0next\u00a0».",
                "This cursor is none of those given in “next”.",
            ),
        )
    return int(after)


def _hash(secret: bytes, line: dict[str, Any]) -> str:
    """Over every column but the hash itself, as a JSON list: no two different lines have the same encoding."""
    fields = [line[column.name] for column in audit.columns if column.name != "hash"]
    return hmac.new(secret, msgspec.json.encode(["line", *fields]), hashlib.sha256).hexdigest()


def _as_written(text: object, at: datetime) -> bool:
    """Whether a time is written as this program does, on an engine that keeps it as text: others read the same."""
    return not isinstance(text, str) or text == at.strftime("%Y-%m-%d %H:%M:%S.%f")


def _seal(secret: bytes, rows: int, hash_: str) -> str:
    return hmac.new(secret, msgspec.json.encode(["head", rows, hash_]), hashlib.sha256).hexdigest()
