"""Deletions with a receipt, rules of retention, and backups that do not bring back what was deleted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from beffroi.access import receipts
from beffroi.access.receipts import Receipt
from beffroi.access.tables import deletion, deletion_step
from beffroi.app import Instance, opened
from beffroi.errors import Invalid
from beffroi.observations import Quality, Windows, batch_of
from beffroi.pipeline import backup
from beffroi.pipeline.keeping import Deleted, Keeping
from beffroi.registry import retention
from beffroi.registry.retention import NewRule, Rule
from beffroi.registry.series import SeriesQuery
from beffroi.registry.series import find as find_series
from tests.acquisition.builders import a_csv
from tests.conftest import NOW, OLONNE, ROCHE, Territory
from tests.pipeline.test_files import AT, SMALL, take_in, waiting

MARK = "Valtin-Ducrocq"
SUMMARISED = int(Quality.SUMMARISED)


def wrote(territory: Territory, series: int, *days_ago: float, **columns: Any) -> None:
    times = [NOW - timedelta(days=days) for days in days_ago]
    given = columns or {"value": [float(days) for days in days_ago]}
    territory.instance.rooms.record.append(batch_of({"series": [series] * len(times), "time": times, **given}))


def kept(instance: Instance, series: int) -> list[tuple[datetime, float | None, int]]:
    rows = instance.rooms.record.read(Windows.whole([series])).read_all().to_pylist()
    return [(row["time"], row["value"], row["quality"]) for row in rows]


def removed(territory: Territory, series: Any, windows: Windows | None = None) -> Deleted:
    asked = windows or Windows.whole([series.id])
    return territory.instance.rooms.keeping.remove(territory.system, [series], asked, now=NOW)


def receipt(territory: Territory, key: str) -> Receipt:
    with territory.instance.rooms.database.read() as tx:
        return receipts.get(territory.system, tx, key)


def faults(territory: Territory, key: str) -> list[str]:
    with territory.instance.rooms.database.read() as tx:
        return receipts.faults(tx, receipts.get(territory.system, tx, key))


def holding(folder: Path, mark: str = MARK) -> list[str]:
    """The files of `folder` in which a text is to be found."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(folder)) for path in files if mark.encode() in path.read_bytes())


def a_rule(territory: Territory, **given: Any) -> Rule:
    with territory.instance.rooms.database.write() as tx:
        return retention.create(territory.system, tx, NewRule(purpose="Essai", **given), now=NOW)


@pytest.fixture
def keeping(territory: Territory) -> Keeping:
    return territory.instance.rooms.keeping


@pytest.fixture
def words(territory: Territory) -> Any:
    """A series of texts, with one that is to be found in its day's file, and another in the table."""
    series = territory.a_series(observed_property="message", code="MSG-1")
    wrote(territory, series.id, 30, 29, text=[MARK, "rien"])
    territory.instance.rooms.record.settle()  # type: ignore[attr-defined]
    wrote(territory, series.id, 0, text=[MARK])
    return series


# deletions


def test_a_receipt_tells_who_what_and_how_much(territory: Territory, words: Any) -> None:
    done = removed(territory, words)
    told = receipt(territory, done.receipts[0])
    assert (done.observations, told.owner, told.origin, told.actor_name) == (3, ROCHE, "request", "test")
    assert [(one.id, one.code, one.name) for one in told.series] == [(words.id, "MSG-1", words.name)]
    assert [one.step for one in told.steps] == ["asked", "removed"]
    detail = told.steps[1].detail
    assert (detail["observations"], detail["by_series"]) == (3, [[words.id, 3]])
    assert {file["after"]["name"] for file in detail["files"]} == {None}
    assert all(len(file["before"]["sha256"]) == 64 for file in detail["files"])


def test_a_receipt_is_complete_once_no_file_of_the_instance_holds_the_bytes(
    territory: Territory, keeping: Keeping, words: Any
) -> None:
    data = territory.instance.settings.data
    assert holding(data)
    done = removed(territory, words)
    assert keeping.finish(now=NOW) == 1
    assert holding(data) == []
    assert receipt(territory, done.receipts[0]).steps[-1].step == "erased"
    assert keeping.finish(now=NOW) == 0


def test_the_raw_cells_of_the_quarantine_go_too(territory: Territory, keeping: Keeping, tmp_path: Path) -> None:
    lines = [f"{AT},s,273.15", f"2024-01-02T00:00Z,s,{MARK}", f"{MARK},s,280", "2024-01-02T00:00Z,other,kept"]
    take_in(territory, a_csv(tmp_path, "at,station,t", *lines), SMALL)
    with territory.instance.rooms.database.read() as tx:
        (mine,) = find_series(territory.system, tx, SeriesQuery(code="s:t")).items
    done = removed(territory, mine)
    keeping.finish(now=NOW)
    assert holding(territory.instance.settings.data) == []
    assert [(one.raw, one.state) for one in waiting(territory)] == [
        ("", "discarded"),
        ("", "discarded"),
        ("kept", "waiting"),
    ]
    assert receipt(territory, done.receipts[0]).steps[1].detail["quarantine"] == {"blanked": 2, "unknown": 0}


