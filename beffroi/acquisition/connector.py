"""The connector contract: from what a network sends to messages."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from beffroi.acquisition.fields import Unread
from beffroi.acquisition.messages import Event, Message
from beffroi.errors import Text


@dataclass(frozen=True)
class Envelope:
    """What comes with a content: when it was received; by MQTT its topic; by HTTP its query's parameters."""

    received_at: datetime
    topic: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


Read = Callable[[dict[str, Any], Envelope], list[Message]]
NOT_JSON = Text("ce n'est pas du JSON", "this is not JSON")
NOT_AN_OBJECT = Text("un objet JSON était attendu", "a JSON object was expected")


@dataclass(frozen=True)
class Connector:
    """How one network is read. `read_one` takes one JSON object; it raises `Unread` for what is not as it should be."""

    kind: str
    name: str
    read_one: Read

    def read(self, content: bytes, envelope: Envelope) -> list[Message]:
        """At least one message of whatever comes: what cannot be read is an `unknown` event that says why."""
        return [message for value in _values(content) for message in self._of(value, envelope)]

    def _of(self, value: Any, envelope: Envelope) -> list[Message]:
        if not isinstance(value, dict):
            reason = value.reason if isinstance(value, Unread) else NOT_AN_OBJECT
            return [Event("unknown", time=envelope.received_at, reason=reason)]
        try:
            return self.read_one(value, envelope)
        except Unread as error:
            return [Event("unknown", device=error.device, time=envelope.received_at, reason=error.reason, detail=value)]


def unknown(value: dict[str, Any], envelope: Envelope, reason: Text, device: str | None = None) -> list[Message]:
    return [Event("unknown", device=device, time=envelope.received_at, reason=reason, detail=value)]


def _values(content: bytes) -> Iterator[Any]:
    """What a content holds: a value, those of a list, or one a line."""
    content = content.removeprefix(b"\xef\xbb\xbf").strip()
    try:
        whole = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError):
        lines = content.splitlines()
        if len(lines) < 2 or not all(line.lstrip().startswith((b"{", b"[")) for line in lines if line.strip()):
            yield Unread(NOT_JSON)
            return
        for line in filter(bytes.strip, lines):
            yield from _values(line)
        return
    if isinstance(whole, list):
        yield from whole or [Unread(NOT_AN_OBJECT)]
    else:
        yield whole
