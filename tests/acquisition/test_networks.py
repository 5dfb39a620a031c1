"""The traps of The Things Stack, ThingPark, Loriot, Live Objects, Wanesy, Netmore and Sigfox."""

import json
from typing import Any

import pytest

from tests.acquisition.networks import an_uplink, read, told

EUI = "0102030405060708"
IDS = {"device_id": "one", "dev_eui": EUI, "application_ids": {"application_id": "app"}, "dev_addr": "00000001"}


def tts(**changes: Any) -> dict[str, Any]:
    return {"end_device_ids": IDS, "received_at": "2024-05-01T10:00:00.123456789Z", **changes}


def test_the_things_stack_leaves_zeros_out() -> None:
    up = an_uplink("tts-v3", tts(uplink_message={"rx_metadata": [{"gateway_ids": {"gateway_id": "g"}, "rssi": -90}]}))
    assert (up.port, up.frame_counter, up.payload, up.confirmed) == (0, 0, b"", False)
    assert up.gateways[0].snr == 0


def test_a_device_without_deveui_is_known_by_its_name_and_that_is_said() -> None:
    found = told("tts-v3", tts(end_device_ids={"device_id": "dev1"}, uplink_message={"frm_payload": "AQ=="}))
    assert (found["device"], found["device_source"]) == ("dev1", "name")
    topic = "v3/app@ttn/devices/dev2/up"
    assert told("tts-v3", {"uplink_message": {"frm_payload": "AQ=="}}, topic=topic)["device"] == "dev2"


def test_simulated_uplinks_are_marked() -> None:
    assert an_uplink("tts-v3", tts(simulated=True, uplink_message={"f_port": 1})).simulated


def test_through_packet_broker_the_gateway_is_the_other_network_s() -> None:
    broker = {"forwarder_gateway_id": "theirs", "forwarder_gateway_eui": "58A0CBFFFE8052EC"}
    heard = {"gateway_ids": {"gateway_id": "packetbroker"}, "packet_broker": broker, "rssi": -1}
    (one,) = an_uplink("tts-v3", tts(uplink_message={"rx_metadata": [heard]})).gateways
    assert (one.id, one.eui) == ("theirs", "58A0CBFFFE8052EC")


def test_the_things_stack_reckons_places_and_registered_ones_are_not_reckoned() -> None:
    where = {"latitude": 46.6, "longitude": -1.4, "accuracy": 30, "source": "SOURCE_GPS"}
    up = an_uplink("tts-v3", tts(uplink_message={"locations": {"user": {"latitude": 1, "longitude": 1}}}))
    assert up.location is None
    up = an_uplink("tts-v3", tts(uplink_message={"f_cnt": "5", "locations": {"frm-payload": where}}))
    assert up.location is not None
    assert (up.location.longitude, up.location.accuracy, up.frame_counter) == (-1.4, 30, 5)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"join_accept": {"session_key_id": "a"}}, {"kind": "join", "address": "00000001"}),
        (
            {"downlink_ack": {"f_cnt": 3, "correlation_ids": ["as:1", "mine"]}},
            {"kind": "ack", "acknowledged": True, "downlink": "mine"},
        ),
        ({"downlink_nack": {"f_cnt": 3}}, {"kind": "ack", "acknowledged": False}),
        ({"downlink_sent": {"f_cnt": 3}}, {"kind": "sent", "downlink_counter": 3}),
        ({"downlink_queued": {"f_port": 3}}, {"kind": "log", "code": "downlink_queued"}),
        (
            {"downlink_failed": {"downlink": {}, "error": {"name": "expired", "message_format": "too late"}}},
            {"kind": "error", "code": "expired", "description": "too late"},
        ),
        ({"downlink_queue_invalidated": {"last_f_cnt_down": 4}}, {"kind": "log"}),
        (
            {"location_solved": {"service": "s", "location": {"latitude": 46.6, "longitude": -1.4}}},
            {"kind": "location"},
        ),
        (
            {"service_data": {"service": "storage", "data": {"a": 1}}},
            {"kind": "log", "source": "storage", "detail": {"a": 1}},
        ),
        ({"uplink_normalized": {"f_port": 3, "frm_payload": "AQ=="}}, {"kind": "uplink", "port": 3}),
        ({"result": tts(uplink_message={"f_port": 4})}, {"kind": "uplink", "port": 4}),
    ],
)
def test_events_of_the_things_stack_are_read(part: dict[str, Any], expected: dict[str, Any]) -> None:
    found = told("tts-v3", tts(**part))
    assert expected.items() <= found.items()
    assert (found["device"], found["time"]) == (EUI, "2024-05-01T10:00:00.123456Z")


