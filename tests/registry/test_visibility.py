"""Who sees and changes what: roles, shares, narrowed keys, neighbours and strangers."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from beffroi.access import Right, Scope
from beffroi.errors import Forbidden, NotFound
from beffroi.registry import assets, devices, relations, series, sites
from beffroi.registry.assets import AssetPatch, AssetQuery, NewAsset
from beffroi.registry.devices import DeviceQuery
from beffroi.registry.relations import NewRelation, RelationQuery
from beffroi.registry.series import SeriesQuery, SeriesSelection
from beffroi.registry.sites import SiteQuery
from tests.registry.conftest import NOW, OLONNE, ROCHE, World, scope_of


def seen(world: World, scope: Scope) -> dict[str, list[int]]:
    """The ids of what a scope sees, noun by noun."""
    tx = world.tx
    return {
        "sites": [one.id for one in sites.find(scope, tx, SiteQuery()).items],
        "assets": [one.id for one in assets.find(scope, tx, AssetQuery()).items],
        "devices": [one.id for one in devices.find(scope, tx, DeviceQuery()).items],
        "series": [one.id for one in series.find(scope, tx, SeriesQuery()).items],
        "windows": [row.series for row in series.windows(scope, tx, SeriesSelection())],
        "writable": sorted(series.writable(scope, tx, range(1, 100))),
        "relations": [one.id for one in relations.find(scope, tx, RelationQuery()).items],
    }


NOTHING: dict[str, list[int]] = {
    "sites": [],
    "assets": [],
    "devices": [],
    "series": [],
    "windows": [],
    "writable": [],
    "relations": [],
}


@pytest.fixture
def furnished(world: World) -> World:
    """A lamp (asset 1), its sensor (device 1) and two series; a meter (asset 2), its sensor and a series."""
    site = world.site()
    lamp = world.asset(kind="lamp", site=site.id)
    meter = world.asset(kind="water-meter", site=site.id)
    sensor = world.device(asset=lamp.id)
    reader = world.device(asset=meter.id)
    world.series(device=sensor.id, asset=lamp.id)
    world.series(device=sensor.id)
    world.series(device=reader.id, asset=meter.id, observed_property="water-volume")
    new = NewRelation(
        kind="measures", source_type="device", source=reader.id, target_type="asset", target=meter.id, since=NOW
    )
    relations.create(world.system, world.tx, new, now=NOW)
    return world


ALL = {
    "sites": [1],
    "assets": [1, 2],
    "devices": [1, 2],
    "series": [1, 2, 3],
    "windows": [1, 2, 3],
    "writable": [],
    "relations": [1],
}


def test_a_reader_sees_everything_of_its_own_and_writes_nothing(furnished: World) -> None:
    assert seen(furnished, furnished.reader) == ALL


def test_an_operator_writes_all_series_of_its_own(furnished: World) -> None:
    scope = scope_of("operator", ROCHE, Right.OPERATE)
    assert seen(furnished, scope) == ALL | {"writable": [1, 2, 3]}


@pytest.mark.parametrize("who", ["neighbour", "stranger", "operator"])
def test_others_see_nothing(furnished: World, who: str) -> None:
    assert seen(furnished, getattr(furnished, who)) == NOTHING


def test_a_share_of_a_service_gives_all_of_that_service(furnished: World) -> None:
    assert seen(furnished, furnished.shared(service="water")) == NOTHING | {
        "assets": [2],
        "devices": [2],
        "series": [3],
        "windows": [3],
        "relations": [1],
    }


def test_a_share_of_an_asset_kind_gives_these_assets_their_devices_and_series(furnished: World) -> None:
    assert seen(furnished, furnished.shared(asset_kind="lamp")) == NOTHING | {
        "assets": [1],
        "devices": [1],
        "series": [1, 2],
        "windows": [1, 2],
    }


def test_a_share_of_named_series_gives_these_alone(furnished: World) -> None:
    assert seen(furnished, furnished.shared(series=frozenset({2}))) == NOTHING | {"series": [2], "windows": [2]}


def test_a_share_to_operate_lets_write(furnished: World) -> None:
    assert seen(furnished, furnished.shared(Right.OPERATE, service="water"))["writable"] == [3]
    assert seen(furnished, furnished.shared(Right.READ, service="water"))["writable"] == []


def test_a_share_is_of_its_giver_only(furnished: World) -> None:
    furnished.asset(owner=OLONNE, kind="water-meter")
    assert seen(furnished, furnished.shared(service="water"))["assets"] == [2]


def test_a_narrowed_key_reaches_its_services_alone(furnished: World) -> None:
    scope = msgspec.structs.replace(furnished.reader, services=frozenset({"water"}))
    assert seen(furnished, scope) == {
        "sites": [1],
        "assets": [2],
        "devices": [2],
        "series": [3],
        "windows": [3],
        "writable": [],
        "relations": [1],
    }


def test_a_narrowed_key_narrows_shares_too(furnished: World) -> None:
    scope = msgspec.structs.replace(furnished.shared(asset_kind="lamp"), services=frozenset({"water"}))
    assert seen(furnished, scope) == NOTHING


def test_a_narrowed_key_sees_no_site_without_things_of_its_services(furnished: World) -> None:
    furnished.site()
    scope = msgspec.structs.replace(furnished.reader, services=frozenset({"waste"}))
    assert seen(furnished, scope) == NOTHING


def test_a_share_hides_what_was_observed_before_its_since(furnished: World) -> None:
    since = datetime(2026, 6, 1, tzinfo=UTC)
    rows = series.windows(furnished.shared(service="water", since=since), furnished.tx, SeriesSelection())
    assert [(row.series, row.since, row.until) for row in rows] == [(3, since, None)]


def test_the_program_itself_sees_everything(furnished: World) -> None:
    assert seen(furnished, furnished.system) == ALL | {"writable": [1, 2, 3]}


Attempt = Callable[[World, Scope], Any]
CHANGES: dict[str, Attempt] = {
    "asset": lambda w, s: assets.change(s, w.tx, 1, AssetPatch(name="Autre"), now=NOW),
    "asset removal": lambda w, s: assets.remove(s, w.tx, 1, now=NOW),
    "device": lambda w, s: devices.change(s, w.tx, 1, devices.DevicePatch(name="Autre"), now=NOW),
    "series": lambda w, s: series.change(s, w.tx, 1, series.SeriesPatch(name="Autre"), now=NOW),
    "site": lambda w, s: sites.change(s, w.tx, 1, sites.SitePatch(name="Autre"), now=NOW),
    "relation": lambda w, s: relations.remove(s, w.tx, 1, now=NOW),
}


@pytest.mark.parametrize("what", CHANGES)
def test_who_only_sees_may_not_change(furnished: World, what: str) -> None:
    with pytest.raises(Forbidden):
        CHANGES[what](furnished, furnished.reader)


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("who", ["neighbour", "stranger", "operator"])
def test_who_does_not_see_is_told_there_is_nothing(furnished: World, what: str, who: str) -> None:
    with pytest.raises(NotFound):
        CHANGES[what](furnished, getattr(furnished, who))


@pytest.mark.parametrize("what", ["asset", "device", "series"])
def test_a_share_to_read_lets_change_nothing(furnished: World, what: str) -> None:
    with pytest.raises(Forbidden):
        CHANGES[what](furnished, furnished.shared(service="lighting"))


def test_a_share_to_operate_a_service_lets_add_to_it(furnished: World) -> None:
    scope = furnished.shared(Right.OPERATE, service="lighting")
    new = NewAsset(owner=ROCHE, kind="lamp", code="neuve", name="Lampe neuve")
    assert assets.create(scope, furnished.tx, new, now=NOW).owner == ROCHE


def test_a_share_of_one_service_does_not_let_add_to_another(furnished: World) -> None:
    scope = furnished.shared(Right.OPERATE, service="lighting")
    with pytest.raises(Forbidden):
        assets.create(scope, furnished.tx, NewAsset(owner=ROCHE, kind="tank", code="t", name="Réservoir"), now=NOW)


def test_nobody_creates_at_anothers(furnished: World) -> None:
    new = NewAsset(owner=ROCHE, kind="lamp", code="l", name="Lampe")
    with pytest.raises(NotFound):
        assets.create(furnished.neighbour, furnished.tx, new, now=NOW)


def test_a_narrowed_key_changes_only_its_services(furnished: World) -> None:
    scope = msgspec.structs.replace(furnished.editor, services=frozenset({"water"}))
    assets.change(scope, furnished.tx, 2, AssetPatch(name="Compteur"), now=NOW)
    with pytest.raises(NotFound):
        assets.change(scope, furnished.tx, 1, AssetPatch(name="Lampe"), now=NOW)


def test_a_change_may_not_put_a_thing_out_of_ones_own_reach(furnished: World) -> None:
    scope = msgspec.structs.replace(furnished.editor, services=frozenset({"water"}))
    with pytest.raises((Forbidden, NotFound)):
        assets.change(scope, furnished.tx, 2, AssetPatch(service="lighting"), now=NOW)
