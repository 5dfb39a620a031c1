"""Makes the demonstration ready: installs it the first time, fills the gap since it was last seen the others."""

import json
import shutil
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from beffroi.access import keys
from beffroi.access.keys import NewKey
from beffroi.access.sealing import Sealing
from beffroi.acquisition import connections
from beffroi.acquisition.connections import NewConnection
from beffroi.acquisition.ways import Bounds
from beffroi.database import Database, Transaction
from beffroi.demo import boards, pooling, territory, with_whom
from beffroi.demo.clock import DAY, HOUR, local
from beffroi.demo.frames import Frames
from beffroi.demo.history import Source, batches, slices
from beffroi.demo.plan import make_plan
from beffroi.demo.roster import Scale
from beffroi.demo.territory import Owners
from beffroi.demo.world import World
from beffroi.errors import Conflict, Text, Unavailable
from beffroi.observations import Ack, Record, Windows
from beffroi.registry import structures

SEED = 85
NO_CREDENTIALS = Sealing(b"")
"""the simulated network is no broker: nothing is sealed"""
MEMORY = "demonstration.json"
OUTLINE = Path(__file__).parent / "outline.geojson"
"""Vendée's, laid in the data folder for the map"""
BACK = 2 * HOUR
"""the latest messages of before a stop are looked at again that far: the feed may have been cut in their midst"""

IN_FLIGHT = 3
"""batches given to the record and not acknowledged yet, well under what it lets wait"""
TRY_AGAIN_SECONDS = 1.0
TERRITORY, HISTORY = Text("Territoire", "Territory"), Text("Historique", "History")

Progress = Callable[[Text, float], None]
"""told what is being done, and how far it is, 0 to 1"""


class Radio(NamedTuple):
    """The connection of the simulated network, and its secret."""

    connection: str
    secret: str


@dataclass(frozen=True)
class Prepared:
    """Ready: observations are there up to `until` (seconds since 1970), the live feed goes on from it.

    `owners`: of each series. `tokens`: an API key of each owner. `administrator`: the key of a person.
    """

    world: World
    sources: list[Source]
    scale: Scale
    owners: Owners
    tokens: dict[str, str]
    administrator: str
    until: int
    frames: Frames
    radio: Radio | None
    """where their network delivers; None in a territory made before there was one"""


@dataclass(frozen=True)
class Memory:
    """What a second start must know of the first, kept beside the data, for its owner's eyes only.

    `whole_until`: while history is being made, the time (seconds since 1970) before which it is whole for every series.
    """

    seed: int
    scale: Scale
    tokens: dict[str, str]
    whole_until: int | None = None
    radio: Radio | None = None

    @classmethod
    def read(cls, folder: Path) -> "Memory | None":
        path = folder / MEMORY
        if not path.exists():
            return None
        kept = json.loads(path.read_text())
        radio = Radio(**kept["radio"]) if kept.get("radio") else None
        return cls(kept["seed"], Scale(**kept["scale"]), kept["tokens"], kept.get("whole_until"), radio)

    def write(self, folder: Path) -> None:
        path = folder / MEMORY
        partial = path.with_suffix(".partial")
        partial.touch(mode=0o600)
        kept = asdict(self) | {"radio": self.radio and self.radio._asdict()}
        partial.write_text(json.dumps(kept, indent=1))
        partial.rename(path)


def prepare(
    database: Database,
    record: Record,
    folder: Path,
    *,
    now: datetime,
    scale: Scale | None = None,
    seed: int = SEED,
    progress: Progress = lambda text, done: None,
) -> Prepared:
    """The territory and its observations up to `now`, whatever was there before.

    `scale` and `seed` count for the first start only. After a stop longer than the first history, a gap
    stays. Raises `Conflict` when the database holds a real instance.
    """
    memory = Memory.read(folder) or Memory(seed, scale or Scale(), {})
    progress(TERRITORY, 0.0)
    with database.write() as tx:
        if is_new := structures.key(tx) is None:
            territory.found(tx, now=now)
        administrator = territory.administrator(tx)
        plan = make_plan(memory.seed, memory.scale, territory.tenants(tx))
        if is_new:
            territory.furnish(tx, plan, now=now, progress=lambda done: progress(TERRITORY, done))
            memory = replace(memory, radio=_radio(tx, now))
            pooling.lay(territory.SCOPE, tx, plan, now=now)
            with_whom.lay(territory.SCOPE, tx, plan, now=now)
            boards.lay(territory.SCOPE, tx, now=now)
        sources, owners = territory.sources(tx, plan)
        memory = replace(memory, tokens=_tokens(tx, owners.names, memory.tokens, now))
        memory.write(folder)
    shutil.copyfile(OUTLINE, folder / OUTLINE.name)
    world, until = World(memory.seed, gateways=len(plan.gateways)), int(now.timestamp())
    sources = _since(record, sources, _midnight(until - memory.scale.days * DAY), memory.whole_until)
    history = History(world, record, sources, large=plan.roster.large)
    history.make(until, lambda done: replace(memory, whole_until=done).write(folder), progress)
    replace(memory, whole_until=None).write(folder)
    frames = Frames.of(world, sources if memory.radio else (), plan.roster.sorts)
    return Prepared(world, sources, memory.scale, owners, memory.tokens, administrator, until, frames, memory.radio)


