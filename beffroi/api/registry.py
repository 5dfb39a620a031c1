"""What the resources of the registry share: who saw what is noted, and lists are given as files too."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from msgspec import Meta
from starlette.responses import Response

from beffroi.api.negotiation import accepted
from beffroi.api.routing import JSON, Call
from beffroi.database import Page
from beffroi.registry import exports, sheets
from beffroi.registry.columns import SheetNoun

Id = Annotated[int, Meta(ge=1, le=2**53)]
FORMATS = (JSON, sheets.CSV, sheets.XLSX)
"""of lists; a file holds the whole list unless a `limit` is asked"""
SUFFIX = {sheets.CSV: "csv", sheets.XLSX: "xlsx"}


def noted(call: Call, noun: str, things: Iterable[Any], subject: str = "list") -> None:
    """Note in the audit trail that the owners' things were seen; `subject` is the id of the only one."""
    for owner in sorted({one.owner for one in things if hasattr(one, "owner")}):
        call.rooms.views.note(call.scope, f"{noun}.read", owner, subject, call.now)


def listed(
    call: Call, sheet: SheetNoun, noun: str, query: Any, find: Callable[..., Page[Any]], every: Callable[..., Any]
) -> Page[Any] | Response:
    """A page as JSON or, as `Accept` prefers, a file that /imports takes back; the reading noted."""
    media = accepted(call.request, FORMATS)
    with call.reading() as tx:
        whole = media != JSON and query.limit is None
        page = Page(list(every(call.scope, tx, query))) if whole else find(call.scope, tx, query)
        content = b"" if media == JSON else exports.dump(call.scope, tx, sheet, page.items, media)
    noted(call, noun, page.items)
    if media == JSON:
        return page
    name = f"attachment; filename={sheet}.{SUFFIX[media]}"
    return Response(content, media_type=media, headers={"Content-Disposition": name})
