"""The plan as a mixed-integer program.

z(a, t) is 1 when action a has started by quarter t: *step* variables, with which a precedence is one row a quarter,
z(after, t) <= z(before, t - gap), as tight as can be, and branching cuts the window in two. A start is the difference
of two neighbours. u(s, t), set-up s spent by quarter t, lies between each of its actions and their sum; y(s, t),
synergy s at work in quarter t, under each of its actions: both are whole where z is, so that they need not be declared
so.

Sources: Pritsker, Watters and Wolfe, *Multiproject scheduling with limited resources*, Management Science 16 (1969),
for time-indexed variables; Christofides, Alvarez-Valdes and Tamarit, European Journal of Operational Research 29
(1987), for disaggregated precedences; Bianco and Caramia, *A new formulation for the project scheduling problem under
limited resources*, Flexible Services and Manufacturing Journal 25 (2013), for step variables.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import numpy as np

from beffroi.pooling.coalitions import Floats
from beffroi.pooling.programme.model import Choice
from beffroi.pooling.programme.prepared import Prepared, Starts
from beffroi.pooling.programme.rules import Group, groups, rows

Terms = list[tuple[int, float]]
"""Columns and coefficients"""
FREE = float("inf")


@dataclass
class Row:
    terms: Terms
    lower: float
    upper: float


@dataclass
class Model:
    """Maximise `objective` x; columns lie from 0 to 1, the first `whole` of them are integers. `impossible`: some row
    without any column cannot be."""

    objective: Floats
    whole: int
    rows: list[Row] = field(default_factory=list)
    impossible: bool = False

    def add(self, terms: Iterable[tuple[int, float]], lower: float, upper: float) -> None:
        merged: dict[int, float] = {}
        for column, coefficient in terms:
            merged[column] = merged.get(column, 0.0) + coefficient
        row = Row([(one, told) for one, told in merged.items() if told], lower, upper)
        if row.terms:
            self.rows.append(row)
        elif not lower <= 0.0 <= upper:
            self.impossible = True


class Formulation:
    """`without`: groups of constraints that are left out; `worth`: whether there is an objective, and with it set-up
    and synergies are all there."""

    def __init__(self, prepared: Prepared, *, without: Collection[Group] = (), worth: bool = True) -> None:
        self.prepared = prepared
        self.quarters = prepared.programme.quarters
        self._number_columns()
        self.model = Model(np.zeros(self.columns), self.setup_columns.start)
        self._steps()
        self._setups()
        for group in groups(prepared):
            if group not in without:
                getattr(self, f"_{group.rule}")(group)
        if worth:
            self._objective()
            self._synergies()

    def _number_columns(self) -> None:
        prepared = self.prepared
        self.first: list[int] = []
        count = 0
        for window in prepared.windows:
            self.first.append(count)
            count += len(window)
        spans = len(prepared.setups) * self.quarters
        self.setup_columns = range(count, count + spans)
        self.columns = count + spans + len(prepared.synergies) * (self.quarters + 1)

    def by(self, action: int, quarter: int) -> Terms:
        """Whether the action has started by then."""
        window = self.prepared.windows[action]
        if not window or quarter < window.start:
            return []
        return [(self.first[action] + min(quarter, window.stop - 1) - window.start, 1.0)]

    def at(self, action: int, quarter: int) -> Terms:
        """Whether it starts just then."""
        return [*self.by(action, quarter), *_times(self.by(action, quarter - 1), -1.0)]

    def done(self, action: int) -> Terms:
        return self.by(action, self.quarters)

    def set_up_by(self, setup: int, quarter: int) -> Terms:
        return [(self.setup_columns.start + setup * self.quarters + quarter, 1.0)] if quarter >= 0 else []

    def together_at(self, synergy: int, quarter: int) -> Terms:
        return [(self.setup_columns.stop + synergy * (self.quarters + 1) + quarter, 1.0)]

    def _steps(self) -> None:
        for action, window in enumerate(self.prepared.windows):
            for quarter in window[1:]:
                self.model.add([*self.by(action, quarter), *_times(self.by(action, quarter - 1), -1.0)], 0.0, FREE)

    def _setups(self) -> None:
        for setup, actions in enumerate(self.prepared.setups):
            for quarter in range(self.quarters):
                spent = self.set_up_by(setup, quarter)
                begun = [term for action in actions for term in self.by(action, quarter)]
                self.model.add([*spent, *_times(begun, -1.0)], -FREE, 0.0)
                if quarter:
                    self.model.add([*spent, *_times(self.set_up_by(setup, quarter - 1), -1.0)], 0.0, FREE)
                for action in actions:
                    if quarter in self.prepared.windows[action]:
                        self.model.add([*spent, *_times(self.by(action, quarter), -1.0)], 0.0, FREE)

    def _obligation(self, group: Group) -> None:
        last = self.prepared.programme.must_start_by(self.prepared.programme.actions[group.number])
        if last is not None:
            self.model.add(self.by(group.number, last), 1.0, FREE)

    def _pin(self, group: Group) -> None:
        self._choice(self.prepared.programme.pins[group.number], 1.0)

    def _forbid(self, group: Group) -> None:
        self._choice(self.prepared.programme.forbids[group.number], 0.0)

    def _choice(self, choice: Choice, value: float) -> None:
        programme = self.prepared.programme
        action = programme.number[choice.action]
        if choice.start is None:
            terms = self.done(action)
        else:
            quarter = programme.calendar.number(choice.start)
            terms = self.at(action, quarter) if quarter in self.prepared.windows[action] else []
        self.model.add(terms, value, value)

    def _precedence(self, group: Group) -> None:
        """A row a quarter of the later one's window; those that another implies are left out."""
        wait = self.prepared.waits[group.number]
        window, before = self.prepared.windows[wait.after], self.prepared.windows[wait.before]
        for quarter in window:
            held = quarter - wait.gap
            implied = held + 1 < before.start or held >= before.stop - 1 or not before
            if quarter < window.stop - 1 and implied:
                continue
            self.model.add([*self.by(wait.after, quarter), *_times(self.by(wait.before, held), -1.0)], -FREE, 0.0)

    def _alternatives(self, group: Group) -> None:
        chosen = [term for action in self.prepared.alternatives[group.number] for term in self.done(action)]
        self.model.add(chosen, -FREE, 1.0)

    def _budget(self, group: Group) -> None:
        self._limit(group)

    def _staff(self, group: Group) -> None:
        self._limit(group)

    def _limit(self, group: Group) -> None:
        prepared = self.prepared
        for row in rows(prepared, group):
            terms: Terms = []
            for action, uses in enumerate(prepared.uses):
                terms += _by_steps(self.first[action], uses[:, row])
            for setup, uses in enumerate(prepared.setup_uses):
                terms += _by_steps(self.setup_columns.start + setup * self.quarters, uses[:, row])
            capacity = float(prepared.limits.capacity[row])
            scale = max(abs(capacity), max((abs(told) for _, told in terms), default=0.0)) or 1.0
            self.model.add(_times(terms, 1 / scale), -FREE, capacity / scale)

    def _objective(self) -> None:
        prepared, objective = self.prepared, self.model.objective
        for action, values in enumerate(prepared.values):
            for column, told in _by_steps(self.first[action], values):
                objective[column] += told
        for setup, costs in enumerate(prepared.setup_values):
            for column, told in _by_steps(self.setup_columns.start + setup * self.quarters, -costs):
                objective[column] += told

    def _synergies(self) -> None:
        prepared = self.prepared
        for synergy, actions in enumerate(prepared.synergies):
            left = prepared.synergy_values[synergy]
            for quarter in range(self.quarters + 1):
                later = left[quarter + 1] if quarter < self.quarters else 0.0
                ((column, _),) = self.together_at(synergy, quarter)
                self.model.objective[column] = left[quarter] - later
                for action in actions:
                    started = quarter - prepared.programme.actions[action].quarters
                    self.model.add([(column, 1.0), *_times(self.by(action, started), -1.0)], -FREE, 0.0)

    def starts(self, point: Floats) -> dict[int, int]:
        """The plan that a solution is."""
        found = {}
        for action, window in enumerate(self.prepared.windows):
            begun = point[self.first[action] : self.first[action] + len(window)] > 0.5
            if begun.any():
                found[action] = window.start + int(begun.argmax())
        return found

    def point(self, starts: Starts) -> Floats:
        """The solution that a plan is."""
        found = np.zeros(self.columns)
        prepared, quarters = self.prepared, np.arange(self.quarters + 1)
        for action, start in starts.items():
            window = prepared.windows[action]
            found[self.first[action] + start - window.start : self.first[action] + len(window)] = 1.0
        for setup, actions in enumerate(prepared.setups):
            if begun := [starts[one] for one in actions if one in starts]:
                first = self.setup_columns.start + setup * self.quarters
                found[first : first + self.quarters] = quarters[:-1] >= min(begun)
        for synergy, actions in enumerate(prepared.synergies):
            if all(one in starts for one in actions):
                together = max(prepared.service(one, starts[one]) for one in actions)
                first = self.setup_columns.stop + synergy * (self.quarters + 1)
                found[first : first + self.quarters + 1] = quarters >= together
        return found


def _times(terms: Terms, factor: float) -> Terms:
    return [(column, told * factor) for column, told in terms]


def _by_steps(first: int, by_start: Floats) -> Terms:
    """What depends on the start, as coefficients of the step variables: each start less the next."""
    return [
        (first + number, float(told)) for number, told in enumerate(by_start - np.append(by_start[1:], 0.0)) if told
    ]
