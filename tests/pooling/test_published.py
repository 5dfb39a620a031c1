"""Games whose shares are published, or follow from a published formula."""

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from beffroi.pooling import nucleolus, shares
from beffroi.pooling.core import stability
from beffroi.pooling.game_file import read
from beffroi.pooling.games import Game, airport
from beffroi.pooling.methods import METHODS
from tests.pooling.builders import a_game, listed, of_table

SKANE = {
    "shapley": [20.01, 10.71, 6.61, 10.37, 16.94, 19.18],
    "scrb": [19.54, 13.28, 5.62, 10.90, 16.66, 17.82],
    "nucleolus": [20.35, 12.06, 5.00, 8.61, 18.32, 19.49],
    "nucleolus-per-capita": [20.03, 12.52, 3.94, 9.07, 18.54, 19.71],
    "nucleolus-proportional": [19.81, 12.57, 4.35, 9.25, 18.37, 19.47],
    "equal-remaining-gains": [17.82, 12.95, 6.78, 11.75, 16.68, 17.85],
}


@pytest.fixture
def skane(shared_data: Path) -> Game:
    return read((shared_data / "pooling/skane.json").read_bytes())


@pytest.mark.parametrize("name", SKANE)
def test_water_of_skane_is_shared_as_published(skane: Game, name: str) -> None:
    assert METHODS[name].share(skane) == pytest.approx(SKANE[name], abs=0.01)


@pytest.mark.parametrize("name", ["shapley", "scrb", "proportional-standalone", "equal-remaining-gains"])
def test_simple_keys_of_skane_are_blocked_by_three_towns(skane: Game, name: str) -> None:
    found = stability(skane, METHODS[name].share(skane))
    assert (found.inside, found.blocking) == (False, ("H", "K", "L"))


def test_proportional_to_population_skane_gives_two_towns_a_reason_to_leave(skane: Game, shared_data: Path) -> None:
    document = json.loads((shared_data / "pooling/skane.json").read_text(encoding="utf-8"))
    assert not stability(skane, np.array(document["published"]["proportional_to_population"])).inside


def test_the_airport_of_the_textbook(shared_data: Path) -> None:
    game = read((shared_data / "pooling/airport.json").read_bytes())
    assert listed(shares.shapley(game)) == [2, 3, 4, 9]
    assert listed(nucleolus.nucleolus(game)) == [3.25, 3.25, 3.25, 8.25]


@pytest.mark.parametrize("seed", range(5))
def test_airports_follow_littlechild_and_owen(seed: int) -> None:
    needs = np.sort(np.random.default_rng(seed).integers(1, 100, 9)).astype(float)
    game = airport(needs)
    steps = np.diff(needs, prepend=0.0) / np.arange(9, 0, -1)
    assert shares.shapley(game) == pytest.approx(np.cumsum(steps))
    assert nucleolus.nucleolus(game) == pytest.approx(_littlechild(list(needs)))


def _littlechild(needs: list[float]) -> list[float]:
    """Littlechild, A simple expression for the nucleolus in a special case, International Journal of Game Theory 3
    (1974): the first groups of users that can do so pay equally for their part of the runway and half a step more."""
    found: list[float] = []
    before, carried = 0.0, 0.0
    while len(found) < len(needs):
        rates = [
            ((need - before + carried) / (end - len(found) + (end < len(needs))), end)
            for end, need in enumerate(needs, 1)
            if end > len(found)
        ]
        carried, end = min(rates, key=lambda rate: (rate[0], -rate[1]))
        before, found = needs[end - 1], found + [carried] * (end - len(found))
    return found


@pytest.mark.parametrize(
    ("estate", "expected"),
    [(100, [100 / 3] * 3), (200, [50, 75, 75]), (300, [50, 100, 150]), (400, [50, 125, 225])],
)
def test_estates_are_divided_as_the_talmud_does(estate: float, expected: list[float]) -> None:
    """Aumann and Maschler, Journal of Economic Theory 36 (1985): claims of 100, 200 and 300."""
    claims = (100, 200, 300)
    game = a_game(lambda group: min(estate, sum(claims[one] for one in group)), 3)
    assert nucleolus.nucleolus(game) == pytest.approx(expected)


