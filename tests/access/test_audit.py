from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from beffroi.access import STRANGER, Actor, Right, Scope, audit
from beffroi.access.audit import Question
from beffroi.database import Database, Transaction, upgrade
from beffroi.errors import Invalid
from tests.access.conftest import (
    HOUR,
    NOW,
    OLONNE,
    ROCHE,
    SECOND,
    SECRET,
    STRUCTURE,
    SYSTEM,
    administrator,
    operator,
    scope_of,
)
from tests.trials import tried

LINES = 6
TEXTS = ("actor_kind", "actor_key", "actor_name", "action", "owner", "subject", "detail", "previous", "hash", "at")


def lines_of(tx: Transaction, scope: Scope, **asked: Any) -> list[str]:
    return [line.subject for line in audit.find(scope, tx, Question(**asked)).items]


def recorded(tx: Transaction, subject: str, scope: Scope = SYSTEM, owner: str | None = ROCHE, **more: Any) -> None:
    given = {"action": "thing.change", "now": NOW, **more}
    audit.record(scope, tx, given.pop("action"), owner=owner, subject=subject, **given)


@dataclass
class Trail:
    """A trail of six lines, whose guards were taken away by someone who can write to the file."""

    database: Database

    def tampered(self, tamper: Callable[[Transaction], object]) -> audit.Verified:
        """What `verify` says after `tamper`, which is then undone."""
        with self.database.read() as tx:
            tamper(tx)
            return audit.verify(tx, SECRET)


def trail_in(folder: Path) -> Database:
    database = Database.in_folder(folder)
    upgrade(database)
    audit.arm(database, SECRET)
    with database.write() as tx:
        for number in range(LINES):
            owner = (ROCHE, OLONNE, None)[number % 3]
            detail = {"number": number, "role": "reader"}
            recorded(tx, f"thing-{number}", owner=owner, detail=detail, now=NOW + number * SECOND)
    with database.write() as tx:
        for deed in ("update", "delete"):
            tx.execute(text(f"DROP TRIGGER audit_refuses_{deed}"))
    return database


@pytest.fixture(scope="module")
def trail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trail]:
    database = trail_in(tmp_path_factory.mktemp("trail"))
    yield Trail(database)
    database.close()


def test_an_untouched_trail_is_whole(trail: Trail) -> None:
    found = trail.tampered(lambda tx: None)
    assert (found.whole, found.rows, found.broken) == (True, LINES, [])


@tried(150)
@given(
    seq=st.integers(1, LINES),
    column=st.sampled_from(TEXTS),
    value=st.none()
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
    | st.binary(max_size=4),
)
def test_any_edit_of_a_line_is_found(trail: Trail, seq: int, column: str, value: object) -> None:
    with trail.database.read() as tx:
        was = tx.execute(text(f"SELECT {column} FROM audit WHERE seq = :seq"), {"seq": seq}).scalar_one()
    edited: list[bool] = []

    def edit(tx: Transaction) -> None:
        try:
            tx.execute(text(f"UPDATE audit SET {column} = :value WHERE seq = :seq"), {"value": value, "seq": seq})
        except IntegrityError:  # the column takes no null
            return
        edited.append(value != was)

    assert trail.tampered(edit).whole is not any(edited)


@given(characters=st.data(), seq=st.integers(1, LINES), column=st.sampled_from(TEXTS))
@tried(100)
def test_one_character_changed_is_found(trail: Trail, characters: st.DataObject, seq: int, column: str) -> None:
    with trail.database.read() as tx:
        was = tx.execute(text(f"SELECT {column} FROM audit WHERE seq = :seq"), {"seq": seq}).scalar_one()
    if not was:
        return
    place = characters.draw(st.integers(0, len(was) - 1))
    other = characters.draw(st.sampled_from([one for one in "0123456789abcdefxyz" if one != was[place]]))
    now = was[:place] + other + was[place + 1 :]
    statement = text(f"UPDATE audit SET {column} = :now WHERE seq = :seq")
    assert not trail.tampered(lambda tx: tx.execute(statement, {"now": now, "seq": seq})).whole


