"""A ChirpStack v4 server through its API: /connections/…/chirpstack, /device-keys."""

from typing import Annotated

import msgspec
from starlette.responses import Response

from beffroi.access import Right, audit
from beffroi.acquisition import connections
from beffroi.acquisition.chirpstack import declaring, keys
from beffroi.acquisition.chirpstack.declaring import Compared, Declared, Declaring
from beffroi.acquisition.chirpstack.keys import KeysKept, KeysOf
from beffroi.api.progressing import answered
from beffroi.api.routing import Call, Routes
from beffroi.observations import Progress
from beffroi.registry.fields import Name

routes = Routes("chirpstack", "Devices declared in a ChirpStack server from the registry, and compared with it.")

SomeKeys = Annotated[list[KeysOf], msgspec.Meta(min_length=1, max_length=10_000)]


class ComparedQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    application: Name = "Beffroi"


@routes.post("/connections/{key}/chirpstack/devices", answer=Declared)
async def declare(call: Call, key: str, body: Declaring) -> Response:
    """Declare devices there: the application, the profiles, the devices and their keys, where they are lacking.

    With `dry_run`, which is so unless said otherwise, it only tells what would be done.
    With `Accept: application/x-ndjson`, lines of progress come before the answer."""
    return await answered(call.request, lambda progress: _declared(call, key, body, progress))


@routes.get("/connections/{key}/chirpstack/comparison")
def compare(call: Call, key: str, query: ComparedQuery) -> Compared:
    """What the server holds beside what the registry says: lacking on either side, or differing."""
    asked = Declaring(application=query.application)
    with call.reading() as tx:
        site = declaring.site_of(call.scope, tx, call.rooms.outward, call.rooms.sealing, key)
        prepared = declaring.plan(call.scope, tx, site, asked, call.rooms.sealing)
    return declaring.compare(call.scope, prepared, query.application)


@routes.put("/device-keys")
def keep(call: Call, body: SomeKeys) -> KeysKept:
    """Keep the root keys of LoRaWAN devices, encrypted; they are never shown again, only handed to a network."""
    with call.writing() as tx:
        return keys.keep(call.scope, tx, body, call.rooms.sealing, now=call.now)


def _declared(call: Call, key: str, body: Declaring, progress: Progress) -> Declared:
    with call.reading() as tx:
        site = declaring.site_of(call.scope, tx, call.rooms.outward, call.rooms.sealing, key)
        prepared = declaring.plan(call.scope, tx, site, body, call.rooms.sealing)
    told = declaring.declare(call.scope, prepared, body, progress)
    if not body.dry_run:
        with call.rooms.database.write() as tx:
            found = connections.get(call.scope, tx, key, Right.OPERATE)
            detail = {"application": body.application, "devices": sum(one.done for one in told.outcomes)}
            audit.record(
                call.scope, tx, "chirpstack.declare", now=call.now, owner=found.owner, subject=key, detail=detail
            )
    return told
