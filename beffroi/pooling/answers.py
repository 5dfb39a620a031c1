"""What the commands print, as JSON documents."""

import math
from collections.abc import Sequence

import msgspec

from beffroi.pooling.coalitions import Floats
from beffroi.pooling.core import stability
from beffroi.pooling.games import Game
from beffroi.pooling.stable import Stable

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


class Held(msgspec.Struct, frozen=True):
    """The nearest stable sharing to `wanted`. `proven`: no group at all would save more than this by leaving.
    `lacking`: 0 where the core is not empty; else a yearly subsidy that suffices to be stable, `lacking_least` one that
    is needed, and the allocation is what remains to pay. `holding`: the groups that hold the key back."""

    wanted: dict[str, float]
    allocation: dict[str, float]
    empty: bool
    lacking: float
    lacking_least: float
    proven: float
    holding: list[list[str]]


def shared(game: Game, method: str, shares: Floats) -> Shared:
    return Shared(method=method, allocation=by_player(game.players, shares, game.scale), core=core(game, shares))


def core(game: Game, shares: Floats) -> Core:
    found = stability(game, shares)
    return Core(found.inside, found.blocking, rounded(found.excess, game.scale))


def held(players: Sequence[str], wanted: Floats, found: Stable, total: float) -> Held:
    return Held(
        wanted=by_player(players, wanted, total),
        allocation=by_player(players, found.shares, total),
        empty=found.lacking > 0,
        lacking=rounded(found.lacking, total),
        lacking_least=rounded(found.lacking_least, total),
        proven=rounded(max(found.bound, 0.0), total),
        holding=[[player for player, one in zip(players, group, strict=True) if one] for group in found.binding],
    )


def by_player(players: Sequence[str], shares: Floats, scale: float) -> dict[str, float]:
    return {player: rounded(float(one), scale) for player, one in zip(players, shares, strict=True)}


def rounded(value: float, scale: float) -> float:
    return round(value, DIGITS - math.ceil(math.log10(abs(scale) or 1.0))) + 0.0
