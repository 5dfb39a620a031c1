from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from beffroi.access import Views, audit
from beffroi.access.audit import Line, Question
from beffroi.database import Database
from tests.access.conftest import MINUTE, NOW, OLONNE, ROCHE, SECOND, SYSTEM, administrator, operator, scope_of


@pytest.fixture
def views(database: Database) -> Views:
    return Views(database, interval=10 * MINUTE, bound=5)


def seen(views: Views, subject: str = "list", after: timedelta = timedelta(), owner: str = ROCHE) -> None:
    views.note(scope_of("per-reader", ROCHE), "series.read", owner, subject, NOW + after)


def written(database: Database) -> list[Line]:
    with database.read() as tx:
        return audit.find(SYSTEM, tx, Question()).items[::-1]


def test_a_first_sight_is_written_at_the_next_flush_with_its_own_time(views: Views, database: Database) -> None:
    seen(views)
    assert written(database) == []
    assert views.flush(NOW + SECOND) == 1
    (line,) = written(database)
    assert (line.actor_key, line.action, line.owner, line.subject) == ("per-reader", "series.read", ROCHE, "list")
    assert line.at == NOW


def test_seeing_it_again_only_counts(views: Views, database: Database) -> None:
    for after in range(20):
        seen(views, after=after * SECOND)
        views.flush(NOW + after * SECOND)
    assert len(written(database)) == 1
    views.flush(NOW + 10 * MINUTE)
    _, again = written(database)
    assert again.detail == {"again": 19, "since": "2026-11-22T12:00:00Z"}


def test_another_subject_actor_or_owner_is_another_line(views: Views, database: Database) -> None:
    seen(views)
    seen(views, "12")
    seen(views, owner=OLONNE)
    views.note(operator(), "series.read", ROCHE, "list", NOW)
    assert views.flush(NOW) == 4


def test_a_sight_after_the_interval_is_a_first_sight_again(views: Views, database: Database) -> None:
    seen(views)
    views.flush(NOW)
    seen(views, after=10 * MINUTE)
    views.flush(NOW + 10 * MINUTE)
    assert [line.at for line in written(database)] == [NOW, NOW + 10 * MINUTE]


def test_closing_writes_all_that_is_held(views: Views, database: Database) -> None:
    seen(views)
    seen(views, after=SECOND)
    views.close(NOW + MINUTE)
    assert [line.detail.get("again") for line in written(database)] == [None, 1]


def test_no_more_is_held_than_the_bound(views: Views, database: Database) -> None:
    for number in range(12):
        seen(views, str(number))
    assert len(written(database)) >= 12 - views.bound
    views.close(NOW)
    assert sorted(int(line.subject) for line in written(database)) == list(range(12))


def test_what_cannot_be_noted_is_not_shown_and_nothing_noted_is_lost(views: Views, database: Database) -> None:
    with database.write() as tx:
        tx.execute(text("ALTER TABLE audit RENAME TO elsewhere"))
    for number in range(views.bound):
        seen(views, str(number))
    with pytest.raises(OperationalError):
        views.flush(NOW)
    for _ in range(10):
        with pytest.raises(OperationalError):
            seen(views, "one more")
    with database.write() as tx:
        tx.execute(text("ALTER TABLE elsewhere RENAME TO audit"))
    views.close(NOW)
    assert [line.subject for line in written(database)] == ["0", "1", "2", "3", "4"]


def test_views_are_in_the_chain(views: Views, database: Database) -> None:
    seen(views)
    views.close(NOW)
    with database.read() as tx:
        assert audit.verify(tx, b"secret of a test").whole
        assert audit.find(administrator(), tx, Question()).items[0].action == "series.read"
