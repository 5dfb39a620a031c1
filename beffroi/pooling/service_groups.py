"""The group that would gain most by leaving a service of any number of members: searched for, then proven.

The search moves one member at a time and finds groups fast. The proof is a mixed-integer program: a binary for each
member, and one for each piece of each tariff (the multiple-choice model of Croxton, Gendron and Magnanti, Management
Science 49, 2003), whose bound says that no group at all gains more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from beffroi.pooling.coalitions import Floats
from beffroi.pooling.linear import NO_LIMIT, Program, minimum
from beffroi.pooling.services import Service
from beffroi.pooling.tariffs import MEMBERS, Packs, Tariff

Flags = NDArray[np.bool_]
TOUCHING = 1e-12
"""of the whole quantity: how near a threshold counts as on it"""


@dataclass(frozen=True, eq=False)
class Curve:
    """One tariff as floats: pieces by columns low, high, base and slope, or packs; `used`: by each member."""

    used: Floats
    pieces: Floats
    packs: tuple[float, float] | None

    @property
    def whole(self) -> float:
        return float(self.used.sum()) or 1.0

    def cost(self, quantities: Floats) -> Floats:
        near = TOUCHING * self.whole
        if self.packs:
            size, price = self.packs
            return np.asarray(np.ceil((quantities - near) / size) * price, dtype=np.float64)
        low, high, base, slope = self.pieces.T
        amount = quantities[..., None]
        inside = (low - near <= amount) & (amount <= high + near)
        return np.asarray(np.where(inside, base + slope * amount, np.inf).min(axis=-1), dtype=np.float64)


@dataclass(frozen=True)
class Found:
    """`excess`: what the group marked in `members` would gain alone; `bound`: none gains more, where it was proven."""

    members: Flags
    excess: float
    bound: float


class Groups:
    """All groups of a service's members but nobody and everybody."""

    def __init__(self, service: Service) -> None:
        self.count = len(service.members)
        self.curves = [_curve(service, tariff) for tariff in service.tariffs]
        self.total = float(service.cost())

    def cost(self, chosen: Flags) -> float:
        return float(sum(curve.cost(curve.used @ chosen) for curve in self.curves))

    def search(self, shares: Floats, starts: Sequence[Flags] = (), enough: float = np.inf) -> Found:
        """A group with a large excess: from the prefixes of a few orders and from `starts`, the best first, improved by
        one member at a time until one gains more than `enough`."""
        begun = sorted([*self._prefixes(shares), *starts], key=lambda one: -self._excess(shares, one))
        best = Found(begun[0], -np.inf, np.inf)
        for start in begun:
            found = self._climbed(shares, start)
            best = found if found.excess > best.excess else best
            if best.excess > enough:
                return best
        return best

    def _climbed(self, shares: Floats, start: Flags) -> Found:
        chosen, best = start.copy(), self._excess(shares, start)
        while True:
            gains = self._flipped(shares, chosen)
            member = int(gains.argmax())
            if gains[member] <= best + 1e-12 * abs(self.total):
                return Found(chosen, best, np.inf)
            chosen[member], best = not chosen[member], float(gains[member])

    def _excess(self, shares: Floats, chosen: Flags) -> float:
        return float(shares @ chosen) - self.cost(chosen)

    def _prefixes(self, shares: Floats) -> list[Flags]:
        """For each quantity, the members that pay most for theirs, as many as is best."""
        found = []
        for curve in self.curves:
            order = np.argsort(-shares / np.maximum(curve.used, 1e-9 * curve.whole), kind="stable")[:-1]
            excess = np.cumsum(shares[order]) - sum(one.cost(np.cumsum(one.used[order])) for one in self.curves)
            chosen = np.zeros(self.count, dtype=bool)
            chosen[order[: int(excess.argmax()) + 1]] = True
            found.append(chosen)
        return found

    def _flipped(self, shares: Floats, chosen: Flags) -> Floats:
        """The excess after each member alone has left or joined."""
        sign = np.where(chosen, -1.0, 1.0)
        found = float(shares @ chosen) + sign * shares
        for curve in self.curves:
            found = found - curve.cost(curve.used @ chosen + sign * curve.used)
        if chosen.sum() == 1:
            found[chosen] = -np.inf
        if chosen.sum() == self.count - 1:
            found[~chosen] = -np.inf
        return np.asarray(found, dtype=np.float64)

    def prove(self, shares: Floats, within: float, enough: float = np.inf) -> Found:
        """The group whose excess is largest, `within` an amount of money; or any whose excess is over `enough`."""
        scale = abs(self.total) or 1.0
        optimum = minimum(self._program(shares), absolute=within / scale, enough=-enough / scale)
        if optimum is None:
            raise ArithmeticError("some group always exists")
        chosen = optimum.point[: self.count] > 0.5
        return Found(chosen, self._excess(shares, chosen), -optimum.bound * scale)

    def _program(self, shares: Floats) -> Program:
        """Minimise cost less shares, in parts of the whole cost. Quantities are in parts of the whole quantity."""
        scale = abs(self.total) or 1.0
        building = _Building(self.count, -shares / scale)
        building.row(np.arange(self.count), np.ones(self.count), 1.0, self.count - 1.0)
        for curve in self.curves:
            building.add(curve, scale)
        return building.program()


