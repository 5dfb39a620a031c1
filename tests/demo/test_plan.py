import json
from collections import Counter
from pathlib import Path

import shapely
from shapely.geometry import shape

from beffroi.demo import derive
from beffroi.demo.plan import Plan, make_plan
from beffroi.demo.roster import Scale
from tests.demo.conftest import SEED, tenants


def test_the_whole_of_vendee_is_there(plan: Plan) -> None:
    assert len(plan.communes) == 253
    assert len(plan.epci) == 19


def test_the_scale_is_kept(plan: Plan) -> None:
    assert len(plan.gateways) == len(set(plan.gateways)) == 20
    assert sum(len(plan.fleets[sort.code].things) for sort in plan.roster.sorts) == 2000
    larger = make_plan(SEED, Scale(gateways=40, devices=10_000), tenants())
    assert len(larger.gateways) == 40
    assert sum(len(larger.fleets[sort.code].things) for sort in larger.roster.sorts) == 10_000


def test_nobody_has_equipment_of_a_service_not_taken_up(plan: Plan) -> None:
    taken = {(one.member, one.service) for one in plan.adhesions}
    for sort in plan.roster.sorts:
        assert {(owner, sort.service) for owner in plan.fleets[sort.code].owners} <= taken


def test_services_are_taken_a_la_carte(plan: Plan) -> None:
    services = Counter(one.member for one in plan.adhesions)
    assert 50 < 272 - len(services) < 200
    assert len(set(services.values())) >= 4
    assert {one.operator_right for one in plan.adhesions} == {"none", "read", "operate"}


def test_equipment_stands_on_land_in_the_departement(plan: Plan) -> None:
    outline = shape(json.loads((Path(derive.__file__).parent / "outline.geojson").read_text())["geometry"])
    wide = outline.buffer(0.006)
    for sort in plan.roster.sorts:
        things = plan.fleets[sort.code].things
        assert shapely.contains_xy(wide, things.longitude, things.latitude).all(), sort.code


def test_a_host_and_what_depends_on_it_have_one_owner(plan: Plan) -> None:
    for sort in plan.roster.sorts:
        fleet = plan.fleets[sort.code]
        if sort.host is not None and fleet.hosts is not None:
            assert fleet.owners == [plan.fleets[sort.host].owners[host] for host in fleet.hosts]


def test_larger_towns_have_more(plan: Plan) -> None:
    population = plan.fleets["meter"].things.population
    assert population.mean() > 1.5 * sum(one.tenant.population or 0 for one in plan.communes) / len(plan.communes)


def test_the_same_seed_plans_the_same_territory(plan: Plan) -> None:
    again, other = (make_plan(seed, Scale(), tenants()) for seed in (SEED, SEED + 1))
    assert again.adhesions == plan.adhesions
    assert again.fleets["lamp"].owners == plan.fleets["lamp"].owners
    assert other.fleets["lamp"].owners != plan.fleets["lamp"].owners


def test_the_largest_towns_take_up_everything_and_show_it(plan: Plan) -> None:
    for town in ("commune-85191", "commune-85194"):
        taken = {one.service: one.operator_right for one in plan.adhesions if one.member == town}
        assert set(taken) == {"lighting", "water", "buildings", "parking"}
        assert "none" not in taken.values()
