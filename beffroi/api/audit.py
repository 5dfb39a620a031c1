"""The audit trail: /audit."""

import msgspec

from beffroi.access import Right, audit
from beffroi.access.audit import Broken, Line, Question
from beffroi.api.routing import Call, Routes
from beffroi.database import Page

routes = Routes("audit", "Who did and saw what, in a trail that nobody can change without its being found.")


class Verification(msgspec.Struct, frozen=True):
    """`head` is the last line's hash: noted elsewhere, it also proves later that nothing was put back in time."""

    whole: bool
    rows: int
    head: str
    broken: list[Broken]


@routes.get("/audit")
def lines(call: Call, query: Question) -> Page[Line]:
    """One's own deeds, those on what one administers and, for the instance's administrators, on the instance itself.

    Newest first. `action` is the beginning of the word: `role.` finds `role.grant` and `role.withdraw`.
    """
    with call.reading() as tx:
        page = audit.find(call.scope, tx, query)
    for owner in sorted({line.owner for line in page.items if line.owner}):
        call.rooms.views.note(call.scope, "audit.read", owner, "list", call.now)
    return page


@routes.get("/audit/verification")
def verification(call: Call) -> Verification:
    """Walk the whole trail and say where it does not hold.

    For every administrator: a member may check whoever operates its platform. Nothing of the lines is told but
    their numbers.
    """
    if not call.scope.owners(Right.ADMINISTER):
        call.scope.require_instance()
    with call.reading() as tx:
        found = audit.verify(tx, call.rooms.audit_secret)
    call.rooms.views.note(call.scope, "audit.verify", None, "trail", call.now)
    return Verification(found.whole, found.rows, found.head, found.broken)
