import msgspec
import pytest
from sqlalchemy import select

from beffroi.access import Right, invitations, people, roles
from beffroi.access.invitations import LIFE, Acceptance, NewInvitation
from beffroi.access.roles import RoleName
from beffroi.access.scope import Scope
from beffroi.access.tables import invitation
from beffroi.database import Transaction
from beffroi.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from tests.access.conftest import (
    HOUR,
    INSTANT,
    NOW,
    OLONNE,
    ROCHE,
    SYSTEM,
    a_person,
    administrator,
    as_person,
    operator,
    scope_of,
)


def invited(
    tx: Transaction, email: str = "ana@roche.fr", role: RoleName = "editor", by: Scope | None = None
) -> invitations.Invited:
    return invitations.make(by or administrator(), tx, NewInvitation(email, ROCHE, role), now=NOW)


def accepted(
    tx: Transaction, token: str, signed_in: str | None = None, after: object = HOUR, name: str | None = "Ana"
) -> people.Person:
    at = NOW + after  # type: ignore[operator]
    return invitations.accept(tx, Acceptance(token, name, "…"), signed_in=signed_in, hashed="hash", now=at)


def test_accepting_makes_the_account_and_gives_the_role(tx: Transaction) -> None:
    who = accepted(tx, invited(tx).token)
    assert (who.name, who.email) == ("Ana", "ana@roche.fr")
    assert roles.of_person(tx, who.key) == {ROCHE: Right.EDIT}


def test_an_invitation_is_accepted_once(tx: Transaction) -> None:
    token = invited(tx).token
    who = accepted(tx, token)
    with pytest.raises(Unauthenticated):
        accepted(tx, token, signed_in=who.key)


def test_an_invitation_expires(tx: Transaction) -> None:
    token = invited(tx).token
    with pytest.raises(Unauthenticated):
        accepted(tx, token, after=LIFE)
    assert accepted(tx, token, after=LIFE - INSTANT).email == "ana@roche.fr"


def test_a_revoked_invitation_opens_nothing(tx: Transaction) -> None:
    made = invited(tx)
    invitations.revoke(administrator(), tx, made.invitation.key, now=NOW)
    with pytest.raises(Unauthenticated):
        accepted(tx, made.token)


def test_an_accepted_invitation_is_not_revoked(tx: Transaction) -> None:
    made = invited(tx)
    accepted(tx, made.token)
    with pytest.raises(Conflict):
        invitations.revoke(administrator(), tx, made.invitation.key, now=NOW)


@pytest.mark.parametrize("again", ["ana@roche.fr", "ANA@roche.fr", "\u00c9va@roche.fr"])
def test_inviting_again_replaces_the_first_link(tx: Transaction, again: str) -> None:
    first = invited(tx, again.lower())
    invited(tx, again)
    with pytest.raises(Unauthenticated):
        accepted(tx, first.token)


def test_who_has_an_account_must_be_signed_in_with_it(tx: Transaction) -> None:
    there = a_person(tx, "ana@roche.fr", olonne="reader")
    other = a_person(tx, "bea@roche.fr", roche="reader")
    token = invited(tx).token
    for signed_in in (None, other.key):
        with pytest.raises(Conflict):
            accepted(tx, token, signed_in=signed_in)
    assert accepted(tx, token, signed_in=there.key).key == there.key
    assert roles.of_person(tx, there.key) == {OLONNE: Right.READ, ROCHE: Right.EDIT}


def test_accepting_never_lowers_a_role(tx: Transaction) -> None:
    there = a_person(tx, "ana@roche.fr", roche="administrator")
    accepted(tx, invited(tx, role="reader").token, signed_in=there.key)
    assert roles.of_person(tx, there.key) == {ROCHE: Right.ADMINISTER}


def test_a_new_account_needs_a_name_and_a_password(tx: Transaction) -> None:
    token = invited(tx).token
    with pytest.raises(Invalid) as raised:
        invitations.accept(tx, Acceptance(token), signed_in=None, hashed=None, now=NOW)
    assert [fault.field for fault in raised.value.faults] == ["name", "password"]


