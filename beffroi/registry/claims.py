"""Claims: who says that a device is its own. What the structure declares, or confirms, is believed; what a member says
of a device heard by the structure's network waits for the structure's word, lest one receive what another's sends.

A device heard by its owner's own network needs nobody's word.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import Column, ForeignKey, Index, String, Table, delete, func, insert, select, update

from beffroi.access import Right, Scope, audit
from beffroi.database import Transaction, Utc, metadata
from beffroi.errors import Conflict, Invalid, NotFound, Text
from beffroi.registry import structures, tables, visibility
from beffroi.registry.tables import Id
from beffroi.registry.things import Row, in_chunks

State = Literal["unconfirmed", "confirmed", "refused", "withdrawn"]
EUI = re.compile(r"[0-9A-Fa-f]{16}")

claim = Table(
    "claim",
    metadata,
    Column("device", Id, ForeignKey("device.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("code", String, nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("declared_at", Utc),
    Column("declared_by", String),
    Column("decided_at", Utc),
    Column("decided_by", String),
    Column("note", String),
    Index("ix_claim_state", "state"),
)
"""`code`: as it was declared, in upper case. `declared_at` is unknown of those declared before claims were kept."""


class Claim(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One collectivité's word that a device is its own. `note`: why it was refused."""

    device: int
    owner: str
    code: str
    name: str
    state: State
    declared_at: datetime | None = None
    declared_by: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    note: str | None = None


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """An identifier, in upper case, and those who declare it that may be seen. `contested`: more than one does."""

    identifier: str
    contested: bool
    claims: list[Claim]


def declared(scope: Scope, tx: Transaction, rows: list[Row], now: datetime) -> None:
    """Devices were added, or changed: those that now have another code are claimed anew."""
    held: dict[int, str] = {}
    for some in in_chunks(row["id"] for row in rows):
        asked = select(claim.c.device, claim.c.code).where(claim.c.device.in_(some))
        held |= {device: code for device, code in tx.execute(asked)}
    new = [row for row in rows if held.get(row["id"]) != row["code"].upper()]
    if not new:
        return
    for some in in_chunks(row["id"] for row in new if row["id"] in held):
        tx.execute(delete(claim).where(claim.c.device.in_(some)))
    structure = structures.key(tx)
    believed = scope.everything or (structure is not None and scope.may(Right.OPERATE, structure))
    tx.execute(
        insert(claim),
        [
            {
                "device": row["id"],
                "code": row["code"].upper(),
                "state": "confirmed" if believed or row["owner"] == structure else "unconfirmed",
                "declared_at": now,
                "declared_by": scope.actor.name,
            }
            for row in new
        ],
    )


def confirmed(tx: Transaction, device: int) -> bool:
    """For the program itself."""
    return tx.execute(select(claim.c.state).where(claim.c.device == device)).scalar() == "confirmed"


def find(scope: Scope, tx: Transaction, heard: Iterable[str] = ()) -> list[Claimed]:
    """What waits for a decision: DevEUIs that several declare, or that a member declares and nobody confirmed; also
    the identifiers `heard` that any collectivité declares. Members see their own word alone."""
    by_code: dict[str, list[Claim]] = defaultdict(list)
    for one in _undecided(tx, {one.upper() for one in heard}):
        by_code[one.code.upper()].append(one)
    mine = _judge(scope, tx)
    seen = set() if mine else _own(scope, tx, [one.device for some in by_code.values() for one in some])
    found = []
    for code, some in sorted(by_code.items()):
        shown = [one for one in some if mine or one.device in seen]
        standing = [one for one in some if one.state in ("confirmed", "unconfirmed")]
        if shown:
            found.append(Claimed(identifier=code, contested=len(standing) > 1, claims=shown))
    return found


def settle(scope: Scope, tx: Transaction, identifier: str, device: int, reason: str, *, now: datetime) -> Claimed:
    """The structure says whose it is: the other declarations are refused, and told so on their owners' trails."""
    _require_judge(scope, tx)
    those = _of(tx, identifier)
    if device not in {one.device for one in those}:
        raise Invalid("device", Text("ne déclare pas cet identifiant", "does not declare this identifier"))
    for one in those:
        state: State = "confirmed" if one.device == device else "refused"
        if one.state != state:
            _decide(scope, tx, one, state, reason if state == "refused" else None, now)
    return Claimed(identifier=identifier.upper(), contested=False, claims=_of(tx, identifier))


