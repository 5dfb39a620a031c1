"""What every connector does, and what each understands of messages recorded from real networks."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.acquisition.connector import Envelope
from beffroi.acquisition.connectors import CONNECTORS
from beffroi.acquisition.messages import Event, Message, Uplink, merged, written

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
ENVELOPE = Envelope(NOW)
RECORDED = {
    "chirpstack-v4": "chirpstack-v4",
    "chirpstack-v3": "chirpstack-v3",
    "tts-community": "tts-v3",
    "tts-industries": "tts-v3",
    "thingpark": "thingpark",
    "thingpark-enterprise": "thingpark",
    "loriot-rx": "loriot",
    "loriot-gw": "loriot",
    "orange-live-objects": "live-objects",
    "kerlink-wanesy": "wanesy",
    "netmore": "netmore",
}
"""folders of frames, and what reads them"""
RADIO = {"rssi", "LrrRSSI"}
COUNTERS = {"fCnt", "f_cnt", "FCntUp", "fcnt", "fCntUp"}

any_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def read(kind: str, content: bytes, envelope: Envelope = ENVELOPE) -> list[Message]:
    return CONNECTORS[kind].read(content, envelope)


def one_uplink(kind: str, value: Any, envelope: Envelope = ENVELOPE) -> Uplink:
    (found,) = read(kind, json.dumps(value).encode(), envelope)
    assert isinstance(found, Uplink), written(found)
    return found


def recorded(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted((folder).glob("*.json")):
        yield path.name, path.read_bytes()


def everywhere(value: Any, names: set[str]) -> Iterator[Any]:
    """The values of all fields of these names, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in names:
                yield inner
            yield from everywhere(inner, names)
    elif isinstance(value, list):
        for inner in value:
            yield from everywhere(inner, names)


@pytest.mark.parametrize("kind", CONNECTORS)
@given(content=st.binary(min_size=1))
def test_any_bytes_are_told_of(kind: str, content: bytes) -> None:
    assert read(kind, content)


@pytest.mark.parametrize("kind", CONNECTORS)
@given(value=any_json)
def test_any_json_is_told_of_and_written(kind: str, value: Any) -> None:
    found = read(kind, json.dumps(value).encode())
    assert found
    for message in found:
        msgspec.json.encode(written(message))


@pytest.mark.parametrize("kind", CONNECTORS)
@given(data=st.data())
def test_a_recorded_message_with_one_field_changed_is_told_of(
    kind: str, data: st.DataObject, shared_data: Path
) -> None:
    folders = [folder for folder, read_by in RECORDED.items() if read_by == kind] or ["sigfox"]
    _, content = next(recorded(shared_data / "lorawan-events" / folders[0]))
    value = json.loads(content)
    place: Any = value
    while isinstance(place, dict | list) and place:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(any_json)
            break
        place = place[key]
    assert all(msgspec.json.encode(written(one)) for one in read(kind, json.dumps(value).encode()))


@pytest.mark.parametrize("folder", RECORDED)
def test_recorded_frames_are_read_in_full(folder: str, shared_data: Path) -> None:
    for name, content in recorded(shared_data / "lorawan-events" / folder):
        value = json.loads(content)
        (found,) = read(RECORDED[folder], content)
        assert isinstance(found, Uplink), (name, written(found))
        assert found.payload, name
        assert found.time_source != "received", name
        heard = sorted(one.rssi for one in found.gateways if one.rssi is not None)
        assert set(heard) == {float(rssi) for rssi in everywhere(value, RADIO) if rssi is not None}, name
        counters = {int(counter) for counter in everywhere(value, COUNTERS)}
        assert not counters or {found.frame_counter} == counters, name
        for where in (one for one in found.gateways if one.longitude is not None):
            assert where.longitude in {float(x) for x in everywhere(value, {"longitude", "LrrLON", "lon"}) if x}, name


def test_events_of_chirpstack_are_kept(shared_data: Path) -> None:
    folder = shared_data / "lorawan-events" / "chirpstack-v4-docs"
    kinds = [written(one)["kind"] for _, content in recorded(folder) for one in read("chirpstack-v4", content)]
    assert sorted(kinds) == ["ack", "join", "location", "log", "status", "uplink"]


def test_a_template_of_sigfox_that_was_not_filled_in_is_no_frame(shared_data: Path) -> None:
    content = (shared_data / "lorawan-events" / "sigfox" / "data_advanced_TEMPLATE.json").read_bytes()
    (found,) = read("sigfox", content)
    assert isinstance(found, Event)
    assert found.kind == "unknown"