def _curve(service: Service, tariff: Tariff) -> Curve:
    used = np.array(
        [
            1.0 if tariff.unit == MEMBERS else float(member.quantities.get(tariff.unit, Decimal(0)))
            for member in service.members
        ]
    )
    if isinstance(tariff, Packs):
        return Curve(used, np.zeros((0, 4)), (float(tariff.size), float(tariff.price * tariff.taxed)))
    return Curve(used, np.array([[float(value) for value in piece] for piece in tariff.pieces()]), None)


class _Building:
    """A program in the making: members first, then what each tariff needs."""

    def __init__(self, count: int, objective: Floats) -> None:
        self.count = count
        self.objective = list(objective)
        self.most = [1.0] * count
        self.whole = [True] * count
        self.rows: list[tuple[NDArray[np.int64], Floats, float, float]] = []

    def row(self, columns: NDArray[np.int64], values: Floats, lower: float, upper: float) -> None:
        self.rows.append((columns, values, lower, upper))

    def column(self, objective: float, most: float, *, whole: bool) -> int:
        self.objective.append(objective)
        self.most.append(most)
        self.whole.append(whole)
        return len(self.objective) - 1

    def add(self, curve: Curve, scale: float) -> None:
        if not curve.used.any():
            return
        part = curve.used / curve.whole
        members = np.arange(self.count)
        if curve.packs:
            size, price = curve.packs
            packs = self.column(price / scale, float(np.ceil(curve.whole / size)), whole=True)
            self.row(np.append(members, packs), np.append(part, -size / curve.whole), -NO_LIMIT, 0.0)
        elif len(curve.pieces) == 1:  # one price: no choice
            for member in members:
                self.objective[member] += float(curve.pieces[0, 3] * curve.used[member] / scale)
        else:
            self._choose(curve, part, scale)

    def _choose(self, curve: Curve, part: Floats, scale: float) -> None:
        """One piece holds; its variable is the quantity, those of the others are 0."""
        amounts, choices = [], []
        for low, high, base, slope in curve.pieces:
            if low > curve.whole:
                continue
            choice = self.column(base / scale, 1.0, whole=True)
            amount = self.column(slope * curve.whole / scale, 1.0, whole=False)
            pair = np.array([amount, choice])
            self.row(pair, np.array([1.0, -min(high / curve.whole, 1.0)]), -NO_LIMIT, 0.0)
            self.row(pair, np.array([1.0, -low / curve.whole]), 0.0, NO_LIMIT)
            amounts.append(amount)
            choices.append(choice)
        self.row(np.array(choices), np.ones(len(choices)), 1.0, 1.0)
        columns = np.concatenate([np.arange(self.count), np.array(amounts)])
        self.row(columns, np.concatenate([part, -np.ones(len(amounts))]), 0.0, 0.0)

    def program(self) -> Program:
        width = len(self.objective)
        matrix = np.zeros((len(self.rows), width))
        for index, (columns, values, _, _) in enumerate(self.rows):
            matrix[index, columns] = values
        return Program(
            objective=np.array(self.objective),
            matrix=matrix,
            lower=np.array([row[2] for row in self.rows]),
            upper=np.array([row[3] for row in self.rows]),
            least=np.zeros(width),
            most=np.array(self.most),
            whole=tuple(self.whole),
        )
