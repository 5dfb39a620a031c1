"""Backups, made by the running instance for those who administer it."""

import re
from datetime import datetime
from typing import Annotated

import msgspec

from beffroi.access import audit
from beffroi.api.routing import Call, Routes
from beffroi.errors import Invalid, Text
from beffroi.pipeline import backup

routes = Routes("backups", "Copies of the whole instance, made while it runs; restored by `beffroi restore`.")

FOLDER = "backups"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class NewBackup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(description="Letters, digits, `.`, `_` and `-`; a folder of the instance.")]


class MadeBackup(msgspec.Struct, frozen=True):
    """`bytes` over `files` files, in the folder `backups/<name>` of the instance's data."""

    name: str
    made_at: datetime
    files: int
    bytes: int


@routes.post("/backups", status=201)
def make(call: Call, body: NewBackup) -> MadeBackup:
    """Copy everything while the instance goes on.

    The copy appears under its name only once it is whole. For administrators of the structure.
    """
    call.scope.require_instance()
    if not NAME.fullmatch(body.name) or body.name.endswith(".partial"):
        raise Invalid("name", Text("lettres, chiffres, «.», «_» et «-» seulement", "letters, digits, . _ - only"))
    with call.writing() as tx:
        audit.record(call.scope, tx, "instance.backup", owner=None, subject=body.name, detail={}, now=call.now)
    rooms = call.rooms
    made = backup.back_up(rooms.database, rooms.record, rooms.data, rooms.data / FOLDER / body.name, now=call.now)
    backup.write_register(rooms.database, rooms.data / FOLDER)
    return MadeBackup(body.name, made.made_at, len(made.files), made.size)
