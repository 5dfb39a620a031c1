"""The columnar record of series."""

from beffroi.observations.admission import one_batch
from beffroi.observations.batch import SCHEMA, Quality, batch_of
from beffroi.observations.engine import EmbeddedRecord
from beffroi.observations.protocol import Ack, Aggregate, Aggregation, Record, RecordStats
from beffroi.observations.windows import FIRST, LAST, Windows, instant

__all__ = [
    "FIRST",
    "LAST",
    "SCHEMA",
    "Ack",
    "Aggregate",
    "Aggregation",
    "EmbeddedRecord",
    "Quality",
    "Record",
    "RecordStats",
    "Windows",
    "batch_of",
    "instant",
    "one_batch",
]
