"""Exact intervals of so few failures."""

import pytest

from beffroi.pooling.buying.failing import limits, rate


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 2.9957), (1, 0.05129, 4.7439), (10, 5.4254, 16.9622), (100, 84.139, 118.079)],
)
def test_the_interval_is_garwoods(count: int, low: float, high: float) -> None:
    """Halves of quantiles of chi-square with 2n and 2n + 2 degrees of freedom, from published tables."""
    assert limits(count) == pytest.approx((low, high), rel=2e-4, abs=1e-9)


def test_no_failure_seen_is_no_proof_that_there_is_none() -> None:
    found = rate(0, 10.0, 2)
    assert (found.per_hundred, found.low, found.presumed) == (0, 0, 2)
    assert found.high == pytest.approx(29.957, rel=1e-3)
