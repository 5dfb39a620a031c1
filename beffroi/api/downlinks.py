"""Downlinks: /devices/…/downlinks, /downlinks, /downlink-approvals."""

from typing import Any

import msgspec

from beffroi.acquisition import model_codecs
from beffroi.acquisition.codecs import CodecRef, Request
from beffroi.acquisition.downlinks import asking
from beffroi.acquisition.downlinks.asking import Plain
from beffroi.acquisition.downlinks.model import Approvals, Downlink, DownlinkQuery, NewDownlink, Reason
from beffroi.api.registry import Id, noted
from beffroi.api.routing import Call, Routes
from beffroi.database import Page, Transaction
from beffroi.errors import Fault, Invalid, NotFound, Text
from beffroi.registry import devices
from beffroi.registry.fields import Limit
from beffroi.registry.model import Device

routes = Routes(
    "downlinks", "What is sent to devices: asked, approved by another where it must be, sent once, followed."
)

PORTS = range(1, 224)


class LastQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    limit: Limit = 50


class Preview(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What would be sent. `payload` in hexadecimal; `connection`: by which; `approval`: another person must agree."""

    payload: str
    port: int
    connection: str
    connection_name: str
    approval: bool
    warnings: list[str] = []


class Refusing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Reason


@routes.get("/devices/{id}/downlinks")
def of_device(call: Call, id: Id, query: LastQuery) -> list[Downlink]:
    """The last ones of a device, each with its history, the newest first."""
    with call.reading() as tx:
        found = devices.get(call.scope, tx, id)
        told = asking.of_device(call.scope, tx, id, query.limit)
    noted(call, "device", [found], str(id))
    return told


@routes.post("/devices/{id}/downlinks", status=201)
def ask(call: Call, id: Id, body: NewDownlink) -> Downlink:
    """Ask for a downlink. It is durable when this answers, and leaves once approved, where that is asked."""
    plain, _ = _plain(call, id, body)
    with call.writing() as tx:
        return asking.ask(call.scope, tx, id, body, plain, now=call.now)


@routes.post("/devices/{id}/downlinks/preview")
def preview(call: Call, id: Id, body: NewDownlink) -> Preview:
    """What a downlink would send, and by which connection; nothing is."""
    plain, warnings = _plain(call, id, body)
    with call.reading() as tx:
        device = asking.operated(call.scope, tx, id)
        through = asking.connection_for(call.scope, tx, device, body.connection)
        approval = asking.needs_approval(tx, device)
    return Preview(
        payload=plain.payload.hex(),
        port=plain.port,
        connection=through.key,
        connection_name=through.name,
        approval=approval,
        warnings=warnings,
    )


@routes.get("/downlinks")
def list_downlinks(call: Call, query: DownlinkQuery) -> Page[Downlink]:
    """Those of the devices that the caller sees: `state=awaiting-approval` is what waits for someone."""
    with call.reading() as tx:
        return asking.find(call.scope, tx, query)


@routes.get("/downlinks/{key}")
def one_downlink(call: Call, key: str) -> Downlink:
    """One, with its history."""
    with call.reading() as tx:
        return asking.get(call.scope, tx, key)


@routes.post("/downlinks/{key}/approve")
def approve(call: Call, key: str) -> Downlink:
    """Agree that it leaves. By a person who may operate the device, and did not ask for it."""
    with call.writing() as tx:
        return asking.approve(call.scope, tx, key, now=call.now)


@routes.post("/downlinks/{key}/refuse")
def refuse(call: Call, key: str, body: Refusing) -> Downlink:
    """Disagree, saying why."""
    with call.writing() as tx:
        return asking.refuse(call.scope, tx, key, body.reason, now=call.now)


@routes.post("/downlinks/{key}/cancel")
def cancel(call: Call, key: str) -> Downlink:
    """Take it back, while its network does not have it."""
    with call.writing() as tx:
        return asking.cancel(call.scope, tx, key, now=call.now)


@routes.get("/downlink-approvals")
def approvals(call: Call) -> Approvals:
    """Of which kinds of assets and device models a downlink needs a second person."""
    with call.reading() as tx:
        return asking.approvals(tx)


@routes.put("/downlink-approvals")
def set_approvals(call: Call, body: Approvals) -> Approvals:
    """Say of which, all of them. For the instance's administrators."""
    with call.writing() as tx:
        return asking.set_approvals(call.scope, tx, body, now=call.now)


def _plain(call: Call, id_: int, new: NewDownlink) -> tuple[Plain, list[str]]:
    """The bytes, encoded by the model's codec where a command is given, and what the codec warns of."""
    with call.reading() as tx:
        device = asking.operated(call.scope, tx, id_)
        if new.command is not None and new.payload is None:
            codec = _codec(tx, device)
    if new.command is None and new.payload is not None:
        if new.port is None:
            raise Invalid("port", Text("sur quel port ?", "on which port?"))
        return Plain(bytes.fromhex(new.payload), new.port), []
    if new.command is None or new.payload is not None:
        raise Invalid(
            "payload", Text("donner payload ou command, l'un des deux", "give payload or command, one of them")
        )
    return _encoded(call, codec, new.command, new.port)


def _codec(tx: Transaction, device: Device) -> CodecRef:
    try:
        if device.model is None:
            raise NotFound(Text("modèle", "model"), device.code)
        stored = model_codecs.codec_of(tx, device.model)
    except NotFound as error:
        said = Text("le modèle de cet appareil n'a pas de codec", "this device's model has no codec")
        raise Invalid("command", said) from error
    return CodecRef("", stored.hash, stored.source, stored.form)


def _encoded(call: Call, codec: CodecRef, command: Any, port: int | None) -> tuple[Plain, list[str]]:
    request = Request(codec, port=port, routine="encodeDownlink", data=command)
    made = call.rooms.codecs.encode_many([request])[0]
    why = made.error or (Text(told := "; ".join(made.errors), told) if made.errors else None)
    if why is not None:
        raise Invalid.of([Fault("command", why)])
    chosen = port if made.port is None else made.port
    if chosen is None or chosen not in PORTS:
        said = Text(
            "le codec ne dit aucun port de 1 à 223 : donnez-le", "the codec tells no port from 1 to 223: give it"
        )
        raise Invalid.of([Fault("port", said)])
    return Plain(made.bytes, chosen), made.warnings
