"""Windows taken in parts."""

from hypothesis import given
from hypothesis import strategies as st

from beffroi.observations import Windows
from tests.observations.builders import at

stretches = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 30), st.integers(1, 3)), max_size=20)


@given(stretches, st.integers(1, 7))
def test_parts_are_the_whole_and_share_no_series(told: list[tuple[int, int, int]], most: int) -> None:
    windows = Windows.of([(series, at(start), at(start + length)) for series, start, length in told])
    parts = list(windows.parts(most))
    for column in ("series", "start", "end"):
        assert [str(one) for part in parts for one in getattr(part, column)] == [
            str(one) for one in getattr(windows, column)
        ]
    owners = [set(part.series.tolist()) for part in parts]
    assert sum(map(len, owners)) == len(set().union(*owners))
    assert all(len(part) for part in parts)