def confirm(scope: Scope, tx: Transaction, devices: list[int], *, now: datetime) -> list[str]:
    """The structure believes these declarations; the identifiers. Raises `Conflict` for one that several make."""
    _require_judge(scope, tx)
    found = {one.device: one for some in in_chunks(devices) for one in _read(tx, claim.c.device.in_(some))}
    for lacking in sorted(set(devices) - found.keys()):
        raise NotFound(Text("déclaration", "declaration"), lacking)
    for one in found.values():
        others = [other for other in _of(tx, one.code) if other.device != one.device]
        if any(other.state in ("confirmed", "unconfirmed") for other in others):
            listed = ", ".join(sorted({other.owner for other in others}))
            raise Conflict(
                Text(
                    f"{one.code} est aussi déclaré par {listed} : dites à qui il est.",
                    f"{one.code} is declared by {listed} too: say whose it is.",
                )
            )
        if one.state != "confirmed":
            _decide(scope, tx, one, "confirmed", None, now)
    return sorted({one.code.upper() for one in found.values()})


def withdraw(scope: Scope, tx: Transaction, device: int, *, now: datetime) -> Claim:
    """Its owner says that it is not its own after all. The device stays, with what it brought; its network is heard for
    it no more."""
    one = _mine(scope, tx, device)
    if one.state != "withdrawn":
        _decide(scope, tx, one, "withdrawn", None, now)
    return _mine(scope, tx, device)


def renew(scope: Scope, tx: Transaction, device: int, *, now: datetime) -> Claim:
    """Its owner declares it again, after it withdrew: it waits for the structure's word."""
    one = _mine(scope, tx, device)
    if one.state != "withdrawn":
        raise Conflict(Text("Cette déclaration n'est pas retirée.", "This declaration is not withdrawn."))
    _decide(scope, tx, one, "unconfirmed", None, now)
    return _mine(scope, tx, device)


COLUMNS = [
    tables.device.c.id.label("device"),
    tables.device.c.owner,
    tables.device.c.code,
    tables.device.c.name,
    *(claim.c[name] for name in ("state", "declared_at", "declared_by", "decided_at", "decided_by", "note")),
]


def _read(tx: Transaction, *wanted: Any) -> list[Claim]:
    asked = select(*COLUMNS).join(tables.device, tables.device.c.id == claim.c.device).where(*wanted)
    return [Claim(**row) for row in tx.execute(asked.order_by(claim.c.device)).mappings()]


def _of(tx: Transaction, identifier: str) -> list[Claim]:
    return _read(tx, claim.c.code == identifier.upper())


def _undecided(tx: Transaction, heard: set[str]) -> list[Claim]:
    codes = set(tx.execute(select(claim.c.code).where(claim.c.state == "unconfirmed")).scalars())
    standing = claim.c.state.in_(("confirmed", "unconfirmed"))
    long = func.length(claim.c.code) == 16
    several = select(claim.c.code).where(standing, long).group_by(claim.c.code).having(func.count() > 1)
    codes |= set(tx.execute(several).scalars())
    wanted = {one for one in codes if EUI.fullmatch(one)} | heard
    return [one for some in in_chunks(wanted) for one in _read(tx, claim.c.code.in_(some))]


def _own(scope: Scope, tx: Transaction, devices: list[int]) -> set[int]:
    device, found = tables.device, set[int]()
    for some in in_chunks(devices):
        asked = select(device.c.id).where(device.c.id.in_(some), visibility.clause(device, scope, Right.EDIT))
        found |= set(tx.execute(asked).scalars())
    return found


def _judge(scope: Scope, tx: Transaction) -> bool:
    structure = structures.key(tx)
    return scope.everything or (structure is not None and scope.may(Right.OPERATE, structure))


def _require_judge(scope: Scope, tx: Transaction) -> None:
    if not scope.everything:
        scope.require(Right.OPERATE, structures.get(scope, tx).key)


def _mine(scope: Scope, tx: Transaction, device: int) -> Claim:
    found = _read(tx, claim.c.device == device)
    if not found or device not in _own(scope, tx, [device]):
        raise NotFound(Text("déclaration", "declaration"), device)
    return found[0]


def _decide(scope: Scope, tx: Transaction, one: Claim, state: State, note: str | None, now: datetime) -> None:
    values = {"state": state, "decided_at": now, "decided_by": scope.actor.name, "note": note}
    tx.execute(update(claim).where(claim.c.device == one.device).values(values))
    verb = {"confirmed": "confirm", "refused": "refuse", "withdrawn": "withdraw", "unconfirmed": "renew"}[state]
    detail = {"code": one.code, "note": note}
    audit.record(scope, tx, f"claim.{verb}", now=now, owner=one.owner, subject=str(one.device), detail=detail)
