"""What the person signed in was told, and how it wants to be: /notifications, /me/notifications."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from beffroi.api.routing import Call, Routes
from beffroi.api.session import myself
from beffroi.database import Page
from beffroi.notifications import manners, told
from beffroi.notifications.manners import Manner
from beffroi.notifications.told import Notification, Question

routes = Routes("notifications", "What one is told of, in the console and by e-mail.")


class Unread(msgspec.Struct, frozen=True):
    unread: int


class WereRead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`ids`: of those that were seen; all without them."""

    ids: Annotated[list[int], Meta(max_length=1000)] | None = None


class Telling(msgspec.Struct, frozen=True, omit_defaults=True):
    """`mail`: whether this instance has a server for e-mails. `trouble`: what that server last answered, when it took
    none."""

    manner: Manner
    mail: Literal["ready", "unset"]
    trouble: str | None = None


@routes.get("/notifications")
def list_notifications(call: Call, query: Question) -> Page[Notification]:
    """One's own, newest first, of the last 90 days; nothing of what one may not see any more."""
    myself(call)
    with call.reading() as tx:
        return told.find(call.scope, tx, query, call.language)


@routes.get("/notifications/count")
def count(call: Call) -> Unread:
    """How many were not read."""
    myself(call)
    with call.reading() as tx:
        return Unread(told.unread(call.scope, tx))


@routes.post("/notifications/reading", status=200)
def read(call: Call, body: WereRead) -> Unread:
    """Mark as read; how many are left."""
    myself(call)
    with call.rooms.database.write() as tx:
        told.read(call.scope, tx, body.ids, now=call.now)
        return Unread(told.unread(call.scope, tx))


@routes.get("/me/notifications")
def manner(call: Call) -> Telling:
    """Of what one is told, where and when."""
    key = myself(call)
    with call.reading() as tx:
        return _told(call, manners.get(tx, key))


@routes.put("/me/notifications", status=200)
def set_manner(call: Call, body: Manner) -> Telling:
    """Choose it. A kind that is left out is shown in the console and not mailed."""
    key = myself(call)
    with call.rooms.database.write() as tx:
        return _told(call, manners.put(tx, key, body))


def _told(call: Call, chosen: Manner) -> Telling:
    notifying = call.rooms.notifying
    return Telling(chosen, "ready" if notifying.mails else "unset", notifying.trouble)
