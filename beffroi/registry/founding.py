"""The first things said of an instance: who operates it, for whom, with which services, and who administers it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from beffroi.access import Scope, people, roles, setup
from beffroi.access.people import NewPerson, Person
from beffroi.database import Transaction
from beffroi.registry import kinds, structures
from beffroi.registry.fields import Key, Known
from beffroi.registry.model import Structure
from beffroi.registry.structures import NewStructure

Members = Annotated[list[Key], Meta(max_length=5000, description="Entries of the referential.")]
Offered = Annotated[list[Known], Meta(max_length=100)]


class Founded(msgspec.Struct, frozen=True):
    structure: Structure
    person: Person
    members: list[str]


def found(
    scope: Scope,
    tx: Transaction,
    structure: NewStructure,
    administrator: NewPerson,
    *,
    members: Sequence[str],
    services: Sequence[str] | None,
    hashed: str | None,
    now: datetime,
) -> Founded:
    """All of it in one transaction, once in the life of an instance. `services`: those offered, None for all.
    `hashed`: the administrator's password (see `Passwords.hashed`), or None when a link will come.

    Raises `Conflict` when there is a structure, `Invalid` naming unknown members and services.
    """
    made = structures.init(scope, tx, structure, now=now)
    if services is not None:
        kinds.offer_only(scope, tx, services, now=now)
    joined = structures.enrol(scope, tx, members, structure.since or now.date(), now=now)
    first = people.add(scope, tx, administrator, now=now, password=hashed)
    roles.grant(scope, tx, first.key, made.key, "administrator", now=now)
    setup.close(tx)
    return Founded(made, first, joined)