def test_the_two_messages_of_loriot_for_one_frame_count_once() -> None:
    frame = {"EUI": "1000000000000001", "ts": 1690901260493, "fcnt": 3, "port": 2, "data": "0112"}
    first = {"cmd": "rx", **frame, "rssi": -38, "snr": 8.5, "dr": "SF12 BW125 4/5"}
    second = {"cmd": "gw", **frame, "gws": [{"gweui": "AA", "rssi": -38, "snr": 8.5}, {"gweui": "BB", "rssi": -42}]}
    for order in ([first, second], [second, first]):
        (found,) = merged(read("loriot", json.dumps(order).encode()))
        assert isinstance(found, Uplink)
        assert [one.id for one in found.gateways] == ["AA", "BB"]
        assert found.spreading_factor == 12


def test_zero_is_left_out_by_chirpstack_and_the_things_stack() -> None:
    up = one_uplink("chirpstack-v4", {"deviceInfo": {"devEui": "0102030405060708"}, "data": "AQ==", "rxInfo": [{}]})
    assert (up.port, up.frame_counter, up.gateways[0].rssi) == (0, 0, 0)
    ids = {"device_id": "one", "dev_eui": "0102030405060708"}
    up = one_uplink("tts-v3", {"end_device_ids": ids, "uplink_message": {"frm_payload": "AQ=="}})
    assert (up.port, up.frame_counter) == (0, 0)


@pytest.mark.parametrize(
    "written_as", ["0102030405060708", "01-02-03-04-05-06-07-08", "01:02:03:04:05:06:07:08", "AQIDBAUGBwg="]
)
def test_a_deveui_is_the_same_however_it_is_written(written_as: str) -> None:
    up = one_uplink("chirpstack-v3", {"devEUI": written_as, "data": "AQ==", "rxInfo": []})
    assert up.device == "0102030405060708"


def test_without_a_time_it_is_when_it_came_and_says_so() -> None:
    up = one_uplink("wanesy", {"endDevice": {"devEui": "0102030405060708"}, "payload": "01"})
    assert (up.time, up.time_source) == (NOW, "received")


def test_the_event_of_the_address_or_topic_is_believed() -> None:
    value = {"deviceInfo": {"devEui": "0102030405060708"}, "devAddr": "01020304"}
    by_query, by_topic = (
        Envelope(NOW, query={"event": "join"}),
        Envelope(NOW, topic="application/1/device/2/event/join"),
    )
    for envelope in (by_query, by_topic):
        (found,) = read("chirpstack-v4", json.dumps(value).encode(), envelope)
        assert isinstance(found, Event)
        assert (found.kind, found.device) == ("join", "0102030405060708")


def test_numbers_of_thingpark_may_be_text_and_one_gateway_no_list() -> None:
    heard = {"Lrrid": "A1", "LrrRSSI": "-101.5", "LrrSNR": "7"}
    up = {"DevEUI": "0102030405060708", "FPort": "2", "FCntUp": "9", "payload_hex": "0A", "SpFact": "12"}
    up |= {"Time": "2024-11-28T22:08:22.138+01:00", "Lrrid": "A1", "LrrLAT": "46.67", "LrrLON": "-1.42", "MType": "4"}
    found = one_uplink("thingpark", {"DevEUI_uplink": {**up, "Lrrs": {"Lrr": heard}}})
    assert (found.port, found.frame_counter, found.spreading_factor, found.confirmed) == (2, 9, 12, True)
    assert found.time == datetime(2024, 11, 28, 21, 8, 22, 138000, tzinfo=UTC)
    (gateway,) = found.gateways
    assert (gateway.rssi, gateway.snr, gateway.longitude, gateway.latitude) == (-101.5, 7, -1.42, 46.67)


def test_advanced_callbacks_of_sigfox_tell_every_station_and_a_place() -> None:
    stations = [{"bsId": "3A5F", "rssi": -118, "snr": 20.1}, {"bsId": "3A60", "rssi": -121, "snr": 9}]
    where = {"lat": 46.67, "lng": -1.42, "radius": 1800, "status": 1}
    value = {"device": "2c321c", "time": 1700000000, "data": "0a0b", "seqNumber": 12, "duplicates": stations}
    found = one_uplink("sigfox", {**value, "computedLocation": where})
    assert (found.device, found.payload, found.frame_counter) == ("2C321C", b"\x0a\x0b", 12)
    assert [one.rssi for one in found.gateways] == [-118, -121]
    assert found.location is not None
    assert (found.location.longitude, found.location.accuracy) == (-1.42, 1800)


def test_several_messages_come_in_a_list_or_by_lines() -> None:
    one = {"endDevice": {"devEui": "0102030405060708"}, "payload": "01"}
    assert len(read("wanesy", json.dumps([one, one]).encode())) == 2
    assert len(read("wanesy", b"\n".join([json.dumps(one).encode()] * 3))) == 3
