"""Actions in order, on several criteria: PROMETHEE II, and how each member's order differs.

Sources: Brans and Vincke, *A preference ranking organisation method*, Management Science 31 (1985), for the six shapes
of preference and the flows; Brans, Vincke and Mareschal, *How to select and how to rank projects: the PROMETHEE
method*, European Journal of Operational Research 24 (1986); Macharis, Brans and Mareschal, *The GDSS PROMETHEE
procedure*, Journal of Decision Systems 7 (1998), for the group: the mean of its members' net flows, each by its voices;
Kendall, *The treatment of ties in ranking problems*, Biometrika 33 (1945), for tau-b.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from beffroi.pooling.coalitions import Floats
from beffroi.pooling.programme.model import Criterion, Member, Programme

DIGITS = 12
"""of a net flow; what differs beyond is rounding"""


def preference(criterion: Criterion, difference: Floats) -> Floats:
    """From 0, none, to 1, whole, for differences in favour of the first."""
    q, p, s = criterion.q, criterion.p, criterion.s
    ahead = np.maximum(difference, 0.0)
    found: Floats
    if criterion.preference == "usual":
        found = np.where(ahead > 0, 1.0, 0.0)
    elif criterion.preference == "u-shape":
        found = np.where(ahead > q, 1.0, 0.0)
    elif criterion.preference == "v-shape":
        found = np.minimum(ahead / p, 1.0)
    elif criterion.preference == "level":
        found = np.where(ahead > p, 1.0, np.where(ahead > q, 0.5, 0.0))
    elif criterion.preference == "linear":
        found = np.clip((ahead - q) / (p - q), 0.0, 1.0)
    else:
        found = 1.0 - np.exp(-(ahead**2) / (2 * s**2))
    return found


@dataclass(frozen=True, eq=False)
class Flows:
    """Of each action (rows) on each criterion (columns): by how much it is preferred to the others on average, and they
    to it."""

    leaving: Floats
    entering: Floats

    @cached_property
    def net(self) -> Floats:
        found: Floats = self.leaving - self.entering
        return found


def flows(programme: Programme) -> Flows:
    count = len(programme.actions)
    leaving, entering = np.zeros((2, count, len(programme.criteria)))
    for number, criterion in enumerate(programme.criteria):
        scores = np.array([action.scores[criterion.name] for action in programme.actions])
        ahead = scores[:, None] - scores[None, :]
        table = preference(criterion, ahead if criterion.direction == "max" else -ahead)
        leaving[:, number] = table.sum(axis=1) / max(count - 1, 1)
        entering[:, number] = table.sum(axis=0) / max(count - 1, 1)
    return Flows(leaving, entering)


def weights_of(programme: Programme, member: Member | None = None) -> Floats:
    """Making 1: the programme's, or a member's."""
    own = {} if member is None else member.weights
    told = np.array([own.get(criterion.name, criterion.weight) for criterion in programme.criteria])
    found: Floats = told / told.sum() if len(told) else told
    return found


def group_weights(programme: Programme) -> Floats:
    """The mean of the members', each by its voices: net flows being linear in weights, those of the mean are the mean
    of theirs."""
    heard = [(member.voices, weights_of(programme, member)) for member in programme.members if member.voices]
    if not heard:
        return weights_of(programme)
    voices = sum(one for one, _ in heard)
    found: Floats = np.sum([one / voices * weights for one, weights in heard], axis=0)
    return found


def places(net: Floats) -> list[int]:
    """1 for the greatest; equals share a place."""
    told = net.round(DIGITS)
    ordered = np.sort(-told)
    return [int(one) + 1 for one in np.searchsorted(ordered, -told)]


def agreement(nets: Floats) -> Floats:
    """Kendall's tau-b between orders: a row of net flows each. 1 for the same order, -1 for the opposite, 0 where one
    of them ties everything."""
    first, second = np.triu_indices(nets.shape[1], 1)
    told = nets.round(DIGITS)
    signs = np.sign(told[:, first] - told[:, second]).astype(np.float32)
    common = (signs @ signs.T).astype(np.float64)
    own = np.sqrt(np.diag(common))
    scale = np.outer(own, own)
    found: Floats = np.divide(common, scale, out=np.zeros_like(common), where=scale > 0)
    return found
