"""What networks deliver, as a list of steps: read, addressed, told apart, decoded, qualified, stored or held.

Whoever delivers is answered once all of it is durable: as observations (what a device sent is one, of its series of
messages), or held with the reason.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

import msgspec
import pyarrow as pa

from beffroi.access import Scope
from beffroi.acquisition.codecs import CodecRef, Decoded, Request
from beffroi.acquisition.connections import Connection
from beffroi.acquisition.connector import Connector, Envelope, unknown
from beffroi.acquisition.decoding import Asked, Decoding, decode_many
from beffroi.acquisition.frames import merged
from beffroi.acquisition.messages import Measurements, Message, Status, Unknown, Uplink
from beffroi.acquisition.recipes import Channel, Measured
from beffroi.database import Database
from beffroi.errors import BeffroiError, Invalid, Text, Unavailable
from beffroi.network.health import Ward
from beffroi.observations import Ack, Quality, Windows, batch_of, one_batch
from beffroi.pipeline import fates as reasons
from beffroi.pipeline import held
from beffroi.pipeline.addressing import BATTERY, Address, Addresses, Several, Target
from beffroi.pipeline.fates import Delivery, Fate
from beffroi.pipeline.heard import Frame, Heard
from beffroi.pipeline.held import Put
from beffroi.pipeline.judging import Judging
from beffroi.pipeline.pipeline import Pipeline

ENCODER, DECODER = msgspec.json.Encoder(), msgspec.json.Decoder(Message)
MICROSECOND = timedelta(microseconds=1)
PLACES = {kind: place for place, kind in enumerate(("Uplink", "Join", "Status", "Acknowledged", "Sent", "Failed"))}
"""microseconds by which messages of one device and one moment are kept apart, by their kind; others by what they tell,
within `APART` more"""
FIRST_TIME, LAST_TIME = 1900, 2200
APART = 900
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TOGETHER = 5000
"""messages taken at once: bounds the memory that a large delivery needs"""


class Reception:
    """Takes deliveries in, from any thread, many at once for preference."""

    def __init__(
        self,
        database: Database,
        pipeline: Pipeline,
        addresses: Addresses,
        codecs: Decoding,
        connectors: Callable[[Connection], Connector],
        ward: Ward,
    ) -> None:
        self._database, self._pipeline, self._addresses = database, pipeline, addresses
        self._codecs, self._connectors = codecs, connectors
        self._scope = Scope.system("reception")
        self._order = threading.Lock()
        self._heard = Heard()
        self._judging = Judging(pipeline.record, ward)

    def forget(self) -> None:
        """Devices, models or connections may have changed."""
        self._addresses.forget()

    def read(self, delivery: Delivery) -> list[Fate]:
        """Its messages, each frame once, those that cannot be read held as one."""
        connection, envelope = delivery.connection, delivery.envelope
        found = self._messages(delivery)
        fates = [Fate(connection, message, envelope.received_at) for message in found]
        unread = [fate for fate in fates if isinstance(fate.message, Unknown)]
        for fate in unread:
            assert isinstance(fate.message, Unknown)
            fate.hold("unread", fate.message.reason)
        if unread:
            first = unread[0].message
            assert isinstance(first, Unknown)
            unread[0].content = delivery.content if first.content is None else first.content
            unread[0].envelope = envelope
        return [fate for fate in fates if not isinstance(fate.message, Unknown) or fate is unread[0]]

    def _messages(self, delivery: Delivery) -> list[Message]:
        if delivery.refused is not None:
            return unknown(delivery.envelope, delivery.refused)
        return merged(self._connectors(delivery.connection).read(delivery.content, delivery.envelope))

    def receive(self, deliveries: Sequence[Delivery], *, now: datetime) -> list[list[Fate]]:
        """What became of each message of each delivery, all of it durable. Never raises for what is in them; raises
        `Unavailable` when nothing was kept: they must be delivered again."""
        fates = [self.read(one) for one in deliveries]
        self.take([fate for some in fates for fate in some], now=now)
        return fates

    def take(self, fates: Sequence[Fate], *, now: datetime, afresh: bool = False) -> None:
        """As `receive`, of messages; `afresh`: of stored ones, which are not held when they now fail."""
        for start in range(0, len(fates), TOGETHER):
            self._take(fates[start : start + TOGETHER], now, afresh=afresh)

    def _take(self, fates: Sequence[Fate], now: datetime, *, afresh: bool) -> None:
        try:
            self._address(fates, now)
            if not afresh:
                self._tell_apart(fates)
            self._decode(fates)
            self._make_series(fates, now)
            self._judge(fates, afresh=afresh)
            self._keep(fates, now, holds=not afresh)
        except BaseException as error:
            _fail(fates, error)
            raise
        if not afresh:
            self._judging.note(fates, now)

    def _address(self, fates: Sequence[Fate], now: datetime) -> None:
        asked: list[tuple[Fate, Address]] = []
        for fate in fates:
            if fate.cause == "unread":
                continue
            if fate.message.device is None:
                fate.hold("unknown-device", reasons.NO_DEVICE)
            else:
                asked.append((fate, self._addresses.of(fate.connection, fate.message.device)))
        found = self._addresses.look_up([address for _, address in asked], now=now)
        for fate, address in asked:
            match found[address]:
                case None:
                    fate.hold("unknown-device", reasons.undeclared(address.identifier))
                case Several(owners):
                    fate.hold("claimed-twice", reasons.claimed(address.identifier, owners))
                case target:
                    fate.target = target
                    if not _within(fate.message.time, target.since):
                        fate.hold("before-owner", reasons.UNTIMELY)

    def _tell_apart(self, fates: Sequence[Fate]) -> None:
        """Frames told again are stored again with all their gateways, at the same time: once."""
        with self._order:
            self._recall({fate.target.messages for fate in fates if fate.target and not fate.cause}, fates)
            for fate in fates:
                if fate.target and not fate.cause and isinstance(fate.message, Uplink):
                    fate.frame, fate.again = self._heard.of(fate.target.device, fate.message)
                    fate.message = fate.frame.uplink

    def _recall(self, series: set[int], fates: Sequence[Fate]) -> None:
        """The last message of devices of which this process heard nothing yet."""
        devices = {fate.target.messages: fate.target.device for fate in fates if fate.target and not fate.cause}
        asked = sorted(one for one in series if not self._heard.known(devices[one]))
        if not asked:
            return
        latest = self._pipeline.record.latest(Windows.whole(asked))
        for one, text in zip(latest["series"].to_pylist(), latest["text"].to_pylist(), strict=True):
            message = DECODER.decode(text)
            if isinstance(message, Uplink):
                self._heard.recall(devices[one], message)

    def _decode(self, fates: Sequence[Fate]) -> None:
        new = [fate for fate in fates if fate.target is not None and not fate.cause and not fate.again]
        asked: list[tuple[Fate, Asked]] = []
        for fate in new:
            if isinstance(fate.message, Measurements):
                self._measure(fate, _named(fate.message))
            elif isinstance(fate.message, Uplink) and (codec := self._codec_for(fate)) is not None:
                asked.append((fate, _asked(fate, codec)))
        answers = decode_many(self._codecs, [one for _, one in asked]) if asked else []
        for (fate, _), answer in zip(asked, answers, strict=True):
            if (reason := _error(answer)) is not None:
                fate.hold("codec-error", reason)
            else:
                self._measure(fate, answer.data)
        for fate in new:
            if not fate.cause:
                fate.values += _battery(fate.message, fate.values)

    def _codec_for(self, fate: Fate) -> CodecRef | None:
        """None when there is nothing to decode, and the message is held unless the network decoded it."""
        target, message = fate.target, fate.message
        assert target is not None and isinstance(message, Uplink)
        if not message.payload and message.decoded is None:
            return None
        if target.recipe is None:
            fate.hold("no-model", reasons.no_model(target))
        elif message.encrypted:
            fate.hold("codec-error", reasons.ENCRYPTED)
        elif target.recipe.codec is not None:
            return target.recipe.codec
        elif message.decoded is not None:
            self._measure(fate, message.decoded)
        else:
            fate.hold("no-codec", reasons.no_codec(target))
        return None

    def _measure(self, fate: Fate, data: Any) -> None:
        target = fate.target
        assert target is not None
        fate.data = data
        if target.recipe is None:
            fate.hold("no-model", reasons.no_model(target))
            return
        if not target.recipe.confirmed:
            fate.hold("no-channels", reasons.no_channels(target))
            return
        values, wrong = target.recipe.measured(data, fate.message.time)
        fate.values = values
        if wrong:
            fate.hold("misfit", wrong[0])

    def _make_series(self, fates: Sequence[Fate], now: datetime) -> None:
        lacking: dict[int, tuple[Target, set[Channel]]] = {}
        for fate in fates:
            for one in fate.values:
                assert fate.target is not None
                if one.channel.key not in fate.target.series:
                    lacking.setdefault(fate.target.device, (fate.target, set()))[1].add(one.channel)
        if lacking:
            self._addresses.with_series(lacking, now=now)

    def _judge(self, fates: Sequence[Fate], *, afresh: bool) -> None:
        """What is decoded again is out of its turn: not judged."""
        if afresh:
            for fate in fates:
                fate.flags = [0] * len(fate.values)
        else:
            with self._order:
                self._judging.judge(fates)

    def _keep(self, fates: Sequence[Fate], now: datetime, *, holds: bool) -> None:
        stored = self._submit([fate for fate in fates if fate.target is not None and _kept(fate)], now)
        puts = [_put(fate) for fate in fates if fate.cause and holds]
        if puts:
            with self._database.write() as tx:
                held.put(tx, puts)
        for batch, future in stored:
            future.result()
            self._pipeline.live.publish(batch)
        for fate in fates:
            if fate.frame is not None and not fate.again:
                fate.frame.stored.set_result(fate.cause is None)
        for fate in fates:
            if fate.again and fate.frame is not None:
                _wait(fate.frame)

    def _submit(self, fates: Sequence[Fate], now: datetime) -> "list[tuple[pa.RecordBatch, Future[Ack]]]":
        """In one batch; when one message is at fault, it must not take the others along."""
        if not fates:
            return []
        try:
            qualified, _, future = self._pipeline.begin(self._scope, one_batch(_batch(fates)), now=now)
        except Invalid as error:
            if len(fates) > 1:
                middle = len(fates) // 2
                return [*self._submit(fates[:middle], now), *self._submit(fates[middle:], now)]
            fates[0].values, fates[0].flags = [], []
            fates[0].hold("misfit", _first(error))
            return []
        return [(qualified, future)]


def _kept(fate: Fate) -> bool:
    """A message that is held is not stored too, but for the values that have no fault."""
    return fate.cause is None or bool(fate.values)


def _batch(fates: Sequence[Fate]) -> pa.Table:
    """What was sent, one row each, then the values."""
    series: list[int] = []
    time: list[datetime] = []
    value: list[float | None] = []
    text: list[str | None] = []
    quality: list[int] = []
    for fate in fates:
        assert fate.target is not None
        flags = int(Quality.SIMULATED) if isinstance(fate.message, Uplink) and fate.message.simulated else 0
        if fate.cause is None:
            series.append(fate.target.messages)
            time.append(_moment(fate.message))
            value.append(None)
            text.append(ENCODER.encode(_bare(fate)).decode())
            quality.append(flags)
        for one, doubts in zip(fate.values, fate.flags, strict=True):
            series.append(fate.series_of(one))
            time.append(one.time)
            value.append(one.value)
            text.append(one.text)
            quality.append(flags | doubts)
    return batch_of({"series": series, "time": time, "value": value, "text": text, "quality": quality})


def _bare(fate: Fate) -> Message:
    """Without what the network made of it, where a codec makes it again."""
    message, recipe = fate.message, fate.target.recipe if fate.target else None
    if isinstance(message, Uplink) and message.decoded is not None and recipe is not None and recipe.codec is not None:
        return msgspec.structs.replace(message, decoded=None)
    return message


def _moment(message: Message) -> datetime:
    """Messages of one device and one moment are kept apart: by their kind, or by what they tell."""
    name = type(message).__name__
    if name in PLACES:
        return message.time + PLACES[name] * MICROSECOND
    told = ENCODER.encode(msgspec.structs.replace(message, time=EPOCH))
    if isinstance(message, Measurements):  # told again with another value, it is written over
        told = repr((message.measurement, sorted(message.tags.items()), sorted(message.values))).encode()
    return message.time + (len(PLACES) + crc32(told) % APART) * MICROSECOND


def _named(message: Measurements) -> dict[str, Any]:
    """Values by their names; also after that of their group, and of their group and tags, for one device may tell the
    same name of several things at once: `usage`, `cpu.usage`, `cpu,cpu=cpu0.usage`."""
    if message.measurement is None:
        return message.values
    named: dict[str, Any] = dict(message.values)
    tags = ",".join(
        f"{key}={value}" for key, value in sorted(message.tags.items()) if value.upper() != message.device.upper()
    )
    for group in dict.fromkeys((message.measurement, f"{message.measurement},{tags}" if tags else message.measurement)):
        named |= {f"{group}.{name}": value for name, value in message.values.items()}
    return named


def _asked(fate: Fate, codec: CodecRef) -> Asked:
    message, recipe = fate.message, fate.target.recipe if fate.target else None
    assert isinstance(message, Uplink)
    request = Request(codec, message.payload, message.port, message.time, message.tags)
    return Asked(request, recipe is not None and recipe.normalised)


def _battery(message: Message, values: list[Measured]) -> list[Measured]:
    """Of the network's own word, unless the device's payload tells it."""
    told = message.battery if isinstance(message, Uplink | Status) else None
    if told is None or any(one.channel.observed_property == BATTERY.observed_property for one in values):
        return []
    return [Measured(BATTERY, message.time, float(told), None)]


def _within(time: datetime, since: datetime | None) -> bool:
    return FIRST_TIME < time.year < LAST_TIME and (since is None or time >= since)


def _put(fate: Fate) -> Put:
    assert fate.cause is not None and fate.reason is not None
    target, connection = fate.target, fate.connection
    return Put(
        owner=target.owner if target and fate.cause != "before-owner" else connection.owner,
        connection=connection.key,
        connection_owner=connection.owner,
        cause=fate.cause,
        reason=fate.reason,
        message=fate.message,
        received_at=fate.received_at,
        model=(target.model or "") if target else "",
        content=fate.content,
        envelope=None if fate.envelope is None else _plain(fate.envelope),
    )


def _plain(envelope: Envelope) -> dict[str, Any]:
    """What is needed to read it again; headers may hold secrets, and stay behind."""
    return {
        "transport": envelope.transport,
        "topic": envelope.topic,
        "query": dict(envelope.query),
        "content_type": envelope.content_type,
    }


def _fail(fates: Sequence[Fate], error: BaseException) -> None:
    """A frame that could not be kept was never heard."""
    for fate in fates:
        if fate.frame is not None and not fate.again and not fate.frame.stored.done():
            fate.frame.stored.set_exception(error)


def _wait(frame: Frame) -> None:
    try:
        frame.stored.result(timeout=60)
    except BeffroiError:
        raise
    except BaseException as error:
        raise Unavailable(Text("La trame n'a pas été gardée.", "The frame was not kept.")) from error


def _error(answer: Decoded) -> Text | None:
    if answer.error is not None:
        return answer.error
    if answer.errors:
        said = " ; ".join(str(one) for one in answer.errors)[:500]
        return Text(f"le codec dit : {said}", f"the codec says: {said}")
    return None


def _first(error: Invalid) -> Text:
    fault = error.faults[0]
    return Text(f"{fault.field} : {fault.text.fr}", f"{fault.field}: {fault.text.en}")