def test_a_deletion_under_way_when_the_process_dies_is_carried_out_at_the_start(
    territory: Territory, tmp_path: Path, words: Any
) -> None:
    rooms = territory.instance.rooms
    told = [receipts.RemovedSeries(words.id, words.code, words.name)]
    with rooms.database.write() as tx:
        key = receipts.begin(
            tx, territory.system.actor, owner=ROCHE, series=told, origin="request", deed="delete", now=NOW
        )
    rooms.keeping.resume(now=NOW)
    assert kept(territory.instance, words.id) == []
    assert receipt(territory, key).steps[-1].detail["resumed"]
    assert faults(territory, key) == []


@pytest.mark.parametrize(
    "deed",
    [
        update(deletion).values(actor_name="someone else"),
        update(deletion).values(series="[]"),
        update(deletion_step).where(deletion_step.c.step == "removed").values(detail='{"observations":1}'),
        deletion_step.delete().where(deletion_step.c.step == "removed"),
    ],
    ids=["who", "what", "how much", "cut"],
)
def test_a_receipt_that_was_changed_is_found_out(territory: Territory, words: Any, deed: Any) -> None:
    key = removed(territory, words).receipts[0]
    assert faults(territory, key) == []
    with territory.instance.rooms.database.write() as tx:
        tx.execute(deed)
    assert faults(territory, key)


# backups


@pytest.fixture
def old_backup(territory: Territory, tmp_path: Path, words: Any) -> Path:
    """One made before everything of `words` is deleted, in a folder of backups."""
    folder = tmp_path / "backups"
    folder.mkdir()
    rooms = territory.instance.rooms
    backup.back_up(rooms.database, rooms.record, rooms.data, folder / "old", now=NOW)
    removed(territory, words)
    rooms.keeping.finish(now=NOW)
    return folder / "old"


@pytest.fixture
def restored(territory: Territory, old_backup: Path, tmp_path: Path) -> Iterator[Instance]:
    """An instance laid from the old backup, the register beside it."""
    backup.write_register(territory.instance.rooms.database, old_backup.parent)
    backup.restore(old_backup, tmp_path / "new", now=NOW)
    with opened(replace(territory.instance.settings, data=tmp_path / "new")) as instance:
        yield instance


def test_an_older_backup_alone_brings_back_what_was_deleted_since(old_backup: Path, tmp_path: Path) -> None:
    _, again = backup.restore(old_backup, tmp_path / "new", now=NOW)
    assert again == 0
    assert holding(tmp_path / "new")


def test_a_restore_deletes_again_what_was_deleted_since(
    restored: Instance, words: Any, tmp_path: Path, territory: Territory
) -> None:
    assert kept(restored, words.id) == []
    assert holding(tmp_path / "new") == []
    with restored.rooms.database.read() as tx:
        (told,) = receipts.asked(tx)
        assert receipts.faults(tx, told) == []
    assert [one.step for one in told.steps] == ["asked", "removed", "erased", "restored"]


def test_what_was_written_again_after_a_deletion_that_the_backup_knows_stays(
    territory: Territory, words: Any, tmp_path: Path
) -> None:
    rooms = territory.instance.rooms
    removed(territory, words)
    wrote(territory, words.id, 3, text=["after"])
    backup.back_up(rooms.database, rooms.record, rooms.data, tmp_path / "copy", now=NOW)
    backup.write_register(rooms.database, tmp_path)
    _, again = backup.restore(tmp_path / "copy", tmp_path / "new", now=NOW)
    assert again == 0
    with opened(replace(territory.instance.settings, data=tmp_path / "new")) as instance:
        assert len(kept(instance, words.id)) == 1


