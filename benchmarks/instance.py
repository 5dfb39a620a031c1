"""An instance in a folder, its server in a process of its own, and the requests that are sent to it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from beffroi import app
from beffroi.access import Scope, keys
from beffroi.access.keys import NewKey
from beffroi.api.formats import COLUMNS
from beffroi.database import Transaction
from beffroi.observations import EmbeddedRecord
from beffroi.registry import structures
from beffroi.registry.structures import NewStructure
from beffroi.settings import Settings

OWNER = "commune-85191"
SYSTEM = Scope.system("benchmark")
NEVER = str(24 * 365 * 100)
"""hours before a day settles unasked"""


@dataclass(frozen=True)
class Server:
    """`seconds`: from its command to its address answering."""

    process: "subprocess.Popen[str]"
    port: int
    seconds: float

    def memory_mib(self) -> dict[str, float]:
        """Resident memory by kind, as /proc tells it: `VmRSS`, and of it `RssAnon`, what no file backs."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        told = dict(line.split(":", 1) for line in lines)
        return {name: int(told[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon")}


@contextmanager
def registering(data: Path) -> Iterator[Transaction]:
    """A transaction over the registry of an instance, made with `OWNER` as a member when it is not there."""
    database = app.database_of(Settings(data=data))
    now = datetime.now(UTC)
    with database.write() as tx:
        if structures.key(tx) is None:
            structures.init(SYSTEM, tx, NewStructure(form="syndicat", name="Essai"), now=now)
            structures.enrol(SYSTEM, tx, [OWNER], date(2026, 1, 1), now=now)
        yield tx
    database.close()


def key(tx: Transaction) -> str:
    """What opens `OWNER`'s series to reading and writing."""
    return keys.make(SYSTEM, tx, NewKey(OWNER, "essai", "operate"), now=datetime.now(UTC)).token


def record(data: Path) -> EmbeddedRecord:
    """The record that an instance in `data` opens, in its time zone; days settle when they are told to."""
    return EmbeddedRecord(data / "record", time_zone=Settings(data=data).time_zone, settle_after=None)


@contextmanager
def served(data: Path, *, module: str = "beffroi", words: Sequence[str] = ("serve",)) -> Iterator[Server]:
    """`beffroi serve`, or another module that takes the same options and prints its address once it answers."""
    port = free_port()
    command = [sys.executable, "-m", module, *words, "--data", str(data), "--port", str(port)]
    environment = {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, (_without_pandas(data.parent), os.environ.get("PYTHONPATH")))),
        "BEFFROI_SETTLE_AFTER_HOURS": NEVER,
        "BEFFROI_REACHABLE": "127.0.0.1",
    }
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout
    try:
        if not process.stdout.readline():
            raise RuntimeError(f"{' '.join(command)} ended before it answered")
        yield Server(process, port, time.perf_counter() - start)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()


def _without_pandas(folder: Path) -> str:
    """Where Python is to look first: no instance has pandas, which the tests bring, and which takes pyarrow a third of
    a second to look at."""
    absent = folder / "absent"
    absent.mkdir(exist_ok=True)
    (absent / "pandas.py").write_text("raise ModuleNotFoundError(__name__)\n")
    return str(absent)


def free_port() -> int:
    with socket.socket() as trying:
        trying.bind(("127.0.0.1", 0))
        port: int = trying.getsockname()[1]
        return port


def post(token: str, body: bytes, media: str) -> bytes:
    head = (
        f"POST /api/v1/observations HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def post_columns(token: str, ids: Sequence[int], time: datetime, values: Sequence[float]) -> bytes:
    """One value of each series at one moment."""
    return post(token, msgspec.json.encode({"series": ids, "time": time, "value": values}), COLUMNS)


def post_one(token: str, series: int, time: datetime, value: float) -> bytes:
    return post(token, msgspec.json.encode([{"series": series, "time": time, "value": value}]), "application/json")


def get(token: str, path: str, accept: str = COLUMNS) -> bytes:
    return (
        f"GET /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nAccept: {accept}\r\n\r\n"
    ).encode()


def between(start: datetime, end: datetime) -> str:
    """The parameters of a query for a stretch of time."""
    return f"start={start:%Y-%m-%dT%H:%M:%SZ}&end={end:%Y-%m-%dT%H:%M:%SZ}"
