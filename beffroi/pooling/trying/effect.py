"""What an experiment changed, as it is told: the effect with its interval, or why none can be told."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec
import numpy as np

from beffroi.errors import Text
from beffroi.pooling.programme.plan import Said
from beffroi.pooling.trying.differences import LEAST_UNITS, LEVEL, Difference, Floats, difference
from beffroi.pooling.trying.figures import Way

Group = Literal["cohort", "comparison"]
Verdict = Literal["less", "more", "unclear", "refused"]
YEAR = 365.2425
ALIKE = 0.75
"""of the days of the year of the shorter period, that the other has too: below, seasons differ"""


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days of the territory's calendar, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


class UnitFigures(msgspec.Struct, frozen=True):
    """`before`, `after`: a day. `earlier`: its change within the period before, from its first half to its second.
    `left_out`: why it counts for nothing. `series`: how many of `asked` counted."""

    key: str
    name: str
    owner: str
    group: Group
    series: int
    asked: int
    days_before: int
    days_after: int
    before: float | None
    after: float | None
    earlier: float | None
    left_out: Said | None = None


class Week(msgspec.Struct, frozen=True):
    """Of seven days from `start` on: the mean of the units of each group."""

    start: date
    cohort: float | None
    comparison: float | None


class Gathered(msgspec.Struct, frozen=True):
    """What was read. `kept`: from figures kept by day, in which what is untrusted is not told apart. `refused`: how
    many of `observations` were not trusted. `unseen`: units, or series of theirs, that were not the asker's to read."""

    way: Way
    unit: str
    before: Period
    after: Period
    units: list[UnitFigures]
    weeks: list[Week]
    observations: int
    refused: int
    kept: bool
    over: bool
    unseen: int = 0


class GroupFigures(msgspec.Struct, frozen=True):
    """Means of the units that counted, of `units`; `days`: seen, of `days_asked`, of all these units and both
    periods."""

    units: int
    counted: int
    before: float | None
    after: float | None
    change: float | None
    days: int
    days_asked: int


class MeasuredEffect(msgspec.Struct, frozen=True):
    """`effect`, `low`, `high`: a unit and a day, of `unit`; `share` of what would have been without, in percent, and
    its bounds. `chance`: how often the units, parted at random, differ as much. `earlier`: the same difference within
    the period before, when nothing had been tried."""

    verdict: Verdict
    way: Way
    unit: str
    before: Period
    after: Period
    level: float
    effect: float | None
    low: float | None
    high: float | None
    share: float | None
    share_low: float | None
    share_high: float | None
    chance: float | None
    earlier: Difference | None
    cohort: GroupFigures
    comparison: GroupFigures
    observations: int
    refused: int
    refusals: list[Said]
    warnings: list[Said]
    rows: list[UnitFigures]
    weeks: list[Week]


def told(gathered: Gathered) -> MeasuredEffect:
    """The same figures give the same effect."""
    groups = {name: [one for one in gathered.units if one.group == name] for name in ("cohort", "comparison")}
    counted = {name: [one for one in units if one.left_out is None] for name, units in groups.items()}
    summed = {name: _group(units, counted[name], gathered) for name, units in groups.items()}
    refusals = [_few(name, len(units)) for name, units in counted.items() if len(units) < LEAST_UNITS]
    found = earlier = None
    if not refusals:
        found = difference(_changes(counted["cohort"]), _changes(counted["comparison"]))
        earlier = _earlier(counted["cohort"], counted["comparison"])
    expected = _expected(summed["cohort"], summed["comparison"])
    bounds = (None, None, None) if found is None else (found.effect, found.low, found.high)
    shares = [None if one is None or not expected else 100 * one / abs(expected) for one in bounds]
    return MeasuredEffect(
        verdict=_verdict(found),
        way=gathered.way,
        unit=gathered.unit,
        before=gathered.before,
        after=gathered.after,
        level=LEVEL,
        effect=bounds[0],
        low=bounds[1],
        high=bounds[2],
        share=shares[0],
        share_low=shares[1],
        share_high=shares[2],
        chance=None if found is None else found.chance,
        earlier=earlier,
        cohort=summed["cohort"],
        comparison=summed["comparison"],
        observations=gathered.observations,
        refused=gathered.refused,
        refusals=refusals,
        warnings=_warnings(gathered, found, earlier),
        rows=gathered.units,
        weeks=gathered.weeks,
    )


