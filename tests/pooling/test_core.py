"""Is a sharing stable, and who says no."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.pooling.coalitions import members
from beffroi.pooling.core import stability
from beffroi.pooling.games import Game
from tests.pooling.builders import a_game, games


@given(game=games(least=1), data=st.data())
def test_the_worst_excess_is_that_of_trying_every_group(game: Game, data: st.DataObject) -> None:
    shares = np.array(data.draw(st.lists(st.integers(0, 20), min_size=game.count, max_size=game.count)), dtype=float)
    tried = [sum(shares[one] for one in members(mask)) - game.costs[mask] for mask in range(1, game.everyone)]
    found = stability(game, shares)
    assert found.inside == (max(tried, default=0.0) <= 0)
    assert found.excess == pytest.approx(max(tried, default=0.0))


def test_the_excess_is_what_the_group_would_save() -> None:
    game = a_game(lambda group: (0, 10, 12, 15)[len(group)], 3)
    found = stability(game, np.array([8.0, 5.0, 2.0]))
    assert (found.blocking, found.excess) == (("A", "B"), pytest.approx(1.0))


def test_inside_the_core_nobody_blocks_and_the_margin_is_told() -> None:
    game = a_game(lambda group: (0, 10, 12, 15)[len(group)], 3)
    found = stability(game, np.array([5.0, 5.0, 5.0]))
    assert (found.inside, found.blocking, found.excess) == (True, (), -2.0)


def test_of_groups_that_save_as_much_the_smallest_then_the_first_is_named() -> None:
    game = a_game(lambda group: 1.0 if len(group) < 3 else 6.0, 3)
    assert stability(game, np.array([2.0, 2.0, 2.0])).blocking == ("A", "B")
    assert stability(a_game(lambda group: 1.0 * len(group), 2), np.array([2.0, 2.0])).blocking == ("A",)


def test_one_member_alone_is_stable() -> None:
    assert stability(Game(("A",), np.array([0.0, 5.0])), np.array([5.0])).inside
