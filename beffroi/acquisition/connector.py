"""The connector contract: from what a network sends to messages."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from importlib import resources
from typing import Any, Generic, Literal, Protocol

import msgspec

from beffroi.acquisition.documents import EMPTY, NOT_AN_OBJECT, D, loosely, refuse_deep, values
from beffroi.acquisition.fields import Unread
from beffroi.acquisition.messages import Message, TimeSource, Unknown
from beffroi.errors import Text

Transport = Literal["http", "mqtt", "poll", "folder", "sftp", "file"]
Proof = Literal["recorded", "documented", "no"]


@dataclass(frozen=True)
class Envelope:
    """What comes with a content: when it was received, or when its file was last written, its HTTP query and headers
    (names in lower case). `topic`: of MQTT; the name of a file that was fetched."""

    received_at: datetime
    transport: Transport = "http"
    topic: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = ""

    def at(self, *told: tuple[datetime | None, TimeSource]) -> tuple[datetime, TimeSource]:
        """The first time that is told, and whose it is; else when it was received."""
        for moment, source in told:
            if moment is not None:
                return moment, source
        return self.received_at, "received"


class Name(msgspec.Struct, frozen=True):
    fr: str
    en: str


class Quality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a connector understands, and on what it was tried: payloads `recorded` from real networks, or only those
    that the network's documentation shows."""

    uplink: Proof
    join: Proof
    status: Proof
    ack: Proof
    location: Proof
    gateways: Proof
    downlink: Proof


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`topics`: those to subscribe to by default; `documentation`: title of the network's own."""

    kind: str
    name: Name
    transports: list[Literal["http", "mqtt"]]
    content_types: list[str]
    topics: list[str]
    events: list[str]
    documentation: str
    quality: Quality


class Connector(Protocol):
    """How one network is read."""

    @property
    def kind(self) -> str: ...

    @property
    def manifest(self) -> Manifest: ...

    def read(self, content: bytes, envelope: Envelope) -> list[Message]:
        """At least one message of whatever comes; never raises: what cannot be read is `Unknown`, and says why."""
        ...


def unknown(envelope: Envelope, reason: Text, device: str | None = None, event: str | None = None) -> list[Message]:
    told = Unknown(time=envelope.received_at, time_source="received", device=device, reason=reason, event=event)
    return [told]


class Documents(Generic[D]):
    """A connector of JSON documents of one shape. `tell` makes messages of a document and raises `Unread` for what
    cannot be; `otherwise` takes contents that are no JSON, None when they are nothing it knows."""

    def __init__(
        self,
        package: str,
        shape: type[D],
        tell: Callable[[D, Envelope], list[Message]],
        otherwise: Callable[[bytes, Envelope], Iterator[Any] | None] = lambda content, envelope: None,
    ) -> None:
        self._package, self._shape, self._tell, self._otherwise = package, shape, tell, otherwise
        self._decoder = msgspec.json.Decoder(shape, strict=False)

    @cached_property
    def manifest(self) -> Manifest:
        return manifest_of(self._package)

    @property
    def kind(self) -> str:
        return self.manifest.kind

    def read(self, content: bytes, envelope: Envelope) -> list[Message]:
        try:
            refuse_deep(content)
            return self._tell(self._decoder.decode(content), envelope)
        except Unread as error:
            return unknown(envelope, error.reason, error.device)
        except ValueError:  # of msgspec: not as documented
            found = [message for one in self._values(content, envelope) for message in self._told(one, envelope)]
            return found or unknown(envelope, EMPTY)

    def _values(self, content: bytes, envelope: Envelope) -> Iterator[Any]:
        try:
            yield from self._otherwise(content, envelope) or values(content)
        except Unread as error:
            yield error

    def _told(self, value: Any, envelope: Envelope) -> list[Message]:
        if isinstance(value, Unread):
            return unknown(envelope, value.reason, value.device)
        if not isinstance(value, dict):
            return unknown(envelope, NOT_AN_OBJECT)
        try:
            return self._tell(loosely(value, self._shape), envelope)
        except Unread as error:
            return unknown(envelope, error.reason, error.device)


def manifest_of(package: str) -> Manifest:
    text = resources.files(package).joinpath("manifest.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Manifest)
