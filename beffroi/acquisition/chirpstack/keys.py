"""Root keys of LoRaWAN devices: kept encrypted until a network needs them, never shown again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec
from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table, delete, insert, select

from beffroi.access import Right, Scope, audit
from beffroi.access.sealing import Sealing
from beffroi.database import Transaction, Utc, metadata
from beffroi.errors import Fault, Invalid, Text
from beffroi.registry import tables, visibility
from beffroi.registry.fields import Code, Owner
from beffroi.registry.tables import Id
from beffroi.registry.things import in_chunks

device_keys = Table(
    "device_keys",
    metadata,
    Column("device", Id, ForeignKey("device.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", String, nullable=False),
)

RootKey = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Fa-f]{32}$(?!\n)")]


class RootKeys(msgspec.Struct, frozen=True, omit_defaults=True):
    """128 bits each, in hexadecimal. `nwk_key`: of LoRaWAN 1.1 alone."""

    app_key: RootKey
    nwk_key: RootKey | None = None


class KeysOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`code`: the device's DevEUI, in either case."""

    owner: Owner
    code: Code
    app_key: RootKey
    nwk_key: RootKey | None = None


class KeysKept(msgspec.Struct, frozen=True):
    devices: int


def keep(scope: Scope, tx: Transaction, given: list[KeysOf], sealing: Sealing, *, now: datetime) -> KeysKept:
    """All or none; what was kept before is replaced. Raises `Invalid` naming devices that the actor may not edit."""
    ids = _devices(scope, tx, given)
    faults = [
        Fault(f"[{place}].code", Text("aucun appareil que vous puissiez modifier", "no device that you may change"))
        for place, one in enumerate(given)
        if (one.owner, one.code.upper()) not in ids
    ]
    if faults:
        raise Invalid.of(faults)
    by_id = {ids[one.owner, one.code.upper()]: one for one in given}
    for some in in_chunks(by_id):
        tx.execute(delete(device_keys).where(device_keys.c.device.in_(some)))
    rows = [
        {
            "device": id_,
            "sealed": sealing.seal(msgspec.json.encode(RootKeys(one.app_key, one.nwk_key)).decode(), _subject(id_)),
            "at": now,
            "by": scope.actor.name,
        }
        for id_, one in by_id.items()
    ]
    if rows:
        tx.execute(insert(device_keys), rows)
    for owner in sorted({one.owner for one in given}):
        mine = [one for one in given if one.owner == owner]
        audit.record(scope, tx, "device-keys.keep", now=now, owner=owner, detail={"devices": len(mine)})
    return KeysKept(len(by_id))


def of(tx: Transaction, sealing: Sealing, devices: Iterable[int]) -> dict[int, RootKeys]:
    """For the program itself, to hand them to a network: of those whose keys are kept."""
    found: dict[int, RootKeys] = {}
    for some in in_chunks(devices):
        asked = select(device_keys.c.device, device_keys.c.sealed).where(device_keys.c.device.in_(some))
        for id_, sealed in tx.execute(asked):
            found[id_] = msgspec.json.decode(sealing.open(sealed, _subject(id_)), type=RootKeys)
    return found


def _devices(scope: Scope, tx: Transaction, given: list[KeysOf]) -> dict[tuple[str, str], int]:
    device, found = tables.device, dict[tuple[str, str], int]()
    codes = {spelt for one in given for spelt in (one.code, one.code.upper(), one.code.lower())}
    for some in in_chunks(codes):
        mine = visibility.clause(device, scope, Right.EDIT)
        asked = select(device.c.id, device.c.owner, device.c.code).where(device.c.code.in_(some), mine)
        found |= {(owner, code.upper()): id_ for id_, owner, code in tx.execute(asked)}
    return found


def _subject(device: int) -> str:
    return f"device-{device}"
