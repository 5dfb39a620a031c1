"""ChirpStack v4 and v3: what is left out, Protobuf, the events."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.acquisition.messages import written
from tests.acquisition.networks import an_uplink, read, told
from tests.acquisition.serialised import V3, V4

INFO = {"devEui": "0102030405060708", "deviceName": "Mairie"}


def v4(**changes: Any) -> dict[str, Any]:
    return {"deviceInfo": INFO, "data": "AQ==", "time": "2024-05-01T10:00:00Z", **changes}


def v3(**changes: Any) -> dict[str, Any]:
    return {"devEUI": "0102030405060708", "fCnt": 1, "data": "AQ==", **changes}


@pytest.mark.parametrize("kind", ["chirpstack-v4", "chirpstack-v3"])
def test_what_is_left_out_is_zero(kind: str) -> None:
    document = {**INFO, "devEUI": INFO["devEui"], "deviceInfo": INFO, "data": "AQ=="}
    up = an_uplink(kind, document)
    assert (up.port, up.frame_counter) == (0, 0)


def test_an_snr_of_exactly_zero_is_left_out_by_v4() -> None:
    (heard,) = an_uplink("chirpstack-v4", v4(rxInfo=[{"gatewayId": "aa", "rssi": -100}])).gateways
    assert (heard.rssi, heard.snr) == (-100, 0)


def test_a_gateway_on_the_meridian_of_greenwich_has_its_place() -> None:
    (heard,) = an_uplink("chirpstack-v4", v4(rxInfo=[{"gatewayId": "aa", "location": {"latitude": 48.3}}])).gateways
    assert (heard.longitude, heard.latitude) == (0, 48.3)


@pytest.mark.parametrize("where", [{}, None, {"latitude": 0, "longitude": 0}, {"latitude": 91, "longitude": 2}])
def test_a_gateway_without_place_has_none(where: Any) -> None:
    (heard,) = an_uplink("chirpstack-v4", v4(rxInfo=[{"gatewayId": "aa", "rssi": -1, "location": where}])).gateways
    assert (heard.longitude, heard.latitude) == (None, None)


@pytest.mark.parametrize(
    "written",
    ["01-02-03-04-05-06-07-08", "01:02:03:04:05:06:07:08", "0102030405060708", "0x0102030405060708", "AQIDBAUGBwg="],
)
def test_a_deveui_is_read_however_it_is_written(written: str) -> None:
    assert an_uplink("chirpstack-v4", v4(deviceInfo={"devEui": written})).device == "0102030405060708"
    assert an_uplink("chirpstack-v3", v3(devEUI=written)).device == "0102030405060708"


@pytest.mark.parametrize("written", ["qv/-", "qv_-", "qv/+", "qv\n/+"])
def test_base64_is_read_in_both_alphabets(written: str) -> None:
    assert an_uplink("chirpstack-v4", v4(data=written)).payload == bytes.fromhex("aafffe")


@pytest.mark.parametrize("written", ["AQI", "AQI="])
def test_base64_may_lack_its_padding(written: str) -> None:
    assert an_uplink("chirpstack-v4", v4(data=written)).payload == b"\x01\x02"


def test_bytes_that_are_no_base64_are_told_with_their_device() -> None:
    found = told("chirpstack-v4", v4(data="é!"))
    assert (found["kind"], found["device"]) == ("unknown", "0102030405060708")


def test_numbers_may_be_text_and_nan_is_none() -> None:
    rx = [{"gatewayId": "aa", "rssi": "-57", "snr": "NaN"}]
    up = an_uplink("chirpstack-v4", v4(fCnt="12", fPort="3", rxInfo=rx))
    assert (up.frame_counter, up.port) == (12, 3)
    assert (up.gateways[0].rssi, up.gateways[0].snr) == (-57, None)


def test_a_literal_nan_does_not_cost_the_frame() -> None:
    content = json.dumps(v4(object={"t": float("nan"), "u": 1}, rxInfo=[{"gatewayId": "aa", "rssi": float("inf")}]))
    up = an_uplink("chirpstack-v4", content.encode())
    assert up.decoded == {"t": None, "u": 1}
    assert up.gateways[0].rssi is None


def test_one_field_of_a_wrong_type_does_not_cost_the_others() -> None:
    up = an_uplink("chirpstack-v4", v4(fCnt=7, dr={"a": 1}, deviceInfo={**INFO, "tags": ["x"], "deviceName": 5}))
    assert (up.frame_counter, up.device, up.name) == (7, "0102030405060708", "5")


@pytest.mark.parametrize("counter", [-1, 2**32, 1e30, 10**400, "x"])
def test_a_counter_that_cannot_be_is_none_or_absent(counter: Any) -> None:
    assert an_uplink("chirpstack-v4", v4(fCnt=counter)).frame_counter in (None, 0)


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "", None, "demain"])
def test_a_time_that_says_nothing_is_when_it_was_received(time: Any) -> None:
    up = an_uplink("chirpstack-v4", v4(time=time))
    assert up.time_source == "received"
    assert up.time.isoformat() == "2026-11-26T08:00:00+00:00"


def test_without_a_time_of_the_network_the_gateway_s_is_taken_and_said() -> None:
    rx = [
        {"gatewayId": "aa", "gwTime": "2024-05-01T12:00:00.5+02:00"},
        {"gatewayId": "bb", "gwTime": "2024-05-01T10:00:01Z"},
    ]
    found = told("chirpstack-v4", v4(time=None, rxInfo=rx))
    assert (found["time"], found["time_source"]) == ("2024-05-01T10:00:00.500Z", "gateway")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("2024-05-01T12:00:00+02:00", "2024-05-01T10:00:00Z"),
        ("2024-05-01T10:00:00.123456789Z", "2024-05-01T10:00:00.123456Z"),
        ("2024-05-01T10:00:00.120000Z", "2024-05-01T10:00:00.120Z"),
        ("2024-05-01 10:00:00", "2024-05-01T10:00:00Z"),
    ],
)
def test_times_are_printed_in_utc_with_their_digits(written: str, printed: str) -> None:
    assert told("chirpstack-v4", v4(time=written))["time"] == printed


def test_the_event_is_what_the_address_or_the_topic_says() -> None:
    status = {"deviceInfo": INFO}  # margin 0, battery 0 %: all left out
    assert told("chirpstack-v4", status, event="status")["battery"] == 0
    topic = "application/1/device/0102030405060708/event/status"
    assert told("chirpstack-v4", status, topic=topic)["kind"] == "status"
    unsaid = told("chirpstack-v4", status)
    assert (unsaid["kind"], unsaid["device"]) == ("unknown", "0102030405060708")
    assert told("chirpstack-v4", status, event="new")["event"] == "new"


def test_a_battery_that_cannot_be_told_is_not_zero() -> None:
    for flag in ("batteryLevelUnavailable", "externalPowerSource"):
        found = told("chirpstack-v4", {"deviceInfo": INFO, "margin": 5, flag: True}, event="status")
        assert "battery" not in found
    assert found["external_power"] is True


def test_an_ack_that_never_came_is_told() -> None:
    found = told("chirpstack-v4", {"deviceInfo": INFO, "queueItemId": "q", "fCntDown": 3})
    assert (found["kind"], found["acknowledged"], found["downlink"]) == ("ack", False, "q")


def test_frames_whose_key_another_holds_are_marked() -> None:
    assert an_uplink("chirpstack-v4", v4(joinServerContext={"sessionKeyId": "aa"})).encrypted
    assert not an_uplink("chirpstack-v4", v4()).encrypted


def test_several_documents_may_come_in_one_content() -> None:
    one, other = json.dumps(v4(fCnt=1)), json.dumps(v4(fCnt=2))
    for content in (f"[{one},{other}]", f"{one}\n{other}\n", f"{one}{other}", f"\ufeff[{one}, {other}]"):
        counters = [message.frame_counter for message in read("chirpstack-v4", content.encode())]  # type: ignore[union-attr]
        assert counters == [1, 2]


def test_what_follows_a_good_document_and_is_none_is_told() -> None:
    assert [type(one).__name__ for one in read("chirpstack-v4", json.dumps(v4()).encode() + b" rest")] == [
        "Uplink",
        "Unknown",
    ]


def test_the_last_of_twice_the_same_name_counts() -> None:
    content = b'{"deviceInfo":{"devEui":"0102030405060708"},"fCnt":1,"fCnt":2,"data":"AQ=="}'
    assert an_uplink("chirpstack-v4", content).frame_counter == 2


def test_uplinks_of_v4_in_protobuf_are_read_in_full() -> None:
    found = told("chirpstack-v4", bytes.fromhex(V4["up"]))
    assert (found["device"], found["port"], found["bytes"]) == ("0101010101010101", 1, "aa00ff")
    assert (found["frame_counter"], found["spreading_factor"], found["frequency"]) == (70000, 11, 867100000)
    assert found["time"] == "2022-07-18T09:34:15.775023Z"
    assert found["decoded"] == {"none": None, "on": True, "s": "é", "t": -1.5, "list": [1.0, {"a": "b"}]}
    assert found["tags"] == {"commune": "85191"}
    assert found["confirmed"] is True
    first, second = found["gateways"]
    assert (first["id"], first["rssi"], first["snr"]) == ("0016c001f153a14c", -36, -10.5)
    assert (first["longitude"], first["latitude"], first["altitude"]) == (-1.43, 46.67, 71)
    assert (first["channel"], first["antenna"], first["time"]) == (3, 1, "2022-07-18T09:34:15.700Z")
    assert (second["id"], second["rssi"], second["snr"]) == ("0016c001f153a14d", -120, 0)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("join", {"kind": "join", "address": "00189440"}),
        ("ack", {"kind": "ack", "acknowledged": False, "downlink": "1bbcab1d", "downlink_counter": 3}),
        ("txack", {"kind": "sent", "downlink": "1bbcab1d", "downlink_counter": 4, "gateway": "0016c001f153a14c"}),
        ("log", {"kind": "log", "level": "ERROR", "code": "UPLINK_CODEC", "description": "boom", "detail": {"a": "b"}}),
        ("status", {"kind": "status", "margin": -10, "battery": 88.25}),
        ("location", {"kind": "location"}),
    ],
)
def test_events_of_v4_in_protobuf_are_read(event: str, expected: dict[str, Any]) -> None:
    found = told("chirpstack-v4", bytes.fromhex(V4[event]), topic=f"application/a/device/b/event/{event}")
    assert expected.items() <= found.items()
    assert (found["device"], found["name"]) == ("0101010101010101", "Mairie")
    assert found["time"] == "2022-07-18T09:34:15.775023Z"


def test_uplinks_of_v3_in_protobuf_are_read_in_full() -> None:
    found = told("chirpstack-v3", bytes.fromhex(V3["up"]), event="up")
    assert (found["device"], found["port"], found["bytes"]) == ("0202020202020202", 5, "02023b")
    assert (found["frame_counter"], found["spreading_factor"], found["bandwidth"]) == (10, 11, 125000)
    assert (found["time"], found["time_source"]) == ("2019-11-08T13:59:25.048445Z", "gateway")
    assert (found["address"], found["decoded"], found["confirmed"]) == ("00010203", {"t": 25}, True)
    (heard,) = found["gateways"]
    assert (heard["id"], heard["rssi"], heard["snr"], heard["longitude"]) == ("0303030303030303", -48, -9.5, -1.43)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("join", {"kind": "join", "address": "00010203"}),
        ("ack", {"kind": "ack", "acknowledged": True, "downlink_counter": 12, "time": "2019-11-08T13:59:26Z"}),
        ("txack", {"kind": "sent", "downlink_counter": 12, "gateway": "0303030303030303"}),
        ("error", {"kind": "error", "code": "UPLINK_CODEC", "description": "boom"}),
        ("status", {"kind": "status", "margin": -7, "battery": 50.5}),
        ("location", {"kind": "location"}),
        ("integration", {"kind": "log", "source": "loracloud", "code": "DAS", "detail": {"a": 1}}),
    ],
)
def test_events_of_v3_in_protobuf_are_read(event: str, expected: dict[str, Any]) -> None:
    found = told("chirpstack-v3", bytes.fromhex(V3[event]), event=event)
    assert expected.items() <= found.items()
    assert found["device"] == "0202020202020202"


@pytest.mark.parametrize("cut", [1, 10, 40, 100, 200])
def test_protobuf_that_was_cut_is_unknown(cut: int) -> None:
    assert told("chirpstack-v4", bytes.fromhex(V4["up"])[:-cut], event="up")["kind"] == "unknown"


@given(
    event=st.sampled_from([*V3, "rx", ""]),
    place=st.integers(0, 400),
    byte=st.integers(0, 255),
    kept=st.integers(1, 900),
)
def test_protobuf_with_a_byte_changed_is_told_of(event: str, place: int, byte: int, kept: int) -> None:
    for kind, messages in (("chirpstack-v4", V4), ("chirpstack-v3", V3)):
        content = bytearray.fromhex(messages.get(event, messages["up"]))
        content[place % len(content)] = byte
        found = read(kind, bytes(content[:kept]), **({"event": event} if event else {}))
        assert found
        for message in found:
            msgspec.json.encode(written(message))


def test_v3_writes_identifiers_in_base64_or_in_hexadecimal() -> None:
    for gateway, device in (("AwMDAwMDAwM=", "AgICAgICAgI="), ("0303030303030303", "0202020202020202")):
        found = told("chirpstack-v3", v3(devEUI=device, rxInfo=[{"gatewayID": gateway, "rssi": -1}]))
        assert (found["device"], found["gateways"][0]["id"]) == ("0202020202020202", "0303030303030303")


def test_lora_server_before_v3_is_read() -> None:
    rx = [{"mac": "1dee08d0b691d149", "rssi": -57, "loRaSNR": 10, "latitude": 52.4, "longitude": 4.9, "altitude": 10}]
    rate = {"modulation": "LORA", "bandwidth": 125, "spreadFactor": 7}
    document = v3(rxInfo=rx, txInfo={"frequency": 868100000, "dataRate": rate})
    found = told("chirpstack-v3", document, topic="application/1/node/0102030405060708/rx")
    assert (found["spreading_factor"], found["bandwidth"]) == (7, 125000)
    heard = found["gateways"][0]
    assert (heard["id"], heard["snr"], heard["longitude"], heard["altitude"]) == ("1dee08d0b691d149", 10, 4.9, 10)


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"devAddr": "01020304", "rxInfo": []}, "join"),
        ({"margin": 3, "batteryLevel": 50}, "status"),
        ({"acknowledged": True, "fCnt": 2}, "ack"),
        ({"type": "OTAA", "error": "nonce"}, "error"),
        ({"location": {"latitude": 46, "longitude": -1}}, "location"),
        ({"integrationName": "x", "eventType": "y"}, "log"),
    ],
)
def test_events_of_v3_are_told_apart_by_what_they_hold(document: dict[str, Any], kind: str) -> None:
    assert told("chirpstack-v3", {"devEUI": "0102030405060708", **document})["kind"] == kind
