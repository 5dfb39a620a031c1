"""What is stored of a message: one row of what was sent, then its values."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zlib import crc32

import msgspec
import pyarrow as pa

from beffroi.acquisition.messages import Measurements, Message, Uplink
from beffroi.acquisition.recipes import Place
from beffroi.observations import FEW, SCHEMA, Few, Quality, batch_of, microseconds, one_batch
from beffroi.pipeline.fates import Fate

ENCODER, DECODER = msgspec.json.Encoder(), msgspec.json.Decoder(Message)
MICROSECOND = timedelta(microseconds=1)
PLACES = {kind: place for place, kind in enumerate(("Uplink", "Join", "Status", "Acknowledged", "Sent", "Failed"))}
"""microseconds by which messages of one device and one moment are kept apart, by their kind; others by what they tell,
within `APART` more"""
APART = 900
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SIMULATED = int(Quality.SIMULATED)


def rows_of(fates: Sequence[Fate], *, afresh: bool = False) -> pa.RecordBatch | Few:
    """Of `observations.SCHEMA`. `afresh`: of stored messages, which are there already: their values alone."""
    series: list[int] = []
    time: list[int] = []
    value: list[float | None] = []
    text: list[str | None] = []
    places: list[Place | None] = []
    quality: list[int] = []
    for fate in fates:
        assert fate.target is not None
        flags = SIMULATED if isinstance(fate.message, Uplink) and fate.message.simulated else 0
        if fate.cause is None and not afresh:
            series.append(fate.target.messages)
            time.append(microseconds(_moment(fate.message)))
            value.append(None)
            text.append(ENCODER.encode(_bare(fate)).decode())
            places.append(None)
            quality.append(flags)
        told = microseconds(fate.message.time)
        for one, doubts in zip(fate.values, fate.flags, strict=True):
            series.append(fate.series_of(one))
            time.append(told if one.time is fate.message.time else microseconds(one.time))
            value.append(one.value)
            text.append(one.text)
            places.append(one.place)
            quality.append(flags | doubts)
    if not any(places):
        few = Few(series, time, value, quality, text)
        return few if len(few) <= FEW else few.batch
    columns = {
        "series": series,
        "time": pa.array(time, SCHEMA.field("time").type),
        "value": value,
        "text": text,
        "quality": quality,
    }
    columns["longitude"] = [None if one is None else one.longitude for one in places]
    columns["latitude"] = [None if one is None else one.latitude for one in places]
    return one_batch(batch_of(columns))


def read_back(text: str) -> Message:
    """What `rows_of` wrote of a message."""
    message: Message = DECODER.decode(text)
    return message


def _bare(fate: Fate) -> Message:
    """Without what the network made of it, where a codec makes it again."""
    message, recipe = fate.message, fate.target.recipe if fate.target else None
    if isinstance(message, Uplink) and message.decoded is not None and recipe is not None and recipe.codec is not None:
        return msgspec.structs.replace(message, decoded=None)
    return message


def _moment(message: Message) -> datetime:
    """Messages of one device and one moment are kept apart: by their kind, or by what they tell."""
    if isinstance(message, Uplink):
        return message.time
    name = type(message).__name__
    if name in PLACES:
        return message.time + PLACES[name] * MICROSECOND
    told = ENCODER.encode(msgspec.structs.replace(message, time=EPOCH))
    if isinstance(message, Measurements):  # told again with another value, it is written over
        told = repr((message.measurement, sorted(message.tags.items()), sorted(message.values))).encode()
    return message.time + (len(PLACES) + crc32(told) % APART) * MICROSECOND
