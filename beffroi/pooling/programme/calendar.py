"""Quarters by number: 0 is the plan's first."""

from dataclasses import dataclass
from datetime import date

from beffroi.errors import Language

ORIGIN = 4
"""quarters a year"""


@dataclass(frozen=True)
class Calendar:
    """From its first quarter, of which `first` counts those since year 0."""

    first: int

    @classmethod
    def beginning(cls, quarter: str) -> "Calendar":
        """`2027-Q1`."""
        year, number = quarter.split("-Q")
        return cls(int(year) * ORIGIN + int(number) - 1)

    def number(self, quarter: str) -> int:
        """Of `2027-Q3`; below 0 before the plan."""
        return Calendar.beginning(quarter).first - self.first

    def holding(self, day: date) -> int:
        """The quarter of a day."""
        return day.year * ORIGIN + (day.month - 1) // 3 - self.first

    def after(self, day: date) -> int:
        """The first quarter that begins after a day."""
        return self.holding(day) + 1

    def since(self, day: date) -> int:
        """The first quarter that begins on a day or after."""
        quarter = self.holding(day)
        return quarter if day == self.first_day(quarter) else quarter + 1

    def year(self, quarter: int) -> int:
        return (self.first + quarter) // ORIGIN

    def first_day(self, quarter: int) -> date:
        return date(self.year(quarter), (self.first + quarter) % ORIGIN * 3 + 1, 1)

    def name(self, quarter: int) -> str:
        """`2027-Q1`."""
        return f"{self.year(quarter)}-Q{(self.first + quarter) % ORIGIN + 1}"

    def said(self, quarter: int, language: Language) -> str:
        letter = "T" if language == "fr" else "Q"
        return f"{letter}{(self.first + quarter) % ORIGIN + 1}\u00a0{self.year(quarter)}"
