"""Layouts of bits, read and written."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.acquisition.codecs import Call, CodecRef, Codecs, Request
from beffroi.acquisition.codecs.layouts import Field, Layout, compiled
from beffroi.errors import BeffroiError, Invalid

BIN = """
name = "A bin's level"
ports = [2, 3]

[[fields]]
name = "count"
kind = "reserved"
bytes = 1

[[fields]]
name = "temperature"
kind = "signed"
bytes = 2
scale = 0.1
missing = [-32768]
unit = "Cel"

[[fields]]
name = "open"
kind = "boolean"

[[fields]]
name = "state"
bits = 3
words = {0 = "well", 1 = "tilted"}

[[fields]]
name = "battery"
bits = 4
scale = 0.1
offset = 2

[[fields]]
name = "alarm"
bytes = 1
when = {state = ["tilted"]}

[[fields]]
name = "levels"
repeat = "count"
fields = [{name = "level", bytes = 1, unit = "%"}, {name = "echo", bytes = 2, order = "little"}]

[[fields]]
name = "version"
kind = "text"
ports = [3]
optional = true
"""
READ = {
    "temperature": -0.3,
    "open": True,
    "state": "tilted",
    "battery": 3.2,
    "alarm": 9,
    "levels": [{"level": 50, "echo": 1}, {"level": 51, "echo": 513}],
}
WRITTEN = bytes.fromhex("02 fffd 9c 09 32 0100 33 0102")


def of(*fields: dict[str, Any], **more: Any) -> Layout:
    return compiled(json.dumps({"fields": fields, **more}))


def test_a_message_is_read_as_declared() -> None:
    assert compiled(BIN).decode(WRITTEN, 2) == READ


def test_and_written_back() -> None:
    assert compiled(BIN).encode(READ, 2) == (WRITTEN, 2)


def test_conditions_on_the_port_and_on_fields() -> None:
    layout = compiled(BIN)
    assert layout.decode(bytes.fromhex("00 0001 00") + b"v1", 3) == {
        "temperature": 0.1,
        "open": False,
        "state": "well",
        "battery": 2,
        "levels": [],
        "version": "v1",
    }
    assert layout.decode(bytes.fromhex("00 8000 00"), 2)["temperature"] is None
    with pytest.raises(BeffroiError, match="port 9 is not described"):
        layout.decode(b"", 9)


def test_units_are_told_by_name() -> None:
    assert compiled(BIN).units() == {"temperature": "Cel", "level": "%"}


def test_a_short_message_names_the_field_it_lacks() -> None:
    with pytest.raises(BeffroiError, match="the message has 2 bytes: temperature is not whole in it"):
        compiled(BIN).decode(b"\0\0", 2)


@pytest.mark.parametrize(
    ("field", "payload", "value"),
    [
        ({"kind": "unsigned", "bytes": 3}, "010203", 66051),
        ({"kind": "unsigned", "bytes": 3, "order": "little"}, "010203", 197121),
        ({"kind": "signed", "bits": 12}, "fff0", -1),
        ({"kind": "float", "bytes": 4}, "41480000", 12.5),
        ({"kind": "float", "bytes": 2, "order": "little"}, "003c", 1),
        ({"kind": "text", "bytes": 4}, "61620000", "ab"),
        ({"kind": "bytes"}, "c0ffee", "c0ffee"),
        ({"kind": "unsigned", "bits": 4, "byte": 1, "bit": 2}, "ff3c", 15),
        ({"kind": "unsigned", "bytes": 1, "scale": 0.1}, "03", 0.3),
        ({"kind": "unsigned", "bytes": 1, "scale": 0.5, "offset": -40}, "51", 0.5),
        ({"kind": "boolean", "bits": 2}, "80", True),
        ({"bytes": 1, "words": {"1": "on"}}, "02", 2),
    ],
)
def test_one_field(field: dict[str, Any], payload: str, value: object) -> None:
    assert of({"name": "a", **field}).decode(bytes.fromhex(payload), 1) == {"a": value}


def test_bits_are_counted_from_the_lowest_in_little_order() -> None:
    fields = [{"name": "a", "bits": 3}, {"name": "b", "bits": 9}, {"name": "c", "bits": 4}]
    assert of(*fields, order="little").decode(bytes.fromhex("fd1a"), 1) == {"a": 5, "b": 351, "c": 1}
    assert of(*fields).decode(bytes.fromhex("bffa"), 1) == {"a": 5, "b": 511, "c": 10}


def test_channels_by_type_until_the_end() -> None:
    channels = {
        "repeat": "rest",
        "fields": [
            {"name": "type", "kind": "reserved", "bytes": 1},
            {"name": "temperature", "kind": "signed", "bytes": 2, "scale": 0.1, "when": {"type": 1}},
            {"name": "humidity", "bytes": 1, "scale": 0.5, "when": {"type": [2, 3]}},
        ],
    }
    assert of(channels).decode(bytes.fromhex("0100e6 0350"), 1) == {"temperature": 23, "humidity": 40}
    with pytest.raises(BeffroiError, match="cannot be written"):
        of(channels).encode({}, 1)


def test_what_does_not_advance_ends() -> None:
    layout = of({"name": "a", "repeat": "rest", "fields": [{"name": "b", "bytes": 1, "ports": [9]}]})
    with pytest.raises(BeffroiError, match="byte 0: nothing described there"):
        layout.decode(b"abc", 1)


@pytest.mark.parametrize(
    ("field", "why"),
    [
        ({"name": "a"}, "a length of 1 to 64 bits is expected"),
        ({"name": "a", "bits": 65}, "a length of 1 to 64 bits is expected"),
        ({"name": "a", "bits": 8, "bytes": 1}, "bits or bytes, one of them"),
        ({"bytes": 1}, "a name is expected"),
        ({"name": "a", "kind": "float", "bytes": 3}, "a float has 16, 32 or 64 bits"),
        ({"name": "a", "kind": "text", "bits": 9}, "a text or bytes have whole bytes"),
        ({"name": "a", "bytes": 1, "when": {"b": 1}}, "“b” is no field read before"),
        ({"name": "a", "repeat": "b", "fields": [{"name": "c", "bytes": 1}]}, "“b” is no field read before"),
        ({"name": "a", "fields": [{"name": "c", "bytes": 1}]}, "a group says how many times"),
        ({"name": "a", "bytes": 1, "words": {"x": "y"}}, "words has integers for keys"),
        ({"name": "a", "bytes": 1, "scale": 0}, "scale is not 0"),
        ({"name": "a", "bytes": 1, "byte": -1}, "byte and bit are not negative"),
    ],
)
def test_a_wrong_layout_is_told_by_its_place(field: dict[str, Any], why: str) -> None:
    with pytest.raises(Invalid) as refused:
        of(field)
    assert refused.value.faults[0].field == "fields[0]"
    assert why in refused.value.faults[0].text.en


@pytest.mark.parametrize("source", ["", "[", "{", "fields = 3", '{"fields": [{"nme": "a"}]}', '{"fields": [' * 2000])
def test_what_is_no_layout_is_refused(source: str) -> None:
    with pytest.raises(Invalid):
        compiled(source)


@pytest.mark.parametrize(
    "wrong", [{"battery": 30}, {"state": "unknown"}, {"open": None}, {"levels": 3}, {"alarm": "x"}]
)
def test_what_does_not_fit_is_not_written(wrong: dict[str, Any]) -> None:
    with pytest.raises(BeffroiError):
        compiled(BIN).encode(READ | wrong, 2)


NUMBERS = st.builds(
    lambda kind, bits, scale, offset, order: {"kind": kind, "bits": bits, "scale": scale, "offset": offset} | order,
    st.sampled_from(["unsigned", "signed"]),
    st.integers(1, 40),
    st.sampled_from([1, 0.1, 0.5, 0.01, 3, -0.25]),
    st.sampled_from([0, -40, 0.5]),
    st.just({}),
)


@given(st.lists(NUMBERS, min_size=1, max_size=8), st.sampled_from(["big", "little"]), st.data())
def test_what_is_read_is_written_back(numbers: list[dict[str, Any]], order: str, data: st.DataObject) -> None:
    layout = of(*({"name": f"n{place}", **one} for place, one in enumerate(numbers)), order=order)
    size = sum(one["bits"] for one in numbers)
    padding = -size % 8
    told = data.draw(st.integers(0, 2**size - 1))
    payload = (
        (told << padding).to_bytes((size + padding) // 8)
        if order == "big"
        else told.to_bytes((size + padding) // 8, "little")
    )
    assert layout.encode(layout.decode(payload, 1), 1)[0] == payload


@given(st.binary(max_size=40), st.sampled_from([2, 3]))
def test_any_bytes_are_read_or_refused(payload: bytes, port: int) -> None:
    layout = compiled(BIN)
    try:
        told = layout.decode(payload, port)
    except BeffroiError:
        return
    assert layout.decode(layout.encode(told, port)[0], port) == told


def test_layouts_and_cayenne_answer_beside_scripts(codecs: Codecs) -> None:
    layout = CodecRef.of("roche", BIN, "layout")
    lpp = CodecRef.of("roche", "", "cayenne-lpp")
    found = codecs.decode_many(
        [Request(layout, WRITTEN, 2), Request(lpp, b"\x03\x67\x01\x10"), Request(layout, b"", 2)]
    )
    assert [one.data for one in found] == [READ, {"temperature_3": 27.2}, None]
    assert found[2].error is not None
    assert codecs.encode_many([Request(layout, routine="encodeDownlink", port=2, data=READ)])[0].bytes == WRITTEN
    refused = codecs.run([Call(layout, "normalizeUplink", b"{}"), Call(layout, "decodeUplink", b'{"bytes":[256]}')])
    assert all(one.error is not None for one in refused)


def test_every_key_of_a_field_is_known() -> None:
    with pytest.raises(Invalid):
        of({"name": "a", "bytes": 1, "lenght": 2})
    assert Field(name="a", bytes=1).size == 8
