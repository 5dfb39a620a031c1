"""Long computations on their way: one at a time, each by a process of its own, outside the loop that acknowledges."""

import asyncio
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import structlog

import beffroi
from beffroi.database import Database
from beffroi.errors import BeffroiError, Text
from beffroi.observations import Record
from beffroi.pooling import computations
from beffroi.pooling.computations import Computation, Progress
from beffroi.pooling.programme.plan import Said
from beffroi.pooling.trying.gathering import ToRead, gathered
from beffroi.pooling.worker import EffectGiven, Line

log = structlog.get_logger()

ROOT = str(Path(beffroi.__file__).parent.parent)
EVERY = 5.0
"""seconds between two looks at what waits, when nothing was asked meanwhile"""
LONGEST = 3600.0
"""seconds, after which the process is ended whatever it does"""
LOST = Text("Le calcul s'est arrêté sans réponse.", "The computation stopped without an answer.")


class _Stopped(Exception):
    """Nobody waits for what is being read."""


class Computing:
    """Belongs to one event loop, but for `changed`, `cancelled` and `progress`."""

    def __init__(self, database: Database, record: Record) -> None:
        self._database, self._record = database, record
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked = asyncio.Event()
        self._running: tuple[str, subprocess.Popen[bytes] | None] | None = None
        self._progress: Progress | None = None
        self._closed = self._unwanted = False
        self._lock = threading.Lock()

    def changed(self) -> None:
        """Something may wait; from any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: nothing begins any more
                self._loop.call_soon_threadsafe(self._asked.set)

    def cancelled(self, key: str) -> None:
        """Nobody wants its answer any more."""
        with self._lock:
            if self._running is not None and self._running[0] == key:
                self._unwanted = True
                self._kill()

    def with_progress(self, one: Computation) -> Computation:
        with self._lock:
            if one.state == "running" and self._running is not None and self._running[0] == one.key:
                return msgspec.structs.replace(one, progress=self._progress)
        return one

    async def keep(self) -> None:
        """Until cancelled; what runs then begins again with the program."""
        self._loop = asyncio.get_running_loop()
        try:
            await asyncio.to_thread(self._resume)
            while True:
                self._asked.clear()
                try:
                    while await asyncio.to_thread(self._turn):
                        pass
                except Exception as error:  # the next turn tries again
                    log.error("what is to be computed could not be, for now", exc_info=error)
                with suppress(TimeoutError):
                    async with asyncio.timeout(EVERY):
                        await self._asked.wait()
        finally:
            self._close()

    def _resume(self) -> None:
        with self._database.write() as tx:
            computations.resume(tx)

    def _close(self) -> None:
        with self._lock:
            self._closed = True
            self._kill()

    def _kill(self) -> None:
        if self._running is not None and self._running[1] is not None:
            self._running[1].kill()

    def _ending(self) -> bool:
        with self._lock:
            return self._closed

    def _turn(self) -> bool:
        """Compute the next that waits; whether there was one."""
        with self._database.read() as tx:
            waiting = computations.next_waiting(tx)
        if waiting is None or self._ending():
            return False
        key, kind, given = waiting
        with self._database.write() as tx:
            if not computations.begin(tx, key, now=datetime.now(UTC)):
                return True
        with self._lock:
            self._running, self._progress, self._unwanted = (key, None), None, False
        try:
            last = self._run(key, self._read(given) if kind == "effect" else given)
        except _Stopped:
            last = None
        except BeffroiError as error:
            last = Line("fault", Said(*error.text))
        finally:
            with self._lock:
                self._running = self._progress = None
        if self._ending():
            return False
        with self._database.write() as tx:
            if last is not None and last.what == "found":
                computations.end(tx, key, "done", now=datetime.now(UTC), result=bytes(last.found).decode())
            else:
                said = Text(last.said.fr, last.said.en) if last is not None and last.said else LOST
                computations.end(tx, key, "failed", now=datetime.now(UTC), fault=said)
        return True

    def _read(self, given: str) -> str:
        """What the process is given, which has no record of its own to read."""
        asked = msgspec.json.decode(given, type=ToRead)
        found = EffectGiven(gathered=gathered(self._record, asked, self._told))
        return msgspec.json.encode(found).decode()

    def _told(self, step: Text, done: float, whole: float) -> None:
        with self._lock:
            if self._closed or self._unwanted:
                raise _Stopped
            self._progress = Progress(Said(*step), done, whole)

    def _run(self, key: str, given: str) -> Line | None:
        """What the process told at its end; None when it told nothing."""
        process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-m", "beffroi.pooling.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": ROOT, "TZ": "UTC", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            cwd="/",
        )
        with self._lock:
            self._running = (key, process)
            if self._closed or self._unwanted:
                process.kill()
        late = threading.Timer(LONGEST, process.kill)
        late.start()
        try:
            return self._listened(process, given)
        finally:
            late.cancel()
            process.kill()
            process.wait()

    def _listened(self, process: "subprocess.Popen[bytes]", given: str) -> Line | None:
        assert process.stdin
        assert process.stdout
        with process.stdin, process.stdout, suppress(BrokenPipeError, msgspec.DecodeError):
            process.stdin.write(given.encode() + b"\n")
            process.stdin.flush()
            for told in process.stdout:
                line = msgspec.json.decode(told, type=Line)
                if line.what != "step":
                    return line
                with self._lock:
                    self._progress = Progress(line.said or Said("", ""), line.done, line.whole, line.gap)
        return None
