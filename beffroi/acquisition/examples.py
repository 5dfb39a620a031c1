"""Messages that makers publish with a model's codec: what it makes of them tells the keys of its data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Column, ForeignKey, Integer, String, Table, delete, insert, select

from beffroi.acquisition import decoding, model_codecs
from beffroi.acquisition.codecs import CodecRef, Request
from beffroi.acquisition.decoding import Asked, Decoding
from beffroi.database import Transaction, metadata

MOST = 100
"""of a model that are kept"""

codec_example = Table(
    "codec_example",
    metadata,
    Column("model", String, ForeignKey("device_model.code", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("port", Integer),
    Column("payload", String, nullable=False),
)


class Sample(msgspec.Struct, frozen=True):
    """A message, as a device of the model sends it."""

    payload: bytes
    port: int | None


def keep(tx: Transaction, model: str, samples: Sequence[Sample]) -> None:
    """In place of those kept before."""
    tx.execute(delete(codec_example).where(codec_example.c.model == model))
    rows = [
        {"model": model, "place": place, "port": one.port, "payload": one.payload.hex()}
        for place, one in enumerate(samples[:MOST])
    ]
    if rows:
        tx.execute(insert(codec_example), rows)


def of_model(tx: Transaction, model: str) -> list[Sample]:
    asked = select(codec_example).where(codec_example.c.model == model).order_by(codec_example.c.place)
    return [Sample(bytes.fromhex(row.payload), row.port) for row in tx.execute(asked)]


def asked(tx: Transaction, model: str, more: Sequence[Sample], now: datetime) -> list[Asked]:
    """Those of a model and `more`, for its codec in force, brought to normalised names if it can. Raises `NotFound`
    when it has no codec."""
    current = model_codecs.codec_of(tx, model)
    codec = CodecRef("", current.hash, current.source, current.form)
    normalised = decoding.normalises(codec)
    return [Asked(Request(codec, one.payload, one.port, now), normalised) for one in (*of_model(tx, model), *more)]


def decoded(codecs: Decoding, some: Sequence[Asked]) -> list[Any]:
    """The data of those that are decoded."""
    answers = decoding.decode_many(codecs, some) if some else []
    return [one.data for one in answers if one.error is None and not one.errors]
