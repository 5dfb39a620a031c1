"""What the resources of the registry share: who saw what is noted, and lists are given as tables too."""

from collections.abc import Iterable
from typing import Annotated, Any

from msgspec import Meta

from beffroi.api.routing import Call

Id = Annotated[int, Meta(ge=1, le=2**53)]


def noted(call: Call, noun: str, things: Iterable[Any], subject: str = "list") -> None:
    """Note in the audit trail that the owners' things were seen; `subject` is the id of the only one."""
    for owner in sorted({one.owner for one in things}):
        call.rooms.views.note(call.scope, f"{noun}.read", owner, subject, call.now)
