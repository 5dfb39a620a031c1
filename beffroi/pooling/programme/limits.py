"""What the structure can bear: each year's budget with what is carried over, and person-months by skill and quarter.

What is left of a year is multiplied by the part that is carried over and added to the next year's budget. Unrolled, the
budget of year y holds when the sum, over years until y, of spending less budget, each multiplied by the part carried
over as often as years have passed since, is at most 0: one row a year, without variables for what is left.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from beffroi.pooling.coalitions import Floats
from beffroi.pooling.programme.model import Action, SetUp
from beffroi.pooling.programme.worth import Worth

ROUNDING = 1e-6
"""of a limit: what exceeds it by no more is rounding"""


@dataclass(frozen=True)
class Limit:
    """A year's budget, or a skill in a quarter."""

    year: int | None = None
    skill: str | None = None
    quarter: int | None = None


class Limits:
    """Rows of use that must not exceed `capacity`."""

    def __init__(self, worth: Worth) -> None:
        programme = worth.programme
        self.programme, self.worth = programme, worth
        self.years = sorted(one.year for one in programme.budgets)
        self.names: list[Limit] = [Limit(year=year) for year in self.years]
        amounts = {one.year: one.amount for one in programme.budgets}
        capacity: list[float] = list(self.carried @ np.array([amounts[year] for year in self.years]))
        for staff in programme.staff:
            months = staff.months if isinstance(staff.months, list) else [staff.months] * programme.quarters
            self.names += [Limit(skill=staff.skill, quarter=quarter) for quarter in range(programme.quarters)]
            capacity += months
        self.capacity: Floats = np.array(capacity)

    @cached_property
    def carried(self) -> Floats:
        """What a euro of each year (column) weighs in the row of each year."""
        part = self.programme.carry_over / 100
        passed = np.subtract.outer(np.array(self.years, dtype=int), np.array(self.years, dtype=int))
        return np.where(passed >= 0, part ** np.maximum(passed, 0).astype(float), 0.0)

    @cached_property
    def _of_year(self) -> NDArray[np.bool_]:
        """Which quarters of the plan (columns) are of each year."""
        years = [self.programme.calendar.year(quarter) for quarter in range(self.programme.quarters)]
        found: NDArray[np.bool_] = np.equal.outer(np.array(self.years, dtype=int), np.array(years))
        return found

    @property
    def tolerance(self) -> Floats:
        found: Floats = ROUNDING * np.maximum(np.abs(self.capacity), 1e-3)
        return found

    def budgets(self, spent: Floats) -> Floats:
        """Of spending by quarter, as the rows of budgets count it."""
        yearly = self._of_year @ spent[: self.programme.quarters]
        found: Floats = self.carried @ yearly
        return found

    def use(self, action: Action, start: int) -> Floats:
        """Of every limit, by an action alone, without set-up."""
        quarters, service = self.programme.quarters, start + action.quarters
        rows = [self.budgets(self.worth.flows(action, start).spent)]
        for staff in self.programme.staff:
            months = np.zeros(quarters)
            months[start:service] = action.months(staff.skill)
            months[service:] += action.running_staff.get(staff.skill, 0.0)
            rows.append(months)
        return np.concatenate(rows)

    def set_up(self, setup: SetUp, quarter: int) -> Floats:
        """Of every limit, by a set-up spent in that quarter."""
        spent = np.zeros(self.programme.quarters)
        spent[quarter] = setup.cost
        found = np.zeros(len(self.capacity))
        found[: len(self.years)] = self.budgets(spent)
        return found