def same_season(before: Period, after: Period) -> bool:
    """Whether the shorter one's days of the year are nearly all in the other too."""
    short, long = sorted((before, after), key=lambda one: one.days)
    there = {_of_year(long, one) for one in range(long.days)}
    alike = sum(1 for one in range(short.days) if _of_year(short, one) in there)
    return alike >= ALIKE * short.days


def _of_year(period: Period, place: int) -> tuple[int, int]:
    day = period.first + timedelta(days=place)
    return day.month, day.day


def _verdict(found: Difference | None) -> Verdict:
    if found is None:
        return "refused"
    if found.low <= 0 <= found.high or found.chance > 1 - LEVEL:
        return "unclear"
    return "less" if found.effect < 0 else "more"


def _changes(units: Sequence[UnitFigures]) -> Floats:
    return np.array([(one.after or 0.0) - (one.before or 0.0) for one in units])


def _earlier(cohort: Sequence[UnitFigures], comparison: Sequence[UnitFigures]) -> Difference | None:
    sides = [np.array([one.earlier for one in side if one.earlier is not None]) for side in (cohort, comparison)]
    return difference(sides[0], sides[1]) if min(map(len, sides)) >= LEAST_UNITS else None


def _group(units: Sequence[UnitFigures], counted: Sequence[UnitFigures], gathered: Gathered) -> GroupFigures:
    def mean(name: str) -> float | None:
        return float(np.mean([getattr(one, name) for one in counted])) if counted else None

    before, after = mean("before"), mean("after")
    return GroupFigures(
        units=len(units),
        counted=len(counted),
        before=before,
        after=after,
        change=None if before is None or after is None else after - before,
        days=sum(one.days_before + one.days_after for one in counted),
        days_asked=len(counted) * (gathered.before.days + gathered.after.days),
    )


def _expected(cohort: GroupFigures, comparison: GroupFigures) -> float | None:
    """What the cohort would have come to, had it moved as the comparison group did."""
    if cohort.before is None or comparison.change is None:
        return None
    return cohort.before + comparison.change


def _few(name: str, count: int) -> Said:
    french, english = {"cohort": ("d'essai", "trial"), "comparison": ("témoin", "comparison")}[name]
    return Said(
        f"Le groupe {french} n'a que {count} unité(s) assez mesurée(s) ; il en faut {LEAST_UNITS} pour que le hasard "
        "seul ne suffise pas à les départager.",
        f"The {english} group has only {count} unit(s) measured well enough; {LEAST_UNITS} are needed for chance alone "
        "not to part them.",
    )


def _warnings(gathered: Gathered, found: Difference | None, earlier: Difference | None) -> list[Said]:
    said: list[Text] = []
    if not gathered.over:
        said.append(
            Text(
                "La période d'après n'est pas finie : qui regarde souvent finit par voir un effet qui n'existe pas.",
                "The period after is not over: who looks often ends up seeing an effect that is none.",
            )
        )
    if not same_season(gathered.before, gathered.after):
        said.append(
            Text(
                "Avant et après ne sont pas de la même saison : l'effet n'est juste que si les deux groupes suivent "
                "les saisons de la même façon.",
                "Before and after are not of the same season: the effect is right only if both groups follow the "
                "seasons alike.",
            )
        )
    if earlier is not None and not earlier.low <= 0 <= earlier.high:
        said.append(
            Text(
                "Les deux groupes s'écartaient déjà avant l'essai : l'effet peut venir de là.",
                "The two groups were already parting before the trial: the effect may come from that.",
            )
        )
    if found is not None and (found.low <= 0 <= found.high) != (found.chance > 1 - LEVEL):
        said.append(
            Text(
                "L'intervalle et les permutations ne s'accordent pas : rien n'est conclu.",
                "The interval and the permutations disagree: nothing is concluded.",
            )
        )
    if gathered.kept:
        said.append(
            Text(
                "Lu des chiffres gardés par jour, tant les mesures sont nombreuses : celles de mauvaise qualité "
                "n'ont pas pu être écartées.",
                "Read from figures kept by day, so many are the measurements: those of bad quality could not be left "
                "out.",
            )
        )
    if gathered.unseen:
        said.append(
            Text(
                f"{gathered.unseen} unité(s) sans série que vous puissiez lire : laissée(s) de côté.",
                f"{gathered.unseen} unit(s) without a series that you may read: left out.",
            )
        )
    return [Said(*one) for one in said]
