"""What the application hands to the API: the rooms already wired, and the values taken from the settings."""

from dataclasses import dataclass
from pathlib import Path

from beffroi.access import SignIns, Views
from beffroi.access.sealing import Sealing
from beffroi.acquisition.codecs import Codecs
from beffroi.acquisition.downlinks.reach import Reach
from beffroi.acquisition.outward import Outward
from beffroi.acquisition.ways import Bounds
from beffroi.api.backdrop import Backdrop
from beffroi.api.computing import Computing
from beffroi.api.conformity import Conformity
from beffroi.api.dispatching import Dispatcher
from beffroi.api.doors import Doors
from beffroi.api.gathering import Gathering
from beffroi.api.inbox import Inbox
from beffroi.api.notifying import Notifying
from beffroi.api.secrets import Secrets
from beffroi.api.seen import Remembered
from beffroi.api.subscribers import Subscribers
from beffroi.api.turns import Turns
from beffroi.database import Database
from beffroi.network.health import Ward
from beffroi.observations import Record
from beffroi.pipeline import Pipeline
from beffroi.pipeline.keeping import Keeping
from beffroi.pipeline.reception import Reception
from beffroi.registry.geography import Geography
from beffroi.registry.photos import Photos


@dataclass(frozen=True)
class Rooms:
    database: Database
    record: Record
    pipeline: Pipeline
    gathering: Gathering
    codecs: Codecs
    reception: Reception
    ward: Ward
    reach: Reach
    inbox: Inbox
    subscribers: Subscribers
    outward: Outward
    dispatcher: Dispatcher
    computing: Computing
    secrets: Secrets
    sealing: Sealing
    bounds: Bounds
    keeping: Keeping
    doors: Doors
    turns: Turns
    sign_ins: SignIns
    views: Views
    remembered: Remembered
    notifying: Notifying
    geography: Geography
    photos: Photos
    backdrop: Backdrop
    conformity: Conformity
    data: Path
    """the folder that holds everything the instance keeps"""
    audit_secret: bytes
    time_zone: str
    """the territory's, in which days begin unless a reader asks for another"""
    embed_origins: str
    """sites that may show public dashboards in a frame, with blanks between"""
    upload_limit: int
    """bytes of a file or of a body of observations, once decompressed"""
    batch_limit: int
    """observations in one request"""
    query_seconds: float
    """that a heavy question to the record may take"""

    def changed(self) -> None:
        """Rights, owners or limits may have changed: nothing remembered of them holds any more."""
        self.doors.forget()
        self.pipeline.forget()
        self.reception.forget()
        self.secrets.forget()
        self.subscribers.changed()
        self.dispatcher.changed()
