"""What must hold of every game."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from beffroi.errors import Invalid
from beffroi.pooling import nucleolus, shares
from beffroi.pooling.coalitions import Floats, paid, sizes
from beffroi.pooling.core import stability
from beffroi.pooling.games import Game
from beffroi.pooling.kohlberg import certified
from beffroi.pooling.least_core import least_core
from beffroi.pooling.methods import METHODS
from beffroi.pooling.nucleolus import least_excess
from tests.pooling.builders import games, subadditive_games
from tests.trials import tried

WEIGHTS: dict[str, Callable[[Game], Floats]] = {
    "nucleolus": lambda game: np.ones(len(game.costs)),
    "nucleolus-per-capita": lambda game: sizes(game.count).astype(float),
    "nucleolus-proportional": lambda game: game.costs,
}


def share(name: str, game: Game) -> Floats:
    try:
        return METHODS[name].share(game)
    except Invalid:  # no remaining benefit for anybody, a free group
        assume(False)
        raise


@pytest.mark.parametrize("name", METHODS)
@given(game=games(least=1))
def test_shares_make_the_whole_cost(name: str, game: Game) -> None:
    assert share(name, game).sum() == pytest.approx(game.total)


@pytest.mark.parametrize("name", METHODS)
@tried(50)
@given(game=games(), data=st.data())
def test_shares_do_not_depend_on_the_order_of_players(name: str, game: Game, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(game.count)))
    moved = paid(1 << np.array(order)).astype(np.int64)  # the former mask of each new one
    other = Game(tuple(game.players[one] for one in order), game.costs[moved])
    assert share(name, other) == pytest.approx(share(name, game)[order], abs=1e-6)


@pytest.mark.parametrize("name", [name for name in METHODS if name not in ("scrb", "proportional-standalone")])
@tried(50)
@given(game=games(), scale=st.floats(0.01, 1e6))
def test_shares_follow_the_unit_of_costs(name: str, game: Game, scale: float) -> None:
    other = Game(game.players, game.costs * scale)
    assert share(name, other) / scale == pytest.approx(share(name, game), abs=1e-6)


@pytest.mark.parametrize("name", ["shapley", "nucleolus", "nucleolus-per-capita", "scrb", "equal-remaining-gains"])
@tried(50)
@given(game=games(), data=st.data())
def test_what_concerns_one_alone_is_paid_by_that_one(name: str, game: Game, data: st.DataObject) -> None:
    own = np.array(data.draw(st.lists(st.integers(0, 50), min_size=game.count, max_size=game.count)), dtype=float)
    other = Game(game.players, game.costs + paid(own))
    assert share(name, other) == pytest.approx(share(name, game) + own, abs=1e-6)


@given(game=games(most=4), data=st.data())
def test_shapley_of_a_sum_is_the_sum(game: Game, data: st.DataObject) -> None:
    other = data.draw(games(least=game.count, most=game.count))
    both = Game(game.players, game.costs + other.costs)
    assert shares.shapley(both) == pytest.approx(shares.shapley(game) + shares.shapley(other))


@pytest.mark.parametrize("name", ["shapley", "nucleolus", "scrb", "nucleolus-per-capita"])
@tried(50)
@given(game=subadditive_games(most=4), own=st.integers(1, 9))
def test_who_adds_only_its_own_cost_pays_just_that(name: str, game: Game, own: int) -> None:
    more = Game((*game.players, "Z"), np.concatenate([game.costs, game.costs + own]))
    assert share(name, more)[-1] == pytest.approx(own, abs=1e-6)


@pytest.mark.parametrize("name", [*WEIGHTS, "least-core"])
@given(game=subadditive_games())
def test_where_the_core_is_not_empty_the_share_is_in_it(name: str, game: Game) -> None:
    assert stability(game, share(name, game)).inside


@pytest.mark.parametrize("name", WEIGHTS)
@tried(200)
@given(game=games(least=3, most=5, top=6))
def test_kohlberg_certifies_the_nucleolus_among_imputations(name: str, game: Game) -> None:
    found = share(name, game)
    capped = game.alone.sum() >= game.total
    assert certified(game, found, WEIGHTS[name](game), capped=bool(capped))
    if capped:
        assert (found <= game.alone + 1e-7).all()


@pytest.mark.parametrize("name", WEIGHTS)
@tried(30)
@given(game=games(least=3, most=5), data=st.data())
def test_no_other_imputation_is_lexicographically_better(name: str, game: Game, data: st.DataObject) -> None:
    found, weights = share(name, game), WEIGHTS[name](game)
    moves = st.lists(st.integers(-3, 3), min_size=game.count, max_size=game.count)
    change = np.array(data.draw(moves), dtype=float)
    other = found + (change - change.mean()) / 10
    assume((other <= game.alone + 1e-9).all() and np.abs(other - found).max() > 1e-6)
    assert _discontents(game, found, weights) < _discontents(game, other, weights)


def _discontents(game: Game, found: Floats, weights: Floats) -> list[float]:
    return sorted(((paid(found) - game.costs)[1:-1] / weights[1:-1]).round(7).tolist(), reverse=True)


def test_kohlberg_refuses_what_is_not_the_nucleolus() -> None:
    game = Game(("A", "B", "C"), np.array([0.0, 4, 5, 7, 6, 8, 9, 10]))
    found = nucleolus.nucleolus(game)
    assert certified(game, found, np.ones(8))
    assert not certified(game, found + np.array([0.1, -0.1, 0]), np.ones(8))


@given(game=games(), data=st.data())
def test_nothing_has_a_smaller_largest_excess_than_the_least_core(game: Game, data: st.DataObject) -> None:
    least, _ = least_excess(game)
    assert (paid(least_core(game)) - game.costs)[1:-1].max() == pytest.approx(least, abs=1e-5)
    change = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=game.count, max_size=game.count)), dtype=float)
    other = least_core(game) + change - change.mean()
    assert (paid(other) - game.costs)[1:-1].max() >= least - 1e-6


@tried(20)
@given(game=games(least=6, most=8))
def test_six_to_eight_members_are_certified_too(game: Game) -> None:
    found = nucleolus.nucleolus(game)
    assert certified(game, found, np.ones(len(game.costs)), capped=bool(game.alone.sum() >= game.total))
