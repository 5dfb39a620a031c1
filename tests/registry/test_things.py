"""Sites, assets, devices and series: made, checked, found, changed, removed."""

from math import cos, sin, tau
from typing import Any

import msgspec
import pytest

from beffroi.access import Right, audit
from beffroi.errors import Conflict, Invalid, NotFound
from beffroi.registry import assets, devices, models, series, sites
from beffroi.registry.assets import AssetPatch, AssetQuery, NewAsset
from beffroi.registry.devices import DeviceQuery
from beffroi.registry.series import NewSeries, SeriesPatch, SeriesQuery, SeriesSelection
from beffroi.registry.sites import NewSite, SitePatch
from tests.registry.conftest import NOW, OLONNE, ROCHE, World

SQUARE = {"type": "Polygon", "coordinates": [[[-1.4, 46.6], [-1.3, 46.6], [-1.3, 46.7], [-1.4, 46.7], [-1.4, 46.6]]]}


def fields_at_fault(caught: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [fault.field for fault in caught.value.faults]


def test_an_asset_takes_its_service_from_its_kind(world: World) -> None:
    assert world.asset(kind="water-meter").service == "water"
    assert world.asset(kind="building", service="energy").service == "energy"


def test_a_device_takes_its_service_from_its_asset(world: World) -> None:
    assert world.device(asset=world.asset(kind="tank").id).service == "water"


def test_a_device_without_asset_needs_a_service(world: World) -> None:
    with pytest.raises(Invalid) as caught:
        devices.create(
            world.editor, world.tx, devices.NewDevice(owner=ROCHE, kind="sensor", code="d", name="D"), now=NOW
        )
    assert fields_at_fault(caught) == ["service"]


def test_a_series_takes_unit_and_range_from_what_it_observes(world: World) -> None:
    made = world.series(observed_property="relative-humidity")
    assert (made.unit, made.value_kind, made.low, made.high) == ("%", "number", 0.0, 100.0)


def test_a_series_in_another_unit_has_no_range_of_its_own(world: World) -> None:
    made = world.series(observed_property="temperature", unit="K")
    assert (made.unit, made.low, made.high) == ("K", None, None)


def test_a_series_always_has_a_holder(world: World) -> None:
    made = world.series()
    rows = series.windows(world.reader, world.tx, series.SeriesSelection(series=[made.id]))
    assert rows == [(made.id, ROCHE, None, None, None)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"observed_property": "lamp-state"}, "categories"),
        ({"categories": ["on"]}, "categories"),
        ({"observed_property": "lamp-state", "categories": ["on", "on"]}, "categories"),
        ({"observed_property": "occupancy", "low": 0.0}, "low"),
        ({"low": 5.0, "high": 1.0}, "low"),
        ({"rolls_over_at": 10_000.0}, "rolls_over_at"),
        ({"observed_property": "occupancy", "rolls_over_at": 2.0}, "rolls_over_at"),
        ({"observed_property": "telepathy"}, "observed_property"),
        ({"service": "catering"}, "service"),
        ({"device": 99}, "device"),
        ({"asset": 99}, "asset"),
    ],
)
def test_a_series_that_makes_no_sense_is_refused(world: World, changes: dict[str, Any], field: str) -> None:
    given = {
        "owner": ROCHE,
        "code": "s",
        "name": "S",
        "observed_property": "temperature",
        "service": "water",
        **changes,
    }
    with pytest.raises(Invalid) as caught:
        series.create(world.editor, world.tx, NewSeries(**given), now=NOW)
    assert fields_at_fault(caught) == [field]


def test_every_fault_is_told_at_once(world: World) -> None:
    new = NewAsset(owner=ROCHE, kind="lampadaire", code="l", name="L", service="catering", site=99, longitude=1.0)
    with pytest.raises(Invalid) as caught:
        assets.create(world.editor, world.tx, new, now=NOW)
    assert sorted(fields_at_fault(caught)) == ["kind", "latitude", "service", "site"]


def test_a_code_is_taken_once_an_owner(world: World) -> None:
    world.asset(code="L-1")
    world.asset(code="L-1", owner=OLONNE)
    with pytest.raises(Conflict):
        world.asset(code="L-1")


def test_nothing_stands_on_anothers_site(world: World) -> None:
    elsewhere = world.site(owner=OLONNE)
    with pytest.raises(Invalid) as caught:
        world.asset(site=elsewhere.id)
    assert fields_at_fault(caught) == ["site"]


