"""A mapping applied to the rows of a file: observations by the codes of their series, and what could not be taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from beffroi.acquisition.cells import cells, missing_as_null
from beffroi.acquisition.mapping import FLAGS, Mapping
from beffroi.acquisition.parts import Part, array_of, nulls, shown, texts
from beffroi.acquisition.times import instants
from beffroi.errors import Text
from beffroi.observations import Quality

Mask = NDArray[np.bool_]
SCHEMA = pa.schema(
    [
        pa.field("index", pa.int64(), nullable=False),
        pa.field("code", pa.string(), nullable=False),
        pa.field("time", pa.timestamp("us", "UTC"), nullable=False),
        pa.field("value", pa.float64()),
        pa.field("text", pa.string()),
        pa.field("longitude", pa.float64()),
        pa.field("latitude", pa.float64()),
        pa.field("quality", pa.uint16(), nullable=False),
    ]
)
"""`index`: the row's place in its part. `value` is in the unit of the source."""


@dataclass(frozen=True)
class Reject:
    """A cell that could not be taken, or a whole row (its date, its station…) when `value` is None: then the row is
    told once, and each of its cells that says something counts as lost. `record`: what the row says, to try again."""

    row: int
    column: str
    raw: str
    reason: Text
    value: str | None
    record: dict[str, str | None]


@dataclass(frozen=True)
class Decoded:
    """`observed`: by name of value in the mapping, tables of `SCHEMA`. Counts are of cells (those of `values`, in rows
    that answer their `when`): `read` = rows of `observed` + `missing` + `rejected`. `ignored`: rows that no value's
    `when` asks for."""

    observed: dict[str, pa.Table]
    rejects: list[Reject]
    read: int
    missing: int
    rejected: int
    ignored: int


def decode(part: Part, mapping: Mapping, *, only: str | None = None) -> Decoded:
    """What `part` says, by `mapping`; `only` one of its values if named."""
    rows = _Rows(part, mapping)
    columns = [_Column(rows, name) for name in ([only] if only else mapping.values)]
    asked = np.array([column.asked for column in columns])
    return Decoded(
        {column.name: column.table() for column in columns},
        [*rows.rejects(), *(reject for column in columns for reject in column.rejects)],
        read=int(np.count_nonzero(asked)),
        missing=sum(int(np.count_nonzero(column.missing)) for column in columns),
        rejected=sum(int(np.count_nonzero(column.lost)) for column in columns),
        ignored=int(np.count_nonzero(~asked.any(axis=0))),
    )


class Records:
    """The rows of a part as text, for those that must be told; made at the first of them."""

    def __init__(self, part: Part, mapping: Mapping) -> None:
        self.part, self.mapping = part, mapping

    @cached_property
    def _texts(self) -> dict[str, list[str | None]]:
        written = {name: texts(column).to_pylist() for name, column in self.part.columns.items()}
        for name, cells_ in self.part.cells.items():
            for index, unreadable in cells_.items():
                written[name][index] = unreadable.raw
        return written

    def cell(self, index: int, name: str, reason: Text, *, column: str | None = None) -> Reject:
        """A cell of value `name` refused (in one of its columns, the first unless told)."""
        told = column or self.mapping.cells_of(name)[0]
        record = {one: self._texts[one][index] for one in self.mapping.columns(name)}
        return Reject(int(self.part.rows[index]), told, shown(record[told] or "", RAW), reason, name, record)

    def row(self, index: int, column: str, raw: str, reason: Text) -> Reject:
        record = {} if index in self.part.lost else {name: one[index] for name, one in self._texts.items()}
        return Reject(int(self.part.rows[index]), column, shown(raw, RAW), reason, None, record)


