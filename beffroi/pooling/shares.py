"""Methods that are a formula: stand-alone proportional, equal gains, separable costs, Shapley.

Sources: Shapley, *A value for n-person games* (1953); Tennessee Valley Authority, *Allocation of Investment* (1938) and
Young, Okada and Hashimoto, *Cost allocation in water resources development*, Water Resources Research 18 (1982), for
separable costs; Moulin, *The separability axiom and equal-sharing methods*, Journal of Economic Theory 36 (1985), for
equal parts.
"""

from math import comb

import numpy as np

from beffroi.errors import Invalid, Text
from beffroi.pooling.coalitions import Floats, sizes, with_member
from beffroi.pooling.games import Game


def proportional_standalone(game: Game) -> Floats:
    """Each pays the same part of what it would pay alone."""
    together = game.alone.sum()
    if together <= 0:
        return _nothing(game, Text("personne n'aurait de coût seul", "nobody would have a cost alone"))
    found: Floats = np.multiply(game.alone, game.total / together)
    return found


def equal_remaining_gains(game: Game) -> Floats:
    """Each saves the same amount on what it would pay alone."""
    found: Floats = np.subtract(game.alone, (game.alone.sum() - game.total) / game.count)
    return found


def equal_nonseparable(game: Game) -> Floats:
    """Each pays what it adds to the others' cost, and an equal part of the rest."""
    found: Floats = np.add(game.separable, (game.total - game.separable.sum()) / game.count)
    return found


def separable_costs_remaining_benefits(game: Game) -> Floats:
    """Each pays what it adds to the others' cost; the rest is shared by what each would still save against paying
    alone. Who would save nothing more pays none of the rest."""
    rest = game.total - game.separable.sum()
    benefits = np.maximum(game.alone - game.separable, 0.0)
    if benefits.sum() <= 1e-12 * game.scale:
        if abs(rest) > 1e-9 * game.scale:
            raise Invalid(
                "method",
                Text(
                    f"scrb : aucun membre n'a de bénéfice restant, et {rest:.6g} restent à répartir",
                    f"scrb: no member has a remaining benefit, and {rest:.6g} is left to share",
                ),
            )
        return game.separable.copy()
    found: Floats = np.add(game.separable, benefits * (rest / benefits.sum()))
    return found


def shapley(game: Game) -> Floats:
    """The mean, over all orders of arrival, of what each adds to the cost of those before it.

    The share of i is the sum over groups S of c(S)/(s C(n, s)) where S has i, less c(S)/((n - s) C(n, s)) where not:
    with both weights added in one array, one sum a member.
    """
    count = game.count
    size = np.arange(count + 1)
    ways = np.array([comb(count, one) for one in size], dtype=np.float64)
    joined = np.where(size > 0, 1.0 / (np.maximum(size, 1) * ways), 0.0)
    apart = np.where(size < count, 1.0 / (np.maximum(count - size, 1) * ways), 0.0)
    of = sizes(count)
    both = (joined + apart)[of] * game.costs
    base = float((apart[of] * game.costs).sum())
    return np.array([with_member(both, member).sum() - base for member in range(count)])


def _nothing(game: Game, why: Text) -> Floats:
    if abs(game.total) > 1e-9 * game.scale:
        raise Invalid(
            "method", Text(f"rien à quoi proportionner : {why.fr}", f"nothing to be in proportion to: {why.en}")
        )
    return np.zeros(game.count)
