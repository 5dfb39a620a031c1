"""What the commands print, as JSON documents."""

import math

import msgspec

from beffroi.pooling.coalitions import Floats
from beffroi.pooling.core import stability
from beffroi.pooling.games import Game

DIGITS = 10
"""significant, of the largest figure: more is rounding"""


class Core(msgspec.Struct, frozen=True):
    """`excess`: what the group that has most reason to leave would save alone; at most 0 when none has."""

    inside: bool
    blocking: tuple[str, ...]
    excess: float


class Shared(msgspec.Struct, frozen=True):
    method: str
    allocation: dict[str, float]
    core: Core


def shared(game: Game, method: str, shares: Floats) -> Shared:
    found = stability(game, shares)
    return Shared(
        method=method,
        allocation=by_player(game.players, shares, game.scale),
        core=Core(found.inside, found.blocking, rounded(found.excess, game.scale)),
    )


def by_player(players: tuple[str, ...], shares: Floats, scale: float) -> dict[str, float]:
    return {player: rounded(float(one), scale) for player, one in zip(players, shares, strict=True)}


def rounded(value: float, scale: float) -> float:
    return round(value, DIGITS - math.ceil(math.log10(scale))) + 0.0
