"""People: who may sign in to this instance, under one e-mail whatever the collectivités they work for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import exists, insert, or_, select, true, update
from sqlalchemy.exc import IntegrityError

from beffroi.access import audit
from beffroi.access.inputs import Email, Name, folded
from beffroi.access.scope import Right, Scope
from beffroi.access.tables import person, role, session, sign_in_link
from beffroi.database import Page, Transaction, new_key, page_of, struct_of
from beffroi.errors import Conflict, Forbidden, Language, NotFound, Text


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    key: str
    name: str
    email: str
    created: datetime
    language: Language = "fr"
    disabled: bool = False


class NewPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Name
    email: Email
    language: Language = "fr"


class MyChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a person changes of itself; what is absent stays."""

    name: Name | None = None
    language: Language | None = None


COLUMNS = [person.c[name] for name in Person.__struct_fields__]


def add(scope: Scope, tx: Transaction, new: NewPerson, *, now: datetime, password: str | None = None) -> Person:
    """A person without any role. `password`: as `Passwords.hashed` gives it, or none until it comes by a link.

    Who may do so is for the caller to say (an invitation accepted, a command on the machine itself).
    """
    key = new_key("per")
    values = {
        "key": key,
        "name": new.name.strip(),
        "email": new.email.strip(),
        "email_folded": folded(new.email),
        "language": new.language,
        "password": password,
        "disabled": False,
        "created": now,
    }
    try:
        tx.execute(insert(person).values(values))
    except IntegrityError as error:
        raise Conflict(
            Text(f"«\u00a0{new.email}\u00a0» a déjà un compte.", f"“{new.email}” has an account already.")
        ) from error
    audit.record(scope, tx, "person.add", subject=key, now=now)
    return get(tx, key)


def get(tx: Transaction, key: str) -> Person:
    """For the rooms and the program itself: no scope is asked."""
    row = tx.execute(select(*COLUMNS).where(person.c.key == key)).mappings().one_or_none()
    if row is None:
        raise unknown(key)
    return _person(row)


def by_email(tx: Transaction, email: str) -> Person | None:
    row = tx.execute(select(*COLUMNS).where(person.c.email_folded == folded(email))).mappings().one_or_none()
    return None if row is None else _person(row)


def find(
    scope: Scope, tx: Transaction, *, collectivity: str | None = None, after: str | None = None, limit: int = 100
) -> Page[Person]:
    """People having a role where the actor administers; in one `collectivity` if asked."""
    held = select(role.c.person).where(role.c.collectivity == collectivity) if collectivity else None
    if collectivity:
        scope.require(Right.ADMINISTER, collectivity)
    statement = select(*COLUMNS).where(visible(scope), person.c.key.in_(held) if held is not None else true())
    return page_of(tx, statement, Person, key=person.c.key, after=after, limit=limit)


def seen(scope: Scope, tx: Transaction, key: str) -> Person:
    """A person as `find` would list it; `NotFound` otherwise."""
    row = tx.execute(select(*COLUMNS).where(visible(scope), person.c.key == key)).mappings().one_or_none()
    if row is None:
        raise unknown(key)
    return _person(row)


def change(scope: Scope, tx: Transaction, key: str, changes: MyChanges, *, now: datetime) -> Person:
    """A person changes itself."""
    require_self(scope, key)
    values = {
        name: value.strip() if name == "name" else value
        for name, value in msgspec.structs.asdict(changes).items()
        if value is not None
    }
    if values:
        tx.execute(update(person).where(person.c.key == key).values(values))
        audit.record(scope, tx, "person.change", subject=key, detail={"fields": sorted(values)}, now=now)
    return get(tx, key)


def set_password(
    scope: Scope, tx: Transaction, key: str, hashed: str, *, now: datetime, keep_session: str | None = None
) -> None:
    """Chooses a password (as `Passwords.hashed` gives it); ends every session but `keep_session`, and waiting links."""
    require_self(scope, key)
    tx.execute(update(person).where(person.c.key == key).values(password=hashed))
    tx.execute(session.delete().where(session.c.person == key, session.c.key != (keep_session or "")))
    tx.execute(sign_in_link.delete().where(sign_in_link.c.person == key))
    audit.record(scope, tx, "person.set-password", subject=key, now=now)


def disable(scope: Scope, tx: Transaction, key: str, *, disabled: bool, now: datetime) -> Person:
    """Closes an account of the instance, with its sessions, or opens it again. Roles stay: nobody takes the place."""
    scope.require_instance()
    found = get(tx, key)
    if disabled and scope.actor.key == key:
        raise Conflict(Text("On ne ferme pas son propre compte.", "One does not close one's own account."))
    tx.execute(update(person).where(person.c.key == key).values(disabled=disabled))
    if disabled:
        tx.execute(session.delete().where(session.c.person == key))
        tx.execute(sign_in_link.delete().where(sign_in_link.c.person == key))
    audit.record(scope, tx, "person.disable" if disabled else "person.enable", subject=key, now=now)
    return msgspec.structs.replace(found, disabled=disabled)


def visible(scope: Scope) -> Any:
    """Which people the actor may know of: itself, and those having a role where it administers."""
    if scope.everything:
        return true()
    administered = scope.owners(Right.ADMINISTER) if scope.services is None else ()
    return or_(
        person.c.key == (scope.actor.key if scope.actor.kind == "person" else ""),
        exists().where(role.c.person == person.c.key, role.c.collectivity.in_(administered)),
    )


def has_password(tx: Transaction, key: str) -> bool:
    """Someone whose account was made with a one-time link has none yet."""
    return tx.execute(select(person.c.password).where(person.c.key == key)).scalar_one_or_none() is not None


def require_self(scope: Scope, key: str) -> None:
    if scope.everything or (scope.actor.kind == "person" and scope.actor.key == key):
        return
    raise Forbidden(Text("Seule la personne elle-même peut le faire.", "Only the person itself may do this."))


def unknown(key: str) -> NotFound:
    return NotFound(Text("personne", "person"), key)


def _person(row: Mapping[Any, Any]) -> Person:
    return struct_of(row, Person)
