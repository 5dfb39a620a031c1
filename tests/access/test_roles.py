import pytest

from beffroi.access import Right, people, roles
from beffroi.database import Transaction
from beffroi.errors import Conflict, Forbidden, NotFound
from tests.access.conftest import NOW, OLONNE, ROCHE, STRUCTURE, a_person, administrator, as_person, operator, scope_of


def test_a_role_replaces_the_one_held_in_the_same_place(tx: Transaction) -> None:
    one = a_person(tx, roche="reader")
    roles.grant(administrator(), tx, one.key, ROCHE, "editor", now=NOW)
    assert roles.of_person(tx, one.key) == {ROCHE: Right.EDIT}


@pytest.mark.parametrize("right", [Right.READ, Right.EDIT, Right.OPERATE])
def test_only_administrators_give_roles(tx: Transaction, right: Right) -> None:
    one = a_person(tx, roche="reader")
    with pytest.raises(Forbidden):
        roles.grant(scope_of("per-x", ROCHE, right), tx, one.key, ROCHE, "editor", now=NOW)


def test_an_administrator_elsewhere_learns_nothing(tx: Transaction) -> None:
    one = a_person(tx, roche="reader")
    with pytest.raises(NotFound):
        roles.grant(administrator(OLONNE), tx, one.key, ROCHE, "editor", now=NOW)
    with pytest.raises(NotFound):
        roles.find(administrator(OLONNE), tx, ROCHE)


def test_someone_the_administrator_does_not_know_is_invited_not_named(tx: Transaction) -> None:
    elsewhere = a_person(tx, roche="reader")
    with pytest.raises(NotFound):
        roles.grant(administrator(OLONNE), tx, elsewhere.key, OLONNE, "reader", now=NOW)


def test_the_last_administrator_cannot_step_down(tx: Transaction) -> None:
    last = a_person(tx, roche="administrator")
    with pytest.raises(Conflict):
        roles.withdraw(as_person(tx, last), tx, last.key, ROCHE, now=NOW)
    with pytest.raises(Conflict):
        roles.grant(as_person(tx, last), tx, last.key, ROCHE, "reader", now=NOW)


def test_an_administrator_steps_down_once_there_is_another(tx: Transaction) -> None:
    one = a_person(tx, roche="administrator")
    a_person(tx, "bea@roche.fr", roche="administrator")
    roles.withdraw(as_person(tx, one), tx, one.key, ROCHE, now=NOW)
    assert roles.of_person(tx, one.key) == {}


def test_one_whose_account_is_closed_is_not_counted_as_another_administrator(tx: Transaction) -> None:
    one = a_person(tx, roche="administrator")
    closed = a_person(tx, "bea@roche.fr", roche="administrator")
    people.disable(operator(), tx, closed.key, disabled=True, now=NOW)
    with pytest.raises(Conflict):
        roles.withdraw(as_person(tx, one), tx, one.key, ROCHE, now=NOW)


def test_anyone_steps_down_by_itself(tx: Transaction) -> None:
    one = a_person(tx, roche="reader", olonne="editor")
    roles.withdraw(as_person(tx, one), tx, one.key, ROCHE, now=NOW)
    assert roles.of_person(tx, one.key) == {OLONNE: Right.EDIT}


def test_the_structure_names_the_first_administrator_of_a_member(tx: Transaction) -> None:
    one = a_person(tx, olonne="reader")
    roles.grant(operator(), tx, one.key, ROCHE, "administrator", now=NOW)
    assert roles.of_person(tx, one.key)[ROCHE] == Right.ADMINISTER


def test_the_structure_names_no_second_administrator(tx: Transaction) -> None:
    a_person(tx, roche="administrator")
    other = a_person(tx, "bea@roche.fr", olonne="reader")
    with pytest.raises(Forbidden):
        roles.grant(operator(), tx, other.key, ROCHE, "administrator", now=NOW)


def test_closing_the_only_administrators_account_does_not_let_the_structure_name_another(tx: Transaction) -> None:
    only = a_person(tx, roche="administrator")
    people.disable(operator(), tx, only.key, disabled=True, now=NOW)
    other = a_person(tx, "bea@roche.fr", olonne="reader")
    with pytest.raises(Forbidden):
        roles.grant(operator(), tx, other.key, ROCHE, "administrator", now=NOW)


def test_the_structure_gives_no_lower_role_in_a_member(tx: Transaction) -> None:
    one = a_person(tx, olonne="reader")
    with pytest.raises(Forbidden):
        roles.grant(operator(), tx, one.key, ROCHE, "reader", now=NOW)


def test_the_structures_administrators_name_none_of_themselves_in_a_member(tx: Transaction) -> None:
    one = a_person(tx, "op@structure.fr", structure="administrator")
    colleague = a_person(tx, "op2@structure.fr", structure="administrator")
    for whom in (one, colleague):
        with pytest.raises(Forbidden):
            roles.grant(as_person(tx, one), tx, whom.key, ROCHE, "administrator", now=NOW)


def test_withdrawing_a_role_that_is_not_held_is_told(tx: Transaction) -> None:
    with pytest.raises(NotFound):
        roles.withdraw(administrator(), tx, "per-nobody", ROCHE, now=NOW)


def test_roles_are_listed_with_names_for_administrators_alone(tx: Transaction) -> None:
    one = a_person(tx, roche="editor", olonne="reader")
    (listed,) = roles.find(administrator(), tx, ROCHE).items
    assert (listed.person, listed.email, listed.role) == (one.key, "ana@roche.fr", "editor")
    with pytest.raises(Forbidden):
        roles.find(scope_of("per-x", ROCHE), tx, ROCHE)


def test_the_structure_does_not_list_the_people_of_members(tx: Transaction) -> None:
    a_person(tx, roche="administrator")
    assert people.find(operator(), tx).items == []
    with pytest.raises(NotFound):
        roles.find(operator(), tx, ROCHE)
    assert roles.find(operator(), tx, STRUCTURE).items == []
