"""The registry's tables. Keys of collectivités are text (`commune-85191`), so that a row says whose it is."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    true,
)

from beffroi.database import Utc, metadata

Id = BigInteger().with_variant(Integer, "sqlite")
"""Never given twice (`sqlite_autoincrement`): what outlives a thing (observations, agreements) passes to no other."""


def owner() -> Column[str]:
    return Column("owner", String, ForeignKey("collectivity.key"), nullable=False, index=True)


def folded() -> Column[str]:
    """The name and code as `folding.fold` gives them, for searching."""
    return Column("folded", String, nullable=False, default="")


def place() -> tuple[Column[float], Column[float]]:
    return Column("longitude", Float), Column("latitude", Float)


def extras() -> tuple[Column[object], Column[bool]]:
    return Column("properties", JSON, nullable=False, default=dict), Column(
        "simulated", Boolean, nullable=False, default=False
    )


collectivity = Table(
    "collectivity",
    metadata,
    Column("key", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("code", String, nullable=False),
    Column("name", String, nullable=False),
    Column("siren", String),
    Column("population", Integer),
    Column("population_kind", String),
    Column("departement", String),
    Column("region", String),
    Column("epci", String, index=True),
    *place(),
    Column("simulated", Boolean, nullable=False, default=False),
    folded(),
)

structure = Table(
    "structure",
    metadata,
    Column("key", String, ForeignKey("collectivity.key"), primary_key=True),
    Column("form", String, nullable=False),
    Column("name", String, nullable=False),
    Column("siren", String),
    Column("time_zone", String, nullable=False, default="Europe/Paris"),
    Column("since", Date),
)

membership = Table(
    "membership",
    metadata,
    Column("member", String, ForeignKey("collectivity.key"), primary_key=True),
    Column("since", Date, nullable=False),
    Column("until", Date),
)

service = Table(
    "service",
    metadata,
    Column("code", String, primary_key=True),
    Column("name_fr", String, nullable=False),
    Column("name_en", String, nullable=False),
    Column("offered", Boolean, nullable=False, default=True, server_default=true()),
)

adhesion = Table(
    "adhesion",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member", String, ForeignKey("collectivity.key"), nullable=False, index=True),
    Column("service", String, ForeignKey("service.code"), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("operator_right", String, nullable=False, default="none"),
    Column("agreement", String),
    sqlite_autoincrement=True,
)

asset_kind = Table(
    "asset_kind",
    metadata,
    Column("code", String, primary_key=True),
    Column("service", String, ForeignKey("service.code"), nullable=False),
    Column("name_fr", String, nullable=False),
    Column("name_en", String, nullable=False),
)

observed_property = Table(
    "observed_property",
    metadata,
    Column("code", String, primary_key=True),
    Column("unit", String, nullable=False),
    Column("value_kind", String, nullable=False),
    Column("name_fr", String, nullable=False),
    Column("name_en", String, nullable=False),
    Column("low", Float),
    Column("high", Float),
)

site = Table(
    "site",
    metadata,
    Column("id", Id, primary_key=True),
    owner(),
    Column("code", String, nullable=False),
    Column("name", String, nullable=False),
    Column("geometry", JSON),
    *place(),
    *extras(),
    folded(),
    UniqueConstraint("owner", "code"),
    sqlite_autoincrement=True,
)

asset = Table(
    "asset",
    metadata,
    Column("id", Id, primary_key=True),
    owner(),
    Column("kind", String, ForeignKey("asset_kind.code"), nullable=False, index=True),
    Column("service", String, ForeignKey("service.code"), nullable=False, index=True),
    Column("code", String, nullable=False),
    Column("name", String, nullable=False),
    Column("site", Id, ForeignKey("site.id"), index=True),
    Column("geometry", JSON),
    *place(),
    *extras(),
    folded(),
    UniqueConstraint("owner", "code"),
    sqlite_autoincrement=True,
)

device_model = Table(
    "device_model",
    metadata,
    Column("code", String, primary_key=True),
    Column("maker", String, nullable=False),
    Column("name", String, nullable=False),
    Column("radio", String),
    Column("properties", JSON, nullable=False, default=dict),
    folded(),
)

device = Table(
    "device",
    metadata,
    Column("id", Id, primary_key=True),
    owner(),
    Column("kind", String, nullable=False),
    Column("code", String, nullable=False),
    Column("name", String, nullable=False),
    Column("service", String, ForeignKey("service.code"), nullable=False, index=True),
    Column("model", String, ForeignKey("device_model.code")),
    Column("asset", Id, ForeignKey("asset.id"), index=True),
    Column("site", Id, ForeignKey("site.id"), index=True),
    *place(),
    *extras(),
    folded(),
    UniqueConstraint("owner", "code"),
    sqlite_autoincrement=True,
)

series = Table(
    "series",
    metadata,
    Column("id", Id, primary_key=True),
    owner(),
    Column("code", String, nullable=False),
    Column("name", String, nullable=False),
    Column("observed_property", String, ForeignKey("observed_property.code"), nullable=False, index=True),
    Column("value_kind", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("service", String, ForeignKey("service.code"), nullable=False, index=True),
    Column("device", Id, ForeignKey("device.id"), index=True),
    Column("asset", Id, ForeignKey("asset.id"), index=True),
    Column("low", Float),
    Column("high", Float),
    Column("rolls_over_at", Float),
    Column("categories", JSON, nullable=False, default=list),
    *extras(),
    folded(),
    UniqueConstraint("owner", "code"),
    sqlite_autoincrement=True,
)

tenure = Table(
    "tenure",
    metadata,
    Column("id", Id, primary_key=True),
    Column("series", Id, ForeignKey("series.id", ondelete="CASCADE"), nullable=False),
    owner(),
    Column("since", Utc),
    Column("until", Utc),
    Index("ix_tenure_series_owner", "series", "owner"),
)
"""Who may see a series over which stretch of phenomenon time; every series has at least one row."""

bulk_change = Table(
    "bulk_change",
    metadata,
    Column("key", String, primary_key=True),
    Column("by", String, nullable=False),
    Column("at", Utc, nullable=False),
    Column("steps", Text, nullable=False),
    Column("undone_at", Utc),
)
"""What is needed to undo: `steps` are those of `registry.bulk`, as JSON."""

relation = Table(
    "relation",
    metadata,
    Column("id", Id, primary_key=True),
    owner(),
    Column("kind", String, nullable=False),
    Column("source_type", String, nullable=False),
    Column("source", Id, nullable=False),
    Column("target_type", String, nullable=False),
    Column("target", Id, nullable=False),
    Column("since", Utc, nullable=False),
    Column("until", Utc),
    Index("ix_relation_source", "source_type", "source"),
    Index("ix_relation_target", "target_type", "target"),
    sqlite_autoincrement=True,
)

move_proposal = Table(
    "move_proposal",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subject", String, nullable=False),
    Column("thing", Id, nullable=False),
    Column("giver", String, ForeignKey("collectivity.key"), nullable=False, index=True),
    Column("receiver", String, ForeignKey("collectivity.key"), nullable=False, index=True),
    Column("at", Utc, nullable=False),
    Column("past", String, nullable=False),
    Column("proposed_by", String, nullable=False),
    Column("proposed_at", Utc, nullable=False),
    Column("state", String, nullable=False),
    Column("decided_by", String),
    Column("decided_at", Utc),
)

photo = Table(
    "photo",
    metadata,
    Column("key", String, primary_key=True),
    Column("subject_type", String, nullable=False),
    Column("subject", Id, nullable=False, index=True),
    Column("alt", String, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("by", String, nullable=False),
    Column("by_name", String, nullable=False),
    Column("at", Utc, nullable=False),
)
"""Of an asset or a device, and gone with it. The pictures are files named by `key`, beside the database."""
