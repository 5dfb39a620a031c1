from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from beffroi.observations import SCHEMA, Quality, batch_of
from beffroi.pipeline.zero_runs import ZeroRuns


def a_batch(start: int, values: Sequence[float | None], series: int = 1) -> pa.Table:
    times = np.datetime64("2024-01-01", "us") + np.arange(start, start + len(values)) * np.timedelta64(1, "D")
    return batch_of({"series": [series] * len(values), "time": times, "value": values})


def flags(tables: list[pa.Table]) -> list[bool]:
    rows = pa.concat_tables(tables).sort_by([("series", "ascending"), ("time", "ascending")])
    return [bool(quality & Quality.DOUBTFUL) for quality in rows["quality"].to_pylist()]


def test_a_run_as_long_as_the_rule_is_doubtful_and_a_shorter_one_is_not() -> None:
    runs = ZeroRuns(3, Quality.DOUBTFUL, SCHEMA)
    found = flags([runs.push(a_batch(0, [0, 0, 5, 0, 0, 0, 1])), runs.flush()])
    assert found == [False, False, False, True, True, True, False]


def test_each_series_has_its_own_runs() -> None:
    runs = ZeroRuns(3, Quality.DOUBTFUL, SCHEMA)
    batch = pa.concat_tables([a_batch(0, [0, 0], series=1), a_batch(2, [0, 0], series=2)])
    assert not any(flags([runs.push(batch), runs.flush()]))


@given(st.lists(st.sampled_from([0.0, 0.0, 1.0, None]), max_size=40), st.lists(st.integers(0, 40), max_size=5))
def test_where_the_parts_are_cut_changes_nothing(values: list[float | None], cuts: list[int]) -> None:
    whole = ZeroRuns(3, Quality.DOUBTFUL, SCHEMA)
    expected = flags([whole.push(a_batch(0, values)), whole.flush()])
    edges = [0, *sorted(min(cut, len(values)) for cut in cuts), len(values)]
    runs = ZeroRuns(3, Quality.DOUBTFUL, SCHEMA)
    pushed = [runs.push(a_batch(a, values[a:b])) for a, b in pairwise(edges)]
    assert flags([*pushed, runs.flush()]) == expected
