"""What is doubtful of values, from those before them, and how the devices that told them fare."""

import threading
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from beffroi.acquisition.messages import Hearing, Uplink
from beffroi.acquisition.recipes import Measured
from beffroi.acquisition.steps import Steps
from beffroi.network.health import Health, Ward
from beffroi.observations import Quality, Record, Windows
from beffroi.pipeline.addressing import BATTERY
from beffroi.pipeline.fates import Fate
from beffroi.processing.plausible import LATE, Following


class Judging:
    """Follows series and devices as messages come."""

    def __init__(self, record: Record, ward: Ward) -> None:
        self._record, self._ward = record, ward
        self._lock = threading.Lock()
        self._following = Following()

    def judge(self, fates: Sequence[Fate]) -> Steps[None]:
        """Flag each value by those before it."""
        told = [fate for fate in fates if fate.values]
        numeric = {fate.series_of(one) for fate in told for one in fate.values if one.value is not None}
        if lacking := self._following.lacks(numeric):
            yield lambda: self._recall(lacking)
        with self._lock:
            for fate in told:
                fate.flags = [_late(fate, one) | self._flags(fate, one) for one in fate.values]

    def note(self, fates: Sequence[Fate], now: datetime) -> Steps[None]:
        """How the devices fare, once what they sent is durable."""
        devices = {fate.target.device for fate in fates if fate.target is not None}
        if self._ward.lacks(devices):
            yield lambda: self._note(fates, devices, now)
        else:
            self._note(fates, devices, now)

    def _note(self, fates: Sequence[Fate], devices: set[int], now: datetime) -> None:
        with self._ward.changing:
            known = self._ward.of(devices, now)
            for fate in fates:
                if fate.target is not None:
                    _noted(known[fate.target.device], fate)

    def _flags(self, fate: Fate, one: Measured) -> int:
        if one.value is None:
            return 0
        observed = one.channel.observed_property
        return int(self._following.flags(fate.series_of(one), observed, one.time, one.value))

    def _recall(self, series: list[int]) -> None:
        """The last values of series of which this process saw none yet."""
        latest = self._record.latest(Windows.whole(sorted(series)))
        columns = (latest[name].to_pylist() for name in ("series", "time", "value"))
        with self._lock:
            lacking = set(self._following.lacks(series))  # others may have been told meanwhile
            for one, time, value in zip(*columns, strict=True):
                if value is not None and one in lacking:
                    self._following.recall(one, time, value)


def _late(fate: Fate, one: Measured) -> int:
    return int(Quality.LATE) if fate.received_at - one.time > LATE else 0


def _noted(health: Health, fate: Fate) -> None:
    message = fate.message
    if fate.again:
        health.again += 1
        return
    in_turn = health.heard(message.time)
    if isinstance(message, Uplink):
        health.counted(message.frame_counter, in_turn=in_turn)
        _heard(health, message.gateways)
    for one, flags in zip(fate.values, fate.flags, strict=True):
        if one.channel.observed_property == BATTERY.observed_property:
            health.battery = one.value
        if doubts := flags | _implausible(one):
            for name in _names(doubts):
                health.flags[name] = health.flags.get(name, 0) + 1


def _heard(health: Health, gateways: Sequence[Hearing]) -> None:
    """By the gateways that heard it best, if any tells how well it did."""
    rssi: float | None = None
    snr: float | None = None
    for one in gateways:
        if one.rssi is not None and (rssi is None or one.rssi > rssi):
            rssi = one.rssi
        if one.snr is not None and (snr is None or one.snr > snr):
            snr = one.snr
    if rssi is not None:
        health.rssi, health.snr = rssi, snr


def _implausible(one: Measured) -> int:
    """As `qualify` finds it."""
    low, high = one.channel.low, one.channel.high
    outside = one.value is not None and (
        (low is not None and one.value < low) or (high is not None and one.value > high)
    )
    return int(Quality.OUT_OF_RANGE) if outside else 0


@lru_cache(4096)
def _names(flags: int) -> tuple[str, ...]:
    return tuple(one.name.lower().replace("_", "-") for one in Quality if flags & one and one.name)
