"""Which series an actor may write, and what they accept: looked up once, then kept as columns."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from beffroi.access import Scope
from beffroi.database import Database
from beffroi.errors import Forbidden, NotFound, Text
from beffroi.observations import FIRST, instant
from beffroi.registry import series as registry_series

KINDS = ("number", "counter", "boolean", "enumeration", "text", "position")
NONE = np.empty(0, np.int64)
ACTORS_KEPT = 256
FACTS_KEPT = 50_000
BLOCK, BLOCKS_AROUND = 512, 4
"""series looked up together, by neighbouring ids; a batch that spans more blocks than that is looked up alone"""


class Facts(NamedTuple):
    """A row of `Accepted`."""

    kind: int
    low: float
    high: float
    simulated: bool
    since: int


@dataclass(frozen=True)
class Accepted:
    """Columns over series, sorted by `id`. `kind` indexes `KINDS`; `low` and `high` are infinite when unbounded;
    `since` (microseconds since 1970) is when the series came to its present owner, who may not write what was
    observed before."""

    id: NDArray[np.int64]
    kind: NDArray[np.int8]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    simulated: NDArray[np.bool_]
    since: NDArray[np.int64]
    categories: dict[int, frozenset[str]]
    _facts: dict[int, Facts] = field(default_factory=dict, compare=False)

    def facts(self, series: Sequence[int]) -> list[Facts] | None:
        """What each of a few series accepts; None when one is not here."""
        known = self._facts
        try:
            return [known[one] for one in series]
        except KeyError:
            pass
        asked = np.array(series, np.int64)
        if len(self.lacks(asked)):
            return None
        if len(known) > FACTS_KEPT:
            known.clear()
        rows = self.rows_of(asked)
        columns = (self.kind, self.low, self.high, self.simulated, self.since)
        told = map(Facts, *(column[rows].tolist() for column in columns))
        found = dict(zip(series, told, strict=True))
        known |= found
        return [found[one] for one in series]

    def rows_of(self, series: NDArray[np.int64]) -> NDArray[np.int64]:
        """The row of each of `series` here; they must all be here."""
        return self.id.searchsorted(series)

    def lacks(self, series: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of `series` that are not here, each once."""
        if not len(self.id):
            return np.unique(series)
        missing = self.id.take(self.id.searchsorted(series), mode="clip") != series
        return np.unique(series[missing]) if missing.any() else NONE


class WritableSeries:
    """A cache by actor; dropped whole when anything in the registry or the rights changes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Scope, Accepted]] = OrderedDict()

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()

    def kept(self, scope: Scope) -> Accepted:
        """What is in memory of `of`."""
        with self._lock:
            kept = self._kept.get(scope.actor.key)
        return kept[1] if kept is not None and kept[0] is scope else NOTHING

    def of(self, scope: Scope, asked: NDArray[np.int64]) -> Accepted:
        """What these series accept.

        Raises `NotFound` for one the actor may not know, `Forbidden` for one it may only read.
        """
        with self._lock:
            kept = self._kept.get(scope.actor.key)
        accepted = kept[1] if kept and (kept[0] is scope or kept[0] == scope) else NOTHING
        missing = accepted.lacks(asked)
        if len(missing):
            accepted = _joined(accepted, self._look_up(scope, missing))
        if len(missing) or (kept is not None and kept[0] is not scope):
            with self._lock:
                self._kept[scope.actor.key] = (scope, accepted)
                self._kept.move_to_end(scope.actor.key)
                while len(self._kept) > ACTORS_KEPT:
                    self._kept.popitem(last=False)
        return accepted

    def _look_up(self, scope: Scope, ids: NDArray[np.int64]) -> Accepted:
        """What `ids` accept, and their neighbours: who writes one observation a request will soon write those."""
        blocks = np.unique(ids // BLOCK)
        around = (blocks[:, None] * BLOCK + np.arange(BLOCK)).ravel() if len(blocks) <= BLOCKS_AROUND else ids
        with self._database.read() as tx:
            found = registry_series.writable(scope, tx, around.tolist())
            if refused := [one for one in ids.tolist() if one not in found]:
                known = registry_series.windows(scope, tx, registry_series.SeriesSelection(series=refused))
                readable = {row.series for row in known}
                for one in refused:
                    if one not in readable:
                        raise NotFound(Text("série", "series"), one)
                raise Forbidden(
                    Text(
                        f"Vous pouvez lire la série {refused[0]}, mais pas y écrire.",
                        f"You may read series {refused[0]}, but not write to it.",
                    )
                )
        rows = [found[one] for one in sorted(found)]
        return Accepted(
            np.array([row.id for row in rows], dtype=np.int64),
            np.array([KINDS.index(row.value_kind) for row in rows], dtype=np.int8),
            np.array([-np.inf if row.low is None else row.low for row in rows]),
            np.array([np.inf if row.high is None else row.high for row in rows]),
            np.array([row.simulated for row in rows], dtype=np.bool_),
            np.array([instant(row.since, FIRST) for row in rows], dtype="datetime64[us]").astype(np.int64),
            {row.id: frozenset(row.categories) for row in rows if row.value_kind == "enumeration"},
        )


NOTHING = Accepted(
    NONE, NONE.astype(np.int8), NONE.astype(np.float64), NONE.astype(np.float64), NONE.astype(np.bool_), NONE, {}
)


def _joined(one: Accepted, other: Accepted) -> Accepted:
    """Those of `other` go in their places among those of `one`, which may be many more."""
    places = np.searchsorted(one.id, other.id)
    new = ~np.isin(other.id, one.id[np.minimum(places, max(len(one.id) - 1, 0))]) if len(one.id) else slice(None)

    def column(name: str) -> NDArray[Any]:
        return np.insert(getattr(one, name), places[new], getattr(other, name)[new])

    id_, kind, low, high, simulated, since = map(column, ("id", "kind", "low", "high", "simulated", "since"))
    return Accepted(id_, kind, low, high, simulated, since, one.categories | other.categories)
