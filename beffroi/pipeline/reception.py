"""What networks deliver, as a list of steps: read, addressed, told apart, decoded, qualified, stored or held.

Whoever delivers is answered once all of it is durable: as observations (what a device sent is one, of its series of
messages), or held with the reason.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from beffroi.access import Scope
from beffroi.acquisition import steps
from beffroi.acquisition.codecs import CodecRef, Decoded, Request
from beffroi.acquisition.connections import Connection
from beffroi.acquisition.connector import Connector, Envelope, unknown
from beffroi.acquisition.decoding import Asked, Decoding, decoding
from beffroi.acquisition.downlinks import course
from beffroi.acquisition.downlinks.course import Told
from beffroi.acquisition.downlinks.reach import Reach, Reached
from beffroi.acquisition.frames import merged
from beffroi.acquisition.messages import Join, Measurements, Message, Status, Unknown, Uplink
from beffroi.acquisition.recipes import Channel, Measured
from beffroi.acquisition.steps import Steps
from beffroi.database import Database
from beffroi.errors import BeffroiError, Invalid, Text, Unavailable
from beffroi.network.health import Ward
from beffroi.observations import Windows
from beffroi.pipeline import fates as reasons
from beffroi.pipeline import held
from beffroi.pipeline.addressing import BATTERY, Addresses, Several, Target, Unconfirmed
from beffroi.pipeline.fates import Delivery, Fate
from beffroi.pipeline.heard import Frame, Heard
from beffroi.pipeline.held import Put
from beffroi.pipeline.judging import Judging
from beffroi.pipeline.pipeline import Begun, Pipeline
from beffroi.pipeline.rows import read_back, rows_of

FIRST_TIME, LAST_TIME = 1900, 2200
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
        reach: Reach,
    ) -> None:
        self._database, self._pipeline, self._addresses = database, pipeline, addresses
        self._codecs, self._connectors = codecs, connectors
        self._scope = Scope.system("reception")
        self._order = threading.Lock()
        self._heard = Heard()
        self._judging = Judging(pipeline.record, ward)
        self._reach = reach

    def forget(self) -> None:
        """Devices, models or connections may have changed."""
        self._addresses.forget()

    def read(self, delivery: Delivery) -> list[Fate]:
        """Its messages, each frame once, those that cannot be read held as one."""
        connection, envelope = delivery.connection, delivery.envelope
        found = self._messages(delivery)
        fates = [Fate(connection, message, envelope.received_at) for message in found]
        unread = [fate for fate in fates if isinstance(fate.message, Unknown)]
        if not unread:
            return fates
        for fate in unread:
            assert isinstance(fate.message, Unknown)
            fate.hold("unread", fate.message.reason)
        first = unread[0].message
        assert isinstance(first, Unknown)
        unread[0].content = delivery.content if first.content is None else first.content
        unread[0].envelope = envelope
        return [fate for fate in fates if not isinstance(fate.message, Unknown) or fate is unread[0]]

    def _messages(self, delivery: Delivery) -> list[Message]:
        if delivery.refused is not None:
            return unknown(delivery.envelope, delivery.refused)
        found = self._connectors(delivery.connection).read(delivery.content, delivery.envelope)
        return merged(found) if len(found) > 1 else found

    def receive(self, deliveries: Sequence[Delivery], *, now: datetime) -> list[list[Fate]]:
        """As `receiving`, in this thread."""
        return steps.run(self.receiving(deliveries, now=now))

    def receiving(self, deliveries: Sequence[Delivery], *, now: datetime) -> Steps[list[list[Fate]]]:
        """What became of each message of each delivery, all of it durable. Never raises for what is in them; raises
        `Unavailable` when nothing was kept: they must be delivered again."""
        fates = [self.read(one) for one in deliveries]
        yield from self._taking([fate for some in fates for fate in some], now, afresh=False)
        return fates

    def take(self, fates: Sequence[Fate], *, now: datetime, afresh: bool = False) -> None:
        """As `receive`, of messages; `afresh`: of stored ones, which are not held when they now fail."""
        steps.run(self._taking(fates, now, afresh=afresh))

    def _taking(self, fates: Sequence[Fate], now: datetime, *, afresh: bool) -> Steps[None]:
        for start in range(0, len(fates), TOGETHER):
            yield from self._together(fates[start : start + TOGETHER], now, afresh=afresh)

    def _together(self, fates: Sequence[Fate], now: datetime, *, afresh: bool) -> Steps[None]:
        durable: Future[None] = Future()
        try:
            yield from self._address(fates, now)
            if not afresh:
                yield from self._tell_apart(fates, durable)
            yield from self._decode(fates)
            yield from self._make_series(fates, now)
            yield from self._judge(fates, afresh=afresh)
            yield from self._keep(fates, now, holds=not afresh)
        except BaseException as error:  # a frame that could not be kept was never heard
            durable.set_exception(error)
            raise
        for fate in fates:
            if fate.frame is not None and not fate.again:
                fate.frame.held = fate.cause is not None
        durable.set_result(None)
        yield from _others(fates)
        if not afresh:
            yield from self._judging.note(fates, now)
            self._reach.note(reached for fate in fates if (reached := _reached(fate)) is not None)

    def _address(self, fates: Sequence[Fate], now: datetime) -> Steps[None]:
        told: list[tuple[Fate, str]] = []
        for fate in fates:
            if fate.cause == "unread":
                continue
            if fate.message.device is None:
                fate.hold("unknown-device", reasons.NO_DEVICE)
            else:
                told.append((fate, fate.message.device))
        addresses = yield from self._addresses.of((fate.connection, device) for fate, device in told)
        found = yield from self._addresses.found(addresses, now=now)
        for (fate, device), address in zip(told, addresses, strict=True):
            match found[address]:
                case None:
                    fate.hold("unknown-device", reasons.undeclared(device))
                case Several(owners):
                    fate.hold("claimed-twice", reasons.claimed(device, owners))
                case Unconfirmed(owner):
                    fate.hold("unconfirmed-claim", reasons.unconfirmed(device, owner))
                case Target() as target:
                    fate.target = target
                    if not _within(fate.message.time, target.since):
                        fate.hold("before-owner", reasons.UNTIMELY)

    def _tell_apart(self, fates: Sequence[Fate], durable: "Future[None]") -> Steps[None]:
        """Frames told again are stored again with all their gateways, at the same time: once."""
        devices = {fate.target.device: fate.target.messages for fate in fates if fate.target and not fate.cause}
        if lacking := [one for one in devices if not self._heard.known(one)]:
            yield lambda: self._recall({devices[one]: one for one in lacking})
        with self._order:
            for fate in fates:
                if fate.target and not fate.cause and isinstance(fate.message, Uplink):
                    fate.frame, fate.again = self._heard.of(fate.target.device, fate.message, durable)
                    fate.message = fate.frame.uplink

    def _recall(self, devices: dict[int, int]) -> None:
        """The last message of devices of which this process heard nothing yet; by their series of messages."""
        latest = self._pipeline.record.latest(Windows.whole(sorted(devices)))
        messages = [read_back(text) for text in latest["text"].to_pylist()]
        with self._order:
            for one, message in zip(latest["series"].to_pylist(), messages, strict=True):
                if isinstance(message, Uplink) and not self._heard.known(devices[one]):
                    self._heard.recall(devices[one], message)

    def _decode(self, fates: Sequence[Fate]) -> Steps[None]:
        new = [fate for fate in fates if fate.target is not None and not fate.cause and not fate.again]
        asked: list[tuple[Fate, Asked]] = []
        for fate in new:
            if isinstance(fate.message, Measurements):
                self._measure(fate, _named(fate.message))
            elif isinstance(fate.message, Uplink) and (codec := self._codec_for(fate)) is not None:
                asked.append((fate, _asked(fate, codec)))
        answers = (yield from decoding(self._codecs, [one for _, one in asked])) if asked else []
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

    def _make_series(self, fates: Sequence[Fate], now: datetime) -> Steps[None]:
        lacking: dict[int, tuple[Target, set[Channel]]] = {}
        for fate in fates:
            for one in fate.values:
                assert fate.target is not None
                if one.channel.key not in fate.target.series:
                    lacking.setdefault(fate.target.device, (fate.target, set()))[1].add(one.channel)
        if lacking:
            yield lambda: self._addresses.with_series(lacking, now=now)

    def _judge(self, fates: Sequence[Fate], *, afresh: bool) -> Steps[None]:
        """What is decoded again is out of its turn: not judged."""
        if not afresh:
            yield from self._judging.judge(fates)
            return
        for fate in fates:
            fate.flags = [0] * len(fate.values)

    def _keep(self, fates: Sequence[Fate], now: datetime, *, holds: bool) -> Steps[None]:
        # what is held is not stored too, but for the values that have no fault
        kept = [fate for fate in fates if fate.target is not None and (fate.values or (holds and fate.cause is None))]
        stored = yield from self._submit(kept, now, afresh=not holds)
        puts = [_put(fate) for fate in fates if fate.cause and holds]
        told = [Told(fate.connection.key, fate.message) for fate in fates if holds and course.tells(fate.message)]
        if puts or told:
            yield lambda: self._hold(puts, told)
        for begun in stored:
            yield begun.stored
            self._pipeline.live.publish(begun.batch)

    def _submit(self, fates: Sequence[Fate], now: datetime, *, afresh: bool) -> Steps[list[Begun]]:
        """In one batch; when one message is at fault, it must not take the others along."""
        if not fates:
            return []
        batch = rows_of(fates, afresh=afresh)
        try:
            begun = self._pipeline.begin_at_once(self._scope, batch, now=now)
            if begun is None:
                begun = yield lambda: self._pipeline.begin(self._scope, batch, now=now)
        except Invalid as error:
            if len(fates) > 1:
                middle = len(fates) // 2
                first = yield from self._submit(fates[:middle], now, afresh=afresh)
                return first + (yield from self._submit(fates[middle:], now, afresh=afresh))
            fates[0].values, fates[0].flags = [], []
            fates[0].hold("misfit", _first(error))
            return []
        return [begun]

    def _hold(self, puts: Sequence[Put], told: Sequence[Told]) -> None:
        with self._database.write() as tx:
            held.put(tx, puts)
            course.follow(tx, told)


def _others(fates: Sequence[Fate]) -> Steps[None]:
    """Until frames told again are durable as others brought them."""
    frames: set[Frame] = {fate.frame for fate in fates if fate.again and fate.frame is not None}
    for frame in frames:
        try:
            yield frame.durable
        except BeffroiError:
            raise
        except Exception as error:
            raise Unavailable(Text("La trame n'a pas été gardée.", "The frame was not kept.")) from error


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
    return [Measured(BATTERY, message.time, float(told))]


def _reached(fate: Fate) -> Reached | None:
    """What a device's own message says of where it is heard."""
    message = fate.message
    if fate.target is None or not isinstance(message, Uplink | Join):
        return None
    return Reached(
        device=fate.target.device,
        connection=fate.connection.key,
        application=message.application_key or message.application,
        name=message.name,
        heard_at=message.time,
    )


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