def test_a_register_kept_elsewhere_serves_as_well(territory: Territory, old_backup: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    backup.write_register(territory.instance.rooms.database, elsewhere)
    _, again = backup.restore(old_backup, tmp_path / "new", now=NOW, registers=[elsewhere / backup.REGISTER])
    assert again == 1
    assert holding(tmp_path / "new") == []


def test_a_register_that_was_changed_is_refused_by_name(territory: Territory, old_backup: Path, tmp_path: Path) -> None:
    register = tmp_path / backup.REGISTER
    backup.write_register(territory.instance.rooms.database, tmp_path)
    told = msgspec.json.decode(register.read_bytes())
    told[0]["series"] = []
    register.write_bytes(msgspec.json.encode(told))
    with pytest.raises(Invalid) as refused:
        backup.restore(old_backup, tmp_path / "new", now=NOW, registers=[register])
    assert refused.value.faults[0].field == str(register)
    assert not (tmp_path / "new").exists()


def test_older_backups_are_made_anew_without_what_was_deleted_since(
    territory: Territory, old_backup: Path, tmp_path: Path
) -> None:
    rooms, folder = territory.instance.rooms, old_backup.parent
    made_at = backup.check(old_backup).made_at
    assert holding(old_backup)
    backup.write_register(rooms.database, folder)
    assert backup.clean(folder, now=NOW) == ["old"]
    assert holding(folder) == []
    assert backup.check(old_backup).made_at == made_at
    assert sorted(path.name for path in folder.iterdir()) == ["deletions.json", "old"]
    assert backup.clean(folder, now=NOW) == []
    backup.note(rooms.database, folder, ["old"], now=NOW)
    with rooms.database.read() as tx:
        (told,) = receipts.asked(tx)
    assert (told.steps[-1].step, told.steps[-1].detail["cleaned"]) == ("backups", ["old"])


def test_cleaning_that_died_between_two_names_is_mended(territory: Territory, old_backup: Path) -> None:
    old_backup.rename(old_backup.with_name("old.uncleaned"))
    backup.write_register(territory.instance.rooms.database, old_backup.parent)
    assert backup.clean(old_backup.parent, now=NOW) == ["old"]
    assert holding(old_backup.parent) == []


# rules


def test_without_a_rule_everything_is_kept(territory: Territory, keeping: Keeping) -> None:
    series = territory.a_series().id
    wrote(territory, series, 20_000, 1)
    assert keeping.retain(now=NOW) == []
    assert len(kept(territory.instance, series)) == 2


def test_a_rule_deletes_what_is_older_and_gives_a_receipt(territory: Territory, keeping: Keeping) -> None:
    series = territory.a_series().id
    wrote(territory, series, 31.5, 30.6, 30.4, 1)
    rule = a_rule(territory, keep_days=30)
    (told,) = keeping.retain(now=NOW)
    assert (told.rule, told.owner, told.deed, told.observations, told.series) == (rule.id, ROCHE, "delete", 2, 1)
    assert [value for _, value, _ in kept(territory.instance, series)] == [30.4, 1]
    assert told.receipt
    assert receipt(territory, told.receipt).origin == f"rule:{rule.id}"
    assert keeping.retain(now=NOW) == []


def test_a_dry_run_tells_what_a_run_takes_and_takes_nothing(territory: Territory, keeping: Keeping) -> None:
    series = territory.a_series().id
    wrote(territory, series, 40, 39.99, 1)
    rule = a_rule(territory, keep_days=30, figures="day", figures_days=60)
    foreseen = keeping.dry_run(territory.system, rule, now=NOW)
    assert len(kept(territory.instance, series)) == 3
    done = keeping.retain(now=NOW)
    assert [msgspec.structs.replace(one, receipt=None) for one in done] == foreseen
    assert [(one.observations, one.series, one.deed) for one in done] == [(2, 1, "thin")]


def test_figures_replace_observations_then_go_in_turn(territory: Territory, keeping: Keeping) -> None:
    number, counter = territory.a_series().id, territory.a_series(observed_property="water-volume").id
    for series in (number, counter):
        wrote(territory, series, 40, 39.99, 1, value=[1.0, 4.0, 9.0])
    a_rule(territory, keep_days=30, figures="hour", figures_days=60)
    keeping.retain(now=NOW)
    assert [(value, quality) for _, value, quality in kept(territory.instance, number)] == [(2.5, SUMMARISED), (9, 0)]
    assert [value for _, value, _ in kept(territory.instance, counter)] == [4.0, 9.0]
    keeping.retain(now=NOW + timedelta(days=30))
    assert [value for _, value, _ in kept(territory.instance, number)] == [9.0]


def test_the_owners_rule_comes_before_the_structures(territory: Territory, keeping: Keeping) -> None:
    mine, theirs = territory.a_series().id, territory.a_series(owner=OLONNE).id
    for series in (mine, theirs):
        wrote(territory, series, 100, 20, 5)
    a_rule(territory, keep_days=10)
    a_rule(territory, owner=ROCHE, keep_days=50)
    a_rule(territory, owner=OLONNE)
    keeping.retain(now=NOW)
    assert [len(kept(territory.instance, one)) for one in (mine, theirs)] == [2, 3]


def test_the_more_precise_rule_holds(territory: Territory, keeping: Keeping) -> None:
    warm = territory.a_series().id
    wrote(territory, warm, 100, 20, 5)
    a_rule(territory, value_kind="number", keep_days=2)
    a_rule(territory, service="buildings", keep_days=4)
    a_rule(territory, observed_property="temperature", keep_days=50)
    keeping.retain(now=NOW)
    assert len(kept(territory.instance, warm)) == 2


def test_a_long_rule_counts_by_months(territory: Territory, keeping: Keeping) -> None:
    series = territory.a_series().id
    wrote(territory, series, 385, 400)  # the 2nd of November and the 18th of October of the year before
    a_rule(territory, keep_days=365)
    keeping.retain(now=NOW)
    assert [value for _, value, _ in kept(territory.instance, series)] == [385]


def test_rules_are_applied_once_a_day_in_the_morning(territory: Territory, keeping: Keeping) -> None:
    series = territory.a_series().id
    wrote(territory, series, 40, 2)
    a_rule(territory, keep_days=30)
    keeping.turn(now=NOW.replace(hour=1))
    assert len(kept(territory.instance, series)) == 2
    keeping.turn(now=NOW)
    assert len(kept(territory.instance, series)) == 1
