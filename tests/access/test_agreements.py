from datetime import datetime, timedelta
from typing import Any

import pytest

from beffroi.access import Doorkeeper, Right, Scope, agreements, keys
from beffroi.access.agreements import Agreement, NewAgreement
from beffroi.access.keys import NewKey
from beffroi.database import Database, Transaction
from beffroi.errors import Forbidden, Invalid, NotFound
from tests.access.conftest import DAY, HOUR, INSTANT, NOW, OLONNE, ROCHE, SYSTEM, administrator, scope_of


def a_new(**changes: Any) -> NewAgreement:
    given = {"giver": ROCHE, "receiver": OLONNE, "right": "read", "purpose": "Suivre les fuites", **changes}
    if not given.keys() & {"service", "asset_kind", "series"}:
        given["service"] = "water"
    return NewAgreement(**given)


def made(tx: Transaction, *, by: Scope | None = None, at: datetime = NOW, **changes: Any) -> Agreement:
    return agreements.make(by or administrator(ROCHE), tx, a_new(**changes), now=at)


def in_force(tx: Transaction, after: timedelta = timedelta(), held: Right = Right.OPERATE) -> list[str]:
    return [share.agreement for share in agreements.in_force(tx, {OLONNE: held}, NOW + after)]


@pytest.fixture
def token(database: Database) -> str:
    """An operator's key of Les Sables-d'Olonne."""
    with database.write() as tx:
        new = NewKey(collectivity=OLONNE, name="Supervision", right="operate")
        return keys.make(SYSTEM, tx, new, now=NOW).token


def shares(keeper: Doorkeeper, token: str, after: timedelta = timedelta()) -> list[str]:
    return [one.agreement for one in keeper.by_key(token, language="fr", now=NOW + after).shares]


@pytest.mark.parametrize(
    "subject",
    [{"service": "water"}, {"asset_kind": "water-meter"}, {"series": [3, 1, 3]}],
)
def test_an_agreement_gives_its_one_subject(tx: Transaction, subject: dict[str, Any]) -> None:
    one = made(tx, **subject)
    (share,) = agreements.in_force(tx, {OLONNE: Right.READ}, NOW)
    given = {name: getattr(share, name) for name in ("service", "asset_kind", "series")}
    expected = {name: frozenset(value) if name == "series" else value for name, value in subject.items()}
    assert {name: value for name, value in given.items() if value is not None} == expected
    assert (share.giver, share.right, share.agreement) == (ROCHE, Right.READ, one.key)


