import pytest
from sqlalchemy import select

from beffroi.access import Passwords, SignIns, audit, people, sessions
from beffroi.access.sessions import Caller, Opened
from beffroi.access.signin import ALLOWED, FIRST_DELAY, FORGOTTEN_AFTER
from beffroi.access.tables import person, session
from beffroi.database import Database
from beffroi.errors import Invalid, Text, TooMany, Unauthenticated
from tests.access.conftest import HALL, HOUR, NOW, PASSWORD, SECOND, SYSTEM, a_person, as_person, operator

ACCOUNT, ADDRESS = ALLOWED["account"], ALLOWED["address"]


@pytest.fixture
def ana(database: Database, passwords: Passwords) -> people.Person:
    with database.write() as tx:
        return a_person(tx, "ana@roche.fr", passwords.hashed(PASSWORD), roche="reader")


def opened(
    sign_ins: SignIns, email: str = "ana@roche.fr", password: str = PASSWORD, caller: Caller = HALL, after: object = 0
) -> Opened:
    now = NOW + after if after else NOW  # type: ignore[operator]
    return sign_ins.by_password(email, password, caller=caller, now=now)


def refused(sign_ins: SignIns, times: int, email: str = "ana@roche.fr", caller: Caller = HALL) -> Text:
    for _ in range(times):
        with pytest.raises(Unauthenticated) as raised:
            opened(sign_ins, email, "not the password", caller)
    return raised.value.text


@pytest.mark.parametrize("email", ["ana@roche.fr", "Ana@ROCHE.fr"])
def test_the_right_password_opens_a_session(sign_ins: SignIns, ana: people.Person, email: str) -> None:
    found = opened(sign_ins, email)
    assert (found.person.key, found.session.opened_by, found.session.address) == (ana.key, "password", HALL.address)


def test_an_unknown_email_a_wrong_password_and_a_closed_account_are_told_the_same(
    sign_ins: SignIns, database: Database, ana: people.Person
) -> None:
    wrong = refused(sign_ins, 1)
    unknown = refused(sign_ins, 1, "nobody@roche.fr")
    with database.write() as tx:
        people.disable(operator(), tx, ana.key, disabled=True, now=NOW)
    with pytest.raises(Unauthenticated) as raised:
        opened(sign_ins)
    assert wrong == unknown == raised.value.text


def test_an_account_without_password_is_not_opened_by_one(sign_ins: SignIns, database: Database) -> None:
    with database.write() as tx:
        a_person(tx, "bea@roche.fr", roche="reader")
    refused(sign_ins, 1, "bea@roche.fr")


@pytest.mark.parametrize("email", ["ana@roche.fr", "nobody@roche.fr"])
def test_failures_make_the_next_attempt_wait_whether_the_account_exists_or_not(
    sign_ins: SignIns, ana: people.Person, email: str
) -> None:
    refused(sign_ins, ACCOUNT, email)
    with pytest.raises(TooMany) as raised:
        opened(sign_ins, email)
    assert raised.value.retry_after == FIRST_DELAY.total_seconds()


def test_the_delay_is_over_when_said_and_doubles_with_the_next_failure(sign_ins: SignIns, ana: people.Person) -> None:
    refused(sign_ins, ACCOUNT)
    with pytest.raises(TooMany):
        opened(sign_ins, after=FIRST_DELAY - SECOND)
    with pytest.raises(Unauthenticated):
        opened(sign_ins, password="not the password", after=FIRST_DELAY)
    with pytest.raises(TooMany) as raised:
        opened(sign_ins, after=FIRST_DELAY)
    assert raised.value.retry_after == 2 * FIRST_DELAY.total_seconds()


def test_a_refused_attempt_while_waiting_does_not_make_the_delay_longer(sign_ins: SignIns, ana: people.Person) -> None:
    refused(sign_ins, ACCOUNT)
    for _ in range(3):
        with pytest.raises(TooMany):
            opened(sign_ins)
    assert opened(sign_ins, after=FIRST_DELAY).person.key == ana.key


def test_signing_in_forgets_the_accounts_failures(sign_ins: SignIns, ana: people.Person) -> None:
    refused(sign_ins, ACCOUNT - 1)
    opened(sign_ins)
    refused(sign_ins, ACCOUNT - 1)
    assert opened(sign_ins).person.key == ana.key


def test_failures_are_forgotten_in_the_end(sign_ins: SignIns, ana: people.Person) -> None:
    refused(sign_ins, ACCOUNT + 0)
    assert opened(sign_ins, after=FORGOTTEN_AFTER).person.key == ana.key


