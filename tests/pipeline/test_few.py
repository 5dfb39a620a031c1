"""A few rows, looked at as lists, fare as the same rows looked at as columns."""

from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from beffroi.errors import Invalid
from beffroi.observations import Few, Quality, microseconds
from beffroi.observations.admission import admit, is_sound
from beffroi.pipeline.qualify import qualify, qualify_few
from beffroi.pipeline.writable import KINDS, Accepted

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AT = microseconds(NOW)
HOUR = 3_600_000_000
ACCEPTED = Accepted(
    id=np.arange(1, 9),
    kind=np.array([KINDS.index(kind) for kind in (*KINDS, "number", "text")], np.int8),
    low=np.array([-5.0, -np.inf, -np.inf, -np.inf, -np.inf, -np.inf, 0.0, -np.inf]),
    high=np.array([5.0, 3.0, np.inf, np.inf, np.inf, np.inf, np.inf, np.inf]),
    simulated=np.array([False, True, False, False, True, False, True, False]),
    since=np.array([-(2**62), -(2**62), 0, 0, AT - HOUR, 0, AT - HOUR, AT]),
    categories={4: frozenset(("on", "off"))},
)
NUMBERS = st.one_of(st.none(), st.sampled_from([0.0, 1.0, -5.0, 5.5, float("inf")]), st.floats(allow_nan=False))
TIMES = st.one_of(
    st.sampled_from([AT, AT - HOUR, AT - HOUR - 1, AT + HOUR, AT + HOUR + 1]),
    st.integers(microseconds(datetime(1890, 1, 1, tzinfo=UTC)), microseconds(datetime(2210, 1, 1, tzinfo=UTC))),
)
ROWS = st.tuples(
    st.integers(1, 8), TIMES, NUMBERS, st.sampled_from([0, 2, 256, 1024]), st.sampled_from([None, "", "on", "é"])
)


@st.composite
def some(draw: st.DrawFn) -> Few:
    series, time, value, quality, text = zip(*draw(st.lists(ROWS, min_size=1, max_size=12)), strict=True)
    return Few(series, time, value, quality, text if draw(st.booleans()) else None)


@given(some())
def test_they_are_qualified_alike(few: Few) -> None:
    facts = ACCEPTED.facts(few.series)
    assert facts is not None
    found = qualify_few(few, facts, now=NOW)
    try:
        batch, flagged = qualify(few.batch, ACCEPTED, now=NOW)
    except Invalid:
        assert found is None
        return
    if found is not None:
        assert found[0].batch.equals(batch)
        assert found[1] == flagged


@given(some())
def test_they_are_admitted_alike(few: Few) -> None:
    if is_sound(few):
        assert admit(few.batch).equals(few.batch)


def test_what_is_plain_takes_the_short_way() -> None:
    few = Few([1, 7, 8], [AT, AT + 2 * HOUR, AT], [6.0, 1.0, None], [0, 0, 0], [None, None, "mot"])
    facts = ACCEPTED.facts(few.series)
    assert facts is not None
    found = qualify_few(few, facts, now=NOW)
    assert found is not None
    expected = [Quality.OUT_OF_RANGE, Quality.DOUBTFUL | Quality.SIMULATED, 0]
    assert (found[0].quality, found[1]) == (expected, 2)
    assert is_sound(found[0])


def test_doubles_do_not() -> None:
    assert not is_sound(Few([1, 1], [AT, AT], [1.0, 2.0], [0, 0]))
