from pathlib import Path

import pytest

from beffroi.access import Right, Scope
from beffroi.access.scope import Actor
from beffroi.errors import Conflict, Forbidden, Invalid, NotFound
from beffroi.pipeline import quarantine
from beffroi.pipeline.files import Replayed, replay, replay_all
from beffroi.pipeline.quarantine import Quarantined, QuarantineQuery
from tests.acquisition.builders import a_csv
from tests.conftest import NOW, OLONNE, ROCHE, Territory
from tests.pipeline.test_files import AT, SMALL, kept, take_in, waiting

NEXT = "2024-01-02T00:00Z"


def a_scope(right: Right, owner: str = ROCHE) -> Scope:
    return Scope(Actor("person", "someone", "Someone"), rights={owner: right})


def quarantined(territory: Territory, folder: Path, *lines: str, mapping: str = SMALL) -> list[Quarantined]:
    """What a file leaves waiting; its first row is good."""
    take_in(territory, a_csv(folder, "at,station,t", f"{AT},s,273.15", *lines), mapping)
    return waiting(territory, state="waiting")


def again(territory: Territory, id_: int, *, scope: Scope | None = None, **more: str) -> Replayed:
    rooms = territory.instance.rooms
    return replay(scope or territory.system, rooms.database, rooms.pipeline, id_, now=NOW, **more)


def values(territory: Territory) -> list[float]:
    found: list[float] = kept(territory)["value"].tolist()
    return found


def test_a_cell_corrected_is_taken_with_the_date_of_its_row(territory: Territory, tmp_path: Path) -> None:
    (item,) = quarantined(territory, tmp_path, f"{NEXT},s,28O")
    assert again(territory, item.id, value="280") == Replayed(1, 1, 0)
    assert values(territory) == [0.0, 6.85]
    assert [one.state for one in waiting(territory)] == ["replayed"]


def test_a_date_corrected_brings_its_whole_row(territory: Territory, tmp_path: Path) -> None:
    (item,) = quarantined(territory, tmp_path, "2024-13-01,s,280")
    assert again(territory, item.id, value="2024-12-01") == Replayed(1, 1, 0)
    assert str(kept(territory)["time"].iloc[-1]) == "2024-12-01 00:00:00+00:00"


def test_a_row_taken_at_last_leaves_its_bad_cells_waiting(territory: Territory, tmp_path: Path) -> None:
    two = SMALL + 'u = { property = "relative-humidity" }\n'
    take_in(territory, a_csv(tmp_path, "at,station,t,u", "2024-13-01,s,280,x"), two)
    (item,) = waiting(territory)
    assert again(territory, item.id, value="2024-12-01") == Replayed(1, 1, 0)
    assert [(one.row, one.column, one.raw) for one in waiting(territory, state="waiting")] == [(2, "u", "x")]


def test_a_mended_mapping_takes_what_the_first_could_not(territory: Territory, tmp_path: Path) -> None:
    (item,) = quarantined(territory, tmp_path, f"{NEXT},s,panne")
    assert again(territory, item.id, mapping=f"format.missing = ['panne']\n{SMALL}") == Replayed(1, 0, 0)


def test_what_still_cannot_be_taken_keeps_waiting_and_says_why(territory: Territory, tmp_path: Path) -> None:
    (item,) = quarantined(territory, tmp_path, f"{NEXT},s,28O")
    with pytest.raises(Invalid, match="not a number"):
        again(territory, item.id, value="28o")
    assert [one.state for one in waiting(territory)] == ["waiting"]


def test_a_row_that_could_not_be_read_is_mended_in_its_file_only(territory: Territory, tmp_path: Path) -> None:
    (item,) = quarantined(territory, tmp_path, f"{NEXT},s,280,5")
    with pytest.raises(Invalid, match="mend it in the file"):
        again(territory, item.id)


def test_all_that_waits_of_a_file_is_tried_at_once(territory: Territory, tmp_path: Path) -> None:
    items = quarantined(territory, tmp_path, f"{NEXT},s,28O", f"{AT},z,panne", "hier,s,280")
    rooms = territory.instance.rooms
    mended = f"format.missing = ['panne']\n{SMALL}"
    done = replay_all(territory.system, rooms.database, rooms.pipeline, items[0].source, mapping=mended, now=NOW)
    assert done == Replayed(1, 0, 2)
    assert [one.row for one in waiting(territory, state="waiting")] == [3, 5]


def test_what_has_been_settled_is_not_settled_again(territory: Territory, tmp_path: Path) -> None:
    (item,) = quarantined(territory, tmp_path, f"{NEXT},s,28O")
    again(territory, item.id, value="280")
    with pytest.raises(Conflict):
        again(territory, item.id, value="281")
    assert values(territory) == [0.0, 6.85]


def test_the_same_file_read_whole_by_another_mapping_settles_what_waited(territory: Territory, tmp_path: Path) -> None:
    quarantined(territory, tmp_path, f"{NEXT},s,panne", f"{NEXT},s,x")
    take_in(territory, tmp_path / "file.csv", f"format.missing = ['panne']\n{SMALL}")
    assert [one.raw for one in waiting(territory, state="waiting")] == ["x"]


def test_giving_up_says_why_and_stays_in_the_list(territory: Territory, tmp_path: Path) -> None:
    (item,) = quarantined(territory, tmp_path, f"{NEXT},s,28O")
    with territory.instance.rooms.database.write() as tx:
        done = quarantine.discard(a_scope(Right.OPERATE), tx, item.id, "capteur démonté", now=NOW)
    assert (done.state, done.note, done.settled_by) == ("discarded", "capteur démonté", "Someone")


def test_a_file_ingested_again_does_not_bring_back_what_was_given_up(territory: Territory, tmp_path: Path) -> None:
    (item,) = quarantined(territory, tmp_path, f"{NEXT},s,28O")
    with territory.instance.rooms.database.write() as tx:
        quarantine.discard(territory.system, tx, item.id, "capteur démonté", now=NOW)
    take_in(territory, tmp_path / "file.csv", SMALL)
    assert [one.state for one in waiting(territory)] == ["discarded"]


def test_a_neighbour_sees_nothing(territory: Territory, tmp_path: Path) -> None:
    (item,) = quarantined(territory, tmp_path, f"{NEXT},s,28O")
    neighbour = a_scope(Right.ADMINISTER, OLONNE)
    with territory.instance.rooms.database.read() as tx:
        assert quarantine.find(neighbour, tx, QuarantineQuery()).items == []
        with pytest.raises(NotFound):
            quarantine.get(neighbour, tx, item.id)
    with pytest.raises(NotFound):
        again(territory, item.id, scope=neighbour, value="280")


def test_a_reader_sees_and_may_not_act(territory: Territory, tmp_path: Path) -> None:
    (item,) = quarantined(territory, tmp_path, f"{NEXT},s,28O")
    reader = a_scope(Right.READ)
    with territory.instance.rooms.database.read() as tx:
        assert quarantine.get(reader, tx, item.id).raw == "28O"
    with pytest.raises(Forbidden):
        again(territory, item.id, scope=reader, value="280")


def test_the_list_is_read_page_after_page(territory: Territory, tmp_path: Path) -> None:
    quarantined(territory, tmp_path, *(f"{NEXT},s,x{n}" for n in range(5)))
    with territory.instance.rooms.database.read() as tx:
        first = quarantine.find(territory.system, tx, QuarantineQuery(limit=3))
        second = quarantine.find(territory.system, tx, QuarantineQuery(limit=3, after=first.next))
    assert [item.raw for item in (*first.items, *second.items)] == [f"x{n}" for n in range(5)]
    assert second.next is None
