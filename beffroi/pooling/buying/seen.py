"""How devices of each model were seen to fare on this instance: battery, frames lost, silence; with how many."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pyarrow as pa
from sqlalchemy import func, select

from beffroi.access import Scope
from beffroi.database import Transaction
from beffroi.network.health import Ward, device_health
from beffroi.observations import Aggregate, Aggregation, Patience, Record, Windows
from beffroi.pooling.buying.batteries import Discharge, Emptying, Floats, emptying, life
from beffroi.pooling.buying.failing import FailureRate
from beffroi.registry import series, visibility
from beffroi.registry.series import SeriesSelection
from beffroi.registry.tables import device
from beffroi.registry.tables import series as series_table

BATTERY, PER_CENT = "battery", "%"
VOLTAGE, VOLT = "battery-voltage", "V"
BACK = timedelta(days=2 * 365)
AT_ONCE = 4_000
"""series read together"""
ENOUGH = 5
"""devices, before anything is told of a model"""
ENOUGH_FRAMES = 500
"""of a model, sent or lost"""


class Held(NamedTuple):
    id: int
    owner: str
    code: str
    name: str
    service: str
    model: str | None


class Battery(NamedTuple):
    """Of one device; `emptying` None when too little was seen. `level`: the last week's mean, per cent; `volts`: that
    of a battery that tells its voltage alone, of which `level` is None unless the model's stated discharge tells it."""

    device: Held
    level: float | None
    seen: date
    emptying: Emptying | None
    volts: float | None = None
    stated: bool = True
    """whether the discharge of its model is, when it tells its voltage alone"""


class Seen(msgspec.Struct, frozen=True):
    """Of a model. A figure is None where too little was seen; beside it, on how many devices. `battery_months`: the
    median of what full batteries last at the pace seen, on `batteries` of `batteries_seen`; `loss`: the share of frames
    lost; `silent`: the share of devices silent now, of those whose habit is known."""

    devices: int
    battery_months: float | None
    batteries: int
    batteries_seen: int
    loss: float | None
    frames: int
    silent: float | None
    habits: int
    failures: FailureRate | None = None


def batteries(
    scope: Scope,
    tx: Transaction,
    record: Record,
    patience: Patience | None,
    discharges: Mapping[str, Discharge],
    *,
    now: datetime,
    time_zone: str,
) -> list[Battery]:
    """Of the devices whose battery the scope reads, by weeks of the last two years; in the order of ids. In per cent
    where it is told so; otherwise in volts, by the stated `discharges` of models."""
    charges = _held(scope, tx, BATTERY, PER_CENT)
    known = {one.id for one in charges.values()}
    volts = {id_: one for id_, one in _held(scope, tx, VOLTAGE, VOLT).items() if one.id not in known}
    held = charges | volts
    by_volts = {id_: discharges.get(one.model or "") for id_, one in volts.items()}
    visible = series.windows(scope, tx, SeriesSelection(series=sorted(held))) if held else []
    windows = Windows.of([(one.series, one.since, one.until) for one in visible])
    ids = np.unique(windows.series)
    zone = ZoneInfo(time_zone)
    found = []
    for start in range(0, len(ids), AT_ONCE):
        mine = np.isin(windows.series, ids[start : start + AT_ONCE])
        some = Windows(windows.series[mine], windows.start[mine], windows.end[mine])
        wanted = Aggregation(now - BACK, now, 1, "week", time_zone, (Aggregate("mean"),))
        found += list(_told(record.aggregate(some, wanted, patience=patience), held, by_volts, zone))
    return sorted(found, key=lambda one: one.device.id)


def by_model(
    tx: Transaction, ward: Ward, found: Iterable[Battery], models: Iterable[str], *, now: datetime
) -> dict[str, Seen]:
    """Of each of `models`: whosever devices they are, of which nothing but these figures is told."""
    emptied: dict[str, list[Battery]] = {}
    for one in found:
        emptied.setdefault(one.device.model or "", []).append(one)
    asked = select(device.c.model, func.count()).group_by(device.c.model)
    counts = {model: int(count) for model, count in tx.execute(asked)}
    frames = _frames(tx)
    silence = _silence(tx, ward, now)
    return {
        model: _seen(counts.get(model, 0), emptied.get(model, []), frames.get(model), silence.get(model))
        for model in models
    }


