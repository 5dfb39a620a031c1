"""Failures of a few devices, recorded and ended: made up, and said so."""

from datetime import datetime, timedelta
from typing import NamedTuple

from beffroi.access import Scope
from beffroi.database import Transaction
from beffroi.pooling import experiments, failures
from beffroi.pooling.failures import Cause, NewFailure, Outcome
from beffroi.registry import devices
from beffroi.registry.devices import DeviceQuery

FEW = 20
"""devices of a service among which they are taken"""
NOTE = "Exemple : panne inventée pour la démonstration."


class _Failed(NamedTuple):
    """Of the `rank`th device of a service, so many `days` ago, for `down` days."""

    service: str
    rank: int
    days: int
    down: int
    cause: Cause
    outcome: Outcome
    part: str


FAILED = (
    _Failed("waste", 0, 24, 3, "shock", "replaced", "couvercle et sonde"),
    _Failed("buildings", 1, 17, 2, "electronics", "replaced", "carte électronique"),
    _Failed("buildings", 7, 11, 1, "radio", "repaired", "antenne"),
    _Failed("water", 2, 8, 4, "water", "replaced", "tête émettrice"),
    _Failed("lighting", 0, 5, 1, "electronics", "repaired", "carte d'alimentation"),
)


def lay(scope: Scope, tx: Transaction, *, now: datetime) -> None:
    """Where there are such devices."""
    today = experiments.today(scope, tx, now)
    for one in FAILED:
        asked = DeviceQuery(service=[one.service], kind=["sensor"], limit=FEW)
        there = [device for device in devices.find(scope, tx, asked).items if device.model]
        if one.rank < len(there):
            began = today - timedelta(days=one.days)
            new = NewFailure(
                device=there[one.rank].id,
                failed_on=began,
                cause=one.cause,
                ended_on=began + timedelta(days=one.down),
                outcome=one.outcome,
                part=one.part,
                note=NOTE,
            )
            failures.record(scope, tx, new, now=now)
