"""What the resources of access share: whoever reads an administration's affairs is noted."""

from beffroi.access import Right
from beffroi.api.routing import Call


def noted(call: Call, noun: str, collectivity: str | None) -> None:
    """Note that a list was read: that of one collectivité, or of all those that the caller administers."""
    owners = [collectivity] if collectivity else sorted(call.scope.owners(Right.ADMINISTER))
    for owner in owners:
        call.rooms.views.note(call.scope, f"{noun}.read", owner, "list", call.now)
