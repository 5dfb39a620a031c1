"""A département: 450,000 water meters read every hour, 70,000 lit or equipped assets read every 8 hours, 11 million
observations a day, 30 days of them."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.database import Transaction
from beffroi.observations import batch_of
from beffroi.registry import assets, devices, series
from beffroi.registry.assets import NewAsset
from beffroi.registry.devices import NewDevice
from beffroi.registry.series import NewSeries
from benchmarks import dashboards, instance, load, walk
from benchmarks.figures import Figure, Run, folder
from benchmarks.instance import OWNER, SYSTEM, Server, between
from benchmarks.load import Share

METERS, ASSETS = 450_000, 70_000
METER_HOURS, ASSET_HOURS = 1, 8
"""between two readings: 10.8 million a day of meters, 0.2 million of assets"""
DAY_ROWS = METERS * 24 // METER_HOURS + ASSETS * 24 // ASSET_HOURS
TOGETHER = 10_000
"""things registered at once"""
SETTLES_AFTER = 6
"""hours of the next day that are there when a day settles"""
MEMORY_REACH = 1.5
START_REACH = 5
SETTLE_REACH = 30


@dataclass(frozen=True)
class Place:
    """An instance in `data`, what opens it, and its series."""

    data: Path
    token: str
    meters: NDArray[np.int64]
    assets: NDArray[np.int64]
    days: int

    @property
    def hours(self) -> int:
        """The last half-day is not settled."""
        return self.days * 24 + 12


def figures(run: Run) -> list[Figure]:
    with folder() as disk:
        place = _registered(run, disk / "data", days=2 if run.quick else 30)
        history = _history(place)
        size = _kept(run, place, history)
        return [*size, *_served(run, place), *_settled(run, place, history)]


def _registered(run: Run, data: Path, *, days: int) -> Place:
    with instance.registering(data) as tx:
        ids: dict[str, list[int]] = {}
        for kind, count in (("meter", METERS), ("lamp", ASSETS)):
            ids[kind] = []
            run.say(f"registering {count:,} of {kind}")
            for first in range(0, count, TOGETHER):
                ids[kind] += _register(tx, kind, range(first, min(first + TOGETHER, count)))
        return Place(data, instance.key(tx), np.array(ids["meter"]), np.array(ids["lamp"]), days)


def _register(tx: Transaction, kind: str, numbers: range) -> list[int]:
    """A device and a series each, and an asset for a lamp; the ids of the series."""
    codes, now = [f"{kind}-{n}" for n in numbers], walk.START
    service, observed = ("water", "water-volume") if kind == "meter" else ("lighting", "electrical-energy")
    lit: Sequence[int | None] = [None] * len(codes)
    if kind == "lamp":
        new_assets = [
            NewAsset(owner=OWNER, kind="lamp", code=code, name=code, longitude=-1.4 + n % 1000 / 1000, latitude=46.7)
            for n, code in zip(numbers, codes, strict=True)
        ]
        lit = assets.create_many(SYSTEM, tx, new_assets, now=now)
    new_devices = [
        NewDevice(owner=OWNER, kind="sensor", code=code, name=code, service=service, asset=asset)
        for code, asset in zip(codes, lit, strict=True)
    ]
    measuring = devices.create_many(SYSTEM, tx, new_devices, now=now)
    new_series = [
        NewSeries(owner=OWNER, code=code, name=code, observed_property=observed, service=service, device=device)
        for code, device in zip(codes, measuring, strict=True)
    ]
    return series.create_many(SYSTEM, tx, new_series, now=now)


def _history(place: Place) -> Iterator[pa.Table]:
    """One batch an hour, without end: indexes that grow, each meter at its own second of the hour."""
    chance = np.random.default_rng(6)
    flows = np.array([0, 0, 0, 0.002, 0.005, 0.012, 0.045, 0.12])
    second = chance.integers(0, 3600, METERS) * np.timedelta64(1_000_000, "us")
    volume, energy = chance.uniform(5, 3000, METERS).round(3), chance.uniform(100, 9000, ASSETS).round(1)
    hour = np.datetime64(walk.START.replace(tzinfo=None), "us")
    while True:
        volume = (volume + chance.choice(flows, METERS)).round(3)
        columns = [(place.meters, hour + second, volume)]
        if hour.astype("datetime64[h]").astype(int) % ASSET_HOURS == 0:
            energy = (energy + chance.uniform(0, 0.8, ASSETS)).round(1)
            columns.append((place.assets, np.full(ASSETS, hour), energy))
        found = [np.concatenate(column) for column in zip(*columns, strict=True)]
        times = pa.array(found[1]).cast(pa.timestamp("us", "UTC"))
        yield batch_of({"series": found[0], "time": times, "value": found[2]})
        hour += np.timedelta64(METER_HOURS, "h")


def _kept(run: Run, place: Place, history: Iterator[pa.Table]) -> list[Figure]:
    record = instance.record(place.data)
    for hour in range(1, place.hours + 1):
        record.append(next(history))
        if hour % 24 == 0:
            record.settle(until=walk.START + timedelta(hours=hour))
            run.say(f"day {hour // 24} of {place.days}")
    run.say("merging thirds of the month, as an instance has done by then")
    record.compact(until=walk.START + timedelta(days=place.days))
    stats = record.stats()
    record.close()
    note = f"{stats.settled / 1e6:.0f} million, {place.days} days of indexes; three decimals, with figures by day"
    return [Figure("settled bytes an observation, water meters", stats.bytes_each, "bytes", note=note)]


def _served(run: Run, place: Place) -> list[Figure]:
    end = walk.START + timedelta(hours=place.hours)
    everyone = np.concatenate((place.meters, place.assets))
    size = f"{METERS + ASSETS:,} devices, {place.days} days"
    with instance.served(place.data) as server:
        starting = Figure("start", server.seconds, "s", reach=START_REACH, note=size)
        run.say("idle")
        time.sleep(10)
        idle = _memory("resident memory, idle", server.memory_mib(), size)
        run.say("1,000 obs/s")
        lasting = 10 if run.quick else 60
        busy = _watched(server, dashboards.appends(place.token, everyone.tolist(), end, rate=1000, lasting=lasting))
        reading = _reading(run, server, place)
        shown = dashboards.figures(run, server, place.token, place.meters.tolist(), end + timedelta(hours=1))
        after = _memory("resident memory, after the dashboards", server.memory_mib(), size, reach=None)
        return [starting, idle, _memory("resident memory, 1,000 obs/s", busy, size), *reading, *shown, after]


def _watched(server: Server, shares: list[Share]) -> dict[str, float]:
    """The greatest memory while all that is sent."""
    sending, greatest = load.begin(server.port, shares), server.memory_mib()
    while not sending.done():
        found = server.memory_mib()
        greatest = {name: max(greatest[name], found[name]) for name in found}
        time.sleep(0.5)
    sending.result()
    return greatest


def _memory(work: str, mib: dict[str, float], note: str, *, reach: float | None = MEMORY_REACH) -> Figure:
    own = f"{mib['RssAnon'] / 1024:.2f} GiB of it are its own (RssAnon), not of files"
    return Figure(work, mib["VmRSS"] / 1024, "GiB", reach=reach, note=f"{own}; {note}")


def _reading(run: Run, server: Server, place: Place) -> list[Figure]:
    """Of one meter, as a screen asks it."""
    chance, found = np.random.default_rng(7), []
    start, times = walk.START + timedelta(days=place.days // 2), 100 if run.quick else 400
    spans = {"24 h of one meter": timedelta(days=1), "30 days of one meter": timedelta(days=place.days)}
    for work, length in spans.items():
        span = between(start, start + length) if length.days == 1 else between(walk.START, walk.START + length)
        asked = [f"observations?series={one}&{span}" for one in chance.choice(place.meters, times).tolist()]
        sent = load.send(server.port, [Share([instance.get(place.token, path) for path in asked])])
        note = f"HTTP, settled, {length.days * 24} readings"
        found += [
            Figure(f"{work}, median", sent.percentile(50), "ms", note=note),
            Figure(f"{work}, p99", sent.percentile(99), "ms", note=note),
        ]
    return found


def _settled(run: Run, place: Place, history: Iterator[pa.Table]) -> list[Figure]:
    """The day that was under way is over, and settles while the instance answers."""
    run.say("a day to settle")
    record = instance.record(place.data)
    for _ in range(12 + SETTLES_AFTER):
        record.append(next(history))
    record.close()
    over = walk.START + timedelta(days=place.days + 1)
    now, lasting = over + timedelta(hours=SETTLES_AFTER), 20
    with instance.served(place.data, module="benchmarks.settling", words=()) as server:
        run.say("settling")
        span = between(now - timedelta(days=1), now)
        chosen = np.random.default_rng(8).choice(place.meters, 20 * lasting).tolist()
        asked = [instance.get(place.token, f"observations?series={one}&{span}") for one in chosen]
        reads = Share(asked, [n / 20 for n in range(len(asked))], "read")
        sending = load.begin(
            server.port,
            [reads, *dashboards.appends(place.token, place.meters.tolist(), now, rate=1000, lasting=lasting)],
        )
        assert server.process.stdin
        assert server.process.stdout
        server.process.stdin.write(f"{over.isoformat()}\n")
        server.process.stdin.flush()
        taken = float(server.process.stdout.readline())
        sent = sending.result()
    meanwhile, length = "1,000 obs/s come in, 20 reads a second", f"the first {lasting} s"
    size = f"{DAY_ROWS / 1e6:.1f} million rows"
    slowest, reading = sent.percentile(100, dashboards.APPEND), sent.percentile(95, "read")
    return [
        Figure(
            "settle a day while serving",
            taken,
            "s",
            reach=SETTLE_REACH,
            note=f"{size}; {meanwhile}",
        ),
        Figure("a POST of 100 observations while a day settles, the slowest", slowest, "ms", note=length),
        Figure("24 h of one meter while a day settles, p95", reading, "ms", note=length),
    ]
