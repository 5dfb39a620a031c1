from datetime import timedelta

import pytest

from beffroi.access import Doorkeeper, people, roles, sessions
from beffroi.access.scope import Right, Scope
from beffroi.access.sessions import IDLE, LIFE, Caller, Opened
from beffroi.database import Database, Transaction
from beffroi.errors import Conflict, Forbidden, NotFound, Unauthenticated
from tests.access.conftest import (
    HALL,
    HOUR,
    INSTANT,
    NOW,
    OLONNE,
    ROCHE,
    SECOND,
    a_person,
    administrator,
    as_person,
    operator,
)


@pytest.fixture
def ana(database: Database) -> people.Person:
    with database.write() as tx:
        return a_person(tx, "ana@roche.fr", roche="editor")


def opened(database: Database, who: people.Person) -> Opened:
    with database.write() as tx:
        return sessions.open_(tx, who, "password", HALL, NOW)


def at(keeper: Doorkeeper, token: str, after: timedelta = timedelta()) -> Scope:
    return keeper.by_session(token, language="fr", now=NOW + after)


def test_a_session_carries_its_persons_rights(database: Database, keeper: Doorkeeper, ana: people.Person) -> None:
    scope = at(keeper, opened(database, ana).token)
    assert (scope.actor.key, scope.rights, scope.instance) == (ana.key, {ROCHE: Right.EDIT}, False)


def test_administrators_of_the_structure_administer_the_instance(database: Database, keeper: Doorkeeper) -> None:
    with database.write() as tx:
        chief = a_person(tx, "op@structure.fr", structure="administrator")
        clerk = a_person(tx, "clerk@structure.fr", structure="operator")
    assert at(keeper, opened(database, chief).token).instance
    assert not at(keeper, opened(database, clerk).token).instance


def test_an_unknown_session_opens_nothing(keeper: Doorkeeper) -> None:
    with pytest.raises(Unauthenticated):
        at(keeper, "unknown")


def test_a_session_left_idle_ends(database: Database, keeper: Doorkeeper, ana: people.Person) -> None:
    token = opened(database, ana).token
    with pytest.raises(Unauthenticated):
        at(keeper, token, IDLE)


def test_a_session_in_use_lasts_beyond_the_idle_time(
    database: Database, keeper: Doorkeeper, ana: people.Person
) -> None:
    token = opened(database, ana).token
    at(keeper, token, IDLE - SECOND)
    assert at(keeper, token, 2 * IDLE - 2 * SECOND).actor.key == ana.key


def test_use_is_remembered_after_a_restart(database: Database, keeper: Doorkeeper, ana: people.Person) -> None:
    token = opened(database, ana).token
    at(keeper, token, IDLE - SECOND)
    keeper.flush(NOW)
    restarted = Doorkeeper(database, lambda tx: None)
    assert at(restarted, token, IDLE).actor.key == ana.key


def test_use_is_remembered_when_everything_else_is_forgotten(
    database: Database, keeper: Doorkeeper, ana: people.Person
) -> None:
    token = opened(database, ana).token
    at(keeper, token, IDLE - SECOND)
    keeper.forget()
    assert at(keeper, token, IDLE).actor.key == ana.key


def test_a_session_ends_after_its_life_however_used(database: Database, keeper: Doorkeeper, ana: people.Person) -> None:
    token = opened(database, ana).token
    after = timedelta()
    while after < LIFE - IDLE:
        after += IDLE - HOUR
        at(keeper, token, after)
    at(keeper, token, LIFE - INSTANT)
    with pytest.raises(Unauthenticated):
        at(keeper, token, LIFE)


def test_an_ended_session_opens_nothing_on_the_next_request(
    database: Database, keeper: Doorkeeper, ana: people.Person
) -> None:
    one = opened(database, ana)
    at(keeper, one.token)
    with database.write() as tx:
        sessions.end(as_person(tx, ana), tx, one.session.key, now=NOW)
    keeper.forget()
    with pytest.raises(Unauthenticated):
        at(keeper, one.token)


