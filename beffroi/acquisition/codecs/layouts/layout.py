"""A layout as it is declared, and what it makes of messages."""

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from beffroi.acquisition.codecs.layouts.faults import faults
from beffroi.acquisition.codecs.layouts.field import Field, Order
from beffroi.acquisition.codecs.layouts.reading import Reader
from beffroi.acquisition.codecs.layouts.writing import Writer
from beffroi.errors import Invalid, Text


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of it. `order`: of bytes, and which bit is the first; `ports`: those it describes, all when none."""

    fields: list[Field]
    name: str = ""
    order: Order = "big"
    ports: list[int] = []

    def decode(self, payload: bytes, port: int | None) -> dict[str, Any]:
        """Raises `BeffroiError` where the message is too short."""
        self._check(port)
        return Reader(payload, self.order, port).record(self.fields)

    def encode(self, data: Any, port: int | None) -> tuple[bytes, int | None]:
        """What `decode` reads back. Raises `BeffroiError` where a value is missing or does not fit."""
        port = port if port is not None or len(self.ports) != 1 else self.ports[0]
        self._check(port)
        if not isinstance(data, dict):
            raise Invalid("data", Text("un objet est attendu", "an object is expected"))
        writer = Writer(self.order, port)
        writer.record(self.fields, data)
        return writer.payload(), port

    def units(self) -> dict[str, str]:
        """By name, of the fields that say one."""
        return {field.name: field.unit for field in _walk(self.fields) if field.unit}

    def _check(self, port: int | None) -> None:
        if self.ports and port not in self.ports:
            raise Invalid("fPort", Text(f"le port {port} n'est pas décrit", f"port {port} is not described"))


@lru_cache(512)
def compiled(source: str) -> Layout:
    """A layout from TOML or JSON. Raises `Invalid`."""
    try:
        told = msgspec.json.decode(source) if source.lstrip().startswith("{") else tomllib.loads(source)
        layout = msgspec.convert(told, Layout)
    except (msgspec.MsgspecError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise Invalid(
            "layout", Text(f"la disposition ne se lit pas : {error}", f"the layout cannot be read: {error}")
        ) from error
    if found := [*faults(layout.fields, "fields", set())]:
        raise Invalid.of(found)
    return layout


def _walk(fields: list[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _walk(field.fields)
