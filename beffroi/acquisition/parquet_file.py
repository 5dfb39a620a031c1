"""Parquet, a part at a time."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from beffroi.acquisition.mapping import Format
from beffroi.acquisition.parts import COLUMNS_LIMIT, ROWS, Part, column_of
from beffroi.errors import Invalid, Text

GROUP_BYTES = 2**30
"""of one row group once unpacked, at most"""


class ParquetFile:
    """Numbered as the same rows would be in a spreadsheet: the first record is row 2."""

    def __init__(self, path: Path, format_: Format) -> None:
        self.format = format_
        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(error) from error
        described = self._file.metadata
        groups = (described.row_group(number).total_byte_size for number in range(described.num_row_groups))
        if described.num_columns > COLUMNS_LIMIT or max(groups, default=0) > GROUP_BYTES:
            raise Invalid("file", Text("fichier trop grand une fois déplié", "the file is too big once unpacked"))
        self.columns = list(self._file.schema_arrow.names)

    def parts(self, wanted: Sequence[str]) -> Iterator[Part]:
        total, first = self._file.metadata.num_rows, 2
        try:
            for batch in self._file.iter_batches(ROWS, columns=list(wanted)):
                numbers = np.arange(first, first + len(batch))
                first += len(batch)
                kept = ~np.isin(numbers, self.format.skip)
                chosen = batch.filter(pa.array(kept))
                columns = {name: _plain(chosen.column(name)) for name in wanted}
                yield Part(numbers[kept], columns, (first - 2) / total)
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(error) from error


def _plain(column: pa.Array) -> pa.Array:
    """As text, a number, a boolean or a time."""
    type_ = column.type
    if pa.types.is_dictionary(type_):
        return _plain(column.dictionary_decode())
    if pa.types.is_large_string(type_) or pa.types.is_string_view(type_):
        return column.cast(pa.string())
    if pa.types.is_timestamp(type_):
        return column.cast(pa.timestamp("us", type_.tz), safe=False)
    if pa.types.is_floating(type_) or pa.types.is_decimal(type_):
        return column.cast(pa.float64())
    if pa.types.is_unsigned_integer(type_) and type_.bit_width == 64:
        return column.cast(pa.string())
    if pa.types.is_integer(type_):
        return column.cast(pa.int64())
    if pa.types.is_string(type_) or pa.types.is_boolean(type_) or pa.types.is_date(type_) or pa.types.is_null(type_):
        return column
    if pa.types.is_binary(type_) or pa.types.is_large_binary(type_):
        return pc.binary_length(column).cast(pa.string())
    return column_of(column.to_pylist())


def _unreadable(error: Exception) -> Invalid:
    return Invalid("file", Text(f"Parquet illisible : {error}", f"unreadable Parquet: {error}"))
