"""From decoded values to those of channels."""

from datetime import UTC, datetime
from typing import Any

import pytest

from beffroi.acquisition.recipes import NORMALISED, Channel, Leaf, Place, Recipe, leaves

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
EARLIER = datetime(2026, 11, 22, 9, 50, tzinfo=UTC)
AIR = f"{NORMALISED}.air.temperature"
RECIPE = Recipe(
    "am1", None, {AIR: Channel(AIR, "temperature", "°C", "number"), "gps": Channel("gps", "position", "", "position")}
)


def told(data: Any) -> dict[str, Any]:
    return {leaf.key: leaf.value for leaf in leaves(data)}


def test_measurements_of_several_moments_go_by_the_same_key_in_the_order_of_time() -> None:
    history = [{"air": {"temperature": 21}}, {"air": {"temperature": 20}, "time": "2026-11-22T10:50:00+01:00"}]
    found, wrong = RECIPE.measured({NORMALISED: history}, AT)
    assert [(one.channel.key, one.time, one.value) for one in found] == [(AIR, EARLIER, 20.0), (AIR, AT, 21.0)]
    assert not wrong


def test_one_measurement_has_its_own_time() -> None:
    found, _ = RECIPE.measured({NORMALISED: {"air": {"temperature": 20}, "time": "2026-11-22T09:50:00Z"}}, AT)
    assert [(one.time, one.value) for one in found] == [(EARLIER, 20.0)]


@pytest.mark.parametrize("moment", [{}, {"time": "2026-11-22T09:50:00Z"}])
def test_measurements_of_several_things_at_one_moment_are_told_apart_by_their_place(moment: dict[str, str]) -> None:
    probes = [{"soil": {"temperature": 8}, **moment}, {"soil": {"temperature": 9}, **moment}]
    keys = told({NORMALISED: probes})
    assert (keys["normalised.0.soil.temperature"], keys["normalised.1.soil.temperature"]) == (8, 9)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"latitude": 46.67, "longitude": -1.43}, "position"),
        ({"gps": {"lat": 46.67, "lng": -1.43, "altitude": 70}}, "gps"),
        ({"fixes": [{"lat": 46.67, "lon": -1.43}]}, "fixes.0"),
    ],
)
def test_a_latitude_and_a_longitude_are_a_place_besides(data: dict[str, Any], key: str) -> None:
    assert told(data)[key] == Place(-1.43, 46.67)


@pytest.mark.parametrize(
    "where",
    [{"lat": 0, "lon": 0}, {"lat": 91, "lon": 0}, {"lat": "46", "lon": 1}, {"lat": 46}, {"lat": True, "lon": 1}],
)
def test_what_is_no_place_is_none(where: dict[str, Any]) -> None:
    assert list(leaves({"gps": where})) == [Leaf(f"gps.{name}", value) for name, value in where.items()]


def test_a_place_where_a_place_is_expected_and_nothing_else() -> None:
    found, wrong = RECIPE.measured({"gps": {"lat": 46.67, "lon": -1.43}}, AT)
    assert [one.place for one in found] == [Place(-1.43, 46.67)]
    assert not wrong
    found, (fault,) = RECIPE.measured({"gps": 3}, AT)
    assert not found
    assert fault.en == "gps is “3”; expected: a latitude and a longitude"
