"""A real Mosquitto, and a publisher whose messages it has acknowledged."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.conftest import free_port

USER, PASSWORD = "beffroi", "correct horse"


@dataclass
class Broker:
    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        command = [found("mosquitto"), "-c", str(self.folder / "mosquitto.conf")]
        with (self.folder / "mosquitto.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        for _ in range(200):
            with suppress(OSError):
                Publisher(self.port).close()
                return
            time.sleep(0.05)
        raise AssertionError((self.folder / "mosquitto.log").read_text())

    def stop(self) -> None:
        """It saves its sessions first."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=30)


class Publisher:
    """Publishes with QoS 1."""

    def __init__(self, port: int) -> None:
        self._client = paho.Client(CallbackAPIVersion.VERSION2)
        self._client.username_pw_set(USER, PASSWORD)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def send(self, messages: Iterable[tuple[str, bytes]]) -> int:
        """How many the broker has, once it has acknowledged them all."""
        sent = [self._client.publish(topic, payload, qos=1) for topic, payload in messages]
        for one in sent:
            one.wait_for_publish(timeout=30)
            assert one.is_published()
        return len(sent)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def found(program: str) -> str:
    path = shutil.which(program, path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin")
    if path is None:
        pytest.skip(f"{program} is not installed (apt-get install mosquitto)")
    return path


@contextmanager
def a_broker(folder: Path) -> Iterator[Broker]:
    """One that asks for a password, and keeps its sessions on the disk."""
    folder.mkdir()
    broker = Broker(folder, free_port())
    passwords = folder / "passwords"
    subprocess.run([found("mosquitto_passwd"), "-c", "-b", str(passwords), USER, PASSWORD], check=True)
    (folder / "mosquitto.conf").write_text(
        f"listener {broker.port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\nuser root\n"
        f"persistence true\npersistence_location {folder}/\nmax_queued_messages 0\n"
    )
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


@contextmanager
def a_publisher(broker: Broker) -> Iterator[Publisher]:
    publisher = Publisher(broker.port)
    try:
        yield publisher
    finally:
        publisher.close()


class Listener:
    """What is published on some topics, as a network hears its commands."""

    def __init__(self, port: int, topic: str) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._subscribed = threading.Event()
        self._client = paho.Client(CallbackAPIVersion.VERSION2)
        self._client.username_pw_set(USER, PASSWORD)
        self._client.on_message = lambda client, data, message: self.heard.append((message.topic, message.payload))
        self._client.on_subscribe = lambda *told: self._subscribed.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._client.subscribe(topic, qos=1)
        assert self._subscribed.wait(30)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def a_listener(port: int, topic: str) -> Iterator[Listener]:
    listener = Listener(port, topic)
    try:
        yield listener
    finally:
        listener.close()