class _Rows:
    """What holds for every cell of a row: its instant, and whether it can be taken at all."""

    def __init__(self, part: Part, mapping: Mapping) -> None:
        self.part, self.mapping, self.records = part, mapping, Records(part, mapping)
        self.columns = {name: missing_as_null(part.columns[name], mapping.format.missing) for name in mapping.common()}
        found = instants(self.columns, mapping.time)
        self.time, self.faults = found.utc, dict(found.faults)
        self.quality = np.where(found.doubtful, np.uint16(Quality.DOUBTFUL), np.uint16(0))
        for name in mapping.common():
            for index in np.flatnonzero(nulls(self.columns[name])).tolist():
                self.faults.setdefault(index, (name, "", EMPTY))
            for index, unreadable in part.cells.get(name, {}).items():
                self.faults[index] = (name, unreadable.raw, unreadable.reason)
        for index, unreadable in part.lost.items():
            self.faults[index] = ("", unreadable.raw, unreadable.reason)
        self.usable = _mask(len(part), self.faults, inside=False)
        self.unread = _mask(len(part), part.lost)

    def rejects(self) -> list[Reject]:
        return [self.records.row(index, *fault) for index, fault in sorted(self.faults.items())]


class _Column:
    """One value of the mapping over the rows of a part."""

    def __init__(self, rows: _Rows, name: str) -> None:
        self.rows, self.name = rows, name
        self.value = rows.mapping.values[name]
        self.cells = cells(rows.part.columns, rows.mapping.column(name), self.value, rows.mapping.format)
        self.asked = self._when()
        self.rejects: list[Reject] = []
        wrong = self._refuse()
        said = self.asked & (~self.cells.missing | wrong | rows.unread)
        self.missing = self.asked & ~said
        self.lost = said & (wrong | ~rows.usable)
        self.kept = said & ~self.lost

    def table(self) -> pa.Table:
        """The observations that can be taken, as `SCHEMA`."""
        found, kept = self.cells, np.flatnonzero(self.kept)
        places = pa.array(kept)
        template = self.rows.mapping.code(self.name)
        said = {name: texts(self.rows.columns[name]) for name in template.fields}
        text = found.text if found.text is not None else pa.nulls(len(self.kept), pa.string())
        quality = found.quality | self.rows.quality | self._doubts()
        return pa.table(
            [
                places,
                template.fill(said, len(self.kept)).take(places),
                pa.array(self.rows.time[kept], pa.timestamp("us", "UTC")),
                pa.array(found.value[kept], from_pandas=True),
                text.take(places),
                _coordinates(found.longitude, kept),
                _coordinates(found.latitude, kept),
                pa.array(quality[kept], pa.uint16()),
            ],
            schema=SCHEMA,
        )

    def _when(self) -> Mask:
        mask = np.ones(len(self.rows.part), np.bool_)
        for column, given in self.value.when.items():
            words = [given] if isinstance(given, str) else given
            mask &= _among(self.rows.part.columns[column], words)
        return mask

    def _refuse(self) -> Mask:
        """The cells that cannot be, told unless their whole row is."""
        told = self.asked & self.rows.usable
        wrong = np.zeros(len(self.rows.part), np.bool_)
        for column in [*self.rows.mapping.cells_of(self.name), *self.value.when]:
            for index, unreadable in self.rows.part.cells.get(column, {}).items():
                if told[index]:
                    self.rejects.append(self.rows.records.cell(index, self.name, unreadable.reason, column=column))
                wrong[index] = True
        for mask, column, reason in self.cells.wrong:
            for index in np.flatnonzero(mask & told & ~wrong).tolist():
                self.rejects.append(self.rows.records.cell(index, self.name, reason, column=column))
            wrong |= mask
        return wrong

    def _doubts(self) -> NDArray[np.uint16]:
        flags = np.zeros(len(self.rows.part), np.uint16)
        for rule in self.rows.mapping.quality:
            if rule.column and (not rule.values or self.name in rule.values):
                flags[_among(self.rows.part.columns[rule.column], rule.words)] |= np.uint16(FLAGS[rule.flag])
        return flags


EMPTY = Text("vide, alors que toute la ligne en dépend", "empty, while the whole row depends on it")
RAW = 2000
"""characters of a refused cell that are kept"""


def _among(column: pa.Array, words: list[str]) -> Mask:
    return array_of(pc.is_in(texts(column), pa.array(words, pa.string())))


def _mask(length: int, indexes: Iterable[int], *, inside: bool = True) -> Mask:
    mask = np.full(length, not inside)
    mask[list(indexes)] = inside
    return mask


def _coordinates(values: NDArray[np.float64] | None, kept: NDArray[np.int64]) -> pa.Array:
    return pa.nulls(len(kept), pa.float64()) if values is None else pa.array(values[kept], from_pandas=True)
