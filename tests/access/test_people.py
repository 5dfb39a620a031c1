import pytest

from beffroi.access import people
from beffroi.access.people import MyChanges, NewPerson
from beffroi.database import Transaction
from beffroi.errors import Conflict, Forbidden, NotFound
from tests.access.conftest import NOW, OLONNE, ROCHE, SYSTEM, a_person, administrator, as_person, operator, scope_of


@pytest.mark.parametrize("same", ["ana@roche.fr", "ANA@Roche.FR", " ana@roche.fr "])
def test_an_email_has_one_account_whatever_its_case(tx: Transaction, same: str) -> None:
    a_person(tx, "ana@roche.fr")
    with pytest.raises(Conflict):
        people.add(SYSTEM, tx, NewPerson("Ana", same), now=NOW)


def test_a_composed_and_a_decomposed_accent_are_one_email(tx: Transaction) -> None:
    one = a_person(tx, "ren\u00e9@roche.fr")
    found = people.by_email(tx, "Rene\u0301@roche.fr")
    assert found is not None and found.key == one.key


def test_administrators_see_the_people_of_their_collectivities_alone(tx: Transaction) -> None:
    here = a_person(tx, "ana@roche.fr", roche="reader")
    a_person(tx, "bea@olonne.fr", olonne="reader")
    assert [one.key for one in people.find(administrator(ROCHE), tx).items] == [here.key]
    with pytest.raises(NotFound):
        people.seen(administrator(OLONNE), tx, here.key)
    with pytest.raises(NotFound):
        people.find(administrator(OLONNE), tx, collectivity=ROCHE)


def test_a_reader_sees_itself_alone(tx: Transaction) -> None:
    one = a_person(tx, "ana@roche.fr", roche="reader")
    a_person(tx, "bea@roche.fr", roche="reader")
    assert [each.key for each in people.find(as_person(tx, one), tx).items] == [one.key]


def test_pages_of_people_hold_everyone_once(tx: Transaction) -> None:
    keys = {a_person(tx, f"p{number}@roche.fr", roche="reader").key for number in range(5)}
    first = people.find(administrator(), tx, limit=3)
    rest = people.find(administrator(), tx, after=first.next, limit=3)
    assert rest.next is None
    assert sorted(one.key for one in first.items + rest.items) == sorted(keys)


def test_a_person_changes_itself_and_nobody_else(tx: Transaction) -> None:
    one = a_person(tx, roche="reader")
    changed = people.change(as_person(tx, one), tx, one.key, MyChanges(language="en"), now=NOW)
    assert (changed.language, changed.name) == ("en", one.name)
    with pytest.raises(Forbidden):
        people.change(administrator(), tx, one.key, MyChanges(name="Autre"), now=NOW)
    with pytest.raises(Forbidden):
        people.set_password(administrator(), tx, one.key, "hash", now=NOW)


def test_only_the_instances_administrators_close_accounts(tx: Transaction) -> None:
    one = a_person(tx, roche="reader")
    with pytest.raises(Forbidden):
        people.disable(administrator(), tx, one.key, disabled=True, now=NOW)
    assert people.disable(operator(), tx, one.key, disabled=True, now=NOW).disabled
    assert not people.disable(operator(), tx, one.key, disabled=False, now=NOW).disabled


def test_nobody_closes_its_own_account(tx: Transaction) -> None:
    one = a_person(tx, structure="administrator")
    with pytest.raises(Conflict):
        people.disable(as_person(tx, one), tx, one.key, disabled=True, now=NOW)


def test_a_narrowed_key_sees_nobody(tx: Transaction) -> None:
    a_person(tx, roche="reader")
    narrowed = scope_of("key-1", ROCHE, services=frozenset({"lighting"}))
    assert people.find(narrowed, tx).items == []
