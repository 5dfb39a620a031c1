"""Roles: what a person may do in a collectivité. The roles carry the names of the rights they give."""

from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import delete, func, insert, select, update

from beffroi.access import audit, people
from beffroi.access.scope import Right, Scope
from beffroi.access.tables import invitation, person, role
from beffroi.database import Page, Transaction, page_of
from beffroi.errors import Conflict, Forbidden, NotFound, Text

RoleName = Literal["reader", "editor", "operator", "administrator"]

RIGHTS: dict[RoleName, Right] = {
    "reader": Right.READ,
    "editor": Right.EDIT,
    "operator": Right.OPERATE,
    "administrator": Right.ADMINISTER,
}


class Role(msgspec.Struct, frozen=True):
    person: str
    name: str
    email: str
    collectivity: str
    role: RoleName


def find(scope: Scope, tx: Transaction, collectivity: str, *, after: str | None = None, limit: int = 100) -> Page[Role]:
    """Who holds which role in a collectivité the actor administers."""
    scope.require(Right.ADMINISTER, collectivity)
    statement = (
        select(role.c.person, person.c.name, person.c.email, role.c.collectivity, role.c.role)
        .join(person, person.c.key == role.c.person)
        .where(role.c.collectivity == collectivity)
    )
    return page_of(tx, statement, Role, key=role.c.person, after=after, limit=limit)


def of_person(tx: Transaction, key: str) -> dict[str, Right]:
    """The rights of a person by collectivité, for the rooms."""
    rows = tx.execute(select(role.c.collectivity, role.c.role).where(role.c.person == key)).all()
    return {row.collectivity: RIGHTS[row.role] for row in rows}


def grant(scope: Scope, tx: Transaction, key: str, collectivity: str, name: RoleName, *, now: datetime) -> Role:
    """Gives a person a role in a collectivité, in place of the one it may hold there.

    Only its administrators may, for a person they know of already (else they invite); administrators of the instance
    may name its first administrator, who is none of them. `Conflict` when the last administrator would step down.
    """
    require_naming(scope, tx, collectivity, name, whom=key)
    who = people.seen(scope, tx, key) if not scope.instance else people.get(tx, key)
    if name != "administrator":
        _keep_one_administrator(scope, tx, key, collectivity)
    put(scope, tx, key, collectivity, name, now=now)
    return Role(key, who.name, who.email, collectivity, name)


def put(scope: Scope, tx: Transaction, key: str, collectivity: str, name: RoleName, *, now: datetime) -> None:
    """`grant` once the right to do so was checked (an invitation was accepted).

    Once a collectivité has its first administrator, nobody becomes another by an invitation made while it had none.
    """
    if name == "administrator" and not has_administrator(tx, collectivity):
        spare = invitation.c.collectivity == collectivity, invitation.c.role == "administrator"
        waiting = invitation.c.accepted_at.is_(None), invitation.c.revoked_at.is_(None)
        tx.execute(update(invitation).where(*spare, *waiting).values(revoked_at=now))
    place = (role.c.person == key, role.c.collectivity == collectivity)
    before = tx.execute(select(role.c.role).where(*place)).scalar_one_or_none()
    detail = {"role": name} if before is None else {"role": name, "before": before}
    if tx.execute(update(role).where(*place).values(role=name)).rowcount == 0:
        tx.execute(insert(role).values(person=key, collectivity=collectivity, role=name))
    audit.record(scope, tx, "role.grant", owner=collectivity, subject=key, detail=detail, now=now)


def withdraw(scope: Scope, tx: Transaction, key: str, collectivity: str, *, now: datetime) -> None:
    """Takes a person's role away; anyone may step down by itself. `Conflict` for the last administrator."""
    if not (scope.actor.kind == "person" and scope.actor.key == key and collectivity in scope.rights):
        scope.require(Right.ADMINISTER, collectivity)
    _keep_one_administrator(scope, tx, key, collectivity)
    gone = tx.execute(delete(role).where(role.c.person == key, role.c.collectivity == collectivity)).rowcount
    if not gone:
        raise NotFound(Text("rôle de", "role of"), key)
    audit.record(scope, tx, "role.withdraw", owner=collectivity, subject=key, now=now)


def has_administrator(tx: Transaction, collectivity: str) -> bool:
    """Counting those whose account is closed: closing an account is no way to take a collectivité over."""
    there = role.c.collectivity == collectivity, role.c.role == "administrator"
    return tx.execute(select(func.count()).where(*there)).scalar_one() > 0


def require_naming(scope: Scope, tx: Transaction, collectivity: str, name: RoleName, *, whom: str) -> None:
    """Raise unless the actor may give role `name` there to `whom` (a person's key or e-mail)."""
    if scope.may(Right.ADMINISTER, collectivity):
        return
    if not scope.instance:
        scope.require(Right.ADMINISTER, collectivity)
    if name != "administrator" or has_administrator(tx, collectivity):
        raise Forbidden(
            Text(
                "La structure ne nomme que le premier administrateur d'un membre ; lui seul nomme ensuite les siens.",
                "The structure names a member's first administrator only, who then names all others.",
            )
        )
    theirs = of_person(tx, whom)
    if any(theirs.get(ours) == Right.ADMINISTER for ours in scope.owners(Right.ADMINISTER)):
        raise Forbidden(
            Text(
                "Le premier administrateur d'un membre ne peut pas être un administrateur de la structure.",
                "The first administrator of a member cannot be an administrator of the structure.",
            )
        )


def _keep_one_administrator(scope: Scope, tx: Transaction, key: str, collectivity: str) -> None:
    held = tx.execute(
        select(role.c.role).where(role.c.person == key, role.c.collectivity == collectivity)
    ).scalar_one_or_none()
    others = (
        select(func.count())
        .join(person, person.c.key == role.c.person)
        .where(
            role.c.collectivity == collectivity,
            role.c.role == "administrator",
            person.c.key != key,
            person.c.disabled.is_(False),
        )
    )
    if held != "administrator" or scope.everything or tx.execute(others).scalar_one() > 0:
        return
    raise Conflict(
        Text(
            f"Dernier administrateur de «\u00a0{collectivity}\u00a0» : nommez-en d'abord un autre.",
            f"Last administrator of “{collectivity}”: name another one first.",
        )
    )