def test_a_result_within_a_result_is_followed_only_so_far() -> None:
    content = b'{"result":' * 400 + b"{}" + b"}" * 400
    assert told("tts-v3", content)["kind"] == "unknown"


REPORT = {
    "Time": "2024-11-28T22:08:22.138+01:00",
    "DevEUI": EUI,
    "FPort": "1",
    "FCntUp": "26",
    "MType": "4",
    "payload_hex": "02023B",
    "LrrRSSI": "-114.0",
    "LrrSNR": "4.75",
    "SpFact": "9",
    "Lrrid": "A",
    "LrrLAT": "46.6",
    "LrrLON": "-1.4",
    "Lrrs": {"Lrr": [{"Lrrid": "A", "LrrRSSI": "-114.0", "LrrSNR": "4.75"}, {"Lrrid": "B", "LrrRSSI": "-120"}]},
    "Frequency": "868.1",
}


def test_numbers_of_thingpark_may_be_text() -> None:
    up = an_uplink("thingpark", {"DevEUI_uplink": REPORT})
    assert (up.port, up.frame_counter, up.spreading_factor, up.frequency) == (1, 26, 9, 868_100_000)
    assert up.confirmed
    assert [(one.id, one.rssi, one.longitude) for one in up.gateways] == [("A", -114, -1.4), ("B", -120, None)]
    assert told("thingpark", {"DevEUI_uplink": REPORT})["time"] == "2024-11-28T21:08:22.138Z"


def test_one_station_of_thingpark_may_stand_alone_or_be_missing() -> None:
    alone = {**REPORT, "Lrrs": {"Lrr": {"Lrrid": "A", "LrrRSSI": -1}}}
    assert [one.rssi for one in an_uplink("thingpark", {"DevEUI_uplink": alone}).gateways] == [-1]
    bare = {name: one for name, one in REPORT.items() if name != "Lrrs"}
    assert [(one.id, one.rssi) for one in an_uplink("thingpark", {"DevEUI_uplink": bare}).gateways] == [("A", -114)]


