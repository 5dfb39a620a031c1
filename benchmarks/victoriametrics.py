"""VictoriaMetrics at the same work, through its own HTTP doors.

It acknowledges before it writes to disk, and shows what it was sent about a second later."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import msgspec
import numpy as np

from benchmarks import load, walk
from benchmarks.figures import Run, median_ms
from benchmarks.instance import free_port
from benchmarks.load import Share
from benchmarks.work import (
    BYTES,
    COLUMNS,
    CONNECTIONS,
    MEAN,
    SERIES,
    SETTLED,
    WARMING,
    Measured,
    Scale,
    one_post,
    read_of,
)

PACKAGE = "victoria-metrics"
PROGRAMS = ("victoria-metrics", "victoria-metrics-prod")
NAME = "observation_value"
TOGETHER = 100
"""series in a request of history"""
OPTIONS = (
    "-retentionPeriod=100y",
    "-search.latencyOffset=0s",
    "-search.maxConcurrentRequests=64",
    "-loggerLevel=ERROR",
)


@dataclass(frozen=True)
class VictoriaMetrics:
    port: int
    folder: Path
    program: str

    @property
    def name(self) -> str:
        """With its version, which only the package tells where Debian built it."""
        found = re.search(r"vm_app_version\{.*?(\d+\.\d+)", self.ask("/metrics").text)
        if not found and shutil.which("dpkg-query"):
            asked = ["dpkg-query", "-W", "-f", "${Version}", PACKAGE]
            found = re.search(r"(\d+\.\d+)", subprocess.run(asked, capture_output=True, text=True).stdout)
        return f"VictoriaMetrics {found[1]}" if found else "VictoriaMetrics"

    def ask(self, path: str, **parameters: str) -> httpx2.Response:
        answer = httpx2.get(f"http://127.0.0.1:{self.port}{path}", params=parameters, timeout=600)
        return answer.raise_for_status()

    def flush(self) -> None:
        """Until what was sent can be read."""
        self.ask("/internal/force_flush")

    def size(self) -> int:
        """Bytes on disk once its files are merged."""
        self.flush()
        self.ask("/internal/force_merge")
        sizes: list[int] = []
        while len(sizes) < 60 and (len(sizes) < 4 or len(set(sizes[-4:])) > 1):
            time.sleep(1)
            sizes.append(_bytes(self.folder))
        return sizes[-1]


def missing() -> str | None:
    """What to install when it is not there."""
    return None if _program() else PACKAGE


def measured(run: Run, place: Path, scale: Scale) -> tuple[str, Measured]:
    """Its name, and its figure of each work."""
    with _served(place / "victoriametrics") as server:
        run.say(f"{server.name}: {scale.rows / 1e6:.1f} million rows of history")
        load.send(server.port, [Share(list(_history(scale)))])
        found: Measured = {BYTES: server.size() / scale.rows}
        for when, start in scale.read_from().items():
            sent = load.send(
                server.port, [Share([_export(start, n * 7 % SERIES + 1) for n in range(scale.reads + WARMING)])]
            )
            rows = msgspec.json.decode(sent.last[""])["values"]
            assert len(rows) == walk.DAY, len(rows)
            found |= read_of(when, sent.latencies[""][WARMING:].tolist())
        found[MEAN] = median_ms(lambda: _mean(server, scale.read_from()[SETTLED]), times=3)
        run.say(f"{server.name}: writing")
        found |= _writing(server.port, scale)
        return server.name, found


def _writing(port: int, scale: Scale) -> Measured:
    posts = [
        _lines(scale.end + tick * walk.STEP, values.tolist())
        for tick, values in enumerate(walk.values(SERIES, scale.posts))
    ]
    found: Measured = {COLUMNS: load.send(port, [Share(posts)]).rate() * SERIES}
    for width in CONNECTIONS:
        one = scale.end + timedelta(days=10 + width)
        each = scale.singles // width
        shares = [
            Share([_line(one + timedelta(seconds=number), worker + 1) for number in range(each)])
            for worker in range(width)
        ]
        found[one_post(width)] = load.send(port, shares).rate()
    return found


def _history(scale: Scale) -> Iterator[bytes]:
    """Its JSON lines: a line a series, all its values."""
    start = int(walk.START.timestamp() * 1000)
    step = int(walk.STEP.total_seconds() * 1000)
    times = msgspec.json.encode([start + tick * step for tick in range(scale.ticks)])
    history = np.stack(list(walk.values(SERIES, scale.ticks)), axis=1)
    for first in range(0, SERIES, TOGETHER):
        lines = [
            b'{"metric":{"__name__":"%s","series":"%d"},"values":%s,"timestamps":%s}\n'
            % (NAME.encode(), series + 1, msgspec.json.encode(history[series].tolist()), times)
            for series in range(first, first + TOGETHER)
        ]
        yield _post("/api/v1/import", b"".join(lines))


def _lines(moment: datetime, values: list[float]) -> bytes:
    """InfluxDB's lines, the shortest it takes."""
    at = int(moment.timestamp() * 1000)
    lines = "".join(f"observation,series={n} value={value} {at}\n" for n, value in enumerate(values, start=1))
    return _post("/write?precision=ms", lines.encode())


def _line(moment: datetime, series: int) -> bytes:
    line = f"observation,series={series} value=20.5 {int(moment.timestamp() * 1000)}\n"
    return _post("/write?precision=ms", line.encode())


def _post(path: str, content: bytes) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content


def _export(start: datetime, series: int) -> bytes:
    """Both ends are inclusive."""
    end = start + timedelta(days=1) - walk.STEP
    asked = {"match[]": f'{NAME}{{series="{series}"}}', "start": int(start.timestamp()), "end": int(end.timestamp())}
    return f"GET /api/v1/export?{urlencode(asked)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def _mean(server: VictoriaMetrics, start: datetime) -> None:
    """Its answer as it comes: 240,000 figures in JSON."""
    hours = (start + timedelta(hours=1), start + timedelta(hours=24))
    first, last = (str(int(hour.timestamp())) for hour in hours)
    query = f"avg_over_time({NAME}[1h])"
    answer = server.ask("/api/v1/query_range", query=query, start=first, end=last, step="1h", nocache="1")
    assert len(answer.content) > 240_000


@contextmanager
def _served(folder: Path) -> Iterator[VictoriaMetrics]:
    program, port = _program(), free_port()
    assert program
    command = [program, f"-storageDataPath={folder}", f"-httpListenAddr=127.0.0.1:{port}", *OPTIONS]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = VictoriaMetrics(port, folder, program)
    try:
        _await(server)
        yield server
    finally:
        process.terminate()
        process.wait()


def _await(server: VictoriaMetrics) -> None:
    for _ in range(200):
        try:
            server.ask("/health")
        except httpx2.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("VictoriaMetrics does not answer")


def _program() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def _bytes(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(parent) / name).stat().st_size
            except FileNotFoundError:
                continue  # merged away meanwhile
    return total
