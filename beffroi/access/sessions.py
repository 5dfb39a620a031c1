"""Sessions of people, and the one-time links that open one."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from sqlalchemy import delete, insert, select

from beffroi.access import audit, people, roles
from beffroi.access.credentials import digest, new_token
from beffroi.access.scope import Actor, Right, Scope
from beffroi.access.tables import session, sign_in_link
from beffroi.database import Page, Transaction, new_key, page_of, struct_of
from beffroi.errors import Conflict, Forbidden, NotFound, Text, Unauthenticated

LIFE = timedelta(days=30)
"""a session ends then, whatever happens"""
IDLE = timedelta(hours=12)
"""a session ends when nothing was asked through it for so long"""
LINK_LIFE = timedelta(hours=1)

Opening = Literal["password", "link", "invitation"]


class Session(msgspec.Struct, frozen=True):
    """Where a person is signed in. `seen` is known to the minute."""

    key: str
    person: str
    opened_by: Opening
    address: str
    agent: str
    created: datetime
    seen: datetime
    expires: datetime


class Caller(msgspec.Struct, frozen=True):
    """Where a sign-in comes from: shown to the person in its list of sessions, and what limits count by."""

    address: str = ""
    agent: str = ""


class Opened(msgspec.Struct, frozen=True):
    """A session just opened. `token` goes to the browser and is kept nowhere."""

    token: str
    session: Session
    person: people.Person


class Link(msgspec.Struct, frozen=True):
    """`token` is told this once, and opens one session."""

    token: str
    expires: datetime


COLUMNS = [session.c[name] for name in Session.__struct_fields__]


def actor_of(person: people.Person) -> Actor:
    return Actor("person", person.key, person.name)


def make_link(tx: Transaction, person: str, now: datetime, *, lifetime: timedelta = LINK_LIFE) -> str:
    """A one-time sign-in token for the person of that key, in place of any waiting one; kept hashed."""
    people.get(tx, person)
    token = new_token()
    tx.execute(delete(sign_in_link).where(sign_in_link.c.person == person))
    tx.execute(insert(sign_in_link).values(token_hash=digest(token), person=person, expires=now + lifetime))
    return token


def give_link(scope: Scope, tx: Transaction, person: str, *, now: datetime) -> Link:
    """A one-time link that an administrator hands to one of its people.

    Whoever holds it acts as that person: `Forbidden` unless the actor administers every collectivité where the person
    has a role, so that nobody reaches another collectivité, or the instance, by borrowing someone's account.
    """
    who = _reached(scope, tx, person)
    if who.disabled:
        raise Conflict(Text("Ce compte est fermé.", "This account is closed."))
    token = make_link(tx, who.key, now)
    for owner in sorted(roles.of_person(tx, who.key)):
        audit.record(scope, tx, "session.link", owner=owner, subject=who.key, now=now)
    return Link(token, now + LINK_LIFE)


def use_link(tx: Transaction, token: str, caller: Caller, now: datetime) -> Opened:
    """Opens a session with a one-time link, which then opens nothing any more."""
    where = sign_in_link.c.token_hash == digest(token)
    link = tx.execute(select(sign_in_link).where(where)).one_or_none()
    if link is None or now >= link.expires or (person := people.get(tx, link.person)).disabled:
        raise link_refused()
    if tx.execute(delete(sign_in_link).where(where)).rowcount == 0:
        raise link_refused()
    return open_(tx, person, "link", caller, now)


def open_(tx: Transaction, person: people.Person, opened_by: Opening, caller: Caller, now: datetime) -> Opened:
    """Opens a session; forgets those of the person that are over."""
    over = (session.c.expires <= now) | (session.c.seen <= now - IDLE)
    tx.execute(delete(session).where(session.c.person == person.key, over))
    token = new_token()
    opened = Session(new_key("ses"), person.key, opened_by, caller.address, caller.agent[:200], now, now, now + LIFE)
    tx.execute(insert(session).values(**msgspec.structs.asdict(opened), token_hash=digest(token)))
    scope = Scope(actor=actor_of(person))
    audit.record(
        scope, tx, "session.open", subject=opened.key, detail={"by": opened_by, "from": caller.address}, now=now
    )
    return Opened(token, opened, person)


def by_token(tx: Transaction, token: str) -> Session | None:
    row = tx.execute(select(*COLUMNS).where(session.c.token_hash == digest(token))).mappings().one_or_none()
    return None if row is None else struct_of(row, Session)


def find(scope: Scope, tx: Transaction, *, now: datetime, after: str | None = None, limit: int = 100) -> Page[Session]:
    """The actor's own open sessions."""
    statement = select(*COLUMNS).where(
        session.c.person == _self(scope), session.c.expires > now, session.c.seen > now - IDLE
    )
    return page_of(tx, statement, Session, key=session.c.key, after=after, limit=limit)


def end(scope: Scope, tx: Transaction, key: str, *, now: datetime) -> None:
    """Ends one of the actor's own sessions; it opens nothing from the next request on."""
    gone = tx.execute(delete(session).where(session.c.key == key, session.c.person == _self(scope))).rowcount
    if not gone:
        raise NotFound(Text("session", "session"), key)
    audit.record(scope, tx, "session.end", subject=key, now=now)


def end_others(scope: Scope, tx: Transaction, kept: str, *, now: datetime) -> int:
    """Ends the actor's own sessions but the one of key `kept`; how many."""
    gone = tx.execute(delete(session).where(session.c.person == _self(scope), session.c.key != kept)).rowcount
    if gone:
        audit.record(scope, tx, "session.end-others", subject=_self(scope), detail={"sessions": gone}, now=now)
    return gone


def end_all(scope: Scope, tx: Transaction, person: str, *, now: datetime) -> int:
    """Ends every session of one of the actor's people, within the same bounds as `give_link`; how many."""
    who = _reached(scope, tx, person)
    gone = tx.execute(delete(session).where(session.c.person == who.key)).rowcount
    for owner in sorted(roles.of_person(tx, who.key)):
        detail = {"sessions": gone}
        audit.record(scope, tx, "session.end-all", owner=owner, subject=who.key, detail=detail, now=now)
    return gone


def link_refused() -> Unauthenticated:
    """The same whatever is wrong: unknown, used, too old, revoked, account closed."""
    return Unauthenticated(
        Text(
            "Ce lien n'est plus valable : il a déjà servi, a expiré ou a été remplacé. Demandez-en un autre.",
            "This link is no longer valid: it was used, has expired or was replaced. Ask for another one.",
        )
    )


def _reached(scope: Scope, tx: Transaction, person: str) -> people.Person:
    who = people.seen(scope, tx, person)
    scope_reaches = all(scope.may(Right.ADMINISTER, one) for one in roles.of_person(tx, who.key))
    if scope_reaches and scope.actor.key != who.key:
        return who
    raise Forbidden(
        Text(
            "Cette personne a aussi un rôle hors de ce que vous administrez, ou c'est vous-même.",
            "This person also has a role outside what you administer, or is yourself.",
        )
    )


def _self(scope: Scope) -> str:
    return scope.actor.key if scope.actor.kind == "person" else ""
