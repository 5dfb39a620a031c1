"""Many devices or assets changed or moved in one go, and back: /bulk-changes."""

import msgspec

from beffroi.access.inputs import Key
from beffroi.api.routing import Call, Routes
from beffroi.registry import bulk
from beffroi.registry.bulk import BulkAsked, State

routes = Routes("bulk-changes", "Many devices or assets changed or moved in one go, tried first, undone after.")


class BecameOf(msgspec.Struct, frozen=True, omit_defaults=True):
    """Of one thing. `proposed`: its receiver has to accept. `why`: it was refused. What the caller may not see has no
    name."""

    id: int
    state: State
    name: str = ""
    owner: str = ""
    why: str | None = None


class BulkOutcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """`key`: by which it is undone; none when nothing was kept."""

    items: list[BecameOf]
    key: str | None = None


@routes.post("/bulk-changes", status=200)
def apply(call: Call, body: BulkAsked) -> BulkOutcome:
    """Change or move each as by itself: one that is refused keeps no other from it. A dry run keeps nothing."""
    with call.writing() as tx:
        return _told(call, bulk.apply(call.scope, tx, body, now=call.now))


@routes.post("/bulk-changes/{key}/undoing", status=200)
def undo(call: Call, key: Key) -> BulkOutcome:
    """Put back what one's change did, but for what changed since."""
    with call.writing() as tx:
        return _told(call, bulk.undo(call.scope, tx, key, now=call.now))


def _told(call: Call, outcome: bulk.Outcome) -> BulkOutcome:
    items = [
        BecameOf(one.id, one.state, one.name, one.owner, one.why and one.why.said(call.language))
        for one in outcome.items
    ]
    return BulkOutcome(items, outcome.key)
