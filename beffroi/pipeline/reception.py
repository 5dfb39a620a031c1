"""What networks deliver, as a list of steps: read, addressed, told apart, decoded, qualified, stored or held.

Whoever delivers is answered once all of it is durable: as observations (what a device sent is one, of its series of
messages), or held with the reason.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

import msgspec
import pyarrow as pa

from beffroi.access import Scope
from beffroi.acquisition.codecs import CodecRef, Decoded, Request
from beffroi.acquisition.connections import Connection
from beffroi.acquisition.connector import Connector, Envelope
from beffroi.acquisition.decoding import Asked, Decoding, decode_many
from beffroi.acquisition.frames import merged
from beffroi.acquisition.messages import Measurements, Message, Status, Unknown, Uplink
from beffroi.acquisition.recipes import Channel, Measured
from beffroi.database import Database
from beffroi.errors import BeffroiError, Invalid, Text, Unavailable
from beffroi.network.health import Health, Ward
from beffroi.observations import Ack, Quality, Windows, batch_of, one_batch
from beffroi.pipeline import held
from beffroi.pipeline.addressing import BATTERY, Address, Addresses, Several, Target
from beffroi.pipeline.heard import Frame, Heard
from beffroi.pipeline.held import Cause, Put
from beffroi.pipeline.pipeline import Pipeline
from beffroi.processing.plausible import LATE, Following

Outcome = Literal["stored", "again", "held"]
ENCODER, DECODER = msgspec.json.Encoder(), msgspec.json.Decoder(Message)
MICROSECOND = timedelta(microseconds=1)
PLACES = {kind: place for place, kind in enumerate(("Uplink", "Join", "Status", "Acknowledged", "Sent", "Failed"))}
"""microseconds by which messages of one device and one moment are kept apart, by their kind; others follow"""
FIRST_TIME, LAST_TIME = 1900, 2200
LATE_FLAG = int(Quality.LATE)


@dataclass(frozen=True)
class Delivery:
    """What came by a connection, whole."""

    connection: Connection
    content: bytes
    envelope: Envelope


@dataclass(eq=False)
class Fate:
    """A message on its way. `content`: set when nothing was understood of it."""

    connection: Connection
    message: Message
    received_at: datetime
    content: bytes | None = None
    envelope: Envelope | None = None
    target: Target | None = None
    frame: Frame | None = None
    again: bool = False
    data: Any = None
    values: list[Measured] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)
    cause: Cause | None = None
    reason: Text | None = None

    @property
    def outcome(self) -> Outcome:
        return "held" if self.cause else "again" if self.again else "stored"

    def hold(self, cause: Cause, reason: Text) -> None:
        self.cause, self.reason = cause, reason


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
        self._codecs, self._connectors, self._ward = codecs, connectors, ward
        self._scope = Scope.system("reception")
        self._order = threading.Lock()
        self._heard = Heard()
        self._following = Following()

    def forget(self) -> None:
        """Devices, models or connections may have changed."""
        self._addresses.forget()

    def read(self, delivery: Delivery) -> list[Fate]:
        """Its messages, each frame once, those that cannot be read held as one."""
        connection, envelope = delivery.connection, delivery.envelope
        found = merged(self._connectors(connection).read(delivery.content, envelope))
        fates = [Fate(connection, message, envelope.received_at) for message in found]
        unread = [fate for fate in fates if isinstance(fate.message, Unknown)]
        for fate in unread:
            assert isinstance(fate.message, Unknown)
            fate.hold("unread", fate.message.reason)
        if unread:
            unread[0].content, unread[0].envelope = delivery.content, envelope
        return [fate for fate in fates if not isinstance(fate.message, Unknown) or fate is unread[0]]

    def receive(self, deliveries: Sequence[Delivery], *, now: datetime) -> list[list[Fate]]:
        """What became of each message of each delivery, all of it durable. Never raises for what is in them; raises
        `Unavailable` when nothing was kept: they must be delivered again."""
        fates = [self.read(one) for one in deliveries]
        self.take([fate for some in fates for fate in some], now=now)
        return fates

    def take(self, fates: Sequence[Fate], *, now: datetime, afresh: bool = False) -> None:
        """As `receive`, of messages; `afresh`: of stored ones, which are not held when they now fail."""
        self._address(fates, now)
        if not afresh:
            self._tell_apart(fates)
        try:
            self._decode(fates)
            self._make_series(fates, now)
            self._judge(fates, afresh=afresh)
            self._keep(fates, now, holds=not afresh)
            if not afresh:
                self._note(fates, now)
        except BaseException as error:
            _fail(fates, error)
            raise

    def _address(self, fates: Sequence[Fate], now: datetime) -> None:
        asked: list[tuple[Fate, Address]] = []
        for fate in fates:
            if fate.cause == "unread":
                continue
            if fate.message.device is None:
                fate.hold("unknown-device", NO_DEVICE)
            else:
                asked.append((fate, self._addresses.of(fate.connection, fate.message.device)))
        found = self._addresses.look_up([address for _, address in asked], now=now)
        for fate, address in asked:
            match found[address]:
                case None:
                    fate.hold("unknown-device", _unknown(address.identifier))
                case Several(owners):
                    fate.hold("claimed-twice", _claimed(address.identifier, owners))
                case target:
                    fate.target = target
                    if not _within(fate.message.time, target.since):
                        fate.hold("before-owner", UNTIMELY)

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
                self._measure(fate, fate.message.values)
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
            fate.hold("no-model", _no_model(target))
        elif message.encrypted:
            fate.hold("codec-error", ENCRYPTED)
        elif target.recipe.codec is not None:
            return target.recipe.codec
        elif message.decoded is not None:
            self._measure(fate, message.decoded)
        else:
            fate.hold("no-codec", _no_codec(target))
        return None

    def _measure(self, fate: Fate, data: Any) -> None:
        target = fate.target
        assert target is not None
        fate.data = data
        if target.recipe is None:
            fate.hold("no-model", _no_model(target))
            return
        if not target.recipe.confirmed:
            fate.hold("no-channels", _no_channels(target))
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
        """What is doubtful of each value, from those before it; not of what is decoded again, out of its turn."""
        told = [fate for fate in fates if fate.values and fate.target is not None]
        with self._order:
            if not afresh:
                self._recall_values({_series_of(fate, one) for fate in told for one in fate.values})
            for fate in told:
                late = LATE_FLAG if fate.received_at - fate.message.time > LATE and not afresh else 0
                fate.flags = [late | (0 if afresh else self._flags(fate, one)) for one in fate.values]

    def _flags(self, fate: Fate, one: Measured) -> int:
        if one.value is None:
            return 0
        series = _series_of(fate, one)
        return int(self._following.flags(series, one.channel.observed_property, one.time, one.value))

    def _recall_values(self, series: set[int]) -> None:
        if asked := sorted(self._following.lacks(series)):
            latest = self._pipeline.record.latest(Windows.whole(asked))
            for one, time, value in zip(
                *(latest[name].to_pylist() for name in ("series", "time", "value")), strict=True
            ):
                if value is not None:
                    self._following.recall(one, time, value)

    def _note(self, fates: Sequence[Fate], now: datetime) -> None:
        """How the devices fare, once what they sent is durable."""
        told = [fate for fate in fates if fate.target is not None]
        with self._ward.changing:
            known = self._ward.of({fate.target.device for fate in told if fate.target}, now)
            for fate in told:
                assert fate.target is not None
                _noted(known[fate.target.device], fate)

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


def _series_of(fate: Fate, one: Measured) -> int:
    assert fate.target is not None
    return fate.target.series[one.channel.key]


def _noted(health: Health, fate: Fate) -> None:
    message = fate.message
    if fate.again:
        health.again += 1
        return
    in_turn = health.heard(message.time)
    if isinstance(message, Uplink):
        health.counted(message.frame_counter, in_turn=in_turn)
        best = max((one.rssi for one in message.gateways if one.rssi is not None), default=None)
        if best is not None:
            health.rssi, health.snr = (
                best,
                max((one.snr for one in message.gateways if one.snr is not None), default=None),
            )
    for one, flags in zip(fate.values, fate.flags, strict=True):
        if one.channel.observed_property == BATTERY.observed_property:
            health.battery = one.value
        for name in _names(flags | _implausible(one)):
            health.flags[name] = health.flags.get(name, 0) + 1


def _implausible(one: Measured) -> int:
    """As `qualify` finds it."""
    low, high = one.channel.low, one.channel.high
    outside = one.value is not None and (
        (low is not None and one.value < low) or (high is not None and one.value > high)
    )
    return int(Quality.OUT_OF_RANGE) if outside else 0


@lru_cache(4096)
def _names(flags: int) -> tuple[str, ...]:
    return tuple(one.name.lower().replace("_", "-") for one in Quality if flags & one and one.name)


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
            series.append(_series_of(fate, one))
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
    name = type(message).__name__
    return message.time + PLACES.get(name, len(PLACES)) * MICROSECOND if name != "Uplink" else message.time


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
        owner=target.owner if target else connection.owner,
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


NO_DEVICE = Text("ne dit pas de quel appareil", "does not tell of which device")
UNTIMELY = Text(
    "daté d'avant l'arrivée de l'appareil chez son propriétaire actuel, ou hors de 1900 à 2200",
    "dated before the device came to its present owner, or outside 1900 to 2200",
)
ENCRYPTED = Text("charge chiffrée : le réseau n'a pas la clé", "encrypted payload: the network has not the key")


def _unknown(identifier: str) -> Text:
    return Text(
        f"appareil que personne n'a déclaré : «\u00a0{identifier}\u00a0»", f"a device nobody declared: “{identifier}”"
    )


def _claimed(identifier: str, owners: Sequence[str]) -> Text:
    listed = ", ".join(owners)
    return Text(
        f"«\u00a0{identifier}\u00a0» est déclaré par plusieurs collectivités : {listed}",
        f"“{identifier}” is declared by several collectivités: {listed}",
    )


def _no_model(target: Target) -> Text:
    if target.model is None:
        return Text("l'appareil n'a pas de modèle", "the device has no model")
    return Text(f"rien n'est dit du modèle {target.model}", f"nothing is told of model {target.model}")


def _no_codec(target: Target) -> Text:
    return Text(f"le modèle {target.model} n'a pas de codec", f"model {target.model} has no codec")


def _no_channels(target: Target) -> Text:
    return Text(
        f"personne n'a encore dit ce que sont les valeurs du modèle {target.model}",
        f"nobody said yet what the values of model {target.model} are",
    )
