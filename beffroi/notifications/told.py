"""What each person was told: written once for an event, read, marked as read, forgotten after some months."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import delete, func, insert, select, update

from beffroi.access import Actor, Right, Scope, people, roles
from beffroi.access.roles import RIGHTS
from beffroi.access.tables import person, role
from beffroi.database import Page, Transaction, struct_of
from beffroi.database.paging import cursor
from beffroi.errors import Language, Text
from beffroi.notifications import manners
from beffroi.notifications.kinds import KINDS, Kind, visible
from beffroi.notifications.tables import notification, notification_cursor

KEPT = timedelta(days=90)
"""that a notification stays, read or not"""
USUAL = 50
Limit = Annotated[int, Meta(ge=1, le=1000)]
Outcome = Literal["sent", "refused", "none"]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened at `owner`'s. `mark`: the same for the same event, whoever looks and however often.
    `people`: for them alone, where there are some; `by`: who did it, and knows. `link`: a path of the console."""

    kind: Kind
    mark: str
    owner: str | None
    at: datetime
    said: Text
    link: str
    people: tuple[str, ...] = ()
    by: str = ""


class Notification(msgspec.Struct, frozen=True, omit_defaults=True):
    """`link`: where in the console what it tells of is."""

    id: int
    kind: Kind
    at: datetime
    text: str
    link: str
    owner: str | None = None
    read_at: datetime | None = None


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    unread: bool = False
    after: str | None = None
    limit: Limit | None = None


class Waiting(msgspec.Struct, frozen=True):
    """What one person is to be mailed; `scope`: what it may see now."""

    person: people.Person
    scope: Scope
    notifications: list[Notification]
    hidden: int
    """that it may see no more"""


def put(tx: Transaction, events: Iterable[Event], *, mails: bool) -> int:
    """Tell whoever wants to know and may; how many were told. An event that was told is not told again. `mails`:
    whether e-mails can leave."""
    count = 0
    for event in events:
        for who in sorted(_concerned(tx, event)):
            way = manners.get(tx, who).way(event.kind)
            mine = (notification.c.person == who, notification.c.mark == event.mark)
            if way == "none" or tx.execute(select(notification.c.id).where(*mine)).first():
                continue
            row = {name: getattr(event, name) for name in ("kind", "mark", "owner", "at", "link")}
            mail = "waiting" if way == "email" and mails else "none"
            row |= {"person": who, "fr": event.said.fr, "en": event.said.en, "mail": mail}
            tx.execute(insert(notification).values(row))
            count += 1
    return count


def find(scope: Scope, tx: Transaction, question: Question, language: Language) -> Page[Notification]:
    """The person's own, newest first."""
    wanted = [visible(scope)]
    if question.unread:
        wanted.append(notification.c.read_at.is_(None))
    if question.after is not None:
        wanted.append(notification.c.id < cursor(question.after, notification.c.id))
    limit = question.limit or USUAL
    rows = _read(tx, wanted, language, limit + 1)
    return Page(rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None)


def unread(scope: Scope, tx: Transaction) -> int:
    asked = select(func.count()).select_from(notification)
    return int(tx.execute(asked.where(visible(scope), notification.c.read_at.is_(None))).scalar_one())


def read(scope: Scope, tx: Transaction, ids: Sequence[int] | None, *, now: datetime) -> None:
    """The person has seen these, or all; those of others are left alone."""
    mine = [visible(scope), notification.c.read_at.is_(None)]
    if ids is not None:
        mine.append(notification.c.id.in_(ids))
    tx.execute(update(notification).where(*mine).values(read_at=now))


def waiting(tx: Transaction) -> list[Waiting]:
    """What is to be mailed, by person; nothing of what a person may see no more."""
    keys = tx.execute(select(notification.c.person).where(notification.c.mail == "waiting").distinct()).scalars().all()
    found = []
    for key in keys:
        who = people.get(tx, key)
        scope = Scope(Actor("person", key, who.name), roles.of_person(tx, key))
        waits = (notification.c.person == key, notification.c.mail == "waiting")
        its = [] if who.disabled else _read(tx, [visible(scope), *waits], who.language, None)
        count = tx.execute(select(func.count()).select_from(notification).where(*waits)).scalar_one()
        found.append(Waiting(who, scope, its[::-1], int(count) - len(its)))
    return found


def mailed(tx: Transaction, ids: Sequence[int], outcome: Outcome) -> None:
    tx.execute(update(notification).where(notification.c.id.in_(ids)).values(mail=outcome))


def withdraw(tx: Transaction, key: str, but: Sequence[int]) -> None:
    """What waits for a person and may not reach it any more."""
    gone = (notification.c.person == key, notification.c.mail == "waiting", notification.c.id.not_in(but))
    tx.execute(update(notification).where(*gone).values(mail="none"))


def forget(tx: Transaction, *, now: datetime) -> None:
    tx.execute(delete(notification).where(notification.c.at < now - KEPT))


def seen_up_to(tx: Transaction, source: str) -> Any:
    """Where the last look at a source ended, as it was noted; None before the first."""
    asked = select(notification_cursor.c.told).where(notification_cursor.c.source == source)
    return tx.execute(asked).scalar()


def note(tx: Transaction, source: str, told: Any) -> None:
    tx.execute(delete(notification_cursor).where(notification_cursor.c.source == source))
    tx.execute(insert(notification_cursor).values(source=source, told=told))


def _concerned(tx: Transaction, event: Event) -> set[str]:
    """Whom it may be told: by a role in its owner, accounts that are closed left out."""
    open_ = select(person.c.key).where(person.c.disabled.is_(False), person.c.key != event.by)
    if event.people:
        open_ = open_.where(person.c.key.in_(event.people))
    if event.owner is not None:
        enough = [name for name, right in RIGHTS.items() if right >= _needed(event)]
        held = select(role.c.person).where(role.c.collectivity == event.owner, role.c.role.in_(enough))
        open_ = open_.where(person.c.key.in_(held))
    elif not event.people:
        return set()
    return set(tx.execute(open_).scalars())


def _needed(event: Event) -> Right:
    return KINDS[event.kind]


def _read(tx: Transaction, wanted: list[Any], language: Language, limit: int | None) -> list[Notification]:
    columns = [notification.c[name] for name in Notification.__struct_fields__ if name != "text"]
    asked = select(*columns, notification.c[language].label("text")).where(*wanted)
    rows = tx.execute(asked.order_by(notification.c.id.desc()).limit(limit)).mappings()
    return [struct_of(row, Notification) for row in rows]