@pytest.mark.parametrize(
    "subject",
    [
        {"service": None},
        {"service": "water", "asset_kind": "water-meter"},
        {"service": "water", "series": [1]},
        {"service": "water", "asset_kind": "water-meter", "series": [1]},
    ],
)
def test_an_agreement_has_exactly_one_subject(tx: Transaction, subject: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        made(tx, **subject)


def test_nothing_is_given_to_oneself(tx: Transaction) -> None:
    with pytest.raises(Invalid) as raised:
        made(tx, receiver=ROCHE)
    assert raised.value.faults[0].field == "receiver"


def test_it_holds_from_its_first_instant_to_just_before_its_last(tx: Transaction) -> None:
    one = made(tx, valid_from=NOW + HOUR, valid_until=NOW + DAY)
    assert in_force(tx, HOUR - INSTANT) == []
    assert in_force(tx, HOUR) == [one.key]
    assert in_force(tx, DAY - INSTANT) == [one.key]
    assert in_force(tx, DAY) == []


def test_the_doorkeeper_sees_it_begin_and_end_without_being_told(
    database: Database, keeper: Doorkeeper, token: str
) -> None:
    with database.write() as tx:
        one = made(tx, valid_from=NOW + HOUR, valid_until=NOW + DAY)
    assert shares(keeper, token, HOUR - INSTANT) == []
    assert shares(keeper, token, HOUR) == [one.key]
    assert shares(keeper, token, DAY - INSTANT) == [one.key]
    assert shares(keeper, token, DAY) == []


@pytest.mark.parametrize(
    "period",
    [
        {"valid_until": NOW},
        {"valid_from": NOW + DAY, "valid_until": NOW + DAY},
        {"valid_from": NOW - DAY, "valid_until": NOW - HOUR},
        {"valid_until": NOW.replace(year=3000)},
    ],
)
def test_a_period_that_never_comes_is_refused(tx: Transaction, period: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as raised:
        made(tx, **period)
    assert raised.value.faults[0].field == "valid_until"


def test_the_past_stays_hidden_unless_it_is_given_too(tx: Transaction) -> None:
    assert made(tx).since == NOW
    assert made(tx, valid_from=NOW + DAY).since == NOW + DAY
    assert made(tx, past=True).since is None


def test_revoking_holds_for_the_next_request(database: Database, keeper: Doorkeeper, token: str) -> None:
    with database.write() as tx:
        one = made(tx)
    assert shares(keeper, token) == [one.key]
    with database.write() as tx:
        agreements.revoke(administrator(ROCHE), tx, one.key, now=NOW)
    keeper.forget()
    assert shares(keeper, token) == []


def test_revoking_twice_keeps_the_first_date(tx: Transaction) -> None:
    one = made(tx)
    agreements.revoke(administrator(ROCHE), tx, one.key, now=NOW)
    assert agreements.revoke(administrator(ROCHE), tx, one.key, now=NOW + DAY).revoked_at == NOW


def test_the_receiver_may_renounce(tx: Transaction) -> None:
    one = made(tx)
    agreements.revoke(administrator(OLONNE, "per-neighbour"), tx, one.key, now=NOW)
    assert in_force(tx) == []


@pytest.mark.parametrize("right", [Right.READ, Right.EDIT, Right.OPERATE])
def test_only_the_givers_administrators_make_agreements(tx: Transaction, right: Right) -> None:
    with pytest.raises(Forbidden):
        made(tx, by=scope_of("per-x", ROCHE, right))
    with pytest.raises(NotFound):
        made(tx, by=administrator(OLONNE))


def test_others_neither_see_nor_revoke(tx: Transaction) -> None:
    one = made(tx)
    for scope in (administrator("commune-85047"), scope_of("per-x", ROCHE, Right.OPERATE)):
        assert agreements.find(scope, tx, now=NOW).items == []
        with pytest.raises(NotFound):
            agreements.revoke(scope, tx, one.key, now=NOW)


def test_both_sides_list_it_from_where_they_stand(tx: Transaction) -> None:
    one = made(tx)
    for owner, direction in ((ROCHE, "given"), (OLONNE, "received")):
        opposite = "received" if direction == "given" else "given"
        scope = administrator(owner)
        assert agreements.find(scope, tx, now=NOW, direction=direction).items == [one]
        assert agreements.find(scope, tx, now=NOW, direction=opposite).items == []
        assert agreements.find(scope, tx, now=NOW, collectivity=owner).items == [one]


def test_those_over_or_revoked_are_left_out_when_asked(tx: Transaction) -> None:
    made(tx, valid_until=NOW + HOUR)
    revoked = made(tx)
    agreements.revoke(administrator(), tx, revoked.key, now=NOW)
    kept = made(tx)
    found = agreements.find(administrator(), tx, now=NOW + HOUR, current=True).items
    assert [one.key for one in found] == [kept.key]
    assert len(agreements.find(administrator(), tx, now=NOW + HOUR).items) == 3


@pytest.mark.parametrize(
    ("held", "given"),
    [
        (Right.READ, Right.READ),
        (Right.EDIT, Right.READ),
        (Right.OPERATE, Right.OPERATE),
        (Right.ADMINISTER, Right.OPERATE),
    ],
)
def test_operating_is_given_to_those_who_operate_at_home(tx: Transaction, held: Right, given: Right) -> None:
    made(tx, right="operate")
    (share,) = agreements.in_force(tx, {OLONNE: held}, NOW)
    assert share.right == given


def test_reading_is_never_more_than_reading(tx: Transaction) -> None:
    made(tx, right="read")
    (share,) = agreements.in_force(tx, {OLONNE: Right.ADMINISTER}, NOW)
    assert share.right == Right.READ


def test_a_narrowed_key_gets_no_share_of_another_service(database: Database, keeper: Doorkeeper) -> None:
    with database.write() as tx:
        made(tx, service="water")
        lit = made(tx, service="lighting")
        new = NewKey(collectivity=OLONNE, name="Éclairage", right="operate", services=["lighting"])
        token = keys.make(SYSTEM, tx, new, now=NOW).token
    assert shares(keeper, token) == [lit.key]


def test_what_an_adhesion_made_ends_at_once_or_later(tx: Transaction) -> None:
    for origin in ("adhesion:1", "adhesion:2"):
        agreements.make(administrator(), tx, a_new(), now=NOW, origin=origin)
    assert agreements.revoke_origin(administrator(), tx, "adhesion:1", now=NOW) == 1
    assert agreements.revoke_origin(administrator(), tx, "adhesion:2", now=NOW, at=NOW + DAY) == 1
    assert len(in_force(tx, DAY - INSTANT)) == 1
    assert in_force(tx, DAY) == []