def test_of_two_left_gloves_and_a_right_one_the_right_takes_all() -> None:
    game = a_game(lambda group: 1.0 if 2 in group or len(group) == 2 else 0.0, 3)
    assert listed(nucleolus.nucleolus(game)) == [0, 0, 1]
    assert listed(shares.shapley(game)) == listed(np.array([1, 1, 4]) / 6)


@pytest.mark.parametrize(
    ("weights", "quota"), [((2, 1, 1, 1), 3), ((3, 2, 2, 1, 1), 5), ((1, 1, 1), 2), ((5, 2, 2, 2, 1, 1), 7)]
)
def test_the_power_of_a_constant_sum_vote_is_its_weights(weights: tuple[int, ...], quota: int) -> None:
    """Peleg, On weights of constant-sum majority games, SIAM Journal on Applied Mathematics 16 (1968)."""
    game = a_game(lambda group: -1.0 if sum(weights[one] for one in group) >= quota else 0.0, len(weights))
    assert -nucleolus.nucleolus(game) == pytest.approx(np.array(weights) / sum(weights))


def test_three_deposits_placed_together() -> None:
    """Lemaire, Cooperative game theory and its insurance applications, ASTIN Bulletin 21 (1991): what three investors
    earn in three months at 7.75 % under a million, 10.25 % under three, 12 % above; earnings are negative costs."""
    deposits = (1_800_000, 900_000, 300_000)

    def earned(group: tuple[int, ...]) -> float:
        placed = sum(deposits[one] for one in group)
        return -placed / 4 * (0.12 if placed >= 3e6 else 0.1025 if placed >= 1e6 else 0.0775)

    game = a_game(earned, 3)
    assert listed(-shares.shapley(game)) == [51_750, 25_875, 12_375]
    assert listed(-nucleolus.nucleolus(game)) == [52_687.5, 24_468.75, 12_843.75]


def test_the_three_purposes_of_the_tennessee_valley() -> None:
    """Ransmeier, The Tennessee Valley Authority (1942), as in Straffin and Heaney, International Journal of Game
    Theory 10 (1981): navigation, flood control and power, in thousands of dollars."""
    costs = {"N": 163_520, "F": 140_826, "P": 250_096, "NF": 301_607, "NP": 378_821, "FP": 367_370, "NFP": 412_584}
    game = of_table(("N", "F", "P"), costs)
    assert listed(shares.shapley(game)) == [117_829, 100_756.5, 193_998.5]
    assert listed(nucleolus.nucleolus(game)) == [116_234, 93_540, 202_810]
    assert listed(shares.separable_costs_remaining_benefits(game)) == pytest.approx([117_476, 99_157, 195_951], abs=0.5)


def test_a_network_of_least_length_is_shared_within_its_core() -> None:
    """Bird, Networks 6 (1976): minimum cost spanning trees have a core."""
    points = np.random.default_rng(3).random((7, 2))
    lengths = np.linalg.norm(points[:, None] - points[None], axis=2)

    def tree(group: tuple[int, ...]) -> float:
        inside, out, length = [0], [one + 1 for one in group], 0.0
        while out:
            step, new = min((lengths[one, other], other) for one in inside for other in out)
            inside, length = [*inside, new], length + float(step)
            out.remove(new)
        return length

    game = a_game(tree, 6)
    for share in (nucleolus.nucleolus, nucleolus.per_capita, nucleolus.proportional, METHODS["least-core"].share):
        assert stability(game, share(game)).inside


def test_shapley_is_the_mean_over_orders_of_arrival(skane: Game) -> None:
    found = np.zeros(6)
    orders = list(permutations(range(6)))
    for order in orders:
        mask = 0
        for member in order:
            found[member] += skane.costs[mask | 1 << member] - skane.costs[mask]
            mask |= 1 << member
    assert shares.shapley(skane) == pytest.approx(found / len(orders))