def xml_of(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(xml_of(name, one) for one in value)
    inner = "".join(xml_of(key, one) for key, one in value.items()) if isinstance(value, dict) else value
    return f"<{name}>{inner}</{name}>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_xml_of_thingpark_says_the_same_as_its_json(encoding: str) -> None:
    body = xml_of("DevEUI_uplink", REPORT).replace(
        "<DevEUI_uplink>", '<DevEUI_uplink xmlns="http://uri.actility.com/lora">'
    )
    content = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>\n{body}'.encode(encoding)
    assert told("thingpark", content) == told("thingpark", {"DevEUI_uplink": REPORT})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_with_a_document_type_is_refused(encoding: str) -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;">]><DevEUI_uplink><DevEUI>&b;</DevEUI></DevEUI_uplink>'
    )
    found = told("thingpark", bomb.encode(encoding))
    assert found["kind"] == "unknown"
    assert "DOCTYPE" in found["reason"]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            {"DevEUI_downlink_Sent": {"DeliveryStatus": "1", "FCntDn": "7", "Lrrid": "A"}},
            {"kind": "sent", "downlink_counter": 7, "gateway": "A"},
        ),
        (
            {"DevEUI_downlink_Sent": {"DeliveryStatus": 0, "DeliveryFailedCause1": "A1"}},
            {"kind": "error", "code": "A1"},
        ),
        ({"DevEUI_downlink_Rejected": {"Cause": "X"}}, {"kind": "error", "code": "X"}),
        ({"DevEUI_notification": {"Type": "join", "DevAddr": "00FDA112"}}, {"kind": "join", "address": "00FDA112"}),
        (
            {"DevEUI_notification": {"Type": "status", "BatteryLevel": "254", "Margin": "5"}},
            {"kind": "status", "battery": 100, "margin": 5},
        ),
        ({"DevEUI_notification": {"Type": "reset"}}, {"kind": "log", "code": "reset"}),
        ({"DevEUI_location": {"DevLAT": "46.6", "DevLON": "-1.4", "DevLocRadius": "50"}}, {"kind": "location"}),
    ],
)
def test_events_of_thingpark_are_read(document: dict[str, Any], expected: dict[str, Any]) -> None:
    ((name, report),) = document.items()
    found = told("thingpark", {name: {"DevEUI": EUI, "Time": REPORT["Time"], **report}})
    assert expected.items() <= found.items()
    assert (found["device"], found["time"]) == (EUI, "2024-11-28T21:08:22.138Z")


def test_a_wrong_report_of_thingpark_does_not_take_the_others_with_it() -> None:
    kinds = [type(one).__name__ for one in read("thingpark", {"DevEUI_uplink": [REPORT, {"DevEUI": "x"}]})]
    assert kinds == ["Uplink", "Unknown"]


def loriot(**changes: Any) -> dict[str, Any]:
    return {"cmd": "rx", "EUI": EUI, "ts": 1690901260493, "fcnt": 3, "port": 2, "data": "0112", **changes}


def test_what_loriot_cannot_decipher_is_marked() -> None:
    up = an_uplink("loriot", {**loriot(encdata="aabb"), "data": None})
    assert (up.payload, up.encrypted) == (b"\xaa\xbb", True)


def test_loriot_set_to_base64_is_read() -> None:
    assert an_uplink("loriot", loriot(data="AQ+/")).payload == b"\x01\x0f\xbf"
    assert told("loriot", loriot(data="0"))["kind"] == "unknown"


def test_the_battery_of_loriot_is_as_lorawan_tells_it() -> None:
    assert [an_uplink("loriot", loriot(bat=bat)).battery for bat in (0, 1, 254, 255)] == [None, 0, 100, None]


def test_frames_that_loriot_kept_are_read() -> None:
    cache = [{name: one for name, one in loriot(fcnt=n).items() if name != "cmd"} for n in (1, 2)]
    assert [one.frame_counter for one in read("loriot", {"cmd": "cq", "cache": cache})] == [1, 2]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"cmd": "txd", "seqdn": 4}, "sent"),
        ({"cmd": "tx", "error": "no such device"}, "error"),
        ({"cmd": "tx", "success": "ok"}, "log"),
    ],
)
def test_downlinks_of_loriot_are_told(document: dict[str, Any], kind: str) -> None:
    assert told("loriot", {"EUI": EUI, **document})["kind"] == kind


def live_objects(lora: dict[str, Any], **changes: Any) -> dict[str, Any]:
    metadata = {"source": f"urn:lo:nsid:lora:{EUI}", "connector": "lora", "network": {"lora": lora}}
    return {"metadata": metadata, "timestamp": "2019-10-23T12:32:44.546Z", "value": {"payload": "6d01"}, **changes}


def test_live_objects_names_the_device_in_its_urn() -> None:
    found = told("live-objects", live_objects({"port": 5, "fcnt": 1, "sf": 12, "rssi": -99, "snr": 7}))
    assert (found["device"], found["bytes"], found["spreading_factor"]) == (EUI, "6d01", 12)
    assert found["gateways"] == [{"rssi": -99, "snr": 7}]


