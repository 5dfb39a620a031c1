"""A good plan in little time: actions put in one by one, then again and again a part taken out and put back otherwise.

Source: Shaw, *Using constraint programming and local search methods to solve vehicle routing problems*, CP 1998 (large
neighbourhood search); order of insertion by value for use of what is scarce, after Dobson, Mathematics of Operations
Research 7 (1982). Nothing is proven here: the optimisation begins from what is found.
"""

import time
from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from beffroi.pooling.coalitions import Floats
from beffroi.pooling.programme.prepared import Prepared, Starts, Wait

FEW, MANY = 0.03, 0.25
"""of the actions, taken out at each turn"""
PATIENCE = 200
"""turns without anything better, after which it ends"""


class Building:
    """A plan in the making. Every action that is in keeps all limits; those that must be in may still lack."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.starts: dict[int, int] = {}
        self.used: Floats = np.zeros(len(prepared.limits.capacity))
        self.capacity: Floats = prepared.limits.capacity + prepared.limits.tolerance / 10
        count = len(prepared.programme.actions)
        self.before: list[list[Wait]] = [[] for _ in range(count)]
        self.after: list[list[Wait]] = [[] for _ in range(count)]
        for wait in prepared.waits:
            self.before[wait.after].append(wait)
            self.after[wait.before].append(wait)
        self.setups = _of(prepared.setups, count)
        self.synergies = _of(prepared.synergies, count)
        self.rivals = [
            {other for one in of for other in prepared.alternatives[one]} - {action}
            for action, of in enumerate(_of(prepared.alternatives, count))
        ]
        self.allowed, self.needed = _chosen(prepared)
        self._add_ancestors()

    def _add_ancestors(self) -> None:
        waiting = list(self.needed)
        while waiting:
            for wait in self.before[waiting.pop()]:
                if wait.before not in self.needed:
                    self.needed.add(wait.before)
                    waiting.append(wait.before)

    @property
    def whole(self) -> bool:
        return self.needed <= set(self.starts)

    def options(self, action: int) -> tuple[Floats, NDArray[np.bool_]]:
        """By start in its window: what the plan would gain, and whether it can be."""
        prepared, window = self.prepared, self.prepared.windows[action]
        starts = np.arange(window.start, window.stop)
        possible = self.allowed[action].copy()
        if any(one in self.starts for one in self.rivals[action]):
            possible[:] = False
        for wait in self.before[action]:
            possible &= starts >= self.starts[wait.before] + wait.gap if wait.before in self.starts else False
        for wait in self.after[action]:
            if wait.after in self.starts:
                possible &= starts + wait.gap <= self.starts[wait.after]
        values = prepared.values[action].copy()
        for setup in self.setups[action]:
            begun = self._begun(setup, action)
            first = np.minimum(starts, begun) if begun is not None else starts
            values -= prepared.setup_values[setup][first]
            if begun is not None:
                values += prepared.setup_values[setup][begun]
        for synergy in self.synergies[action]:
            others = [one for one in prepared.synergies[synergy] if one != action]
            if all(one in self.starts for one in others):
                together = max(prepared.service(one, self.starts[one]) for one in others)
                service = starts + prepared.programme.actions[action].quarters
                values += prepared.synergy_values[synergy][np.maximum(service, together)]
        possible &= (self.used + self.with_setups(action) <= self.capacity).all(axis=1)
        return values, possible

    def with_setups(self, action: int) -> Floats:
        """By start in its window: what it would use of each limit, with what it changes of set-up."""
        prepared, window = self.prepared, self.prepared.windows[action]
        starts, found = np.arange(window.start, window.stop), prepared.uses[action]
        for setup in self.setups[action]:
            begun, uses = self._begun(setup, action), prepared.setup_uses[setup]
            found = found + (uses[starts] if begun is None else uses[np.minimum(starts, begun)] - uses[begun])
        return found

    def _begun(self, setup: int, without: int) -> int | None:
        begun = [self.starts[one] for one in self.prepared.setups[setup] if one != without and one in self.starts]
        return min(begun, default=None)

    def put(self, action: int, start: int) -> None:
        self.used = self.used + self._use(action, start)
        self.starts[action] = start

    def take(self, action: int) -> None:
        """Out, with all that wait for it."""
        if action not in self.starts:
            return
        for wait in self.after[action]:
            self.take(wait.after)
        start = self.starts.pop(action)
        self.used = self.used - self._use(action, start)

    def _use(self, action: int, start: int) -> Floats:
        """The action itself is not in."""
        found: Floats = self.with_setups(action)[start - self.prepared.windows[action].start]
        return found

    def best(self, action: int, *, least: float = 0.0) -> float:
        """Put in where it gains most, if more than `least`; what it gains, 0 where it is not."""
        values, possible = self.options(action)
        if not possible.any():
            return 0.0
        told = np.where(possible, values, -np.inf)
        chosen = int(told.argmax())
        if told[chosen] <= least:
            return 0.0
        self.put(action, self.prepared.windows[action].start + chosen)
        return float(told[chosen])

    def chain(self, action: int) -> None:
        """Put in with all it waits for, if that gains together."""
        if action in self.starts:
            return
        missing = self._missing(action)
        if len(missing) == 1:
            self.best(action)
            return
        gained = 0.0
        for number, one in enumerate(missing):
            gained += self.best(one, least=-np.inf)
            if one not in self.starts:
                self._undo(missing[:number])
                return
        if gained <= 0:
            self._undo(missing)

    def _undo(self, actions: Iterable[int]) -> None:
        for one in actions:
            self.take(one)

    def _missing(self, action: int) -> list[int]:
        """Itself and what it waits for that is not in, those first that wait for none."""
        found: list[int] = []

        def visit(one: int) -> None:
            if one not in self.starts and one not in found:
                for wait in self.before[one]:
                    visit(wait.before)
                found.append(one)

        visit(action)
        return found

    def fill(self, order: Iterable[int]) -> None:
        """Those that must be in first, where they gain most; then the others, in that order."""
        listed = list(order)
        for action in sorted(self.needed - set(self.starts), key=self._latest):
            for one in self._missing(action):
                self.best(one, least=-np.inf)
        for action in listed:
            self.chain(action)

    def _latest(self, action: int) -> int:
        allowed = np.flatnonzero(self.allowed[action])
        return int(allowed[-1]) if len(allowed) else -1

    def retime(self, actions: Iterable[int]) -> None:
        """Each to where it gains most, the others staying; those that lose are left out, unless others wait for
        them."""
        for action in actions:
            if action not in self.starts:
                continue
            start = self.starts.pop(action)
            self.used = self.used - self._use(action, start)
            kept = action in self.needed or any(wait.after in self.starts for wait in self.after[action])
            self.best(action, least=-np.inf if kept else 0.0)
            if kept and action not in self.starts:
                self.put(action, start)

    def restore(self, starts: Starts) -> None:
        self.starts = dict(starts)
        self.used = self.prepared.used(starts)


def built(prepared: Prepared, *, seconds: float, begin: Starts | None = None) -> dict[int, int] | None:
    """The best plan found, from `begin` if given; None when none is found that keeps every rule."""
    until = time.monotonic() + seconds
    plan, generator = Building(prepared), np.random.default_rng(0)
    everything = np.arange(len(prepared.programme.actions))
    if begin is None:
        plan.fill(_order(plan, everything, generator))
    else:
        plan.restore(begin)
    best, worth = dict(plan.starts), prepared.value(plan.starts) if plan.whole else -np.inf
    turns = since = 0
    while time.monotonic() < until and since < PATIENCE:
        turns, since = turns + 1, since + 1
        _again(plan, everything, generator)
        if turns % 10 == 1:
            plan.retime(everything.tolist())
        now = prepared.value(plan.starts) if plan.whole else -np.inf
        if now > worth + 1e-9 * abs(worth):
            best, worth, since = dict(plan.starts), now, 0
        elif now < worth - 0.002 * abs(worth) or not plan.whole:
            plan.restore(best)
    return best if worth > -np.inf else None


def polished(prepared: Prepared, starts: Starts) -> dict[int, int]:
    """Where something can still be put in or moved to gain, it is."""
    plan = Building(prepared)
    plan.restore(starts)
    everything = range(len(prepared.programme.actions))
    plan.retime(everything)
    plan.fill(everything)
    return plan.starts if plan.whole and prepared.value(plan.starts) > prepared.value(starts) else dict(starts)


def _again(plan: Building, everything: NDArray[np.int64], generator: np.random.Generator) -> None:
    share = generator.uniform(FEW, MANY)
    for action in generator.choice(everything, max(1, int(share * len(everything))), replace=False).tolist():
        plan.take(action)
    plan.fill(_order(plan, everything, generator))


def _order(plan: Building, everything: Collection[int], generator: np.random.Generator) -> list[int]:
    """By value for what is scarce now, shaken."""
    prepared = plan.prepared
    capacity = np.maximum(np.abs(prepared.limits.capacity), 1e-9)
    scarce = np.clip(plan.used / capacity, 0.05, 1.0) ** 2 * generator.exponential(1.0, len(capacity)) / capacity
    found = []
    for action in everything:
        if action not in plan.starts and len(prepared.values[action]):
            worth = prepared.values[action].max()
            use = float(prepared.uses[action][int(prepared.values[action].argmax())] @ scarce)
            found.append((-worth / max(use, 1e-9) * generator.uniform(0.7, 1.3), int(action)))
    return [action for _, action in sorted(found)]


def _of(lists: list[list[int]], count: int) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(count)]
    for number, actions in enumerate(lists):
        for action in actions:
            found[action].append(number)
    return found


def _chosen(prepared: Prepared) -> tuple[list[NDArray[np.bool_]], set[int]]:
    """By action: the starts that obligations, pins and forbids leave; and the actions that must be in."""
    programme, windows = prepared.programme, prepared.windows
    allowed = [np.ones(len(window), dtype=np.bool_) for window in windows]
    needed = set()
    for number, action in enumerate(programme.actions):
        last = programme.must_start_by(action)
        if last is not None:
            needed.add(number)
            allowed[number] &= np.arange(windows[number].start, windows[number].stop) <= last
    for choices, wanted in ((programme.pins, True), (programme.forbids, False)):
        for choice in choices:
            number = programme.number[choice.action]
            starts = np.arange(windows[number].start, windows[number].stop)
            quarter = None if choice.start is None else programme.calendar.number(choice.start)
            named = np.ones(len(starts), dtype=np.bool_) if quarter is None else starts == quarter
            allowed[number] &= named if wanted else ~named
            if wanted:
                needed.add(number)
    return allowed, needed
