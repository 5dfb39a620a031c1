"""A model as a repository publishes it."""

from typing import Any

import msgspec

from beffroi.errors import Text


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """How devices of a model join a network, in one region. `mac_version`: of LoRaWAN's link layer, as LoRa Alliance
    numbers it."""

    name: str
    region: str
    mac_version: str | None = None
    regional_parameters: str | None = None
    class_b: bool = False
    class_c: bool = False
    otaa: bool = True


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A message whose decoding its maker tells. `expected`: what decodeUplink gives as data; `normalised`: what
    normalizeUplink makes of that, when told; `fails`: the codec shall refuse the message."""

    payload: bytes
    port: int | None = None
    expected: Any = None
    normalised: Any = None
    fails: bool = False


class PublishedModel(msgspec.Struct, frozen=True, kw_only=True):
    """`where`: its file, from the checkout's root. `firmware`: versions, the oldest first. `codec`: the script of the
    newest that has one."""

    where: str
    vendor: str
    code: str
    maker: str
    name: str
    description: str | None = None
    page: str | None = None
    firmware: list[str] = []
    profiles: list[Profile] = []
    codec: str | None = None
    examples: list[Example] = []


class Defect(msgspec.Struct, frozen=True):
    """What is wrong with an entry."""

    where: str
    text: Text