def test_only_administrators_invite(tx: Transaction) -> None:
    with pytest.raises(Forbidden):
        invited(tx, by=scope_of("per-x", ROCHE, Right.OPERATE))
    with pytest.raises(NotFound):
        invited(tx, by=administrator(OLONNE))


def test_the_structure_invites_a_members_first_administrator_and_nobody_else(tx: Transaction) -> None:
    with pytest.raises(Forbidden):
        invited(tx, role="reader", by=operator())
    accepted(tx, invited(tx, role="administrator", by=operator()).token)
    with pytest.raises(Forbidden):
        invited(tx, "bea@roche.fr", role="administrator", by=operator())


def test_the_structures_own_administrators_are_not_invited_as_first_administrators(tx: Transaction) -> None:
    one = a_person(tx, "op@structure.fr", structure="administrator")
    with pytest.raises(Forbidden):
        invited(tx, "OP@structure.fr", role="administrator", by=as_person(tx, one))


def test_a_second_invitation_kept_in_reserve_falls_with_the_first_administrator(tx: Transaction) -> None:
    true, spare = (invited(tx, email, "administrator", operator()) for email in ("ana@roche.fr", "spy@roche.fr"))
    accepted(tx, true.token)
    with pytest.raises(Unauthenticated):
        accepted(tx, spare.token)


def test_an_invitation_kept_in_reserve_falls_when_the_first_administrator_is_named(tx: Transaction) -> None:
    spare = invited(tx, "spy@roche.fr", "administrator", operator())
    one = a_person(tx, "ana@roche.fr", olonne="reader")
    roles.grant(operator(), tx, one.key, ROCHE, "administrator", now=NOW)
    with pytest.raises(Unauthenticated):
        accepted(tx, spare.token)


def test_invitations_are_listed_for_the_collectivitys_administrators_alone(tx: Transaction) -> None:
    made = invited(tx)
    assert [one.key for one in invitations.find(administrator(), tx, now=NOW).items] == [made.invitation.key]
    for scope in (administrator(OLONNE, "per-neighbour"), scope_of("per-x", ROCHE, Right.OPERATE)):
        assert invitations.find(scope, tx, now=NOW).items == []
        with pytest.raises(NotFound):
            invitations.revoke(scope, tx, made.invitation.key, now=NOW)


def test_only_waiting_invitations_are_listed_when_asked(tx: Transaction) -> None:
    kept, revoked, taken = (invited(tx, f"{name}@roche.fr") for name in ("kept", "revoked", "taken"))
    invitations.revoke(administrator(), tx, revoked.invitation.key, now=NOW)
    accepted(tx, taken.token)
    listed = invitations.find(administrator(), tx, now=NOW, waiting=True).items
    assert [one.key for one in listed] == [kept.invitation.key]
    assert len(invitations.find(administrator(), tx, now=NOW).items) == 3


def test_the_link_is_kept_hashed(tx: Transaction) -> None:
    made = invited(tx)
    row = tx.execute(select(invitation)).one()
    assert made.token not in str(tuple(row))


def test_an_administrator_invited_by_the_program_itself_is_as_any_other(tx: Transaction) -> None:
    made = invited(tx, role="administrator", by=SYSTEM)
    assert msgspec.structs.asdict(made.invitation)["invited_by"] == "system"
    assert roles.of_person(tx, accepted(tx, made.token).key) == {ROCHE: Right.ADMINISTER}


def test_other_invitations_stay_when_a_collectivity_gets_its_first_administrator(tx: Transaction) -> None:
    reader = invited(tx, "bea@roche.fr", "reader")
    accepted(tx, invited(tx, "ana@roche.fr", "administrator", operator()).token)
    assert roles.of_person(tx, accepted(tx, reader.token).key) == {ROCHE: Right.READ}
