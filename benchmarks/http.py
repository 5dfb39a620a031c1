"""10,000 series, 30 days: the doors of the API measured from outside, and the record in process, beside peers."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
import numpy as np

from beffroi.observations import Aggregate, Aggregation, EmbeddedRecord, Windows
from beffroi.registry import series
from beffroi.registry.series import NewSeries
from benchmarks import dashboards, instance, load, peers, walk
from benchmarks.figures import Figure, Run, folder, median_ms
from benchmarks.instance import OWNER, SYSTEM, Server, between, get, post_columns, post_one
from benchmarks.load import Share
from benchmarks.work import (
    BYTES,
    COLUMNS,
    CONNECTIONS,
    LATEST,
    MEAN,
    QUICK,
    READ,
    SERIES,
    SETTLED,
    WARMING,
    WHOLE,
    Measured,
    Scale,
    one_post,
    read_of,
)

REACHES: dict[str, tuple[str, float | None]] = {
    COLUMNS: ("obs/s", 600_000),
    one_post(8): ("obs/s", 5_000),
    one_post(64): ("obs/s", 10_000),
    **{f"{READ}, {when}, median": ("ms", 3) for when in (SETTLED, LATEST)},
    **{f"{READ}, {when}, p99": ("ms", 12) for when in (SETTLED, LATEST)},
    MEAN: ("ms", 300),
    BYTES: ("bytes", 1.2),
}
NOTES: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
NOTES |= {
    COLUMNS: ("acknowledged once durable; PostgreSQL by COPY, a commit each; VictoriaMetrics acknowledges before",),
    one_post(8): ("durable and readable at once; PostgreSQL by its own protocol; VictoriaMetrics acknowledges before",),
    one_post(64): ("likewise",),
    MEAN: ("240,000 rows out: Beffroi in process, the peers to a client",),
    BYTES: ("a one-decimal random walk; with figures by day; PostgreSQL with its primary key",),
}


def figures(run: Run) -> list[Figure]:
    scale = QUICK if run.quick else WHOLE
    with folder() as place:
        ours, shown = _ours(run, place / "data", scale)
    with folder() as place:
        theirs = peers.measured(run, place, scale)
    size = (f"{scale.days} days",) if run.quick else ()
    return [
        *(
            Figure(work, ours[work], unit, peers.beside(theirs, work), reach, "; ".join((*NOTES[work], *size)))
            for work, (unit, reach) in REACHES.items()
        ),
        *shown,
    ]


def _ours(run: Run, data: Path, scale: Scale) -> tuple[Measured, list[Figure]]:
    """By work, and what dashboards saw."""
    token, ids = _instance(data)
    record = instance.record(data)
    for day, _ in enumerate(walk.keep(record, np.array(ids), ticks=scale.ticks), start=1):
        run.say(f"Beffroi: day {day} of {scale.days}")
    run.say("Beffroi: merging thirds of the month, as an instance has done by then")
    record.compact(until=scale.end)
    stats = record.stats()
    found: Measured = {BYTES: stats.bytes_each, MEAN: _mean(record, ids, scale)}
    record.close()
    with instance.served(data) as server:
        run.say("Beffroi: reading")
        for when in (SETTLED, LATEST):
            found |= _reading(server, token, ids, scale, when)
        run.say("Beffroi: writing")
        found |= _writing(server, token, ids, scale)
        return found, dashboards.figures(run, server, token, ids, scale.end + scale.posts * walk.STEP)


def _instance(data: Path) -> tuple[str, list[int]]:
    """A key, and the series it opens."""
    with instance.registering(data) as tx:
        news = [
            NewSeries(owner=OWNER, code=f"s{n}", name=f"s{n}", observed_property="temperature", service="buildings")
            for n in range(SERIES)
        ]
        return instance.key(tx), series.create_many(SYSTEM, tx, news, now=walk.START)


def _mean(record: EmbeddedRecord, ids: list[int], scale: Scale) -> float:
    day = scale.read_from()[SETTLED]
    asked = Aggregation(day, day + timedelta(days=1), 1, "hour", "Europe/Paris", (Aggregate("mean"),))
    return median_ms(lambda: record.aggregate(Windows.whole(ids), asked), times=5)


def _reading(server: Server, token: str, ids: Sequence[int], scale: Scale, when: str) -> Measured:
    start = scale.read_from()[when]
    span = between(start, start + timedelta(days=1))
    asked = [get(token, f"observations?series={ids[n * 7 % SERIES]}&{span}") for n in range(scale.reads + WARMING)]
    sent = load.send(server.port, [Share(asked)])
    assert len(msgspec.json.decode(sent.last[""])["series"]) == walk.DAY
    return read_of(when, sent.latencies[""][WARMING:].tolist())


def _writing(server: Server, token: str, ids: Sequence[int], scale: Scale) -> Measured:
    posts = [
        post_columns(token, ids, scale.end + tick * walk.STEP, values.tolist())
        for tick, values in enumerate(walk.values(SERIES, scale.posts))
    ]
    found: Measured = {COLUMNS: load.send(server.port, [Share(posts)]).rate() * SERIES}
    for width in CONNECTIONS:
        start = scale.end + timedelta(days=10 + width)
        each = scale.singles // width
        shares = [
            Share([post_one(token, ids[worker], start + timedelta(seconds=n), 20.5) for n in range(each)])
            for worker in range(width)
        ]
        found[one_post(width)] = load.send(server.port, shares).rate()
        span = between(start, start + timedelta(days=1))
        kept = load.send(server.port, [Share([get(token, f"observations?series={ids[width - 1]}&{span}")])]).last[""]
        assert len(msgspec.json.decode(kept)["series"]) == min(each, 10_000)
    return found
