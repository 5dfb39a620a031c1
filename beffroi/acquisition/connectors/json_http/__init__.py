"""Any JSON, by a mapping: for what no other connector reads. Without one, flat objects with a device and plain
values."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from beffroi.acquisition.connector import Envelope, Manifest, manifest_of, unknown
from beffroi.acquisition.connectors.json_http.mapping import (
    PLAIN,
    Mapping,
    device_of,
    frame_of,
    parse,
    time_of,
    values_of,
)
from beffroi.acquisition.documents import values
from beffroi.acquisition.fields import Unread
from beffroi.acquisition.messages import Measurements, Message, Uplink
from beffroi.errors import Text

NOTHING = Text("aucune valeur", "no value")


class AnyJson:
    """The connector of one mapping."""

    kind = "json"

    def __init__(self, mapping: Mapping = PLAIN) -> None:
        self.mapping = mapping

    @cached_property
    def manifest(self) -> Manifest:
        return manifest_of(__name__)

    def read(self, content: bytes, envelope: Envelope) -> list[Message]:
        found = [message for record in self._records(content) for message in self._told(record, envelope)]
        return found or unknown(envelope, Text("aucun enregistrement", "no record"))

    def _records(self, content: bytes) -> Iterator[Any]:
        try:
            for value in values(content):
                found = value if self.mapping.items is None else self.mapping.find("items", value)
                yield from found if isinstance(found, list) else [found]
        except Unread as error:
            yield error

    def _told(self, record: Any, envelope: Envelope) -> list[Message]:
        if isinstance(record, Unread):
            return unknown(envelope, record.reason)
        device = None
        try:
            device, is_eui = device_of(self.mapping, record)
            return [self._message(record, device, is_eui, envelope)]
        except Unread as error:
            return unknown(envelope, error.reason, device)

    def _message(self, record: Any, device: str, is_eui: bool, envelope: Envelope) -> Message:
        time, source = envelope.at((time_of(self.mapping, record), "network"))
        shared: dict[str, Any] = {
            "device": device,
            "device_source": "eui" if is_eui else "name",
            "time": time,
            "time_source": source,
        }
        if self.mapping.payload is not None:
            return Uplink(**shared, **frame_of(self.mapping, record))
        told = values_of(self.mapping, record)
        if not told:
            raise Unread(NOTHING)
        return Measurements(**shared, values=told)


def mapped(content: str) -> AnyJson:
    """The connector of a mapping in TOML. Raises `Invalid`."""
    return AnyJson(parse(content))


CONNECTOR = AnyJson()
