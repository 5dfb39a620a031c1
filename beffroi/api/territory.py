"""The territory at a glance: /territory."""

from datetime import datetime
from typing import Any

import msgspec
import pyarrow as pa

from beffroi.api.routing import Call, Routes
from beffroi.observations import Quality, Windows
from beffroi.registry import counts
from beffroi.registry import series as registry_series
from beffroi.registry.series import SeriesSelection

routes = Routes("territory", "The territory at a glance: what each collectivité has, and how fresh it is.")

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
        visible = registry_series.windows(call.scope, tx, SeriesSelection())
    windows = Windows.of([(row.series, row.since, row.until) for row in visible])
    series: dict[str, set[int]] = {}
    for row in visible:
        series.setdefault(row.owner, set()).add(row.series)
    newest = _newest(call.rooms.record.latest(windows))
    holdings = []
    for owner in sorted(devices.keys() | series.keys()):
        own = series.get(owner, set())
        seen = [newest[one] for one in own if one in newest]
        latest = max((time for time, _ in seen), default=None)
        simulated = any(quality & Quality.SIMULATED for _, quality in seen)
        holdings.append(Holding(owner, devices.get(owner, 0), len(own), latest, simulated))
        call.rooms.views.note(call.scope, "territory.read", owner=owner, subject="territory", now=call.now)
    return Territory(holdings, _outline(call))


def _newest(latest: pa.Table) -> dict[int, tuple[datetime, int]]:
    columns = [latest[name].to_pylist() for name in ("series", "time", "quality")]
    return {series: (time, quality) for series, time, quality in zip(*columns, strict=True)}


def _outline(call: Call) -> dict[str, Any] | None:
    file = call.rooms.data / OUTLINE
    return msgspec.json.decode(file.read_bytes(), type=dict[str, Any]) if file.is_file() else None
