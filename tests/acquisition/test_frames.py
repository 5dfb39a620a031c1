"""One frame counts once."""

from datetime import UTC, datetime, timedelta
from typing import Any

from beffroi.acquisition.frames import frame_key, merged, same_frame
from beffroi.acquisition.messages import Hearing, Join, Uplink
from tests.acquisition.networks import read

THEN = datetime(2024, 5, 1, tzinfo=UTC)


def a_frame(**changes: Any) -> Uplink:
    given: dict[str, Any] = {"device": "D", "payload": b"\1", "time": THEN, "port": 2, "frame_counter": 3, **changes}
    return Uplink(**given)


def test_the_two_messages_of_loriot_for_one_frame_count_once() -> None:
    frame = {"EUI": "1000000000000001", "ts": 1690901260493, "fcnt": 3, "port": 2, "data": "0112"}
    first = {"cmd": "rx", **frame, "rssi": -38, "snr": 8.5, "dr": "SF12 BW125 4/5", "devaddr": "01020304"}
    gws = [{"gweui": "AA", "rssi": -38, "snr": 8.5}, {"gweui": "BB", "rssi": -42}]
    second = {"cmd": "gw", **frame, "ts": 1690901260593, "gws": gws}
    for order in ([first, second], [second, first]):
        (found,) = merged(read("loriot", order))
        assert isinstance(found, Uplink)
        assert [one.id for one in found.gateways] == ["AA", "BB"]
        assert (found.spreading_factor, found.address) == (12, "01020304")


def test_gateways_are_united_and_the_richer_telling_is_kept() -> None:
    one = a_frame(gateways=(Hearing(id="A", rssi=-1), Hearing(id="B")))
    other = a_frame(gateways=(Hearing(id="A", rssi=-1, snr=2), Hearing(id="C")), name="Mairie")
    (found,) = merged([one, other])
    assert isinstance(found, Uplink)
    assert found.gateways == (Hearing(id="A", rssi=-1, snr=2), Hearing(id="B"), Hearing(id="C"))
    assert found.name == "Mairie"


def test_a_frame_delivered_again_later_is_the_same() -> None:
    assert same_frame(a_frame(), a_frame(time=THEN + timedelta(minutes=5)))


def test_a_counter_that_began_again_is_another_frame() -> None:
    assert not same_frame(a_frame(), a_frame(time=THEN + timedelta(hours=2)))
    assert not same_frame(a_frame(address="00000001"), a_frame(address="00000002"))
    assert same_frame(a_frame(address="00000001"), a_frame())


def test_another_payload_or_port_under_the_same_counter_is_another_frame() -> None:
    assert frame_key(a_frame()) != frame_key(a_frame(payload=b"\2"))
    assert frame_key(a_frame()) != frame_key(a_frame(port=3))


def test_frames_without_counter_are_known_by_their_time() -> None:
    one, other = a_frame(frame_counter=None), a_frame(frame_counter=None, time=THEN + timedelta(seconds=1))
    assert len(merged([one, one, other])) == 2


def test_a_sigfox_frame_is_known_by_its_number_and_second() -> None:
    callback = {"device": "2C321C", "time": 1500520476, "data": "01", "seqNumber": 7}
    old = {**callback, "station": "3A5F", "rssi": -75}
    advanced = {**callback, "duplicates": [{"bsId": "3A5F", "rssi": -75, "snr": 6}, {"bsId": "3A60", "rssi": -99}]}
    (found,) = merged(read("sigfox", [old, advanced]))
    assert isinstance(found, Uplink)
    assert [one.id for one in found.gateways] == ["3A5F", "3A60"]
    assert len(merged(read("sigfox", [old, {**old, "time": 1500520477}]))) == 2


def test_what_is_no_frame_stays_as_it_came() -> None:
    join = Join(device="D", time=THEN)
    assert merged([join, a_frame(), join, a_frame()]) == [join, a_frame(), join]


def test_a_time_that_a_part_tells_is_better_than_when_it_was_received() -> None:
    late = a_frame(time=THEN + timedelta(days=1), time_source="received", name="x", application="y")
    (found,) = merged([late, a_frame()])
    assert (found.time, found.time_source) == (THEN, "network")
