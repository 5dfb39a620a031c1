"""The structure, its members, what they take up, and the open lists."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from beffroi.access import Right, agreements
from beffroi.errors import Conflict, Forbidden, Invalid, NotFound
from beffroi.registry import adhesions, kinds, structures
from beffroi.registry.adhesions import AdhesionPatch, AdhesionQuery, NewAdhesion
from beffroi.registry.kinds import AssetKindQuery, KindQuery, NewAssetKind, NewObservedProperty, NewService
from beffroi.registry.model import Adhesion
from beffroi.registry.structures import CollectivityQuery, MemberQuery, NewStructure
from tests.registry.conftest import NOW, OLONNE, ROCHE, World, scope_of

TODAY = NOW.date()
CHALLANS = "commune-85047"


def test_a_structure_is_a_collectivity_too(world: World) -> None:
    assert structures.get(world.stranger, world.tx).key == world.structure
    assert structures.key(world.tx) == world.structure
    assert structures.collectivity(world.stranger, world.tx, world.structure).kind == "structure"


def test_an_instance_has_one_structure(world: World) -> None:
    with pytest.raises(Conflict):
        structures.init(world.system, world.tx, NewStructure(form="spl", name="Autre"), now=NOW)


@pytest.mark.parametrize(
    ("new", "key"),
    [
        (NewStructure(form="syndicat", name="Sydev", siren="258500000"), "structure-258500000"),
        (NewStructure(form="gip", name="Territoire d'Été"), "structure-territoire-d-ete"),
        (NewStructure(form="epci", name="La Roche Agglo", entry="epci-248500589"), "epci-248500589"),
    ],
)
def test_a_structure_has_the_key_of_its_entry_or_its_own(tx: Any, new: NewStructure, key: str) -> None:
    system = World(tx).system
    assert structures.init(system, tx, new, now=NOW).key == key
    assert structures.collectivity(system, tx, key).key == key


def test_only_the_instances_administrators_enrol(world: World) -> None:
    with pytest.raises(Forbidden):
        structures.enrol(world.administrator, world.tx, [CHALLANS], TODAY, now=NOW)


def test_members_come_from_the_referential_once(world: World) -> None:
    assert structures.enrol(world.operator, world.tx, [CHALLANS, ROCHE, CHALLANS], TODAY, now=NOW) == [CHALLANS]
    made = structures.collectivity(world.stranger, world.tx, CHALLANS)
    assert (made.name, made.population_kind, made.departement) == ("Challans", "municipale", "85")


def test_an_unknown_member_is_refused(world: World) -> None:
    with pytest.raises(Invalid):
        structures.enrol(world.operator, world.tx, ["commune-99999"], TODAY, now=NOW)


def test_a_member_leaves_and_comes_back(world: World) -> None:
    left = structures.leave(world.operator, world.tx, ROCHE, date(2026, 12, 1), now=NOW)
    assert left.until == date(2026, 12, 1)
    structures.enrol(world.operator, world.tx, [ROCHE], date(2027, 1, 1), now=NOW)
    back = structures.membership(world.operator, world.tx, ROCHE)
    assert (back.since, back.until) == (date(2027, 1, 1), None)


def test_memberships_are_listed(world: World) -> None:
    members = structures.memberships(world.stranger, world.tx, MemberQuery()).items
    assert [one.member for one in members] == [ROCHE, OLONNE]


def test_collectivities_are_found_by_kind_and_name(world: World) -> None:
    found = structures.collectivities(world.stranger, world.tx, CollectivityQuery(kind="commune", q="sables"))
    assert [one.key for one in found.items] == [OLONNE]


def test_collectivities_are_located(world: World) -> None:
    structures.locate(world.operator, world.tx, {ROCHE: (-1.43, 46.67)}, now=NOW)
    assert structures.collectivity(world.stranger, world.tx, ROCHE).longitude == -1.43


def shares(world: World, now: datetime = NOW) -> list[tuple[str, str | None, Right]]:
    """What agreements give to an administrator of the structure."""
    given = agreements.in_force(world.tx, {world.structure: Right.ADMINISTER}, now)
    return [(one.giver, one.service, one.right) for one in given]


def adhere(world: World, scope: Any = None, **changes: Any) -> Adhesion:
    given = {"member": ROCHE, "service": "water", "since": date(2026, 11, 1), "operator_right": "none", **changes}
    return adhesions.adhere(scope or world.administrator, world.tx, NewAdhesion(**given), now=NOW)


def test_an_adhesion_lets_the_structure_see_nothing_by_itself(world: World) -> None:
    adhere(world)
    assert shares(world) == []


@pytest.mark.parametrize(("said", "right"), [("read", Right.READ), ("operate", Right.OPERATE)])
def test_the_member_may_let_the_structure_in(world: World, said: str, right: Right) -> None:
    adhere(world, operator_right=said)
    assert shares(world) == [(ROCHE, "water", right)]


def test_the_structure_registers_an_adhesion_without_letting_itself_in(world: World) -> None:
    assert adhere(world, world.operator).member == ROCHE
    with pytest.raises((Forbidden, NotFound)):
        adhere(world, world.operator, service="waste", operator_right="read")


def test_the_structure_may_not_give_itself_more_later(world: World) -> None:
    made = adhere(world)
    with pytest.raises((Forbidden, NotFound)):
        adhesions.change(world.operator, world.tx, made.id, AdhesionPatch(operator_right="operate"), now=NOW)
    assert shares(world) == []


@pytest.mark.parametrize("who", ["reader", "editor"])
def test_only_administrators_decide(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        adhere(world, getattr(world, who))


def test_a_neighbour_decides_nothing_for_another(world: World) -> None:
    with pytest.raises(NotFound):
        adhere(world, world.neighbour)
    made = adhere(world)
    with pytest.raises(NotFound):
        adhesions.get(world.neighbour, world.tx, made.id)
    assert adhesions.find(world.neighbour, world.tx, AdhesionQuery()).items == []


def test_the_members_change_acts_at_once(world: World) -> None:
    made = adhere(world, operator_right="operate")
    adhesions.change(world.administrator, world.tx, made.id, AdhesionPatch(operator_right="read"), now=NOW)
    assert shares(world) == [(ROCHE, "water", Right.READ)]
    adhesions.change(world.administrator, world.tx, made.id, AdhesionPatch(operator_right="none"), now=NOW)
    assert shares(world) == []


def test_an_adhesion_ends_with_what_it_let(world: World) -> None:
    made = adhere(world, operator_right="read")
    end = TODAY + timedelta(days=10)
    adhesions.change(world.administrator, world.tx, made.id, AdhesionPatch(until=end), now=NOW)
    midnight = datetime(end.year, end.month, end.day, tzinfo=UTC) - timedelta(hours=1)  # in Paris, winter
    assert shares(world, midnight - timedelta(seconds=1)) != []
    assert shares(world, midnight) == []


def test_an_adhesion_yet_to_begin_lets_nothing_yet(world: World) -> None:
    adhere(world, since=TODAY + timedelta(days=30), operator_right="read")
    assert shares(world) == []
    assert shares(world, NOW + timedelta(days=31)) != []


def test_leaving_ends_the_adhesions(world: World) -> None:
    made = adhere(world, operator_right="read")
    structures.leave(world.operator, world.tx, ROCHE, TODAY, now=NOW)
    assert adhesions.get(world.administrator, world.tx, made.id).until == TODAY
    assert shares(world) == []


def test_a_service_is_taken_up_once_at_a_time(world: World) -> None:
    made = adhere(world)
    with pytest.raises(Conflict):
        adhere(world)
    adhesions.change(world.administrator, world.tx, made.id, AdhesionPatch(until=TODAY), now=NOW)
    adhere(world, since=TODAY)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"service": "catering"}, "service"),
        ({"member": CHALLANS}, "member"),
        ({"since": date(1, 1, 1)}, "since"),
    ],
)
def test_an_adhesion_that_makes_no_sense_is_refused(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        adhere(world, world.system, **changes)
    assert [fault.field for fault in caught.value.faults] == [field]


def test_adhesions_are_found_by_day(world: World) -> None:
    made = adhere(world)
    adhere(world, service="waste", since=TODAY + timedelta(days=40))
    assert adhesions.find(world.operator, world.tx, AdhesionQuery(on=TODAY)).items == [made]
    assert len(adhesions.find(world.reader, world.tx, AdhesionQuery(member=ROCHE)).items) == 2


def test_the_packaged_lists_hold_together(world: World) -> None:
    services = {one.code for one in kinds.services(world.stranger, world.tx, KindQuery()).items}
    assert {"lighting", "water", "buildings", "waste", "parking", "environment", "mobility"} <= services
    assert {one.service for one in kinds.asset_kinds(world.stranger, world.tx, AssetKindQuery()).items} <= services
    observed = {one.code: one for one in kinds.observed_properties(world.stranger, world.tx, KindQuery()).items}
    assert observed["water-volume"].value_kind == "counter"
    assert all(one.low is None or one.high is None or one.low < one.high for one in observed.values())
    assert all(one.name_fr and one.name_en for one in observed.values())


def test_seeding_again_keeps_what_is_there(world: World) -> None:
    before = kinds.asset_kinds(world.stranger, world.tx, AssetKindQuery())
    kinds.seed(world.tx)
    assert kinds.asset_kinds(world.stranger, world.tx, AssetKindQuery()) == before


def test_the_instance_adds_words(world: World) -> None:
    kinds.add_service(world.operator, world.tx, NewService(code="canteens", name_fr="C", name_en="C"), now=NOW)
    new = NewAssetKind(code="oven", service="canteens", name_fr="Four", name_en="Oven")
    kinds.add_asset_kind(world.operator, world.tx, new, now=NOW)
    found = kinds.asset_kinds(world.stranger, world.tx, AssetKindQuery(service="canteens")).items
    assert [one.code for one in found] == ["oven"]
    with pytest.raises(Conflict):
        kinds.add_asset_kind(world.operator, world.tx, new, now=NOW)
    with pytest.raises(Forbidden):
        kinds.add_asset_kind(world.administrator, world.tx, new, now=NOW)


def test_an_observed_property_has_a_sensible_range(world: World) -> None:
    new = NewObservedProperty(code="glee", value_kind="number", name_fr="Joie", name_en="Glee", low=9, high=1)
    with pytest.raises(Invalid):
        kinds.add_observed_property(world.operator, world.tx, new, now=NOW)


def test_a_stranger_sees_the_lists_but_no_adhesion(world: World) -> None:
    adhere(world)
    assert adhesions.find(scope_of("stranger"), world.tx, AdhesionQuery()).items == []