@pytest.mark.parametrize("seq", range(1, LINES + 1))
def test_a_removed_line_is_found(trail: Trail, seq: int) -> None:
    assert not trail.tampered(lambda tx: tx.execute(text("DELETE FROM audit WHERE seq = :seq"), {"seq": seq})).whole


@pytest.mark.parametrize("kept", range(LINES))
def test_a_cut_tail_is_found(trail: Trail, kept: int) -> None:
    assert not trail.tampered(lambda tx: tx.execute(text("DELETE FROM audit WHERE seq > :kept"), {"kept": kept})).whole


@pytest.mark.parametrize("seq", range(2, LINES + 1))
def test_a_removed_line_is_found_even_renumbered(trail: Trail, seq: int) -> None:
    def close_the_gap(tx: Transaction) -> None:
        tx.execute(text("DELETE FROM audit WHERE seq = :seq"), {"seq": seq})
        for after in range(seq + 1, LINES + 1):
            tx.execute(text("UPDATE audit SET seq = :new WHERE seq = :old"), {"new": after - 1, "old": after})

    assert not trail.tampered(close_the_gap).whole


@pytest.mark.parametrize(("one", "other"), [(a, b) for a in range(1, LINES) for b in range(a + 1, LINES + 1)])
def test_two_lines_swapped_are_found(trail: Trail, one: int, other: int) -> None:
    def swap(tx: Transaction) -> None:
        for old, new in ((one, 0), (other, one), (0, other)):
            tx.execute(text("UPDATE audit SET seq = :new WHERE seq = :old"), {"old": old, "new": new})

    assert not trail.tampered(swap).whole


def test_a_line_added_without_the_secret_is_found(trail: Trail) -> None:
    copied = text(
        f"INSERT INTO audit SELECT {LINES + 1}, at, actor_kind, actor_key, actor_name, action, owner, subject, "
        f"detail, hash, hash FROM audit WHERE seq = {LINES}"
    )
    assert not trail.tampered(lambda tx: tx.execute(copied)).whole


@pytest.mark.parametrize("column", ["rows", "hash", "seal"])
def test_a_head_put_back_is_found(trail: Trail, column: str) -> None:
    value = "(SELECT hash FROM audit WHERE seq = 3)" if column == "hash" else "3"

    def cut(tx: Transaction) -> None:
        tx.execute(text("DELETE FROM audit WHERE seq > 3"))
        tx.execute(text(f"UPDATE audit_head SET {column} = {value}"))

    assert not trail.tampered(cut).whole


def test_a_head_rewritten_to_fit_a_cut_trail_is_found(trail: Trail) -> None:
    def cut(tx: Transaction) -> None:
        tx.execute(text("DELETE FROM audit WHERE seq > 3"))
        tx.execute(text("UPDATE audit_head SET rows = 3, hash = (SELECT hash FROM audit WHERE seq = 3)"))

    assert not trail.tampered(cut).whole


def test_a_head_taken_away_is_found(trail: Trail) -> None:
    assert not trail.tampered(lambda tx: tx.execute(text("DELETE FROM audit_head"))).whole


def test_another_secret_verifies_nothing(trail: Trail) -> None:
    with trail.database.read() as tx:
        assert not audit.verify(tx, b"another secret").whole


@pytest.mark.parametrize(
    "deed", ["UPDATE audit SET subject = 'x'", "DELETE FROM audit", "DELETE FROM audit WHERE seq=1"]
)
def test_the_database_refuses_to_change_the_trail(tx: Transaction, deed: str) -> None:
    recorded(tx, "thing")
    with pytest.raises(IntegrityError, match="append-only"):
        tx.execute(text(deed))


def test_what_a_failed_transaction_recorded_is_gone_with_it(database: Database) -> None:
    class Boom(Exception):
        pass

    with pytest.raises(Boom), database.write() as tx:
        recorded(tx, "thing")
        raise Boom
    with database.read() as tx:
        assert audit.verify(tx, SECRET).rows == 0


