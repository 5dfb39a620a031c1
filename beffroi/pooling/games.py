"""Cost games: what every coalition of players would pay by itself, and what is true of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from beffroi.errors import Invalid, Text
from beffroi.pooling.coalitions import Floats, members

MOST = 20
"""members of a game given by a table: 2^20 coalitions"""


@dataclass(frozen=True, eq=False)
class Game:
    """`costs[mask]` is what the coalition `mask` would pay alone; the empty one pays nothing."""

    players: tuple[str, ...]
    costs: Floats

    @property
    def count(self) -> int:
        return len(self.players)

    @property
    def everyone(self) -> int:
        return len(self.costs) - 1

    @property
    def total(self) -> float:
        return float(self.costs[-1])

    @cached_property
    def alone(self) -> Floats:
        """What each would pay by itself: the stand-alone costs."""
        found: Floats = self.costs[1 << np.arange(self.count)]
        return found

    @cached_property
    def separable(self) -> Floats:
        """What each adds to the cost of all the others: its separable cost."""
        found: Floats = self.total - self.costs[self.everyone ^ (1 << np.arange(self.count))]
        return found

    @cached_property
    def scale(self) -> float:
        """The size of the figures, against which tolerances are taken."""
        return float(np.abs(self.costs).max()) or 1.0

    def names(self, mask: int) -> list[str]:
        return [self.players[member] for member in members(mask)]

    def without(self, player: str) -> "Game":
        """The same game once `player` has left: nothing else changes."""
        member = self.players.index(player)
        kept = self.costs.reshape(-1, 2, 1 << member)[:, 0, :].reshape(-1)
        return Game(tuple(one for one in self.players if one != player), kept)


def airport(costs: Sequence[float], players: Sequence[str] = ()) -> Game:
    """A group pays what the dearest of its members needs: the runway of Littlechild and Owen, Management Science 20
    (1973)."""
    refuse_many(len(costs))
    found = np.zeros(1 << len(costs))
    for member, cost in enumerate(costs):
        bit = 1 << member
        found[bit : 2 * bit] = np.maximum(found[:bit], cost)
    return Game(tuple(players) or tuple(str(one + 1) for one in range(len(costs))), found)


def refuse_many(count: int) -> None:
    if count > MOST:
        raise Invalid(
            "players",
            Text(
                f"{count} membres : un tableau de coûts en a {MOST} au plus ; au-delà, donnez un modèle de coûts",
                f"{count} members: a table of costs has {MOST} at most; beyond, give a model of costs",
            ),
        )