def test_closing_an_account_ends_its_sessions(database: Database, keeper: Doorkeeper, ana: people.Person) -> None:
    one = opened(database, ana)
    with database.write() as tx:
        people.disable(operator(), tx, ana.key, disabled=True, now=NOW)
        people.disable(operator(), tx, ana.key, disabled=False, now=NOW)
    with pytest.raises(Unauthenticated):
        at(keeper, one.token)


def test_choosing_a_password_ends_the_other_sessions(
    database: Database, keeper: Doorkeeper, ana: people.Person
) -> None:
    this, other = opened(database, ana), opened(database, ana)
    with database.write() as tx:
        people.set_password(as_person(tx, ana), tx, ana.key, "hash", now=NOW, keep_session=this.session.key)
    assert at(keeper, this.token).actor.key == ana.key
    with pytest.raises(Unauthenticated):
        at(keeper, other.token)


def test_a_role_changed_holds_for_the_next_request(database: Database, keeper: Doorkeeper, ana: people.Person) -> None:
    token = opened(database, ana).token
    at(keeper, token)
    with database.write() as tx:
        roles.withdraw(administrator(), tx, ana.key, ROCHE, now=NOW)
    keeper.forget()
    assert at(keeper, token).rights == {}


def test_people_list_and_end_their_own_sessions_alone(database: Database, ana: people.Person) -> None:
    one = opened(database, ana)
    with database.write() as tx:
        other = as_person(tx, a_person(tx, "bea@roche.fr", roche="administrator"))
        assert sessions.find(other, tx, now=NOW).items == []
        with pytest.raises(NotFound):
            sessions.end(other, tx, one.session.key, now=NOW)
        assert sessions.find(as_person(tx, ana), tx, now=NOW).items == [one.session]


def test_sessions_that_are_over_are_not_listed(database: Database, ana: people.Person) -> None:
    opened(database, ana)
    with database.read() as tx:
        assert sessions.find(as_person(tx, ana), tx, now=NOW + IDLE).items == []


def test_a_long_browser_name_is_shortened(database: Database, ana: people.Person) -> None:
    with database.write() as tx:
        made = sessions.open_(tx, ana, "password", Caller("::1", "x" * 5000), NOW)
    assert len(made.session.agent) == 200


def test_an_administrator_gives_one_of_its_people_a_link(database: Database, ana: people.Person) -> None:
    with database.write() as tx:
        link = sessions.give_link(administrator(), tx, ana.key, now=NOW)
        assert sessions.use_link(tx, link.token, HALL, NOW).person.key == ana.key


def test_no_link_is_given_for_someone_who_also_works_elsewhere(tx: Transaction) -> None:
    both = a_person(tx, "bea@roche.fr", roche="reader", olonne="administrator")
    with pytest.raises(Forbidden):
        sessions.give_link(administrator(ROCHE), tx, both.key, now=NOW)


def test_no_link_is_given_for_someone_who_administers_the_instance(tx: Transaction) -> None:
    chief = a_person(tx, "op@structure.fr", roche="reader", structure="administrator")
    with pytest.raises(Forbidden):
        sessions.give_link(administrator(ROCHE), tx, chief.key, now=NOW)


def test_the_structure_gives_no_link_for_people_of_members(tx: Transaction) -> None:
    one = a_person(tx, roche="administrator")
    with pytest.raises(NotFound):
        sessions.give_link(operator(), tx, one.key, now=NOW)


def test_no_link_is_given_for_a_closed_account_nor_by_who_does_not_administer(tx: Transaction) -> None:
    one = a_person(tx, roche="reader")
    with pytest.raises(NotFound):
        sessions.give_link(administrator(OLONNE), tx, one.key, now=NOW)
    with pytest.raises(Forbidden):
        sessions.give_link(as_person(tx, one), tx, one.key, now=NOW)
    people.disable(operator(), tx, one.key, disabled=True, now=NOW)
    with pytest.raises(Conflict):
        sessions.give_link(administrator(), tx, one.key, now=NOW)
