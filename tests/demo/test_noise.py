import numpy as np

from beffroi.demo.noise import chance, seed_of, seeds, smooth


def test_a_draw_repeats_whatever_is_drawn_with_it() -> None:
    many = chance(seeds("meter", 1, 1000), 7)
    assert chance(seeds("meter", 1, 3), 7).tolist() == many[:3].tolist()
    assert chance(seeds("meter", 2, 3), 7).tolist() != many[:3].tolist()


def test_draws_are_spread_evenly() -> None:
    counts, _ = np.histogram(chance(seed_of("x"), np.arange(100_000)), bins=10, range=(0, 1))
    assert counts.sum() == 100_000
    assert (abs(counts - 10_000) < 500).all()


def test_neighbouring_seeds_draw_unrelated_values() -> None:
    one, other = (chance(seed, np.arange(10_000)) for seed in seeds("x", 1, 2))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.05


def test_smooth_noise_has_neither_jump_nor_steep_slope() -> None:
    step = 1e-3
    curve = smooth(seed_of("x"), np.arange(-50, 50, step))
    assert abs(np.diff(curve)).max() / step < 3.01
    assert -1 <= curve.min() < -0.8
    assert 0.8 < curve.max() <= 1
