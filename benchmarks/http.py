"""The doors of the API, measured from outside: a server of its own process, requests already written, sockets kept."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

import msgspec

from beffroi import app
from beffroi.access import Scope, keys
from beffroi.access.keys import NewKey
from beffroi.api.formats import COLUMNS
from beffroi.registry import series, structures
from beffroi.registry.series import NewSeries
from beffroi.registry.structures import NewStructure
from beffroi.settings import Settings
from benchmarks.figures import Figure

OWNER = "commune-85191"
SERIES = 10_000
START = datetime(2026, 11, 1, tzinfo=UTC)
STEP = timedelta(minutes=10)
DAYS = 2
SINGLES = 4_000
READS = 400


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        token, ids = _instance(Path(folder) / "data")
        with _served(Path(folder) / "data") as port:
            return asyncio.run(_measured(port, token, ids))


def _instance(data: Path) -> tuple[str, list[int]]:
    """An instance with one commune and its series; a key that may write them, and their ids."""
    system, now = Scope.system("benchmark"), datetime.now(UTC)
    database = app.database_of(Settings(data=data))
    with database.write() as tx:
        structures.init(system, tx, NewStructure(form="syndicat", name="Essai"), now=now)
        structures.enrol(system, tx, [OWNER], date(2026, 1, 1), now=now)
        news = [
            NewSeries(owner=OWNER, code=f"s{n}", name=f"s{n}", observed_property="temperature", service="buildings")
            for n in range(SERIES)
        ]
        ids = series.create_many(system, tx, news, now=now)
        token = keys.make(system, tx, NewKey(collectivity=OWNER, name="essai", right="operate"), now=now).token
    database.close()
    return token, ids


@contextmanager
def _served(data: Path) -> Iterator[int]:
    with socket.socket() as trying:
        trying.bind(("127.0.0.1", 0))
        port: int = trying.getsockname()[1]
    command = [sys.executable, "-m", "beffroi", "serve", "--data", str(data), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stdout
    try:
        process.stdout.readline()
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


async def _measured(port: int, token: str, ids: list[int]) -> list[Figure]:
    measured = []
    columns = [_post(port, token, _columns(ids, START + n * STEP), COLUMNS) for n in range(DAYS * 144)]
    seconds = await _all(port, [columns], expect=b'"rows":10000')
    rate = len(columns) * SERIES / seconds
    measured.append(Figure("POST one value of 10,000 series, columns", rate, "obs/s"))
    for connections in (1, 8, 64):
        shares = [
            [
                _post(port, token, _single(ids, worker * SINGLES + n), "application/json")
                for n in range(SINGLES // connections)
            ]
            for worker in range(connections)
        ]
        seconds = await _all(port, shares, expect=b'"rows":1,')
        rate = sum(map(len, shares)) / seconds
        measured.append(Figure(f"POST one observation, {connections} connections", rate, "obs/s"))
    for name, accept in (("rows", "application/json"), ("columns", COLUMNS)):
        times = await _reads(port, [_day(port, token, ids[n * 7 % SERIES], accept) for n in range(READS)])
        measured.append(Figure(f"GET 24 h of one series, {name}, median", median(times), "ms", note="10,000 series"))
        worst = quantiles(times, n=100)[98]
        measured.append(Figure(f"GET 24 h of one series, {name}, 99th percentile", worst, "ms", note="10,000 series"))
    return measured


def _columns(ids: list[int], time: datetime) -> bytes:
    values = [round(20 + one % 7 + time.hour / 10, 1) for one in ids]
    return msgspec.json.encode({"series": ids, "time": [time] * len(ids), "value": values})


def _single(ids: list[int], number: int) -> bytes:
    moment = START + timedelta(days=10, seconds=number // SERIES)
    return msgspec.json.encode([{"series": ids[number % SERIES], "time": moment, "value": 20.5}])


def _post(port: int, token: str, body: bytes, media: str) -> bytes:
    head = (
        f"POST /api/v1/observations HTTP/1.1\r\nHost: localhost:{port}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _day(port: int, token: str, one: int, accept: str) -> bytes:
    return (
        f"GET /api/v1/observations?series={one}&start=2026-11-01T00:00:00Z&end=2026-11-02T00:00:00Z HTTP/1.1\r\n"
        f"Host: localhost:{port}\r\nAuthorization: Bearer {token}\r\nAccept: {accept}\r\n\r\n"
    ).encode()


async def _all(port: int, shares: list[list[bytes]], *, expect: bytes) -> float:
    """Seconds to send every share, one connection each, every answer checked."""
    started = time.perf_counter()
    await asyncio.gather(*(_send(port, share, expect) for share in shares))
    return time.perf_counter() - started


async def _send(port: int, requests: list[bytes], expect: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        writer.write(request)
        answer = await _answer(reader)
        if expect not in answer:
            raise RuntimeError(answer.decode(errors="replace"))
    writer.close()


async def _reads(port: int, requests: list[bytes]) -> list[float]:
    """Milliseconds of each request, one after the other; the first, which warms up, left out."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times = []
    for request in requests:
        started = time.perf_counter()
        writer.write(request)
        answer = await _answer(reader)
        times.append((time.perf_counter() - started) * 1000)
        rows = json.loads(answer)
        assert len(rows.get("items", rows.get("series"))) == 144, answer[:200]
    writer.close()
    return times[1:]


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    if b"content-length:" in lower:
        return await reader.readexactly(int(lower.split(b"content-length:")[1].split(b"\r\n")[0]))
    body = b""
    while size := int(await reader.readline(), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body
