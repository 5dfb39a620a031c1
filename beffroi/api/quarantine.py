"""What could not be taken of files: seen, tried again, given up."""

from typing import Annotated

import msgspec

from beffroi.api.registry import Id, noted
from beffroi.api.routing import Call, Routes
from beffroi.database import Page
from beffroi.pipeline import files, quarantine
from beffroi.pipeline.files import Replayed
from beffroi.pipeline.quarantine import Quarantined, QuarantineQuery

routes = Routes(
    "quarantine", "Cells and rows of files that could not be taken, with the reason, until they are mended."
)

Toml = Annotated[str, msgspec.Meta(description="The mended mapping, in TOML; the one first used when not said.")]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]


class Retry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What has been mended: the mapping, the cell, both, or what they lacked (a series made since)."""

    mapping: Toml | None = None
    value: Annotated[str, msgspec.Meta(max_length=2000, description="What the cell should have said.")] | None = None


class RetryAll(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`source`: as the items name it, one reading of one file."""

    source: Id
    mapping: Toml | None = None


class Discard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Line


@routes.get("/quarantine")
def list_quarantine(call: Call, query: QuarantineQuery) -> Page[Quarantined]:
    """What could not be taken in the collectivités that the caller reads."""
    with call.reading() as tx:
        page = quarantine.find(call.scope, tx, query)
    noted(call, "quarantine", page.items)
    return page


@routes.post("/quarantine/replay")
def replay_all(call: Call, body: RetryAll) -> Replayed:
    """Try again all that waits of one reading of a file."""
    rooms = call.rooms
    return files.replay_all(call.scope, rooms.database, rooms.pipeline, body.source, mapping=body.mapping, now=call.now)


@routes.get("/quarantine/{id}")
def one_quarantined(call: Call, id: Id) -> Quarantined:
    """One of them."""
    with call.reading() as tx:
        found = quarantine.get(call.scope, tx, id)
    noted(call, "quarantine", [found], str(id))
    return found


@routes.post("/quarantine/{id}/replay")
def replay(call: Call, id: Id, body: Retry) -> Replayed:
    """Try one again; 422 with the reason when it still cannot be taken."""
    rooms = call.rooms
    return files.replay(
        call.scope, rooms.database, rooms.pipeline, id, mapping=body.mapping, value=body.value, now=call.now
    )


@routes.post("/quarantine/{id}/discard")
def discard(call: Call, id: Id, body: Discard) -> Quarantined:
    """Give one up, saying why; it stays in the list, discarded."""
    with call.writing() as tx:
        return quarantine.discard(call.scope, tx, id, body.reason, now=call.now)
