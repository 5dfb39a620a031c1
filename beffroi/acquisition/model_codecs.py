"""What the instance knows of the models of devices: their codec, version by version, and what decoded values are."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import msgspec
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from beffroi.access import Scope, audit
from beffroi.acquisition.codecs import CodecRef, Form
from beffroi.acquisition.recipes import Channel, Recipe
from beffroi.database import Transaction, Utc, metadata
from beffroi.errors import Fault, Invalid, NotFound
from beffroi.errors import Text as Said
from beffroi.registry import models, units
from beffroi.registry.fields import Known
from beffroi.registry.tables import Id, observed_property
from beffroi.registry.things import in_chunks

LONGEST = 2**20
"""characters of a codec; the largest published one has 321,000"""

codec = Table(
    "codec",
    metadata,
    Column("id", Id, primary_key=True),
    Column("model", String, ForeignKey("device_model.code", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("form", String, nullable=False),
    Column("source", Text, nullable=False),
    Column("hash", String, nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", String, nullable=False),
    Index("ix_codec_model", "model", "version", unique=True),
    sqlite_autoincrement=True,
)

channel = Table(
    "channel",
    metadata,
    Column("model", String, ForeignKey("device_model.code", ondelete="CASCADE"), primary_key=True),
    Column("key", String, primary_key=True),
    Column("observed_property", String, ForeignKey("observed_property.code")),
    Column("unit", String),
    Column("low", Float),
    Column("high", Float),
    Column("categories", JSON, nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", String, nullable=False),
)
"""`observed_property` is null for a key that a person chose to leave aside."""


class NewCodec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`source`: a maker's script, or a layout; empty for Cayenne LPP."""

    form: Form = "javascript"
    source: Annotated[str, msgspec.Meta(max_length=LONGEST)] = ""


class StoredCodec(msgspec.Struct, frozen=True, kw_only=True):
    """`hash`: SHA-256 of form and source."""

    model: str
    version: int
    current: bool
    form: Form
    source: str
    hash: str
    at: datetime
    by: str


class ChannelOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A decoded value of a model, by the dotted path of its `key`. Without `observed_property`, it is left aside.
    `unit`: what the codec gives it in, the observed property's when absent; `low` and `high` in the latter."""

    key: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    observed_property: Known | None = None
    unit: Annotated[str, msgspec.Meta(max_length=30)] | None = None
    low: float | None = None
    high: float | None = None
    categories: Annotated[list[str], msgspec.Meta(max_length=200)] = []


Channels = Annotated[list[ChannelOf], msgspec.Meta(max_length=500)]


def set_codec(scope: Scope, tx: Transaction, model: str, new: NewCodec, *, now: datetime) -> StoredCodec:
    """The next version of a model's codec, in force from now on; the same again is no version."""
    scope.require_instance()
    models.get(scope, tx, model)
    reference = CodecRef.of("", new.source, new.form)
    before = versions(tx, model)
    current = next((one for one in before if one.current), None)
    if current is not None and current.hash == reference.hash:
        return current
    version = before[0].version + 1 if before else 1
    made = StoredCodec(
        model=model,
        version=version,
        current=True,
        form=new.form,
        source=new.source,
        hash=reference.hash,
        at=now,
        by=scope.actor.name,
    )
    tx.execute(update(codec).where(codec.c.model == model).values(current=False))
    tx.execute(insert(codec).values(msgspec.structs.asdict(made)))
    audit.record(scope, tx, "codec.set", now=now, subject=model, detail={"version": version, "form": new.form})
    return made


def codec_of(tx: Transaction, model: str) -> StoredCodec:
    """Raises `NotFound` when the model has none."""
    for one in versions(tx, model):
        if one.current:
            return one
    raise NotFound(Said("codec", "codec"), model)


def versions(tx: Transaction, model: str) -> list[StoredCodec]:
    """The last one first."""
    names = StoredCodec.__struct_fields__
    asked = select(*(codec.c[name] for name in names)).where(codec.c.model == model).order_by(codec.c.version.desc())
    return [StoredCodec(**row) for row in tx.execute(asked).mappings()]


def set_channels(
    scope: Scope, tx: Transaction, model: str, channels: list[ChannelOf], *, now: datetime
) -> list[ChannelOf]:
    """What a person says that the values of a model are, all of them; it replaces what was said before."""
    scope.require_instance()
    models.get(scope, tx, model)
    _refuse_wrong(tx, channels)
    tx.execute(delete(channel).where(channel.c.model == model))
    if channels:
        rows = [msgspec.structs.asdict(one) | {"model": model, "at": now, "by": scope.actor.name} for one in channels]
        tx.execute(insert(channel), rows)
    audit.record(scope, tx, "channels.set", now=now, subject=model, detail={"channels": len(channels)})
    return channels_of(tx, model)


def channels_of(tx: Transaction, model: str) -> list[ChannelOf]:
    names = ChannelOf.__struct_fields__
    asked = select(*(channel.c[name] for name in names)).where(channel.c.model == model).order_by(channel.c.key)
    return [ChannelOf(**row) for row in tx.execute(asked).mappings()]


def recipes(tx: Transaction, codes: Iterable[str]) -> dict[str, Recipe]:
    """Of those models of which anything is told."""
    codecs: dict[str, CodecRef] = {}
    channels: dict[str, dict[str, Channel | None]] = {}
    properties = {row.code: row for row in tx.execute(select(observed_property))}
    for some in in_chunks(codes):
        told = select(codec.c.model, codec.c.hash, codec.c.source, codec.c.form)
        for model, hash_, source, form in tx.execute(told.where(codec.c.model.in_(some), codec.c.current)):
            codecs[model] = CodecRef("", hash_, source, form)
        for row in tx.execute(select(channel).where(channel.c.model.in_(some))):
            found = None if row.observed_property is None else _channel(row, properties[row.observed_property])
            channels.setdefault(row.model, {})[row.key] = found
    return {
        model: Recipe(
            model,
            codecs.get(model),
            {key: one for key, one in channels.get(model, {}).items() if one is not None},
            frozenset(key for key, one in channels.get(model, {}).items() if one is None),
        )
        for model in {*codecs, *channels}
    }


def _channel(row: Any, observed: Any) -> Channel:
    conversion = units.conversion(observed.unit if row.unit is None else row.unit, observed.unit)
    return Channel(
        row.key,
        observed.code,
        observed.unit,
        observed.value_kind,
        observed.low if row.low is None else row.low,
        observed.high if row.high is None else row.high,
        conversion.factor,
        conversion.offset,
        tuple(row.categories),
    )


def _refuse_wrong(tx: Transaction, channels: list[ChannelOf]) -> None:
    properties = {row.code: row for row in tx.execute(select(observed_property))}
    faults: list[Fault] = []
    seen: set[str] = set()
    for place, one in enumerate(channels):
        at = f"[{place}]."
        if one.key in seen:
            faults.append(Fault(at + "key", Said("déjà donnée plus haut", "already given above")))
        seen.add(one.key)
        if one.observed_property is None:
            continue
        observed = properties.get(one.observed_property)
        if observed is None:
            faults.append(Fault(at + "observed_property", Said("inconnue", "unknown")))
            continue
        try:
            units.conversion(observed.unit if one.unit is None else one.unit, observed.unit)
        except Invalid as error:
            faults += [Fault(at + "unit", fault.text) for fault in error.faults]
        if observed.value_kind == "enumeration" and not one.categories:
            said = Said("une énumération a besoin de ses mots", "an enumeration needs its words")
            faults.append(Fault(at + "categories", said))
    if faults:
        raise Invalid.of(faults)
