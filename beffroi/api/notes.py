"""Notes on assets and devices: /assets/{id}/notes, /devices/{id}/notes."""

from beffroi.api.registry import Id
from beffroi.api.routing import Call, Routes
from beffroi.registry import notes
from beffroi.registry.notes import NewNote, Note, Noted

routes = Routes("notes", "What colleagues wrote of an asset or a device, with who and when.")


@routes.get("/assets/{id}/notes")
def of_asset(call: Call, id: Id) -> list[Note]:
    """Notes on an asset, the newest first."""
    return _of(call, "asset", id)


@routes.get("/devices/{id}/notes")
def of_device(call: Call, id: Id) -> list[Note]:
    """Notes on a device, the newest first."""
    return _of(call, "device", id)


@routes.post("/assets/{id}/notes", status=201)
def write_on_asset(call: Call, id: Id, body: NewNote) -> Note:
    """Write a note on an asset."""
    return _write(call, "asset", id, body)


@routes.post("/devices/{id}/notes", status=201)
def write_on_device(call: Call, id: Id, body: NewNote) -> Note:
    """Write a note on a device."""
    return _write(call, "device", id, body)


@routes.delete("/assets/{id}/notes/{note}")
def remove_from_asset(call: Call, id: Id, note: Id) -> None:
    """Remove a note: its author, or an administrator of the owner."""
    _remove(call, "asset", id, note)


@routes.delete("/devices/{id}/notes/{note}")
def remove_from_device(call: Call, id: Id, note: Id) -> None:
    """Remove a note: its author, or an administrator of the owner."""
    _remove(call, "device", id, note)


def _of(call: Call, type_: Noted, id_: int) -> list[Note]:
    with call.reading() as tx:
        return notes.of(call.scope, tx, type_, id_)


def _write(call: Call, type_: Noted, id_: int, new: NewNote) -> Note:
    with call.rooms.database.write() as tx:
        return notes.write(call.scope, tx, type_, id_, new, now=call.now)


def _remove(call: Call, type_: Noted, id_: int, note: int) -> None:
    with call.rooms.database.write() as tx:
        notes.remove(call.scope, tx, type_, id_, note, now=call.now)
