"""Failures of devices: /pooling/failures."""

import msgspec

from beffroi.api.routing import Call, Routes
from beffroi.pooling import failures
from beffroi.pooling.failures import FailureList, FailureQuery, NewFailure
from beffroi.registry.fields import ThingId

routes = Routes("failures", "Failures of devices as people record them, and silences to be looked at.")


class FailureRecorded(msgspec.Struct, frozen=True):
    id: int


@routes.get("/pooling/failures")
def list_failures(call: Call, query: FailureQuery) -> FailureList:
    """Failures of the devices that the caller sees, the newest first; and those that have been silent for long."""
    with call.reading() as tx:
        return failures.find(call.scope, tx, call.rooms.ward, query, now=call.now)


@routes.post("/pooling/failures", status=201)
def record(call: Call, body: NewFailure) -> FailureRecorded:
    """Record a failure: its day, its cause, what was replaced. For whoever operates the device."""
    with call.rooms.database.write() as tx:
        return FailureRecorded(failures.record(call.scope, tx, body, now=call.now))


@routes.put("/pooling/failures/{id}", status=204)
def amend(call: Call, id: ThingId, body: NewFailure) -> None:
    """Say a failure anew: mostly that it is over, and how."""
    with call.rooms.database.write() as tx:
        failures.amend(call.scope, tx, id, body, now=call.now)


@routes.post("/pooling/failures/{id}/withdrawal", status=204)
def withdraw(call: Call, id: ThingId) -> None:
    """A failure recorded by mistake stays in sight and counts no more."""
    with call.rooms.database.write() as tx:
        failures.withdraw(call.scope, tx, id, now=call.now)
