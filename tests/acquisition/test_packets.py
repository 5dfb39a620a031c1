"""What a broker sends, in whatever pieces it comes."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from beffroi.acquisition.packets import Packets
from beffroi.errors import BeffroiError, Text

Told = tuple[str, bytes, int, int]
FIVE, FOUR = MQTTProtocolVersion.MQTTv5, MQTTProtocolVersion.MQTTv311
REFUSED = BeffroiError(Text("non", "no"))
PINGREQ, PINGRESP = b"\xc0\x00", b"\xd0\x00"


@contextmanager
def listening(version: MQTTProtocolVersion) -> Iterator[tuple[Packets, socket.socket, list[Told]]]:
    """A client that is connected already, the broker's end, and what is heard."""
    heard: list[Told] = []
    client = Packets(
        lambda *told: heard.append(told),
        callback_api_version=CallbackAPIVersion.VERSION2,
        client_id="essai",
        clean_session=None if version == FIVE else False,
        protocol=version,
        manual_ack=True,
    )
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        client._sock = ours
        yield client, theirs, heard


def length(size: int) -> bytes:
    found = b""
    while size > 0x7F:
        found += bytes([size & 0x7F | 0x80])
        size >>= 7
    return found + bytes([size])


def published(told: Told, version: MQTTProtocolVersion, described: bool) -> bytes:
    topic, payload, identifier, qos = told
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    if described:
        properties.ContentType, properties.UserProperty = "application/json", [("réseau", "é" * 100)]
    body = len(topic.encode()).to_bytes(2) + topic.encode()
    body += identifier.to_bytes(2) if qos else b""
    body += properties.pack() if version == FIVE else b""  # type: ignore[no-untyped-call]
    body += payload
    return bytes([0x30 | qos << 1]) + length(len(body)) + body


topics = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
messages = st.tuples(topics, st.binary(max_size=300), st.integers(1, 65_535), st.integers(0, 1)).map(
    lambda told: told if told[3] else (told[0], told[1], 0, 0)
)


@given(
    told=st.lists(messages, max_size=8),
    version=st.sampled_from([FIVE, FOUR]),
    described=st.booleans(),
    cuts=st.lists(st.integers(0, 3000), max_size=6),
)
def test_messages_are_heard_as_they_were_sent(
    told: list[Told], version: MQTTProtocolVersion, described: bool, cuts: list[int]
) -> None:
    stream = b"".join(published(one, version, described) + PINGREQ for one in told)
    bounds = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    with listening(version) as (client, theirs, heard):
        for first, beyond in pairwise(bounds):
            if first < beyond:
                theirs.sendall(stream[first:beyond])
                assert client.loop_read() == MQTTErrorCode.MQTT_ERR_SUCCESS
        assert heard == told
        while client.want_write():
            client.loop_write()
        assert theirs.recv(1000) if told else True


def test_a_large_message_comes_whole() -> None:
    one = ("a/b", bytes(range(256)) * 4000, 7, 1)
    stream = published(one, FIVE, False)
    with listening(FIVE) as (client, theirs, heard):
        theirs.settimeout(5)
        sent = 0
        while sent < len(stream):
            sent += theirs.send(stream[sent : sent + 50_000])
            assert client.loop_read() == MQTTErrorCode.MQTT_ERR_SUCCESS
        for _ in range(100):
            client.loop_read()
    assert heard == [one]


@pytest.mark.parametrize(
    "stream",
    [
        b"\x32\x80\x80\x80\x80\x01",  # a length of five bytes
        b"\x32\x03\x00\x09a",  # a topic longer than the packet
        b"\x32\x05\x00\x01a\x00\x01",  # no properties
        b"\x32\x07\x00\x01a\x00\x01\x09x",  # properties longer than the packet
        b"\x36\x06\x00\x01a\x00\x01\x00",  # QoS 3
        b"\xf0\x00",  # AUTH, which was not asked for
    ],
)
def test_what_is_no_packet_ends_the_session(stream: bytes) -> None:
    with listening(FIVE) as (client, theirs, heard):
        theirs.sendall(stream)
        assert client.loop_read() > MQTTErrorCode.MQTT_ERR_SUCCESS
    assert heard == []


def test_a_broker_that_hangs_up_is_noticed() -> None:
    with listening(FIVE) as (client, theirs, _):
        theirs.shutdown(socket.SHUT_RDWR)
        assert client.loop_read() == MQTTErrorCode.MQTT_ERR_CONN_LOST


def test_what_cannot_be_taken_is_told_and_the_rest_waits() -> None:
    one = ("a/b", b"1", 7, 1)
    with listening(FIVE) as (client, theirs, heard):

        def refuse(*told: object) -> None:
            raise REFUSED

        client._heard = refuse
        theirs.sendall(published(one, FIVE, False) * 2)
        with pytest.raises(BeffroiError):
            client.loop_read()
    assert heard == []


def test_acknowledgements_leave_together() -> None:
    with listening(FIVE) as (client, theirs, _):
        client.acknowledge([])
        assert not client.want_write()
        client.acknowledge([1, 2, 65_535])
        client.loop_write()
        assert theirs.recv(100) == b"\x40\x02\x00\x01\x40\x02\x00\x02\x40\x02\xff\xff"
