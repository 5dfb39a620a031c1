"""Who may read and change what is pooled: the structure's people all of it, a member's what is its own.

A role in the structure's own collectivité opens everything that is pooled: its operators change it, its elected read
it. A role in a member opens what that member pays, uses and gets, and totals. A key narrowed to services reaches these
services alone, and no programme.
"""

from sqlalchemy import ColumnElement, false, or_, true

from beffroi.access import Right, Scope
from beffroi.database import Transaction
from beffroi.errors import Forbidden, NotFound, Text
from beffroi.registry import structures


def whole(scope: Scope, tx: Transaction, service: str | None = None, right: Right = Right.READ) -> bool:
    """Whether all that is pooled is the actor's to see, or to change; of a service, when one is told."""
    return scope.everything or scope.may(right, structures.key(tx) or "", service=service)


def require_whole(
    scope: Scope, tx: Transaction, right: Right, noun: Text, key: object, service: str | None = None
) -> None:
    """Raises `NotFound` when nothing of it is the actor's to see, `Forbidden` when some is, without `right`."""
    if whole(scope, tx, service, right):
        return
    if whole(scope, tx, service) or members(scope, service):
        raise Forbidden(
            Text(
                "Seules les personnes de la structure, avec le rôle qui convient, font cela.",
                "Only people of the structure, with the role for it, may do this.",
            )
        )
    raise NotFound(noun, key)


def members(scope: Scope, service: str | None = None) -> frozenset[str]:
    """The collectivités whose own part the actor reads, by a role in each."""
    if scope.services is not None and service not in scope.services:
        return frozenset()
    return scope.owners(Right.READ)


def require_member(
    scope: Scope, tx: Transaction, member: str, service: str | None = None, right: Right = Right.READ
) -> None:
    """The member's own people, or the structure's."""
    if not whole(scope, tx, service, right):
        scope.require(right, member, service=service)


def require_part(
    scope: Scope, tx: Transaction, right: Right, noun: Text, key: object, member: str, service: str | None = None
) -> None:
    """What is a member's, for its own people with `right`, or the structure's."""
    if whole(scope, tx, service, right) or scope.may(right, member, service=service):
        return
    if whole(scope, tx, service):
        require_whole(scope, tx, right, noun, key, service)
    scope.require(right, member, service=service)


def require_some(scope: Scope, tx: Transaction, noun: Text, key: object, service: str | None = None) -> None:
    """What every member may know, of a service when one is told: raises `NotFound` to whoever has no role in any."""
    held = scope.owners(Right.READ) if service is None else members(scope, service)
    if not (whole(scope, tx, service) or held):
        raise NotFound(noun, key)


def clause(
    scope: Scope, tx: Transaction, member: ColumnElement[str], service: ColumnElement[str]
) -> ColumnElement[bool]:
    """The condition on rows of a member and a service that the actor reads."""
    if scope.everything:
        return true()
    structure = structures.key(tx)
    mine = true() if structure in scope.owners(Right.READ) else member.in_(scope.owners(Right.READ))
    narrowed = true() if scope.services is None else service.in_(scope.services)
    return or_(false(), mine & narrowed)
