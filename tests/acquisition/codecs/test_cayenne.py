"""Cayenne LPP, by the examples its documentation gives, and by the tables of its libraries."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.acquisition.codecs import cayenne
from beffroi.errors import BeffroiError

PUBLISHED = [
    ("03 67 01 10 05 67 00 FF", {"temperature_3": 27.2, "temperature_5": 25.5}),
    ("01 67 FF D7", {"temperature_1": -4.1}),
    ("06 71 04 D2 FB 2E 00 00", {"accelerometer_6": {"x": 1.234, "y": -1.234, "z": 0}}),
    ("01 88 06 76 5F F2 96 0A 00 03 E8", {"gps_1": {"latitude": 42.3519, "longitude": -87.9094, "altitude": 10}}),
]
TABLE = [
    ("01 00 01", {"digital_in_1": 1}),
    ("02 01 00", {"digital_out_2": 0}),
    ("03 02 FF 9C", {"analog_in_3": -1}),
    ("03 03 01 2D", {"analog_out_3": 3.01}),
    ("04 64 00 01 00 00", {"generic_sensor_4": 65536}),
    ("05 65 01 F4", {"luminosity_5": 500}),
    ("06 66 01", {"presence_6": 1}),
    ("07 68 65", {"relative_humidity_7": 50.5}),
    ("08 73 27 94", {"barometric_pressure_8": 1013.2}),
    ("09 74 01 4A", {"voltage_9": 3.3}),
    ("09 75 00 7D", {"current_9": 0.125}),
    ("09 76 00 0D 40 A0", {"frequency_9": 868512}),
    ("09 78 64", {"percentage_9": 100}),
    ("09 79 FF FE", {"altitude_9": -2}),
    ("09 7D 01 A4", {"concentration_9": 420}),
    ("09 80 05 DC", {"power_9": 1500}),
    ("09 82 00 00 04 D2", {"distance_9": 1.234}),
    ("09 83 00 01 E2 40", {"energy_9": 123.456}),
    ("09 84 00 5A", {"direction_9": 90}),
    ("09 85 65 92 00 80", {"time_9": 1704067200}),
    ("09 86 00 64 FF 9C 00 01", {"gyrometer_9": {"x": 1, "y": -1, "z": 0.01}}),
    ("09 87 FF 80 00", {"colour_9": {"r": 255, "g": 128, "b": 0}}),
    ("09 8E 01", {"switch_9": 1}),
]


@pytest.mark.parametrize(("message", "told"), PUBLISHED + TABLE)
def test_a_message_is_read_and_written(message: str, told: dict[str, Any]) -> None:
    payload = bytes.fromhex(message)
    assert json.dumps(cayenne.decode(payload, 1)) == json.dumps(told)
    assert cayenne.encode(told, 1) == (payload, 1)


def test_every_type_is_tried() -> None:
    assert {bytes.fromhex(message)[1] for message, _ in PUBLISHED + TABLE} == set(cayenne.KINDS)


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("01 67 01", "byte 0: temperature is cut short"),
        ("01 67 01 10 02", "byte 4: unknown type"),
        ("01 67 01 10 02 63 00", "byte 4: unknown type 99"),
    ],
)
def test_what_cannot_be_read_is_told_by_byte(message: str, why: str) -> None:
    with pytest.raises(BeffroiError, match=f"^{why}$"):
        cayenne.decode(bytes.fromhex(message), 1)


@pytest.mark.parametrize(
    "data", [{"temperature": 1}, {"temperature_300": 1}, {"temperature_1": "x"}, {"gps_1": {}}, {"switch_1": 256}, 3]
)
def test_what_cannot_be_written_is_an_error(data: object) -> None:
    with pytest.raises(BeffroiError):
        cayenne.encode(data, 1)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(payload: bytes) -> None:
    try:
        told = cayenne.decode(payload, 1)
    except BeffroiError:
        return
    assert cayenne.decode(cayenne.encode(told, 1)[0], 1) == told
