"""Receipts of deletions: /deletions."""

import msgspec

from beffroi.access import receipts
from beffroi.access.inputs import Key
from beffroi.access.receipts import DeletionQuery, Receipt, Summary
from beffroi.api.administration import noted
from beffroi.api.routing import Call, Routes
from beffroi.database import Page

routes = Routes(
    "deletions", "Receipts of what was removed: by whom, when, of which series, and when it was truly gone."
)


class ReceiptVerification(msgspec.Struct, frozen=True):
    """`whole`: every seal holds, and the audit trail tells of the same steps."""

    whole: bool
    faults: list[str]


@routes.get("/deletions")
def list_deletions(call: Call, query: DeletionQuery) -> Page[Summary]:
    """On request and by rules, in the collectivités that the caller administers."""
    with call.reading() as tx:
        page = receipts.find(call.scope, tx, query)
    noted(call, "deletion", query.collectivity)
    return page


@routes.get("/deletions/{key}")
def deletion(call: Call, key: Key) -> Receipt:
    """The whole receipt, to be kept elsewhere: series as they were called, files before and after, each step sealed.

    For the administrators of the collectivité whose observations they were.
    """
    with call.reading() as tx:
        found = receipts.get(call.scope, tx, key)
    call.rooms.views.note(call.scope, "deletion.read", found.owner, key, call.now)
    return found


@routes.get("/deletions/{key}/verification")
def verification(call: Call, key: Key) -> ReceiptVerification:
    """Whether the receipt is as it was sealed."""
    with call.reading() as tx:
        found = receipts.faults(tx, receipts.get(call.scope, tx, key))
    return ReceiptVerification(not found, found)