def _midnight(moment: int) -> int:
    """The beginning of its local day: no first day tells less than the others."""
    return moment - int(local(np.array([moment]))[0]) % DAY


def _radio(tx: Transaction, now: datetime) -> Radio:
    """The structure's connection, by which the simulated network delivers."""
    owner = structures.get(territory.SCOPE, tx).key
    new = NewConnection(owner=owner, kind="chirpstack-v4", name="Réseau LoRaWAN simulé (démonstration)")
    made = connections.make(territory.SCOPE, tx, new, NO_CREDENTIALS, Bounds(), now=now)
    return Radio(made.connection.key, made.secret)


def _tokens(tx: Transaction, owners: list[str], kept: dict[str, str], now: datetime) -> dict[str, str]:
    """A key of each owner: one of before while it opens, a new one otherwise."""
    held = {owner: token for owner, token in kept.items() if keys.by_token(tx, token) is not None}
    for owner in owners:
        if owner not in held:
            new = NewKey(collectivity=owner, name="Capteurs simulés (démonstration)", right="operate")
            held[owner] = keys.make(territory.SCOPE, tx, new, now=now).token
    return held


def _since(record: Record, sources: list[Source], earliest: int, whole_until: int | None) -> list[Source]:
    """The sources, each series from its last observation on, but no sooner than `earliest`, nor than `whole_until`
    when the making of history was cut there; otherwise than shortly before the last observation of all."""
    ids = np.unique(np.concatenate([source.series for source in sources]))
    latest = record.latest(Windows.whole(ids.tolist()))
    if not len(latest):
        return [source.after(np.full(len(source.series), earliest)) for source in sources]
    last = np.full(len(ids), earliest, np.int64)
    times = latest["time"].to_numpy().astype("datetime64[s]").astype(np.int64)
    last[np.searchsorted(ids, latest["series"].to_numpy())] = times + 1
    whole = int(times.max()) - BACK if whole_until is None else whole_until
    last = np.maximum(last, max(earliest, whole))
    return [source.after(last[np.searchsorted(ids, source.series)]) for source in sources]


class History:
    """Makes what the sources told, day by day, oldest first: cut short, the next start goes on.

    Of a large territory each ended day goes straight to where days settle; the others, and those begun already, are
    given to the record as any sender would.
    """

    def __init__(self, world: World, record: Record, sources: list[Source], *, large: bool) -> None:
        ordered = sorted((one for one in sources if len(one.series)), key=lambda one: int(one.series[0]))
        self._world, self._record, self._sources = world, record, ordered
        ids = np.concatenate([one.series for one in ordered]) if ordered else np.empty(0, np.int64)
        self._settles = large
        self._loads = large and bool((np.diff(ids) > 0).all())
        self._storing: deque[tuple[pa.Table, Future[Ack]]] = deque()

    def make(self, until: int, whole: Callable[[int], None], progress: Progress) -> None:
        """`whole` is told the time before which everything is stored, each time it moves."""
        start = min((int(source.since.min()) for source in self._sources), default=until)
        for begin, end in slices(start, until, DAY):
            whole(begin)
            made = self._made(begin, end, lambda made: progress(HISTORY, (made - start) / (until - start)))
            if not self._settles or end % DAY:
                self._store(made)
            elif not self._load(begin, end, made):
                self._store(made)
                self._record.settle(until=datetime.fromtimestamp(end, UTC))

    def _made(self, begin: int, end: int, progress: Callable[[float], None]) -> Iterator[pa.Table]:
        total, done = sum(len(source.series) for source in self._sources), 0
        for batch, series in batches(self._world, self._sources, begin, end):
            yield batch
            done += series
            progress(begin + (end - begin) * done / total)
        progress(end)

    def _load(self, begin: int, end: int, made: Iterator[pa.Table]) -> bool:
        """False when the day has begun already, and nothing was taken of what is made."""
        if not self._loads:
            return False
        about = sum(len(source.series) * (end - begin) // source.channel.period for source in self._sources)
        with suppress(Conflict):
            self._record.load(datetime.fromtimestamp(begin, UTC).date(), made, about=about)
            return True
        return False

    def _store(self, made: Iterator[pa.Table]) -> None:
        for batch in made:
            if len(self._storing) >= IN_FLIGHT:
                self._acknowledged()
            self._storing.append((batch, self._record.submit(batch)))
        while self._storing:
            self._acknowledged()

    def _acknowledged(self) -> None:
        """Wait for the oldest; what the record had no room for is given to it again."""
        batch, stored = self._storing.popleft()
        while True:
            try:
                stored.result()
                return
            except Unavailable:
                time.sleep(TRY_AGAIN_SECONDS)
                stored = self._record.submit(batch)
