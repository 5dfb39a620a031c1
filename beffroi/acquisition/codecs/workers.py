"""A worker as its parent holds it: started when first needed, killed when it is late, started again."""

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

import beffroi
from beffroi.acquisition.codecs import wire
from beffroi.acquisition.codecs.model import Limits
from beffroi.acquisition.codecs.wire import Reply, State, Unit

ROOT = str(Path(beffroi.__file__).parent.parent)
ATTEMPTS = 6
STARTING = 30.0
"""seconds, on a machine under load"""


class Died(Exception):
    """The worker ended on its own, or was ended by somebody else."""


class Late(Exception):
    """The worker did not answer in time and was killed."""


class NoWorker(Exception):
    """It could not be started."""


Told = list[bytes]
"""lines: what `wire.Kind` says, then a result or a reason"""
Input = bytes | memoryview | msgspec.Raw
REPLIES: Final = msgspec.msgpack.Decoder(Reply)


class Worker:
    """Used by one thread, which it does not outlive."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._link: socket.socket | None = None
        self._sources: set[str] = set()
        """keys of which this worker was told the source"""

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def answer(self, unit: Unit, source: str, inputs: Sequence[Input]) -> tuple[Reply, Told]:
        """Raises `Died`, `Late` or `NoWorker`; the worker is then gone, and the next call starts another."""
        body = b"[" + b",".join(inputs) + b"]"
        link = self._link or self._started()
        try:
            reply, told = self._exchange(link, unit, source, body)
            if reply.state is State.UNKNOWN:
                self._sources.discard(unit.key)
                reply, told = self._exchange(link, unit, source, body)
            if len(told) != reply.done or reply.done > len(inputs):
                raise wire.Gone
        except TimeoutError:
            self.kill()
            raise Late from None
        except (wire.Gone, OSError, msgspec.DecodeError):
            self.kill()
            raise Died from None
        return reply, told

    def _exchange(self, link: socket.socket, unit: Unit, source: str, body: bytes) -> tuple[Reply, Told]:
        within = self._limits.wall_ms / 1000
        unit.source = None if unit.key in self._sources else source.encode(errors="replace").decode()
        wire.send(link, msgspec.msgpack.encode(unit), body)
        head, answers = wire.receive(link, within)
        self._sources.add(unit.key)
        return REPLIES.decode(head), bytes(answers).split(b"\n") if answers else []

    def _started(self) -> socket.socket:
        """Tried again, should somebody kill it meanwhile. Raises `NoWorker`."""
        for _ in range(ATTEMPTS - 1):
            with suppress(NoWorker):
                return self._start()
        return self._start()

    def _start(self) -> socket.socket:
        """Raises `NoWorker`."""
        link, theirs = socket.socketpair()
        self._link = link
        try:
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-s", "-m", "beffroi.acquisition.codecs.worker", str(os.getpid())],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    env={"PYTHONPATH": ROOT, "TZ": "UTC"},
                    cwd="/",
                )
            wire.patient(link, STARTING)
            wire.send(link, msgspec.msgpack.encode(self._limits), b"")
            wire.receive(link, STARTING)
            wire.patient(link, self._limits.wall_ms / 1000)
        except (OSError, wire.Gone):
            self.kill()
            raise NoWorker from None
        return link

    def kill(self) -> None:
        if self._link:
            self._link.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._link = self._process = None
        self._sources.clear()
