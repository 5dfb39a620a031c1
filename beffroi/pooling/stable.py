"""The sharing nearest the voted key that no group has a reason to leave, with its proof; or how much lacks for one.

For a table of up to 20 members every group is tried. For a service of hundreds, groups are found and the last word is a
proven bound (`service_groups`). Where the core is empty, `lacking` is a subsidy that gives it a point: the
*cost of stability* of Bachrach and others, Algorithmic Game Theory (SAGT 2009).
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from beffroi.pooling.coalitions import Floats, first_of, members, paid
from beffroi.pooling.games import Game
from beffroi.pooling.linear import NO_LIMIT, Program, minimum
from beffroi.pooling.nearest import Limit, Nearest, Unsatisfiable, nearest
from beffroi.pooling.service_groups import Flags, Groups

WITHIN = 1e-6
"""of the whole cost: a smaller gain is no reason to leave"""
ROUGH = 1e-4
"""the same, where the core is empty"""
CLOSE, APART = 1e-3, 3e-3
"""of the whole cost: how far below a total that cannot be one is tried, and how near the two are brought"""
TRIES = 16
"""after which they are told as they are"""
QUESTIONS = 200
"""of the proof where the core is empty; the bound it has then reached is told"""
LAST = 8
"""groups from which the search also starts"""


@dataclass(frozen=True, eq=False)
class Worst:
    """The group that gains most by leaving, its gain and its cost; `bound`: none gains more, proven when `proven`."""

    members: Floats
    excess: float
    cost: float
    bound: float


Ask = Callable[[Floats, float, bool], Worst]
"""The worst group for these shares. It is proven to be only when it gains no more than the float, and when asked."""


@dataclass(frozen=True, eq=False)
class Stable:
    """`shares`: the nearest that are stable. Where no sharing of the whole is, they make the whole less `lacking`, a
    subsidy that suffices; one of `lacking_least` would be needed, proven too. `bound`: no group at all gains more than
    it by leaving, proven. `binding`: the groups that hold the key back."""

    shares: Floats
    lacking: float
    lacking_least: float
    bound: float
    binding: tuple[Floats, ...]


class _Search:
    """The nearest shares for a total. Groups once found are kept for the next."""

    def __init__(self, wanted: Floats, ask: Ask, near: float) -> None:
        self.wanted, self.ask, self.near = wanted, ask, near
        self.bound = np.inf
        self.proving = True
        self.left = np.inf
        """questions to be asked before the answer is taken as it is, with the bound proven for it"""
        self._members = np.zeros((0, len(wanted)))
        self._costs = np.zeros(0)

    def nearest(self, total: float) -> Nearest:
        whole = Limit(np.ones(len(self.wanted)), total, exact=True)
        return nearest(self.wanted * (total / self.wanted.sum()), [whole], self._exceeded)

    def most(self) -> float:
        """The most that all can pay together if no group known pays more than its cost. They cover everyone."""
        scale = float(self._costs.max()) or 1.0
        count = len(self.wanted)
        found = minimum(
            Program(
                objective=-np.ones(count),
                matrix=self._members,
                lower=np.full(len(self._costs), -NO_LIMIT),
                upper=self._costs / scale,
                least=np.full(count, -NO_LIMIT),
                most=np.full(count, NO_LIMIT),
            )
        )
        if found is None:
            raise ArithmeticError("nobody paying anything is always allowed")
        return -found.value * scale

    def _exceeded(self, shares: Floats) -> Limit | None:
        over = self._members @ shares - self._costs
        if len(over) and over.max() > self.near:
            index = int(over.argmax())
            return Limit(self._members[index], float(self._costs[index]))
        self.left -= 1
        last = self.left < 0
        found = self.ask(shares, np.inf if last else self.near, self.proving)
        if last or found.excess <= self.near:
            self.bound = max(found.bound, found.excess)
            return None
        self._members = np.vstack([self._members, found.members])
        self._costs = np.append(self._costs, found.cost)
        return Limit(found.members, found.cost)


def nearest_stable(wanted: Floats, total: float, ask: Ask) -> Stable:
    """`wanted`: shares that make `total`, above 0."""
    if len(wanted) == 1:
        return Stable(np.array([total]), 0.0, 0.0, 0.0, ())
    search = _Search(wanted, ask, WITHIN * total)
    try:
        return _answer(search, search.nearest(total), 0.0)
    except Unsatisfiable:
        return _subsidised(search, total)


def _subsidised(search: _Search, total: float) -> Stable:
    """With groups that are only searched for at first, which is fast; then proven, from where that ended."""
    search.near, search.proving = ROUGH * total, False
    roughly = _squeezed(search, total, search.most() - CLOSE * total)
    search.proving = True
    return _squeezed(search, total, float(roughly.shares.sum()))


def _squeezed(search: _Search, total: float, aim: float) -> Stable:
    """Squeeze the most that the members can pay between a total that groups known forbid to exceed, by a linear program
    (Bondareva and Shapley: these groups cover everyone, and would pay no more), and one that is stable: down from `aim`
    until one is, then by halves."""
    found: Stable | None = None
    forbidden, step = total, CLOSE * total
    for _ in range(TRIES):
        search.left = QUESTIONS if search.proving else np.inf
        try:
            found = _answer(search, search.nearest(aim), total - aim)
        except Unsatisfiable:
            forbidden, step = min(forbidden, aim), 2 * step
        forbidden = min(forbidden, search.most())
        stable = 0.0 if found is None else total - found.lacking
        if found is not None and forbidden - stable <= APART * total:
            break
        aim = max(forbidden - step, 0.0) if found is None else (stable + forbidden) / 2
    if found is None:
        raise ArithmeticError("paying nothing is always stable")
    return replace(found, lacking_least=max(total - forbidden, 0.0))


def _answer(search: _Search, found: Nearest, lacking: float) -> Stable:
    return Stable(found.shares, lacking, 0.0, search.bound, tuple(one.members for one in found.binding))


def of_table(game: Game) -> Ask:
    def ask(shares: Floats, enough: float, proving: bool) -> Worst:
        over = (paid(shares) - game.costs)[1:-1]
        worst = float(over.max())
        mask = first_of(np.flatnonzero(over >= worst - 1e-12 * game.scale) + 1)
        marked = np.zeros(game.count)
        marked[members(mask)] = 1.0
        return Worst(marked, worst, float(game.costs[mask]), worst)

    return ask


def of_service(groups: Groups) -> Ask:
    """Searches, also from the last groups found, and proves only when the search finds nothing."""
    last: deque[Flags] = deque(maxlen=LAST)
    gap = WITHIN * groups.total / 10

    def ask(shares: Floats, enough: float, proving: bool) -> Worst:
        found = groups.search(shares, last, enough)
        if proving and found.excess <= enough:
            searched = found.excess
            found = groups.prove(shares, gap, 2 * enough)
            if searched > found.bound + 10 * gap:
                raise ArithmeticError("a known group exceeds the proven bound")
            if found.excess > enough:
                found = groups.search(shares, [found.members])
        last.append(found.members)
        return Worst(found.members.astype(np.float64), found.excess, groups.cost(found.members), found.bound)

    return ask
