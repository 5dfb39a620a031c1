"""The columnar record of series."""

from beffroi.observations.admission import one_batch
from beffroi.observations.batch import FEW, SCHEMA, Few, Quality, batch_of, columns, microseconds
from beffroi.observations.engine import EmbeddedRecord
from beffroi.observations.patience import Patience
from beffroi.observations.protocol import (
    Ack,
    Aggregate,
    Aggregation,
    Progress,
    Record,
    RecordStats,
    Removed,
    Rewritten,
    Thinning,
    quietly,
)
from beffroi.observations.tracks import Track, columns_together
from beffroi.observations.windows import FIRST, LAST, Windows, instant

__all__ = [
    "FEW",
    "FIRST",
    "LAST",
    "SCHEMA",
    "Ack",
    "Aggregate",
    "Aggregation",
    "EmbeddedRecord",
    "Few",
    "Patience",
    "Progress",
    "Quality",
    "Record",
    "RecordStats",
    "Removed",
    "Rewritten",
    "Thinning",
    "Track",
    "Windows",
    "batch_of",
    "columns",
    "columns_together",
    "instant",
    "microseconds",
    "one_batch",
    "quietly",
]
