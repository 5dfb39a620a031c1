"""Makes the demonstration ready: installs it the first time, fills the gap since it was last seen the others."""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from beffroi.access import keys
from beffroi.access.keys import NewKey
from beffroi.database import Database, Transaction
from beffroi.demo import territory
from beffroi.demo.clock import DAY, HOUR
from beffroi.demo.history import Source, slices, told
from beffroi.demo.plan import Scale, make_plan
from beffroi.demo.world import World
from beffroi.errors import Text
from beffroi.observations import Ack, Record, Windows
from beffroi.registry import structures

SEED = 85
MEMORY = "demonstration.json"
OUTLINE = Path(__file__).parent / "outline.geojson"
"""Vendée's, laid in the data folder for the map"""
BACK = 2 * HOUR
"""the latest messages of before a stop are looked at again that far: the feed may have been cut in their midst"""

Progress = Callable[[Text, float], None]
"""told what is being done, and how far it is, 0 to 1"""


@dataclass(frozen=True)
class Prepared:
    """Ready: observations are there up to `until` (seconds since 1970), the live feed goes on from it.

    `owners`: of each series. `tokens`: an API key of each owner. `administrator`: the key of a person.
    """

    world: World
    sources: list[Source]
    owners: dict[int, str]
    tokens: dict[str, str]
    administrator: str
    until: int


@dataclass(frozen=True)
class Memory:
    """What a second start must know of the first, kept beside the data, for its owner's eyes only."""

    seed: int
    scale: Scale
    tokens: dict[str, str]

    @classmethod
    def read(cls, folder: Path) -> "Memory | None":
        path = folder / MEMORY
        if not path.exists():
            return None
        kept = json.loads(path.read_text())
        return cls(kept["seed"], Scale(**kept["scale"]), kept["tokens"])

    def write(self, folder: Path) -> None:
        path = folder / MEMORY
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self), indent=1))


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
    progress(Text("Territoire", "Territory"), 0.0)
    with database.write() as tx:
        if is_new := structures.key(tx) is None:
            territory.found(tx, now=now)
        administrator = territory.administrator(tx)
        plan = make_plan(memory.seed, memory.scale, territory.tenants(tx))
        if is_new:
            territory.furnish(tx, plan, now=now, progress=lambda done: progress(TERRITORY, done))
        sources, owners = territory.sources(tx, plan)
        tokens = _tokens(tx, sorted(set(owners.values())), memory.tokens, now)
        Memory(memory.seed, memory.scale, tokens).write(folder)
    shutil.copyfile(OUTLINE, folder / OUTLINE.name)
    world = World(memory.seed, gateways=len(plan.gateways))
    until = int(now.timestamp())
    _fill(world, record, _since(record, sources, until - memory.scale.days * DAY), until, progress)
    return Prepared(world, sources, owners, tokens, administrator, until)


def _tokens(tx: Transaction, owners: list[str], kept: dict[str, str], now: datetime) -> dict[str, str]:
    """A key of each owner: one of before while it opens, a new one otherwise."""
    held = {owner: token for owner, token in kept.items() if keys.by_token(tx, token) is not None}
    for owner in owners:
        if owner not in held:
            new = NewKey(collectivity=owner, name="Capteurs simulés (démonstration)", right="operate")
            held[owner] = keys.make(territory.SCOPE, tx, new, now=now).token
    return held


def _since(record: Record, sources: list[Source], earliest: int) -> list[Source]:
    """The sources, each series from its last observation on, but no sooner than `earliest`."""
    ids = np.unique(np.concatenate([source.series for source in sources]))
    latest = record.latest(Windows.whole(ids.tolist()))
    if not len(latest):
        return [source.after(np.full(len(source.series), earliest)) for source in sources]
    last = np.full(len(ids), earliest, np.int64)
    times = latest["time"].to_numpy().astype("datetime64[s]").astype(np.int64)
    last[np.searchsorted(ids, latest["series"].to_numpy())] = times + 1
    last = np.maximum(last, max(earliest, int(times.max()) - BACK))
    return [source.after(last[np.searchsorted(ids, source.series)]) for source in sources]


def _fill(world: World, record: Record, sources: list[Source], until: int, progress: Progress) -> None:
    """Day by day, oldest first: cut short, the next start goes on. One day is made while another is stored."""
    start = min((int(source.since.min()) for source in sources if len(source.since)), default=until)
    storing: Future[Ack] | None = None
    for begin, end in slices(start, until, DAY):
        batch = told(world, sources, begin, end)
        if storing is not None:
            storing.result()
        storing = record.submit(batch)
        progress(Text("Historique", "History"), (end - start) / (until - start))
    if storing is not None:
        storing.result()
