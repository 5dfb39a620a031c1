"""What tests of connectors share: reading, and fields wherever they are in a document."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from beffroi.acquisition.connector import Envelope
from beffroi.acquisition.connectors import CONNECTORS
from beffroi.acquisition.messages import Message, Uplink, written

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
ENVELOPE = Envelope(NOW)


def read(kind: str, content: Any, *, topic: str = "", **query: str) -> list[Message]:
    """`content`: bytes, or a value to send as JSON."""
    sent = content if isinstance(content, bytes) else json.dumps(content).encode()
    return CONNECTORS[kind].read(sent, Envelope(NOW, topic=topic, query=query))


def told(kind: str, content: Any, *, topic: str = "", **query: str) -> dict[str, Any]:
    """The one message there is, as it is printed."""
    (found,) = read(kind, content, topic=topic, **query)
    return written(found)


def an_uplink(kind: str, content: Any, *, topic: str = "", **query: str) -> Uplink:
    (found,) = read(kind, content, topic=topic, **query)
    assert isinstance(found, Uplink), written(found)
    return found


def everywhere(value: Any, names: set[str]) -> Iterator[Any]:
    """The values of all fields of these names, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in names:
                yield inner
            yield from everywhere(inner, names)
    elif isinstance(value, list):
        for inner in value:
            yield from everywhere(inner, names)
