"""What the keys of decoded messages are taken for, and what is left to a person."""

import tomllib
from typing import Any

import pytest

from beffroi.acquisition import vocabulary
from beffroi.acquisition.proposals import ProposedChannel, proposed
from beffroi.registry import kinds, units
from beffroi.registry.model import ObservedProperty


def known() -> dict[str, ObservedProperty]:
    packaged = tomllib.loads(kinds.PACKAGED.read_text("utf-8"))["observed-properties"]
    return {
        code: ObservedProperty(
            code=code,
            name_fr=one["fr"],
            name_en=one["en"],
            unit=one["unit"],
            value_kind=one["kind"],
            low=one.get("low"),
            high=one.get("high"),
        )
        for code, one in packaged.items()
    }


def of(*samples: Any) -> dict[str, ProposedChannel]:
    return {one.key: one for one in proposed(samples, known())}


@pytest.mark.parametrize(
    ("key", "value", "observed", "unit", "confidence"),
    [
        ("temperature", 21.5, "temperature", "°C", "likely"),
        ("TempC_SHT", 21.5, "temperature", "°C", "certain"),
        ("temp_f", 70, "temperature", "°F", "certain"),
        ("Température", 21.5, "temperature", "°C", "likely"),
        ("soil_temperature", 21.5, "ground-temperature", "°C", "likely"),
        ("humidite", 55, "relative-humidity", "%", "likely"),
        ("Hum_SHT", 55, "relative-humidity", "%", "likely"),
        ("co2", 640, "co2", "ppm", "likely"),
        ("battery", 92, "battery", "%", "likely"),
        ("battery", 3.6, "battery-voltage", "V", "likely"),
        ("battery", 3600, "battery-voltage", "mV", "likely"),
        ("BatV", 3.6, "battery-voltage", "V", "certain"),
        ("battery_voltage_mV", 3600, "battery-voltage", "mV", "certain"),
        ("pressure", 1013.2, "pressure", "hPa", "likely"),
        ("pressure", 101320, "pressure", "Pa", "likely"),
        ("illuminance", 300, "illuminance", "lx", "likely"),
        ("light_lux", 300, "illuminance", "lx", "certain"),
        ("PM2_5", 12, "pm25", "µg/m³", "likely"),
        ("pm10", 12, "pm10", "µg/m³", "likely"),
        ("distance_mm", 1868, "distance", "mm", "certain"),
        ("niveau_eau_cm", 120, "water-level", "cm", "certain"),
        ("tvoc_ppb", 120, "tvoc", "ppb", "certain"),
        ("pulse_total", 5000, "pulse-count", "", "likely"),
        ("occupied", True, "occupancy", "", "likely"),
    ],
)
def test_a_key_that_can_be_one_thing(key: str, value: Any, observed: str, unit: str, confidence: str) -> None:
    one = of({key: value})[key]
    assert (one.observed_property, one.unit, one.confidence) == (observed, unit, confidence)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("temperature", 235),  # tenths?
        ("temperature", "21.5"),
        ("temperature_alarm", 21),
        ("temperature_max", 21),
        ("temperatureBoard", 21),
        ("battery", 12),  # per cent or volts
        ("battery_low", True),
        ("moisture", 40),  # of air, soil, wood?
        ("distance", 1868),
        ("voltage", 3.1),
        ("pulse_count", 4),  # since the last message, or ever
        ("occupancy", 1),  # some sensors go on to 2
        ("energy_kwh", 4),
        ("light", 39),
        ("level", 2),
        ("x", 4),
    ],
)
def test_a_key_that_can_be_several_or_none(key: str, value: Any) -> None:
    one = of({key: value})[key]
    assert one.observed_property is None
    assert one.why


def test_a_unit_beside_the_value_is_believed() -> None:
    found = of({"wind_speed": {"displayName": "Wind", "unit": "m⋅s⁻¹", "value": 4.2}})
    assert (found["wind_speed.value"].unit, found["wind_speed.value"].confidence) == ("m/s", "certain")
    assert of({"temperature": {"unit": "%", "value": 4.2}})["temperature.value"].observed_property is None


def test_all_examples_count() -> None:
    assert of({"battery": 20}, {"battery": 100})["battery"].observed_property == "battery"
    assert of({"battery": 3.6}, {"battery": 100})["battery"].observed_property is None


def test_places_in_lists_are_no_keys() -> None:
    assert of({"readings": [{"temperature": 20}]})["readings.0.temperature"].observed_property is None


def test_normalised_names_are_certain_and_take_the_place_of_the_maker_s() -> None:
    found = of({"temp": 20.1, "humidity": 40, "normalised": {"air": {"temperature": 20.1}, "battery": 3.1}})
    assert found["normalised.air.temperature"].confidence == "certain"
    assert found["normalised.battery"].observed_property == "battery-voltage"
    assert found["temp"].observed_property is None
    assert found["humidity"].observed_property == "relative-humidity"


def test_the_vocabulary_names_known_properties_in_their_units() -> None:
    words = vocabulary.packaged()
    properties = known()
    told = {(one.property, one.unit) for one in words.normalised.values()}
    told |= {(entry.code, one.unit) for _, entry in words._named for one in entry.unspoken}
    assert len(told) > 25
    for code, unit in told:
        units.conversion(unit, properties[code].unit)


def test_reasons_are_in_the_reader_s_language() -> None:
    (one,) = proposed([{"temperature": 20}], known(), "fr")
    assert one.why == "la clé ; unité supposée d'après les valeurs : °C"


def test_a_latitude_and_a_longitude_are_proposed_as_a_position() -> None:
    found = of({"gps": {"latitude": 46.67, "longitude": -1.43}}, {"gps": {"latitude": 46.68, "longitude": -1.44}})
    assert (found["gps"].observed_property, found["gps"].confidence) == ("position", "certain")