def test_nothing_is_recorded_without_a_secret(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    upgrade(database)
    with pytest.raises(RuntimeError), database.write() as tx:
        recorded(tx, "thing")
    database.close()


def test_administrators_read_what_was_done_in_their_collectivity_alone(tx: Transaction) -> None:
    recorded(tx, "roche", owner=ROCHE)
    recorded(tx, "olonne", owner=OLONNE)
    recorded(tx, "instance", owner=None)
    assert lines_of(tx, administrator(ROCHE)) == ["roche"]
    assert lines_of(tx, administrator(OLONNE)) == ["olonne"]


def test_the_structures_administrators_read_the_instances_lines_and_not_members(tx: Transaction) -> None:
    recorded(tx, "roche", owner=ROCHE)
    recorded(tx, "structure", owner=STRUCTURE)
    recorded(tx, "instance", owner=None)
    recorded(tx, "refused", Scope(actor=STRANGER), owner=None)
    assert lines_of(tx, operator()) == ["refused", "instance", "structure"]


@pytest.mark.parametrize("right", [Right.READ, Right.EDIT, Right.OPERATE])
def test_others_read_their_own_deeds_alone(tx: Transaction, right: Right) -> None:
    me = scope_of("per-me", ROCHE, right)
    recorded(tx, "mine", me)
    recorded(tx, "another's", administrator())
    namesake = Scope(actor=Actor("key", "per-me", "a key with the same name"))
    recorded(tx, "a namesake's", namesake)
    assert lines_of(tx, me) == ["mine"]


def test_a_narrowed_key_reads_its_own_deeds_alone(tx: Transaction) -> None:
    recorded(tx, "another's", administrator())
    narrowed = scope_of("key-1", ROCHE, Right.ADMINISTER, services=frozenset({"water"}))
    recorded(tx, "its own", narrowed)
    assert lines_of(tx, narrowed) == ["its own"]


def test_lines_are_found_by_time_half_open(tx: Transaction) -> None:
    for hours in range(4):
        recorded(tx, str(hours), now=NOW + hours * HOUR)
    assert lines_of(tx, SYSTEM, start=NOW + HOUR, end=NOW + 3 * HOUR) == ["2", "1"]


def test_lines_are_found_by_actor_action_and_collectivity(tx: Transaction) -> None:
    recorded(tx, "a", administrator(), action="role.grant")
    recorded(tx, "b", administrator(), action="key.make")
    recorded(tx, "c", operator(), action="role.withdraw", owner=OLONNE)
    assert lines_of(tx, SYSTEM, actor="per-administrator") == ["b", "a"]
    assert lines_of(tx, SYSTEM, action="role.") == ["c", "a"]
    assert lines_of(tx, SYSTEM, collectivity=OLONNE) == ["c"]
    assert lines_of(tx, SYSTEM, action="%") == []


def test_pages_go_back_in_time_without_a_hole(tx: Transaction) -> None:
    for number in range(7):
        recorded(tx, str(number))
    subjects: list[str] = []
    after = None
    while True:
        page = audit.find(SYSTEM, tx, Question(after=after, limit=3))
        subjects += [line.subject for line in page.items]
        after = page.next
        if after is None:
            break
    assert subjects == ["6", "5", "4", "3", "2", "1", "0"]


@pytest.mark.parametrize("after", ["x", "-1", "", "9" * 30, "١"])
def test_a_made_up_cursor_is_refused(tx: Transaction, after: str) -> None:
    with pytest.raises(Invalid) as raised:
        audit.find(SYSTEM, tx, Question(after=after))
    assert raised.value.faults[0].field == "after"


def test_a_line_says_who_did_what_and_how(tx: Transaction) -> None:
    recorded(tx, "agr-1", administrator(), action="agreement.make", detail={"until": NOW, "subject": {"series": [1]}})
    (line,) = audit.find(administrator(), tx, Question()).items
    assert (line.seq, line.at, line.actor_kind, line.actor_key) == (1, NOW, "person", "per-administrator")
    assert line.detail == {"until": "2026-11-22T12:00:00Z", "subject": {"series": [1]}}
