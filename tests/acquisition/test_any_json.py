"""Any JSON, by a mapping."""

import json
from typing import Any

import pytest

from beffroi.acquisition.connectors.json_http import mapped
from beffroi.acquisition.messages import written
from beffroi.errors import Invalid
from tests.acquisition.networks import ENVELOPE, told

NESTED = """
items = "readings"
device = "meta.serial"
time = "ts"
[values]
temperature = "t"
door = "doors[0].open"
"""
FRAMES = """
device = "eui"
payload = "raw"
encoding = "base64"
port = "p"
frame_counter = "n"
gateway = "gw"
rssi = "signal"
"""


def by(mapping: str, content: Any) -> list[dict[str, Any]]:
    return [written(one) for one in mapped(mapping).read(json.dumps(content).encode(), ENVELOPE)]


def test_values_are_where_the_mapping_says() -> None:
    record = {"meta": {"serial": 12}, "ts": 1700000000, "t": 20.5, "doors": [{"open": True}], "other": 1}
    (found,) = by(NESTED, {"readings": [record]})
    assert (found["device"], found["time"]) == ("12", "2023-11-14T22:13:20Z")
    assert found["values"] == {"temperature": 20.5, "door": True}


def test_a_record_without_values_or_device_is_told_and_the_others_are_read() -> None:
    good = {"meta": {"serial": "a"}, "t": 1}
    found = by(NESTED, {"readings": [{"t": 1}, good, {"meta": {"serial": "b"}}, None]})
    assert [one["kind"] for one in found] == ["unknown", "measurements", "unknown", "unknown"]
    assert by(NESTED, {"readings": []})[0]["kind"] == "unknown"


def test_a_mapping_may_tell_frames() -> None:
    (found,) = by(FRAMES, {"eui": "70b3d57ba000156b", "raw": "AQI", "p": "3", "n": 9, "gw": "G", "signal": -80})
    assert (found["kind"], found["device"], found["bytes"]) == ("uplink", "70B3D57BA000156B", "0102")
    assert (found["port"], found["frame_counter"], found["gateways"]) == (3, 9, [{"id": "G", "rssi": -80}])


def test_without_a_mapping_flat_objects_are_read() -> None:
    found = told("json", {"device": "a1", "time": "2024-05-01T10:00:00Z", "t": 20.5, "open": False, "nested": {}})
    assert (found["device"], found["time"], found["values"]) == (
        "a1",
        "2024-05-01T10:00:00Z",
        {"t": 20.5, "open": False},
    )


def test_an_expression_that_fails_on_a_record_is_told() -> None:
    (found,) = by('device = "d"\n[values]\nn = "length(t)"', {"d": "a", "t": 5})
    assert (found["kind"], found["device"]) == ("unknown", "a")


@pytest.mark.parametrize("wrong", ["device = 5", 'device = "a["', 'time = "t"', 'device = "d"\nother = "x"', "= ="])
def test_a_mapping_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(Invalid):
        mapped(wrong)