def test_one_address_trying_many_accounts_waits(sign_ins: SignIns, ana: people.Person) -> None:
    for number in range(ADDRESS):
        refused(sign_ins, 1, f"p{number}@roche.fr")
    with pytest.raises(TooMany):
        opened(sign_ins)
    assert opened(sign_ins, caller=Caller("192.0.2.8")).person.key == ana.key


def test_addresses_of_one_ipv6_subscriber_count_as_one(sign_ins: SignIns, ana: people.Person) -> None:
    for number in range(ADDRESS):
        refused(sign_ins, 1, f"p{number}@roche.fr", Caller(f"2001:db8:1:2::{number:x}"))
    with pytest.raises(TooMany):
        opened(sign_ins, caller=Caller("2001:db8:1:2:ffff::1"))
    assert opened(sign_ins, caller=Caller("2001:db8:1:3::1")).person.key == ana.key


def test_right_passwords_do_not_use_up_the_address(sign_ins: SignIns, ana: people.Person) -> None:
    for _ in range(ADDRESS + 1):
        opened(sign_ins)


def test_confirming_the_password_is_limited_as_signing_in_is(sign_ins: SignIns, ana: people.Person) -> None:
    sign_ins.confirm(ana, PASSWORD, caller=HALL, now=NOW)
    for _ in range(ACCOUNT):
        with pytest.raises(Invalid):
            sign_ins.confirm(ana, "not the password", caller=HALL, now=NOW)
    with pytest.raises(TooMany):
        sign_ins.confirm(ana, PASSWORD, caller=HALL, now=NOW)


def test_openings_and_refusals_are_in_the_trail_without_the_email_tried(
    sign_ins: SignIns, database: Database, ana: people.Person
) -> None:
    opened(sign_ins)
    refused(sign_ins, 1, "mistaken-password-typed-as-email@roche.fr")
    with database.read() as tx:
        lines = audit.find(SYSTEM, tx, audit.Question(action="session.")).items
    assert [line.action for line in lines] == ["session.refuse", "session.open"]
    assert "mistaken" not in lines[0].subject


@pytest.mark.parametrize("plain", ["short", "a" * 12, "abcdabcdabcd", "x" * 201])
def test_a_password_too_plain_is_refused(passwords: Passwords, plain: str) -> None:
    with pytest.raises(Invalid):
        passwords.hashed(plain)


def test_neither_passwords_nor_session_tokens_are_kept(
    sign_ins: SignIns, database: Database, ana: people.Person
) -> None:
    token = opened(sign_ins).token
    with database.read() as tx:
        kept = str([tuple(row) for row in tx.execute(select(session))])
        kept += str([tuple(row) for row in tx.execute(select(person))])
    assert token not in kept and PASSWORD not in kept


def test_a_link_opens_one_session(sign_ins: SignIns, database: Database, ana: people.Person) -> None:
    with database.write() as tx:
        token = sessions.make_link(tx, ana.key, NOW)
    assert sign_ins.by_link(token, caller=HALL, now=NOW).session.opened_by == "link"
    with pytest.raises(Unauthenticated):
        sign_ins.by_link(token, caller=HALL, now=NOW)


def test_a_link_is_spent_only_by_opening(sign_ins: SignIns, database: Database, ana: people.Person) -> None:
    with database.write() as tx:
        token = sessions.make_link(tx, ana.key, NOW)
    with pytest.raises(Unauthenticated):
        sign_ins.by_link("another", caller=HALL, now=NOW)
    assert sign_ins.by_link(token, caller=HALL, now=NOW + HOUR - SECOND).person.key == ana.key


def test_a_link_expires(sign_ins: SignIns, database: Database, ana: people.Person) -> None:
    with database.write() as tx:
        token = sessions.make_link(tx, ana.key, NOW)
    with pytest.raises(Unauthenticated):
        sign_ins.by_link(token, caller=HALL, now=NOW + HOUR)


def test_a_newer_link_replaces_the_older(sign_ins: SignIns, database: Database, ana: people.Person) -> None:
    with database.write() as tx:
        older, newer = (sessions.make_link(tx, ana.key, NOW) for _ in range(2))
    with pytest.raises(Unauthenticated):
        sign_ins.by_link(older, caller=HALL, now=NOW)
    assert sign_ins.by_link(newer, caller=HALL, now=NOW).person.key == ana.key


def test_choosing_a_password_ends_waiting_links(sign_ins: SignIns, database: Database, ana: people.Person) -> None:
    with database.write() as tx:
        token = sessions.make_link(tx, ana.key, NOW)
        people.set_password(as_person(tx, ana), tx, ana.key, "hash", now=NOW)
    with pytest.raises(Unauthenticated):
        sign_ins.by_link(token, caller=HALL, now=NOW)
