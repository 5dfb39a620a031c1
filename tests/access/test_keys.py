from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from beffroi.access import Actor, Doorkeeper, Right, Scope, keys
from beffroi.access.keys import Made, NewKey, RightName
from beffroi.access.tables import api_key, audit
from beffroi.database import Database, Transaction
from beffroi.errors import Forbidden, Invalid, NotFound, Unauthenticated
from tests.access.conftest import (
    DAY,
    HOUR,
    INSTANT,
    NOW,
    OLONNE,
    ROCHE,
    SECOND,
    STRUCTURE,
    administrator,
    scope_of,
)


def made(tx: Transaction, by: Scope | None = None, **changes: Any) -> Made:
    given = {"collectivity": ROCHE, "name": "Passerelle", "right": "operate", **changes}
    return keys.make(by or administrator(given["collectivity"]), tx, NewKey(**given), now=NOW)


def kept(database: Database, **changes: Any) -> Made:
    with database.write() as tx:
        return made(tx, **changes)


def at(keeper: Doorkeeper, token: str, after: timedelta = timedelta()) -> Scope:
    return keeper.by_key(token, language="en", now=NOW + after)


@pytest.mark.parametrize(("word", "right"), list(keys.RIGHTS.items()))
def test_a_key_opens_its_right_in_its_collectivity(
    database: Database, keeper: Doorkeeper, word: RightName, right: Right
) -> None:
    scope = at(keeper, kept(database, right=word).token)
    assert (scope.rights, scope.actor.kind, scope.language) == ({ROCHE: right}, "key", "en")


@pytest.mark.parametrize("right", [Right.READ, Right.EDIT, Right.OPERATE])
@pytest.mark.parametrize("word", ["read", "administer"])
def test_only_administrators_make_keys(tx: Transaction, right: Right, word: RightName) -> None:
    with pytest.raises(Forbidden):
        made(tx, by=scope_of("per-x", ROCHE, right), right=word)


def test_an_administrator_elsewhere_makes_none(tx: Transaction) -> None:
    with pytest.raises(NotFound):
        made(tx, by=administrator(OLONNE))


def test_a_key_of_the_structure_that_administers_administers_the_instance(
    database: Database, keeper: Doorkeeper
) -> None:
    assert at(keeper, kept(database, collectivity=STRUCTURE, right="administer").token).instance
    assert not at(keeper, kept(database, collectivity=STRUCTURE, right="operate").token).instance
    assert not at(keeper, kept(database, collectivity=ROCHE, right="administer").token).instance


def test_a_key_opens_between_its_dates_half_open(database: Database, keeper: Doorkeeper) -> None:
    token = kept(database, not_before=NOW + HOUR, expires=NOW + 2 * HOUR).token
    for too_early_or_late in (HOUR - INSTANT, 2 * HOUR):
        with pytest.raises(Unauthenticated):
            at(keeper, token, too_early_or_late)
    for within in (HOUR, 2 * HOUR - INSTANT):
        assert at(keeper, token, within).rights == {ROCHE: Right.OPERATE}


@pytest.mark.parametrize(
    "dates",
    [{"expires": NOW}, {"not_before": NOW + DAY, "expires": NOW + DAY}, {"expires": NOW.replace(year=9999)}],
)
def test_a_key_that_would_never_open_is_refused(tx: Transaction, dates: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as raised:
        made(tx, **dates)
    assert raised.value.faults[0].field == "expires"


def test_a_narrowed_key_reaches_its_services_alone(database: Database, keeper: Doorkeeper) -> None:
    scope = at(keeper, kept(database, services=["water", "lighting", "water"]).token)
    assert scope.services == {"water", "lighting"}
    assert scope.may(Right.OPERATE, ROCHE, service="water")
    assert not scope.may(Right.READ, ROCHE, service="waste")
    assert not scope.may(Right.READ, ROCHE)


def test_a_narrowed_key_does_not_administer(tx: Transaction) -> None:
    with pytest.raises(Invalid):
        made(tx, right="administer", services=["water"])


def test_a_key_makes_none_that_outlives_it(database: Database) -> None:
    maker = kept(database, right="administer", expires=NOW + DAY)
    scope = Scope(actor=Actor("key", maker.key.key, "maker"), rights={ROCHE: Right.ADMINISTER})
    with database.write() as tx:
        for too_late in (None, NOW + DAY + SECOND):
            with pytest.raises(Invalid):
                made(tx, by=scope, expires=too_late)
        assert made(tx, by=scope, expires=NOW + DAY).key.created_by == maker.key.key


def test_a_revoked_key_opens_nothing_on_the_next_request(database: Database, keeper: Doorkeeper) -> None:
    one = kept(database)
    at(keeper, one.token)
    with database.write() as tx:
        keys.revoke(administrator(), tx, one.key.key, now=NOW)
    keeper.forget()
    with pytest.raises(Unauthenticated):
        at(keeper, one.token)


@pytest.mark.parametrize("token", ["", "bef", "bef_x_y", "bef__", "other_{key}_{secret}", "bef_{key}_wrong"])
def test_what_is_not_a_key_opens_nothing(database: Database, keeper: Doorkeeper, token: str) -> None:
    _, key, secret = kept(database).token.split("_")
    with pytest.raises(Unauthenticated):
        at(keeper, token.format(key=key, secret=secret))


def test_only_a_hash_of_the_secret_is_kept(database: Database) -> None:
    _, _, secret = kept(database).token.split("_")
    with database.read() as tx:
        for table in (api_key, audit):
            assert secret not in str([tuple(row) for row in tx.execute(select(table))])


def test_the_last_use_is_written_to_the_minute(database: Database, keeper: Doorkeeper) -> None:
    one = kept(database)
    for after in (timedelta(), SECOND, HOUR):
        at(keeper, one.token, after)
    keeper.flush(NOW + HOUR)
    with database.read() as tx:
        assert keys.get(administrator(), tx, one.key.key).last_used == NOW + HOUR


def test_keys_are_listed_for_the_collectivitys_administrators_alone(tx: Transaction) -> None:
    one = made(tx)
    made(tx, collectivity=OLONNE)
    assert keys.find(administrator(ROCHE), tx).items == [one.key]
    assert keys.find(scope_of("per-x", ROCHE, Right.OPERATE), tx).items == []
    with pytest.raises(NotFound):
        keys.find(administrator(OLONNE), tx, collectivity=ROCHE)
    with pytest.raises(NotFound):
        keys.revoke(administrator(OLONNE), tx, one.key.key, now=NOW)


def test_revoking_twice_is_once(tx: Transaction) -> None:
    one = made(tx)
    keys.revoke(administrator(), tx, one.key.key, now=NOW)
    keys.revoke(administrator(), tx, one.key.key, now=NOW + DAY)
    assert keys.get(administrator(), tx, one.key.key).revoked_at == NOW


def test_a_fault_in_a_name_is_refused_at_the_door() -> None:
    for name in ("", " ", "a\x00b", "a\nb", "x" * 201):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"collectivity": ROCHE, "name": name, "right": "read"}, NewKey)
