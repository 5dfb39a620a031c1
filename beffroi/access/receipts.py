"""Receipts of deletions: who had which observations removed, what became of them and when, each step sealed.

A receipt is a chain: its first seal is over what was asked, each further one over a step and the seal before, keyed
with the instance's secret as the audit trail is. Every step is a line of that trail too, which names its seal: a step
cut off the end shows there.
"""

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import Select, and_, exists, false, func, insert, or_, select, true

from beffroi.access import audit
from beffroi.access.inputs import Key, Limit
from beffroi.access.scope import Actor, Right, Scope
from beffroi.access.tables import audit as trail
from beffroi.access.tables import deletion, deletion_step
from beffroi.database import Page, Transaction, new_key, page_of, struct_of
from beffroi.errors import NotFound, Text

StepName = Literal["asked", "removed", "erased", "backups", "restored"]
SERIES_TOLD = 1000
"""series that a receipt names one by one; of more (a rule's run), the others are counted"""


class RemovedSeries(msgspec.Struct, frozen=True, omit_defaults=True):
    """A series as it was called, and which half-open stretch of it; none for unbounded."""

    id: int
    code: str
    name: str
    start: datetime | None = None
    end: datetime | None = None


class Step(msgspec.Struct, frozen=True):
    """`asked`; `removed`: nobody reads them any more; `erased`: their bytes are in no file of the instance; `backups`:
    older backups of one folder are without them; `restored`: removed again from a backup that was laid."""

    step: StepName
    at: datetime
    detail: dict[str, Any]
    seal: str


class Deed(msgspec.Struct, frozen=True):
    """What was asked, by whom. `origin`: `request`, or the rule's, as `rule:12`."""

    key: str
    owner: str
    asked_at: datetime
    actor_kind: Literal["person", "key", "system", "stranger"]
    actor_key: str
    actor_name: str
    origin: str
    deed: Literal["delete", "thin"]


class Summary(Deed, frozen=True, omit_defaults=True):
    """A receipt in a list."""

    removed_at: datetime | None = None
    erased_at: datetime | None = None


class Receipt(Deed, frozen=True):
    """All of it, as it is sealed."""

    series: list[RemovedSeries]
    seal: str
    steps: list[Step]

    def has(self, step: StepName) -> bool:
        return any(one.step == step for one in self.steps)


class DeletionQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    collectivity: Key | None = None
    after: str | None = None
    limit: Limit = 100


def begin(
    tx: Transaction,
    actor: Actor,
    *,
    owner: str,
    series: list[RemovedSeries],
    origin: str,
    deed: Literal["delete", "thin"],
    now: datetime,
) -> str:
    """A receipt for what is about to be done; its key. The first `SERIES_TOLD` of `series` are named."""
    row: dict[str, Any] = {
        "key": new_key("del", size=20),
        "owner": owner,
        "asked_at": now.astimezone(UTC),
        "actor_kind": actor.kind,
        "actor_key": actor.key,
        "actor_name": actor.name,
        "origin": origin,
        "deed": deed,
        "series": _canonical(series if origin == "request" else series[:SERIES_TOLD]),
    }
    row["seal"] = _seal(audit.secret_of(tx), ["deletion", *row.values()])
    tx.execute(insert(deletion).values(row))
    note(tx, actor, row["key"], "asked", {"series": len({one.id for one in series})}, now=now)
    return str(row["key"])


def note(tx: Transaction, actor: Actor, key: str, step: StepName, detail: dict[str, Any], *, now: datetime) -> None:
    """Add a step, here and in the audit trail."""
    found = _read(tx, select(deletion).where(deletion.c.key == key))[0]
    before = found.steps[-1].seal if found.steps else found.seal
    row: dict[str, Any] = {"deletion": key, "seq": len(found.steps) + 1, "step": step, "at": now.astimezone(UTC)}
    row["detail"] = _canonical(detail)
    row["seal"] = _seal(audit.secret_of(tx), ["step", before, *row.values()])
    tx.execute(insert(deletion_step).values(row))
    told = {"seal": row["seal"], "deed": found.deed, "origin": found.origin}
    audit.append(tx, actor, f"deletion.{step}", now=now, owner=found.owner, subject=key, detail=told)


def find(scope: Scope, tx: Transaction, query: DeletionQuery) -> Page[Summary]:
    """Those of the collectivités that the actor administers, or of one of them."""
    if query.collectivity:
        scope.require(Right.ADMINISTER, query.collectivity)
    columns = [deletion.c[name] for name in Summary.__struct_fields__ if name in deletion.c]
    statement = select(*columns, _at("removed"), _at("erased")).where(
        _visible(scope), deletion.c.owner == query.collectivity if query.collectivity else true()
    )
    return page_of(tx, statement, Summary, key=deletion.c.key, after=query.after, limit=query.limit)


