"""The audit trail: /audit."""

from collections.abc import Iterator
from typing import Any

import msgspec
from starlette.responses import Response, StreamingResponse

from beffroi.access import Right, audit
from beffroi.access.audit import Broken, Line, Question
from beffroi.api.negotiation import accepted
from beffroi.api.routing import JSON, Call, Routes
from beffroi.database import Page
from beffroi.registry import sheets

routes = Routes("audit", "Who did and saw what, in a trail that nobody can change without its being found.")


PIECE = 1000
"""lines of a file that are read at a time"""


class Verification(msgspec.Struct, frozen=True):
    """`head` is the last line's hash: noted elsewhere, it also proves later that nothing was put back in time."""

    whole: bool
    rows: int
    head: str
    broken: list[Broken]


@routes.get("/audit", produces=(JSON, sheets.CSV), answer=Page[Line])
def lines(call: Call, query: Question) -> Page[Line] | Response:
    """One's own deeds, those on what one administers and, for the instance's administrators, on the instance itself.

    Newest first. `action` is the beginning of the word: `role.` finds `role.grant` and `role.withdraw`. As CSV, all
    that is asked, unless a `limit` is.
    """
    if accepted(call.request, (JSON, sheets.CSV)) == JSON:
        return _page(call, query)
    rows = ([_row(line) for line in page.items] for page in _pages(call, query))
    name = {"Content-Disposition": "attachment; filename=audit.csv"}
    return StreamingResponse(sheets.pieces(Line.__struct_fields__, rows), media_type=sheets.CSV, headers=name)


def _page(call: Call, query: Question) -> Page[Line]:
    with call.reading() as tx:
        page = audit.find(call.scope, tx, query)
    for owner in sorted({line.owner for line in page.items if line.owner}):
        call.rooms.views.note(call.scope, "audit.read", owner, "list", call.now)
    return page


def _pages(call: Call, query: Question) -> Iterator[Page[Line]]:
    page = _page(call, msgspec.structs.replace(query, limit=query.limit or PIECE))
    yield page
    while page.next is not None and query.limit is None:
        page = _page(call, msgspec.structs.replace(query, limit=PIECE, after=page.next))
        yield page


def _row(line: Line) -> list[sheets.Cell]:
    told: dict[str, Any] = msgspec.to_builtins(line)
    told["detail"] = msgspec.json.encode(line.detail).decode() if line.detail else None
    return [told.get(name) for name in Line.__struct_fields__]


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
