"""A second file joined to the first: what is known of each station, beside what it observed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from beffroi.acquisition import parts
from beffroi.acquisition.mapping import Stations
from beffroi.acquisition.parts import Part
from beffroi.acquisition.tables import open_table, require
from beffroi.acquisition.templates import Template
from beffroi.errors import Invalid, Text


class Directory:
    """The stations of a file, by key."""

    def __init__(self, path: Path, declared: Stations) -> None:
        source = open_table(path, declared.format)
        key = Template.parse(declared.key)
        require(source, key.fields, where="stations")
        self.match = Template.parse(declared.match)
        self.names = source.columns
        read = list(source.parts([name for name in source.columns if source.columns.count(name) == 1]))
        names = read[0].columns if read else []
        self._columns = {name: pa.concat_arrays([parts.texts(part.columns[name]) for part in read]) for name in names}
        length = sum(map(len, read))
        self._keys = key.fill(self._columns, length)
        if length != len(self._keys.unique()):
            raise Invalid("stations.key", Text("une clé y est deux fois", "a key is there twice"))

    def joined(self, part: Part, wanted: Sequence[str]) -> Part:
        """`part` with those `wanted` columns that it lacks; null for a row whose station is not in the directory."""
        said = {name: parts.texts(part.columns[name]) for name in self.match.fields}
        place = pc.index_in(self.match.fill(said, len(part)), self._keys)
        added = {name: self._columns[name].take(place) for name in wanted if name not in part.columns}
        return replace(part, columns={**part.columns, **added})