def test_live_objects_tells_values_of_other_devices() -> None:
    document = {
        "streamId": "urn:lo:nsid:sensor:abc",
        "timestamp": "2019-10-23T12:32:44Z",
        "value": {"t": 1.5, "a": {"b": True}},
    }
    found = told("live-objects", document)
    assert (found["kind"], found["device"], found["values"]) == ("measurements", "abc", {"t": 1.5, "a.b": True})


def test_live_objects_tells_joins() -> None:
    assert told("live-objects", live_objects({"messageType": "JOIN_REQUEST"}, value=None))["kind"] == "join"


def wanesy(**changes: Any) -> dict[str, Any]:
    return {"endDevice": {"devEui": EUI, "devAddr": "01020304"}, "recvTime": 1580394601150, **changes}


def test_wanesy_with_all_its_fields_is_read() -> None:
    more = {
        "payload": "qg==",
        "encodingType": "BASE64",
        "fPort": 3,
        "fCntUp": 9,
        "dataRate": "SF9BW125",
        "ulFrequency": 868.1,
    }
    found = told(
        "wanesy",
        wanesy(**more, gwInfo=[{"gwEui": "AA", "rssi": -40, "latitude": None, "longitude": None}], confirmed=True),
    )
    assert (found["bytes"], found["port"], found["frame_counter"]) == ("aa", 3, 9)
    assert (found["spreading_factor"], found["bandwidth"], found["frequency"]) == (9, 125000, 868_100_000)
    assert (found["time"], found["confirmed"]) == ("2020-01-30T14:30:01.150Z", True)
    assert found["gateways"] == [{"id": "AA", "rssi": -40}]


def test_wanesy_lists_frames_and_tells_downlinks() -> None:
    listed = {"totalCount": 2, "list": [wanesy(payload="01"), wanesy(payload="02"), "x"]}
    assert [type(one).__name__ for one in read("wanesy", listed)] == ["Uplink", "Uplink", "Unknown"]
    assert told("wanesy", wanesy(status="OK", fCntDown=4))["downlink_counter"] == 4
    assert told("wanesy", wanesy(status="TIMEOUT"))["code"] == "TIMEOUT"


NETMORE = {
    "devEui": EUI,
    "messageType": "payload",
    "timestamp": "2023-09-04T17:46:43.079435Z",
    "payload": "0100",
    "fCntUp": "7",
    "rssi": "-87",
    "snr": "11",
    "gatewayIdentifier": "773",
    "fPort": "5",
    "spreadingFactor": "7",
    "batteryLevel": "254",
    "gateways": [{"gatewayIdentifier": "773", "rssi": "-87"}, {"gatewayIdentifier": "774", "rssi": "-99", "snr": "2"}],
}


@pytest.mark.parametrize("wrapped", [False, True])
def test_netmore_is_read_in_both_versions(wrapped: bool) -> None:
    entry = {"t": 1693849603079, "n": "raw", "u": "json", "v": NETMORE} if wrapped else NETMORE
    for content in ([entry], entry):
        up = an_uplink("netmore", content)
        assert (up.port, up.frame_counter, up.spreading_factor, up.battery) == (5, 7, 7, 100)
        assert [(one.id, one.rssi) for one in up.gateways] == [("773", -87), ("774", -99)]


@pytest.mark.parametrize(
    ("kind", "expected"), [("join", "join"), ("status", "status"), ("ack", "ack"), ("other", "log")]
)
def test_events_of_netmore_are_read(kind: str, expected: str) -> None:
    assert (
        told("netmore", [{"devEui": EUI, "messageType": kind, "timestamp": "2023-09-04T17:46:43Z"}])["kind"] == expected
    )


SIGFOX = {
    "device": "2c321c",
    "time": "1500520476",
    "data": "20945376",
    "rssi": "-75.00",
    "snr": "12.5",
    "station": "3A5F",
}


