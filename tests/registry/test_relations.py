"""Relations: what may be related, seen, ended."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from beffroi.errors import Conflict, Forbidden, Invalid, NotFound
from beffroi.registry import relations
from beffroi.registry.model import Relation
from beffroi.registry.relations import NewRelation, RelationPatch, RelationQuery
from tests.registry.conftest import NOW, OLONNE, ROCHE, World

SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def fed(world: World, lamp: int, cabinet: int, **changes: Any) -> Relation:
    given = {
        "kind": "fed by",
        "source_type": "asset",
        "source": lamp,
        "target_type": "asset",
        "target": cabinet,
        "since": SINCE,
        **changes,
    }
    return relations.create(changes.pop("scope", world.editor), world.tx, NewRelation(**given), now=NOW)


@pytest.fixture
def pair(world: World) -> tuple[int, int]:
    return world.asset().id, world.asset(kind="lighting-cabinet").id


def test_a_relation_belongs_to_the_owner_of_its_source(world: World, pair: tuple[int, int]) -> None:
    assert fed(world, *pair).owner == ROCHE


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "reaches"}, "kind"),
        ({"target": 99}, "target"),
        ({"source": 99}, "source"),
        ({"target": 1}, "target"),
        ({"until": SINCE}, "until"),
        ({"since": datetime(1, 1, 1, tzinfo=UTC)}, "since"),
    ],
)
def test_a_relation_that_makes_no_sense_is_refused(
    world: World, pair: tuple[int, int], changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        fed(world, *pair, **changes)
    assert [fault.field for fault in caught.value.faults] == [field]


def test_a_relation_holds_once_at_a_time(world: World, pair: tuple[int, int]) -> None:
    fed(world, *pair, until=SINCE + timedelta(days=10))
    with pytest.raises(Conflict):
        fed(world, *pair, since=SINCE + timedelta(days=9))
    fed(world, *pair, since=SINCE + timedelta(days=10))


def test_an_invisible_target_is_not_related_to(world: World) -> None:
    lamp, theirs = world.asset(), world.asset(owner=OLONNE, kind="lighting-cabinet")
    with pytest.raises(Invalid):
        fed(world, lamp.id, theirs.id)


def test_a_reader_relates_nothing(world: World, pair: tuple[int, int]) -> None:
    new = NewRelation(
        kind="fed by", source_type="asset", source=pair[0], target_type="asset", target=pair[1], since=SINCE
    )
    with pytest.raises(Forbidden):
        relations.create(world.reader, world.tx, new, now=NOW)


def test_many_are_checked_together(world: World, pair: tuple[int, int]) -> None:
    good = NewRelation(
        kind="fed by", source_type="asset", source=pair[0], target_type="asset", target=pair[1], since=SINCE
    )
    with pytest.raises(Invalid) as caught:
        relations.create_many(world.editor, world.tx, [good, good], now=NOW)
    assert [fault.field for fault in caught.value.faults] == ["[1].since"]
    assert len(relations.create_many(world.editor, world.tx, [good], now=NOW)) == 1


def test_a_relation_ends_and_is_found_at_its_time(world: World, pair: tuple[int, int]) -> None:
    made = fed(world, *pair)
    end = SINCE + timedelta(days=30)
    relations.change(world.editor, world.tx, made.id, RelationPatch(until=end), now=NOW)

    def at(moment: datetime) -> list[int]:
        return [one.id for one in relations.find(world.reader, world.tx, RelationQuery(at=moment)).items]

    assert at(SINCE) == [made.id]
    assert at(end) == []


def test_neighbours_are_told_in_both_directions(world: World, pair: tuple[int, int]) -> None:
    lamp, cabinet = pair
    fed(world, lamp, cabinet)
    out = relations.neighbours(world.reader, world.tx, "asset", lamp)
    back = relations.neighbours(world.reader, world.tx, "asset", cabinet)
    assert [(one.direction, one.type, one.id) for one in out] == [("out", "asset", cabinet)]
    assert [(one.direction, one.type, one.id) for one in back] == [("in", "asset", lamp)]
    assert out[0].name == "Lampe"


def test_an_invisible_neighbour_is_told_without_its_name(world: World) -> None:
    device, mast = world.device(), world.asset(owner=world.structure, kind="gateway-mast", name="Château d'eau")
    new = NewRelation(
        kind="reaches", source_type="device", source=device.id, target_type="asset", target=mast.id, since=SINCE
    )
    relations.create(world.system, world.tx, new, now=NOW)
    (found,) = relations.neighbours(world.reader, world.tx, "device", device.id)
    assert (found.id, found.code, found.name) == (mast.id, None, None)
    assert relations.neighbours(world.operator, world.tx, "asset", mast.id) == []


def test_others_do_not_see_it(world: World, pair: tuple[int, int]) -> None:
    made = fed(world, *pair)
    for scope in (world.neighbour, world.stranger, world.operator):
        with pytest.raises(NotFound):
            relations.get(scope, world.tx, made.id)
