"""Numbers taken apart into digits over a divisor, and put together again: the very same."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.observations import decimals
from tests.trials import tried

SOME = st.one_of(
    st.floats(allow_nan=True, allow_infinity=False),
    st.decimals(-(10**9), 10**9, places=3).map(float),
    st.integers(-(2**60), 2**60).map(float),
    st.sampled_from([0.0, -0.0, 5e-324, 0.1, 2.0**53, -(2.0**53) + 1, 1e-9, 1e-10, 1.7976931348623157e308]),
)


def apart(series: list[int], value: list[float]) -> pa.Table:
    return pa.table(decimals.columns(np.array(series, dtype=np.int64), np.array(value, dtype=np.float64)))


@tried(300)
@given(st.lists(st.tuples(st.integers(0, 3), SOME), max_size=40))
def test_what_is_put_together_is_what_was_taken_apart(rows: list[tuple[int, float]]) -> None:
    rows.sort(key=lambda row: row[0])
    value = np.array([one for _, one in rows], dtype=np.float64)
    found = apart([series for series, _ in rows], value.tolist())
    read = decimals.numbers({name: decimals.plain(found[name]) for name in found.schema.names}, len(found))
    nulls = np.isnan(value)
    assert (np.isnan(read) == nulls).all()
    assert (read[~nulls].view(np.int64) == value[~nulls].view(np.int64)).all()  # a negative zero too
    both = (found["digits"].is_valid().to_numpy(), found["value"].is_valid().to_numpy())
    assert not (both[0] & both[1]).any()
    assert (found["divisor"].is_valid().to_numpy() == both[0]).all()


@pytest.mark.parametrize("places", range(10))
def test_a_series_has_one_divisor_of_as_many_decimals_as_it_needs(places: int) -> None:
    value = [3.0, round(1 / 7, places), float("nan"), 2 / 3]
    found = apart([1] * 4 + [2], [*value, 7.0]).to_pydict()
    assert found["divisor"] == [10**places, 10**places, None, None, 1]
    assert found["digits"] == [3 * 10**places, round(10**places / 7), None, None, 7]
    assert found["value"] == [None, None, None, 2 / 3, None]
