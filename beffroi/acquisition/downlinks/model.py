"""A downlink, the steps it went through, and where they are kept."""

from datetime import datetime
from typing import Annotated, Any, Literal, get_args

import msgspec
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from beffroi.database import Utc, metadata
from beffroi.registry.fields import Instant, Known, Limit, Owner, ThingId
from beffroi.registry.tables import Id, owner

State = Literal["awaiting-approval", "queued", "sent", "acknowledged", "refused", "cancelled", "failed", "expired"]
STATES: tuple[State, ...] = get_args(State)
StepName = Literal[
    "asked",
    "approved",
    "refused",
    "cancelled",
    "handed-over",
    "sent",
    "acknowledged",
    "not-acknowledged",
    "failed",
    "uncertain",
    "expired",
]
Subject = Literal["asset-kind", "device-model"]

downlink = Table(
    "downlink",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    owner(),
    Column("device", Id, nullable=False, index=True),
    Column("device_code", String, nullable=False),
    Column("connection", String, nullable=False),
    Column("port", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("command", JSON(none_as_null=True)),
    Column("state", String, nullable=False),
    Column("state_at", Utc, nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("asked_kind", String, nullable=False),
    Column("asked_key", String, nullable=False),
    Column("asked_by", String, nullable=False),
    Column("approval", Boolean, nullable=False),
    Column("approved_at", Utc),
    Column("approved_by", String),
    Column("expires_at", Utc, nullable=False),
    Column("begun_at", Utc),
    Column("handed_at", Utc),
    Column("network_key", String),
    Column("counter", Integer),
    Column("reason_fr", String),
    Column("reason_en", String),
    Index("ix_downlink_state", "state", "id"),
    Index("ix_downlink_network_key", "connection", "network_key"),
    sqlite_autoincrement=True,
)
"""`begun_at` is durable before anything leaves: a downlink that has it is never handed over again. `handed_at`: the
network has it. `network_key`: what the network calls it; `key` where it takes ours."""

downlink_step = Table(
    "downlink_step",
    metadata,
    Column("id", Id, primary_key=True),
    Column("downlink", Id, ForeignKey("downlink.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("step", String, nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", String),
    Column("note_fr", String),
    Column("note_en", String),
    sqlite_autoincrement=True,
)

approval_rule = Table(
    "downlink_approval_rule",
    metadata,
    Column("subject", String, primary_key=True),
    Column("code", String, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("by", String, nullable=False),
)
"""Kinds of assets and device models whose downlinks need a second person."""

reach = Table(
    "device_reach",
    metadata,
    Column("device", Id, primary_key=True, autoincrement=False),
    Column("connection", String, nullable=False),
    Column("application", String),
    Column("name", String),
    Column("heard_at", Utc, nullable=False),
)
"""By which connection a device was heard last, and what its network calls its application and itself. No foreign key:
written behind, a device may be gone."""

PortNumber = Annotated[int, msgspec.Meta(ge=1, le=223)]
"""LoRaWAN 1.0.4, 4.3.2: those of applications"""
Payload = Annotated[str, msgspec.Meta(max_length=484, pattern=r"^(?:[0-9A-Fa-f]{2})*$(?!\n)")]
"""in hexadecimal; at most 242 bytes, what the fastest data rate carries (RP002)"""
DownlinkKey = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$(?!\n)")
]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]


class DownlinkStep(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`by`: the person or key; absent where the network or the clock did it."""

    step: StepName
    at: datetime
    by: str | None = None
    note_fr: str | None = None
    note_en: str | None = None


class Downlink(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`payload` in hexadecimal. `approval`: a second person must agree. `handed_at`: when its network took it."""

    key: str
    owner: str
    device: int
    device_code: str
    connection: str
    port: int
    payload: str
    confirmed: bool
    state: State
    state_at: datetime
    asked_at: datetime
    asked_by: str
    approval: bool
    expires_at: datetime
    command: Any = None
    approved_at: datetime | None = None
    approved_by: str | None = None
    handed_at: datetime | None = None
    counter: int | None = None
    reason_fr: str | None = None
    reason_en: str | None = None
    history: list[DownlinkStep] = []


class NewDownlink(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Either `payload` and `port`, or a `command` for the model's codec, which may choose the port.

    `key` (a UUID): asked again with the same key, it is the same downlink. `expires_at`: a day from now when none is
    given. `connection`: the one by which the device is heard when none is given."""

    payload: Payload | None = None
    port: PortNumber | None = None
    command: dict[str, Any] | None = None
    confirmed: bool = False
    expires_at: Instant | None = None
    connection: str | None = None
    key: DownlinkKey | None = None


class DownlinkQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    owner: Owner | None = None
    device: ThingId | None = None
    state: State | None = None
    after: str | None = None
    limit: Limit = 100


class Approvals(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Kinds of assets and device models of which a downlink needs a second person."""

    asset_kinds: Annotated[list[Known], msgspec.Meta(max_length=1000)] = []
    device_models: Annotated[list[Known], msgspec.Meta(max_length=10_000)] = []
