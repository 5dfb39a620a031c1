"""What the doorkeeper remembers, and for how long."""

from datetime import timedelta

import pytest

from beffroi.access import Doorkeeper, Right, keys
from beffroi.access.doorkeeper import READ_AGAIN
from beffroi.access.keys import NewKey
from beffroi.database import Database
from beffroi.errors import Unauthenticated
from tests.access.conftest import NOW, ROCHE, administrator


def a_key(database: Database) -> keys.Made:
    with database.write() as tx:
        return keys.make(administrator(), tx, NewKey(collectivity=ROCHE, name="essai", right="read"), now=NOW)


def revoke(database: Database, key: str) -> None:
    with database.write() as tx:
        keys.revoke(administrator(), tx, key, now=NOW)


def test_what_this_process_writes_holds_at_once(database: Database, keeper: Doorkeeper) -> None:
    made = a_key(database)
    assert keeper.by_key(made.token, language="fr", now=NOW).rights == {ROCHE: Right.READ}
    revoke(database, made.key.key)
    keeper.forget()
    with pytest.raises(Unauthenticated):
        keeper.by_key(made.token, language="fr", now=NOW)


def test_what_another_process_writes_holds_soon(database: Database, keeper: Doorkeeper) -> None:
    made = a_key(database)
    keeper.by_key(made.token, language="fr", now=NOW)
    revoke(database, made.key.key)
    with pytest.raises(Unauthenticated):
        keeper.by_key(made.token, language="fr", now=NOW + READ_AGAIN + timedelta(seconds=1))
