"""A worker as its parent holds it: started when first needed, killed when it is late, started again."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

import beffroi
from beffroi.acquisition.codecs import wire
from beffroi.acquisition.codecs.model import Limits
from beffroi.acquisition.codecs.wire import Reply, State, Unit
from beffroi.acquisition.steps import Readable, Steps

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
    """Used by whoever holds it `alone`: the thread that it has, which it does not outlive, or who speaks to it at
    once."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.alone = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._link: socket.socket | None = None
        self._sources: set[str] = set()
        """keys of which this worker was told the source"""

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def knows(self, key: str) -> bool:
        """Whether it runs, and was told the source of that codec."""
        return self._link is not None and key in self._sources

    def answering(self, unit: Unit, inputs: Sequence[Input]) -> Steps[Told | None]:
        """The lines of all `inputs`, few enough for a socket to take them, of a codec that it `knows`. None when it did
        not answer them all: the worker is then gone, unless it wants the source again."""
        link, ends = self._link, time.monotonic() + self._limits.wall_ms / 1000
        assert link is not None
        coming, whole = wire.Coming(), None
        try:
            wire.send(link, msgspec.msgpack.encode(unit), _listed(inputs))
            while whole is None:
                if not (yield Readable(link, ends - time.monotonic())):
                    raise TimeoutError
                whole = coming.take(link, socket.MSG_DONTWAIT)
            reply, told = _read(whole, len(inputs))
        except (wire.Gone, OSError, msgspec.DecodeError):
            self.kill()
            return None
        except BaseException:  # whoever asked is gone, and the answer is nobody's
            self.kill()
            raise
        if reply.state is State.UNKNOWN:
            self._sources.discard(unit.key)
        return told if reply.done == len(inputs) else None

    def answer(self, unit: Unit, source: str, inputs: Sequence[Input]) -> tuple[Reply, Told]:
        """Raises `Died`, `Late` or `NoWorker`; the worker is then gone, and the next call starts another."""
        body = _listed(inputs)
        link = self._link or self._started()
        link.setblocking(True)  # which an event loop that watched it has changed
        try:
            reply, told = _read(self._exchange(link, unit, source, body), len(inputs))
            if reply.state is State.UNKNOWN:
                self._sources.discard(unit.key)
                reply, told = _read(self._exchange(link, unit, source, body), len(inputs))
        except TimeoutError:
            self.kill()
            raise Late from None
        except (wire.Gone, OSError, msgspec.DecodeError):
            self.kill()
            raise Died from None
        return reply, told

    def _exchange(self, link: socket.socket, unit: Unit, source: str, body: bytes) -> tuple[bytearray, bytearray]:
        within = self._limits.wall_ms / 1000
        unit.source = None if unit.key in self._sources else source.encode(errors="replace").decode()
        wire.send(link, msgspec.msgpack.encode(unit), body)
        whole = wire.receive(link, within)
        self._sources.add(unit.key)
        return whole

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

    def interrupt(self) -> None:
        """Whoever speaks to it hears that it is gone."""
        if (process := self._process) is not None:
            process.kill()

    def kill(self) -> None:
        if self._link:
            self._link.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._link = self._process = None
        self._sources.clear()


def _listed(inputs: Sequence[Input]) -> bytes:
    return b"[" + b",".join(inputs) + b"]"


def _read(whole: tuple[bytearray, bytearray], asked: int) -> tuple[Reply, Told]:
    """Raises `wire.Gone` for what no worker says that is our own, `DecodeError`."""
    head, answers = whole
    reply, told = REPLIES.decode(head), bytes(answers).split(b"\n") if answers else []
    if len(told) != reply.done or reply.done > asked:
        raise wire.Gone
    return reply, told
