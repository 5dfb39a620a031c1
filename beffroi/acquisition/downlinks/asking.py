"""Who asks for a downlink, who approves it, and who takes it back."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import delete, insert, select, update

from beffroi.access import Right, Scope, audit, keys
from beffroi.acquisition import connections
from beffroi.acquisition.connections import Connection
from beffroi.acquisition.downlinks.course import step
from beffroi.acquisition.downlinks.model import (
    Approvals,
    Downlink,
    DownlinkQuery,
    DownlinkStep,
    NewDownlink,
    State,
    StepName,
    Subject,
    approval_rule,
    downlink,
    downlink_step,
)
from beffroi.acquisition.downlinks.networks import PUBLICATIONS
from beffroi.acquisition.downlinks.reach import reached
from beffroi.database import Page, Transaction, page_of
from beffroi.errors import Conflict, Fault, Forbidden, Invalid, NotFound, Text
from beffroi.registry import claims, structures, tables, things, visibility
from beffroi.registry.devices import DEVICES
from beffroi.registry.model import Device
from beffroi.registry.things import in_chunks

LASTS = timedelta(days=1)
"""before it expires, unless something else is asked"""
LONGEST = timedelta(days=30)
NOUN = Text("commande", "downlink")
NOT_SENDABLE = Text(
    "Aucune connexion qui entend cet appareil ne permet de lui écrire : donnez un courtier MQTT, ou l'API du réseau.",
    "No connection that hears this device lets one write to it: give it an MQTT broker, or the network's API.",
)
UNCONFIRMED = Text(
    "La structure n'a pas encore confirmé que cet appareil est à vous : son réseau ne lui envoie rien.",
    "The structure did not confirm yet that this device is yours: its network sends it nothing.",
)
OWN = Text(
    "Vous avez demandé cette commande : une autre personne doit l'approuver.",
    "You asked for this downlink: another person must approve it.",
)
PERSONS = Text("Seule une personne connectée approuve, pas une clé.", "Only a signed-in person approves, not a key.")


class Plain(msgspec.Struct, frozen=True):
    """What goes to the device."""

    payload: bytes
    port: int


def ask(scope: Scope, tx: Transaction, device_id: int, new: NewDownlink, plain: Plain, *, now: datetime) -> Downlink:
    """Durable when the transaction is. Raises `Conflict` where nothing can be written to the device, or the key is
    another downlink's."""
    device = operated(scope, tx, device_id)
    if new.key is not None and (known := _by_key(tx, new.key)) is not None:
        return _same(scope, tx, known, device, plain, new)
    expires = new.expires_at or now + LASTS
    if not now < expires <= now + LONGEST:
        said = Text("entre maintenant et dans 30 jours", "between now and 30 days from now")
        raise Invalid.of([Fault("expires_at", said)])
    through = connection_for(scope, tx, device, new.connection)
    approval = needs_approval(tx, device)
    state: State = "awaiting-approval" if approval else "queued"
    row = {
        "key": new.key or str(uuid4()),
        "owner": device.owner,
        "device": device.id,
        "device_code": device.code,
        "connection": through.key,
        "port": plain.port,
        "payload": plain.payload,
        "confirmed": new.confirmed,
        "command": new.command,
        "state": state,
        "state_at": now,
        "asked_at": now,
        "asked_kind": scope.actor.kind,
        "asked_key": scope.actor.key,
        "asked_by": scope.actor.name,
        "approval": approval,
        "expires_at": expires,
    }
    id_ = int(tx.execute(insert(downlink).values(row).returning(downlink.c.id)).scalar_one())
    step(tx, id_, "asked", now, by=scope.actor.name)
    return _told(scope, tx, id_, "ask", now)