def get(scope: Scope, tx: Transaction, key: str) -> Receipt:
    found = _read(tx, select(deletion).where(_visible(scope), deletion.c.key == key))
    if not found:
        raise NotFound(Text("reçu de suppression", "receipt of a deletion"), key)
    return found[0]


def all_of(scope: Scope, tx: Transaction) -> list[Receipt]:
    """Every receipt that the actor may read, oldest first."""
    return _read(tx, select(deletion).where(_visible(scope)))


def lacking(tx: Transaction, step: StepName) -> list[Receipt]:
    """Those that have not come to `step`, oldest first."""
    there = exists().where(deletion_step.c.deletion == deletion.c.key, deletion_step.c.step == step)
    return _read(tx, select(deletion).where(~there))


def asked(tx: Transaction) -> list[Receipt]:
    """The register: every deletion that somebody asked for and that was done. What rules remove, they remove again."""
    done = exists().where(deletion_step.c.deletion == deletion.c.key, deletion_step.c.step == "removed")
    return _read(tx, select(deletion).where(done, deletion.c.origin == "request"))


def adopt(tx: Transaction, actor: Actor, receipt: Receipt, *, now: datetime) -> None:
    """Take in a receipt that this database lacks, sealed with the same secret, once it was applied here."""
    fields = {name: getattr(receipt, name) for name in receipt.__struct_fields__ if name != "steps"}
    tx.execute(insert(deletion).values({**fields, "series": _canonical(receipt.series)}))
    for seq, one in enumerate(receipt.steps, start=1):
        row = {"deletion": receipt.key, "seq": seq, "step": one.step, "at": one.at, "seal": one.seal}
        tx.execute(insert(deletion_step).values({**row, "detail": _canonical(one.detail)}))
        told = {"seal": one.seal, "deed": receipt.deed, "origin": receipt.origin, "adopted": True}
        audit.append(tx, actor, f"deletion.{one.step}", now=now, owner=receipt.owner, subject=receipt.key, detail=told)


def faults(tx: Transaction, receipt: Receipt) -> list[str]:
    """Where a receipt of this database does not hold; nothing when it is whole."""
    seals = [
        msgspec.json.decode(detail)["seal"]
        for detail in tx.execute(
            select(trail.c.detail)
            .where(trail.c.subject == receipt.key, trail.c.action.startswith("deletion."))
            .order_by(trail.c.seq)
        ).scalars()
    ]
    found = broken(receipt, audit.secret_of(tx))
    if seals != [one.seal for one in receipt.steps]:
        found.append("the audit trail tells of other steps")
    return found


def broken(receipt: Receipt, secret: bytes) -> list[str]:
    """Where its seals do not hold."""
    head = [getattr(receipt, name) for name in receipt.__struct_fields__ if name not in ("series", "seal", "steps")]
    found = []
    before = _seal(secret, ["deletion", *head, _canonical(receipt.series)])
    if before != receipt.seal:
        found.append("what was asked was changed")
    for seq, one in enumerate(receipt.steps, start=1):
        seal = _seal(secret, ["step", before, receipt.key, seq, one.step, one.at, _canonical(one.detail)])
        if seal != one.seal:
            found.append(f"step {seq} ({one.step}) was changed")
        before = one.seal
    return found


def _read(tx: Transaction, statement: Select[Any]) -> list[Receipt]:
    rows = tx.execute(statement.order_by(deletion.c.asked_at, deletion.c.key)).mappings().all()
    steps: dict[str, list[Step]] = {row["key"]: [] for row in rows}
    chosen = statement.with_only_columns(deletion.c.key)
    for row in tx.execute(
        select(deletion_step).where(deletion_step.c.deletion.in_(chosen)).order_by(deletion_step.c.seq)
    ).mappings():
        steps[row["deletion"]].append(Step(row["step"], row["at"], msgspec.json.decode(row["detail"]), row["seal"]))
    return [
        struct_of({**row, "series": msgspec.json.decode(row["series"]), "steps": steps[row["key"]]}, Receipt)
        for row in rows
    ]


def _at(step: StepName) -> Any:
    """When a receipt first came to `step`, as a column."""
    when = select(func.min(deletion_step.c.at)).where(
        deletion_step.c.deletion == deletion.c.key, deletion_step.c.step == step
    )
    return when.scalar_subquery().label(f"{step}_at")


def _visible(scope: Scope) -> Any:
    if scope.everything:
        return true()
    administered = scope.owners(Right.ADMINISTER) if scope.services is None else frozenset[str]()
    return or_(false(), and_(deletion.c.owner.in_(administered)))


def _canonical(value: Any) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


def _seal(secret: bytes, fields: list[Any]) -> str:
    return hmac.new(secret, msgspec.json.encode(fields), hashlib.sha256).hexdigest()