def test_a_sigfox_callback_may_be_a_query_a_form_or_json() -> None:
    form = "&".join(f"{name}={one}" for name, one in SIGFOX.items()).encode()
    expected = told("sigfox", SIGFOX)
    assert (expected["device"], expected["bytes"], expected["time"]) == ("2C321C", "20945376", "2017-07-20T03:14:36Z")
    assert told("sigfox", form) == expected
    assert told("sigfox", b"", **SIGFOX) == expected
    assert (
        told("sigfox", {"data": SIGFOX["data"]}, **{name: one for name, one in SIGFOX.items() if name != "data"})
        == expected
    )


def test_those_who_configure_sigfox_use_their_own_names() -> None:
    found = told("sigfox", {"id": "2C321C", "timestamp": 1500520476, "payload": "01", "seq": 5})
    assert (found["device"], found["bytes"], found["frame_counter"]) == ("2C321C", "01", 5)


@pytest.mark.parametrize(("written", "number"), [("007c", 124), ("124", 124), (124, 124), ("1a2", 418), ("x", None)])
def test_the_number_of_a_sigfox_frame_is_decimal_or_hexadecimal(written: Any, number: int | None) -> None:
    assert an_uplink("sigfox", {**SIGFOX, "seqNumber": written}).frame_counter == number


def test_the_place_of_a_sigfox_station_is_rough_and_that_is_said() -> None:
    (heard,) = an_uplink("sigfox", {**SIGFOX, "lat": "47.0", "lng": "-1.0"}).gateways
    assert (heard.longitude, heard.latitude, heard.accuracy) == (-1, 47, 80_000)


@pytest.mark.parametrize("quoted", [False, True])
def test_data_advanced_tells_all_stations_and_a_computed_place(quoted: bool) -> None:
    stations = [
        {"bsId": "3A5F", "rssi": -75.0, "nbRep": 3, "snr": 12.0},
        {"bsId": "3A60", "rssi": -120.5, "nbRep": 1, "snr": 4},
    ]
    place = {"lat": 46.67, "lng": -1.43, "radius": 3000, "source": 2, "status": 1}
    more: dict[str, Any] = {"duplicates": stations, "computedLocation": place}
    if quoted:
        more = {name: json.dumps(one) for name, one in more.items()}
    up = an_uplink(
        "sigfox", {"device": "2C321C", "time": 1500520476, "data": "01", "seqNumber": 9, "lqi": "GOOD", **more}
    )
    assert [(one.id, one.rssi) for one in up.gateways] == [("3A5F", -75), ("3A60", -120.5)]
    assert up.location is not None
    assert (up.location.longitude, up.location.latitude, up.location.accuracy) == (-1.43, 46.67, 3000)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"batt": "3.2", "temp": "21.5"}, {"kind": "status", "detail": {"batt": 3.2, "temp": 21.5}}),
        ({"infoCode": "0", "infoMessage": "Acked", "downlinkAck": "true"}, {"kind": "ack", "acknowledged": True}),
        ({"infoCode": "3", "infoMessage": "No answer"}, {"kind": "ack", "acknowledged": False}),
        ({"info": "no message for 24 h", "severity": "ERROR"}, {"kind": "error", "code": "ERROR"}),
        ({"lat": "46.6", "lng": "-1.4", "radius": "500"}, {"kind": "location"}),
        ({}, {"kind": "unknown"}),
    ],
)
def test_services_of_sigfox_are_read(document: dict[str, Any], expected: dict[str, Any]) -> None:
    found = told("sigfox", {"device": "2C321C", "time": "1500520476", **document})
    assert expected.items() <= found.items()
    assert found["device"] == "2C321C"


def test_more_than_twelve_bytes_are_no_sigfox_frame() -> None:
    found = told("sigfox", {**SIGFOX, "data": "00" * 13})
    assert (found["kind"], found["device"]) == ("unknown", "2C321C")


def test_a_frame_of_sigfox_without_bytes_is_a_frame() -> None:
    assert an_uplink("sigfox", {**SIGFOX, "data": ""}).payload == b""
