"""When a group may begin, and what joining it then is worth to each: contracts and wishes as they stand that day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from beffroi.pooling.coalitions import Floats
from beffroi.pooling.groups.question import Candidate, Question
from beffroi.pooling.service_groups import Flags

YEAR = 365.25
"""days"""
MOST_STARTS = 12


@dataclass(frozen=True, eq=False)
class Day:
    """`alone`: a year, by member, from then to the end. `penalties`: once. `candidates`: who may join that day."""

    start: date
    years: float
    alone: Floats
    penalties: Floats
    candidates: Flags

    @property
    def values(self) -> Floats:
        """A year: what each would pay alone, less the penalty spread over the years."""
        return np.asarray(self.alone - self.penalties / self.years, dtype=np.float64)


def days(question: Question, tariffs: Floats) -> list[Day]:
    """The first day, then the first of each quarter before which a contract ends or a need begins; 12 at most.
    `tariffs`: what each would pay by itself for the same service."""
    first, last = question.start, question.until - timedelta(days=90)
    moments = [after(one) for one in question.members]
    quarters = sorted({_quarter(one) for one in moments if one is not None and first < one <= last})
    starts = [first, *(one for one in quarters if first < one <= last)][:MOST_STARTS]
    return [_day(question, tariffs, one) for one in starts]


def after(one: Candidate) -> date | None:
    """The day on which nothing keeps it any more; None when nothing ever did."""
    bound = [one.wished, None if one.contract is None else one.contract.ends + timedelta(days=1)]
    return max((day for day in bound if day is not None), default=None)


def alone(one: Candidate, tariff: float, start: date, until: date) -> float:
    """A year, on average from `start`: its contract as long as it runs, then what it says, else the same again."""
    later = float(one.alone) if one.alone is not None else float(one.contract.yearly) if one.contract else tariff
    if one.contract is None or one.contract.ends < start:
        return later
    whole = (until - start).days
    bound = min((one.contract.ends + timedelta(days=1) - start).days, whole)
    return (float(one.contract.yearly) * bound + later * (whole - bound)) / whole


def _day(question: Question, tariffs: Floats, start: date) -> Day:
    members: Sequence[Candidate] = question.members
    return Day(
        start,
        (question.until - start).days / YEAR,
        np.array([alone(one, each, start, question.until) for one, each in zip(members, tariffs, strict=True)]),
        np.array([float(one.contract.penalty) if _bound(one, start) and one.contract else 0.0 for one in members]),
        np.array([one.wished is None or one.wished <= start for one in members]),
    )


def _bound(one: Candidate, start: date) -> bool:
    return one.contract is not None and one.contract.ends >= start


def _quarter(day: date) -> date:
    """The first day of a quarter, that day or the next."""
    month = (day.month - 1) // 3 * 3 + 1
    begun = date(day.year, month, 1)
    if begun == day:
        return day
    return date(day.year + (month == 10), (month + 2) % 12 + 1, 1)
