"""What one may be told of, and who: a notification goes no further than what the person may see."""

from typing import Literal

from sqlalchemy import ColumnElement, and_, or_

from beffroi.access import Right, Scope
from beffroi.notifications.tables import notification

Kind = Literal["silence", "connection", "quarantine", "agreement", "move", "computation", "import"]

KINDS: dict[Kind, Right] = {
    "silence": Right.READ,
    "connection": Right.OPERATE,
    "quarantine": Right.OPERATE,
    "agreement": Right.ADMINISTER,
    "move": Right.ADMINISTER,
    "computation": Right.READ,
    "import": Right.READ,
}
"""The right in the collectivité whose thing it is; what was asked by the person itself is its own."""


def visible(scope: Scope) -> ColumnElement[bool]:
    """The person's notifications about what it may see today: a right that is lost takes what it gave with it."""
    mine = notification.c.person == scope.actor.key
    allowed = (
        and_(notification.c.kind.in_(kinds), notification.c.owner.in_(scope.owners(right)))
        for right, kinds in _by_right().items()
    )
    return and_(mine, or_(notification.c.owner.is_(None), *allowed))


def _by_right() -> dict[Right, list[Kind]]:
    return {right: [kind for kind, needed in KINDS.items() if needed is right] for right in set(KINDS.values())}
