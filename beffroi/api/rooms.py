"""What the application hands to the API: the rooms already wired, and the values taken from the settings."""

from dataclasses import dataclass

from beffroi.api.doors import Doors
from beffroi.database import Database
from beffroi.observations import Record
from beffroi.pipeline import Pipeline


@dataclass(frozen=True)
class Rooms:
    database: Database
    record: Record
    pipeline: Pipeline
    doors: Doors
    time_zone: str
    """the territory's, in which days begin unless a reader asks for another"""
    upload_limit: int
    """bytes of a file or of a body of observations, once decompressed"""
