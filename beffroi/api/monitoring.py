"""What watches Beffroi itself: health for a supervisor, figures for Prometheus, one log line a request."""

import time
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from itertools import accumulate
from math import inf
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Gauge, Histogram, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from beffroi import __version__
from beffroi.api.rooms import Rooms
from beffroi.observations import Windows

log = structlog.get_logger()
Message = MutableMapping[str, Any]


class Metrics:
    """Figures of one instance; nothing in them names a tenant."""

    def __init__(self, rooms: Rooms) -> None:
        self.registry = CollectorRegistry()
        self.answers = _Answers()
        self.registry.register(self.answers)
        self.registry.register(_RecordFigures(rooms))
        Gauge("beffroi_info", "Version.", ["version"], registry=self.registry).labels(__version__).set(1)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Called on the event loop."""
        self.answers.add((method, route, str(status)), seconds)

    def page(self, request: Request) -> Response:
        return Response(generate_latest(self.registry), media_type="text/plain; version=0.0.4; charset=utf-8")


class _Answers(Collector):
    """How many, and how long they took: kept as plain numbers by the event loop, which counts thousands a second, and
    told as prometheus_client's own counters and histograms would be, which take a lock for each."""

    BOUNDS = tuple(bound for bound in Histogram.DEFAULT_BUCKETS if bound < inf)

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str], list[int]] = {}
        """by method, route and status; for each bucket, those that are in none before"""
        self._seconds: dict[tuple[str, str, str], float] = {}

    def add(self, answer: tuple[str, str, str], seconds: float) -> None:
        counts = self._counts.get(answer)
        if counts is None:
            counts = self._counts[answer] = [0] * (len(self.BOUNDS) + 1)
            self._seconds[answer] = 0.0
        counts[bisect_left(self.BOUNDS, seconds)] += 1
        self._seconds[answer] += seconds

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            "beffroi_http_requests", "HTTP requests answered.", labels=["method", "route", "status"]
        )
        times = HistogramMetricFamily("beffroi_http_request_seconds", "Time to answer.", labels=["method", "route"])
        by_route: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
        for answer, counts in list(self._counts.items()):
            requests.add_metric(answer, sum(counts))
            by_route.setdefault(answer[:2], []).append(answer)
        bounds = [*map(floatToGoString, self.BOUNDS), "+Inf"]
        for route, answers in by_route.items():
            each = map(sum, zip(*(self._counts[answer] for answer in answers), strict=True))
            buckets = list(zip(bounds, accumulate(each), strict=True))
            times.add_metric(route, buckets, sum(self._seconds[answer] for answer in answers))
        yield requests
        yield times


class _RecordFigures(Collector):
    """The record's figures, counted once a scrape."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms = rooms

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        stats = self.rooms.record.stats()
        for name, about, value in (
            ("beffroi_observations", "Observations kept.", stats.observations),
            ("beffroi_series_observed", "Series with observations.", stats.series),
            ("beffroi_record_bytes", "Bytes of the record on disk.", stats.bytes_on_disk),
            ("beffroi_journal_waiting", "Rows still in the journal only.", stats.waiting),
            ("beffroi_heavy_running", "Heavy questions to the record that run.", stats.heavy.running),
            ("beffroi_heavy_waiting", "Heavy questions that wait for their turn.", stats.heavy.waiting),
            ("beffroi_heavy_streams", "Large readings being sent.", stats.heavy.streams),
            ("beffroi_live_readers", "Open live streams.", len(self.rooms.pipeline.live)),
        ):
            yield GaugeMetricFamily(name, about, value)
        ended = CounterMetricFamily("beffroi_heavy_ended", "Heavy questions without answer.", labels=["why"])
        for why in ("refused", "late", "left"):
            ended.add_metric([why], getattr(stats.heavy, why))
        yield ended


def health(rooms: Rooms) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        """200 when both engines answer, 503 with the name of the one that does not."""
        checks = {}
        for name, check in (
            ("database", lambda: _ask(rooms)),
            ("record", lambda: rooms.record.read(Windows.whole([1]), limit=1).read_all()),
        ):
            try:
                check()
                checks[name] = "ok"
            except Exception as error:  # whatever is wrong, a supervisor must be told
                log.error("unhealthy", part=name, exc_info=error)
                checks[name] = "failing"
        healthy = all(state == "ok" for state in checks.values())
        status = "ok" if healthy else "failing"
        return JSONResponse({"status": status, "version": __version__, "checks": checks}, 200 if healthy else 503)

    return answer


def _ask(rooms: Rooms) -> None:
    with rooms.database.read() as tx:
        tx.exec_driver_sql("SELECT 1")


SHOWN = "/shown/"
"""pages of public dashboards: these may be framed by the sites that the settings name"""


def headers(*, maps: str | None = None, framed_by: str = "'none'") -> tuple[tuple[bytes, bytes], ...]:
    """What every answer carries. `maps`: the one origin from which pages and their workers may fetch besides.
    `framed_by`: whose pages may show it in theirs."""
    beyond = f" {maps}" if maps else ""
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{beyond}; font-src 'self'; "
        f"connect-src 'self'{beyond}; form-action 'self'; base-uri 'none'; frame-ancestors {framed_by}"
    )
    alone = ((b"x-frame-options", b"DENY"),) if framed_by == "'none'" else ()
    return (
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        *alone,
        (b"content-security-policy", policy.encode()),
    )


HEADERS = headers()
"""of what is answered to programs"""


class Observed:
    """ASGI middleware: counts and times each request by route, logs it, and sets the headers every answer carries."""

    def __init__(
        self, app: Callable[..., Awaitable[None]], metrics: Metrics, maps: str | None, embed_origins: str
    ) -> None:
        self.app = app
        self.metrics = metrics
        self._headers = headers(maps=maps)
        self._shown = headers(maps=maps, framed_by=embed_origins.strip() or "'none'")

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        sent = self._shown if scope["path"].startswith(SHOWN) else self._headers

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), *sent]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "unknown")
            self.metrics.answered(scope["method"], route, status, seconds)
            log.debug("request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))
