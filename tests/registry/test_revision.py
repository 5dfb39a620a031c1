"""What is found at a revision of the registry holds until the next: nothing may change unnoticed."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from beffroi.registry import assets, devices, moves, revision, series, sites, tables
from beffroi.registry.assets import AssetPatch
from beffroi.registry.devices import DevicePatch
from beffroi.registry.model import Move
from beffroi.registry.revision import MOST
from beffroi.registry.series import SeriesPatch
from beffroi.registry.sites import SitePatch
from tests.registry.conftest import NOW, OLONNE, World

NOUNS = [
    pytest.param(sites, SitePatch, World.site, id="site"),
    pytest.param(assets, AssetPatch, World.asset, id="asset"),
    pytest.param(devices, DevicePatch, World.device, id="device"),
    pytest.param(series, SeriesPatch, World.series, id="series"),
]


@pytest.mark.parametrize(("room", "patch", "make"), NOUNS)
def test_what_is_made_changed_or_removed_raises_it(
    world: World, room: Any, patch: Any, make: Callable[..., Any]
) -> None:
    numbers = [revision.number(world.tx)]
    thing = make(world)
    numbers.append(revision.number(world.tx))
    room.change(world.system, world.tx, thing.id, patch(name="Autre"), now=NOW)
    numbers.append(revision.number(world.tx))
    room.remove(world.system, world.tx, thing.id, now=NOW)
    numbers.append(revision.number(world.tx))
    assert sorted(set(numbers)) == numbers


def test_who_holds_a_series_raises_it(world: World) -> None:
    device = world.device()
    world.series(device=device.id)
    before = revision.number(world.tx)
    moves.move(world.system, world.tx, "device", device.id, Move(OLONNE, NOW, "both"), now=NOW)
    assert revision.number(world.tx) > before


def test_what_changed_since_is_told(world: World) -> None:
    device, other = world.device(), world.device()
    known = world.series(device=device.id)
    earlier = revision.number(world.tx)
    devices.change(world.system, world.tx, device.id, DevicePatch(name="Autre"), now=NOW)
    assert revision.since(world.tx, earlier) == {"device": {device.id}}
    moves.move(world.system, world.tx, "device", device.id, Move(OLONNE, NOW, "both"), now=NOW)
    devices.remove(world.system, world.tx, other.id, now=NOW)
    assert revision.since(world.tx, earlier) == {"device": {device.id, other.id}, "series": {known.id}}
    assert revision.since(world.tx, revision.number(world.tx)) == {}


def test_what_is_too_much_or_too_long_ago_is_not_told(world: World) -> None:
    site, earlier = world.site(), revision.number(world.tx)
    again = update(tables.site).values(name="encore")
    for _ in range(MOST):
        world.tx.execute(again)
    assert revision.since(world.tx, earlier) == {"site": {site.id}}
    world.tx.execute(again)
    assert revision.since(world.tx, earlier) is None
    assert revision.since(world.tx, earlier + 1) == {"site": {site.id}}


def test_what_is_only_read_does_not(world: World) -> None:
    device = world.device()
    before = revision.number(world.tx)
    devices.get(world.system, world.tx, device.id)
    assert revision.number(world.tx) == before
