"""Quantiles of Student's t, beside the printed tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.pooling.trying.student import below, quantile

TABLE = (
    (1, 0.975, 12.706),
    (2, 0.975, 4.303),
    (5, 0.975, 2.571),
    (10, 0.95, 1.812),
    (30, 0.975, 2.042),
    (120, 0.995, 2.617),
)


@pytest.mark.parametrize(("freedom", "level", "printed"), TABLE)
def test_a_quantile_is_that_of_the_tables(freedom: int, level: float, printed: float) -> None:
    assert quantile(level, freedom) == pytest.approx(printed, abs=6e-4)


@given(st.floats(0.51, 0.9999), st.floats(1, 500))
def test_the_share_under_a_quantile_is_its_level(level: float, freedom: float) -> None:
    assert below(quantile(level, freedom), freedom) == pytest.approx(level, abs=1e-9)
