"""paho's client, reading what a broker sends by large pieces: paho reads each packet in four calls of the system or
more, and writes each acknowledgement by one.

It counts on paho's `_packet_read`, `_packet_handle`, `_in_packet` and `_packet_queue`:
tests/acquisition/test_packets.py and tests/api/test_subscribers.py tell when they change.
"""

import struct
from collections.abc import Callable, Iterable
from typing import Any

from paho.mqtt.client import PUBACK, PUBLISH, Client, time_func
from paho.mqtt.enums import MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.exception import MalformedPacket

PIECE = 65_536
"""bytes read at once, before others have their turn on the event loop"""
KIND, QOS, TWICE = 0xF0, 0x06, 0x04
"""of a packet's first byte: which bits tell its kind and its QoS, and what QoS 2 is there"""
LONGEST_LENGTH = 4
"""bytes that tell a packet's length (MQTT 5.0, 1.5.5)"""

Heard = Callable[[str, bytes, int, int], None]
"""topic, payload, the packet's identifier and QoS"""


class Packets(Client):
    """`heard` is called for each message of QoS 0 or 1, in the order in which they come."""

    def __init__(self, heard: Heard, **given: Any) -> None:
        super().__init__(**given)
        self._heard = heard
        self._five = given["protocol"] == MQTTProtocolVersion.MQTTv5
        self._come = bytearray()

    def acknowledge(self, identifiers: Iterable[int]) -> None:
        """Messages of QoS 1, in one piece."""
        if together := b"".join(struct.pack("!BBH", PUBACK, 2, one) for one in identifiers):
            self._packet_queue(PUBACK, together, 0, 1)

    def _packet_read(self) -> MQTTErrorCode:
        try:
            piece = self._sock_recv(PIECE)
        except BlockingIOError:
            return MQTTErrorCode.MQTT_ERR_AGAIN
        except OSError:
            return MQTTErrorCode.MQTT_ERR_CONN_LOST
        if not piece:
            return MQTTErrorCode.MQTT_ERR_CONN_LOST
        with self._msgtime_mutex:
            self._last_bytes_received = time_func()
        self._come += piece
        try:
            return self._whole_packets()
        except (MalformedPacket, struct.error):
            return MQTTErrorCode.MQTT_ERR_PROTOCOL

    def _whole_packets(self) -> MQTTErrorCode:
        come, at = self._come, 0
        try:
            while (length := _varying(come, at + 1)) is not None:
                size, start = length
                if start + size > len(come):
                    break
                command, body, at = come[at], bytes(come[start : start + size]), start + size
                if command & KIND == PUBLISH and command & QOS < TWICE:
                    self._hear(command, body)
                    continue
                self._in_packet = _as_paho_reads(command, body)
                told = self._packet_handle()
                if told > 0 or self._sock is None:
                    return told
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        finally:
            del come[:at]

    def _hear(self, command: int, body: bytes) -> None:
        """MQTT 5.0, 3.3. No alias of a topic comes: none was allowed."""
        at = 2 + int.from_bytes(body[:2])
        topic, identifier = body[2:at].decode(errors="replace"), 0
        if qos := (command & QOS) >> 1:
            identifier = int.from_bytes(body[at : at + 2])
            at += 2
        if self._five:
            properties = _varying(body, at)
            if properties is None:
                raise MalformedPacket("no properties")
            at = properties[1] + properties[0]
        if at > len(body):
            raise MalformedPacket("shorter than it says")
        self._heard(topic, body[at:], identifier, qos)


def _varying(come: bytes | bytearray, at: int) -> tuple[int, int] | None:
    """A length, and where what it is of begins (MQTT 5.0, 1.5.5); None when it has not come whole."""
    size = 0
    for place, byte in enumerate(come[at : at + LONGEST_LENGTH]):
        size |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return size, at + place + 1
    if len(come) >= at + LONGEST_LENGTH:
        raise MalformedPacket("a length of more than four bytes")
    return None


def _as_paho_reads(command: int, body: bytes) -> Any:
    return {
        "command": command,
        "have_remaining": 1,
        "remaining_count": [],
        "remaining_mult": 1,
        "remaining_length": len(body),
        "packet": bytearray(body),
        "to_process": 0,
        "pos": 0,
    }
