"""Texts with holes: `synop:{numer_sta:05}:{property}` filled from the columns of a file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from beffroi.errors import Invalid, Text

HOLE = re.compile(r"{([^{}:]+)(?::0(\d{1,2}))?}")


@dataclass(frozen=True)
class Template:
    """`parts` alternate plain text and holes: (column, width to pad to with zeros)."""

    parts: tuple[str | tuple[str, int], ...]

    @classmethod
    def parse(cls, text: str) -> "Template":
        """Raises `Invalid` for a brace that opens or closes nothing."""
        parts: list[str | tuple[str, int]] = []
        end = 0
        for hole in HOLE.finditer(text):
            parts += [text[end : hole.start()], (hole[1], int(hole[2] or 0))]
            end = hole.end()
        parts.append(text[end:])
        if any(isinstance(part, str) and ("{" in part or "}" in part) for part in parts):
            raise Invalid(
                "template",
                Text("accolades : {colonne} ou {colonne:05}", "braces: {column} or {column:05}"),
            )
        return cls(tuple(part for part in parts if part))

    @property
    def fields(self) -> list[str]:
        """The columns it needs."""
        return [part[0] for part in self.parts if not isinstance(part, str)]

    def given(self, constants: Mapping[str, str]) -> "Template":
        """The same with the holes of these names filled."""
        return replace(
            self,
            parts=tuple(constants.get(part[0], part) if not isinstance(part, str) else part for part in self.parts),
        )

    def fill(self, columns: Mapping[str, pa.Array], length: int) -> pa.Array:
        """One text a row; null where a column it needs is."""
        pieces = [
            pa.scalar(part) if isinstance(part, str) else _padded(columns[part[0]], part[1]) for part in self.parts
        ]
        if not self.fields:
            return pa.repeat(pa.scalar("".join(part for part in self.parts if isinstance(part, str))), length)
        return pc.binary_join_element_wise(*pieces, "", null_handling="emit_null")


def _padded(column: pa.Array, width: int) -> pa.Array:
    return pc.utf8_lpad(column, width, "0") if width else column
