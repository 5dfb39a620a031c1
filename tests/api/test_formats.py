"""What is written of observations by two ways is the same."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from beffroi.api import formats
from beffroi.observations import Track
from beffroi.observations.tracks import as_batch
from tests.trials import tried

NUMBERS = st.one_of(st.just(float("nan")), st.floats(allow_nan=False, allow_infinity=False))


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    rows = draw(st.integers(0, 5))

    def column(values: st.SearchStrategy[float]) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=rows, max_size=rows)), dtype=np.float64)

    words = draw(st.none() | st.lists(st.none() | st.text(max_size=3), min_size=rows, max_size=rows))
    placed = draw(st.booleans())
    return Track(
        np.array(draw(st.lists(st.integers(0, 2**51), min_size=rows, max_size=rows)), dtype=np.int64),
        column(NUMBERS),
        np.array(draw(st.lists(st.integers(0, 2047), min_size=rows, max_size=rows)), dtype=np.uint16),
        None if words is None else np.array(words, dtype=object),
        column(NUMBERS) if placed else None,
        column(NUMBERS) if placed else None,
    )


@tried(200)
@given(st.lists(st.tuples(st.integers(1, 9), tracks()), min_size=1, max_size=4))
def test_tracks_are_told_as_the_table_of_them(held: list[tuple[int, Track]]) -> None:
    table = pa.Table.from_batches([as_batch(held)])
    assert formats.tracks_json(held) == formats.columns_json(table)
