import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from beffroi import registry
from beffroi.errors import Invalid
from beffroi.registry import units
from beffroi.registry.units import conversion, symbol
from tests.registry.conftest import World


@pytest.mark.parametrize(
    ("source", "target", "value", "expected"),
    [
        ("kelvin", "°C", 279.15, 6.0),
        ("K", "degC", 0.0, -273.15),
        ("pascal", "hPa", 102380.0, 1023.8),
        ("microg/m3", "µg/m³", 27.0, 27.0),
        ("microg/m3", "mg/m³", 300.0, 0.3),
        ("km/h", "m/s", 36.0, 10.0),
        ("octa", "%", 2.0, 25.0),
        ("Wh", "kWh", 1500.0, 1.5),
        ("L", "m³", 12.0, 0.012),
    ],
)
def test_values_are_converted_exactly(source: str, target: str, value: float, expected: float) -> None:
    assert conversion(source, target)(np.array([value])).tolist() == [expected]


def test_missing_values_stay_missing() -> None:
    assert np.isnan(conversion("K", "degC")(np.array([np.nan]))).all()


def test_small_differences_survive_the_rounding() -> None:
    assert conversion("K", "degC")(np.array([273.151])).tolist() == [0.001]


@pytest.mark.parametrize("unit", ["furlongs per", "(((", "m**", "__import__('os')", "x" * 1000, "1e999999999"])
def test_an_unknown_unit_is_a_fault(unit: str) -> None:
    with pytest.raises(Invalid):
        symbol(unit)


def test_units_of_different_dimensions_do_not_convert() -> None:
    with pytest.raises(Invalid, match="does not convert"):
        conversion("kelvin", "percent")


def test_a_logarithmic_unit_does_not_convert_by_a_factor() -> None:
    with pytest.raises(Invalid, match="does not convert"):
        conversion("dB", "")


@pytest.mark.parametrize(
    ("unit", "expected"), [("°C", "degC"), ("microg/m3", "ug/m3"), ("µg/m³", "ug/m3"), ("m3/h", "m3/h"), ("", "")]
)
def test_a_unit_has_one_symbol_whatever_its_spelling(unit: str, expected: str) -> None:
    assert symbol(unit) == expected


def test_every_observed_property_has_a_unit_that_is_read() -> None:
    packaged = tomllib.loads((Path(registry.__file__).parent / "kinds.toml").read_text())["observed-properties"]
    assert packaged
    for one in packaged.values():
        symbol(one["unit"])


def test_a_series_keeps_to_units_that_exist(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        world.series(unit="banana")
    assert [fault.field for fault in refused.value.faults] == ["unit"]


def test_threads_that_read_the_first_units_at_once_read_them_of_one_registry() -> None:
    units._registry.cache_clear()
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: units.registry(), range(4)))
    assert all(one is found[0] for one in found)