def _seen(devices: int, found: list[Battery], frames: tuple[int, int] | None, silence: tuple[int, int] | None) -> Seen:
    lives = [life(one.emptying.pace) for one in found if one.emptying is not None]
    sent, lost = frames or (0, 0)
    silent, habits = silence or (0, 0)
    return Seen(
        devices=devices,
        battery_months=float(np.median(lives)) if len(lives) >= ENOUGH else None,
        batteries=len(lives),
        batteries_seen=len(found),
        loss=lost / (sent + lost) if sent + lost >= ENOUGH_FRAMES else None,
        frames=sent + lost,
        silent=silent / habits if habits >= ENOUGH else None,
        habits=habits,
    )


def _held(scope: Scope, tx: Transaction, observed_property: str, unit: str) -> dict[int, Held]:
    """Devices by the series of their battery."""
    columns = [device.c[name] for name in Held._fields]
    asked = (
        select(series_table.c.id, *columns)
        .join(device, device.c.id == series_table.c.device)
        .where(
            series_table.c.observed_property == observed_property,
            series_table.c.unit == unit,
            visibility.clause(series_table, scope),
        )
    )
    return {int(id_): Held(*rest) for id_, *rest in tx.execute(asked)}


def _told(
    table: pa.Table, held: Mapping[int, Held], by_volts: Mapping[int, Discharge | None], zone: ZoneInfo
) -> Iterable[Battery]:
    """Rows come by series, then week."""
    ids, levels = table["series"].to_numpy(), table["mean"].to_numpy(zero_copy_only=False)
    told = ~np.isnan(levels)
    ids, levels = ids[told], levels[told]
    days = [one.astimezone(zone).date() for one in table["start"].filter(pa.array(told)).to_pylist()]
    opens = np.flatnonzero(np.append(True, ids[1:] != ids[:-1])) if len(ids) else np.empty(0, int)
    for first, last in zip(opens, [*opens[1:], len(ids)], strict=True):
        mine, series_ = slice(int(first), int(last)), int(ids[first])
        if series_ in by_volts:
            yield _by_volts(held[series_], by_volts[series_], days[mine], levels[mine])
        else:
            yield Battery(held[series_], float(levels[mine][-1]), days[mine][-1], emptying(days[mine], levels[mine]))


def _by_volts(one: Held, discharge: Discharge | None, days: list[date], volts: Floats) -> Battery:
    """A voltage that stays level until the end tells only that the end has come."""
    last = float(volts[-1])
    if discharge is None:
        return Battery(one, None, days[-1], None, last, stated=False)
    if not discharge.falls:
        return Battery(one, 0.0 if last <= discharge.empty else None, days[-1], None, last)
    charge = discharge.charge(volts)
    return Battery(one, float(charge[-1]), days[-1], emptying(days, charge), last)


def _frames(tx: Transaction) -> dict[str, tuple[int, int]]:
    """By model, of devices that count their frames: how many came, and were lost."""
    asked = (
        select(device.c.model, func.sum(device_health.c.frames), func.sum(device_health.c.lost))
        .join(device_health, device_health.c.device == device.c.id)
        .where(device.c.model.is_not(None), device_health.c.counter.is_not(None))
        .group_by(device.c.model)
    )
    return {model: (int(sent), int(lost)) for model, sent, lost in tx.execute(asked)}


def _silence(tx: Transaction, ward: Ward, now: datetime) -> dict[str, tuple[int, int]]:
    """By model, how many are silent of those whose habit is known."""
    rows = tx.execute(
        select(device.c.id, device.c.model).where(device.c.model.is_not(None)).order_by(device.c.id)
    ).all()
    fared = ward.columns(np.array([row.id for row in rows], np.int64))
    known = ~np.isnan(fared.due)
    found: dict[str, tuple[int, int]] = {}
    for row, silent in zip(np.flatnonzero(known).tolist(), (fared.due[known] < now.timestamp()).tolist(), strict=True):
        model = rows[row].model
        before = found.get(model, (0, 0))
        found[model] = (before[0] + silent, before[1] + 1)
    return found
