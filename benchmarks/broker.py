"""A Mosquitto of the machine's, and a publisher of prepared packets that costs little beside what it measures."""

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path

from benchmarks.instance import free_port

PART = 1 << 18
WINDOW = 1000
"""messages under way to the broker"""
PUBACK = 4
"""bytes"""
CONNECT = b"\x10\x11\x00\x04MQTT\x04\x02\x00\x00\x00\x05bench"


def program() -> str | None:
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")


@contextmanager
def broker(folder: Path) -> Iterator[int]:
    """Its port."""
    port, named = free_port(), program()
    if named is None:
        raise RuntimeError("mosquitto is missing: apt-get install mosquitto")
    settings = folder / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n")
    process = subprocess.Popen([named, "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def packet(topic: str, payload: bytes, number: int) -> bytes:
    """A PUBLISH of QoS 1 (MQTT 3.1.1, 3.3)."""
    named = topic.encode()
    body = len(named).to_bytes(2) + named + (1 + number % 65_000).to_bytes(2) + payload
    return b"\x32" + _length(len(body)) + body


@contextmanager
def publishing(port: int, packets: Sequence[bytes]) -> "Iterator[Callable[[], Future[None]]]":
    """What has them published by a process of its own, which has them at hand and waits; done once the broker has
    acknowledged all."""
    with ProcessPoolExecutor(1, get_context("spawn"), _hold, (packets,)) as pool:
        pool.submit(len, _HELD).result()  # it runs
        yield lambda: pool.submit(_publish, port)


_HELD: list[bytes] = []


def _hold(packets: Sequence[bytes]) -> None:
    _HELD.extend(packets)


def _publish(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall(CONNECT)
        one.recv(4)
        for begin in range(0, len(_HELD), WINDOW):
            some = _HELD[begin : begin + WINDOW]
            one.sendall(b"".join(some))
            awaited = PUBACK * len(some)
            while awaited:
                awaited -= len(one.recv(min(awaited, PART)))


def _length(size: int) -> bytes:
    """MQTT 3.1.1, 2.2.3."""
    found = bytearray()
    while size > 0x7F:
        found.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes([*found, size])


def _await(port: int) -> None:
    for _ in range(200):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise RuntimeError("mosquitto does not answer")