def approve(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> Downlink:
    """By a person other than who asked, with the same right over the device."""
    row = _open(scope, tx, key, ("awaiting-approval",))
    if scope.actor.kind != "person":
        raise Forbidden(PERSONS)
    asker = keys.maker_of(tx, row.asked_key) if row.asked_kind == "key" else row.asked_key
    if scope.actor.key in (asker, row.asked_key):
        raise Forbidden(OWN)
    if row.expires_at <= now:
        raise Conflict(Text("L'échéance est passée.", "Its deadline has passed."))
    _set(tx, row.id, "queued", now, approved_at=now, approved_by=scope.actor.name)
    step(tx, row.id, "approved", now, by=scope.actor.name)
    return _told(scope, tx, row.id, "approve", now)


def refuse(scope: Scope, tx: Transaction, key: str, reason: str, *, now: datetime) -> Downlink:
    row = _open(scope, tx, key, ("awaiting-approval",))
    return _end(scope, tx, row.id, "refused", "refuse", now, Text(reason, reason))


def cancel(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> Downlink:
    """While it has not left: what a network has, only the network can drop."""
    row = _open(scope, tx, key, ("awaiting-approval", "queued"))
    if row.begun_at is not None:
        raise Conflict(
            Text(
                "Le réseau a déjà cette commande : elle ne peut plus être reprise d'ici. Il l'émettra, ou l'échéance "
                "passera.",
                "The network has this downlink already: it cannot be taken back from here. It will be sent, or its "
                "deadline will pass.",
            )
        )
    return _end(scope, tx, row.id, "cancelled", "cancel", now, None)


def get(scope: Scope, tx: Transaction, key: str) -> Downlink:
    row = _visible_row(scope, tx, key, Right.READ)
    return _shown(tx, [row])[0]


def find(scope: Scope, tx: Transaction, query: DownlinkQuery) -> Page[Downlink]:
    """The eldest first."""
    asked = select(downlink).where(_seen(scope, Right.READ))
    for name in ("owner", "device", "state"):
        if (value := getattr(query, name)) is not None:
            asked = asked.where(downlink.c[name] == value)
    page = page_of(tx, asked, _Stored, key=downlink.c.id, after=query.after, limit=query.limit)
    return Page(_shown(tx, page.items), page.next)


def of_device(scope: Scope, tx: Transaction, device_id: int, limit: int) -> list[Downlink]:
    """The last ones, the newest first."""
    things.get(scope, tx, DEVICES, device_id)
    asked = select(downlink).where(_seen(scope, Right.READ), downlink.c.device == device_id)
    return _shown(tx, list(tx.execute(asked.order_by(downlink.c.id.desc()).limit(limit))))


def operated(scope: Scope, tx: Transaction, device_id: int) -> Device:
    return things.get(scope, tx, DEVICES, device_id, Right.OPERATE)


def connection_for(scope: Scope, tx: Transaction, device: Device, named: str | None) -> Connection:
    """The one by which it is heard, or which is named; the owner's own, or the structure's for a device that is known
    to be its owner's."""
    by = reached(tx, device.id)
    key = named or (by.connection if by else None)
    found = connections.by_key(tx, {key}).get(key) if key else None
    structure = structures.key(tx)
    if found is None or found.ended_at is not None or found.owner not in (device.owner, structure):
        raise Conflict(NOT_SENDABLE)
    if (by is None or by.connection != found.key) and not scope.may(Right.OPERATE, found.owner):
        raise Conflict(NOT_SENDABLE)
    if found.kind not in PUBLICATIONS or not (found.settings.api or (found.settings.broker and by)):
        raise Conflict(NOT_SENDABLE)
    if found.owner != device.owner and not claims.confirmed(tx, device.id):
        raise Conflict(UNCONFIRMED)
    return found


def needs_approval(tx: Transaction, device: Device) -> bool:
    kind = select(tables.asset.c.kind).where(tables.asset.c.id == device.asset)
    asked: list[tuple[Subject, str | None]] = [
        ("device-model", device.model),
        ("asset-kind", tx.execute(kind).scalar() if device.asset else None),
    ]
    rule = approval_rule.c
    return any(
        code is not None
        and tx.execute(select(rule.code).where(rule.subject == subject, rule.code == code)).first() is not None
        for subject, code in asked
    )


def approvals(tx: Transaction) -> Approvals:
    held: dict[str, list[str]] = defaultdict(list)
    asked = select(approval_rule.c.subject, approval_rule.c.code).order_by(approval_rule.c.code)
    for subject, code in tx.execute(asked):
        held[subject].append(code)
    return Approvals(asset_kinds=held["asset-kind"], device_models=held["device-model"])


def set_approvals(scope: Scope, tx: Transaction, new: Approvals, *, now: datetime) -> Approvals:
    """All of them, for the whole instance. What was asked before stays as it was asked."""
    scope.require_instance()
    faults = _unknown(tx, "asset_kinds", tables.asset_kind.c.code, new.asset_kinds)
    faults += _unknown(tx, "device_models", tables.device_model.c.code, new.device_models)
    if faults:
        raise Invalid.of(faults)
    said: dict[Subject, list[str]] = {"asset-kind": new.asset_kinds, "device-model": new.device_models}
    rows = [
        {"subject": subject, "code": code, "at": now, "by": scope.actor.name}
        for subject, codes in said.items()
        for code in dict.fromkeys(codes)
    ]
    tx.execute(delete(approval_rule))
    if rows:
        tx.execute(insert(approval_rule), rows)
    detail = {"asset_kinds": len(new.asset_kinds), "device_models": len(new.device_models)}
    audit.record(scope, tx, "downlink-approvals.set", now=now, detail=detail)
    return approvals(tx)


class _Stored(Downlink, frozen=True, omit_defaults=True, kw_only=True):
    id: int
    payload: bytes  # type: ignore[assignment]


def _shown(tx: Transaction, rows: Iterable[Any]) -> list[Downlink]:
    """With their history."""
    listed = list(rows)
    steps: dict[int, list[DownlinkStep]] = defaultdict(list)
    names = ("step", "at", "by", "note_fr", "note_en")
    table = downlink_step.c
    for some in in_chunks([one.id for one in listed]):
        asked = select(table.downlink, *(table[name] for name in names)).where(table.downlink.in_(some))
        for id_, *told in tx.execute(asked.order_by(table.id)):
            steps[id_].append(DownlinkStep(**dict(zip(names, told, strict=True))))
    plain = [name for name in Downlink.__struct_fields__ if name not in ("payload", "history")]
    return [
        Downlink(**{name: getattr(one, name) for name in plain}, payload=one.payload.hex(), history=steps[one.id])
        for one in listed
    ]


def _by_key(tx: Transaction, key: str) -> Any:
    return tx.execute(select(downlink).where(downlink.c.key == key)).one_or_none()


def _same(scope: Scope, tx: Transaction, known: Any, device: Device, plain: Plain, new: NewDownlink) -> Downlink:
    """Asked again with its key, it is the same."""
    told = (known.device, known.payload, known.port, known.confirmed)
    if told != (device.id, plain.payload, plain.port, new.confirmed):
        raise Conflict(Text("Cette clé est celle d'une autre commande.", "This key is another downlink's."))
    return get(scope, tx, known.key)


def _visible_row(scope: Scope, tx: Transaction, key: str, right: Right) -> Any:
    asked = select(downlink).where(downlink.c.key == key)
    row = tx.execute(asked.where(_seen(scope, Right.READ))).one_or_none()
    if row is None:
        raise NotFound(NOUN, key)
    if tx.execute(asked.where(_seen(scope, right))).one_or_none() is None:
        raise Forbidden(Text("Vos droits n'y permettent pas cela.", "Your rights do not allow that."))
    return row


def _seen(scope: Scope, right: Right) -> Any:
    """By the device, while it is its owner's; what was asked before it moved is no longer shown."""
    device = tables.device
    same = select(device.c.id).where(visibility.clause(device, scope, right), device.c.owner == downlink.c.owner)
    return downlink.c.device.in_(same.correlate(downlink))


def _open(scope: Scope, tx: Transaction, key: str, states: tuple[State, ...]) -> Any:
    row = _visible_row(scope, tx, key, Right.OPERATE)
    if row.state not in states:
        raise Conflict(
            Text(f"Cette commande en est à «\u00a0{row.state}\u00a0».", f"This downlink is at “{row.state}”.")
        )
    return row


def _end(
    scope: Scope, tx: Transaction, id_: int, state: State, verb: str, now: datetime, reason: Text | None
) -> Downlink:
    _set(tx, id_, state, now, reason_fr=reason and reason.fr, reason_en=reason and reason.en)
    name: StepName = "refused" if state == "refused" else "cancelled"
    step(tx, id_, name, now, by=scope.actor.name, note=reason)
    return _told(scope, tx, id_, verb, now)


def _set(tx: Transaction, id_: int, state: State, now: datetime, **more: Any) -> None:
    tx.execute(update(downlink).where(downlink.c.id == id_).values(state=state, state_at=now, **more))


def _told(scope: Scope, tx: Transaction, id_: int, verb: str, now: datetime) -> Downlink:
    found = _shown(tx, [tx.execute(select(downlink).where(downlink.c.id == id_)).one()])[0]
    detail = {"device": found.device, "port": found.port, "payload": found.payload, "approval": found.approval}
    audit.record(scope, tx, f"downlink.{verb}", now=now, owner=found.owner, subject=found.key, detail=detail)
    return found


def _unknown(tx: Transaction, field: str, column: Any, codes: list[str]) -> list[Fault]:
    known = {one for some in in_chunks(codes) for one in tx.execute(select(column).where(column.in_(some))).scalars()}
    lacking = [one for one in dict.fromkeys(codes) if one not in known]
    listed = ", ".join(lacking)
    return [Fault(field, Text(f"inconnu : {listed}", f"unknown: {listed}"))] if lacking else []
