"""The territory at a glance: /territory."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from beffroi.api.routing import Call, Routes
from beffroi.api.seen import opened
from beffroi.observations import FIRST, Patience, Quality, Record
from beffroi.registry import counts
from beffroi.registry import series as registry_series
from beffroi.registry.series import Stretch

routes = Routes("territory", "The territory at a glance: what each collectivité has, and how fresh it is.")

NEVER = FIRST
"""before anything that can be observed"""
OUTLINE = "outline.geojson"
"""the file of the data folder that holds the territory's outline, where there is one"""


class Holding(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the caller sees of a collectivité. `latest`: the greatest time of its observations."""

    owner: str
    devices: int
    series: int
    latest: datetime | None = None
    simulated: bool = False


class Territory(msgspec.Struct, frozen=True, omit_defaults=True):
    """`outline`: a GeoJSON geometry or feature (WGS 84), to draw behind the centres of the collectivités."""

    holdings: list[Holding]
    outline: dict[str, Any] | None = None


@routes.get("/territory")
def territory(call: Call) -> Territory:
    """Devices, series and freshness of each collectivité of which the caller sees something."""
    with call.reading() as tx:
        devices = counts.devices_by_owner(call.scope, tx)
        visible = registry_series.stretches(call.scope, tx)
    held = _held(visible, call.rooms.record, call.patience)
    holdings = []
    for owner in sorted(devices.keys() | held.keys()):
        series, latest, simulated = held.get(owner, (0, None, False))
        holdings.append(Holding(owner, devices.get(owner, 0), series, latest, simulated))
        call.rooms.views.note(call.scope, "territory.read", owner=owner, subject="territory", now=call.now)
    return Territory(holdings, outline_of(call))


def _held(
    visible: Sequence[Stretch], record: Record, patience: Patience
) -> dict[str, tuple[int, datetime | None, bool]]:
    """Of each owner: how many series, the greatest time of their observations, and whether some are simulated."""
    if not visible:
        return {}
    owners = sorted({one.owner for one in visible})
    lengths = [len(one.series) for one in visible]
    ids = np.concatenate([np.array(one.series, np.int64) for one in visible])
    ranks = np.repeat([owners.index(one.owner) for one in visible], lengths)
    order = np.lexsort((ids, ranks))
    pairs = np.array([ranks[order], ids[order]])
    pairs = pairs[:, np.append(True, (np.diff(pairs) != 0).any(axis=0))]
    found = record.latest(opened(visible), patience=patience)
    newest, quality = _newest(pairs, found, len(owners))
    counts = np.bincount(pairs[0], minlength=len(owners))
    return {
        owner: (
            int(counts[place]),
            None if newest[place] == NEVER else newest[place].item().replace(tzinfo=UTC),
            bool(quality[place] & Quality.SIMULATED),
        )
        for place, owner in enumerate(owners)
    }


def newest_of(series: NDArray[np.int64], latest: pa.Table) -> NDArray[np.datetime64]:
    """The time that `latest` holds for each of `series`; `NEVER` where it holds none."""
    newest = np.full(len(series), NEVER)
    if len(latest):
        observed = latest["series"].to_numpy()
        rows = np.minimum(np.searchsorted(observed, series), len(observed) - 1)
        here = observed[rows] == series
        newest[here] = latest["time"].to_numpy().astype("M8[us]")[rows[here]]
    return newest


def _newest(
    pairs: NDArray[np.int64], latest: pa.Table, owners: int
) -> tuple[NDArray[np.datetime64], NDArray[np.uint16]]:
    """By owner, of `pairs` (owner, series): the greatest time in `latest`, and all the flags of what is there."""
    newest, quality = np.full(owners, NEVER), np.zeros(owners, np.uint16)
    if len(latest):
        observed = latest["series"].to_numpy()
        rows = np.minimum(np.searchsorted(observed, pairs[1]), len(observed) - 1)
        here = observed[rows] == pairs[1]
        np.maximum.at(newest, pairs[0][here], latest["time"].to_numpy().astype("M8[us]")[rows[here]])
        np.bitwise_or.at(quality, pairs[0][here], latest["quality"].to_numpy()[rows[here]])
    return newest, quality


def outline_of(call: Call) -> dict[str, Any] | None:
    """The territory's own, where one is laid in the data folder."""
    file = call.rooms.data / OUTLINE
    return msgspec.json.decode(file.read_bytes(), type=dict[str, Any]) if file.is_file() else None