def test_the_others_site_is_told_as_one_that_is_not(world: World) -> None:
    elsewhere = world.site(owner=OLONNE)
    messages = []
    for site in (elsewhere.id, 999):
        with pytest.raises(Invalid) as caught:
            new = NewAsset(owner=ROCHE, kind="lamp", code="l", name="L", site=site)
            assets.create(world.editor, world.tx, new, now=NOW)
        messages.append(caught.value.faults[0].text.en.replace(str(site), "N"))
    assert messages[0] == messages[1]


def test_a_geometry_gives_a_point_on_it(world: World) -> None:
    made = world.site(geometry=SQUARE)
    assert (made.longitude, made.latitude) == (-1.35, 46.65)


@pytest.mark.parametrize(
    ("geometry", "field"),
    [
        ({"type": "Circle", "coordinates": [0, 0]}, "geometry.type"),
        ({"type": "Point", "coordinates": [46.6]}, "geometry.coordinates"),
        ({"type": "Point", "coordinates": [200, 46.6]}, "geometry.coordinates"),
        ({"type": "Point", "coordinates": ["-1.4", 46.6]}, "geometry.coordinates"),
        ({"type": "Point", "coordinates": [6_700_000, 350_000]}, "geometry.coordinates"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}, "geometry.coordinates"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]}, "geometry.coordinates"),
        ({"type": "LineString", "coordinates": [[0, 0]]}, "geometry.coordinates"),
        ({"type": "Point", "coordinates": [0, 0], "crs": "EPSG:2154"}, "geometry"),
        ({"type": "Point", "coordinates": [0, 0], "bbox": "x"}, "geometry"),
        ({}, "geometry.type"),
    ],
)
def test_a_geometry_that_is_none_is_refused(world: World, geometry: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        sites.create(world.editor, world.tx, NewSite(owner=ROCHE, code="s", name="S", geometry=geometry), now=NOW)
    assert fields_at_fault(caught) == [field]


def test_another_point_replaces_the_geometry(world: World) -> None:
    made = world.site(geometry=SQUARE)
    moved = sites.change(world.editor, world.tx, made.id, SitePatch(longitude=-1.0, latitude=46.0), now=NOW)
    assert (moved.geometry, moved.longitude, moved.latitude) == (None, -1.0, 46.0)


def test_a_change_leaves_the_rest(world: World) -> None:
    made = world.asset(geometry=SQUARE, properties={"power": 70})
    changed = assets.change(world.editor, world.tx, made.id, AssetPatch(name="Lampe neuve"), now=NOW)
    assert (changed.name, changed.geometry, changed.properties) == ("Lampe neuve", SQUARE, {"power": 70})


def test_changing_a_series_keeps_the_range_it_was_freed_of(world: World) -> None:
    made = world.series()
    series.change(world.editor, world.tx, made.id, SeriesPatch(low=None, high=None), now=NOW)
    assert series.change(world.editor, world.tx, made.id, SeriesPatch(name="T"), now=NOW).low is None


def test_a_counter_says_where_it_rolls_over_and_may_unsay_it(world: World) -> None:
    made = world.series(observed_property="water-volume", rolls_over_at=10_000.0)
    assert series.get(world.reader, world.tx, made.id).rolls_over_at == 10_000.0
    changed = series.change(world.editor, world.tx, made.id, SeriesPatch(rolls_over_at=65_536.0), now=NOW)
    assert changed.rolls_over_at == 65_536.0
    assert series.change(world.editor, world.tx, made.id, SeriesPatch(name="Index"), now=NOW).rolls_over_at == 65_536.0
    unsaid = series.change(world.editor, world.tx, made.id, SeriesPatch(rolls_over_at=None), now=NOW)
    assert unsaid.rolls_over_at is None


def test_a_series_that_does_not_count_is_not_made_to_roll_over(world: World) -> None:
    made = world.series()
    with pytest.raises(Invalid) as caught:
        series.change(world.editor, world.tx, made.id, SeriesPatch(rolls_over_at=100.0), now=NOW)
    assert [(one.field, one.text.fr, one.text.en) for one in caught.value.faults] == [
        ("rolls_over_at", "réservé aux compteurs", "only for a counter")
    ]


def test_where_counters_roll_over_comes_with_their_windows(world: World) -> None:
    rolling = [world.series(observed_property="water-volume", rolls_over_at=float(10**power)).id for power in (5, 4)]
    plain = world.series(observed_property="water-volume")
    rows = series.windows(world.reader, world.tx, SeriesSelection())
    assert {row.series for row in rows} == {*rolling, plain.id}
    assert series.rollovers([*rows, *rows]) == ((rolling[0], 100_000.0), (rolling[1], 10_000.0))
    for scope in (world.neighbour, world.stranger, world.operator):
        assert series.rollovers(series.windows(scope, world.tx, SeriesSelection())) == ()


def test_who_is_given_a_counter_knows_where_it_rolls_over(world: World) -> None:
    made = world.series(observed_property="water-volume", service="water", rolls_over_at=10_000.0)
    rows = series.windows(world.shared(service="water"), world.tx, SeriesSelection())
    assert series.rollovers(rows) == ((made.id, 10_000.0),)


def test_what_is_used_is_not_removed(world: World) -> None:
    site = world.site()
    asset = world.asset(site=site.id)
    device = world.device(asset=asset.id, model=world.model())
    world.series(device=device.id)
    for attempt in (
        lambda: sites.remove(world.editor, world.tx, site.id, now=NOW),
        lambda: assets.remove(world.editor, world.tx, asset.id, now=NOW),
        lambda: devices.remove(world.editor, world.tx, device.id, now=NOW),
        lambda: models.remove(world.system, world.tx, "elsys-ers", now=NOW),
    ):
        with pytest.raises(Conflict):
            attempt()


def test_what_nothing_uses_is_removed(world: World) -> None:
    made = world.series()
    series.remove(world.editor, world.tx, made.id, now=NOW)
    with pytest.raises(NotFound):
        series.get(world.editor, world.tx, made.id)


def test_the_id_of_what_was_removed_is_never_given_again(world: World) -> None:
    made = world.series()
    series.remove(world.editor, world.tx, made.id, now=NOW)
    assert world.series().id > made.id


def test_many_are_made_in_order(world: World) -> None:
    news = [NewAsset(owner=ROCHE, kind="lamp", code=f"L{i}", name=f"Lampe {i}") for i in range(3_000)]
    ids = assets.create_many(world.editor, world.tx, news, now=NOW)
    assert assets.get(world.reader, world.tx, ids[2_345]).code == "L2345"
    assert len(set(ids)) == 3_000


def test_many_are_made_whole_or_not_at_all(world: World) -> None:
    world.asset(code="L0")
    news = [NewAsset(owner=ROCHE, kind=kind, code=code, name="L") for kind, code in (("lamp", "L0"), ("x", "L1"))]
    with pytest.raises(Invalid) as caught:
        assets.create_many(world.editor, world.tx, [*news, news[1]], now=NOW)
    assert sorted(fields_at_fault(caught)) == ["[0].code", "[1].kind", "[2].code", "[2].kind"]
    assert len(assets.find(world.reader, world.tx, AssetQuery()).items) == 1


def test_a_page_leads_to_the_next(world: World) -> None:
    ids = [world.asset().id for _ in range(5)]
    first = assets.find(world.reader, world.tx, AssetQuery(limit=3))
    second = assets.find(world.reader, world.tx, AssetQuery(limit=3, after=first.next))
    assert [one.id for one in (*first.items, *second.items)] == ids
    assert second.next is None


@pytest.fixture
def street(world: World) -> World:
    world.asset(kind="lamp", code="EP-1", name="Lampe de l'École", longitude=-1.40, latitude=46.60)
    world.asset(kind="lamp", code="EP-2", name="Lampe du Port", longitude=-1.80, latitude=46.50, simulated=True)
    world.asset(kind="tank", code="R-1", name="Réservoir du Port")
    return world


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"kind": ["lamp"]}, ["EP-1", "EP-2"]),
        ({"service": ["water"]}, ["R-1"]),
        ({"kind": ["lamp", "tank"], "q": "port"}, ["EP-2", "R-1"]),
        ({"q": "ecole lampe"}, ["EP-1"]),
        ({"q": "ep-1"}, ["EP-1"]),
        ({"code": "R-1"}, ["R-1"]),
        ({"bbox": [-1.5, 46.5, -1.3, 46.7]}, ["EP-1"]),
        ({"bbox": [170.0, 40.0, -1.6, 50.0]}, ["EP-2"]),
        ({"simulated": True}, ["EP-2"]),
        ({"owner": [OLONNE]}, []),
        ({"id": [1, 3]}, ["EP-1", "R-1"]),
    ],
)
def test_assets_are_found_by(street: World, query: dict[str, Any], codes: list[str]) -> None:
    assert [one.code for one in assets.find(street.reader, street.tx, AssetQuery(**query)).items] == codes


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (AssetQuery(kind=["lampadaire"]), "kind"),
        (AssetQuery(owner=["commune-0"]), "owner"),
        (AssetQuery(site=[77]), "site"),
        (AssetQuery(service=["catering"]), "service"),
    ],
)
def test_an_unknown_reference_is_an_error(street: World, query: AssetQuery, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        assets.find(street.reader, street.tx, query)
    assert fields_at_fault(caught) == [field]


def test_anothers_site_is_an_unknown_reference(world: World) -> None:
    site = world.site(owner=OLONNE)
    with pytest.raises(Invalid):
        assets.find(world.reader, world.tx, AssetQuery(site=[site.id]))


def test_devices_are_found_by_model_and_asset(world: World) -> None:
    asset = world.asset()
    wanted = world.device(asset=asset.id, model=world.model())
    world.device()
    for query in (DeviceQuery(model=["elsys-ers"]), DeviceQuery(asset=[asset.id])):
        assert devices.find(world.reader, world.tx, query).items == [wanted]


def test_series_are_found_by_asset_kind_and_site(world: World) -> None:
    site = world.site()
    asset = world.asset(kind="tank", site=site.id)
    by_asset = world.series(asset=asset.id)
    by_device = world.series(device=world.device(asset=asset.id).id)
    world.series()
    found = series.find(world.reader, world.tx, SeriesQuery(asset_kind=["tank"])).items
    assert found == [by_asset, by_device]
    assert series.find(world.reader, world.tx, SeriesQuery(site=[site.id])).items == [by_asset]
    assert series.find(world.reader, world.tx, SeriesQuery(asset_kind=["lamp"])).items == []


def test_models_are_kept_by_the_instance(world: World) -> None:
    new = models.NewDeviceModel(code="m", maker="Milesight", name="EM300")
    assert models.create(world.operator, world.tx, new, now=NOW).maker == "Milesight"
    assert models.find(world.stranger, world.tx, models.DeviceModelQuery(q="milesight")).items[0].code == "m"


def test_each_deed_is_in_the_audit_trail(world: World) -> None:
    made = world.asset()
    assets.change(world.editor, world.tx, made.id, AssetPatch(name="Autre"), now=NOW)
    assets.remove(world.editor, world.tx, made.id, now=NOW)
    lines = audit.find(world.administrator, world.tx, audit.Question(collectivity=ROCHE, action="asset.")).items
    assert [line.action for line in lines] == ["asset.remove", "asset.change", "asset.create"]
    assert lines[0].actor_name == "editor"
    assert lines[1].detail == {"code": made.code, "changed": {"name": [made.name, "Autre"]}}


def test_a_long_field_is_told_changed_without_its_content(world: World) -> None:
    made = world.asset(longitude=-1.4, latitude=46.6)
    angles = [step * tau / 60 for step in range(60)]
    ring = [[-1.4 + cos(angle) / 1000, 46.6 + sin(angle) / 1000] for angle in [*angles, 0]]
    outline = {"type": "Polygon", "coordinates": [ring]}
    assets.change(world.editor, world.tx, made.id, AssetPatch(geometry=outline), now=NOW)
    (line,) = audit.find(world.administrator, world.tx, audit.Question(collectivity=ROCHE, action="asset.change")).items
    assert line.detail["changed"]["geometry"] == []


def test_writable_says_what_a_series_takes(world: World) -> None:
    made = world.series(observed_property="lamp-state", service="lighting", categories=["on", "off"])
    row = series.writable(world.system, world.tx, [made.id, 999])[made.id]
    assert (row.owner, row.value_kind, row.categories, row.service) == (ROCHE, "enumeration", ["on", "off"], "lighting")
    assert list(series.writable(world.system, world.tx, [made.id, 999])) == [made.id]


def test_windows_of_ten_thousand_series_are_read_at_once(world: World) -> None:
    news = [
        NewSeries(owner=ROCHE, code=f"s{i}", name="S", observed_property="temperature", service="water")
        for i in range(10_000)
    ]
    ids = series.create_many(world.system, world.tx, news, now=NOW)
    scope = world.shared(Right.OPERATE, service="water")
    assert len(series.windows(scope, world.tx, series.SeriesSelection(series=ids))) == 10_000
    assert len(series.writable(scope, world.tx, ids)) == 10_000


@pytest.mark.parametrize("name", ["", " ", " a", "a ", "a\n", "a\tb", "a\x00", "\ufffe"])
def test_a_name_is_one_trimmed_line(name: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"owner": ROCHE, "code": "s", "name": name}, NewSite)
