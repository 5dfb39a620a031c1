"""Dashboards that refresh while observations come in: 50 of 12 charts every 10 seconds, 10 POSTs of 500 a second."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from benchmarks import instance, load
from benchmarks.figures import Figure, Run
from benchmarks.instance import Server, between
from benchmarks.load import Sent, Share

DASHBOARDS = 50
CONNECTIONS = 6
"""as many as a browser opens; each draws two of a dashboard's 12 charts"""
EVERY = 10
"""seconds between two refreshes of a dashboard"""
CHARTS = {
    "last 24 h": ("observations", timedelta(days=1), ""),
    "last 7 days by hour": ("observations/aggregate", timedelta(days=7), "&every=1h&functions=mean"),
    "last 30 days by day": ("observations/aggregate", timedelta(days=30), "&every=1d&functions=mean"),
}
APPEND = "append"
POSTS = 10
"""a second"""
CHART_REACH, APPEND_REACH = 100, 250


def figures(run: Run, server: Server, token: str, ids: Sequence[int], end: datetime) -> list[Figure]:
    """On what `server` keeps of series `ids`, which ends at `end`; what is appended comes after."""
    lasting = 20 if run.quick else 60
    run.say(f"dashboards, {lasting} s")
    shares = [*_charts(token, ids, end, lasting), *appends(token, ids, end, rate=5000, lasting=lasting)]
    sent = load.send(server.port, shares)
    return _figures(sent, f"{lasting} s, a third of the charts each of {', '.join(CHARTS)}; 5,000 obs/s come in")


def appends(token: str, ids: Sequence[int], start: datetime, *, rate: int, lasting: int) -> list[Share]:
    """POSTs that make `rate` observations a second, on connections enough that one late does not delay the next."""
    chance, each = np.random.default_rng(4), rate // POSTS
    shares = []
    for connection in range(POSTS):
        requests = [
            instance.post_columns(
                token,
                chance.choice(ids, each, replace=False).tolist(),
                start + timedelta(seconds=second, milliseconds=100 * connection),
                chance.uniform(10, 20, each).round(1).tolist(),
            )
            for second in range(lasting)
        ]
        shares.append(Share(requests, [second + connection / POSTS for second in range(lasting)], APPEND))
    return shares


def _charts(token: str, ids: Sequence[int], end: datetime, lasting: int) -> list[Share]:
    """The dashboards refresh one after the other, evenly, each chart of another series."""
    chance = np.random.default_rng(5)
    shares = []
    for dashboard in range(DASHBOARDS):
        refreshes = [dashboard * EVERY / DASHBOARDS + start for start in range(0, lasting, EVERY)]
        for connection in range(CONNECTIONS):
            kind = list(CHARTS)[connection % len(CHARTS)]
            paths = [_path(kind, one, end) for one in chance.choice(ids, 2).tolist()]
            requests = [instance.get(token, path) for _ in refreshes for path in paths]
            shares.append(Share(requests, [due for due in refreshes for _ in paths], kind))
    return shares


def _path(kind: str, series: int, end: datetime) -> str:
    path, length, more = CHARTS[kind]
    until = end + timedelta(minutes=10)
    return f"{path}?series={series}&{between(until - length, until)}{more}"


def _figures(sent: Sent, note: str) -> list[Figure]:
    late = float(np.percentile(np.concatenate([sent.latencies[kind] for kind in CHARTS]), 95))
    slowest, middle = sent.percentile(100, APPEND), sent.percentile(50, APPEND)
    return [
        Figure("a chart of 50 dashboards, p95", late, "ms", reach=CHART_REACH, note=note),
        *(Figure(f"a chart of 50 dashboards, {kind}, p95", sent.percentile(95, kind), "ms") for kind in CHARTS),
        Figure("a POST of 500 observations meanwhile, the slowest", slowest, "ms", reach=APPEND_REACH),
        Figure("a POST of 500 observations meanwhile, median", middle, "ms"),
    ]
