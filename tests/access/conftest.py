"""Two members and the structure they share, without the registry; people with roles, and the scopes they have."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from beffroi.access import Actor, Doorkeeper, Passwords, Right, Scope, SignIns, audit, people, roles
from beffroi.access.people import NewPerson, Person
from beffroi.access.roles import RoleName
from beffroi.access.sessions import Caller, actor_of
from beffroi.database import Database, Transaction
from tests.migrated import migrated

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
INSTANT, SECOND = timedelta(microseconds=1), timedelta(seconds=1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STRUCTURE, ROCHE, OLONNE = "structure-essai", "commune-85191", "commune-85194"
PLACES = {"structure": STRUCTURE, "roche": ROCHE, "olonne": OLONNE}
SECRET = b"secret of a test"
PASSWORD = "une phrase assez longue"
HALL = Caller("192.0.2.1", "the town hall's browser")
SYSTEM = Scope.system("test")


def scope_of(key: str, owner: str | None = None, right: Right = Right.READ, **changes: Any) -> Scope:
    rights = {owner: right} if owner else {}
    kind = "key" if key.startswith("key-") else "person"
    return Scope(actor=Actor(kind, key, key), **{"rights": rights, **changes})  # type: ignore[arg-type]


def administrator(collectivity: str = ROCHE, key: str = "per-administrator") -> Scope:
    return scope_of(key, collectivity, Right.ADMINISTER)


def operator() -> Scope:
    """An administrator of the structure, hence of the instance."""
    return scope_of("per-operator", STRUCTURE, Right.ADMINISTER, instance=True)


def a_person(tx: Transaction, email: str = "ana@roche.fr", password: str | None = None, **held: RoleName) -> Person:
    """`held`: roles by the short name of a place: `roche="reader"`."""
    made = people.add(SYSTEM, tx, NewPerson(email.partition("@")[0], email), now=NOW, password=password)
    for place, name in held.items():
        roles.grant(SYSTEM, tx, made.key, PLACES[place], name, now=NOW)
    return made


def as_person(tx: Transaction, one: Person) -> Scope:
    """The scope that a session of `one` opens."""
    rights = roles.of_person(tx, one.key)
    return Scope(actor=actor_of(one), rights=rights, instance=rights.get(STRUCTURE) == Right.ADMINISTER)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = migrated(tmp_path)
    audit.arm(database, SECRET)
    yield database
    database.close()


@pytest.fixture
def tx(database: Database) -> Iterator[Transaction]:
    with database.write() as tx:
        yield tx


@pytest.fixture
def keeper(database: Database) -> Doorkeeper:
    return Doorkeeper(database, lambda tx: STRUCTURE)


@pytest.fixture
def passwords() -> Passwords:
    """As weak as argon2 allows: what is tested is what is done with them."""
    return Passwords(time_cost=1, memory_cost=8)


@pytest.fixture
def sign_ins(database: Database, passwords: Passwords) -> SignIns:
    return SignIns(database, passwords)
