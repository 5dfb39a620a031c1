"""One field of a layout."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

Value = bool | int | float | str
Order = Literal["big", "little"]
REST = -1
"""the size of what takes all that is left"""


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One value; or, with `fields`, a group of them that is repeated.

    It lies where the one before ends, unless `byte` or `bit` says where, from the beginning of the message or of the
    repetition. `when`: other fields, told before it, and what they must be worth. `reserved` with a
    name is read for `when` and `repeat`, and not told."""

    name: str = ""
    kind: Literal["unsigned", "signed", "float", "boolean", "text", "bytes", "reserved"] = "unsigned"
    bits: int | None = None
    bytes: int | None = None
    byte: int | None = None
    bit: int | None = None
    order: Order | None = None
    scale: float = 1
    offset: float = 0
    words: dict[str, str] = {}
    missing: list[int] = []
    unit: str = ""
    ports: list[int] = []
    when: dict[str, Value | list[Value]] = {}
    optional: bool = False
    repeat: int | str | None = None
    fields: "list[Field]" = []

    @property
    def size(self) -> int:
        """Bits, or `REST`: of a text or bytes without length."""
        if self.bits is not None:
            return self.bits
        if self.bytes is not None:
            return self.bytes * 8
        return {"boolean": 1, "text": REST, "bytes": REST}.get(self.kind, 0)

    def holds(self, told: Mapping[str, Any], port: int | None) -> bool:
        return (not self.ports or port in self.ports) and all(
            told.get(name) in (wanted if isinstance(wanted, list) else [wanted]) for name, wanted in self.when.items()
        )
